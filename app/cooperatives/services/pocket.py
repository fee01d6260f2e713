"""Writing down a version of the pocket directory."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.cooperatives.models import PocketEntry, PocketVersion
from app.cooperatives.pocket_rules import Entry
from app.core.clock import now
from app.core.db import insert_into


def write_version(session: Session, *, number: int, entries: Sequence[Entry]) -> None:
    """Version ``number``: ``entries`` changed. IntegrityError when somebody wrote that version in the meantime."""
    session.execute(insert(PocketVersion), [{"number": number, "made_at": now(), "changes": len(entries)}])
    statement = insert_into(session, PocketEntry)
    statement = statement.on_conflict_do_update(
        index_elements=[PocketEntry.code, PocketEntry.kecamatan_code],
        set_={"line": statement.excluded.line, "version": statement.excluded.version},
    )
    rows = [
        {"code": e.code, "kecamatan_code": e.kecamatan_code, "line": e.line, "version": number}
        for e in entries
    ]
    session.execute(statement, rows)
