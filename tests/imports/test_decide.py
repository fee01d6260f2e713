"""An officer's word about a row in conflict, before or after the others came in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.access import Actor
from app.core.audit import History
from app.core.db import db
from app.core.errors import RuleBroken
from app.imports import jobs
from app.imports.deciding import decide_row
from app.imports.queries.batches import BatchView
from app.imports.rules import Decision, Outcome
from tests.cast import Cast
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
    record,
    records,
    row,
    rows_of,
    said,
    state,
    undo,
)

HERE: dict[str, Any] = {"desa_code": desa_code("Nanggung", "Nanggung")}


@pytest.fixture
def officer(cast: Cast) -> Actor:
    """Somebody with an account."""
    return replace(OFFICE, account_id=cast["dinas_officer"].account_id, name="Dinas Officer")


def decide(
    batch: BatchView, number: int, word: Decision | None, officer: Actor, *, code: str = ""
) -> BatchView:
    """The word about the row with this number."""
    found = next(r for r in rows_of(batch) if r.ref.number == number)
    decide_row(look(batch.id), found.id, word, code=code, actor=officer)
    return look(batch.id)


def test_the_same_becomes_a_change_of_that_record(app: Flask, tmp_path: Path, officer: Actor) -> None:
    code = make_cooperative("KSP Sumber Rejeki Abadi", **HERE)
    batch = dry_run(make_list(tmp_path, row("KSP Sumber Rezeki Abadii", men=5)))
    assert counts(batch) == {"conflict": 1}
    batch = decide(batch, 2, Decision.SAME, officer)
    (found,) = rows_of(batch)
    assert (found.outcome, found.record_code, found.decided_by) == (Outcome.CHANGED, code, "Dinas Officer")
    assert set(found.changes) == {"name", "members_male"}
    commit(batch)
    assert [(r.code, r.name, r.members_male) for r in records()] == [(code, "KSP Sumber Rezeki Abadii", 5)]


def test_another_becomes_a_record_of_its_own(app: Flask, tmp_path: Path, officer: Actor) -> None:
    make_cooperative("KSP Sumber Rejeki Abadi", **HERE)
    batch = decide(dry_run(make_list(tmp_path, row("KSP Sumber Rezeki Abadii"))), 2, Decision.OTHER, officer)
    assert counts(batch) == {"new": 1}
    assert counts(commit(batch)) == {"new": 1}
    assert len(records()) == 2


def test_another_of_the_very_same_name_too(app: Flask, tmp_path: Path, officer: Actor) -> None:
    """The guard against what came in meanwhile does not contradict the officer."""
    make_cooperative("Koperasi Karyawan Maju Jaya", **HERE)
    path = make_list(tmp_path, row("KSP Maju Jaya"))
    batch = decide(dry_run(path), 2, Decision.OTHER, officer)
    make_cooperative("KSP Maju Jaya", **HERE)
    assert counts(commit(batch)) == {"new": 1}


def test_left_out_stays_out(app: Flask, tmp_path: Path, officer: Actor) -> None:
    make_cooperative("KSP Sumber Rejeki Abadi", **HERE)
    batch = decide(dry_run(make_list(tmp_path, row("KSP Sumber Rezeki Abadii"))), 2, Decision.SKIP, officer)
    assert counts(batch) == {"skipped": 1}
    assert counts(commit(batch)) == {"skipped": 1}
    assert len(records()) == 1


def test_a_word_after_the_others_came_in(app: Flask, tmp_path: Path, officer: Actor) -> None:
    make_cooperative("KSP Sumber Rejeki Abadi", **HERE)
    batch = bring_in(make_list(tmp_path, row("KSP Sumber Rezeki Abadii"), row("Koperasi Satu")))
    assert counts(batch) == {"new": 1, "conflict": 1}
    batch = commit(decide(batch, 2, Decision.OTHER, officer))
    assert counts(batch) == {"new": 2}
    assert len(records()) == 3
    assert all(r.applied for r in rows_of(batch))


def test_the_same_as_an_earlier_row_follows_it(app: Flask, tmp_path: Path, officer: Actor) -> None:
    batch = dry_run(
        make_list(tmp_path, row("Koperasi Satu", men=5), row("Koperasi Satu", men=6, address="Jl. Raya 5"))
    )
    batch = decide(batch, 3, Decision.SAME, officer)
    assert rows_of(batch)[1].waits_for_twin
    batch = commit(batch)
    assert counts(batch) == {"new": 1, "changed": 1}
    (found,) = records()
    assert (found.members_male, found.address) == (6, "Jl. Raya 5")
    assert state()["records"]
    undo(batch)
    assert records() == []


def test_the_same_as_an_earlier_row_that_did_not_come_in_is_a_conflict_again(
    app: Flask, tmp_path: Path, officer: Actor
) -> None:
    path = make_list(
        tmp_path,
        row("Koperasi Satu", number="518/1/BH/2004"),
        row("Koperasi Satu", number="518/1/BH/2004", men=6),
    )
    batch = decide(dry_run(path), 3, Decision.SAME, officer)
    make_cooperative("Koperasi Lain Sama Sekali", legal_entity_number="518/1/BH/2004")
    batch = commit(batch)
    assert counts(batch) == {"conflict": 2}
    assert said(batch, 3) == "Baris 2 tidak masuk."


def test_the_same_as_another_record_than_the_likely_one(app: Flask, tmp_path: Path, officer: Actor) -> None:
    make_cooperative("KSP Sumber Rejeki Abadi", **HERE)
    meant = make_cooperative("Koperasi Lama", **HERE)
    batch = dry_run(make_list(tmp_path, row("KSP Sumber Rezeki Abadii")))
    commit(decide(batch, 2, Decision.SAME, officer, code=meant.lower().replace("-", " ")))
    assert record("KSP Sumber Rezeki Abadii").code == meant


@pytest.mark.parametrize("code", ["K-9999999", "apa saja"])
def test_a_code_that_is_none_is_said(app: Flask, tmp_path: Path, officer: Actor, code: str) -> None:
    make_cooperative("Koperasi A", legal_entity_number="518/1/BH/2004", **HERE)
    make_cooperative("Koperasi B", nik_koperasi="3201070060001", **HERE)
    batch = dry_run(
        make_list(
            tmp_path,
            row("Koperasi A", number="518/1/BH/2004"),
            row("Koperasi A", number="518/1/BH/2004", men=4),
        )
    )
    with pytest.raises(RuleBroken) as broken:
        decide(batch, 3, Decision.SAME, officer, code=code)
    assert broken.value.field == "code"


def test_a_word_can_be_taken_back_until_it_is_carried_out(app: Flask, tmp_path: Path, officer: Actor) -> None:
    code = make_cooperative("KSP Sumber Rejeki Abadi", **HERE)
    batch = decide(dry_run(make_list(tmp_path, row("KSP Sumber Rezeki Abadii"))), 2, Decision.OTHER, officer)
    batch = decide(batch, 2, None, officer)
    (found,) = rows_of(batch)
    assert (found.outcome, found.decision, found.record_code) == (Outcome.CONFLICT, None, code)
    batch = commit(decide(batch, 2, Decision.OTHER, officer))
    with pytest.raises(RuleBroken):
        decide(batch, 2, None, officer)


def test_only_rows_in_conflict_are_decided(app: Flask, tmp_path: Path, officer: Actor) -> None:
    batch = dry_run(make_list(tmp_path, row("Koperasi Satu")))
    with pytest.raises(RuleBroken):
        decide(batch, 2, Decision.SKIP, officer)


def test_nothing_is_decided_while_the_batch_is_worked_on(app: Flask, tmp_path: Path, officer: Actor) -> None:
    make_cooperative("KSP Sumber Rejeki Abadi", **HERE)
    batch = dry_run(make_list(tmp_path, row("KSP Sumber Rezeki Abadii"), row("Koperasi Satu")))
    jobs.begin_commit(batch.id, OFFICE)
    with pytest.raises(RuleBroken):
        decide(batch, 2, Decision.SKIP, officer)


def test_a_row_of_another_batch_is_not_there(app: Flask, tmp_path: Path, officer: Actor) -> None:
    batch = dry_run(make_list(tmp_path, row("Koperasi Satu")))
    other = dry_run(make_list(tmp_path, row("Koperasi Dua")))
    with pytest.raises(LookupError):
        decide_row(other, rows_of(batch)[0].id, Decision.SKIP, actor=officer)


def test_every_word_has_its_line_of_history(app: Flask, tmp_path: Path, officer: Actor) -> None:
    code = make_cooperative("KSP Sumber Rejeki Abadi", **HERE)
    batch = decide(dry_run(make_list(tmp_path, row("KSP Sumber Rezeki Abadii"))), 2, Decision.SAME, officer)
    line = db.session.scalars(select(History).where(History.deed == "import.row_decided")).one()
    assert line.subject == f"impor:{batch.id}"
    assert line.actor_id == officer.account_id
    assert line.after == {"row": "Baris 2", "decision": "same", "same_as": code}
