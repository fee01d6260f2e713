"""One-time links: kept as SHA-256, shown once, used once, gone after 24 hours."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Account, OneTimeLink
from app.accounts.rules.links import LinkPurpose
from app.accounts.rules.powers import Grant
from app.accounts.rules.sessions import LINK_HOLDS
from app.accounts.services.managing import AccountData, create_account, revoke_links
from app.accounts.services.signing_in import end_sessions
from app.core.access import Actor, Role
from app.core.audit import record
from app.core.clock import now
from app.core.errors import RuleBroken
from app.core.language import say


def _gone() -> RuleBroken:
    return RuleBroken("", say("Tautan ini sudah tidak berlaku."), code="closed")


def issue_link(session: Session, *, account_id: int, digest: str, actor: Actor) -> LinkPurpose:
    """A link with which the account's owner sets a password. Earlier ones stop working. Raises RuleBroken when disabled."""
    account = session.execute(
        select(Account.active, Account.password_hash).where(Account.id == account_id)
    ).one()
    if not account.active:
        raise RuleBroken("", say("Akun ini sedang nonaktif. Aktifkan dulu."))
    purpose = LinkPurpose.NEW_PASSWORD if account.password_hash else LinkPurpose.FIRST_PASSWORD
    revoke_links(session, account_id=account_id)
    _add(session, purpose=purpose, account_id=account_id, digest=digest, actor=actor)
    record(session, deed="account.link_made", subject=f"akun:{account_id}", actor=actor)
    return purpose


def issue_first_administrator_link(session: Session, *, digest: str, actor: Actor) -> bool:
    """A link for the first administrator of an empty installation; False (and nothing done) when there are accounts."""
    if session.execute(select(Account.id).limit(1)).first() is not None:
        return False
    session.execute(delete(OneTimeLink).where(OneTimeLink.purpose == LinkPurpose.FIRST_ADMINISTRATOR))
    _add(session, purpose=LinkPurpose.FIRST_ADMINISTRATOR, account_id=None, digest=digest, actor=actor)
    return True


def _add(
    session: Session, *, purpose: LinkPurpose, account_id: int | None, digest: str, actor: Actor
) -> None:
    moment = now()
    session.add(
        OneTimeLink(
            token_hash=digest,
            purpose=purpose,
            account_id=account_id,
            created_by=actor.account_id,
            created_at=moment,
            expires_at=moment + LINK_HOLDS,
        )
    )


def _use(session: Session, digest: str) -> int | None:
    """Consume the link; its account. Raises RuleBroken (code 'closed') when another was faster or it lapsed."""
    moment = now()
    used = session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.token_hash == digest, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > moment
        )
        .values(used_at=moment)
        .returning(OneTimeLink.account_id)
    ).one_or_none()
    if used is None:
        raise _gone()
    account_id: int | None = used.account_id
    return account_id


def set_password_by_link(session: Session, *, digest: str, password_hash: str) -> None:
    """The owner of the link sets the password; every session of the account ends. Raises RuleBroken when it is gone."""
    account_id = _use(session, digest)
    account = session.get(Account, account_id) if account_id is not None else None
    if account is None or not account.active:
        raise _gone()
    account.password_hash = password_hash
    end_sessions(session, account_id=account.id)
    owner = Actor(account_id=account.id, name=account.name)
    record(session, deed="account.password_set_by_link", subject=f"akun:{account.id}", actor=owner)


def create_first_administrator(
    session: Session, *, digest: str, name: str, phone: str, password_hash: str
) -> int:
    """The visitor of the first link becomes the administrator. Raises RuleBroken when it is gone or not the first."""
    _use(session, digest)
    if session.execute(select(Account.id).limit(1)).first() is not None:
        raise _gone()
    data = AccountData(name=name, grant=Grant(Role.ADMINISTRATOR))
    return create_account(
        session, data=data, phone=phone, password_hash=password_hash, actor=Actor(name=name)
    )
