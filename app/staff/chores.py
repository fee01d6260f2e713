"""What the application does by itself, daily: ``flask jobs run``, and the serving process every few hours.

Each chore is harmless when done twice and finishes in short write blocks, so it needs no lock and no timetable.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Final

import click
from sqlalchemy.orm import Session

from app.accounts.services.signing_in import forget_ended_sessions
from app.clinic.keeping import forget_old as forget_old_appointments
from app.clinic.keeping import keep_ahead
from app.cooperatives.pocket_shelf import make_ready
from app.cooperatives.services.records import refresh_activity
from app.core.access import ANONYMOUS
from app.core.commands import CommandGroup
from app.core.limits import forget_old_windows
from app.core.transaction import atomically
from app.core.workdays import load_holiday_file
from app.imports.jobs import resume_stalled
from app.imports.retention import forget_old
from app.registry.services.holidays import load_first_days_off

log = logging.getLogger(__name__)

jobs_group = CommandGroup("jobs", help="Pekerjaan harian.")


def _refresh_all_activity() -> int:
    """Grades move with the calendar: derive every cooperative's activity anew, some hundred per block."""
    last, changed = 0, 0
    while True:
        last, more = atomically(partial(_refresh_after, last))
        changed += more
        if last == 0:
            return changed


def _refresh_after(last: int, session: Session) -> tuple[int, int]:
    return refresh_activity(session, after_id=last)


def _first_days_off() -> int:
    """A promise of working days needs the days off: a new installation has those of the list that comes along."""
    return atomically(partial(load_first_days_off, days=load_holiday_file(), actor=ANONYMOUS))


def _forget_sessions() -> int:
    return atomically(forget_ended_sessions)


def _forget_windows() -> int:
    return atomically(forget_old_windows)


def _resume_imports() -> int:
    return len(resume_stalled())


def _forget_lists() -> int:
    return len(forget_old())


def _make_clinic_times() -> int:
    made = keep_ahead()
    return made.added + made.removed


CHORES: Final[dict[str, Callable[[], int]]] = {
    "days off": _first_days_off,
    "activity": _refresh_all_activity,
    "pocket directory": make_ready,
    "ended sessions": _forget_sessions,
    "old limits": _forget_windows,
    "stalled imports": _resume_imports,
    "old lists": _forget_lists,
    "clinic times": _make_clinic_times,
    "old appointments": forget_old_appointments,
}


def run_chores() -> dict[str, int]:
    """Do all chores; how much each had to do. A chore that fails is logged and does not stop the others."""
    done: dict[str, int] = {}
    for name, chore in CHORES.items():
        try:
            done[name] = chore()
        except Exception:
            log.exception("the chore %s failed", name)
            done[name] = -1
    return done


@jobs_group.command("run")
def run() -> None:
    """Kerjakan semua pekerjaan harian sekarang."""
    done = run_chores()
    for name, count in done.items():
        click.echo(f"{name}: {count if count >= 0 else 'failed, see the log'}")
    if min(done.values()) < 0:
        raise click.ClickException("a job failed")
