"""Half hours are made ahead, and what is too old goes, without anybody pressing a button: daily chores, or cron."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial

from app.clinic.rules.settings import KEPT_FOR
from app.clinic.services.forgetting import forget_before
from app.clinic.services.slots import Made, make_slots
from app.clinic.services.timetable import AT_ONCE, weeks_to_make
from app.core.access import ANONYMOUS, Actor
from app.core.clock import now
from app.core.db import db
from app.core.transaction import atomically


def keep_ahead(actor: Actor = ANONYMOUS) -> Made:
    """Half hours for as many weeks as the office wants, a week in each short block. May run again."""
    return make_by_weeks(weeks_to_make(db.session()), actor)


def remake_rest(actor: Actor) -> Made:
    """After a change of the timetable: the weeks further off than those that were made anew with it."""
    return make_by_weeks(weeks_to_make(db.session(), after=AT_ONCE), actor)


def make_by_weeks(weeks: Iterable[tuple[date, date]], actor: Actor) -> Made:
    """Half hours of these weeks (first and last day), each in a short block of its own."""
    added = removed = to_move = 0
    for first_day, last_day in weeks:
        made = atomically(partial(make_slots, first_day=first_day, last_day=last_day, actor=actor))
        added, removed, to_move = added + made.added, removed + made.removed, to_move + made.to_move
    return Made(added, removed, to_move)


def forget_old(actor: Actor = ANONYMOUS) -> int:
    """What people sent longer ago than they were told it is kept; how many were forgotten. May run again."""
    before, forgotten = now() - KEPT_FOR, 0
    while found := atomically(partial(forget_before, before=before, actor=actor)):
        forgotten += found
    return forgotten
