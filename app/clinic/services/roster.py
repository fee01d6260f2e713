"""Experts, desks and the duty roster. After each change the half hours are made anew; no booking is lost."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.clinic.models import Desk, DutyDay, Expert, ExpertTopic
from app.clinic.queries.timetable import days_off_between, list_duties
from app.clinic.rules.booking import Topic
from app.clinic.rules.roster import copied, days_of_month, month_before, swapped
from app.clinic.rules.timetable import Duty, Service
from app.clinic.services.locking import days_between, lock_timetable
from app.clinic.services.slots import Made, make_slots
from app.clinic.services.timetable import remake
from app.core import audit
from app.core.access import Actor
from app.core.clock import today
from app.core.db import constraint_name
from app.core.errors import RuleBroken
from app.core.language import say

ROSTER: Final = "klinik:piket"
_PAST: Final = say("Yang sudah lewat tidak bisa diubah. Mulai hari ini atau nanti.")
_TAKEN: Final = say("Nama ini sudah ada di daftar.")


# --- experts and desks ----------------------------------------------------------------------------------------------


def save_expert(
    session: Session,
    *,
    expert_id: int | None,
    name: str,
    topics: Collection[Topic],
    account_id: int | None,
    meeting_link: str,
    active: bool,
    actor: Actor,
) -> int:
    """A new expert, or what is known of one changes. Raises RuleBroken('name', 'account_id'), LookupError."""
    lock_timetable(session)
    _refuse_same_name(session, Expert, name, expert_id)
    values = {"name": name, "account_id": account_id, "meeting_link": meeting_link, "active": active}
    try:
        if expert_id is None:
            saved = session.scalars(insert(Expert).returning(Expert.id), values).one()
        elif session.get(Expert, expert_id) is None:
            raise LookupError(expert_id)
        else:
            session.execute(update(Expert).where(Expert.id == expert_id).values(**values))
            saved = expert_id
    except IntegrityError as clash:
        if "account" in constraint_name(clash):
            raise RuleBroken(
                "account_id", say("Akun ini sudah milik narasumber lain."), code="taken"
            ) from clash
        raise RuleBroken("name", _TAKEN, code="taken") from clash
    session.execute(delete(ExpertTopic).where(ExpertTopic.expert_id == saved))
    if topics:
        session.execute(insert(ExpertTopic), [{"expert_id": saved, "topic": topic} for topic in topics])
    audit.record(
        session,
        deed="clinic.expert_saved",
        subject=f"narasumber:{saved}",
        actor=actor,
        after={**values, "topics": sorted(topics)},
    )
    if expert_id is not None:
        remake(session, actor=actor)
    return saved


def save_desk(session: Session, *, desk_id: int | None, name: str, active: bool, actor: Actor) -> None:
    """A new desk, another name, or no longer used. Raises RuleBroken('name'), LookupError.

    A desk that is no longer used leaves the roster of the days to come; its experts then serve from afar.
    """
    lock_timetable(session)
    _refuse_same_name(session, Desk, name, desk_id)
    values = {"name": name, "active": active}
    if desk_id is None:
        session.execute(insert(Desk), values)
    elif session.get(Desk, desk_id) is None:
        raise LookupError(desk_id)
    else:
        session.execute(update(Desk).where(Desk.id == desk_id).values(**values))
    if desk_id is not None and not active:
        session.execute(
            update(DutyDay).where(DutyDay.desk_id == desk_id, DutyDay.day >= today()).values(desk_id=None)
        )
        remake(session, actor=actor)
    _note(session, "clinic.desk_saved", actor, after={"desk": name, "active": active})


def _refuse_same_name(session: Session, table: Any, name: str, own_id: int | None) -> None:
    other = session.scalar(select(table.id).where(func.lower(table.name) == name.lower()))
    if other is not None and other != own_id:
        raise RuleBroken("name", _TAKEN, code="taken")


# --- the roster -----------------------------------------------------------------------------------------------------


def put_on_roster(
    session: Session,
    *,
    expert_id: int,
    desk_id: int | None,
    services: Collection[Service],
    weekdays: Collection[int],
    first_day: date,
    last_day: date,
    actor: Actor,
) -> Made:
    """An expert serves on these weekdays from..to, days off left out. Who serves there already gets the desk.

    Raises RuleBroken at 'first_day', 'last_day', 'weekdays' or 'desk_id'.
    """
    lock_timetable(session)
    days = _days_of_duty(session, weekdays, first_day, last_day)
    first_day, last_day = days[0], days[-1]
    wanted = [Duty(day, service, expert_id, desk_id) for day in days for service in services]
    _refuse_full_desk(session, wanted, first_day, last_day)
    _write(session, wanted, first_day, last_day)
    _note(
        session,
        "clinic.duty_added",
        actor,
        after={
            "expert": _name(session, expert_id),
            "services": sorted(services),
            "from": first_day.isoformat(),
            "until": last_day.isoformat(),
            "days": len(days),
        },
    )
    return remake(session, actor=actor, first_day=first_day, last_day=last_day)


def _days_of_duty(session: Session, weekdays: Collection[int], first_day: date, last_day: date) -> list[date]:
    """These weekdays from..to, without days off and the past. Raises RuleBroken where there are none."""
    if last_day < first_day:
        raise RuleBroken("last_day", say("Tanggal akhir tidak boleh sebelum tanggal mulai."))
    if (last_day - first_day).days > 366:
        raise RuleBroken("last_day", say("Paling lama satu tahun sekali isi."))
    if last_day < today():
        raise RuleBroken("first_day", _PAST)
    first_day = max(first_day, today())
    off = days_off_between(session, first_day, last_day)
    days = [day for day in days_between(first_day, last_day) if day.weekday() in weekdays and day not in off]
    if not days:
        raise RuleBroken("weekdays", say("Tidak ada hari kerja di antara tanggal itu."))
    return days


def _refuse_full_desk(session: Session, wanted: list[Duty], first_day: date, last_day: date) -> None:
    """One conversation at a desk at a time."""
    asked: dict[tuple[date, Service, int | None], int] = {
        (duty.day, duty.service, duty.desk_id): duty.expert_id for duty in wanted if duty.desk_id
    }
    for duty in list_duties(session, first_day, last_day):
        expert_id = asked.get((duty.day, duty.service, duty.desk_id))
        if expert_id is not None and expert_id != duty.expert_id:
            raise RuleBroken(
                "desk_id",
                say(
                    "Meja ini sudah dipakai %(expert)s pada %(day)s. Pilih meja lain.",
                    expert=_name(session, duty.expert_id),
                    day=f"{duty.day:%d-%m-%Y}",
                ),
            )


def _write(session: Session, wanted: Iterable[Duty], first_day: date, last_day: date) -> int:
    """Add what is not there yet; who is there already gets the desk. How many are new."""
    known = {(duty.day, duty.service, duty.expert_id) for duty in list_duties(session, first_day, last_day)}
    new = []
    for duty in wanted:
        if (duty.day, duty.service, duty.expert_id) in known:
            session.execute(
                update(DutyDay)
                .where(
                    DutyDay.day == duty.day,
                    DutyDay.service == duty.service,
                    DutyDay.expert_id == duty.expert_id,
                )
                .values(desk_id=duty.desk_id)
            )
        else:
            new.append(_row(duty))
    if new:
        session.execute(insert(DutyDay), new)
    return len(new)


def _row(duty: Duty) -> dict[str, Any]:
    return {
        "day": duty.day,
        "service": duty.service,
        "expert_id": duty.expert_id,
        "desk_id": duty.desk_id,
    }


def take_off_roster(session: Session, *, duty_id: int, actor: Actor) -> Made:
    """One place of the roster is empty again. Raises RuleBroken for a day that has passed, LookupError."""
    lock_timetable(session)
    duty = session.get(DutyDay, duty_id)
    if duty is None:
        raise LookupError(duty_id)
    day, expert_id, service = duty.day, duty.expert_id, duty.service
    if day < today():
        raise RuleBroken("", _PAST)
    session.execute(delete(DutyDay).where(DutyDay.id == duty_id))
    _note(
        session,
        "clinic.duty_removed",
        actor,
        before={"expert": _name(session, expert_id), "services": [service], "from": day.isoformat()},
    )
    return make_slots(session, day, day, actor=actor)


def copy_month(session: Session, *, month: date, actor: Actor) -> int:
    """The roster of the month before, by weekday of the month; what is there stays. How many places are new.

    Raises RuleBroken when the month before is empty, or ``month`` has passed.
    """
    lock_timetable(session)
    days = days_of_month(month)
    if days[-1] < today():
        raise RuleBroken("", _PAST)
    before = days_of_month(month_before(month))
    source = list_duties(session, before[0], before[-1])
    if not source:
        raise RuleBroken("", say("Bulan sebelumnya belum ada piket, jadi tidak ada yang disalin."))
    off = days_off_between(session, days[0], days[-1])
    there = list_duties(session, days[0], days[-1])
    known = {(duty.day, duty.service, duty.expert_id) for duty in there}
    desks: set[tuple[date, Service, int | None]] = {(duty.day, duty.service, duty.desk_id) for duty in there}
    used = set(session.scalars(select(Desk.id).where(Desk.active)))
    new = [
        _without_desk(duty, desks, used)
        for duty in copied(source, month, off, today())
        if (duty.day, duty.service, duty.expert_id) not in known
    ]
    if new:
        session.execute(insert(DutyDay), [_row(duty) for duty in new])
        _note(session, "clinic.month_copied", actor, after={"from": days[0].isoformat(), "days": len(new)})
        remake(session, actor=actor, first_day=days[0], last_day=days[-1])
    return len(new)


def _without_desk(duty: Duty, taken: set[tuple[date, Service, int | None]], used: set[int]) -> Duty:
    """Where the desk has gone, or somebody else sits at it by now, the expert serves from afar."""
    if duty.desk_id in used and (duty.day, duty.service, duty.desk_id) not in taken:
        return duty
    return Duty(duty.day, duty.service, duty.expert_id)


def swap(session: Session, *, day: date, one: int, other: int, actor: Actor) -> Made:
    """Two experts in each other's place on a day. Raises RuleBroken('other')."""
    lock_timetable(session)
    if day < today():
        raise RuleBroken("", _PAST)
    if one == other:
        raise RuleBroken("other", say("Pilih dua narasumber yang berbeda."))
    theirs = [duty for duty in list_duties(session, day, day) if duty.expert_id in {one, other}]
    if not theirs:
        raise RuleBroken("one", say("Keduanya tidak piket pada hari itu."))
    session.execute(delete(DutyDay).where(DutyDay.day == day, DutyDay.expert_id.in_([one, other])))
    session.execute(insert(DutyDay), [_row(duty) for duty in swapped(theirs, one, other)])
    _note(
        session,
        "clinic.swapped",
        actor,
        after={
            "expert": _name(session, one),
            "other": _name(session, other),
            "from": day.isoformat(),
        },
    )
    return make_slots(session, day, day, actor=actor)


def _name(session: Session, expert_id: int) -> str:
    return session.scalar(select(Expert.name).where(Expert.id == expert_id)) or ""


def _note(
    session: Session,
    deed: str,
    actor: Actor,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(session, deed=deed, subject=ROSTER, actor=actor, before=before, after=after)
