"""Is a row of the list a cooperative we know? Judged by hard keys first, then by name and place.

Nothing non-empty is ever overwritten by empty; a doubtful likeness is a conflict for an officer, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from app.cooperatives.importing.rows import read_row
from app.cooperatives.queries.importing import (
    Known,
    Neighbour,
    find_known,
    load_plain_values,
)
from app.core.clock import today
from app.core.language import say
from app.core.values import Cell, legal_number_key
from app.imports.kinds import Change, Judgement, Reading, Reason, Values
from app.imports.rules import Outcome
from app.regions.queries import places
from app.registry.likeness_rules import is_kdmp, likeness, name_key

ASK: Final = 0.85
"""Likeness from which an officer is asked (domain notes 4.3)."""
FAR: Final = 0.50
"""Names less alike than this under the same number are a conflict."""

# Facts that only grow: a list must not take away what is already known from elsewhere.
_UNITED: Final = {"rat_years"}


@dataclass
class FileMemory:
    """What earlier rows of the same file said."""

    by_key: dict[str, tuple[str, Values]] = field(default_factory=dict)
    by_place: dict[tuple[str, str], list[tuple[str, str, Values]]] = field(default_factory=dict)


class CooperativeMatcher:
    """Reads and judges rows of one batch."""

    def __init__(self) -> None:
        self._places = places()
        self._today = today()
        self._file = FileMemory()
        self._neighbours: dict[str, list[Neighbour]] = {}

    def read(self, cells: Mapping[str, Cell], *, sheet: str) -> Reading:
        """Understand one row."""
        return read_row(cells, self._places, sheet=sheet, today=self._today)

    def judge(self, labels: Sequence[str], readings: Sequence[Reading]) -> list[Judgement]:
        """Judge a chunk: one look into the database for all of its rows."""
        sound = [r.values for r in readings if not r.faulty]
        known = find_known(sound, self._neighbours)
        first = [self._judge_one(label, r, known) for label, r in zip(labels, readings, strict=True)]
        stored = load_plain_values(
            [j.code for j in first if j.code is not None and j.outcome is Outcome.CHANGED]
        )
        return [_with_changes(j, r.values, stored) for j, r in zip(first, readings, strict=True)]

    def _judge_one(self, label: str, reading: Reading, known: Known) -> Judgement:
        if reading.faulty:
            return Judgement(Outcome.FAULTY)
        values = reading.values
        repeated = self._repeated(label, values)
        if repeated is not None:
            return repeated
        codes = known.by_numbers(values)
        if len(codes) > 1:
            return _conflict(
                None,
                "",
                say(
                    "Nomor-nomor di baris ini milik dua koperasi: %(a)s dan %(b)s.",
                    a=codes[0],
                    b=codes[1],
                ),
            )
        if codes:
            return _same_number(codes[0], known.name_of(codes[0]), values["name"])
        return self._judge_by_name(values, known)

    def _judge_by_name(self, values: Values, known: Known) -> Judgement:
        """No number is known: the name in its place decides."""
        nearest = known.nearest(values)
        if nearest is None or nearest.score < ASK:
            return Judgement(Outcome.NEW)
        if nearest.same_key and nearest.same_desa:
            return Judgement(Outcome.CHANGED, nearest.code)
        return _conflict(
            nearest.code,
            "name",
            say(
                "Mirip sekali dengan %(name)s (%(code)s). Sama atau lain?",
                name=nearest.name,
                code=nearest.code,
            ),
        )

    def _repeated(self, label: str, values: Values) -> Judgement | None:
        """A judgement when an earlier row of the file is about the same cooperative; remembers this row otherwise."""
        for key in number_keys(values):
            if key in self._file.by_key:
                return _repeats(*self._file.by_key[key], values)
        place = (values["kecamatan_code"], values.get("desa_code", ""))
        wanted = name_key(values["name"])
        neighbours = self._file.by_place.setdefault(place, [])
        for earlier_label, earlier_key, earlier in neighbours:
            if earlier_key == wanted and is_kdmp(earlier["name"]) == is_kdmp(values["name"]):
                return _repeats(earlier_label, earlier, values)
        neighbours.append((label, wanted, values))
        for key in number_keys(values):
            self._file.by_key[key] = (label, values)
        return None


def number_keys(values: Values) -> Iterable[str]:
    """Keys of the hard numbers in a row."""
    legal = legal_number_key(values.get("legal_entity_number", ""))
    if legal:
        yield f"legal:{legal}"
    for name in ("code", "nik_koperasi", "nib", "npwp"):
        if values.get(name):
            yield f"{name}:{values[name]}"


def _repeats(label: str, earlier: Values, values: Values) -> Judgement:
    if all(earlier.get(k) == v for k, v in values.items()):
        return Judgement(
            Outcome.UNCHANGED,
            reasons=(Reason("", str(say("Sama dengan %(row)s.", row=label))),),
        )
    return _conflict(
        None,
        "name",
        say("Koperasi ini sudah ada di %(row)s dengan isi lain.", row=label),
    )


def _conflict(code: str | None, name: str, words: Any) -> Judgement:
    return Judgement(Outcome.CONFLICT, code, reasons=(Reason(name, str(words)),))


def _same_number(code: str, known_name: str, name: str) -> Judgement:
    if likeness(known_name, name) < FAR:
        return _conflict(
            code,
            "name",
            say(
                "Nomornya sama dengan %(name)s (%(code)s), namanya lain.",
                name=known_name,
                code=code,
            ),
        )
    return Judgement(Outcome.CHANGED, code)


def _with_changes(judgement: Judgement, values: Values, stored: Mapping[str, Values]) -> Judgement:
    """CHANGED with what changes, or UNCHANGED when nothing does."""
    if judgement.outcome is not Outcome.CHANGED or judgement.code is None:
        return judgement
    changes = changes_between(stored[judgement.code], values)
    outcome = Outcome.CHANGED if changes else Outcome.UNCHANGED
    return Judgement(outcome, judgement.code, changes, judgement.reasons)


def changes_between(stored: Values, values: Values) -> dict[str, Change]:
    """Fields that the row would change: (before, after). Never to empty, never back in time."""
    found: dict[str, Change] = {}
    for name, new in values.items():
        if name == "code":
            continue
        old = stored.get(name)
        if name in _UNITED:
            new = sorted({*(old or []), *new})
        if new != old and not _older(name, stored, values):
            found[name] = (old, new)
    return found


def _older(name: str, stored: Values, values: Values) -> bool:
    """A ministry status as of an earlier day does not replace a later one."""
    if name not in {"ministry_status", "ministry_status_on"}:
        return False
    old, new = stored.get("ministry_status_on"), values.get("ministry_status_on")
    return bool(old and new and date.fromisoformat(new) < date.fromisoformat(old))
