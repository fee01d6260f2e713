"""Bookings that lost their half hour: asked first, then moved, or served first by whoever is free."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.clinic.desk import contact
from app.clinic.models import Booking, Expert
from app.clinic.rules.booking import Mode
from app.clinic.services import moving
from app.clinic.services.cancelling import cancel
from app.core.audit import History
from app.core.db import db
from app.core.limits import Limit
from app.core.transaction import atomically
from app.registry.queries.submissions import Received
from tests.checked_client import CheckedClient
from tests.factories.clinic import (
    OFFICE,
    TUESDAY,
    asked,
    booked,
    booking_of,
    incoming,
    make_desk,
    make_expert,
    open_clinic,
    put_on_duty,
    slots,
    wib,
)
from tests.factories.desk import history, looks
from tests.page_rules import words_of

Enter = Callable[[str], CheckedClient]
PAGE = "/petugas/klinik/pindah"
NINE = wib(TUESDAY, "09.00")
SAME, NEXT = "koperasi-20261124-0900", "koperasi-20261124-0930"


def with_phone() -> Received:
    """A booking of somebody who can be called."""
    sent = replace(incoming(), pairs=[("name", "Ibu Wati"), ("phone", "0812-9999-7531")])
    return booked(NINE, submission=sent)


def homeless(
    administrator: CheckedClient, *, spare: bool = True, received: Received | None = None
) -> Received:
    """A booking whose expert fell ill; ``spare``: a colleague has time."""
    (expert,) = open_clinic()
    received = received or with_phone()
    if spare:
        put_on_duty(make_expert("Pak Senggang"), TUESDAY, desk_id=make_desk())
        slots()
    sent = {"expert_id": str(expert), "part": "day"}
    assert administrator.post("/petugas/klinik/piket/2026-11-24/absen", data=sent).status_code == 303
    assert booking_of(received).must_move is True
    return received


def address(received: Received) -> str:
    """Its page."""
    return f"{PAGE}/{booking_of(received).id}"


def test_whoever_lost_the_half_hour_is_listed_with_name_and_time(sign_in: Enter) -> None:
    administrator = sign_in("administrator")
    received = homeless(administrator)
    row = next(words_of(r) for r in administrator.page(PAGE).all("tr") if "Ibu Wati" in words_of(r))
    assert "Selasa, 24 November 2026" in row
    assert "09.00" in row
    assert received.receipt_number in row


def test_the_same_time_with_another_expert_comes_first(sign_in: Enter) -> None:
    administrator = sign_in("administrator")
    page = administrator.page(address(homeless(administrator)))
    choices = [i.get("value") for i in page.all("input") if i.get("name") == "slot"]
    assert choices[:2] == [SAME, NEXT]
    assert "Jam yang sama, narasumber lain" in words_of(page.all("main")[0])


def test_who_has_no_telephone_was_not_called(sign_in: Enter) -> None:
    administrator = sign_in("administrator")
    received = homeless(administrator)
    unreached = f"{address(received)}/tidak-terhubungi"
    assert administrator.post(unreached, data={"tried": "no_number"}).status_code == 303
    assert booking_of(received).serve_first is True
    assert history(f"klinik:{booking_of(received).id}")[-1].after == {"how_asked": "no_number"}


def test_whoever_wants_another_day_gets_a_time_of_that_day(sign_in: Enter) -> None:
    administrator = sign_in("administrator")
    received, far_off = homeless(administrator), date(2026, 12, 10)
    (expert,) = open_clinic(days=(far_off,))
    page, late = address(received), "koperasi-20261210-1130"
    choices = [i.get("value") for i in administrator.page(page).all("input") if i.get("name") == "slot"]
    assert late not in choices, "only the nearest times stand there by themselves"
    asked_for = administrator.page(f"{page}?tanggal=2026-12-10")
    choices = [i.get("value") for i in asked_for.all("input") if i.get("name") == "slot"]
    assert late in choices
    assert len(choices) == len(set(choices))
    nothing = words_of(administrator.page(f"{page}?tanggal=2026-12-12").all("main")[0])
    assert "Tidak ada jam kosong Sabtu, 12 Desember 2026" in nothing
    sent = {"slot": late, "how_asked": "telephone"}
    assert administrator.post(page, data=sent).status_code == 303
    assert (booking_of(received).expert_id, booking_of(received).must_move) == (expert, False)


def test_after_consent_it_is_moved_and_how_was_asked_is_kept(sign_in: Enter) -> None:
    administrator = sign_in("administrator")
    received = homeless(administrator)
    sent = {"slot": NEXT, "how_asked": "telephone"}
    assert administrator.post(address(received), data=sent).status_code == 303
    booking = booking_of(received)
    assert (booking.must_move, booking.starts_at) == (False, wib(TUESDAY, "09.30"))
    assert db.session.get_one(Expert, booking.expert_id).name == "Pak Senggang"
    lines = history(f"klinik:{booking.id}")
    assert [line.deed for line in lines] == ["clinic.moved", "clinic.client_agreed"]
    assert lines[1].after == {"how_asked": "telephone"}
    own = administrator.get(f"/petugas/klinik/janji/{booking.id}").get_data(as_text=True)
    assert "Orangnya setuju dipindah" in own
    assert administrator.get(f"{PAGE}/{booking.id}").status_code == 404, "settled"


def test_without_saying_how_it_was_asked_nothing_moves(sign_in: Enter) -> None:
    administrator = sign_in("administrator")
    received = homeless(administrator)
    answer = administrator.post(address(received), data={"slot": NEXT})
    assert answer.status_code == 422
    assert "Pilih cara menanyakannya" in answer.get_data(as_text=True)
    assert booking_of(received).must_move is True


def test_a_time_that_went_meanwhile_is_said_and_the_others_are_shown(sign_in: Enter) -> None:
    administrator = sign_in("administrator")
    received = homeless(administrator)
    booked(NINE)
    answer = administrator.post(address(received), data={"slot": SAME, "how_asked": "telephone"})
    assert answer.status_code in {409, 422}
    page = administrator.parsed(answer)
    assert [e for e in page.all("p") if e.get("class") == "error"]
    assert NEXT in [i.get("value") for i in page.all("input") if i.get("name") == "slot"]
    assert booking_of(received).must_move is True


def test_who_cannot_be_reached_keeps_the_booking_and_is_served_first(sign_in: Enter) -> None:
    administrator = sign_in("administrator")
    received = homeless(administrator)
    assert administrator.post(f"{address(received)}/tidak-terhubungi", data={}).status_code == 422
    sent = {"tried": "whatsapp"}
    assert administrator.post(f"{address(received)}/tidak-terhubungi", data=sent).status_code == 303
    booking = booking_of(received)
    assert (booking.alive, booking.must_move, booking.serve_first) == (True, True, True)
    assert history(f"klinik:{booking.id}")[-1].deed == "clinic.unreached"
    assert "dilayani lebih dulu" in administrator.get(PAGE).get_data(as_text=True)
    assert "janji perlu dipindah" not in administrator.get("/petugas/klinik/jadwal").get_data(as_text=True)


def test_reached_in_the_end_it_is_moved_like_any_other(sign_in: Enter) -> None:
    administrator = sign_in("administrator")
    received = homeless(administrator)
    administrator.post(f"{address(received)}/tidak-terhubungi", data={"tried": "telephone"})
    administrator.post(address(received), data={"slot": SAME, "how_asked": "present"})
    booking = booking_of(received)
    assert (booking.must_move, booking.serve_first) == (False, False)


def test_the_number_is_shown_only_after_the_log_says_so(sign_in: Enter) -> None:
    administrator = sign_in("administrator")
    received = homeless(administrator)
    assert "9999" not in administrator.get(address(received)).get_data(as_text=True)
    answer = administrator.post(f"{address(received)}/nomor")
    words = answer.get_data(as_text=True)
    assert "wa.me/6281299997531?text=" in words
    assert "tidak bisa dilayani narasumber" in words
    assert [(look.subject, look.fields) for look in looks()] == [
        (f"klinik:{booking_of(received).id}", "phone")
    ]


def test_whoever_looks_at_many_numbers_is_noticed_here_too(
    sign_in: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact, "REVEALS_PER_HOUR", Limit("reveal", 1, 3600))
    administrator = sign_in("administrator")
    page = f"{address(homeless(administrator))}/nomor"
    noticed = select(History.id).where(History.deed == "account.many_reveals")
    for times in (0, 1):
        administrator.post(page)
        db.session.rollback()
        assert len(db.session.scalars(noticed).all()) == times


@pytest.mark.parametrize(
    ("deed", "sent"),
    [
        ("", {"slot": SAME, "how_asked": "telephone"}),
        ("/tidak-terhubungi", {"tried": "telephone"}),
    ],
)
def test_what_a_colleague_settled_a_moment_ago_is_said(
    sign_in: Enter, monkeypatch: pytest.MonkeyPatch, deed: str, sent: dict[str, str]
) -> None:
    administrator = sign_in("administrator")
    page = address(homeless(administrator))
    monkeypatch.setattr(moving, "find_to_move", lambda *_: None)
    answer = administrator.post(f"{page}{deed}", data=sent)
    assert answer.status_code == 409
    assert "sudah tidak perlu dipindah" in answer.get_data(as_text=True)


def test_without_a_number_and_without_a_free_time_the_page_says_what_is_left(sign_in: Enter) -> None:
    administrator = sign_in("administrator")
    open_clinic()
    received = booked(NINE)
    expert = booking_of(received).expert_id
    administrator.post("/petugas/klinik/piket/2026-11-24/absen", data={"expert_id": expert, "part": "day"})
    words = words_of(administrator.page(address(received)).all("main")[0])
    assert "Tidak ada nomor HP" in words
    assert "Belum ada jam kosong" in words


def test_who_cancelled_needs_no_moving(app: Flask, sign_in: Enter) -> None:
    administrator = sign_in("administrator")
    received = homeless(administrator)
    booking_id = booking_of(received).id
    atomically(lambda s: cancel(s, booking_id, actor=OFFICE, by_office=True))
    assert "Tidak ada janji yang perlu dipindah" in administrator.get(PAGE).get_data(as_text=True)
    assert administrator.post(f"{PAGE}/{booking_id}", data={}).status_code == 404


def test_online_ones_move_without_a_desk(sign_in: Enter) -> None:
    administrator = sign_in("administrator")
    (expert,) = open_clinic()
    received = booked(NINE, asked=asked(mode=Mode.ONLINE))
    put_on_duty(make_expert(), TUESDAY)
    slots()
    administrator.post("/petugas/klinik/piket/2026-11-24/absen", data={"expert_id": expert, "part": "day"})
    administrator.post(address(received), data={"slot": SAME, "how_asked": "whatsapp"})
    booking = booking_of(received)
    assert (booking.must_move, booking.desk_id, booking.expert_id != expert) == (False, None, True)
    assert len(db.session.scalars(select(Booking)).all()) == 1
