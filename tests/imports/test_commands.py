"""Lists brought in and taken back at the server itself: exit codes and answers of the contract."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result
from flask import Flask

from app.imports import jobs
from app.imports.by_command import COMMAND
from tests.imports.bringing import CANARY, dry_run, make_list, record, records, row, sealed_cells, state

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """``flask <command>``."""
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=[str(word) for word in words])


def test_it_works(run: Run, tmp_path: Path) -> None:
    done = run("cooperatives", "import", make_list(tmp_path, row("Koperasi Satu"), row("")))
    assert done.exit_code == 0
    assert done.stdout == "Impor 1: baru 1, berubah 0, sama 0, bertentangan 0, salah isi 1.\n"
    assert [r.name for r in records()] == ["Koperasi Satu"]


def test_json_has_exactly_what_the_contract_names(run: Run, tmp_path: Path) -> None:
    done = run("cooperatives", "import", make_list(tmp_path, row("Koperasi Satu"), row("")), "--json")
    answer = {"batch": 1, "new": 1, "changed": 0, "unchanged": 0, "conflict": 0, "faulty": 1}
    assert json.loads(done.stdout) == answer
    assert list(json.loads(done.stdout)) == list(answer)


def test_a_dry_run_changes_nothing(run: Run, tmp_path: Path) -> None:
    before = state()
    done = run("cooperatives", "import", make_list(tmp_path, row("Koperasi Satu")), "--dry-run", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["new"] == 1
    assert state() == before


def test_the_same_file_again_is_all_unchanged_and_exit_1(
    run: Run, tmp_path: Path, at: Callable[[str], None]
) -> None:
    path = make_list(
        tmp_path, row("Koperasi Satu", status="Aktif", phone=CANARY), row("Koperasi Dua", men=4, women=5)
    )
    assert run("cooperatives", "import", path).exit_code == 0
    before = state()
    for day in ("2026-11-23T10:00+07:00", "2027-02-01T10:00+07:00"):
        at(day)
        again = run("cooperatives", "import", path, "--json")
        assert again.exit_code == 1
        assert json.loads(again.stdout) | {"batch": 0} == {
            "batch": 0, "new": 0, "changed": 0, "unchanged": 2, "conflict": 0, "faulty": 0,
        }  # fmt: skip
        assert again.stderr == "Tidak ada baris yang masuk.\n"
    assert state() == before


def test_nothing_imported_is_exit_1_with_a_sentence(run: Run, tmp_path: Path) -> None:
    done = run("cooperatives", "import", make_list(tmp_path, row("")))
    assert done.exit_code == 1
    assert "Tidak ada baris yang masuk." in done.stderr


def test_a_refused_file_is_exit_2_with_a_sentence(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "foto.xlsx"
    path.write_bytes(b"\xff\xd8\xff" + bytes(50))
    done = run("cooperatives", "import", path, "--json")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Ini gambar" in done.stderr


def test_a_file_that_is_not_there_is_exit_2(run: Run, tmp_path: Path) -> None:
    assert run("cooperatives", "import", tmp_path / "tidak-ada.xlsx").exit_code == 2


def test_the_report_is_written(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "laporan.xlsx"
    path = make_list(tmp_path, row("Koperasi Satu", phone=CANARY), row(""))
    assert run("cooperatives", "import", path, "--report", target).exit_code == 0
    lines = [
        [cell.value for cell in line] for line in openpyxl.load_workbook(target).worksheets[0].iter_rows()
    ]
    assert [line[-4] for line in lines] == ["Hasil impor", "Baru", "Salah isi"]
    assert CANARY in lines[1]


def test_the_day_of_the_list(run: Run, tmp_path: Path) -> None:
    path = make_list(tmp_path, row("Koperasi Satu", status="Aktif"))
    assert run("cooperatives", "import", path, "--as-of", "31-12-2023").exit_code == 0
    assert str(record("Koperasi Satu").ministry_status_on) == "2023-12-31"
    assert run("cooperatives", "import", path, "--as-of", "kapan-kapan").exit_code == 2


def test_undo_gives_the_state_before_and_names_what_stays(run: Run, tmp_path: Path) -> None:
    from tests.imports.test_undo import change

    before = state()
    run("cooperatives", "import", make_list(tmp_path, row("Koperasi Satu"), row("Koperasi Dua")))
    change(record("Koperasi Dua").code, address="Jl. Baru")
    done = run("imports", "undo", 1)
    assert done.exit_code == 0
    assert done.stdout.endswith("Impor 1 dibatalkan; 1 baris tetap.\n")
    assert "sudah diubah sejak impor (Alamat)" in done.stdout
    assert [r.name for r in records()] == ["Koperasi Dua"]
    assert state() != before


@pytest.mark.parametrize("number", [7, 1])
def test_undo_of_nothing_says_so(run: Run, tmp_path: Path, number: int) -> None:
    dry_run(make_list(tmp_path, row("Koperasi Satu")))
    done = run("imports", "undo", number)
    assert done.exit_code == 1
    assert "impor ini" in done.stderr.lower()


def test_resume_takes_up_what_broke_off(
    run: Run, tmp_path: Path, at: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = dry_run(make_list(tmp_path, row("Koperasi Satu")))
    jobs.begin_commit(batch.id, COMMAND)
    assert run("imports", "resume").stdout == "Dilanjutkan: -\n"
    at("2026-11-23T09:05+07:00")
    assert run("imports", "resume").stdout == "Dilanjutkan: 1\n"
    assert len(records()) == 1


def test_forget_takes_the_cells_of_old_lists(run: Run, tmp_path: Path, at: Callable[[str], None]) -> None:
    run("cooperatives", "import", make_list(tmp_path, row("Koperasi Satu")))
    at("2026-12-24T09:00+07:00")
    assert run("imports", "forget").stdout == "Isi dihapus: 1\n"
    assert sealed_cells() == 0
    done = run("imports", "undo", 1)
    assert done.exit_code == 1
    assert "30 hari" in done.stderr


def test_history_names_the_command(run: Run, tmp_path: Path) -> None:
    from sqlalchemy import select

    from app.core.audit import History
    from app.core.db import db

    run("cooperatives", "import", make_list(tmp_path, row("Koperasi Satu")))
    assert set(db.session.scalars(select(History.actor_name))) == {COMMAND.name}
