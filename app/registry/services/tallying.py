"""Counts of public records, kept in the same write block as the records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.core.db import insert_into
from app.registry.models import PublicTally
from app.registry.rules import RecordKind


def count_public(session: Session, kind: RecordKind, steps: Iterable[tuple[str, str | None, int]]) -> None:
    """Add (kecamatan code, desa code or None, +1 or -1) to the counts. Steps of one place are added up first."""
    sums: Counter[tuple[str, str]] = Counter()
    for kecamatan_code, desa_code, step in steps:
        sums[kecamatan_code, desa_code or ""] += step
    # In one order everywhere, so that two writers never wait for each other in a circle.
    rows = [
        {"kind": kind, "kecamatan_code": kecamatan, "desa_code": desa, "records": step}
        for (kecamatan, desa), step in sorted(sums.items())
        if step
    ]
    if not rows:
        return
    statement = insert_into(session, PublicTally)
    statement = statement.on_conflict_do_update(
        index_elements=[PublicTally.kind, PublicTally.kecamatan_code, PublicTally.desa_code],
        set_={"records": PublicTally.records + statement.excluded.records},
    )
    session.execute(statement, rows)
