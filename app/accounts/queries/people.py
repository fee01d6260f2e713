"""Accounts as the administrator and their owners see them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from app.accounts.models import (
    Account,
    AccountArea,
    OneTimeLink,
    RecoveryCode,
    SignInSession,
    StandIn,
)
from app.accounts.queries.identity import grant_of
from app.accounts.rules.links import LinkPurpose
from app.accounts.rules.powers import Grant
from app.accounts.rules.sessions import absolute_limit, idle_limit
from app.core.access import Role
from app.core.audit import History
from app.core.clock import now
from app.core.crypt import phone_index, unseal
from app.core.db import db
from app.core.paging import PAGE_SIZE, Page
from app.core.values import ValueProblem, parse_phone
from app.regions.models import Kecamatan

_MOST_SESSIONS = 50
_MOST_HISTORY = 100


@dataclass(frozen=True)
class Person:
    """One account. ``phone`` is the full number: show it masked to everybody but its owner."""

    account_id: int
    name: str
    phone: str
    grant: Grant
    institution: str
    decree_number: str
    decree_date: date | None
    active: bool
    has_password: bool
    has_second_factor: bool
    language: str | None
    created_at: datetime
    area_names: tuple[str, ...] = ()

    @property
    def role(self) -> Role:
        """The role given by the office."""
        return self.grant.role


@dataclass(frozen=True)
class OpenSession:
    """One signed-in browser."""

    session_id: int
    device: str
    created_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True)
class StandInRow:
    """One standing in, seen from either side."""

    stand_in_id: int
    account_id: int
    name: str
    for_account_id: int
    for_name: str
    starts_on: date
    ends_on: date
    decree_number: str


@dataclass(frozen=True)
class HistoryRow:
    """One line of an account's history."""

    at: datetime
    deed: str
    actor_name: str
    before: dict[str, object] = field(default_factory=dict)
    after: dict[str, object] = field(default_factory=dict)
    note: str = ""


def phone_place(account_id: int) -> str:
    """Place to which an account's phone number is sealed."""
    return f"account.phone:{account_id}"


def no_accounts() -> bool:
    """True on an empty installation."""
    return db.session.execute(select(Account.id).order_by(Account.id).limit(1)).first() is None


def find_person(account_id: int) -> Person | None:
    """One account with its areas."""
    account = db.session.get(Account, account_id)
    return None if account is None else _persons([account])[0]


def find_person_by_phone(phone: str) -> Person | None:
    """The account that signs in with this number (digits as stored)."""
    account = db.session.scalars(
        select(Account).where(Account.phone_index == phone_index(phone))
    ).one_or_none()
    return None if account is None else _persons([account])[0]


def search_people(
    *, text: str = "", role: Role | None = None, active: bool | None = True, number: int = 1
) -> Page[Person]:
    """A page of accounts by part of the name or institution, or by the whole phone number; by name."""
    wanted = select(Account).where(*_conditions(text, role, active))
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    return Page(rows=_persons(_page_of(wanted, number)), number=number, total=total)


def _page_of(wanted: Select[Account], number: int) -> list[Account]:
    ordered = wanted.order_by(func.lower(Account.name), Account.id).limit(PAGE_SIZE)
    return list(db.session.scalars(ordered.offset((number - 1) * PAGE_SIZE)))


