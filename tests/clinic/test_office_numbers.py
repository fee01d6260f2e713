"""Numbers that the office sets itself: who lives far away, what a session by Zoom costs in data."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.clinic.queries.far import far_kecamatan
from app.clinic.rules.booking import Mode
from app.clinic.rules.fairness import is_far
from app.clinic.rules.settings import ONLINE_VIDEO_MB, ONLINE_VOICE_MB
from app.clinic.services.timetable import set_numbers
from app.core.db import db
from app.core.transaction import atomically
from tests.checked_client import CheckedClient
from tests.factories.clinic import OFFICE, TUESDAY, asked, booked, open_clinic, wib

Enter = Callable[[str], CheckedClient]
DESK = "/petugas/klinik/jadwal"
NUMBERS = {
    "weeks_ahead": "4",
    "hold_minutes": "5",
    "reoffer_minutes": "15",
    "reserved_share": "0",
    "far_km": "25",
    "online_video_mb": "300",
    "online_voice_mb": "40",
    "no_shows_allowed": "2",
}


def far() -> set[str]:
    """Codes of the kecamatan that are far as the office sees it now."""
    db.session.rollback()
    return set(far_kecamatan(db.session()))


def test_at_first_more_than_25_km_are_far(app: Flask) -> None:
    assert far() == {
        f"32.01.{n}"
        for n in ("08", "14", "17", "19", "20", "21", "22", "23", "24", "25", "27", "35", "36", "38", "39")
    }


@pytest.mark.parametrize(
    ("km", "number", "is_in"), [(1, 39, True), (10, 36, True), (30, 10, True), (50, 0, False)]
)
def test_the_office_says_how_far_is_far(app: Flask, km: int, number: int, is_in: bool) -> None:
    atomically(lambda s: set_numbers(s, {"far_km": km}, actor=OFFICE))
    assert ("32.01.19" in far()) is is_in
    assert len(far()) == number
    assert "32.01.01" not in far(), "the office's own kecamatan never is"


def test_far_is_more_than_the_number_as_the_crow_flies() -> None:
    cibinong, jasinga = (-6.4839, 106.83542), (-6.48, 106.45)
    assert is_far(cibinong, jasinga, 42)
    assert not is_far(cibinong, jasinga, 43)


def test_the_desk_names_who_is_far(sign_in: Enter) -> None:
    administrator = sign_in("administrator")
    page = administrator.get(DESK).text
    assert "lebih dari 25 km garis lurus dari Cibinong" in page
    assert "Cariu, Ciawi" in page
    assert administrator.post(f"{DESK}/angka", data={**NUMBERS, "far_km": "60"}).status_code == 303
    assert "lebih dari 60 km garis lurus dari Cibinong: tidak ada kecamatan" in administrator.get(DESK).text
    assert administrator.post(f"{DESK}/angka", data={**NUMBERS, "far_km": "61"}).status_code == 422


# --- data -----------------------------------------------------------------------------------------------------------


def test_what_zoom_costs_is_what_the_office_says(client: CheckedClient, sign_in: Enter) -> None:
    open_clinic()
    received = booked(wib(TUESDAY, "09.00"), asked=asked(mode=Mode.ONLINE))
    pages = ("/klinik", f"/klinik/jadwal?tanggal={TUESDAY}", f"/klinik/pesanan/{received.token}")
    for page in pages:
        assert "300 MB kuota" in client.get(page).text, page
    administrator = sign_in("administrator")
    changed = {**NUMBERS, "online_video_mb": "1250", "online_voice_mb": "25"}
    assert administrator.post(f"{DESK}/angka", data=changed).status_code == 303
    assert "1.250 MB dengan gambar, 25 MB suara saja" in administrator.get(DESK).text
    for page in pages:
        text = client.get(page).text
        assert "1.250 MB kuota" in text, page
        assert "25 MB" in text, page


def test_the_desk_says_where_the_figure_comes_from(sign_in: Enter) -> None:
    text = sign_in("administrator").get(f"{DESK}/angka").text
    assert "600 kbps naik dan 600 kbps turun" in text
    kbps, seconds = 600 + 600, 30 * 60
    assert 270 == kbps * seconds / 8 / 1000 <= ONLINE_VIDEO_MB.first
    assert 36 == (80 + 80) * seconds / 8 / 1000 <= ONLINE_VOICE_MB.first
