"""What moved in a cooperative's record: decided from lines of its history, without clock or database.

Only what the record says today is known: members, four numbers (legal entity, NIK of the cooperative, NIB, NPWP)
and the book years with a RAT. It has no ladder of legal steps with states and papers, so none is read here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from app.core.clock import in_wib
from app.registry.moving_rules import Move, Moving, Renewal, Trail
from app.registry.rules import Source

IMPORTED: Final = "cooperative.imported"
UNDONE: Final = "import.undone"
# the office's own housekeeping: it changes what is written, not the cooperative
HOUSEKEEPING: Final = frozenset(
    {
        UNDONE,
        "cooperative.merged",
        "cooperative.merged_into",
        "cooperative.unmerged",
        "cooperative.taken_up_again",
    }
)
SOURCES: Final[Mapping[str, Source]] = {
    IMPORTED: Source.IMPORT,
    "cooperative.corrected": Source.SELF,
    "cooperative.mended": Source.SELF,
    "cooperative.contact_changed": Source.SELF,
}
LEGAL: Final = ("legal_entity_number", "nik_koperasi", "nib", "npwp")
MEMBERS: Final = ("members_male", "members_female", "members_total")
_MOVES_NOTHING: Final = frozenset(
    {"status", "owner_account_id", "consent_public_contact", "consent_whatsapp"}
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of history that changed something: values before and after, by their names."""

    at: datetime
    deed: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def source(self) -> Source:
        """By which way it came."""
        return SOURCES.get(self.deed, Source.ASSISTED)


@dataclass(frozen=True, slots=True)
class RecordNow:
    """A record as it is, and its lines since the earliest moment asked about, oldest first."""

    code: str
    values: Mapping[str, Any]
    lines: Sequence[Line]


def without_undone(lines: Sequence[Line]) -> list[Line]:
    """Lines without what a list changed and was taken back: as if the list had never come."""
    kept = [replace(line, before=dict(line.before), after=dict(line.after)) for line in lines]
    for place, undo in enumerate(kept):
        if undo.deed == UNDONE:
            for name in list(undo.before):
                _cancel(kept[:place], undo, name)
    return kept


def _cancel(earlier: Sequence[Line], undo: Line, name: str) -> None:
    for line in reversed(earlier):
        if line.deed != IMPORTED or name not in line.after or name not in line.before:
            continue
        if (line.before[name], line.after[name]) == (undo.after.get(name), undo.before[name]):
            for side in (line.before, line.after, undo.before, undo.after):
                side.pop(name, None)  # type: ignore[attr-defined]  # our own copies
            return


def trail_of(kept: RecordNow, merged: RecordNow | None, since: datetime, until: datetime) -> Trail:
    """What moved after ``since``, up to ``until``. ``merged``: the record asked about, where it became ``kept``.

    The record that stays speaks first; of the merged one counts what the other did not know yet.
    """
    own, theirs = _Within(kept, since, until), _Within(merged, since, until) if merged else None
    moves = [*own.members()] or [*(theirs.members() if theirs else ())]
    moves += _one(Moving.LEGAL_STEP, [*own.legal(), *(theirs.legal(own) if theirs else ())])
    moves += _one(Moving.RAT, [*own.rats(), *(theirs.rats(own) if theirs else ())])
    renewals = [*own.counted, *(theirs.counted if theirs else ())]
    last = max(renewals, key=lambda line: line.at, default=None)
    return Trail(kept.code, tuple(moves), Renewal(last.at, last.source) if last else None)


def _one(what: Moving, lines: Sequence[Line]) -> list[Move]:
    """However many lines: it moved once; the latest tells when and by which way."""
    last = max(lines, key=lambda line: line.at, default=None)
    return [Move(what, last.at, last.source)] if last else []


class _Within:
    """The lines of one record between two moments."""

    def __init__(self, record: RecordNow, since: datetime, until: datetime) -> None:
        self._now, self._since, self._until = record.values, since, until
        self._lines = without_undone(record.lines)
        self.counted = [line for line in self._lines if self._counts(line)]

    def _counts(self, line: Line) -> bool:
        told = set(line.after) - _MOVES_NOTHING
        return bool(told) and line.deed not in HOUSEKEEPING and self._since < line.at <= self._until

    def at_first(self, name: str) -> Any:
        """What the record said at ``since``."""
        later = (line.before[name] for line in self._lines if line.at > self._since and name in line.before)
        return next(later, self._now.get(name))

    def members(self) -> list[Move]:
        """More or fewer than before, all steps together; a number where there was none is no growth."""
        steps = [
            (line, after - before)
            for line, before, after in member_totals(self._now, self._lines)
            if self._counts(line) and before is not None and after is not None and before != after
        ]
        change = sum(step for _, step in steps)
        if not change:
            return []
        return _one(Moving.MEMBERS_MORE if change > 0 else Moving.MEMBERS_FEWER, [line for line, _ in steps])

    def legal(self, known: _Within | None = None) -> list[Line]:
        """Lines by which it got a number it did not have; a legal entity older than ``since`` is no step."""
        return [line for line in self.counted if any(self._is_step(line, name, known) for name in LEGAL)]

    def _is_step(self, line: Line, name: str, known: _Within | None) -> bool:
        if line.before.get(name) or not line.after.get(name) or (known and known.at_first(name)):
            return False
        if name != "legal_entity_number":
            return True
        issued = _day(line.after.get("legal_entity_date") or self._now.get("legal_entity_date"))
        return issued is None or issued >= in_wib(self._since).date()

    def rats(self, known: _Within | None = None) -> list[Line]:
        """Lines by which it got a RAT; one for a book year long over was only written down late."""
        had = set((known.at_first("rat_years") if known else None) or ())
        first = in_wib(self._since).year - 1
        return [line for line in self.counted if any(year >= first for year in _new_years(line) - had)]


def _new_years(line: Line) -> set[int]:
    return set(line.after.get("rat_years") or ()) - set(line.before.get("rat_years") or ())


def _day(value: Any) -> date | None:
    return date.fromisoformat(value[:10]) if isinstance(value, str) and value else value or None


def member_totals(now: Mapping[str, Any], lines: Sequence[Line]) -> list[tuple[Line, int | None, int | None]]:
    """Lines that tell about members, with the number before and after each; None where it was not known.

    History names only what was typed, and the total follows from men and women: so it is read backwards from what
    the record says now.
    """
    state = {name: now.get(name) for name in MEMBERS}
    found = []
    for line in reversed(lines):
        if not any(name in line.before for name in MEMBERS):
            continue
        earlier = _earlier(state, line)
        found.append((line, _total(earlier), _total(state)))
        state = earlier
    return found[::-1]


def _earlier(state: Mapping[str, Any], line: Line) -> dict[str, Any]:
    earlier = {name: line.before.get(name, value) for name, value in state.items()}
    if "members_total" not in line.before and _both(state) and not _both(earlier):
        earlier["members_total"] = None  # the total now follows from two numbers, of which one was not known
    return earlier


def _both(state: Mapping[str, Any]) -> bool:
    return state["members_male"] is not None and state["members_female"] is not None


def _total(state: Mapping[str, Any]) -> int | None:
    total = state["members_male"] + state["members_female"] if _both(state) else state["members_total"]
    return None if total is None else int(total)