def _conditions(text: str, role: Role | None, active: bool | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if text:
        found.append(_matches(text[:120]))
    if role is not None:
        found.append(Account.role == role)
    if active is not None:
        found.append(Account.active.is_(active))
    return found


def _matches(text: str) -> ColumnElement[bool]:
    try:
        return Account.phone_index == phone_index(parse_phone(text))
    except ValueProblem:
        words = text.lower().split()
        return and_(
            *(
                or_(
                    func.lower(Account.name).contains(word, autoescape=True),
                    func.lower(Account.institution).contains(word, autoescape=True),
                )
                for word in words
            )
        )


def list_people() -> list[Person]:
    """Every account, for the command line."""
    return _persons(list(db.session.scalars(select(Account).order_by(Account.id).limit(10_000))))


def list_staff_names() -> list[tuple[int, str]]:
    """Active staff to choose from, by name."""
    rows = db.session.execute(
        select(Account.id, Account.name)
        .where(Account.active, Account.role != Role.MEMBER)
        .order_by(func.lower(Account.name), Account.id)
        .limit(1000)
    )
    return [(account_id, name) for account_id, name in rows]


def _persons(accounts: list[Account]) -> list[Person]:
    areas = _areas([a.id for a in accounts])
    return [_person(account, areas.get(account.id, [])) for account in accounts]


def _person(account: Account, areas: list[tuple[str, str]]) -> Person:
    return Person(
        account_id=account.id,
        name=account.name,
        phone=unseal(account.phone_sealed, place=phone_place(account.id)),
        grant=grant_of(account, frozenset(code for code, _name in areas)),
        institution=account.institution,
        decree_number=account.decree_number,
        decree_date=account.decree_date,
        active=account.active,
        has_password=account.password_hash is not None,
        has_second_factor=account.totp_sealed is not None,
        language=account.language,
        created_at=account.created_at,
        area_names=tuple(name for _code, name in areas),
    )


def _areas(account_ids: list[int]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = {}
    rows = db.session.execute(
        select(AccountArea.account_id, Kecamatan.code, Kecamatan.name)
        .join(Kecamatan, Kecamatan.code == AccountArea.kecamatan_code)
        .where(AccountArea.account_id.in_(account_ids))
        .order_by(AccountArea.account_id, Kecamatan.name)
        .limit(40 * max(1, len(account_ids)))
    )
    for account_id, code, name in rows:
        found.setdefault(account_id, []).append((code, name))
    return found


def list_areas_to_choose() -> list[tuple[str, str]]:
    """Code and name of every kecamatan, by name."""
    rows = db.session.execute(select(Kecamatan.code, Kecamatan.name).order_by(Kecamatan.name).limit(100))
    return [(code, name) for code, name in rows]


def list_sessions(account_id: int) -> list[OpenSession]:
    """Browsers in which this account is signed in, the latest first."""
    role = db.session.scalar(select(Account.role).where(Account.id == account_id))
    if role is None:
        return []
    moment = now()
    rows = db.session.scalars(
        select(SignInSession)
        .where(
            SignInSession.account_id == account_id,
            SignInSession.expires_at > moment,
            SignInSession.last_seen_at > moment - idle_limit(role),
            SignInSession.created_at > moment - absolute_limit(role),
        )
        .order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc())
        .limit(_MOST_SESSIONS)
    )
    return [OpenSession(s.id, s.device, s.created_at, s.last_seen_at) for s in rows]


def list_stand_ins(account_id: int, *, today: date) -> list[StandInRow]:
    """Running and coming stand-ins in which the account takes part, on either side."""
    absent, present = Account.__table__.alias("absent"), Account.__table__.alias("present")
    rows = db.session.execute(
        select(StandIn, present.c.name, absent.c.name)
        .join(present, present.c.id == StandIn.account_id)
        .join(absent, absent.c.id == StandIn.for_account_id)
        .where(
            or_(StandIn.account_id == account_id, StandIn.for_account_id == account_id),
            StandIn.ended_at.is_(None),
            StandIn.ends_on >= today,
        )
        .order_by(StandIn.starts_on, StandIn.id)
        .limit(20)
    )
    return [
        StandInRow(
            s.id, s.account_id, name, s.for_account_id, for_name, s.starts_on, s.ends_on, s.decree_number
        )
        for s, name, for_name in rows
    ]


def list_history(account_id: int) -> list[HistoryRow]:
    """What happened to the account, the latest first."""
    rows = db.session.scalars(
        select(History)
        .where(History.subject == f"akun:{account_id}")
        .order_by(History.at.desc(), History.id.desc())
        .limit(_MOST_HISTORY)
    )
    return [HistoryRow(h.at, h.deed, h.actor_name, h.before or {}, h.after or {}, h.note) for h in rows]


def count_recovery_codes(account_id: int) -> int:
    """How many recovery codes are left."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(RecoveryCode)
            .where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
        )
        or 0
    )


def find_open_link(digest: str) -> tuple[LinkPurpose, int | None] | None:
    """Purpose and account of a one-time link that can still be used."""
    row = db.session.execute(
        select(OneTimeLink.purpose, OneTimeLink.account_id).where(
            OneTimeLink.token_hash == digest, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now()
        )
    ).one_or_none()
    return None if row is None else (row.purpose, row.account_id)
