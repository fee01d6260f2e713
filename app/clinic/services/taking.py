"""Taking a half hour: the best that is free, or in words why there is none. For booking, holding and moving."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.clinic.models import Slot
from app.clinic.queries.free import NOTICE, Asked, FreeTime, list_candidates, nearest_free_times
from app.clinic.rules.booking import Mode
from app.core.clock import now
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
        raise SlotTaken(nearest_free_times(session, asked, starts_at, now=now()))
    return found[0]


def refuse_late(session: Session, asked: Asked, starts_at: datetime) -> None:
    """Who asks from afar gets no time that begins now, or began already. Raises SlotTaken."""
    if starts_at < now() + NOTICE:
        raise SlotTaken(nearest_free_times(session, asked, starts_at, now=now()), _LATE)


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
