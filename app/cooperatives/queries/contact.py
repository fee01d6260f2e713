"""The one query that opens a cooperative's contact. Whoever calls it has written the look down first."""

from __future__ import annotations

from sqlalchemy import select

from app.cooperatives.deciding_rules import Contact
from app.cooperatives.models import Cooperative
from app.cooperatives.queries.desk import records_in_sight_of
from app.core.access import Actor
from app.core.crypt import unseal
from app.core.db import db


def record_contact_for(actor: Actor, code: str) -> Contact | None:
    """Name and telephone number of a record that this person may see, in full."""
    row = db.session.scalar(select(Cooperative).where(Cooperative.code == code, records_in_sight_of(actor)))
    if row is None:
        return None
    return Contact(
        contact_name=_opened(row.contact_name_sealed, "contact_name", code),
        phone=_opened(row.phone_sealed, "phone", code),
        phone_owner=row.phone_owner,
        consent_whatsapp=row.consent_whatsapp,
    )


def _opened(blob: bytes | None, name: str, code: str) -> str | None:
    return unseal(blob, place=f"cooperative.{name}:{code}") if blob else None
