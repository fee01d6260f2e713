"""What moved in a record: decided from lines of its history alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cooperatives.moving_rules import (
    HOUSEKEEPING,
    IMPORTED,
    UNDONE,
    Line,
    RecordNow,
    member_totals,
    trail_of,
    without_undone,
)
from app.cooperatives.queries import importing
from app.registry.moving_rules import Move, Moving, Renewal, Trail
from app.registry.rules import Source

SINCE = datetime(2026, 8, 3, 2, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=90)
EDITED = "cooperative.edited"
LATER = SINCE + timedelta(days=1)


def line(before: dict[str, Any], after: dict[str, Any], day: float = 1, deed: str = EDITED) -> Line:
    return Line(SINCE + timedelta(days=day), deed, before, after)


def now(values: dict[str, Any], *lines: Line, code: str = "K-2222222") -> RecordNow:
    return RecordNow(code, values, lines)


def moved(record: RecordNow, merged: RecordNow | None = None) -> set[Moving]:
    return {move.what for move in trail_of(record, merged, SINCE, UNTIL).moves}


def test_deeds_have_the_names_that_lists_write() -> None:
    assert (IMPORTED, UNDONE) == (importing.IMPORTED, importing.UNDONE)


def test_a_record_that_nobody_touched_says_nothing() -> None:
    assert trail_of(now({"members_total": 20}), None, SINCE, UNTIL) == Trail("K-2222222")


def test_a_change_of_something_else_is_a_renewal_and_no_move() -> None:
    record = now({}, line({"address": ""}, {"address": "Jl. Raya"}))
    assert trail_of(record, None, SINCE, UNTIL) == Trail("K-2222222", renewed=Renewal(LATER, Source.ASSISTED))


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (20, 25, {Moving.MEMBERS_MORE}),
        (25, 20, {Moving.MEMBERS_FEWER}),
        (None, 25, set()),
        (25, None, set()),
    ],
)
def test_members(before: int | None, after: int | None, found: set[Moving]) -> None:
    record = now({"members_total": after}, line({"members_total": before}, {"members_total": after}))
    assert moved(record) == found


def test_the_total_follows_from_men_and_women_though_only_one_was_written() -> None:
    record = now(
        {"members_male": 10, "members_female": 15, "members_total": 25},
        line({"members_female": 12}, {"members_female": 15}),
    )
    assert [(before, after) for _, before, after in member_totals(record.values, record.lines)] == [(22, 25)]
    assert moved(record) == {Moving.MEMBERS_MORE}


def test_men_and_women_told_for_the_first_time_are_no_growth() -> None:
    record = now(
        {"members_male": 10, "members_female": 15, "members_total": 25},
        line({"members_female": None}, {"members_female": 15}),
    )
    assert moved(record) == set()


@pytest.mark.parametrize("name", ["legal_entity_number", "nik_koperasi", "nib", "npwp"])
def test_a_first_number_is_a_legal_step_and_a_changed_one_is_not(name: str) -> None:
    assert moved(now({name: "9"}, line({name: None}, {name: "9"}))) == {Moving.LEGAL_STEP}
    assert moved(now({name: "9"}, line({name: "8"}, {name: "9"}))) == set()
    assert moved(now({name: None}, line({name: "8"}, {name: ""}))) == set()


@pytest.mark.parametrize(
    ("issued", "found"),
    [
        ("2010-05-01", set()),
        ("2026-08-02", set()),
        ("2026-08-03", {Moving.LEGAL_STEP}),
        (None, {Moving.LEGAL_STEP}),
    ],
)
def test_a_legal_entity_older_than_the_day_is_no_step(issued: str | None, found: set[Moving]) -> None:
    after = {"legal_entity_number": "AHU-1", "legal_entity_date": issued}
    before = {"legal_entity_number": "", "legal_entity_date": None}
    assert moved(now(after, line(before, after))) == found


@pytest.mark.parametrize(
    ("years", "found"),
    [
        ([2025], {Moving.RAT}),
        ([2026], {Moving.RAT}),
        ([2024], set()),
        ([2021, 2022, 2023], set()),
        ([2023, 2025], {Moving.RAT}),
    ],
)
def test_a_rat_of_a_year_long_over_was_only_written_down_late(years: list[int], found: set[Moving]) -> None:
    record = now({"rat_years": years}, line({"rat_years": []}, {"rat_years": years}))
    assert moved(record) == found


def test_taking_a_rat_away_is_no_rat() -> None:
    assert moved(now({"rat_years": []}, line({"rat_years": [2025]}, {"rat_years": []}))) == set()


@pytest.mark.parametrize("day", [-1, 0, 90.01])
def test_what_is_not_within_does_not_count(day: float) -> None:
    record = now({"nib": "1"}, line({"nib": None}, {"nib": "1"}, day))
    assert trail_of(record, None, SINCE, UNTIL) == Trail("K-2222222")


def test_the_last_moment_counts() -> None:
    assert moved(now({"nib": "1"}, line({"nib": None}, {"nib": "1"}, 90))) == {Moving.LEGAL_STEP}


@pytest.mark.parametrize("deed", sorted(HOUSEKEEPING))
def test_housekeeping_moves_nothing(deed: str) -> None:
    changed = line({"members_total": 20, "nib": None}, {"members_total": 35, "nib": "1"}, deed=deed)
    assert trail_of(now({"members_total": 35, "nib": "1"}, changed), None, SINCE, UNTIL) == Trail("K-2222222")


def test_a_list_taken_back_even_later_never_came() -> None:
    came = line({"members_total": 20}, {"members_total": 30}, 5, IMPORTED)
    undone = line({"members_total": 30}, {"members_total": 20}, 120, UNDONE)
    assert trail_of(now({"members_total": 20}, came, undone), None, SINCE, UNTIL) == Trail("K-2222222")


def test_only_what_was_taken_back_is_forgotten() -> None:
    came = line({"members_total": 20, "nib": None}, {"members_total": 30, "nib": "1"}, 5, IMPORTED)
    undone = line({"members_total": 30}, {"members_total": 20}, 6, UNDONE)
    found = trail_of(now({"members_total": 20, "nib": "1"}, came, undone), None, SINCE, UNTIL)
    assert found.moves == (Move(Moving.LEGAL_STEP, came.at, Source.IMPORT),)


def test_what_a_merge_brought_is_not_added_to_what_grew() -> None:
    """20 -> 30 by an officer, 30 -> 5 by uniting two records, 5 -> 6 by a list: the members grew."""
    record = now(
        {"members_total": 6},
        line({"members_total": 20}, {"members_total": 30}, 1),
        line({"members_total": 30}, {"members_total": 5}, 2, "cooperative.merged"),
        line({"members_total": 5}, {"members_total": 6}, 3, IMPORTED),
    )
    found = trail_of(record, None, SINCE, UNTIL)
    assert found.moves == (Move(Moving.MEMBERS_MORE, SINCE + timedelta(days=3), Source.IMPORT),)


def test_a_merged_record_is_followed_and_its_own_moves_count_too() -> None:
    merged = now({"nib": "1"}, line({"nib": None}, {"nib": "1"}, 1), code="K-3333333")
    kept = now(
        {"nib": "1", "rat_years": [2025]},
        line({"nib": None}, {"nib": "1"}, 2, "cooperative.merged"),
        line({"rat_years": []}, {"rat_years": [2025]}, 3),
    )
    found = trail_of(kept, merged, SINCE, UNTIL)
    assert found.code == "K-2222222"
    assert {move.what for move in found.moves} == {Moving.LEGAL_STEP, Moving.RAT}


def test_what_the_record_that_stays_knew_already_is_no_move_of_the_merged_one() -> None:
    after = {"nib": "1", "rat_years": [2025]}
    merged = now(after, line({"nib": None, "rat_years": []}, after), code="K-3333333")
    assert moved(now(after), merged) == set()


def test_members_of_the_record_that_stays_speak_before_those_of_the_merged_one() -> None:
    merged = now({"members_total": 25}, line({"members_total": 20}, {"members_total": 25}), code="K-3333333")
    kept = now({"members_total": 20}, line({"members_total": 30}, {"members_total": 20}))
    assert moved(kept, merged) == {Moving.MEMBERS_FEWER}
    assert moved(now({"members_total": 20}), merged) == {Moving.MEMBERS_MORE}


@pytest.mark.parametrize(
    ("deed", "source"),
    [
        ("cooperative.corrected", Source.SELF),
        (IMPORTED, Source.IMPORT),
        (EDITED, Source.ASSISTED),
    ],
)
def test_each_move_says_by_which_way_it_came(deed: str, source: Source) -> None:
    found = trail_of(now({"nib": "1"}, line({"nib": None}, {"nib": "1"}, deed=deed)), None, SINCE, UNTIL)
    assert found.moves == (Move(Moving.LEGAL_STEP, LATER, source),)
    assert found.renewed == Renewal(LATER, source)


# --- properties ---------------------------------------------------------------------------------------------------

counts = st.lists(st.integers(0, 300), min_size=1, max_size=8)


def chain(totals: list[int], deed: str = EDITED) -> RecordNow:
    lines = [
        line({"members_total": before}, {"members_total": after}, place + 1, deed)
        for place, (before, after) in enumerate(pairwise(totals))
    ]
    return now({"members_total": totals[-1]}, *lines)


@given(counts)
def test_however_many_steps_the_end_against_the_beginning_decides(totals: list[int]) -> None:
    change = totals[-1] - totals[0]
    expected = {Moving.MEMBERS_MORE} if change > 0 else {Moving.MEMBERS_FEWER} if change < 0 else set()
    assert moved(chain(totals)) == expected


@given(counts)
def test_lists_taken_back_one_by_one_leave_what_was(totals: list[int]) -> None:
    came = chain(totals, IMPORTED).lines
    undone = [
        line(dict(each.after), dict(each.before), 50 + place, UNDONE)
        for place, each in enumerate(reversed(came))
    ]
    assert not any(each.before or each.after for each in without_undone([*came, *undone]))
    record = now({"members_total": totals[0]}, *came, *undone)
    assert trail_of(record, None, SINCE, UNTIL) == Trail("K-2222222")


@given(counts, st.integers(-40, 40), st.integers(0, 100))
def test_a_narrower_window_never_knows_of_more_kinds_than_its_lines(
    totals: list[int], begin: int, length: int
) -> None:
    record = chain(totals)
    since, until = SINCE + timedelta(days=begin), SINCE + timedelta(days=begin + length)
    inside = [each for each in record.lines if since < each.at <= until]
    found = trail_of(record, None, since, until)
    assert (found.renewed is None) == (not inside)
    steps = sum(each.after["members_total"] - each.before["members_total"] for each in inside)
    assert bool(found.moves) == (steps != 0)


@given(
    st.lists(st.tuples(st.sampled_from(["members_male", "members_female"]), st.integers(0, 50)), max_size=8)
)
def test_totals_read_backwards_are_those_that_were(steps: list[tuple[str, int]]) -> None:
    state = {"members_male": 5, "members_female": 5}
    lines, totals = [], [10]
    for name, value in steps:
        lines.append(line({name: state[name]}, {name: value}))
        state[name] = value
        totals.append(sum(state.values()))
    found = member_totals({**state, "members_total": totals[-1]}, lines)
    assert [(before, after) for _, before, after in found] == list(pairwise(totals))
