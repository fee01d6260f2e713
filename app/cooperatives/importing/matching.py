"""Is a row of the list a cooperative we know? Judged by hard numbers first, then by name and place.

Nothing non-empty is ever overwritten by empty; a doubtful likeness is a conflict for an officer, never a guess.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from app.cooperatives.importing.bodies import NameBlocks, numbers_differ, same_name
from app.cooperatives.importing.changes import REMARKS, changes_between, facts_of, said_otherwise
from app.cooperatives.importing.labels import labels_of
from app.cooperatives.importing.place_reading import PlaceReader
from app.cooperatives.importing.rows import read_row
from app.cooperatives.queries.importing import KnownBody, bodies_by_numbers, bodies_in, load_plain_values
from app.core.clock import today
from app.core.db import db
from app.core.language import say
from app.core.values import Cell, legal_number_key
from app.imports.kinds import Judgement, Reading, Reason, RowRef, Values
from app.imports.rules import Outcome
from app.regions.queries import places
from app.registry.likeness_rules import likeness, name_key
from app.registry.rules import RecordStatus

FAR: Final = 0.50
"""Names less alike than this under the same number are a conflict."""

_NUMBERS: Final = ("code", "nik_koperasi", "nib", "npwp")
_SHOWN: Final = 3

Numbers = Mapping[tuple[str, str], Sequence[KnownBody]]
Stored = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class RowBody:
    """A row of the file as it is compared; ``said`` as changes.facts_of makes it."""

    ref: RowRef
    name: str
    name_key: str
    kecamatan_code: str
    desa_code: str | None
    legal_key: str | None
    nik_koperasi: str | None
    keys: tuple[tuple[str, str], ...]
    said: array[int]


@dataclass(frozen=True)
class Candidates:
    """Records that a row may be: by its numbers; of the same name; of a name so like it that somebody must look."""

    by_number: list[KnownBody]
    same: list[KnownBody]
    doubtful: list[KnownBody]

    def codes(self) -> list[str]:
        """Of those whose values are compared."""
        return [body.code for body in (*self.by_number, *self.same)]


@dataclass
class FileMemory:
    """What earlier rows of the same file said, and which records they take."""

    by_key: dict[tuple[str, str], RowBody] = field(default_factory=dict)
    blocks: NameBlocks[RowBody] = field(default_factory=NameBlocks)
    taken: dict[str, RowRef] = field(default_factory=dict)

    def add(self, row: RowBody, code: str | None) -> None:
        """Remember a row that repeats no earlier one."""
        self.blocks.add(row)
        for key in row.keys:
            self.by_key.setdefault(key, row)
        if code is not None:
            self.taken.setdefault(code, row.ref)


class CooperativeMatcher:
    """Reads and judges rows of one batch."""

    def __init__(self, *, as_of: date | None) -> None:
        self._places = PlaceReader(places())
        self._today = today()
        self._day, self._dated = as_of or self._today, as_of is not None
        self._file = FileMemory()
        self._registry: NameBlocks[KnownBody] = NameBlocks()
        self._kecamatan: set[str] = set()

    def read(self, cells: Mapping[str, Cell], *, sheet: str) -> Reading:
        """Understand one row."""
        return read_row(cells, self._places, sheet=sheet, today=self._today)

    def judge(self, refs: Sequence[RowRef], readings: Sequence[Reading]) -> list[Judgement]:
        """Judge a chunk: a few looks into the database for all of its rows."""
        rows = [
            None if reading.faulty else _row_body(ref, reading.values)
            for ref, reading in zip(refs, readings, strict=True)
        ]
        sound = [row for row in rows if row is not None]
        self._load({row.kecamatan_code for row in sound} - self._kecamatan)
        numbers = bodies_by_numbers(key for row in sound for key in row.keys)
        candidates = {row.ref: self._candidates(row, numbers) for row in sound}
        stored = load_plain_values(db.session(), {c for found in candidates.values() for c in found.codes()})
        return [
            Judgement(Outcome.FAULTY) if row is None else self._judge(row, values.values, candidates, stored)
            for row, values in zip(rows, readings, strict=True)
        ]

    def _load(self, kecamatan_codes: set[str]) -> None:
        """Names of all records of these kecamatan; each is read once per batch."""
        if kecamatan_codes:
            for body in bodies_in(kecamatan_codes):
                self._registry.add(body)
            self._kecamatan |= kecamatan_codes

    def _candidates(self, row: RowBody, numbers: Numbers) -> Candidates:
        by_number = _each_once(body for key in row.keys for body in numbers.get(key, ()))
        if by_number:
            return Candidates(by_number, [], [])
        same: list[KnownBody] = []
        doubtful: list[KnownBody] = []
        for body in self._registry.alike(row):
            if not numbers_differ(body, row):
                (same if same_name(body, row) else doubtful).append(body)
            elif same_name(body, row):
                doubtful.append(body)
        return Candidates([], _each_once(same), _each_once(doubtful))

    def _judge(
        self, row: RowBody, values: Values, candidates: Mapping[RowRef, Candidates], stored: Stored
    ) -> Judgement:
        """The registry's word first; what it knows already is no repetition, however often the file says it."""
        judgement = self._in_registry(row, values, candidates[row.ref], stored)
        if judgement.outcome is not Outcome.UNCHANGED:
            repeated = self._in_file(row, values, judgement)
            if repeated is not None:
                return repeated
        known = judgement.outcome in {Outcome.CHANGED, Outcome.UNCHANGED}
        self._file.add(row, judgement.code if known else None)
        return judgement

    def _in_registry(self, row: RowBody, values: Values, found: Candidates, stored: Stored) -> Judgement:
        same = found.by_number or found.same
        changes = {body.code: self._changes(body.code, values, stored) for body in same}
        unchanged = next((code for code, changed in changes.items() if not changed), None)
        if len(same) > 1:
            if unchanged is not None and not found.by_number:
                return Judgement(Outcome.UNCHANGED, unchanged)
            return _conflict(same[0].code, "", _several(same, by_number=bool(found.by_number)))
        if same:
            return _same_as(same[0], row, changes[same[0].code], by_number=bool(found.by_number))
        if found.doubtful:
            return _conflict(found.doubtful[0].code, "name", _resembles(found.doubtful[0], row))
        return Judgement(Outcome.NEW)

    def _changes(self, code: str, values: Values, stored: Stored) -> Mapping[str, Any]:
        return changes_between(stored[code], values, day=self._day, dated=self._dated)

    def _in_file(self, row: RowBody, values: Values, judgement: Judgement) -> Judgement | None:
        """A judgement when an earlier row of the file is about the same cooperative."""
        for key in row.keys:
            if key in self._file.by_key:
                return _repeats(self._file.by_key[key], row, values, by_number=True)
        for earlier in self._file.blocks.alike(row):
            differ, same = numbers_differ(earlier, row), same_name(earlier, row)
            if same and not differ:
                return _repeats(earlier, row, values, by_number=False)
            if same or not differ:
                return _twin(earlier.ref, _resembles_row(earlier, differ=differ))
        taken = self._file.taken.get(judgement.code or "")
        if taken is not None:
            return _twin(
                taken, say("%(row)s sudah tentang catatan yang sama.", row=taken.label), judgement.code
            )
        return None


