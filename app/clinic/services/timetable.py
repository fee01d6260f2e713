"""The office changes hours, numbers and closures; after each change the half hours are made anew."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, time, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.clinic.models import ClosedTime, Desk, Expert, OpeningHours, Setting
from app.clinic.queries.roster import last_slot_day
from app.clinic.queries.timetable import number
from app.clinic.rules.hours import HoursKind, check_dates, check_hours, check_range, ended_before
from app.clinic.rules.settings import NUMBERS, WEEKS_AHEAD
from app.clinic.rules.timetable import Service, ordinary_hours
from app.clinic.services.locking import lock_timetable
from app.clinic.services.slots import SUBJECT, Made, make_slots
from app.core import audit
from app.core.access import Actor
from app.core.clock import today
from app.core.errors import RuleBroken
from app.core.language import say

_MOST: Final = 5000
_ONE_DAY: Final = timedelta(days=1)
AT_ONCE: Final = timedelta(weeks=5)


def horizon(session: Session) -> date:
    """The last day that half hours are made for: as far ahead as the office wants, or as there are any."""
    wanted = today() + timedelta(weeks=number(session, WEEKS_AHEAD))
    return max(wanted, last_slot_day(session) or wanted)


def remake(
    session: Session, *, actor: Actor, first_day: date | None = None, last_day: date | None = None
) -> Made:
    """Make the half hours of these days anew (None: all that are offered), some weeks of them at once.

    What lies further off is made in blocks of its own (keeping.py: remake_rest), so that nobody waits for a long one.
    """
    first_day = max(first_day or today(), today())
    end = min(horizon(session), first_day + AT_ONCE)
    return make_slots(session, first_day, min(last_day or end, end), actor=actor)


def remake_days(session: Session, days: Collection[date], actor: Actor) -> None:
    """The calendar of days off changed: the half hours of these days are made anew."""
    lock_timetable(session)
    end = horizon(session)
    for day in sorted(days):
        if today() <= day <= end:
            make_slots(session, day, day, actor=actor)


# --- weekly hours ---------------------------------------------------------------------------------------------------


def add_hours(
    session: Session,
    *,
    services: Collection[Service],
    weekdays: Collection[int],
    starts: time,
    ends: time,
    kind: HoursKind,
    valid_from: date,
    valid_until: date | None,
    actor: Actor,
) -> Made:
    """Hours for weekdays. Raises RuleBroken('ends', 'valid_from', 'valid_until')."""
    lock_timetable(session)
    check_hours(starts, ends)
    check_range(kind, valid_from, valid_until, today())
    write_proposal_down(session)
    if kind is HoursKind.INSTEAD:
        _give_way(session, services, weekdays, valid_from)
    rows: list[dict[str, Any]] = [
        {
            "service": service,
            "weekday": weekday,
            "starts": starts,
            "ends": ends,
            "valid_from": valid_from,
            "valid_until": valid_until,
            "special": kind is HoursKind.SPECIAL,
        }
        for service in services
        for weekday in weekdays
    ]
    session.execute(insert(OpeningHours), rows)
    _note(
        session,
        "clinic.hours_added",
        actor,
        after={
            "services": sorted(services),
            "weekdays": sorted(weekdays),
            "time": f"{starts:%H.%M}-{ends:%H.%M}",
            "kind": kind,
            "from": valid_from.isoformat(),
            "until": valid_until.isoformat() if valid_until else "",
        },
    )
    return remake(session, actor=actor, first_day=valid_from, last_day=valid_until)


def write_proposal_down(session: Session) -> None:
    """The office's proposal holds while nothing is written; the first line of one's own must not end it."""
    if session.scalar(select(OpeningHours.id).limit(1)) is not None:
        return
    session.execute(
        insert(OpeningHours),
        [
            {
                "service": hours.service,
                "weekday": hours.weekday,
                "starts": hours.starts,
                "ends": hours.ends,
                "valid_from": hours.valid_from,
            }
            for hours in ordinary_hours(today())
        ],
    )


def _give_way(
    session: Session, services: Collection[Service], weekdays: Collection[int], new_from: date
) -> None:
    rows = session.scalars(
        select(OpeningHours)
        .where(
            OpeningHours.service.in_(services),
            OpeningHours.weekday.in_(weekdays),
            ~OpeningHours.special,
        )
        .order_by(OpeningHours.id)
        .limit(_MOST)
    ).all()
    for row in rows:
        _end(session, row, new_from)
    session.flush()


def _end(session: Session, row: OpeningHours, new_from: date) -> None:
    last = ended_before(row.valid_from, row.valid_until, new_from)
    if last is None:
        session.delete(row)
    else:
        row.valid_until = last


def end_hours(session: Session, *, hours_id: int, actor: Actor) -> Made:
    """A line of hours holds no longer from today on. Raises LookupError."""
    lock_timetable(session)
    write_proposal_down(session)
    row = session.get(OpeningHours, hours_id)
    if row is None:
        raise LookupError(hours_id)
    before = {
        "services": [row.service],
        "weekdays": [row.weekday],
        "time": f"{row.starts:%H.%M}-{row.ends:%H.%M}",
    }
    # a table without any line would bring the proposal back, so one that began today only ends
    if row.valid_from > today():
        session.delete(row)
    else:
        row.valid_until = today() - _ONE_DAY
    session.flush()
    _note(session, "clinic.hours_ended", actor, before=before)
    return remake(session, actor=actor)


# --- numbers --------------------------------------------------------------------------------------------------------


def set_numbers(session: Session, values: dict[str, int], *, actor: Actor) -> Made:
    """The office's own numbers. Raises RuleBroken at the number that is out of its limits."""
    lock_timetable(session)
    before: dict[str, int] = {}
    for name, value in values.items():
        setting = NUMBERS[name]
        if not setting.least <= value <= setting.most:
            raise RuleBroken(
                name,
                say("Isi angka %(least)s sampai %(most)s.", least=setting.least, most=setting.most),
            )
        old = number(session, setting)
        if old != value:
            before[name] = old
            _set(session, name, value)
    if before:
        _note(
            session, "clinic.numbers_set", actor, before=before, after={name: values[name] for name in before}
        )
    return remake(session, actor=actor)


