"""Truth tables of the RAT grade and of activity (domain notes 2.4, 4.6 T1, T2)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cooperatives.rules import (
    Activity,
    ActivitySource,
    FieldStatus,
    MinistryStatus,
    RatGrade,
    Standing,
    derive_activity,
    last_counting_year,
    rat_deadline,
    rat_grade,
    years_between,
)

JULY_2026 = date(2026, 7, 1)
OLD = date(2010, 3, 4)
KDMP = date(2025, 6, 12)


@pytest.mark.parametrize(
    ("rat_years", "founded", "today", "grade"),
    [
        ({2023, 2024, 2025}, OLD, JULY_2026, RatGrade.A),
        ({2024, 2025}, OLD, JULY_2026, RatGrade.B),
        ({2023, 2025}, OLD, JULY_2026, RatGrade.B),
        ({2025}, KDMP, JULY_2026, RatGrade.C1),
        ({2025}, OLD, JULY_2026, RatGrade.C2),
        ({2024}, OLD, JULY_2026, RatGrade.D),
        (set(), OLD, JULY_2026, RatGrade.D),
        (set(), date(2026, 6, 1), JULY_2026, RatGrade.NOT_DUE),
        (set(), KDMP, date(2026, 6, 30), RatGrade.NOT_DUE),
        (set(), KDMP, JULY_2026, RatGrade.D),
        ({2025}, None, JULY_2026, RatGrade.C2),
        (set(), None, JULY_2026, RatGrade.D),
        (
            {2022, 2023, 2024},
            OLD,
            date(2026, 6, 29),
            RatGrade.A,
        ),  # T2: before the deadline last year counts not yet
        ({2022, 2023, 2024}, OLD, JULY_2026, RatGrade.B),
        ({2023, 2024, 2025}, OLD, date(2026, 2, 1), RatGrade.A),  # held early: it counts at once
    ],
)
def test_the_grade_follows_the_ministrys_text(
    rat_years: set[int], founded: date | None, today: date, grade: RatGrade
) -> None:
    assert rat_grade(rat_years, founded, today) is grade


def test_one_older_rat_of_an_old_cooperative_is_a_setting() -> None:
    assert rat_grade({2024}, OLD, JULY_2026, single_older=RatGrade.C2) is RatGrade.C2


def test_the_deadline_is_the_last_day_of_june() -> None:
    assert rat_deadline(2025) == date(2026, 6, 30)
    assert rat_deadline(2025, months=3) == date(2026, 3, 31)
    assert rat_deadline(2025, months=12) == date(2026, 12, 31)


def test_age_is_counted_by_the_calendar() -> None:
    assert years_between(date(2022, 6, 12), date(2025, 6, 12)) == 3
    assert years_between(date(2022, 6, 12), date(2025, 6, 11)) < 3
    assert 3 < years_between(date(2022, 6, 12), date(2025, 6, 13)) < 3.01
    assert years_between(date(2024, 2, 29), date(2027, 3, 1)) >= 3


@given(
    st.sets(st.integers(2000, 2030)),
    st.dates(date(1950, 1, 1), date(2030, 12, 31)),
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
)
def test_one_more_rat_never_lowers_the_grade(years: set[int], founded: date, today: date) -> None:
    order = [RatGrade.D, RatGrade.NOT_DUE, RatGrade.C1, RatGrade.C2, RatGrade.B, RatGrade.A]
    newest = last_counting_year(years, today)
    for year in (newest, newest - 1, newest - 2):
        more = rat_grade(years | {year}, founded, today)
        assert order.index(more) >= order.index(rat_grade(years, founded, today))


TODAY = date(2026, 11, 21)
SEEN = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("facts", "activity", "source"),
    [
        (
            Standing(dissolved_on=SEEN, rat_years=frozenset({2023, 2024, 2025})),
            Activity.DISSOLVED,
            ActivitySource.DISSOLUTION,
        ),
        (Standing(rat_years=frozenset({2023, 2024, 2025}), founded=OLD), Activity.ACTIVE, ActivitySource.RAT),
        (Standing(founded=KDMP), Activity.NEW, ActivitySource.LEGAL_ENTITY),
        (
            Standing(founded=KDMP, ministry_status=MinistryStatus.INACTIVE),
            Activity.NEW,
            ActivitySource.LEGAL_ENTITY,
        ),
        (
            Standing(founded=OLD, ministry_status=MinistryStatus.ACTIVE),
            Activity.ACTIVE,
            ActivitySource.MINISTRY,
        ),
        (
            Standing(founded=OLD, ministry_status=MinistryStatus.INACTIVE),
            Activity.INACTIVE,
            ActivitySource.MINISTRY,
        ),
        (
            Standing(founded=OLD, ministry_status=MinistryStatus.INACTIVE, rat_years=frozenset({2024, 2025})),
            Activity.TO_CHECK,
            ActivitySource.CONTRADICTION,
        ),
        (Standing(founded=OLD, rat_years=frozenset({2024, 2025})), Activity.TO_CHECK, ActivitySource.RAT),
        (Standing(founded=OLD), Activity.TO_CHECK, ActivitySource.NOTHING),
        (Standing(), Activity.TO_CHECK, ActivitySource.NOTHING),
        (
            Standing(
                founded=OLD,
                field_status=FieldStatus.NOT_FOUND,
                field_status_on=SEEN,
                ministry_status=MinistryStatus.ACTIVE,
            ),
            Activity.INACTIVE,
            ActivitySource.FIELD,
        ),
        (
            Standing(founded=OLD, field_status=FieldStatus.BUSINESS_ACTIVE, field_status_on=SEEN),
            Activity.TO_CHECK,
            ActivitySource.FIELD,
        ),
        (
            Standing(
                founded=OLD,
                field_status=FieldStatus.INACTIVE,
                field_status_on=date(2024, 5, 1),
                rat_years=frozenset({2023, 2024, 2025}),
            ),
            Activity.TO_CHECK,
            ActivitySource.CONTRADICTION,
        ),
    ],
)
def test_activity_names_the_fact_that_decided_it(
    facts: Standing, activity: Activity, source: ActivitySource
) -> None:
    finding = derive_activity(facts, TODAY)
    assert (finding.activity, finding.source) == (activity, source)


def test_a_young_cooperative_is_never_inactive_for_lack_of_three_rats() -> None:
    for years in (frozenset[int](), frozenset({2025})):
        assert derive_activity(Standing(founded=KDMP, rat_years=years), TODAY).activity is Activity.NEW
