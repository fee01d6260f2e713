"""Accounts with a real password, and what a browser does with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import count
from typing import Final

import pyotp
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.models import Account, RecoveryCode
from app.accounts.passwords import hash_password
from app.accounts.queries.identity import find_signed_in
from app.accounts.rules.powers import Grant
from app.accounts.second_factor import recovery_index, seal_secret
from app.accounts.services.managing import AccountData, create_account
from app.accounts.signed_in import actor_of
from app.core.access import Actor, Role, Section
from app.core.clock import now, today
from app.core.cross_site import session_digest
from app.core.transaction import atomically
from tests.checked_client import CheckedClient

PASSWORD: Final = "sepeda biru tanpa rantai"
MAKER: Final = Actor(name="pabrik uji")
_numbers = count(1)


@dataclass(frozen=True)
class Made:
    """An account as a test knows it."""

    account_id: int
    name: str
    phone: str
    password: str
    totp_secret: str | None
    recovery_codes: tuple[str, ...] = ()

    @property
    def typed_phone(self) -> str:
        """The number as people write it."""
        return "0" + self.phone.removeprefix("62")

    def code(self, later: int = 0) -> str:
        """The authenticator's code, ``later`` steps of 30 seconds from now."""
        assert self.totp_secret
        return pyotp.TOTP(self.totp_secret).generate_otp(int(now().timestamp()) // 30 + later)


@cache
def hashed(password: str) -> str:
    """The stored form; hashing once is enough for all tests."""
    return hash_password(password)


def make_account(
    role: Role = Role.OFFICER,
    *,
    name: str = "",
    section: Section | None = None,
    areas: tuple[str, ...] = (),
    may_decide: bool = False,
    valid_from: date | None = None,
    valid_until: date | None = None,
    active: bool = True,
    second_factor: bool = False,
    with_password: bool = True,
    institution: str = "",
) -> Made:
    """One account. An officer without ``section`` is of KPK."""
    number = next(_numbers)
    phone, called = f"62813{number:08d}", name or f"Orang Ke-{number}"
    if role is Role.OFFICER and section is None:
        section = Section.KPK
    grant = Grant(role, section, frozenset(areas), valid_from, valid_until, may_decide)
    data = AccountData(called, grant, institution=institution)
    stored = hashed(PASSWORD) if with_password else None
    account_id = atomically(
        lambda s: create_account(s, data=data, phone=phone, password_hash=stored, actor=MAKER)
    )
    secret, codes = (pyotp.random_base32(), ("ABCD-2345", "FGHJ-6789")) if second_factor else (None, ())
    made = Made(account_id, called, phone, PASSWORD, secret, codes)
    atomically(lambda s: _finish(s, made, active))
    return made


def _finish(session: Session, made: Made, active: bool) -> None:
    values: dict[str, object] = {"active": active}
    if made.totp_secret:
        values["totp_sealed"] = seal_secret(made.totp_secret, account_id=made.account_id)
    session.execute(update(Account).where(Account.id == made.account_id).values(**values))
    session.add_all(
        RecoveryCode(account_id=made.account_id, code_index=recovery_index(code, account_id=made.account_id))
        for code in made.recovery_codes
    )


def browser(app: Flask) -> CheckedClient:
    """A new stranger's browser."""
    made = app.test_client()
    assert isinstance(made, CheckedClient)
    return made


def sign_in_by_page(client: CheckedClient, made: Made, **fields: str) -> TestResponse:
    """Type number and password (and the code, when the account has one) on the sign-in page."""
    data = {"phone": made.typed_phone, "password": made.password, **fields}
    if made.totp_secret:
        data.setdefault("totp", made.code())
    response = client.post("/masuk", data=data)
    remember(client, response)
    return response


def remember(client: CheckedClient, response: TestResponse) -> None:
    """After a sign-in: the client sends the form token of its new session by itself."""
    cookie = client.get_cookie(client.application.config["SID_COOKIE"])
    client.sid = cookie.value if cookie else None


def signed_in_browser(app: Flask, made: Made) -> CheckedClient:
    """A browser in which ``made`` signed in a moment ago."""
    client = browser(app)
    response = sign_in_by_page(client, made)
    assert response.status_code == 303, response.get_data(as_text=True)
    return client


def actor_behind(sid: str) -> Actor | None:
    """The person that the application sees behind a session cookie."""
    found = find_signed_in(session_digest(sid), now=now(), today=today())
    return None if found is None else actor_of(found)
