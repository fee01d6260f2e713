"""The officers' door: upload, progress, counts, reasons, columns, words, commit, undo; for whom, and for whom not."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.core.audit import History
from app.core.background import background
from app.core.db import db
from app.imports import jobs, staging
from app.imports.queries.batches import list_batches
from app.imports.reading.workbook import open_rows
from app.imports.rules import BatchStatus
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import make_cooperative
from tests.factories.regions import desa_code
from tests.imports.bombs import BOMBS, Bomb
from tests.imports.bringing import (
    CANARY,
    OFFICE,
    bring_in,
    counts,
    dry_run,
    look,
    make_list,
    record,
    records,
    row,
    rows_of,
    still_signed_in,
)
from tests.imports.files import make_xlsx
from tests.page_rules import words_of

SignIn = Callable[[str], CheckedClient]
HERE: dict[str, Any] = {"desa_code": desa_code("Nanggung", "Nanggung")}


@pytest.fixture
def officer(sign_in: SignIn) -> CheckedClient:
    """An officer of the Dinas, who sees the whole kabupaten."""
    return sign_in("dinas_officer")


@pytest.fixture(autouse=True)
def _quiet(app: Flask) -> Iterator[None]:
    """No work of this test goes on in the next one."""
    yield
    background().wait()


def send(browser: CheckedClient, path: Path, **fields: str) -> TestResponse:
    """Upload the file."""
    data = {"kind": "cooperatives", "file": (io.BytesIO(path.read_bytes()), path.name), **fields}
    answer = browser.post("/petugas/impor", data=data)
    answer.request.environ[
        "wsgi.input"
    ].close()  # the test client keeps large bodies in a file that nobody closes
    return answer


def upload(browser: CheckedClient, path: Path, **fields: str) -> str:
    """Upload the file and wait until it is read; the batch's address."""
    answer = send(browser, path, **fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    background().wait()
    return answer.location


def text_of(browser: CheckedClient, address: str) -> str:
    """What a person reads on the page."""
    return words_of(browser.page(address).all("main")[0])


def table_of(browser: CheckedClient, address: str) -> list[list[str]]:
    """The cells of all tables of the page, row by row."""
    lines = browser.page(address).all("tr")
    return [[words_of(cell) for cell in line if cell.tag in {"td", "th"}] for line in lines]


# --- the way through ---------------------------------------------------------------------------------------------------


def test_it_works(officer: CheckedClient, tmp_path: Path) -> None:
    """From the file to the registry and back, in the plain way without scripts."""
    address = upload(officer, make_list(tmp_path, row("Koperasi Satu"), row("Koperasi Dua"), row("")))
    shown = text_of(officer, address)
    assert "2 koperasi baru ditambahkan" in shown
    assert "1 baris salah isi tidak ikut" in shown
    assert records() == []
    assert officer.post(f"{address}/jalankan").location == address
    background().wait()
    assert [r.name for r in records()] == ["Koperasi Satu", "Koperasi Dua"]
    assert "Sudah masuk" in text_of(officer, address)
    assert "2 koperasi yang ditambahkan impor ini dihapus lagi" in text_of(officer, f"{address}/batalkan")
    assert officer.post(f"{address}/batalkan").location == address
    background().wait()
    assert records() == []
    assert "Dibatalkan" in text_of(officer, address)


def test_the_first_page_lists_what_came_in(officer: CheckedClient, tmp_path: Path) -> None:
    assert "Belum ada impor" in text_of(officer, "/petugas/impor")
    upload(officer, make_list(tmp_path, row("Koperasi Satu")), as_of="31-12-2025")
    shown = text_of(officer, "/petugas/impor")
    assert "Impor 1" in shown
    assert "daftar.csv" in shown
    assert "Dinas Officer" in shown
    assert "Data per 31 Des 2025" in text_of(officer, "/petugas/impor/1")


def test_the_counts_are_tiles_that_lead_to_their_rows(officer: CheckedClient, tmp_path: Path) -> None:
    address = upload(officer, make_list(tmp_path, row("Koperasi Satu"), row(""), row("", men=4)))
    page = officer.page(address)
    tiles = {words_of(a): a.get("href") for a in page.all("a") if "hasil=" in (a.get("href") or "")}
    assert tiles["Salah isi"] == f"{address}?hasil=faulty"
    rows = [words_of(tr) for tr in officer.page(f"{address}?hasil=faulty").all("tr")[1:]]
    assert len(rows) == 2
    assert "A3 Nama koperasi: Nama koperasi kosong." in rows[0]


def test_long_lists_go_on_page_by_page(officer: CheckedClient, tmp_path: Path) -> None:
    address = upload(
        officer,
        make_list(tmp_path, *(row(f"Koperasi Uji {n:03}", number=f"518/{n + 1}/BH/2004") for n in range(70))),
    )
    first = officer.page(address)
    assert len(first.all("tr")) == 51
    (more,) = [a.get("href") for a in first.all("a") if "sesudah=" in (a.get("href") or "")]
    assert len(officer.page(str(more)).all("tr")) == 21


def test_changes_are_shown_before_and_after_in_words(officer: CheckedClient, tmp_path: Path) -> None:
    make_cooperative("Koperasi Satu", address="Jl. Lama", phone="6281234567890", **HERE)
    cells = {"address": "Jl. Baru", "phone": CANARY, "status": "Tidak aktif", "remark": "pindah"}
    address = upload(officer, make_list(tmp_path, row("Koperasi Satu", **cells)))
    shown = text_of(officer, f"{address}?hasil=changed")
    assert "Alamat: dari Jl. Lama menjadi Jl. Baru" in shown
    assert "Nomor HP atau telepon: dari 0812-****-890 menjadi 0812-****-432" in shown
    assert "dari - menjadi Tidak aktif" in shown
    assert "Keterangan: dari - menjadi pindah" in shown


def test_phones_are_covered_on_every_page(officer: CheckedClient, tmp_path: Path) -> None:
    make_cooperative("KSP Sumber Rejeki Abadi", phone=f"62{CANARY[1:]}", **HERE)
    rows = [
        row("Koperasi Satu", phone=CANARY, remark=f"hp {CANARY}"),
        row("KSP Sumber Rezeki Abadii", phone=CANARY),
    ]
    address = upload(officer, make_list(tmp_path, *rows))
    pages = [address, f"{address}/kolom", *(f"{address}/baris/{r.id}" for r in rows_of(look(1)))]
    for page in pages:
        html = officer.get(page).get_data(as_text=True)
        assert CANARY not in html
        assert CANARY[1:] not in html
    assert "0812-****-432" in text_of(officer, pages[-1])


def test_one_row_cell_by_cell(officer: CheckedClient, tmp_path: Path) -> None:
    heads = ["Nama Koperasi", "Kecamatan", "NIK Koperasi", "Entah"]
    address = upload(
        officer, make_list(tmp_path, ["Koperasi Satu", "Nanggun", "3.27507E+12", "apa saja"], heads=heads)
    )
    shown = table_of(officer, f"{address}/baris/{rows_of(look(1))[0].id}")
    assert ["B Kecamatan", "Nanggun", "Kecamatan", "Kami baca sebagai Kec. Nanggung."] in shown
    assert ["C NIK Koperasi", "3.27507E+12", "Nomor Induk Koperasi (NIK)"] in [line[:3] for line in shown]
    assert ["D Entah", "apa saja", "tidak dipakai", ""] in shown


def test_the_very_same_file_again_is_said(officer: CheckedClient, tmp_path: Path) -> None:
    path = make_list(tmp_path, row("Koperasi Satu"))
    upload(officer, path)
    assert "sama persis" not in text_of(officer, "/petugas/impor/1")
    officer.post("/petugas/impor/1/jalankan")
    background().wait()
    address = upload(officer, path)
    assert "Berkas yang sama persis sudah pernah dimasukkan Impor 1" in text_of(officer, address)


def test_the_empty_list_to_begin_with_is_understood(officer: CheckedClient, tmp_path: Path) -> None:
    import openpyxl

    answer = officer.get("/petugas/impor/contoh-cooperatives.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    book.worksheets[0].append(["Koperasi Satu", *[None] * 4, "Nanggung"])
    book.save(tmp_path / "daftar.xlsx")
    batch = dry_run(tmp_path / "daftar.xlsx")
    assert counts(batch) == {"new": 1}
    (seen,) = batch.mapping.values()
    assert set(seen["columns"]) == set(seen["headings"])


# --- progress ------------------------------------------------------------------------------------------------------------


def test_progress_by_htmx_and_by_a_plain_link(officer: CheckedClient, tmp_path: Path) -> None:
    batch = dry_run(make_list(tmp_path, row("Koperasi Satu"), row("Koperasi Dua")))
    jobs.begin_commit(batch.id, OFFICE)
    address = f"/petugas/impor/{batch.id}"
    page = officer.page(address)
    (link,) = [a for a in page.all("a") if a.get("hx-get")]
    assert link.get("hx-get") == link.get("href") == address
    assert link.get("hx-target") == "#batch"
    assert "0 dari 2 baris" in words_of(page.all("main")[0])
    fragment = officer.htmx(address, target="batch")
    assert fragment.get_data(as_text=True).lstrip().startswith('<div class="stack" id="batch" tabindex="-1">')
    jobs.commit(batch.id, OFFICE)
    assert "Sudah masuk" in officer.htmx(address, target="batch").get_data(as_text=True)


def test_work_that_died_is_offered_to_be_taken_up(
    officer: CheckedClient, tmp_path: Path, at: Callable[[str], None]
) -> None:
    batch = dry_run(make_list(tmp_path, row("Koperasi Satu")))
    jobs.begin_commit(batch.id, OFFICE)
    address = f"/petugas/impor/{batch.id}"
    assert officer.post(f"{address}/lanjutkan").status_code == 303
    background().wait()
    assert look(batch.id).status is BatchStatus.COMMITTING  # it may still be alive
    at("2026-11-23T09:05+07:00")
    assert "Terputus" in text_of(officer, address)
    assert officer.post(f"{address}/lanjutkan").status_code == 303
    background().wait()
    assert look(batch.id).status is BatchStatus.DONE


def test_a_fault_of_ours_is_said_and_leaves_no_batch_that_reads_for_ever(
    officer: CheckedClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(staging, "read_tables", broken)
    address = upload(officer, make_list(tmp_path, row("Koperasi Satu")))
    shown = text_of(officer, address)
    assert "Ditolak" in shown
    assert "Ada gangguan di tempat kami" in shown


# --- what is refused -----------------------------------------------------------------------------------------------------


def test_without_a_file_the_form_says_so(officer: CheckedClient) -> None:
    answer = officer.post("/petugas/impor", data={"kind": "cooperatives"})
    assert answer.status_code == 422
    assert "Pilih dulu berkasnya." in answer.get_data(as_text=True)


def test_a_day_to_come_is_said_at_its_field(officer: CheckedClient, tmp_path: Path) -> None:
    answer = send(officer, make_list(tmp_path, row("Koperasi Satu")), as_of="1-1-2030")
    assert answer.status_code == 422
    assert 'id="as_of-error"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("bomb", [b for b in BOMBS if "too_many_rows" not in b.codes], ids=lambda b: b.name)
def test_files_made_to_harm_are_refused_at_the_field_at_once(
    officer: CheckedClient, tmp_path: Path, bomb: Bomb
) -> None:
    """Some are only seen while they are read; then the batch itself says why."""
    path = bomb.make(tmp_path)
    began = time.monotonic()
    answer = send(officer, path)
    took = time.monotonic() - began
    if answer.status_code == 303:
        background().wait()
        assert look(int(answer.location.rsplit("/", 1)[1])).status in {BatchStatus.REFUSED, BatchStatus.READY}
    elif answer.status_code != 413:
        assert answer.status_code == 422
        assert 'id="file-error"' in answer.get_data(as_text=True)
        assert list_batches() == []
    assert took < 4, f"{took:.1f} s"  # two on a quiet machine: tests/imports/test_reading_bombs.py


def test_others_are_served_while_a_bomb_is_looked_at(
    app: Flask, sign_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look at the file waits for its worker, and so does nobody else."""
    opened, go_on = threading.Event(), threading.Event()

    def slow(*args: Any, **kwargs: Any) -> Any:
        opened.set()
        assert go_on.wait(10)
        return open_rows(*args, **kwargs)

    monkeypatch.setattr(staging, "open_rows", slow)
    officer, visitor = sign_in("dinas_officer"), sign_in("visitor")
    path = make_list(tmp_path, row("Koperasi Satu"))
    answers: list[TestResponse] = []

    def other_thread() -> None:
        with app.app_context():
            answers.append(send(officer, path))
            db.session.remove()

    thread = threading.Thread(target=other_thread)
    thread.start()
    assert opened.wait(10)
    assert visitor.get("/koperasi").status_code == 200
    go_on.set()
    thread.join()
    assert answers[0].status_code == 303


# --- columns -------------------------------------------------------------------------------------------------------------


def test_columns_are_corrected_with_a_sample_beside_each(officer: CheckedClient, tmp_path: Path) -> None:
    heads = ["Nama Koperasi", "Kecamatan", "Ketua"]
    address = upload(officer, make_list(tmp_path, ["Koperasi Satu", "Budi", "Nanggung"], heads=heads))
    page = officer.page(f"{address}/kolom")
    chosen = {
        s.get("name"): next((o.get("value") for o in s.iter("option") if "selected" in o.attrib), "")
        for s in page.all("select")
    }
    assert chosen == {"kolom-0-0": "name", "kolom-0-1": "kecamatan", "kolom-0-2": "chair_name"}
    assert ["B", "Budi"] in [[line[0], line[2]] for line in table_of(officer, f"{address}/kolom")]
    sent = {"kolom-0-0": "name", "kolom-0-1": "chair_name", "kolom-0-2": "kecamatan"}
    assert officer.post(f"{address}/kolom", data=sent).location == address
    background().wait()
    assert counts(look(1)) == {"new": 1}
    officer.post(f"{address}/jalankan")
    background().wait()
    assert record("Koperasi Satu").chair_name == "Budi"


def test_one_field_for_two_columns_is_said_at_both(officer: CheckedClient, tmp_path: Path) -> None:
    address = upload(
        officer, make_list(tmp_path, ["Koperasi Satu", "Nanggung"], heads=["Nama Koperasi", "Kecamatan"])
    )
    answer = officer.post(f"{address}/kolom", data={"kolom-0-0": "name", "kolom-0-1": "name"})
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert 'id="kolom-0-0-error"' in html
    assert 'id="kolom-0-1-error"' in html


def test_no_column_for_the_name_is_said(officer: CheckedClient, tmp_path: Path) -> None:
    address = upload(
        officer, make_list(tmp_path, ["Koperasi Satu", "Nanggung"], heads=["Nama Koperasi", "Kecamatan"])
    )
    answer = officer.post(
        f"{address}/kolom", data={"kolom-0-1": "kecamatan", "kolom-9-9": "name", "kolom-0-x": "name"}
    )
    assert answer.status_code == 422
    assert "Pilih dulu kolom untuk: Nama koperasi" in answer.get_data(as_text=True)


def test_columns_of_a_list_that_is_in_are_closed(officer: CheckedClient, tmp_path: Path) -> None:
    batch = bring_in(make_list(tmp_path, row("Koperasi Satu")))
    answer = officer.post(f"/petugas/impor/{batch.id}/kolom", data={"kolom-0-0": "name"})
    assert answer.status_code == 409
    assert look(batch.id).status is BatchStatus.DONE


# --- words about rows ------------------------------------------------------------------------------------------------------


def in_conflict(browser: CheckedClient, folder: Path) -> tuple[str, int, str]:
    """Address of a batch with one row in conflict, the row's number, and the record it resembles."""
    code = make_cooperative("KSP Sumber Rejeki Abadi", **HERE)
    address = upload(browser, make_list(folder, row("KSP Sumber Rezeki Abadii", men=5)))
    return address, rows_of(look(1))[0].id, code


def test_a_word_by_the_plain_form(officer: CheckedClient, tmp_path: Path) -> None:
    address, row_id, code = in_conflict(officer, tmp_path)
    shown = officer.page(f"{address}?hasil=conflict")
    buttons = [words_of(b) for b in shown.all("button") if b.get("name") == "decision"]
    assert buttons == [f"Sama dengan {code}", "Koperasi lain, buat baru", "Lewati"]
    answer = officer.post(f"{address}/baris/{row_id}", data={"decision": "same", "hasil": "conflict"})
    assert answer.status_code == 303
    assert answer.location == f"{address}?hasil=conflict&putus={row_id}#baris"
    assert "Baris 2, KSP Sumber Rezeki Abadii: Koperasi yang sama." in text_of(officer, answer.location)
    assert "Kata petugas: Koperasi yang sama (Dinas Officer)" in text_of(officer, f"{address}?hasil=changed")
    line = db.session.scalars(select(History).where(History.deed == "import.row_decided")).one()
    assert line.actor_name == "Dinas Officer"


def test_a_word_by_htmx_gives_the_block_again(officer: CheckedClient, tmp_path: Path) -> None:
    address, row_id, _ = in_conflict(officer, tmp_path)
    answer = officer.htmx(
        f"{address}/baris/{row_id}",
        target="batch",
        method="POST",
        data={"decision": "other", "hasil": "conflict"},
        follow_redirects=True,
    )
    html = answer.get_data(as_text=True)
    assert html.lstrip().startswith('<div class="stack" id="batch" tabindex="-1" autofocus>')
    assert "Koperasi lain" in html


def test_a_word_after_the_others_came_in_is_offered_to_follow(officer: CheckedClient, tmp_path: Path) -> None:
    address, row_id, _ = in_conflict(officer, tmp_path)
    officer.post(f"{address}/jalankan")
    background().wait()
    officer.post(f"{address}/baris/{row_id}", data={"decision": "other"})
    assert "1 baris sudah diputuskan petugas dan belum dimasukkan." in text_of(officer, address)
    officer.post(f"{address}/jalankan")
    background().wait()
    assert len(records()) == 2


def test_a_code_that_is_none_is_said_at_its_field(officer: CheckedClient, tmp_path: Path) -> None:
    address, row_id, _ = in_conflict(officer, tmp_path)
    answer = officer.post(f"{address}/baris/{row_id}", data={"decision": "same", "code": "K-2222222"})
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("word", ["", "entah"])
def test_no_word_is_no_decision(officer: CheckedClient, tmp_path: Path, word: str) -> None:
    address, row_id, _ = in_conflict(officer, tmp_path)
    assert officer.post(f"{address}/baris/{row_id}", data={"decision": word}).status_code == 422


def test_a_row_that_is_in_already_is_closed(officer: CheckedClient, tmp_path: Path) -> None:
    batch = bring_in(make_list(tmp_path, row("Koperasi Satu")))
    address = f"/petugas/impor/{batch.id}/baris/{rows_of(batch)[0].id}"
    assert officer.post(address, data={"decision": "skip"}).status_code == 409
    assert officer.htmx(address, target="batch", method="POST", data={"decision": "skip"}).status_code == 409


def test_the_record_stands_beside_the_row(officer: CheckedClient, tmp_path: Path) -> None:
    address, row_id, code = in_conflict(officer, tmp_path)
    shown = text_of(officer, f"{address}/baris/{row_id}")
    assert f"Catatan {code}" in shown
    names = ["Nama koperasi berbeda", "KSP Sumber Rejeki Abadi", "KSP Sumber Rezeki Abadii"]
    assert names in table_of(officer, f"{address}/baris/{row_id}")


# --- twice, too late -----------------------------------------------------------------------------------------------------


def test_bringing_in_twice_is_said_and_done_once(officer: CheckedClient, tmp_path: Path) -> None:
    address = upload(officer, make_list(tmp_path, row("Koperasi Satu")))
    jobs.begin_commit(1, OFFICE)
    answer = officer.post(f"{address}/jalankan")
    assert answer.status_code == 409
    assert "sudah berubah keadaannya" in answer.get_data(as_text=True)


def test_undoing_after_30_days_is_said(
    officer: CheckedClient, tmp_path: Path, at: Callable[[str], None], sign_in: SignIn
) -> None:
    from app.imports import retention

    batch = bring_in(make_list(tmp_path, row("Koperasi Satu")))
    at("2026-12-24T09:00+07:00")
    retention.forget_old()
    still_signed_in()
    assert "tidak bisa dibatalkan lagi" in text_of(officer, f"/petugas/impor/{batch.id}")
    answer = officer.post(f"/petugas/impor/{batch.id}/batalkan")
    assert answer.status_code == 409
    assert "30 hari" in answer.get_data(as_text=True)
    assert len(records()) == 1


def test_what_stayed_after_undoing_is_listed(officer: CheckedClient, tmp_path: Path) -> None:
    from tests.imports.test_undo import change

    batch = bring_in(make_list(tmp_path, row("Koperasi Satu"), row("Koperasi Dua")))
    change(record("Koperasi Dua").code, address="Jl. Baru")
    officer.post(f"/petugas/impor/{batch.id}/batalkan")
    background().wait()
    assert "1 baris tetap ada" in text_of(officer, f"/petugas/impor/{batch.id}")
    shown = text_of(officer, f"/petugas/impor/{batch.id}?hasil=tetap")
    assert "Koperasi Dua" in shown
    assert "sudah diubah sejak impor (Alamat)" in shown
    assert "Koperasi Satu" not in shown


# --- for whom ------------------------------------------------------------------------------------------------------------


def addresses(batch_id: int, row_id: int) -> list[tuple[str, str]]:
    """Every door of the room."""
    base = f"/petugas/impor/{batch_id}"
    deeds = ["", "/jalankan", "/batalkan", "/lanjutkan", "/kolom", f"/baris/{row_id}", "/laporan-lengkap"]
    pages = ["", "/kolom", "/batalkan", f"/baris/{row_id}", "/laporan.xlsx"]
    return [
        ("GET", "/petugas/impor"), ("POST", "/petugas/impor"), ("GET", "/petugas/impor/contoh-cooperatives.xlsx"),
        *(("GET", base + page) for page in pages), *(("POST", base + deed) for deed in deeds if deed),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("visitor", 303), ("member", 403), ("companion", 403), ("co_administrator", 403), ("leader", 403),
        ("pum_officer", 403), ("officer", 404), ("other_officer", 404),
    ],
)  # fmt: skip
def test_only_for_those_who_see_the_whole_kabupaten_and_import(
    app: Flask, sign_in: SignIn, tmp_path: Path, name: str, status: int
) -> None:
    batch = dry_run(make_list(tmp_path, row("Koperasi Satu")))
    browser = sign_in(name)
    found = {
        (method, address): browser.open(address, method=method).status_code
        for method, address in addresses(batch.id, rows_of(batch)[0].id)
    }
    assert set(found.values()) == {status}, found
    assert look(batch.id).status is BatchStatus.READY


def test_a_batch_that_is_not_there_and_a_row_that_is_not_there(
    officer: CheckedClient, tmp_path: Path
) -> None:
    batch = dry_run(make_list(tmp_path, row("Koperasi Satu")))
    assert officer.get("/petugas/impor/99").status_code == 404
    assert officer.post("/petugas/impor/99/jalankan").status_code == 404
    assert officer.get(f"/petugas/impor/{batch.id}/baris/999").status_code == 404
    assert officer.post(f"/petugas/impor/{batch.id}/baris/999", data={"decision": "skip"}).status_code == 404


def test_a_sheet_with_its_name(officer: CheckedClient, tmp_path: Path) -> None:
    rows = [["Nama Koperasi", "Kecamatan"], ["Koperasi Satu", "Nanggung"]]
    address = upload(officer, make_xlsx(tmp_path / "daftar.xlsx", {"Data 2025": rows}))
    assert "Lembar Data 2025" in text_of(officer, f"{address}/kolom")
    assert "Data 2025 baris 2" in text_of(officer, address)
