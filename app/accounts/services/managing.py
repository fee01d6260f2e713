"""Deeds of the administrator on accounts. Every one leaves a line of history with subject "akun:<id>"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Account, AccountArea, OneTimeLink, StandIn
from app.accounts.rules.powers import Grant, check_grant, tidy_grant
from app.accounts.rules.sessions import is_staff
from app.accounts.services.signing_in import end_sessions
from app.core.access import Actor, Role
from app.core.audit import record
from app.core.clock import now, today
from app.core.crypt import phone_index, seal, unseal
from app.core.db import constraint_name
from app.core.errors import RuleBroken
from app.core.language import say
from app.core.values import phone_masked
from app.regions.models import Kecamatan

LONGEST_STAND_IN_DAYS = 366


@dataclass(frozen=True)
class AccountData:
    """What the office decides about an account, without number and password."""

    name: str
    grant: Grant
    institution: str = ""
    decree_number: str = ""
    decree_date: date | None = None


def subject_of(account_id: int) -> str:
    """How the history names an account."""
    return f"akun:{account_id}"


def create_account(
    session: Session, *, data: AccountData, phone: str, password_hash: str | None, actor: Actor
) -> int:
    """A new account; its id. ``phone``: digits as stored. Raises RuleBroken at phone, section, areas, valid_until."""
    data = _tidy(session, data)
    account = Account(
        name=data.name, phone_sealed=b"", phone_index=phone_index(phone), password_hash=password_hash
    )
    account.created_at = now()
    _put(account, data)
    session.add(account)
    _flush_phone(session)
    account.phone_sealed = seal(phone, place=f"account.phone:{account.id}")
    _put_areas(session, account.id, data.grant.kecamatan_codes)
    after = {**_picture(data), "phone": phone_masked(phone)}
    record(session, deed="account.created", subject=subject_of(account.id), actor=actor, after=after)
    return account.id


def change_account(session: Session, *, account_id: int, data: AccountData, actor: Actor) -> None:
    """Change what the office decides. Powers follow at the next request. Raises RuleBroken."""
    data = _tidy(session, data)
    administrators = _administrators(session)
    account = _account(session, account_id)
    if not _is_administrator_today(data.grant):
        _refuse_the_last(administrators, account)
    before = _picture(_data_of(session, account))
    _put(account, data)
    session.execute(delete(AccountArea).where(AccountArea.account_id == account_id))
    _put_areas(session, account_id, data.grant.kecamatan_codes)
    after = _picture(data)
    changed = [name for name in after if before[name] != after[name]]
    if changed:
        record(
            session,
            deed="account.changed",
            subject=subject_of(account_id),
            actor=actor,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )


def disable_account(session: Session, *, account_id: int, actor: Actor, note: str = "") -> None:
    """Nobody signs in with it any more; open sessions and links end at once. Raises RuleBroken for the last administrator."""
    administrators = _administrators(session)
    account = _account(session, account_id)
    if not account.active:
        return
    _refuse_the_last(administrators, account)
    account.active = False
    _shut(session, account_id)
    record(session, deed="account.disabled", subject=subject_of(account_id), actor=actor, note=note)


def enable_account(session: Session, *, account_id: int, actor: Actor, note: str = "") -> None:
    """Let a disabled account in again, with its old password."""
    account = _account(session, account_id)
    if account.active:
        return
    account.active = True
    record(session, deed="account.enabled", subject=subject_of(account_id), actor=actor, note=note)


def end_all_sessions(session: Session, *, account_id: int, actor: Actor) -> int:
    """Sign the account out everywhere; how many browsers."""
    ended = end_sessions(session, account_id=account_id)
    record(
        session,
        deed="account.sessions_ended",
        subject=subject_of(account_id),
        actor=actor,
        after={"sessions": ended},
    )
    return ended


def revoke_links(session: Session, *, account_id: int) -> None:
    """No link of this account works any more."""
    session.execute(
        delete(OneTimeLink).where(OneTimeLink.account_id == account_id, OneTimeLink.used_at.is_(None))
    )


def change_phone(
    session: Session, *, account_id: int, phone: str, proof: str, note: str, actor: Actor
) -> None:
    """Another number for the same person, after a second proof. Sessions and links end; the old number gets nothing.

    ``proof``: what the officer saw (paper_code, board_document, other). Raises RuleBroken at phone.
    """
    account = _account(session, account_id)
    old = unseal(account.phone_sealed, place=f"account.phone:{account_id}")
    if old == phone:
        raise RuleBroken("phone", say("Nomor ini sama dengan nomor yang lama."))
    account.phone_index = phone_index(phone)
    account.phone_sealed = seal(phone, place=f"account.phone:{account_id}")
    _flush_phone(session)
    _shut(session, account_id)
    record(
        session,
        deed="account.phone_changed",
        subject=subject_of(account_id),
        actor=actor,
        before={"phone": phone_masked(old)},
        after={"phone": phone_masked(phone), "proof": proof},
        note=note,
    )


def name_stand_in(
    session: Session,
    *,
    account_id: int,
    for_account_id: int,
    starts_on: date,
    ends_on: date,
    decree_number: str,
    actor: Actor,
) -> int:
    """``account_id`` does the work of ``for_account_id`` on these days (Plh.). Raises RuleBroken."""
    if account_id == for_account_id:
        raise RuleBroken("stand_in", say("Pilih orang lain sebagai pengganti."))
    if ends_on < starts_on:
        raise RuleBroken("ends_on", say("Tanggal selesai harus sesudah tanggal mulai."))
    if ends_on < today():
        raise RuleBroken("ends_on", say("Tanggal selesai sudah lewat."))
    if (ends_on - starts_on).days > LONGEST_STAND_IN_DAYS:
        raise RuleBroken("ends_on", say("Pelaksana harian paling lama satu tahun."))
    stand_in, absent = _account(session, account_id), _account(session, for_account_id)
    if not (stand_in.active and is_staff(stand_in.role) and is_staff(absent.role)):
        raise RuleBroken("stand_in", say("Pelaksana harian harus petugas yang akunnya aktif."))
    row = StandIn(
        account_id=account_id,
        for_account_id=for_account_id,
        starts_on=starts_on,
        ends_on=ends_on,
        decree_number=decree_number,
    )
    session.add(row)
    session.flush()
    after = {"stand_in": stand_in.name, "for": absent.name, "from": str(starts_on), "until": str(ends_on)}
    for subject in (account_id, for_account_id):
        record(session, deed="account.stand_in_named", subject=subject_of(subject), actor=actor, after=after)
    return row.id


def end_stand_in(session: Session, *, stand_in_id: int, actor: Actor) -> None:
    """The absent one is back earlier. Nothing happens when it had ended already."""
    row = session.get(StandIn, stand_in_id)
    if row is None or row.ended_at is not None:
        return
    row.ended_at = now()
    for subject in (row.account_id, row.for_account_id):
        record(session, deed="account.stand_in_ended", subject=subject_of(subject), actor=actor)


def _account(session: Session, account_id: int) -> Account:
    return session.scalars(select(Account).where(Account.id == account_id).with_for_update()).one()


def _shut(session: Session, account_id: int) -> None:
    end_sessions(session, account_id=account_id)
    revoke_links(session, account_id=account_id)


def _tidy(session: Session, data: AccountData) -> AccountData:
    grant = tidy_grant(data.grant)
    check_grant(grant)
    known = set(session.scalars(select(Kecamatan.code).where(Kecamatan.code.in_(grant.kecamatan_codes))))
    if known != grant.kecamatan_codes:
        raise RuleBroken("areas", say("Ada kecamatan yang tidak dikenal. Pilih dari daftar."))
    return AccountData(data.name, grant, data.institution, data.decree_number, data.decree_date)


def _put(account: Account, data: AccountData) -> None:
    grant = data.grant
    account.name, account.institution = data.name, data.institution
    account.role, account.section, account.may_decide = grant.role, grant.section, grant.may_decide
    account.decree_number, account.decree_date = data.decree_number, data.decree_date
    account.valid_from, account.valid_until = grant.valid_from, grant.valid_until


def _put_areas(session: Session, account_id: int, codes: frozenset[str]) -> None:
    session.add_all(AccountArea(account_id=account_id, kecamatan_code=code) for code in sorted(codes))


def _data_of(session: Session, account: Account) -> AccountData:
    codes = session.scalars(select(AccountArea.kecamatan_code).where(AccountArea.account_id == account.id))
    grant = Grant(
        account.role,
        account.section,
        frozenset(codes),
        account.valid_from,
        account.valid_until,
        account.may_decide,
    )
    return AccountData(account.name, grant, account.institution, account.decree_number, account.decree_date)


def _picture(data: AccountData) -> Mapping[str, Any]:
    """What the history keeps of an account."""
    grant = data.grant
    return {
        "name": data.name,
        "role": grant.role.value,
        "section": grant.section.value if grant.section else None,
        "areas": sorted(grant.kecamatan_codes),
        "institution": data.institution,
        "decree_number": data.decree_number,
        "decree_date": data.decree_date.isoformat() if data.decree_date else None,
        "valid_from": grant.valid_from.isoformat() if grant.valid_from else None,
        "valid_until": grant.valid_until.isoformat() if grant.valid_until else None,
        "may_decide": grant.may_decide,
    }


def _flush_phone(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        if constraint_name(error) == "uq_account_phone_index":
            raise RuleBroken("phone", say("Nomor ini sudah dipakai akun lain."), code="taken") from error
        raise


def _is_administrator_today(grant: Grant) -> bool:
    return grant.role is Role.ADMINISTRATOR and grant.holds_on(today())


def _administrators(session: Session) -> set[int]:
    """Who could administrate today: active, with a password, in the dates of the decree.

    The rows are locked, always first and in one order: two administrators who disable each other in the same
    moment come one after the other.
    """
    day = today()
    found = session.scalars(
        select(Account.id)
        .where(
            Account.role == Role.ADMINISTRATOR,
            Account.active,
            Account.password_hash.is_not(None),
            or_(Account.valid_from.is_(None), Account.valid_from <= day),
            or_(Account.valid_until.is_(None), Account.valid_until >= day),
        )
        .order_by(Account.id)
        .with_for_update()
    )
    return set(found)


def _refuse_the_last(administrators: set[int], account: Account) -> None:
    """Raise RuleBroken when without this administrator nobody is left."""
    if account.role is Role.ADMINISTRATOR and not administrators - {account.id}:
        raise RuleBroken("", say("Ini Administrator Utama yang terakhir. Angkat yang lain dulu."))
