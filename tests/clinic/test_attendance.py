"""The attendance sheet: everybody of the day, room to sign, no telephone, lines to be written by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.clinic.desk.attendance import LINES_BY_HAND
from app.clinic.rules.booking import BookingStatus
from tests.checked_client import CheckedClient
from tests.factories.clinic import TUESDAY, open_clinic, wib
from tests.factories.clinic_day import CLINIC, PHONE, STORED, appointment, online, put
from tests.imports.bringing import still_signed_in
from tests.page_rules import Inspected
from tests.statement_watch import statements_sent

Enter = Callable[[str], CheckedClient]
SHEET = f"{CLINIC}/daftar-hadir"
OF_TUESDAY = f"{SHEET}?tanggal={TUESDAY}"


@pytest.fixture
def tuesday(app: object) -> dict[str, int]:
    """Three at the office, one by Zoom, one who cancelled."""
    open_clinic(3)
    people = {
        "Ibu Siti Aminah": appointment(wib(TUESDAY, "10.00"), kecamatan_code="32.01.21"),
        "Pak Ujang Suherman": appointment(wib(TUESDAY, "09.00"), "Pak Ujang Suherman", None),
        "Bu Cucu": appointment(wib(TUESDAY, "09.30"), "Bu Cucu", None),
        "Bu Entin": appointment(wib(TUESDAY, "11.00"), "Bu Entin", None, asked=online()),
        "Pak Batal": appointment(wib(TUESDAY, "11.30"), "Pak Batal", None),
    }
    put(people["Pak Batal"], BookingStatus.CANCELLED_BY_CLIENT)
    return people


def lines_of(page: Inspected) -> list[list[str]]:
    """Cells of the first table, line by line, without the heading."""
    rows = list(page.all("table")[0].iter("tr"))[1:]
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in rows]


def test_everybody_of_the_day_in_the_order_of_the_day(sign_in: Enter, tuesday: dict[str, int]) -> None:
    lines = lines_of(sign_in("officer").page(OF_TUESDAY))
    names = [line[2].rsplit(" ", 1)[0] for line in lines[:4]]
    assert names == ["Pak Ujang Suherman", "Bu Cucu", "Ibu Siti Aminah", "Bu Entin"]
    assert [line[0] for line in lines] == [str(n) for n in range(1, len(lines) + 1)]
    assert [line[1] for line in lines[:4]] == ["09.00 WIB", "09.30 WIB", "10.00 WIB", "11.00 WIB"]
    assert [line[3] for line in lines[:4]] == ["-", "-", "Nanggung", "-"]
    assert [line[6] for line in lines[:4]] == ["", "", "", "Lewat Zoom"], "only who comes signs"
    assert all(line[4] and line[5] for line in lines[:4])


def test_whoever_did_not_come_is_said_not_to_have(
    sign_in: Enter, tuesday: dict[str, int], at: Callable[[str], None]
) -> None:
    at("2026-11-24T10:00+07:00")
    put(tuesday["Pak Ujang Suherman"], BookingStatus.NO_SHOW)
    assert lines_of(sign_in("officer").page(OF_TUESDAY))[0][6] == "tidak datang"


def test_lines_to_be_written_by_hand_until_the_day_is_over(
    sign_in: Enter, tuesday: dict[str, int], at: Callable[[str], None]
) -> None:
    assert len(lines_of(sign_in("officer").page(OF_TUESDAY))) == 4 + LINES_BY_HAND
    at("2026-11-25T09:00+07:00")
    still_signed_in()
    assert len(lines_of(sign_in("officer").page(OF_TUESDAY))) == 4


def test_no_telephone_and_no_question_stands_on_it(sign_in: Enter, tuesday: dict[str, int]) -> None:
    text = sign_in("officer").get(OF_TUESDAY).text
    assert "Siti Aminah" in text
    for secret in (PHONE, STORED, STORED[-4:], "Bagaimana membuat"):
        assert secret not in text, secret


def test_experts_sign_too(sign_in: Enter, tuesday: dict[str, int]) -> None:
    page = sign_in("officer").page(OF_TUESDAY)
    experts = ["".join(row[2].itertext()) for row in list(page.all("table")[1].iter("tr"))[1:]]
    assert sum(map(int, experts)) == 4


def test_the_day_leads_to_its_sheet_and_an_empty_one_has_none(
    sign_in: Enter, tuesday: dict[str, int]
) -> None:
    officer = sign_in("officer")
    assert f'href="{OF_TUESDAY}"' in officer.get(f"{CLINIC}?tanggal={TUESDAY}").text
    assert SHEET not in officer.get(CLINIC).text
    assert "tidak ada daftar hadir" in officer.get(SHEET).text


def test_a_full_day_costs_no_more_questions(sign_in: Enter, tuesday: dict[str, int]) -> None:
    officer = sign_in("officer")
    officer.get(OF_TUESDAY)
    with statements_sent() as few:
        officer.get(OF_TUESDAY)
    for clock in ("09.00", "09.30", "10.00", "10.30"):
        appointment(wib(TUESDAY, clock), "Pak Lagi", None)
    with statements_sent() as many:
        officer.get(OF_TUESDAY)
    assert len(many) == len(few)