def _set(session: Session, name: str, value: int) -> None:
    if session.get(Setting, name) is None:
        session.execute(insert(Setting), {"name": name, "value": value})
    else:
        session.execute(update(Setting).where(Setting.name == name).values(value=value))


# --- closures -------------------------------------------------------------------------------------------------------


def close(
    session: Session,
    *,
    first_day: date,
    last_day: date | None = None,
    starts: time | None = None,
    ends: time | None = None,
    expert_id: int | None = None,
    desk_id: int | None = None,
    reason: str = "",
    actor: Actor,
) -> Made:
    """Nothing is offered then: everything, one expert, or one desk. Raises RuleBroken at the field that is wrong."""
    lock_timetable(session)
    last_day = last_day or first_day
    if last_day < today():
        raise RuleBroken("first_day", say("Yang sudah lewat tidak bisa diubah. Mulai hari ini atau nanti."))
    check_dates(first_day, last_day, field="last_day")
    if starts is not None and ends is not None and ends <= starts:
        raise RuleBroken("ends", say("Jam selesai harus sesudah jam mulai."))
    if expert_id is not None and session.get(Expert, expert_id) is None:
        raise RuleBroken("whom", say("Pilih salah satu yang ada di daftar."))
    if desk_id is not None and session.get(Desk, desk_id) is None:
        raise RuleBroken("whom", say("Pilih salah satu yang ada di daftar."))
    row = {
        "first_day": first_day,
        "last_day": last_day,
        "starts": starts,
        "ends": ends,
        "expert_id": expert_id,
        "desk_id": desk_id,
        "reason": reason,
    }
    session.execute(insert(ClosedTime), row)
    _note(session, "clinic.closed", actor, after=_plain(row))
    return remake(session, actor=actor, first_day=first_day, last_day=last_day)


def reopen(session: Session, *, closure_id: int, actor: Actor) -> Made:
    """A closure is taken back; bookings that lost their half hour get it back. Raises LookupError."""
    lock_timetable(session)
    row = session.get(ClosedTime, closure_id)
    if row is None:
        raise LookupError(closure_id)
    first_day, last_day = row.first_day, row.last_day
    before = {name: getattr(row, name) for name in _CLOSURE}
    session.execute(delete(ClosedTime).where(ClosedTime.id == closure_id))
    _note(session, "clinic.reopened", actor, before=_plain(before))
    return remake(session, actor=actor, first_day=first_day, last_day=last_day)


_CLOSURE: Final = ("first_day", "last_day", "starts", "ends", "expert_id", "desk_id", "reason")


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date | time) else value
        for name, value in row.items()
        if value not in (None, "")
    }


# --- making half hours ----------------------------------------------------------------------------------------------


def weeks_to_make(session: Session, *, after: timedelta = timedelta(0)) -> Sequence[tuple[date, date]]:
    """The weeks that are offered (from ``after`` today on), one after the other, for one short block each."""
    return weeks_between(today() + after, horizon(session))


def weeks_between(first_day: date, last_day: date) -> Sequence[tuple[date, date]]:
    """The days from..to, seven at a time."""
    begins = (first_day + timedelta(weeks=n) for n in range((last_day - first_day).days // 7 + 1))
    return [(day, min(day + timedelta(days=6), last_day)) for day in begins]


def _note(
    session: Session,
    deed: str,
    actor: Actor,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(session, deed=deed, subject=SUBJECT, actor=actor, before=before, after=after)
