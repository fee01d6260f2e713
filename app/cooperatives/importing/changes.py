"""What a row would change of a record. Pure: stored values and the row's values in, pairs of (before, after) out.

Never to empty, never back in time, never capitals for capitals' sake.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final

from app.cooperatives.rules import CooperativeType
from app.core.values import legal_number_key
from app.imports.kinds import Change, Values

_NO_CHANGES: Final = frozenset({"code", "ministry_status", "ministry_status_on", "members_total"})
REMARKS: Final = frozenset({"remark"})
"""What somebody noted beside a row: two rows that differ in nothing else say the same of the cooperative."""
_MEMBERS: Final = ("members_male", "members_female", "members_total")


def changes_between(
    stored: Mapping[str, Any], values: Values, *, day: date, dated: bool
) -> dict[str, Change]:
    """Fields that the row would change: (before, after).

    ``day``: as of when the list is; ``dated``: somebody said so. Only then a status that stays the same gets a new
    date; a list that says nothing about its day must not make every record look changed.
    """
    found: dict[str, Change] = {}
    for name, new in values.items():
        if name in _NO_CHANGES:
            continue
        old = stored.get(name)
        if counts_as_other(name, old, new):
            found[name] = (old, _UNITED[name](old, new) if name in _UNITED else new)
    return found | _members(stored, values) | _ministry(stored, values, day, dated=dated)


def counts_as_other(name: str, stored: Any, said: Any) -> bool:
    """True when the row says something else of a field; capitals, blanks and fewer book years are nothing else."""
    if said == CooperativeType.UNKNOWN:
        return False
    united = _UNITED[name](stored, said) if name in _UNITED else said
    return bool(_compared(name, united) != _compared(name, stored))


def facts_of(values: Values) -> array[int]:
    """What a row says, as it counts, each fact as a hash: 50,000 rows must fit in memory.

    A row that says no more than an earlier one of the file repeats it.
    """
    return array("q", map(hash, set(_facts(values))))


def said_otherwise(values: Values, earlier: Collection[int]) -> list[str]:
    """Fields of which a row says more than an earlier one, or something else. ``earlier``: what ``facts_of`` made."""
    return list(dict.fromkeys(fact[0] for fact in _facts(values) if hash(fact) not in earlier))


def _facts(values: Values) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from ((key, _compared(key, text)) for key, text in value.items())
        elif isinstance(value, list):
            yield from ((name, item) for item in value)
        elif value != CooperativeType.UNKNOWN:
            yield name, _compared(name, value)


def _union(old: list[int] | None, new: list[int]) -> list[int]:
    """Book years with a RAT only become more: a list that does not know of one does not take it away."""
    return sorted({*(old or []), *new})


def _merged(old: Mapping[str, str] | None, new: Mapping[str, str]) -> dict[str, str]:
    """A list with fewer columns leaves the others as they are."""
    return {**(old or {}), **new}


_UNITED: Final[dict[str, Callable[[Any, Any], Any]]] = {"rat_years": _union, "ministry_record": _merged}


def _compared(name: str, value: Any) -> Any:
    """A value as it counts: a list in capitals is not a list of changes."""
    if name == "legal_entity_number":
        return legal_number_key(value or "") or value or ""
    if isinstance(value, str):
        return " ".join(value.split()).casefold()
    return value or None if isinstance(value, dict | list) else value


def _members(stored: Mapping[str, Any], values: Values) -> dict[str, Change]:
    """The total follows from men and women where both are known."""
    after = {name: values.get(name, stored.get(name)) for name in _MEMBERS}
    if after["members_male"] is not None and after["members_female"] is not None:
        after["members_total"] = after["members_male"] + after["members_female"]
    old, new = stored.get("members_total"), after["members_total"]
    return {"members_total": (old, new)} if new is not None and new != old else {}


def _ministry(stored: Mapping[str, Any], values: Values, day: date, *, dated: bool) -> dict[str, Change]:
    """The ministry's status with its date; one as of an earlier day does not replace a later one."""
    new = values.get("ministry_status")
    old, old_on = stored.get("ministry_status"), stored.get("ministry_status_on")
    if new is None or (old_on is not None and date.fromisoformat(old_on) > day):
        return {}
    found: dict[str, Change] = {}
    if new != old:
        found["ministry_status"] = (old, new)
    if (new != old or dated) and old_on != day.isoformat():
        found["ministry_status_on"] = (old_on, day.isoformat())
    return found
