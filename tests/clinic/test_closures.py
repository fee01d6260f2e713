"""Closures: a day, hours, an expert, a desk; taken back again. On a holiday nothing is offered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.clinic.models import ClosedTime, Desk, Slot
from app.clinic.queries.free import list_free_times, next_free_times
from app.core.clock import now
from app.core.db import db
from tests.checked_client import CheckedClient
from tests.factories.clinic import (
    TUESDAY,
    asked,
    booked,
    booking_of,
    make_expert,
    open_clinic,
    put_on_duty,
    slots,
    wib,
)
from tests.factories.desk import history

Enter = Callable[[str], CheckedClient]
PAGE = "/petugas/klinik/tutup"
ALL = {"whom": "all", "first_day": "24-11-2026", "reason": "rapat dinas"}
WEDNESDAY = TUESDAY + timedelta(days=1)


def free(day: date = TUESDAY) -> int:
    """Half hours that a stranger can choose."""
    db.session.rollback()
    return sum(time.free for time in list_free_times(db.session(), asked(), day, now=now()))


def test_a_closed_day_offers_nothing_and_opens_again(sign_in: Enter) -> None:
    open_clinic(2)
    received = booked(wib(TUESDAY, "09.00"))
    administrator = sign_in("administrator")
    assert administrator.post(PAGE, data=ALL).status_code == 303
    assert free() == 0
    assert booking_of(received).must_move is True
    assert "rapat dinas" in administrator.get(PAGE).get_data(as_text=True)
    closure = db.session.scalars(select(ClosedTime.id)).one()
    assert administrator.post(f"{PAGE}/{closure}/buka").status_code == 303
    assert free() == 11
    assert booking_of(received).must_move is False
    assert [line.deed for line in history("klinik:jadwal") if "slots" not in line.deed] == [
        "clinic.closed",
        "clinic.reopened",
    ]
    assert administrator.post(f"{PAGE}/{closure}/buka").status_code == 404


def test_some_hours_are_closed(sign_in: Enter) -> None:
    open_clinic()
    sign_in("administrator").post(PAGE, data={**ALL, "starts": "10", "ends": "11.00"})
    assert free() == 4


def test_one_expert_is_away_for_days(sign_in: Enter) -> None:
    one, _other = open_clinic(2, days=(TUESDAY, WEDNESDAY))
    sent = {**ALL, "whom": f"e{one}", "last_day": "25-11-2026", "reason": "dinas luar"}
    sign_in("administrator").post(PAGE, data=sent)
    assert (free(), free(WEDNESDAY)) == (6, 6)


def test_a_closed_desk_closes_its_conversations_only(sign_in: Enter) -> None:
    open_clinic(2)
    desk = db.session.scalars(select(Desk.id).order_by(Desk.id).limit(1)).one()
    sign_in("administrator").post(PAGE, data={**ALL, "whom": f"d{desk}"})
    assert free() == 6


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"first_day": "31-2-2026"}, "tidak ada di kalender"),
        ({"first_day": "1-11-2026"}, "sudah lewat"),
        ({"last_day": "23-11-2026"}, "sebelum tanggal mulai"),
        ({"starts": "10", "ends": "9"}, "sesudah jam mulai"),
        ({"starts": "sore"}, "Jamnya belum bisa dibaca"),
        ({"reason": ""}, "Tulis sebabnya"),
        ({"whom": "e999"}, "Pilih salah satu"),
    ],
)
def test_a_wrong_closure_is_said_at_its_field(sign_in: Enter, changed: dict[str, str], sentence: str) -> None:
    open_clinic()
    administrator = sign_in("administrator")
    answer = administrator.post(PAGE, data={**ALL, **changed})
    assert answer.status_code == 422
    page = administrator.parsed(answer)
    assert any(sentence in "".join(e.itertext()) for e in page.all("p") if e.get("class") == "error"), (
        answer.get_data(as_text=True)
    )
    assert free() == 6


def test_on_a_holiday_nothing_is_offered(sign_in: Enter) -> None:
    put_on_duty(make_expert(), date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 28))
    slots(date(2026, 12, 21), date(2026, 12, 31))
    found = next_free_times(db.session(), asked(mode="online"), now=now(), until=date(2026, 12, 31), most=50)
    assert {time.starts_at.date() for time in found} == {date(2026, 12, 28)}


def test_a_day_that_becomes_a_holiday_is_offered_no_more_and_its_bookings_are_listed(sign_in: Enter) -> None:
    open_clinic()
    received = booked(wib(TUESDAY, "09.00"))
    administrator = sign_in("administrator")
    new = {"day": "24-11-2026", "name": "Pilkada", "kind": "national"}
    assert administrator.post("/petugas/hari-libur", data=new).status_code == 303
    assert free() == 0
    assert booking_of(received).must_move is True
    assert "Libur: Pilkada" in administrator.get("/petugas/klinik/jadwal").get_data(as_text=True)
    administrator.post("/petugas/hari-libur/hapus", data={"day": "2026-11-24"})
    assert free() == 5
    assert booking_of(received).must_move is False


def test_a_holiday_months_ahead_is_known_too(sign_in: Enter) -> None:
    far = date(2027, 5, 6)
    sign_in("administrator").post("/petugas/hari-libur/muat")
    put_on_duty(make_expert(), far, far + timedelta(days=5))
    slots(TUESDAY, far + timedelta(days=10))
    days = {at.date() for at in db.session.scalars(select(Slot.starts_at))}
    assert days == {far + timedelta(days=5)}
