"""Rows become records in small write blocks, while others write; what broke off goes on, and nothing comes in twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.cooperatives.importing.kind import CooperativeKind
from app.cooperatives.models import RatMeeting
from app.cooperatives.rules import MinistryStatus
from app.cooperatives.services.records import change_record
from app.core.audit import History
from app.core.db import db
from app.core.errors import RuleBroken
from app.core.transaction import atomically
from app.imports import jobs
from app.imports.kinds import KINDS
from app.imports.queries.rows import rows_to_apply
from app.imports.rules import BatchStatus, Outcome
from app.registry.rules import RecordStatus, Source
from tests.factories.cooperatives import make_cooperative
from tests.factories.regions import desa_code
from tests.imports.bringing import (
    OFFICE,
    bring_in,
    commit,
    counts,
    dry_run,
    look,
    make_list,
    only_row,
    phone_of,
    record,
    records,
    row,
    rows_of,
    said,
    state,
)

NUMBER = "518/12/BH/KWK.10/2004"
At = Callable[[str], None]


def many(folder: Path, count: int = 40) -> Path:
    """A list of ``count`` cooperatives, each with a number of its own."""
    return make_list(
        folder, *(row(f"Koperasi Uji {n:03}", number=f"518/{n + 1}/BH/2004") for n in range(count))
    )


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten rows per write block."""
    monkeypatch.setattr(jobs, "Pace", partial(jobs.Pace, first=10, most=10))


class PowerCut(BaseException):
    """The process ends here, without a word."""


def cut_after(monkeypatch: pytest.MonkeyPatch, method: str, calls: int) -> None:
    """Let the kind's ``method`` work ``calls`` times, then end the process."""
    real, done = getattr(CooperativeKind, method), []

    def failing(*args: Any, **kwargs: Any) -> Any:
        done.append(1)
        if len(done) > calls:
            raise PowerCut
        return real(*args, **kwargs)

    monkeypatch.setattr(CooperativeKind, method, failing)


def test_new_rows_become_public_records_with_source_and_date(app: Flask, tmp_path: Path) -> None:
    cells: dict[str, Any] = {
        "number": NUMBER,
        "phone": "0812-3456-7890",
        "men": 10,
        "women": 5,
        "status": "Aktif",
    }
    batch = bring_in(make_list(tmp_path, row("Koperasi Satu", **cells)), as_of=date(2025, 12, 31))
    assert batch.status is BatchStatus.DONE
    assert batch.sentence == ""
    found = record("Koperasi Satu")
    assert (found.status, found.source, found.source_on) == (
        RecordStatus.PUBLIC,
        Source.IMPORT,
        date(2025, 12, 31),
    )
    assert found.source_note == f"Impor {batch.id}: daftar.csv"
    assert (found.members_total, found.legal_entity_checked, phone_of(found)) == (15, True, "6281234567890")
    assert (found.ministry_status, found.ministry_status_on) == (MinistryStatus.ACTIVE, date(2025, 12, 31))
    assert only_row(batch).record_code == found.code
    assert state()["counts"] == [("32.01.21", desa_code("Nanggung", "Nanggung"), 1)]
    assert "koperasi" not in [word for word, _ in state()["words"]]


def test_every_record_has_its_line_of_history_with_personal_values_covered(
    app: Flask, tmp_path: Path
) -> None:
    bring_in(make_list(tmp_path, row("Koperasi Satu", phone="0812-3456-7890")))
    line = db.session.scalars(select(History).where(History.subject == record("Koperasi Satu").code)).one()
    assert (line.deed, line.actor_name) == ("cooperative.imported", OFFICE.name)
    assert line.after is not None
    assert line.after["phone"] == "0812-****-890"


def test_changed_rows_change_what_they_say_and_nothing_else(app: Flask, tmp_path: Path) -> None:
    code = make_cooperative(
        "Koperasi Satu", legal_entity_number=NUMBER, address="Jl. Lama", members_male=7, rat_years=(2024,)
    )
    heads = ["Nama Koperasi", "No Badan Hukum", "Kecamatan", "Alamat", "RAT 2025"]
    batch = bring_in(make_list(tmp_path, ["Koperasi Satu", NUMBER, "Nanggung", "Jl. Baru", "v"], heads=heads))
    found = record("Koperasi Satu")
    assert (found.code, found.address, found.members_male, found.version) == (code, "Jl. Baru", 7, 2)
    years = db.session.execute(
        select(RatMeeting.book_year, RatMeeting.source).order_by(RatMeeting.book_year)
    ).all()
    assert [tuple(year) for year in years] == [(2024, Source.IMPORT), (2025, Source.IMPORT)]
    assert only_row(batch).applied


