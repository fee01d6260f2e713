"""For other rooms: who works where, who may decide there, and how people are called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from app.accounts.models import Account, AccountArea, StandIn
from app.core.access import Role, Section
from app.core.clock import today
from app.core.db import db

_MOST_STAFF = 200


@dataclass(frozen=True)
class StaffMember:
    """One who works in an area."""

    account_id: int
    name: str
    role: Role
    section: Section | None
    institution: str
    may_decide: bool


def list_staff_for_area(kecamatan_code: str) -> list[StaffMember]:
    """Active staff whose own areas name this kecamatan today, by name. Those of the whole kabupaten are not listed."""
    found = db.session.scalars(
        select(Account)
        .join(AccountArea, AccountArea.account_id == Account.id)
        .where(AccountArea.kecamatan_code == kecamatan_code, _works_on(today()))
        .order_by(Account.name, Account.id)
        .limit(_MOST_STAFF)
    )
    return [StaffMember(a.id, a.name, a.role, a.section, a.institution, _decides(a)) for a in found]


def _decides(account: Account) -> bool:
    if account.role is Role.CO_ADMINISTRATOR:
        return account.may_decide
    return account.role is Role.OFFICER and account.section is Section.KPK


def has_active_decider(kecamatan_codes: Iterable[str]) -> set[str]:
    """Those of ``kecamatan_codes`` that somebody with that very area may verify cooperatives in today.

    Counted: officers of the cooperatives' section and co-administrators whose decree says so, themselves or by a
    stand-in of theirs. Not counted: those of the whole kabupaten, because they are the Dinas to which a kecamatan
    without anybody falls.
    """
    codes = sorted(set(kecamatan_codes))
    if not codes:
        return set()
    day = today()
    own = (
        select(AccountArea.kecamatan_code)
        .join(Account, Account.id == AccountArea.account_id)
        .where(AccountArea.kecamatan_code.in_(codes), _works_on(day), _may_verify())
    )
    by_stand_in = (
        select(AccountArea.kecamatan_code)
        .join(StandIn, StandIn.for_account_id == AccountArea.account_id)
        .join(Account, Account.id == StandIn.account_id)
        .where(
            AccountArea.kecamatan_code.in_(codes),
            _works_on(day),
            StandIn.starts_on <= day,
            StandIn.ends_on >= day,
            StandIn.ended_at.is_(None),
            AccountArea.account_id.in_(select(Account.id).where(_may_verify(), _in_dates(day))),
        )
    )
    return set(db.session.scalars(own.union(by_stand_in).order_by("kecamatan_code").limit(len(codes))))


def _may_verify() -> ColumnElement[bool]:
    officer = and_(Account.role == Role.OFFICER, Account.section == Section.KPK)
    partner = and_(Account.role == Role.CO_ADMINISTRATOR, Account.may_decide)
    return or_(officer, partner)


def _works_on(day: date) -> ColumnElement[bool]:
    return and_(Account.active, Account.password_hash.is_not(None), _in_dates(day))


def _in_dates(day: date) -> ColumnElement[bool]:
    return and_(
        or_(Account.valid_from.is_(None), Account.valid_from <= day),
        or_(Account.valid_until.is_(None), Account.valid_until >= day),
    )


def account_names(account_ids: Iterable[int]) -> dict[int, str]:
    """Names of the accounts with these ids; unknown ids are left out."""
    ids = sorted(set(account_ids))
    if not ids:
        return {}
    rows = db.session.execute(
        select(Account.id, Account.name).where(Account.id.in_(ids)).order_by(Account.id).limit(len(ids))
    )
    return {row.id: row.name for row in rows}
