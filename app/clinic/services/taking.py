"""Taking a half hour: the best that is free, or in words why there is none. For booking, holding and moving."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.clinic.models import Slot
from app.clinic.queries.free import NOTICE, Asked, FreeTime, list_candidates, nearest_free_times
from app.clinic.queries.timetable import last_open_day, number
from app.clinic.rules.booking import Mode
from app.clinic.rules.settings import WEEKS_AHEAD
from app.core.clock import in_wib, now
from app.core.db import constraint_name
from app.core.errors import RuleBroken
from app.core.language import say

if TYPE_CHECKING:
    from flask_babel import LazyString

_TAKEN: Final = say("Jam ini baru diambil orang lain. Pilih jam lain. Isian tidak hilang.")
_LATE: Final = say("Jam ini sudah lewat, atau tinggal sebentar lagi. Pilih jam lain. Isian tidak hilang.")
_SAME_TIME: Final = say("Nomor HP ini sudah punya janji pada jam yang sama.")


class SlotTaken(RuleBroken):
    """Somebody else was quicker. ``alternatives`` are the free times nearest to the wanted one."""

    def __init__(self, alternatives: list[FreeTime], sentence: LazyString = _TAKEN) -> None:
        super().__init__("slot", sentence, code="taken")
        self.alternatives = alternatives


def first_candidate(session: Session, asked: Asked, starts_at: datetime) -> Slot:
    """The best free slot. Raises SlotTaken."""
    found = list_candidates(session, asked, starts_at, now=now())
    if not found:
        raise SlotTaken(times_near(session, asked, starts_at))
    return found[0]


def times_near(session: Session, asked: Asked, starts_at: datetime) -> list[FreeTime]:
    """What to offer instead: never beyond the weeks that are open, unless the wanted time itself is the office's."""
    until = max(last_open_day(session), in_wib(starts_at).date())
    return nearest_free_times(session, asked, starts_at, now=now(), until=until)


def check_when(session: Session, asked: Asked, starts_at: datetime) -> None:
    """Who asks from afar gets no time that begins now, or began already, and none that is not open yet.

    Raises SlotTaken, RuleBroken('slot').
    """
    if starts_at < now() + NOTICE:
        raise SlotTaken(times_near(session, asked, starts_at), _LATE)
    if in_wib(starts_at).date() > last_open_day(session):
        raise RuleBroken("slot", _too_far(number(session, WEEKS_AHEAD)))


def _too_far(weeks: int) -> LazyString:
    return say(
        "Jam ini belum dibuka. Pilih jam lain, paling jauh %(weeks)s minggu dari sekarang. Isian tidak hilang.",
        weeks=weeks,
    )


def place_of(slot: Slot, mode: Mode) -> dict[str, object]:
    """Where and when; who meets from afar leaves the desk to others."""
    return {
        "slot_id": slot.id,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "expert_id": slot.expert_id,
        "desk_id": slot.desk_id if mode is Mode.IN_PERSON else None,
    }


def sentence_for(clash: IntegrityError) -> RuleBroken:
    """In words, which of the indexes it was."""
    name = constraint_name(clash)
    if "phone" in name:
        return RuleBroken("phone", _SAME_TIME)
    return SlotTaken([])
