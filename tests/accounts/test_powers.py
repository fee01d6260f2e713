"""What a person may do today: pure tables."""

from __future__ import annotations

from datetime import date

import pytest

from app.accounts.rules.powers import Grant, check_grant, powers_on, tidy_grant
from app.core.access import POWERS, Access, Actor, Role, Section
from app.core.errors import RuleBroken

TODAY = date(2026, 11, 23)
HERE, THERE = frozenset({"32.01.21"}), frozenset({"32.01.01"})
KPK = Grant(Role.OFFICER, Section.KPK, HERE)
PUM = Grant(Role.OFFICER, Section.PUM, THERE)
BOSS = Grant(Role.ADMINISTRATOR)
COMPANION = Grant(Role.COMPANION, kecamatan_codes=THERE)
PARTNER = Grant(Role.CO_ADMINISTRATOR, kecamatan_codes=THERE)
DECIDING = Grant(Role.CO_ADMINISTRATOR, kecamatan_codes=THERE, may_decide=True)


def actor(own: Grant, *absent: Grant) -> Actor:
    powers = powers_on(TODAY, own, absent)
    return Actor(
        account_id=1,
        role=powers.role,
        section=powers.section,
        kecamatan_codes=powers.kecamatan_codes,
        everywhere=powers.everywhere,
        may_decide=powers.may_decide,
        extra_powers=powers.extra_powers,
    )


@pytest.mark.parametrize("role", Role)
def test_alone_everybody_holds_what_the_table_says(role: Role) -> None:
    person = actor(Grant(role, Section.KPK if role is Role.OFFICER else None, may_decide=True))
    assert {a for a in Access if person.may(a)} == POWERS[role] | {Access.PUBLIC}


@pytest.mark.parametrize(
    ("grant", "everywhere"),
    [
        (BOSS, True),
        (Grant(Role.LEADER), True),
        (Grant(Role.OFFICER, Section.KPK), True),
        (KPK, False),
        (PARTNER, False),
        (Grant(Role.CO_ADMINISTRATOR), False),
        (COMPANION, False),
        (Grant(Role.EVALUATOR), False),
        (Grant(Role.MEMBER), False),
    ],
)
def test_who_sees_the_whole_kabupaten(grant: Grant, everywhere: bool) -> None:
    assert actor(grant).everywhere is everywhere


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "holds"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (date(2026, 11, 24), None, False),
        (None, date(2026, 11, 22), False),
        (date(2026, 1, 1), date(2026, 12, 31), True),
    ],
)
def test_a_decree_counts_from_its_first_to_its_last_day(
    valid_from: date | None, valid_until: date | None, holds: bool
) -> None:
    person = actor(Grant(Role.OFFICER, Section.KPK, HERE, valid_from, valid_until))
    assert person.may(Access.VERIFY_COOPERATIVE) is holds
    assert person.covers("32.01.21") is holds
    assert person.may(Access.OWN_ACCOUNT)


def test_a_stand_in_works_in_both_areas_with_both_powers() -> None:
    person = actor(COMPANION, KPK)
    assert person.role is Role.OFFICER
    assert person.section is Section.KPK
    assert person.kecamatan_codes == HERE | THERE
    assert person.may(Access.VERIFY_COOPERATIVE)


def test_a_stand_in_for_the_administrator_administrates_everywhere() -> None:
    person = actor(KPK, BOSS)
    assert person.everywhere
    assert person.may(Access.MANAGE_ACCOUNTS)


def test_an_officer_of_businesses_who_stands_in_verifies_cooperatives_too() -> None:
    person = actor(PUM, KPK)
    assert person.section is Section.PUM
    assert person.may(Access.VERIFY_COOPERATIVE)
    assert not actor(PUM).may(Access.VERIFY_COOPERATIVE)


def test_leave_to_decide_comes_with_the_absent_ones_decree() -> None:
    assert not actor(PARTNER).may(Access.VERIFY_COOPERATIVE)
    assert actor(PARTNER, DECIDING).may(Access.VERIFY_COOPERATIVE)


def test_standing_in_adds_and_never_takes_away() -> None:
    for own in (KPK, PUM, COMPANION, PARTNER, DECIDING):
        alone = {a for a in Access if actor(own).may(a)}
        for absent in (KPK, PUM, BOSS, COMPANION, DECIDING, Grant(Role.MEDIA)):
            both = {a for a in Access if actor(own, absent).may(a)}
            assert both == alone | {a for a in Access if actor(absent).may(a)}


def test_who_is_out_of_office_does_not_stand_in_and_lends_nothing() -> None:
    over = date(2026, 11, 22)
    gone = Grant(Role.OFFICER, Section.KPK, HERE, valid_until=over)
    assert actor(gone, BOSS).role is None
    assert actor(COMPANION, gone).role is Role.COMPANION


@pytest.mark.parametrize(
    ("grant", "field"),
    [
        (Grant(Role.OFFICER), "section"),
        (Grant(Role.COMPANION), "areas"),
        (Grant(Role.CO_ADMINISTRATOR), "areas"),
        (Grant(Role.LEADER, valid_from=TODAY, valid_until=date(2026, 11, 1)), "valid_until"),
    ],
)
def test_what_does_not_go_together_is_refused_at_its_field(grant: Grant, field: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        check_grant(grant)
    assert caught.value.field == field


def test_a_role_keeps_only_what_it_has() -> None:
    tidy = tidy_grant(Grant(Role.LEADER, Section.KPK, HERE, may_decide=True))
    assert tidy == Grant(Role.LEADER)
    assert tidy_grant(KPK) == KPK
    assert tidy_grant(DECIDING) == DECIDING
