"""The people of every test: one of each role, with their areas, signed in through real sessions.

Their rows are inserted directly, so that a fault of the sign-in page reddens the tests of the sign-in page only.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.accounts.models import Account, AccountArea, SignInSession
from app.core.access import Role, Section
from app.core.clock import now, today
from app.core.cross_site import session_digest
from app.core.crypt import phone_index, seal
from app.core.transaction import atomically

CIBINONG: Final = "32.01.01"
NANGGUNG: Final = "32.01.21"
HERE: Final = NANGGUNG  # the area of officer, companion and co-administrators
ELSEWHERE: Final = CIBINONG  # the area of other_officer
TOTP_SECRET: Final = (
    "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # second factor of all staff, given at the start of the test
)


@dataclass(frozen=True)
class Part:
    """One person of the cast as accounts know them. ``areas`` empty means the whole kabupaten for an officer."""

    role: Role
    areas: tuple[str, ...] = ()
    section: Section | None = None
    may_decide: bool = False
    fields: dict[str, object] = field(default_factory=dict)


PARTS: Final[dict[str, Part]] = {
    "member": Part(Role.MEMBER),
    "companion": Part(Role.COMPANION, (HERE,)),
    "officer": Part(Role.OFFICER, (HERE,), Section.KPK),
    "other_officer": Part(Role.OFFICER, (ELSEWHERE,), Section.KPK),
    "dinas_officer": Part(Role.OFFICER, (), Section.KPK),
    "pum_officer": Part(Role.OFFICER, (HERE,), Section.PUM),
    "co_administrator": Part(Role.CO_ADMINISTRATOR, (HERE,)),
    "deciding_co_administrator": Part(Role.CO_ADMINISTRATOR, (HERE,), may_decide=True),
    "leader": Part(Role.LEADER),
    "administrator": Part(Role.ADMINISTRATOR),
    "expert": Part(Role.EXPERT),
    "media": Part(Role.MEDIA),
    "evaluator": Part(Role.EVALUATOR),
}
ROLES: Final = ("visitor", *PARTS)


@dataclass(frozen=True)
class Person:
    """Somebody who signed in. ``sid`` is the value of their cookie."""

    name: str
    account_id: int
    phone: str
    sid: str


def phone_of(name: str) -> str:
    """A number of nobody, always the same for the same part."""
    return f"62811000{100 + list(PARTS).index(name)}"


def bring_in(session: Session, name: str) -> Person:
    """Insert the account of the part ``name``, its areas and an open session. Call inside a write block."""
    part = PARTS[name]
    phone = phone_of(name)
    account_id = session.execute(
        insert(Account).returning(Account.id),
        {
            "name": name.replace("_", " ").title(),
            "phone_sealed": b"",  # sealed below: its place names the id
            "phone_index": phone_index(phone),
            "password_hash": "no password fits this",
            "role": part.role,
            "section": part.section,
            "institution": "",
            "decree_number": "1/2026",
            "decree_date": today(),
            "valid_from": today() - timedelta(days=30),
            "valid_until": None,
            "may_decide": part.may_decide,
            "active": True,
            "language": None,
            "created_at": now(),
            **part.fields,
        },
    ).scalar_one()
    sealed = {"phone_sealed": seal(phone, place=f"account.phone:{account_id}")}
    if part.role is not Role.MEMBER:
        sealed["totp_sealed"] = seal(TOTP_SECRET, place=f"account.totp:{account_id}")
    session.execute(update(Account).where(Account.id == account_id).values(**sealed))
    if part.areas:
        areas = [{"account_id": account_id, "kecamatan_code": code} for code in part.areas]
        session.execute(insert(AccountArea), areas)
    sid = secrets.token_urlsafe(32)
    session.execute(insert(SignInSession), [_open_session(account_id, sid)])
    return Person(name, account_id, phone, sid)


def _open_session(account_id: int, sid: str) -> dict[str, object]:
    return {
        "token_hash": session_digest(sid),
        "account_id": account_id,
        "created_at": now(),
        "last_seen_at": now(),
        "expires_at": now() + timedelta(hours=12),
        "second_factor_at": now(),
        "device": "test",
    }


class Cast:
    """People of this test, brought in when first asked for."""

    def __init__(self) -> None:
        self._here: dict[str, Person] = {}

    def __getitem__(self, name: str) -> Person:
        if name not in self._here:
            self._here[name] = atomically(lambda session: bring_in(session, name))
        return self._here[name]