def compare_with(code: str, stored: Mapping[str, Any], values: Values, *, as_of: date | None) -> Judgement:
    """What a row would do to the record that an officer says it is."""
    changes = changes_between(stored, values, day=as_of or today(), dated=as_of is not None)
    return Judgement(Outcome.CHANGED if changes else Outcome.UNCHANGED, code, changes)


def number_keys(values: Values) -> tuple[tuple[str, str], ...]:
    """The hard numbers in a row, as they are looked up."""
    legal = legal_number_key(values.get("legal_entity_number", ""))
    others = tuple((name, str(values[name])) for name in _NUMBERS if values.get(name))
    return (("legal", legal), *others) if legal else others


def _row_body(ref: RowRef, values: Values) -> RowBody:
    keys = number_keys(values)
    return RowBody(
        ref=ref,
        name=values["name"],
        name_key=name_key(values["name"]),
        kecamatan_code=values["kecamatan_code"],
        desa_code=values.get("desa_code"),
        legal_key=next((value for name, value in keys if name == "legal"), None),
        nik_koperasi=values.get("nik_koperasi"),
        keys=keys,
        said=facts_of(values),
    )


def _each_once(bodies: Iterable[KnownBody]) -> list[KnownBody]:
    return list({body.code: body for body in bodies}.values())


