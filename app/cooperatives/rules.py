"""Pure rules about cooperatives: RAT grade and what "active" means. No clock, no database.

Sources: UU 25/1992 art. 26 (a members' meeting at latest six months after the book year), the ministry's grade
text (domain notes 2.4), the office's proposals (active = a RAT in each of the last three years).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

RAT_DEADLINE_MONTHS: Final = 6
YOUNG_YEARS: Final = 3


class CooperativeType(StrEnum):
    """The five kinds of UU 25/1992 art. 16, and what people answer who cannot tell."""

    CONSUMER = "consumer"
    PRODUCER = "producer"
    MARKETING = "marketing"
    SERVICE = "service"
    SAVINGS_AND_LOAN = "savings_and_loan"
    UNKNOWN = "unknown"


class MembershipArea(StrEnum):
    """Where the members live; it decides who guides the cooperative (UU 23/2014)."""

    KABUPATEN = "kabupaten"
    PROVINSI = "provinsi"
    NASIONAL = "nasional"


class Activity(StrEnum):
    """What the look-up shows: derived from RAT, ministry status and field finding, never one flag."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    NEW = "new"
    TO_CHECK = "to_check"
    DISSOLVED = "dissolved"


class Health(StrEnum):
    """Official health result (Permenkop 9/2020 with Juknis 15/2021), or none yet."""

    HEALTHY = "healthy"
    FAIRLY_HEALTHY = "fairly_healthy"
    UNDER_SUPERVISION = "under_supervision"
    UNDER_SPECIAL_SUPERVISION = "under_special_supervision"
    UNASSESSED = "unassessed"


class MinistryStatus(StrEnum):
    """Status in the ministry's system (ODS) as imported."""

    ACTIVE = "active"
    INACTIVE = "inactive"


class FieldStatus(StrEnum):
    """What an officer found on a visit (domain.md 2.5)."""

    BUSINESS_AND_BODY_ACTIVE = "business_and_body_active"
    BUSINESS_ACTIVE = "business_active"
    BODY_ACTIVE = "body_active"
    INACTIVE = "inactive"
    NOT_FOUND = "not_found"
    BEING_DISSOLVED = "being_dissolved"
    DISSOLVED = "dissolved"


class RatGrade(StrEnum):
    """Frequency of RAT over the last three book years, as the ministry grades it."""

    A = "A"
    B = "B"
    C1 = "C1"
    C2 = "C2"
    D = "D"
    NOT_DUE = "not_due"


def rat_deadline(book_year: int, months: int = RAT_DEADLINE_MONTHS) -> date:
    """Last day for the RAT about ``book_year`` (a calendar year): 30 June of the next year by default."""
    first_after = date(book_year + 1, months + 1, 1) if months < 12 else date(book_year + 2, 1, 1)
    return date.fromordinal(first_after.toordinal() - 1)


def last_counting_year(rat_years: Collection[int], today: date) -> int:
    """The newest book year that counts: last year's once its RAT is held or overdue, else the one before."""
    last = today.year - 1
    return last if last in rat_years or today > rat_deadline(last) else last - 1


def rat_grade(
    rat_years: Collection[int],
    founded: date | None,
    today: date,
    *,
    single_older: RatGrade = RatGrade.D,
) -> RatGrade:
    """Grade from the book years with a RAT and the founding date (legal entity), as of ``today``.

    ``single_older``: the ministry's text is silent about one RAT that is not the newest of an older cooperative.
    """
    newest = last_counting_year(rat_years, today)
    window = {newest, newest - 1, newest - 2}
    held = len(window & set(rat_years))
    young = founded is not None and years_between(founded, today) <= YOUNG_YEARS
    match held:
        case 3:
            return RatGrade.A
        case 2:
            return RatGrade.B
        case 1 if young:
            return RatGrade.C1
        case 1:
            return RatGrade.C2 if newest in rat_years else single_older
        case _:
            not_due = founded is not None and today <= rat_deadline(founded.year)
            return RatGrade.NOT_DUE if not_due else RatGrade.D


def years_between(start: date, end: date) -> float:
    """Age in years, by the calendar: 12 June 2022 to 12 June 2025 is exactly 3."""
    whole = end.year - start.year
    try:
        birthday = start.replace(year=end.year)
    except ValueError:  # 29 February
        birthday = date(end.year, 3, 1)
    if birthday > end:
        whole -= 1
        birthday = date(birthday.year - 1, birthday.month, birthday.day)
    return whole + (end - birthday).days / 366


