"""The list of all records: search, filters, columns; and the same as a spreadsheet, personal columns only with more."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from app.accounts.models import SignInSession
from app.cooperatives.desk import listing
from app.cooperatives.rules import CooperativeType
from app.core.clock import now
from app.registry.rules import RecordStatus
from tests.cast import ELSEWHERE
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import OTHER_DESA, make_cooperative
from tests.factories.desk import DESK, history, looks, register, write

Enter = Callable[[str], CheckedClient]
LIST = f"{DESK}/semua"
EXPORT = f"{LIST}/ekspor"


def codes(browser: CheckedClient, query: str = "") -> list[str | None]:
    """Codes in the order shown."""
    return [r.get("data-record") for r in browser.page(LIST + query).all("tr") if r.get("data-record")]


def sheet(answer: TestResponse) -> list[list[Any]]:
    """Rows of the first sheet, the heading first."""
    assert answer.status_code == 200, answer.text
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


# --- the list -----------------------------------------------------------------------------------------------------


def test_all_records_of_the_area_whatever_their_status(client: CheckedClient, sign_in: Enter) -> None:
    public = make_cooperative("Koperasi A")
    candidate = make_cooperative("Koperasi B", status=RecordStatus.CANDIDATE)
    pending = register(client, name="Koperasi C")
    there = make_cooperative("Koperasi D", kecamatan_code=ELSEWHERE, desa_code=None)
    assert codes(sign_in("officer")) == [public, candidate, pending.record_code]
    assert codes(sign_in("other_officer")) == [there]
    assert len(codes(sign_in("leader"))) == 4


def test_search_and_filters(client: CheckedClient, sign_in: Enter) -> None:
    first = make_cooperative(
        "Koperasi Sinar Halimun",
        cooperative_type=CooperativeType.SERVICE,
        legal_entity_number="518/07/BH/KWK.10/2008",
    )
    second = make_cooperative(
        "KSP Berkah Mandiri", desa_code=OTHER_DESA, phone="6281200001111", members_total=90
    )
    officer = sign_in("officer")
    assert codes(officer, "?cari=halimun") == [first]
    assert codes(officer, "?cari=halimum") == [first]  # one letter wrong
    assert codes(officer, f"?cari={second.lower()}") == [second]
    assert codes(officer, "?cari=0812-0000-1111") == [second]
    assert codes(officer, "?cari=518/07/BH/KWK.10/2008") == [first]
    assert codes(officer, "?jenis=service") == [first]
    assert codes(officer, f"?kecamatan=32.01.21&desa={OTHER_DESA}") == [second]
    assert codes(officer, "?urut=anggota&arah=turun") == [second, first]
    assert codes(officer, "?cari=tidak-ada-sama-sekali") == []
    assert codes(officer, "?status=rejected") == []
    assert set(codes(officer, "?urut=x&arah=y&kolom=z&desa=1&jenis=aneh&halaman=x")) == {first, second}


def test_a_receipt_number_leads_to_its_submission(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    typed = sent.receipt_number.replace("-", " ").lower()
    answer = sign_in("officer").get(f"{LIST}?cari={typed}")
    assert (answer.status_code, answer.location) == (303, f"{DESK}/{sent.receipt_number}")
    assert sign_in("other_officer").get(f"{LIST}?cari={typed}").status_code == 200


def test_nothing_of_another_area_is_found_by_any_key(sign_in: Enter) -> None:
    hidden = make_cooperative(
        "Koperasi Sana", kecamatan_code=ELSEWHERE, desa_code=None, phone="6281200001111"
    )
    officer = sign_in("officer")
    for query in ("?cari=sana", f"?cari={hidden}", "?cari=081200001111", f"?kecamatan={ELSEWHERE}"):
        assert codes(officer, query) == []


def test_columns_are_chosen_and_kept_in_the_address(sign_in: Enter) -> None:
    make_cooperative("Koperasi A", chair_name="Bu Ketua", rat_years=(2024, 2025))
    page = sign_in("officer").page(f"{LIST}?kolom=name&kolom=chair_name&kolom=rat_years")
    heads = ["".join(th.itertext()) for th in page.all("th") if th.get("scope") == "col"]
    assert heads == ["Nama", "Nama ketua", "Tahun buku yang sudah RAT"]
    assert any("kolom=chair_name" in str(f.get("action")) for f in page.all("form"))


def test_htmx_gets_the_results_alone(sign_in: Enter) -> None:
    make_cooperative("Koperasi A")
    assert sign_in("officer").htmx(LIST, target="records").text.lstrip().startswith("<section")


# --- the spreadsheet ----------------------------------------------------------------------------------------------


def test_it_works(sign_in: Enter) -> None:
    first = make_cooperative("Koperasi A", members_male=3, members_female=4)
    make_cooperative("Koperasi Lain")
    answer = sign_in("officer").post(f"{EXPORT}?cari=koperasi+a&kolom=code&kolom=name&kolom=members_total")
    assert sheet(answer) == [["Kode", "Nama", "Jumlah anggota"], [first, "Koperasi A", "7"]]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_every_page_of_it_and_nothing_else(sign_in: Enter) -> None:
    made = {make_cooperative(f"Koperasi Nomor {n}") for n in range(60)}
    make_cooperative("Koperasi Sana", kecamatan_code=ELSEWHERE, desa_code=None)
    rows = sheet(sign_in("officer").post(f"{EXPORT}?kolom=code"))
    assert {row[0] for row in rows[1:]} == made
    assert len(rows) == 61


def test_each_export_leaves_a_line(sign_in: Enter) -> None:
    make_cooperative("Koperasi A")
    sign_in("officer").post(f"{EXPORT}?status=public&kolom=name")
    (line,) = history("ekspor:koperasi")
    assert (line.deed, line.actor_name) == ("cooperative.exported", "Officer")
    assert (line.after or {})["n"] == 1
    assert (line.after or {})["filter"]["status"] == "public"


def test_nothing_is_ever_a_formula(sign_in: Enter) -> None:
    make_cooperative("Koperasi =1+1", address='=HYPERLINK("http://x")', chair_name="@SUM(A1)")
    answer = sign_in("officer").post(f"{EXPORT}?kolom=name&kolom=address&kolom=chair_name")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    cells = [cell for row in book.worksheets[0].iter_rows(min_row=2) for cell in row]
    assert [cell.data_type for cell in cells] == ["s", "s", "s"]
    assert cells[1].value == '=HYPERLINK("http://x")'


@pytest.mark.parametrize(
    ("name", "status"), [("companion", 403), ("expert", 403), ("leader", 200), ("co_administrator", 200)]
)
def test_who_may_export(sign_in: Enter, name: str, status: int) -> None:
    make_cooperative("Koperasi A")
    assert sign_in(name).post(EXPORT).status_code == status


PERSONAL = f"{EXPORT}?kolom=name&kolom=phone&kolom=contact_name"


def test_personal_columns_with_power_code_and_purpose(sign_in: Enter) -> None:
    code = make_cooperative("Koperasi A", phone="6281200001111", contact_name="Pak Ketua")
    answer = sign_in("officer").post(PERSONAL, data={"purpose": "undangan penyuluhan"})
    assert sheet(answer)[1] == ["Koperasi A", "Pak Ketua", "0812-0000-1111"]
    (line,) = looks()
    assert (line.subject, line.fields) == (code, "contact_name,phone")
    assert "undangan penyuluhan" in line.purpose


def test_without_a_purpose_it_is_wrong_input(sign_in: Enter) -> None:
    make_cooperative("Koperasi A", phone="6281200001111")
    answer = sign_in("officer").post(PERSONAL)
    assert answer.status_code == 422
    assert looks() == []


@pytest.mark.parametrize("name", ["co_administrator", "leader"])
def test_personal_columns_without_the_power_are_not_given(sign_in: Enter, name: str) -> None:
    make_cooperative("Koperasi A", phone="6281200001111")
    answer = sign_in(name).post(PERSONAL, data={"purpose": "ingin tahu"})
    assert answer.status_code == 403
    assert 'value="phone"' not in sign_in(name).get(LIST).text
    assert looks() == []


def test_an_old_second_factor_is_not_enough(sign_in: Enter, cast: Any) -> None:
    make_cooperative("Koperasi A", phone="6281200001111")
    person, old = cast["officer"].account_id, now() - timedelta(minutes=11)
    write(update(SignInSession).where(SignInSession.account_id == person).values(second_factor_at=old))
    answer = sign_in("officer").post(PERSONAL, data={"purpose": "undangan"})
    assert answer.status_code == 403
    assert looks() == []


def test_too_much_for_one_file_is_said(sign_in: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_EXPORTED", 1)
    make_cooperative("Koperasi A")
    make_cooperative("Koperasi B")
    answer = sign_in("officer").post(EXPORT)
    assert answer.status_code == 422
    assert "Persempit" in answer.text
