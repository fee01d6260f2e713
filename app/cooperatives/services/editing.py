"""An officer changes a record: with a reason, guarded against somebody else's change in between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cooperatives.deciding_rules import status_on_acceptance
from app.cooperatives.models import Cooperative
from app.cooperatives.services.record_values import Changes
from app.cooperatives.services.records import change_record, set_status
from app.core.access import Actor
from app.core.audit import History
from app.core.errors import RuleBroken
from app.core.language import say
from app.core.words import datetime_wib
from app.registry.rules import RecordStatus

# Words of the Dinas about a body: a kecamatan's co-administrator fills in data, but does not set these.
OFFICIAL: Final = frozenset(
    {
        "legal_entity_checked",
        "ministry_status",
        "ministry_status_on",
        "health",
        "health_source",
        "health_on",
        "dissolved_on",
    }
)
_CHANGEABLE: Final = frozenset({RecordStatus.PUBLIC, RecordStatus.CANDIDATE, RecordStatus.PENDING})


def edit_record(
    session: Session,
    *,
    code: str,
    changes: Mapping[str, Any],
    seen_version: int | None,
    actor: Actor,
    reason: str,
) -> Changes:
    """Change fields of a record; a *calon koperasi* whose number is checked now becomes public.

    ``seen_version``: the record's version on the form; None skips that check. Raises RuleBroken('closed') with who
    changed it meanwhile, RuleBroken at a number that another live record has, LookupError.
    """
    row = session.scalar(select(Cooperative).where(Cooperative.code == code).with_for_update())
    if row is None:
        raise LookupError(code)
    if row.status not in _CHANGEABLE:
        raise RuleBroken("", say("Data ini sudah tidak dipakai, jadi tidak bisa diubah."), code="closed")
    if seen_version is not None and seen_version != row.version:
        raise RuleBroken("", _changed_meanwhile(session, code), code="closed")
    number_now = str(changes.get("legal_entity_number", row.legal_entity_number) or "")
    checked_now = bool(changes.get("legal_entity_checked", row.legal_entity_checked))
    status_on_acceptance(legal_entity_number=number_now, number_checked=checked_now)
    was_candidate = row.status is RecordStatus.CANDIDATE
    made = change_record(
        session, code=code, changes=changes, actor=actor, deed="cooperative.edited", note=reason
    )
    if was_candidate and checked_now and "legal_entity_checked" in made.after:
        set_status(
            session,
            code=code,
            status=RecordStatus.PUBLIC,
            actor=actor,
            deed="cooperative.published",
            note=reason,
        )
    return made


def _changed_meanwhile(session: Session, code: str) -> Any:
    last = session.execute(
        select(History.actor_name, History.at)
        .where(History.subject == code)
        .order_by(History.at.desc(), History.id.desc())
        .limit(1)
    ).first()
    if last is None or not last.actor_name:
        return say("Datanya berubah sejak halaman ini dibuka. Lihat lagi, lalu ubah.")
    return say(
        "Datanya diubah %(name)s, %(when)s, sejak halaman ini dibuka. Lihat lagi, lalu ubah.",
        name=last.actor_name,
        when=datetime_wib(last.at),
    )