def test_only_new_and_changed_rows_come_in(app: Flask, tmp_path: Path) -> None:
    rows = [
        row("Koperasi Satu"),
        row("Koperasi Satu"),
        row("Koperasi Satu", men=5),
        row(""),
        row("Koperasi Dua"),
    ]
    batch = bring_in(make_list(tmp_path, *rows))
    assert counts(batch) == {"new": 2, "unchanged": 1, "conflict": 1, "faulty": 1}
    assert [r.name for r in records()] == ["Koperasi Satu", "Koperasi Dua"]
    assert [r.applied for r in rows_of(batch)] == [True, False, False, False, True]


def test_the_same_list_again_changes_nothing_and_is_no_success(app: Flask, tmp_path: Path) -> None:
    path = make_list(tmp_path, *(row(f"Koperasi {n}", men=n, phone=f"0812-3456-78{n:02}") for n in range(30)))
    bring_in(path)
    before = state()
    again = bring_in(path)
    assert counts(again) == {"unchanged": 30}
    assert again.sentence == "Tidak ada baris yang masuk."
    assert state() == before


def test_zero_rows_are_never_called_a_success(app: Flask, tmp_path: Path) -> None:
    batch = bring_in(make_list(tmp_path, row("", place="", desa="")))
    assert batch.status is BatchStatus.DONE
    assert batch.sentence == "Tidak ada baris yang masuk."


