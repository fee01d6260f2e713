"""Opening and ending sessions, and using up second factors."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import CursorResult, delete, or_, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Account, RecoveryCode, SignInSession
from app.accounts.rules.sessions import ENDED_SESSION_STAYS, MEMBER_IDLE, absolute_limit
from app.core.access import Role
from app.core.clock import now
from app.core.errors import RuleBroken
from app.core.language import say


@dataclass(frozen=True)
class SecondProof:
    """A code that was right: the step of an authenticator, or the index of a recovery code."""

    totp_step: int | None = None
    recovery_index: str | None = None


def sign_in(
    session: Session,
    *,
    account_id: int,
    password_hash: str,
    digest: str,
    device: str,
    proof: SecondProof | None,
    replaces: str | None = None,
) -> Role:
    """Open a session for an account whose password was right a moment ago; end the browser's former one.

    Raises RuleBroken when meanwhile the account was disabled, its password changed, or the code was used.
    """
    account = session.execute(
        select(Account.role, Account.active, Account.password_hash).where(Account.id == account_id)
    ).one()
    if not account.active or account.password_hash != password_hash:
        raise RuleBroken("", say("Nomor HP atau kata sandi tidak cocok."))
    if proof is not None:
        use_up_proof(session, account_id=account_id, proof=proof)
    if replaces is not None:
        end_session(session, digest=replaces)
    open_session(
        session,
        account_id=account_id,
        role=account.role,
        digest=digest,
        device=device,
        proven=proof is not None,
    )
    return Role(account.role)


def open_session(
    session: Session, *, account_id: int, role: Role, digest: str, device: str, proven: bool
) -> SignInSession:
    """A new session row. ``digest``: SHA-256 of the cookie; ``proven``: the second factor was given just now."""
    moment = now()
    opened = SignInSession(
        token_hash=digest,
        account_id=account_id,
        created_at=moment,
        last_seen_at=moment,
        expires_at=moment + absolute_limit(role),
        second_factor_at=moment if proven else None,
        device=device[:120],
    )
    session.add(opened)
    session.flush()
    return opened


def use_up_proof(session: Session, *, account_id: int, proof: SecondProof) -> None:
    """A code counts once: an authenticator's step must be later than the last one used. Raises RuleBroken."""
    if proof.totp_step is not None:
        spent = update(Account).where(
            Account.id == account_id,
            or_(Account.totp_last_step.is_(None), Account.totp_last_step < proof.totp_step),
        )
        done = _changed(session, spent.values(totp_last_step=proof.totp_step))
    else:
        used = update(RecoveryCode).where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.code_index == proof.recovery_index,
            RecoveryCode.used_at.is_(None),
        )
        done = _changed(session, used.values(used_at=now()))
    if not done:
        raise RuleBroken("totp", say("Kode ini tidak cocok atau sudah dipakai. Tunggu kode berikutnya."))


def _changed(session: Session, statement: object) -> bool:
    result: CursorResult[object] = session.execute(statement)  # type: ignore[call-overload]
    return result.rowcount == 1


def confirm_second_factor(session: Session, *, account_id: int, session_id: int, proof: SecondProof) -> None:
    """The person behind an open session gave the code again. Raises RuleBroken for a used one."""
    use_up_proof(session, account_id=account_id, proof=proof)
    session.execute(
        update(SignInSession).where(SignInSession.id == session_id).values(second_factor_at=now())
    )


def touch_session(session: Session, *, session_id: int) -> None:
    """Note that the session is in use. Never brings an ended one back: its ``expires_at`` stays in the past."""
    session.execute(update(SignInSession).where(SignInSession.id == session_id).values(last_seen_at=now()))


def end_session(session: Session, *, digest: str) -> None:
    """Sign out one browser."""
    _end(session, SignInSession.token_hash == digest)


def end_sessions(session: Session, *, account_id: int) -> int:
    """Sign out every browser of an account; how many were open."""
    return _end(session, SignInSession.account_id == account_id)


def _end(session: Session, which: object) -> int:
    moment = now()
    result = session.execute(
        update(SignInSession)
        .where(which, SignInSession.expires_at > moment)  # type: ignore[arg-type]
        .values(expires_at=moment)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def forget_ended_sessions(session: Session) -> int:
    """Delete sessions that ended a week ago or more (a job's work); how many."""
    border = now() - ENDED_SESSION_STAYS
    result = session.execute(
        delete(SignInSession).where(
            or_(SignInSession.expires_at < border, SignInSession.last_seen_at < border - MEMBER_IDLE)
        )
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
