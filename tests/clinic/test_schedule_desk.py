"""The office keeps the timetable: hours, special hours, numbers; half hours follow by themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.clinic.keeping import keep_ahead
from app.clinic.models import OpeningHours, Slot
from app.clinic.queries.roster import list_hours_rows
from app.clinic.rules.hours import ended_before, read_clock
from app.core.audit import History
from app.core.clock import in_wib
from app.core.db import db
from app.core.values import ValueProblem
from app.staff import chores
from tests.checked_client import CheckedClient
from tests.factories.clinic import (
    TUESDAY,
    booked,
    booking_of,
    make_expert,
    open_clinic,
    put_on_duty,
    slots,
    wib,
)
from tests.imports.bringing import still_signed_in
from tests.page_rules import words_of

Enter = Callable[[str], CheckedClient]
At = Callable[[str], None]
PAGE = "/petugas/klinik/jadwal"
HOURS = {
    "services": ["cooperative"],
    "weekdays": ["1"],
    "starts": "10.00",
    "ends": "11.00",
    "kind": "instead",
    "valid_from": "24-11-2026",
}


def times(day: date = TUESDAY) -> list[str]:
    """Open half hours of a day."""
    db.session.rollback()
    found = db.session.scalars(select(Slot.starts_at).where(Slot.open).order_by(Slot.starts_at))
    return [f"{in_wib(at):%H.%M}" for at in found if in_wib(at).date() == day]


def deeds(subject: str = "klinik:jadwal") -> list[str]:
    """What was written down."""
    db.session.rollback()
    return list(
        db.session.scalars(select(History.deed).where(History.subject == subject).order_by(History.id))
    )


def errors(answer: object, client: CheckedClient) -> str:
    """Sentences at the fields."""
    page = client.parsed(answer)  # type: ignore[arg-type]
    return " ".join(words_of(e) for e in page.all("p") if e.get("class") == "error")


def test_an_empty_clinic_says_what_to_do(sign_in: Enter) -> None:
    page = sign_in("administrator").page(PAGE)
    words = words_of(page.all("main")[0])
    assert "Belum ada jam konsultasi" in words
    assert "Masih memakai usulan Dinas" in words
    assert "09.00 - 11.30" in words  # Friday ends early


@pytest.mark.parametrize("written_down", [False, True])
def test_on_any_day_of_the_week_the_days_gone_have_their_hours_too(
    sign_in: Enter, at: At, written_down: bool
) -> None:
    at("2026-11-25T09:00+07:00")  # a Wednesday
    client = sign_in("administrator")
    if written_down:
        client.post(f"{PAGE}/jam", data={**HOURS, "weekdays": ["5"], "valid_from": "28-11-2026"})
    tables = client.page(PAGE).all("table")
    cooperatives = [words_of(cell) for cell in tables[0].iter("td")][1:6]
    assert cooperatives == ["09.00 - 12.006 sesi"] * 4 + ["09.00 - 11.305 sesi"]
    weeks = [words_of(cell) for cell in tables[1].iter("td")]
    assert not any("Koperasi:" in cell for cell in weeks), "no Monday to come is told as if it were unusual"


def test_the_week_and_the_coming_days_are_shown(sign_in: Enter) -> None:
    open_clinic(2)
    booked(wib(TUESDAY, "09.00"))
    cells = [words_of(cell) for cell in sign_in("administrator").page(PAGE).all("td")]
    assert "24 Nov 12 jam, 1 janji" in cells
    assert any(cell.startswith("25 Nov") and cell.endswith("Piket kosong") for cell in cells)


def test_new_hours_take_the_place_of_the_old_ones(sign_in: Enter) -> None:
    open_clinic()
    assert times() == ["09.00", "09.30", "10.00", "10.30", "11.00", "11.30"]
    answer = sign_in("administrator").post(f"{PAGE}/jam", data=HOURS)
    assert answer.status_code == 303
    assert times() == ["10.00", "10.30"]
    assert "clinic.hours_added" in deeds()


def test_writing_one_line_does_not_end_the_proposal_for_other_days(sign_in: Enter) -> None:
    wednesday = TUESDAY + timedelta(days=1)
    open_clinic(days=(TUESDAY, wednesday))
    sign_in("administrator").post(f"{PAGE}/jam", data=HOURS)
    assert len(times(wednesday)) == 6


def test_hours_beside_the_old_ones_add_to_them(sign_in: Enter) -> None:
    open_clinic()
    late = {**HOURS, "kind": "beside", "starts": "15.00", "ends": "16.00"}
    sign_in("administrator").post(f"{PAGE}/jam", data=late)
    assert times()[-2:] == ["15.00", "15.30"]
    assert len(times()) == 8


def test_ramadan_hours_hold_for_their_dates_and_the_ordinary_ones_come_back(sign_in: Enter, at: At) -> None:
    at("2027-02-08T09:00+07:00")
    during, after = date(2027, 2, 9), date(2027, 3, 16)
    expert = make_expert()
    put_on_duty(expert, during, after)
    ramadan = {
        **HOURS,
        "kind": "special",
        "starts": "8",
        "ends": "9.30 WIB",
        "valid_from": "8-2-2027",
        "valid_until": "8-3-2027",
    }
    assert sign_in("administrator").post(f"{PAGE}/jam", data=ramadan).status_code == 303
    slots(during, after)
    assert times(during) == ["08.00", "08.30", "09.00"]
    assert times(after)[0] == "09.00"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"starts": "kira-kira pagi"}, "Jamnya belum bisa dibaca"),
        ({"ends": "10.15"}, "setengah jam"),
        ({"weekdays": []}, "paling sedikit satu hari"),
        ({"services": []}, "Pilih layanan"),
        ({"services": ["lain"]}, "Pilih salah satu"),
        ({"valid_from": "20-11-2026"}, "sudah lewat"),
        ({"kind": "special"}, "perlu tanggal akhir"),
        ({"valid_until": "30-11-2026"}, "pilih jam khusus"),
        ({"kind": "special", "valid_until": "23-11-2026"}, "sebelum tanggal mulai"),
    ],
)
def test_a_slip_is_said_at_its_field(sign_in: Enter, changed: dict[str, object], sentence: str) -> None:
    administrator = sign_in("administrator")
    answer = administrator.post(f"{PAGE}/jam", data={**HOURS, **changed})
    assert answer.status_code == 422
    assert sentence in errors(answer, administrator)
    assert list_hours_rows(db.session(), TUESDAY) == []


def test_a_line_of_hours_ends_today_and_its_bookings_are_listed(sign_in: Enter) -> None:
    open_clinic()
    received = booked(wib(TUESDAY, "09.00"))
    administrator = sign_in("administrator")
    administrator.post(f"{PAGE}/jam", data={**HOURS, "starts": "9", "ends": "12"})
    line = db.session.scalars(
        select(OpeningHours).where(OpeningHours.weekday == 1, OpeningHours.valid_from == TUESDAY)
    ).one()
    assert booking_of(received).must_move is False
    assert administrator.post(f"{PAGE}/jam/{line.id}/akhiri").status_code == 303
    assert times() == []
    assert booking_of(received).must_move is True
    assert "1 janji perlu dipindah" in administrator.get(PAGE).get_data(as_text=True)
    assert "clinic.hours_ended" in deeds()


def test_ending_every_line_does_not_bring_the_proposal_back(sign_in: Enter) -> None:
    open_clinic()
    administrator = sign_in("administrator")
    administrator.post(f"{PAGE}/jam", data={**HOURS, "valid_from": "23-11-2026"})
    for line in list_hours_rows(db.session(), date(2026, 11, 23)):
        administrator.post(f"{PAGE}/jam/{line.id}/akhiri")
    slots(TUESDAY)
    assert times() == []


def test_hours_that_are_gone_cannot_be_ended(sign_in: Enter) -> None:
    assert sign_in("administrator").post(f"{PAGE}/jam/999/akhiri").status_code == 404


def test_numbers_are_changed_within_their_limits(sign_in: Enter) -> None:
    administrator = sign_in("administrator")
    good = {
        "weeks_ahead": "2",
        "hold_minutes": "10",
        "reoffer_minutes": "0",
        "reserved_share": "20",
        "no_shows_allowed": "3",
        "far_km": "25",
        "online_video_mb": "300",
        "online_voice_mb": "40",
    }
    assert administrator.post(f"{PAGE}/angka", data=good).status_code == 303
    assert "20 dari 100 jam" in administrator.get(PAGE).get_data(as_text=True)
    assert "clinic.numbers_set" in deeds()
    answer = administrator.post(f"{PAGE}/angka", data={**good, "reserved_share": "51", "weeks_ahead": "x"})
    assert answer.status_code == 422
    assert len([e for e in administrator.parsed(answer).all("p") if e.get("class") == "error"]) == 2
    assert administrator.page(f"{PAGE}/angka").all("input")


def test_the_button_makes_the_weeks_that_the_office_wants(sign_in: Enter) -> None:
    expert = make_expert()
    put_on_duty(expert, TUESDAY, TUESDAY + timedelta(weeks=3), TUESDAY + timedelta(weeks=5))
    assert sign_in("administrator").post(f"{PAGE}/buat").status_code == 303
    assert times()
    assert times(TUESDAY + timedelta(weeks=3))
    assert times(TUESDAY + timedelta(weeks=5)) == []


def test_a_change_reaches_the_weeks_far_off(sign_in: Enter) -> None:
    far = TUESDAY + timedelta(weeks=9)
    open_clinic(days=(TUESDAY, far))
    sign_in("administrator").post(f"{PAGE}/jam", data=HOURS)
    assert times(far) == ["10.00", "10.30"]


def test_half_hours_come_without_anybody_pressing(app: Flask, at: At) -> None:
    expert = make_expert()
    last = TUESDAY + timedelta(weeks=5)
    put_on_duty(expert, last)
    chores.run_chores()
    assert times(last) == []
    at("2026-12-01T09:00+07:00")
    assert chores.run_chores()["clinic times"] == 6
    assert len(times(last)) == 6
    assert keep_ahead().added == 0


def test_the_command_keeps_ahead(app: Flask) -> None:
    put_on_duty(make_expert(), TUESDAY)
    done = app.test_cli_runner().invoke(args=["clinic", "keep-ahead"])
    assert "6 baru" in done.output
    assert len(times()) == 6


def test_a_week_before_the_last_half_hour_the_desk_says_so(sign_in: Enter, at: At) -> None:
    days = [TUESDAY + timedelta(weeks=n) for n in range(4)]
    open_clinic(days=days)
    administrator = sign_in("administrator")
    assert "hanya ada sampai" not in administrator.get(PAGE).get_data(as_text=True)
    at("2026-12-10T09:00+07:00")
    still_signed_in()
    assert "hanya ada sampai Selasa, 15 Desember" in administrator.get(PAGE).get_data(as_text=True)


def test_the_menu_shows_one_place_for_all_tabs(sign_in: Enter) -> None:
    page = sign_in("administrator").page("/petugas/klinik/piket")
    rail = next(e for e in page.all("nav") if e.get("class") == "rail")
    assert {words_of(a) for a in rail.iter("a") if a.get("aria-current")} == {"Jadwal klinik"}


def test_later_weeks_are_fetched_as_a_block(sign_in: Enter) -> None:
    answer = sign_in("administrator").htmx(f"{PAGE}?mulai=2026-12-21", target="weeks")
    words = answer.get_data(as_text=True)
    assert "<html" not in words
    assert "Libur: Hari Raya Natal" in words


@pytest.mark.parametrize(
    "path",
    [
        "jadwal",
        "jadwal/jam",
        "jadwal/angka",
        "narasumber",
        "narasumber/baru",
        "narasumber/meja/baru",
        "piket",
        "piket/isi",
        "piket/2026-11-24",
        "tutup",
        "pindah",
    ],
)
def test_only_the_administrator_comes_in(sign_in: Enter, client: CheckedClient, path: str) -> None:
    address = f"/petugas/klinik/{path}"
    assert sign_in("administrator").get(address).status_code == 200
    for other in ("co_administrator", "expert", "officer", "media"):
        assert sign_in(other).get(address).status_code == 403, other
    stranger = client.get(address)
    assert stranger.status_code in {302, 303}
    assert "/masuk" in stranger.location


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("9", time(9)),
        ("09.30", time(9, 30)),
        ("9:05 WIB", time(9, 5)),
        ("jam 13.00", time(13)),
        ("0.00", time(0)),
    ],
)
def test_times_are_read_as_people_write_them(typed: str, clock: time) -> None:
    assert read_clock(typed) == clock


@pytest.mark.parametrize("typed", ["", "25", "9.60", "sembilan", "9.3", "-1", "09.30.15"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(ValueProblem):
        read_clock(typed)


def test_hours_give_way_from_the_day_of_the_new_ones() -> None:
    first, new = date(2026, 1, 1), date(2026, 12, 1)
    assert ended_before(first, None, new) == date(2026, 11, 30)
    assert ended_before(first, date(2026, 6, 1), new) == date(2026, 6, 1)
    assert ended_before(new, None, new) is None
