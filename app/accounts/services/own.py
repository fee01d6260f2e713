"""Deeds of a person on the own account: name, language, password, second factor."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.models import Account, RecoveryCode, SignInSession
from app.accounts.services.managing import subject_of
from app.accounts.services.signing_in import SecondProof, end_sessions, open_session, use_up_proof
from app.core.access import Actor
from app.core.audit import record
from app.core.clock import now
from app.core.errors import RuleBroken
from app.core.language import say


def change_own_details(session: Session, *, actor: Actor, name: str, language: str | None) -> None:
    """Another name or language for the signed-in person."""
    account = _own(session, actor)
    before = {"name": account.name, "language": account.language}
    after = {"name": name, "language": language}
    account.name, account.language = name, language
    changed = [key for key in after if before[key] != after[key]]
    if changed:
        record(
            session,
            deed="account.changed",
            subject=subject_of(account.id),
            actor=actor,
            before={key: before[key] for key in changed},
            after={key: after[key] for key in changed},
        )


def change_own_password(
    session: Session, *, actor: Actor, password_hash: str, digest: str, device: str
) -> None:
    """A new password: every session ends, this browser goes on with a new one (``digest`` of its new cookie)."""
    account = _own(session, actor)
    proven_at = session.scalar(
        select(SignInSession.second_factor_at).where(SignInSession.id == actor.session_id)
    )
    account.password_hash = password_hash
    end_sessions(session, account_id=account.id)
    opened = open_session(
        session, account_id=account.id, role=account.role, digest=digest, device=device, proven=False
    )
    opened.second_factor_at = proven_at
    record(session, deed="account.password_changed", subject=subject_of(account.id), actor=actor)


def set_second_factor(
    session: Session, *, actor: Actor, account_id: int, sealed: bytes, step: int, code_indexes: Iterable[str]
) -> None:
    """The authenticator proved itself with the code of ``step``. Raises RuleBroken when there is one already."""
    account = _own(session, actor)
    if account.id != account_id or account.totp_sealed is not None:
        raise RuleBroken("", say("Kode masuk sudah terpasang. Lepas dulu yang lama."))
    account.totp_sealed, account.totp_last_step = sealed, step
    _replace_codes(session, account.id, code_indexes)
    if actor.session_id is not None:
        opened = session.get(SignInSession, actor.session_id)
        if opened is not None:
            opened.second_factor_at = now()
    record(session, deed="account.second_factor_set", subject=subject_of(account.id), actor=actor)


def renew_recovery_codes(
    session: Session, *, actor: Actor, proof: SecondProof, code_indexes: Iterable[str]
) -> None:
    """Ten new recovery codes; the old ones stop working. Raises RuleBroken for a used code."""
    account = _own(session, actor)
    use_up_proof(session, account_id=account.id, proof=proof)
    _replace_codes(session, account.id, code_indexes)
    record(session, deed="account.recovery_codes_renewed", subject=subject_of(account.id), actor=actor)


def remove_own_second_factor(session: Session, *, actor: Actor, proof: SecondProof) -> None:
    """Take the authenticator off, with one of its codes. Raises RuleBroken for a used code."""
    account = _own(session, actor)
    use_up_proof(session, account_id=account.id, proof=proof)
    _remove(session, account)
    record(session, deed="account.second_factor_removed", subject=subject_of(account.id), actor=actor)


def remove_second_factor_for(session: Session, *, account_id: int, actor: Actor, note: str) -> None:
    """The administrator takes it off for somebody who lost telephone and recovery codes; sessions end."""
    account = session.scalars(select(Account).where(Account.id == account_id)).one()
    if account.totp_sealed is None:
        return
    _remove(session, account)
    end_sessions(session, account_id=account_id)
    record(
        session, deed="account.second_factor_removed", subject=subject_of(account_id), actor=actor, note=note
    )


def _remove(session: Session, account: Account) -> None:
    # totp_last_step stays: a code once used must not count again if the same key came back
    account.totp_sealed = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def _replace_codes(session: Session, account_id: int, code_indexes: Iterable[str]) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    session.add_all(RecoveryCode(account_id=account_id, code_index=index) for index in code_indexes)


def _own(session: Session, actor: Actor) -> Account:
    return session.scalars(select(Account).where(Account.id == actor.account_id)).one()
