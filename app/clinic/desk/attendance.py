"""The attendance sheet of a day, on paper: the office's accounts want signatures of who came and who advised."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask import Response, request

from app.clinic import room
from app.clinic.queries.attendance import Line, attendance
from app.clinic.rules.booking import Mode
from app.clinic.slot_codes import read_day
from app.clinic.words import MODE_WORDS, TOPIC_WORDS
from app.core.access import Access
from app.core.clock import today
from app.core.db import db
from app.core.page import page
from app.regions.queries import places

# Lines to be written by hand: who comes without an appointment while the sheet lies at the door.
LINES_BY_HAND: Final = 4


@room.get("/petugas/klinik/daftar-hadir", access=Access.SERVE_CLINIC)
def desk_attendance() -> Response:
    """Today's, or that of another day (``?tanggal=2026-11-24``). Without telephones: everybody at the door reads it."""
    day = read_day(request.args.get("tanggal", "")) or today()
    lines = attendance(db.session(), day)
    return page(
        "clinic/desk_attendance.html",
        day=day,
        lines=lines,
        by_hand=range(len(lines) + 1, len(lines) + 1 + _by_hand(day)),
        experts=experts_of(lines),
        place_name=places().short_name,
        mode_words=MODE_WORDS,
        topic_words=TOPIC_WORDS,
        at_the_office=Mode.IN_PERSON,
    )


def _by_hand(day: date) -> int:
    """A day gone by has nobody left to come."""
    return LINES_BY_HAND if day >= today() else 0


def experts_of(lines: list[Line]) -> list[tuple[str, int]]:
    """Experts in the order of their names, and how many appointments each has."""
    names = [line.seat.expert for line in lines]
    return [(name, names.count(name)) for name in sorted(set(names))]
