"""Tables of people who sign in: accounts, areas, stand-ins, sessions, one-time links, recovery codes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Boolean, ForeignKey, LargeBinary, String, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.rules.links import LinkPurpose
from app.core.access import Role, Section
from app.core.audit import BigId
from app.core.db import Base, choice


class Account(Base):
    """A person with a password. The phone is a way to sign in, not the person: it can be changed by an officer."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(120))
    phone_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    phone_index: Mapped[str] = mapped_column(String(32), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    section: Mapped[Section | None] = mapped_column(choice(Section, "section"))
    institution: Mapped[str] = mapped_column(String(160), default="")
    decree_number: Mapped[str] = mapped_column(String(80), default="")
    decree_date: Mapped[date | None]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    may_decide: Mapped[bool] = mapped_column(Boolean, server_default=false(), default=False)
    active: Mapped[bool] = mapped_column(Boolean, server_default=true(), default=True)
    language: Mapped[str | None] = mapped_column(String(5))
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_last_step: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime]


class AccountArea(Base):
    """A kecamatan in which the account works. None at all for an officer means the whole kabupaten."""

    __tablename__ = "account_area"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    kecamatan_code: Mapped[str] = mapped_column(ForeignKey("kecamatan.code"), primary_key=True)


class StandIn(Base):
    """Plh.: ``account_id`` also holds the role and areas of ``for_account_id`` on the days from..until."""

    __tablename__ = "stand_in"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    for_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    decree_number: Mapped[str] = mapped_column(String(80), default="")
    ended_at: Mapped[datetime | None]


class SignInSession(Base):
    """One signed-in browser. The cookie's 256 bits are kept only as SHA-256.

    ``expires_at`` is the absolute end; signing out moves it to that moment. The row stays for some days, because a
    form that was open when the session ended still names it (accounts/kept_form.py).
    """

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(String(120), default="")


class OneTimeLink(Base):
    """A link that sets a password once. GET shows the page, POST consumes it; kept only as SHA-256."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[LinkPurpose] = mapped_column(choice(LinkPurpose, "purpose"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    created_by: Mapped[int | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """Ten single-use codes for a lost second factor, kept as keyed index."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("account_id", "code_index"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    code_index: Mapped[str] = mapped_column(String(32))
    used_at: Mapped[datetime | None]
