"""Which values a merge offers, takes and gives back; snapshots come back as they went."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.cooperatives.merging_rules import (
    GROUP_WORDS,
    GROUPS,
    differing_groups,
    merged_changes,
    pack,
    unpack,
    untouched_since,
)
from app.cooperatives.rules import CooperativeType, FieldStatus, Health, MembershipArea, MinistryStatus
from app.cooperatives.services.record_values import DATA_FIELDS, CooperativeData

BARE = {f: getattr(CooperativeData("A", "32.01.21"), f) for f in DATA_FIELDS}


def record(**values: Any) -> dict[str, Any]:
    """All values of a record that knows little."""
    return {**BARE, **values}


def test_every_field_of_a_record_is_in_one_group_or_united() -> None:
    grouped = [name for fields in GROUPS.values() for name in fields]
    assert sorted([*grouped, "rat_years"]) == sorted(DATA_FIELDS)
    assert set(GROUP_WORDS) == set(GROUPS)


def test_what_the_kept_one_lacks_is_offered_from_the_other() -> None:
    kept, merged = record(nib=None, npwp="1"), record(nib="1234567890123", npwp="2")
    offered = {g.name: g.offered for g in differing_groups(kept, merged)}
    assert offered == {"nib": "merged", "npwp": "kept"}


def test_what_the_other_lacks_is_not_asked() -> None:
    assert differing_groups(record(nib="1", chair_name="Bu Ketua"), record(nib=None, chair_name="")) == []


def test_a_group_moves_as_a_whole() -> None:
    kept = record(phone="62811", contact_name="Lama", consent_public_contact=True)
    merged = record(phone="62822", contact_name=None, consent_public_contact=False)
    changes = merged_changes(kept, merged, {"contact": "merged"})
    assert changes == {"phone": "62822", "contact_name": None, "consent_public_contact": False}
    assert merged_changes(kept, merged, {}) == {}


years = st.lists(st.integers(1990, 2025), max_size=6).map(tuple)


@given(years, years)
def test_rat_years_are_united(mine: tuple[int, ...], theirs: tuple[int, ...]) -> None:
    changes = merged_changes(record(rat_years=mine), record(rat_years=theirs), {})
    together = set(mine) | set(theirs)
    assert set(changes.get("rat_years", mine)) == together
    assert ("rat_years" in changes) == (together != set(mine))


def test_only_what_nobody_touched_goes_back() -> None:
    after = {"name": "B", "nib": "1", "rat_years": (2024, 2025)}
    same, left = untouched_since(after, {"name": "C", "nib": "1", "rat_years": [2025, 2024]})
    assert (same, left) == ({"nib", "rat_years"}, {"name"})


values = st.fixed_dictionaries(
    {},
    optional={
        "name": st.text(max_size=20),
        "phone": st.none() | st.text("0123456789", min_size=5, max_size=13),
        "contact_name": st.none() | st.text(min_size=1, max_size=20),
        "cooperative_type": st.sampled_from(CooperativeType),
        "membership_area": st.sampled_from(MembershipArea),
        "ministry_status": st.none() | st.sampled_from(MinistryStatus),
        "field_status": st.none() | st.sampled_from(FieldStatus),
        "health": st.sampled_from(Health),
        "dissolved_on": st.none() | st.dates(date(1950, 1, 1), date(2026, 1, 1)),
        "members_male": st.none() | st.integers(0, 10_000),
        "legal_entity_checked": st.booleans(),
        "rat_years": years,
    },
)


@given(values)
def test_a_snapshot_comes_back_as_it_went(sent: dict[str, Any]) -> None:
    packed = pack(sent, "place", lambda text, place: f"{place}|{text}".encode())
    assert unpack(packed, "place", lambda blob, place: blob.decode().removeprefix(f"{place}|")) == sent
