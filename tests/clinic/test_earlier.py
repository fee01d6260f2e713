"""Who asked for an earlier time is told when one is given back: listed, written to, moved when they agree."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.clinic.desk import earlier
from app.clinic.models import Setting, Slot
from app.clinic.queries import earlier as queries
from app.clinic.queries.earlier import Asker, list_askers, other_times
from app.clinic.queries.people import NOBODY, Person, people_of
from app.clinic.queries.today import booking_of_submission
from app.clinic.rules.booking import BookingStatus, Mode
from app.clinic.services.cancelling import cancel
from app.core.clock import now
from app.core.db import db
from app.core.transaction import atomically
from app.registry.queries.submissions import token_of
from tests.checked_client import CheckedClient
from tests.factories.clinic import (
    OFFICE,
    TUESDAY,
    asked,
    booked,
    incoming,
    make_expert,
    open_clinic,
    put_on_duty,
    slots,
    wib,
)
from tests.factories.clinic_day import CLINIC, STORED, appointment, booking, change, online, put
from tests.factories.desk import history, looks
from tests.page_rules import words_of
from tests.statement_watch import statements_sent

Enter = Callable[[str], CheckedClient]
At = Callable[[str], None]
WISHES = f"{CLINIC}/permintaan"
WEDNESDAY = TUESDAY + timedelta(days=1)
NINE = wib(TUESDAY, "09.00")
AT_NINE = "koperasi-20261124-0900"


@pytest.fixture(autouse=True)
def at_once(app: Flask) -> None:
    """What is given back is offered without a pause."""
    atomically(lambda s: s.execute(insert(Setting), {"name": "reoffer_minutes", "value": 0}))


def give_back(booking_id: int) -> None:
    """Somebody cancels."""
    atomically(lambda s: cancel(s, booking_id, actor=OFFICE, by_office=True))


def askers() -> list[Asker]:
    """As the desk sees them now."""
    db.session.rollback()
    return list_askers(db.session(), now=now())


def names() -> list[str]:
    return [one.person.name for one in askers()]


def wants(name: str, clock: str = "11.00", *, expert: int | None = None, **values: Any) -> int:
    """Somebody with a time on Wednesday who would come earlier; ``expert``: only to that one."""
    pairs = [("name", name), ("phone", "0812-9999-7531")]
    if expert:
        pairs.append(("narasumber", str(expert)))
    values.setdefault("asked", asked(expert_id=expert))
    made = booked(
        wib(WEDNESDAY, clock), submission=replace(incoming(), pairs=pairs), wants_earlier=True, **values
    )
    found = booking_of_submission(db.session(), made.submission_id)
    assert found is not None
    db.session.rollback()
    return found


def test_nobody_is_listed_until_somebody_gives_a_time_back(sign_in: Enter) -> None:
    open_clinic(days=(TUESDAY, WEDNESDAY))
    first = appointment(NINE)
    wants("Bu Menunggu")  # other half hours before it are free all the time: those were there to be chosen
    officer = sign_in("officer")
    assert "lebih-awal" not in officer.get(WISHES).text
    assert "Jam lebih awal" not in officer.get(CLINIC).text
    give_back(first)
    assert "Jam lebih awal (1)" in officer.get(CLINIC).text
    row = next(words_of(r) for r in officer.page(WISHES).all("tr") if "Bu Menunggu" in words_of(r))
    assert "Selasa, 24 November 2026, 09.00" in row
    assert "Rabu, 25 November 2026, 11.00" in row
    assert "lebih-awal" not in officer.get(f"{WISHES}?kotak=kabari").text


def test_who_waits_longest_is_first(at: At) -> None:
    open_clinic(days=(TUESDAY, WEDNESDAY))
    first = appointment(NINE)
    newest = wants("Bu Baru", "10.00")
    wants("Bu Tengah", "10.30")
    wants("Bu Lama", "11.00")
    change(newest, booked_at=now() + timedelta(minutes=3))
    change(newest + 1, booked_at=now() + timedelta(minutes=2))
    at("2026-11-23T15:00+07:00")
    give_back(first)
    assert names() == ["Bu Lama", "Bu Tengah", "Bu Baru"]


def test_the_random_pause_is_waited_for(at: At) -> None:
    open_clinic(days=(TUESDAY, WEDNESDAY))
    first = appointment(NINE)
    wants("Bu Menunggu")
    give_back(first)
    pause = now() + timedelta(minutes=10)
    atomically(lambda s: s.execute(update(Slot).where(Slot.starts_at == NINE).values(offered_from=pause)))
    assert names() == []
    at((pause + timedelta(seconds=1)).isoformat())
    assert names() == ["Bu Menunggu"]


def test_what_was_free_when_they_booked_they_could_have_had(at: At) -> None:
    open_clinic(days=(TUESDAY, WEDNESDAY))
    give_back(appointment(NINE))
    at("2026-11-23T15:00+07:00")
    wants("Bu Memilih")
    assert names() == []


def test_only_what_fits_is_offered() -> None:
    one, other = open_clinic(2, days=(TUESDAY, WEDNESDAY))
    at_home = make_expert("Bu Rumah")
    put_on_duty(at_home, TUESDAY)
    slots()
    afar = appointment(NINE, "Pak Jauh", None, asked=asked(mode=Mode.ONLINE, expert_id=at_home))
    here = appointment(wib(TUESDAY, "10.00"), "Pak Dekat", None, asked=asked(expert_id=one))
    wants("Bu Kantor", "10.00")
    wants("Bu Zoom", "10.30", asked=online())
    wants("Bu Satu", "11.00", expert=one)
    wants("Bu Dua", "11.30", expert=other)
    give_back(afar)
    assert names() == ["Bu Zoom"], "no desk there, and not the experts that were asked for"
    give_back(here)
    free = {a.person.name: f"{a.free_at.astimezone(NINE.tzinfo):%H.%M}" for a in askers()}
    assert free == {"Bu Kantor": "10.00", "Bu Zoom": "09.00", "Bu Satu": "10.00"}


def test_who_settled_cancelled_or_must_move_is_not_asked() -> None:
    open_clinic(days=(TUESDAY, WEDNESDAY))
    first = appointment(NINE)
    gone, lost, here = wants("Bu Batal", "10.00"), wants("Bu Pindah", "10.30"), wants("Bu Tiba", "11.00")
    give_back(first)
    assert len(names()) == 3
    give_back(gone)
    change(lost, must_move=True)
    put(here, BookingStatus.ARRIVED)
    assert names() == []


def test_the_day_asks_once_while_nothing_was_given_back_and_few_times_else() -> None:
    open_clinic(days=(TUESDAY, WEDNESDAY))
    first = appointment(NINE)
    for clock in ("09.30", "10.00", "10.30", "11.00"):
        wants(f"Bu {clock}", clock)
    with statements_sent() as sent:
        assert askers() == []
    assert len([one for one in sent if one.lstrip().startswith("SELECT")]) == 1
    give_back(first)
    with statements_sent() as sent:
        assert len(askers()) == 4
    assert len([one for one in sent if one.lstrip().startswith("SELECT")]) == 3


def test_the_page_offers_first_what_the_list_says(sign_in: Enter) -> None:
    open_clinic(days=(TUESDAY, WEDNESDAY))
    last, one = appointment(wib(TUESDAY, "11.30")), wants("Bu Menunggu")
    give_back(last)  # half hours before it were free all the time
    page = sign_in("officer").page(f"{CLINIC}/janji/{one}/jam-lain")
    choices = [i.get("value") for i in page.all("input") if i.get("name") == "slot"]
    assert choices[:2] == ["koperasi-20261124-1130", AT_NINE]
    assert len(choices) == len(set(choices))
    assert "Ada jam yang lebih awal: Selasa, 24 November 2026, 11.30" in words_of(page.all("main")[0])


def test_the_message_says_both_times_and_has_the_link(sign_in: Enter) -> None:
    open_clinic(days=(TUESDAY, WEDNESDAY))
    first, one = appointment(NINE), wants("Bu Menunggu")
    give_back(first)
    officer = sign_in("officer")
    address = f"{CLINIC}/janji/{one}/jam-lain"
    page = officer.get(address).text
    assert "9999" not in page
    assert looks() == []
    shown = officer.post(f"{address}/nomor")
    assert shown.status_code == 200
    text = unquote(shown.text)
    assert f"wa.me/{STORED}" in text
    assert "Ada jam yang lebih awal: Selasa, 24 November 2026, 09.00" in text
    assert f"/klinik/pesanan/{token_of(booking(one).submission_id)}" in text
    assert [look.subject for look in looks()] == [f"klinik:{one}"]


def test_after_consent_it_is_moved_and_off_the_list(sign_in: Enter) -> None:
    open_clinic(days=(TUESDAY, WEDNESDAY))
    first, one = appointment(NINE), wants("Bu Menunggu")
    give_back(first)
    officer, address = sign_in("officer"), f"{CLINIC}/janji/{one}/jam-lain"
    for wrong in ({}, {"slot": AT_NINE}, {"slot": "koperasi-20261125-1130", "how_asked": "telephone"}):
        assert officer.post(address, data=wrong).status_code == 422
    sent = {"slot": AT_NINE, "how_asked": "telephone"}
    assert officer.post(address, data=sent).status_code == 303
    kept = booking(one)
    assert (kept.starts_at, kept.wants_earlier) == (NINE, False)
    assert [line.deed for line in history(f"klinik:{one}")][-2:] == ["clinic.moved", "clinic.client_agreed"]
    assert history(f"klinik:{one}")[-1].after == {"how_asked": "telephone"}
    assert names() == []
    assert officer.post(address, data=sent).location == f"{CLINIC}/janji/{one}", "pressed twice"
    assert len(history(f"klinik:{one}")) == 2
    other = {**sent, "slot": "koperasi-20261124-0930"}
    assert officer.post(address, data=other).status_code == 422, "nothing is earlier now"


def test_somebody_else_was_quicker(sign_in: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    open_clinic(days=(TUESDAY, WEDNESDAY))
    first, one = appointment(NINE), wants("Bu Menunggu")
    give_back(first)
    officer, address = sign_in("officer"), f"{CLINIC}/janji/{one}/jam-lain"
    offered = earlier._times
    seen: list[int] = []

    def slow(*given: object) -> object:
        found = offered(*given)  # type: ignore[arg-type]
        if not seen:
            seen.append(1)
            booked(NINE)
        return found

    monkeypatch.setattr(earlier, "_times", slow)
    answer = officer.post(address, data={"slot": AT_NINE, "how_asked": "telephone"})
    assert answer.status_code == 409
    assert "baru diambil orang lain" in answer.text
    assert booking(one).starts_at == wib(WEDNESDAY, "11.00")


def test_who_keeps_the_old_time_is_not_asked_again(sign_in: Enter) -> None:
    open_clinic(days=(TUESDAY, WEDNESDAY))
    first, one = appointment(NINE), wants("Bu Menunggu")
    give_back(first)
    officer, address = sign_in("officer"), f"{CLINIC}/janji/{one}/jam-lain"
    assert "Tetap di jam semula" in officer.get(address).text
    for _ in range(2):
        assert officer.post(f"{address}/tetap").status_code == 303
    assert names() == []
    assert booking(one).starts_at == wib(WEDNESDAY, "11.00")
    assert [line.deed for line in history(f"klinik:{one}")] == ["clinic.keeps_time"]
    assert "Tetap di jam semula" not in officer.get(address).text


def test_what_is_over_leads_back_to_the_appointment(sign_in: Enter) -> None:
    open_clinic(days=(TUESDAY, WEDNESDAY))
    one = wants("Bu Menunggu")
    give_back(one)
    officer, address = sign_in("officer"), f"{CLINIC}/janji/{one}/jam-lain"
    assert officer.get(address).location == f"{CLINIC}/janji/{one}"
    for deed in ("", "/tetap", "/nomor"):
        assert officer.post(address + deed).location == f"{CLINIC}/janji/{one}"
    assert looks() == []
    assert officer.get(f"{CLINIC}/janji/99999/jam-lain").status_code == 404


def test_others_may_not(sign_in: Enter) -> None:
    open_clinic(days=(TUESDAY, WEDNESDAY))
    one = wants("Bu Menunggu")
    for name in ("expert", "leader", "member"):
        assert sign_in(name).get(f"{CLINIC}/janji/{one}/jam-lain").status_code == 403, name


def test_for_one_of_them_nobody_elses_form_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    open_clinic(days=(TUESDAY, WEDNESDAY))
    first = appointment(NINE)
    wants("Bu Lain", "10.30")
    mine = wants("Bu Saya", "11.00")
    give_back(first)
    opened: list[str] = []

    def counted(session: Session, ids: Collection[str]) -> dict[str, Person]:
        opened.extend(ids)
        return people_of(session, ids)

    monkeypatch.setattr(queries, "people_of", counted)
    found = booking(mine)
    times = other_times(db.session(), found, NOBODY, now=now())
    assert times[0].starts_at == NINE
    assert opened == [found.submission_id]
