"""What the database holds, as one hash per table: two looks with nothing written between them are equal."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from sqlalchemy import select

from app.core.db import Base, db

# Written while reading, on purpose: the log of looks at personal data, the counters of rate limits, and what phones
# were told of the directory in the pocket (docs/decisions/2026-11-21-pocket-versions-by-comparing.md).
WRITTEN_BY_READING = ("personal_access", "rate_counter", "pocket_entry", "pocket_version")


def contents(but: Collection[str] = WRITTEN_BY_READING) -> dict[str, str]:
    """Table -> hash of its rows. Ends the read snapshot of the test before and after."""
    db.session.rollback()
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name in but:
            continue
        rows = db.session.execute(select(table).order_by(*table.primary_key.columns)).all()
        found[table.name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    db.session.rollback()
    return found


def changed(before: dict[str, str]) -> list[str]:
    """Tables that are not as they were."""
    now = contents()
    return [name for name, digest in before.items() if now[name] != digest]
