"""What other rooms ask: who works where, who may decide there, how people are called."""

from __future__ import annotations

from datetime import date

from flask import Flask

from app.accounts.queries.staff import account_names, has_active_decider, list_staff_for_area
from app.accounts.services.managing import name_stand_in
from app.core.access import Role, Section
from app.core.transaction import atomically
from tests.cast import CIBINONG, NANGGUNG
from tests.factories.accounts import MAKER, Made, make_account

HERE, THERE = NANGGUNG, CIBINONG
YESTERDAY, TODAY, TOMORROW = date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 24)


def decides() -> set[str]:
    return has_active_decider([HERE, THERE])


def stand_in(present: Made, absent: Made, starts: date = TODAY, ends: date = TOMORROW) -> None:
    atomically(
        lambda s: name_stand_in(
            s,
            account_id=present.account_id,
            for_account_id=absent.account_id,
            starts_on=starts,
            ends_on=ends,
            decree_number="",
            actor=MAKER,
        )
    )


def test_an_officer_of_the_area_decides_there_only(app: Flask) -> None:
    make_account(areas=(HERE,))
    assert decides() == {HERE}
    assert has_active_decider([THERE]) == set()
    assert has_active_decider([]) == set()


def test_a_co_administrator_decides_only_by_decree(app: Flask) -> None:
    make_account(Role.CO_ADMINISTRATOR, areas=(HERE,))
    assert decides() == set()
    make_account(Role.CO_ADMINISTRATOR, areas=(THERE,), may_decide=True)
    assert decides() == {THERE}


def test_who_does_not_count(app: Flask) -> None:
    make_account(areas=(HERE,), section=Section.PUM)
    make_account(areas=(HERE,), active=False)
    make_account(areas=(HERE,), with_password=False)
    make_account(areas=(HERE,), valid_until=YESTERDAY)
    make_account(areas=(HERE,), valid_from=TOMORROW)
    make_account(Role.COMPANION, areas=(HERE,))
    make_account()  # the whole kabupaten: that is the Dinas itself
    make_account(Role.ADMINISTRATOR)
    assert decides() == set()


def test_a_stand_in_keeps_the_area_served(app: Flask) -> None:
    absent, present = make_account(areas=(HERE,), active=True), make_account(Role.COMPANION, areas=(THERE,))
    stand_in(present, absent)
    from app.accounts.services.managing import disable_account

    atomically(lambda s: disable_account(s, account_id=absent.account_id, actor=MAKER))
    assert decides() == {HERE}


def test_a_stand_in_of_other_days_does_not(app: Flask) -> None:
    absent, present = (
        make_account(areas=(HERE,), with_password=False),
        make_account(Role.COMPANION, areas=(THERE,)),
    )
    stand_in(present, absent, TOMORROW, TOMORROW)
    assert decides() == set()


def test_staff_of_an_area_by_name(app: Flask) -> None:
    make_account(Role.COMPANION, name="Zainal", areas=(HERE, THERE))
    make_account(name="Asep", areas=(HERE,))
    make_account(name="Seluruh Kabupaten")
    make_account(name="Nonaktif", areas=(HERE,), active=False)
    found = list_staff_for_area(HERE)
    assert [(s.name, s.role, s.may_decide) for s in found] == [
        ("Asep", Role.OFFICER, True),
        ("Zainal", Role.COMPANION, False),
    ]


def test_names_of_accounts(app: Flask) -> None:
    one, two = make_account(name="Asep"), make_account(name="Zainal")
    assert account_names([two.account_id, one.account_id, 999, one.account_id]) == {
        one.account_id: "Asep",
        two.account_id: "Zainal",
    }
    assert account_names([]) == {}