class ActivitySource(StrEnum):
    """Which fact decided what the look-up shows as activity."""

    RAT = "rat"
    MINISTRY = "ministry"
    FIELD = "field"
    LEGAL_ENTITY = "legal_entity"
    DISSOLUTION = "dissolution"
    CONTRADICTION = "contradiction"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Standing:
    """The facts of one cooperative that its activity derives from. Dates say as of when."""

    rat_years: frozenset[int] = frozenset()
    founded: date | None = None
    ministry_status: MinistryStatus | None = None
    ministry_status_on: date | None = None
    field_status: FieldStatus | None = None
    field_status_on: date | None = None
    dissolved_on: date | None = None


@dataclass(frozen=True)
class ActivityFinding:
    """Activity with the fact that decided it and that fact's date."""

    activity: Activity
    source: ActivitySource
    on: date | None


_FIELD_SAYS: Final[dict[FieldStatus, Activity]] = {
    FieldStatus.BUSINESS_AND_BODY_ACTIVE: Activity.ACTIVE,
    FieldStatus.BODY_ACTIVE: Activity.ACTIVE,
    FieldStatus.BUSINESS_ACTIVE: Activity.TO_CHECK,
    FieldStatus.INACTIVE: Activity.INACTIVE,
    FieldStatus.NOT_FOUND: Activity.INACTIVE,
    FieldStatus.BEING_DISSOLVED: Activity.INACTIVE,
    FieldStatus.DISSOLVED: Activity.DISSOLVED,
}


def derive_activity(facts: Standing, today: date) -> ActivityFinding:
    """What the look-up shows, and why. The facts themselves are always shown beside it, never merged away.

    Dissolution first; then what an officer saw, unless RATs held afterwards speak against it; then three RATs in
    a row; then youth (a cooperative of less than three years is never "inactive" for lack of three RATs); then
    the ministry's word, unless RATs contradict it; else it is to be checked.
    """
    if facts.dissolved_on is not None:
        return ActivityFinding(Activity.DISSOLVED, ActivitySource.DISSOLUTION, facts.dissolved_on)
    grade = rat_grade(facts.rat_years, facts.founded, today)
    rat_on = date(last_counting_year(facts.rat_years, today), 12, 31)
    if facts.field_status is not None:
        return _by_field(facts, grade, rat_on)
    if grade is RatGrade.A:
        return ActivityFinding(Activity.ACTIVE, ActivitySource.RAT, rat_on)
    if facts.founded is not None and years_between(facts.founded, today) <= YOUNG_YEARS:
        return ActivityFinding(Activity.NEW, ActivitySource.LEGAL_ENTITY, facts.founded)
    return _by_ministry(facts, grade, rat_on)


def _by_field(facts: Standing, grade: RatGrade, rat_on: date) -> ActivityFinding:
    seen = _FIELD_SAYS[facts.field_status or FieldStatus.NOT_FOUND]
    newer_rat = facts.field_status_on is None or rat_on > facts.field_status_on
    if seen is Activity.INACTIVE and grade is RatGrade.A and newer_rat:
        return ActivityFinding(Activity.TO_CHECK, ActivitySource.CONTRADICTION, rat_on)
    return ActivityFinding(seen, ActivitySource.FIELD, facts.field_status_on)


def _by_ministry(facts: Standing, grade: RatGrade, rat_on: date) -> ActivityFinding:
    recent_rats = grade in {RatGrade.B, RatGrade.C1, RatGrade.C2}
    if facts.ministry_status is MinistryStatus.ACTIVE:
        return ActivityFinding(Activity.ACTIVE, ActivitySource.MINISTRY, facts.ministry_status_on)
    if facts.ministry_status is MinistryStatus.INACTIVE and recent_rats:
        return ActivityFinding(Activity.TO_CHECK, ActivitySource.CONTRADICTION, rat_on)
    if facts.ministry_status is MinistryStatus.INACTIVE:
        return ActivityFinding(Activity.INACTIVE, ActivitySource.MINISTRY, facts.ministry_status_on)
    source = ActivitySource.RAT if recent_rats else ActivitySource.NOTHING
    return ActivityFinding(Activity.TO_CHECK, source, rat_on if recent_rats else None)