@pytest.mark.usefixtures("small_blocks")
def test_others_write_between_the_blocks(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second connection, which waits for nobody, writes while the list comes in."""
    batch = dry_run(many(tmp_path))
    seen: list[int] = []
    real = CooperativeKind.prepare

    def someone_writes(self: CooperativeKind, *args: Any) -> Any:
        with db.engine.connect().execution_options(write=True) as other:
            if db.engine.dialect.name == "sqlite":
                other.execute(text("PRAGMA busy_timeout=0"))
            other.execute(text("UPDATE kecamatan SET name = name WHERE code = '32.01.01'"))
            other.commit()
            seen.append(other.execute(text("SELECT count(*) FROM cooperative")).scalar_one())
            other.execute(text("PRAGMA busy_timeout=5000")) if db.engine.dialect.name == "sqlite" else None
        return real(self, *args)

    monkeypatch.setattr(CooperativeKind, "prepare", someone_writes)
    assert counts(commit(batch)) == {"new": 40}
    assert seen == [0, 10, 20, 30]


@pytest.mark.usefixtures("small_blocks")
def test_the_progress_is_shown(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = dry_run(many(tmp_path))
    jobs.begin_commit(batch.id, OFFICE)
    cut_after(monkeypatch, "apply", 3)
    with pytest.raises(PowerCut):
        jobs.commit(batch.id, OFFICE)
    running = look(batch.id)
    assert (running.status, running.rows_done, running.rows_total, running.percent) == (
        BatchStatus.COMMITTING,
        30,
        40,
        75,
    )


@pytest.mark.usefixtures("small_blocks")
def test_work_that_broke_off_goes_on_without_a_duplicate(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: At
) -> None:
    batch = dry_run(many(tmp_path))
    jobs.begin_commit(batch.id, OFFICE)
    with monkeypatch.context() as patch:
        cut_after(patch, "apply", 2)
        with pytest.raises(PowerCut):
            jobs.commit(batch.id, OFFICE)
    assert len(records()) == 20
    assert jobs.resume_stalled() == []  # it may still be alive
    at("2026-11-23T09:05+07:00")
    assert look(batch.id).stalled
    assert jobs.resume_stalled() == [batch.id]
    assert counts(look(batch.id)) == {"new": 40}
    assert look(batch.id).status is BatchStatus.DONE
    assert len({r.name for r in records()}) == len(records()) == 40
    assert jobs.resume_stalled() == []


def test_resumed_work_is_done_in_the_name_of_who_began_it(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: At, cast: Any
) -> None:
    from app.core.access import Actor

    officer = Actor(account_id=cast["dinas_officer"].account_id, name="Dinas Officer", everywhere=True)
    batch = dry_run(many(tmp_path, 3), actor=officer)
    jobs.begin_commit(batch.id, officer)
    at("2026-11-23T09:05+07:00")
    jobs.resume_stalled()
    lines = db.session.scalars(select(History).where(History.deed == "cooperative.imported")).all()
    assert {(line.actor_id, line.actor_name) for line in lines} == {(officer.account_id, "Dinas Officer")}


def test_a_half_read_file_is_refused_for_the_file_is_never_kept(app: Flask, tmp_path: Path, at: At) -> None:
    from app.imports import staging

    with many(tmp_path).open("rb") as stream:
        batch_id, found = staging.take_file(
            stream, file_name="a.csv", kind="cooperatives", as_of=None, actor=OFFICE
        )
    found.close()
    at("2026-11-23T09:05+07:00")
    assert jobs.resume_stalled() == [batch_id]
    assert look(batch_id).status is BatchStatus.REFUSED
    assert "Unggah lagi" in look(batch_id).sentence


def test_judging_again_with_other_columns_goes_on_too(app: Flask, tmp_path: Path, at: At) -> None:
    from app.imports.services import batches

    batch = dry_run(many(tmp_path, 5))
    atomically(lambda s: batches.correct_mapping(s, batch.id, batch.mapping, actor=OFFICE))
    at("2026-11-23T09:05+07:00")
    assert jobs.resume_stalled() == [batch.id]
    assert look(batch.id).status is BatchStatus.READY
    assert counts(look(batch.id)) == {"new": 5}


def test_two_processes_at_one_batch_bring_nothing_in_twice(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one read the same rows before the first wrote them."""
    batch = dry_run(many(tmp_path, 10))
    jobs.begin_commit(batch.id, OFFICE)
    stale = rows_to_apply(batch.id, limit=10)
    jobs.commit(batch.id, OFFICE)
    kind = KINDS["cooperatives"]
    prepared = kind.prepare(stale, batch.facts)
    atomically(partial(jobs._apply_block, look(batch.id), kind, stale, prepared, OFFICE))
    assert len(records()) == 10


def test_a_batch_is_brought_in_once(app: Flask, tmp_path: Path) -> None:
    batch = bring_in(many(tmp_path, 3))
    jobs.begin_commit(batch.id, OFFICE)  # nothing is left, but rows decided later might be
    with pytest.raises(RuleBroken):
        jobs.begin_commit(batch.id, OFFICE)


# --- what happened between the dry run and the commit --------------------------------------------------------------


def test_the_same_list_tried_twice_and_brought_in_twice_comes_in_once(app: Flask, tmp_path: Path) -> None:
    path = make_list(tmp_path, row("Koperasi Satu"), row("Koperasi Dua", number=NUMBER))
    first, second = dry_run(path), dry_run(path)
    commit(first)
    after = commit(second)
    assert counts(after) == {"conflict": 2}
    assert "Sejak diperiksa sudah ada" in said(after, 2)
    assert after.sentence == "Tidak ada baris yang masuk."
    assert len(records()) == 2


def test_a_number_taken_meanwhile_is_a_conflict_of_that_row_alone(app: Flask, tmp_path: Path) -> None:
    batch = dry_run(many(tmp_path, 5))
    make_cooperative("Koperasi Lain Sekali", legal_entity_number="518/3/BH/2004")
    after = commit(batch)
    assert counts(after) == {"new": 4, "conflict": 1}
    assert "sudah dipakai koperasi lain" in said(after, 4, "legal_entity_number")


def test_what_somebody_changed_since_the_dry_run_is_not_overwritten(app: Flask, tmp_path: Path) -> None:
    code = make_cooperative("Koperasi Satu", legal_entity_number=NUMBER, address="Jl. Lama")
    batch = dry_run(make_list(tmp_path, row("Koperasi Satu", number=NUMBER, address="Jl. Dari Daftar")))
    atomically(
        lambda s: change_record(
            s, code=code, changes={"address": "Jl. Dari Petugas"}, actor=OFFICE, deed="test"
        )
    )
    after = commit(batch)
    assert only_row(after).outcome is Outcome.CONFLICT
    assert "Sejak diperiksa sudah diubah orang: Alamat" in said(after, 2)
    assert record("Koperasi Satu").address == "Jl. Dari Petugas"


def test_a_record_that_is_gone_since_is_a_conflict(app: Flask, tmp_path: Path) -> None:
    from app.cooperatives.services.records import delete_record

    code = make_cooperative("Koperasi Satu", legal_entity_number=NUMBER)
    batch = dry_run(make_list(tmp_path, row("Koperasi Satu", number=NUMBER, men=5)))
    atomically(lambda s: delete_record(s, code=code, actor=OFFICE, deed="test"))
    after = commit(batch)
    assert counts(after) == {"conflict": 1}
    assert "tidak ada" in said(after, 2)


def test_a_block_learns_from_the_time_it_took(app: Flask) -> None:
    pace = jobs.Pace(first=100, least=5, most=250)

    def slow(_session: object) -> list[Any]:
        time.sleep(0.3)
        return []

    pace.block(slow, 100)
    assert pace.rows == 50
    pace.block(lambda _session: [], 50)
    assert pace.rows == 100
