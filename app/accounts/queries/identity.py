"""Who is behind a session, and who may try to sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select

from app.accounts.models import Account, AccountArea, SignInSession, StandIn
from app.accounts.rules.powers import Grant
from app.accounts.rules.sessions import KEPT_FORM_HOLDS, is_staff, session_end
from app.core.access import Role
from app.core.db import db


@dataclass(frozen=True)
class SignedIn:
    """An open session with the account behind it and everything its powers follow from."""

    session_id: int
    account_id: int
    name: str
    language: str | None
    has_second_factor: bool
    second_factor_at: datetime | None
    last_seen_at: datetime
    own: Grant
    absent: tuple[Grant, ...] = ()


@dataclass(frozen=True)
class Credentials:
    """What a sign-in is checked against."""

    account_id: int
    name: str
    role: Role
    active: bool
    password_hash: str | None
    totp_sealed: bytes | None


def find_signed_in(digest: str, *, now: datetime, today: date) -> SignedIn | None:
    """The open session with this digest of its cookie; None when unknown, ended, or its account is disabled."""
    row = db.session.execute(
        select(SignInSession, Account)
        .join(Account, Account.id == SignInSession.account_id)
        .where(SignInSession.token_hash == digest)
    ).one_or_none()
    if row is None:
        return None
    opened, account = row
    end = session_end(account.role, last_seen=opened.last_seen_at, expires=opened.expires_at)
    if not account.active or end <= now:
        return None
    absent = _absent_ones(account.id, today) if is_staff(account.role) else []
    areas = _areas_of([account.id, *(a.id for a in absent)]) if is_staff(account.role) else {}
    return SignedIn(
        session_id=opened.id,
        account_id=account.id,
        name=account.name,
        language=account.language,
        has_second_factor=account.totp_sealed is not None,
        second_factor_at=opened.second_factor_at,
        last_seen_at=opened.last_seen_at,
        own=grant_of(account, areas.get(account.id, frozenset())),
        absent=tuple(grant_of(a, areas.get(a.id, frozenset())) for a in absent),
    )


def grant_of(account: Account, kecamatan_codes: frozenset[str]) -> Grant:
    """The columns of an account as the pure rules know them."""
    return Grant(
        role=account.role,
        section=account.section,
        kecamatan_codes=kecamatan_codes,
        valid_from=account.valid_from,
        valid_until=account.valid_until,
        may_decide=account.may_decide,
    )


def _absent_ones(account_id: int, today: date) -> list[Account]:
    return list(
        db.session.scalars(
            select(Account)
            .join(StandIn, StandIn.for_account_id == Account.id)
            .where(
                StandIn.account_id == account_id,
                StandIn.starts_on <= today,
                StandIn.ends_on >= today,
                StandIn.ended_at.is_(None),
            )
            .order_by(Account.id)
            .limit(20)
        )
    )


def _areas_of(account_ids: list[int]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    rows = db.session.execute(
        select(AccountArea.account_id, AccountArea.kecamatan_code)
        .where(AccountArea.account_id.in_(account_ids))
        .order_by(AccountArea.account_id, AccountArea.kecamatan_code)
        .limit(40 * len(account_ids))
    )
    for account_id, code in rows:
        found.setdefault(account_id, set()).add(code)
    return {account_id: frozenset(codes) for account_id, codes in found.items()}


def find_form_owner(digest: str, *, now: datetime) -> int | None:
    """The account to whose session a form was handed, while that session is open or ended less than 12 hours ago."""
    row = db.session.execute(
        select(SignInSession.account_id, SignInSession.last_seen_at, SignInSession.expires_at, Account.role)
        .join(Account, Account.id == SignInSession.account_id)
        .where(SignInSession.token_hash == digest)
    ).one_or_none()
    if row is None:
        return None
    end = session_end(row.role, last_seen=row.last_seen_at, expires=row.expires_at)
    return row.account_id if now < end + KEPT_FORM_HOLDS else None


def find_credentials(phone_index: str) -> Credentials | None:
    """What a sign-in with this phone number (its index) is checked against."""
    return _credentials(select(Account).where(Account.phone_index == phone_index))


def find_credentials_by_id(account_id: int) -> Credentials | None:
    """The same for a known account."""
    return _credentials(select(Account).where(Account.id == account_id))


def _credentials(statement: Select[Account]) -> Credentials | None:
    account = db.session.scalars(statement).one_or_none()
    if account is None:
        return None
    return Credentials(
        account_id=account.id,
        name=account.name,
        role=account.role,
        active=account.active,
        password_hash=account.password_hash,
        totp_sealed=account.totp_sealed,
    )