def _same_as(body: KnownBody, row: RowBody, changes: Mapping[str, Any], *, by_number: bool) -> Judgement:
    if by_number and likeness(body.name, row.name) < FAR:
        words = say("Nomornya sama dengan %(name)s (%(code)s), namanya lain.", name=body.name, code=body.code)
        return _conflict(body.code, "name", words)
    if not changes:
        return Judgement(Outcome.UNCHANGED, body.code)
    match body.status:
        case RecordStatus.PENDING | RecordStatus.CANDIDATE:
            words = say(
                "%(name)s (%(code)s) mendaftar sendiri dan belum diputuskan petugas.",
                name=body.name,
                code=body.code,
            )
            return _conflict(body.code, "", words)
        case RecordStatus.ARCHIVED:
            words = say("%(name)s (%(code)s) sudah diarsipkan.", name=body.name, code=body.code)
            return _conflict(body.code, "", words)
    return Judgement(Outcome.CHANGED, body.code, changes)


def _several(bodies: Sequence[KnownBody], *, by_number: bool) -> Any:
    names = "; ".join(f"{body.name} ({body.code})" for body in bodies[:_SHOWN])
    if by_number:
        return say("Nomor-nomor di baris ini milik beberapa koperasi: %(names)s.", names=names)
    return say("Ada beberapa koperasi dengan nama ini: %(names)s.", names=names)


def _resembles(body: KnownBody, row: RowBody) -> Any:
    if numbers_differ(body, row):
        return say("Namanya sama dengan %(name)s (%(code)s), nomornya lain.", name=body.name, code=body.code)
    return say("Mirip sekali dengan %(name)s (%(code)s). Sama atau lain?", name=body.name, code=body.code)


def _repeats(earlier: RowBody, row: RowBody, values: Values, *, by_number: bool) -> Judgement:
    others = said_otherwise(values, earlier.said)
    if REMARKS.issuperset(others):
        same = say("Sama dengan %(row)s.", row=earlier.ref.label)
        words = (
            say("Sama dengan %(row)s, hanya keterangannya lain.", row=earlier.ref.label) if others else same
        )
        return Judgement(Outcome.UNCHANGED, reasons=(Reason("", str(words)),), twin=earlier.ref)
    if by_number and likeness(earlier.name, row.name) < FAR:
        return _twin(earlier.ref, say("Nomornya sama dengan %(row)s, namanya lain.", row=earlier.ref.label))
    words = say(
        "Koperasi ini sudah ada di %(row)s dengan isi lain: %(columns)s.",
        row=earlier.ref.label,
        columns=labels_of(others),
    )
    return _twin(earlier.ref, words)


def _resembles_row(earlier: RowBody, *, differ: bool) -> Any:
    if differ:
        return say("Namanya sama dengan %(row)s, nomornya lain.", row=earlier.ref.label)
    return say(
        "Mirip sekali dengan %(row)s (%(name)s). Sama atau lain?", row=earlier.ref.label, name=earlier.name
    )


def _twin(ref: RowRef, words: Any, code: str | None = None) -> Judgement:
    return Judgement(Outcome.CONFLICT, code, reasons=(Reason("name", str(words)),), twin=ref)


def _conflict(code: str, name: str, words: Any) -> Judgement:
    return Judgement(Outcome.CONFLICT, code, reasons=(Reason(name, str(words)),))
