"""The big screen: letters and numbers, never names; it asks for itself again, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.clinic.rules.booking import BookingStatus
from app.clinic.rules.day import initials
from tests.checked_client import CheckedClient
from tests.factories.clinic import TUESDAY, open_clinic, wib
from tests.factories.clinic_day import CLINIC, appointment, online, put, seen_of

Enter = Callable[[str], CheckedClient]
SCREEN = f"{CLINIC}/layar"


@pytest.fixture
def waiting_room(at: Callable[[str], None]) -> list[int]:
    """Three experts: one inside, one waiting, one not there yet, one by Zoom. Five past nine."""
    open_clinic(4)
    people = [
        appointment(wib(TUESDAY, "09.00"), name, None, **({"asked": online()} if name == "Dari Jauh" else {}))
        for name in ("Ibu Siti Aminah", "Pak Ujang Suherman", "Belum Datang", "Dari Jauh")
    ]
    at("2026-11-24T09:05+07:00")
    put(people[0], BookingStatus.ARRIVED, BookingStatus.IN_SESSION)
    put(people[1], BookingStatus.ARRIVED)
    put(people[3], BookingStatus.IN_SESSION)
    return people


def test_who_is_called_and_who_is_next(sign_in: Enter, waiting_room: list[int]) -> None:
    page = sign_in("officer").page(SCREEN)
    called, coming = (
        [" ".join(li.itertext()) for li in ul.iter("li")]
        for ul in page.all("ul")
        if ul.get("class") in {"called", "coming"}
    )
    assert len(called) == len(coming) == 1
    assert "S. A." in called[0]
    assert "Meja" in called[0]
    assert "U. S." in coming[0]


def test_no_whole_name_is_shown(sign_in: Enter, waiting_room: list[int]) -> None:
    text = sign_in("officer").get(SCREEN).text
    for name in ("Siti", "Aminah", "Ujang", "Suherman", "Belum Datang", "Dari Jauh"):
        assert name not in text, name


def test_a_call_stands_out_for_three_minutes(
    sign_in: Enter, waiting_room: list[int], at: Callable[[str], None]
) -> None:
    assert 'class="fresh"' in sign_in("officer").get(SCREEN).text
    at("2026-11-24T09:09+07:00")
    assert 'class="fresh"' not in sign_in("officer").get(SCREEN).text


def test_it_asks_for_itself_again(sign_in: Enter, waiting_room: list[int]) -> None:
    officer = sign_in("officer")
    text = officer.get(SCREEN).text
    assert 'data-fresh="10"' in text
    assert "data-quiet" not in text, "a screen on the wall stays signed in"
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in text
    part = officer.htmx(SCREEN, target="papan").text
    assert "<html" not in part
    assert 'data-fresh="10"' in part


def test_nothing_travels_where_nothing_changed(
    sign_in: Enter, waiting_room: list[int], at: Callable[[str], None]
) -> None:
    officer = sign_in("officer")
    seen = seen_of(officer.page(SCREEN))
    answer = officer.htmx(SCREEN, target="papan", headers=seen)
    assert (answer.status_code, answer.data) == (204, b"")
    assert officer.get(SCREEN, headers=seen).status_code == 200, "a whole page is never empty"
    put(waiting_room[1], BookingStatus.IN_SESSION)
    assert "U. S." in officer.htmx(SCREEN, target="papan", headers=seen).text
    at("2026-11-24T09:06+07:00")
    assert "09.06" in officer.htmx(SCREEN, target="papan", headers=seen).text


def test_an_empty_room_says_so(sign_in: Enter) -> None:
    text = sign_in("officer").get(SCREEN).text
    assert "Belum ada yang dipanggil" in text
    assert "Belum ada yang menunggu" in text


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ibu Siti Aminah", "S. A."),
        ("Pak Ujang", "U."),
        ("Hj. Neneng Kurniasih, S.E.", "N. K."),
        ("  wati  ", "W."),
        ("", "-"),
        ("H.", "-"),
        ("123", "-"),
    ],
)
def test_letters_of_a_name(name: str, letters: str) -> None:
    assert initials(name) == letters
