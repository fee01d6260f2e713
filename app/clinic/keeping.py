"""Half hours are made ahead without anybody pressing a button: by the daily chores, or a line of cron."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from app.clinic.services.slots import Made, make_slots
from app.clinic.services.timetable import AT_ONCE, weeks_to_make
from app.core.access import ANONYMOUS, Actor
from app.core.db import db
from app.core.transaction import atomically


def keep_ahead(actor: Actor = ANONYMOUS) -> Made:
    """Half hours for as many weeks as the office wants, a week in each short block. May run again."""
    return _make(timedelta(0), actor)


def remake_rest(actor: Actor) -> Made:
    """After a change of the timetable: the weeks further off than those that were made anew with it."""
    return _make(AT_ONCE, actor)


def _make(after: timedelta, actor: Actor) -> Made:
    added = removed = to_move = 0
    for first_day, last_day in weeks_to_make(db.session(), after=after):
        made = atomically(partial(make_slots, first_day=first_day, last_day=last_day, actor=actor))
        added, removed, to_move = added + made.added, removed + made.removed, to_move + made.to_move
    return Made(added, removed, to_move)
