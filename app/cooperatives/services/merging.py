"""Two records of one cooperative become one; both codes keep working, and it can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.cooperatives.merging_rules import merged_changes, pack, unpack, untouched_since
from app.cooperatives.models import Cooperative
from app.cooperatives.services.record_values import DATA_FIELDS
from app.cooperatives.services.records import (
    change_record,
    mark_merged,
    plain_values,
    restore_values,
    set_status,
)
from app.core.access import Actor
from app.core.crypt import seal, unseal
from app.core.errors import RuleBroken
from app.core.language import say
from app.registry.rules import RecordKind, RecordStatus
from app.registry.services.merging import (
    KeptMerge,
    close_merge,
    move_submissions,
    move_submissions_back,
    open_merge,
    refuse_if_built_upon,
    write_down,
)

MERGEABLE: Final = frozenset({RecordStatus.PUBLIC, RecordStatus.CANDIDATE})


@dataclass(frozen=True)
class Unmerged:
    """What taking a merge back did. ``left``: fields changed since, which stay as they are now."""

    kept_code: str
    merged_code: str
    left: tuple[str, ...]


def merge_records(
    session: Session,
    *,
    kept_code: str,
    merged_code: str,
    chosen: Mapping[str, str],
    seen: str,
    actor: Actor,
    note: str = "",
) -> int:
    """Unite ``merged_code`` into ``kept_code``; returns the number of the merge.

    ``chosen``: group -> "kept" | "merged" (merging_rules.GROUPS). ``seen``: both versions as on the screen
    ("3-1"; '' skips the check). Raises RuleBroken('closed') when either changed since, LookupError.
    """
    if kept_code == merged_code:
        raise RuleBroken("with", say("Pilih koperasi lain."))
    first, second = (_locked(session, code) for code in sorted((kept_code, merged_code)))
    kept, merged = (first, second) if first.code == kept_code else (second, first)
    _check(kept, merged, seen)
    kept_values, merged_values = (plain_values(session, row, DATA_FIELDS) for row in (kept, merged))
    changes = merged_changes(kept_values, merged_values, chosen)
    kept_status, status = kept.status, merged.status
    # the merged record lets go of its unique numbers before the kept one takes them
    set_status(
        session,
        code=merged_code,
        status=RecordStatus.MERGED,
        actor=actor,
        deed="cooperative.merged_into",
        note=f"{kept_code} {note}".strip(),
    )
    pointing = _point_to(session, merged_code, kept_code)
    made = change_record(
        session,
        code=kept_code,
        changes=changes,
        actor=actor,
        deed="cooperative.merged",
        note=f"{merged_code} {note}".strip(),
    )
    raised = _raise_status(session, kept_code, kept_status, status, actor)
    place = _place(kept_code)
    return write_down(
        session,
        kind=RecordKind.COOPERATIVE,
        kept_code=kept_code,
        merged_code=merged_code,
        actor=actor,
        snapshot={
            "before": pack(made.before, place, _seal),
            "after": pack(made.after, place, _seal),
            "merged_status": status.value,
            "kept_status": raised.value if raised else None,
            "submissions": move_submissions(session, from_code=merged_code, to_code=kept_code),
            "pointing": pointing,
        },
    )


def undo_merge(session: Session, *, merge_id: int, actor: Actor, note: str = "") -> Unmerged:
    """Two records again. What was changed on the kept one since stays and is named.

    Raises RuleBroken (already undone; built upon; a number now used by another record), LookupError.
    """
    merge = open_merge(session, merge_id)
    refuse_if_built_upon(session, merge)
    left = _take_values_back(session, merge, actor)
    before = merge.snapshot.get("kept_status")
    if before is not None:
        set_status(
            session,
            code=merge.kept_code,
            status=RecordStatus(before),
            actor=actor,
            deed="cooperative.unmerged",
            note=merge.merged_code,
        )
    mark_merged(session, code=merge.merged_code, into=None)
    set_status(
        session,
        code=merge.merged_code,
        status=RecordStatus(merge.snapshot["merged_status"]),
        actor=actor,
        deed="cooperative.unmerged",
        note=note,
    )
    for code in merge.snapshot["pointing"]:
        mark_merged(session, code=code, into=merge.merged_code)
    move_submissions_back(session, ids=merge.snapshot["submissions"], to_code=merge.merged_code)
    close_merge(session, merge_id, actor=actor)
    return Unmerged(merge.kept_code, merge.merged_code, left)


def _take_values_back(session: Session, merge: KeptMerge, actor: Actor) -> tuple[str, ...]:
    """Put the kept record's own values back where nobody touched them since; returns the names of the others."""
    place = _place(merge.kept_code)
    before = unpack(merge.snapshot["before"], place, _unseal)
    after = unpack(merge.snapshot["after"], place, _unseal)
    row = _locked(session, merge.kept_code)
    present = plain_values(session, row, after)
    untouched, left = untouched_since(after, present)
    back = {name: before[name] for name in untouched}
    if back:
        restore_values(session, code=merge.kept_code, before=back, actor=actor, deed="cooperative.unmerged")
    return tuple(sorted(left))


def _check(kept: Cooperative, merged: Cooperative, seen: str) -> None:
    if kept.status not in MERGEABLE or merged.status not in MERGEABLE:
        raise RuleBroken(
            "with", say("Hanya koperasi yang sudah diterima yang bisa disatukan."), code="closed"
        )
    if seen and seen != seen_versions(kept.version, merged.version):
        raise RuleBroken(
            "", say("Salah satu datanya berubah sejak halaman ini dibuka. Lihat lagi."), code="closed"
        )


def mergeable_values(session: Session, code: str) -> dict[str, Any]:
    """All values of a record, personal ones too, to hold two against each other; the door masks them."""
    row = session.scalar(select(Cooperative).where(Cooperative.code == code))
    return plain_values(session, row, DATA_FIELDS) if row is not None else {}


def seen_versions(kept_version: int, merged_version: int) -> str:
    """The mark of what the officer compared."""
    return f"{kept_version}-{merged_version}"


def _raise_status(
    session: Session, code: str, kept: RecordStatus, merged: RecordStatus, actor: Actor
) -> RecordStatus | None:
    """A *calon koperasi* united with a public record is public; returns the status it had, when it changed."""
    if kept is RecordStatus.CANDIDATE and merged is RecordStatus.PUBLIC:
        set_status(session, code=code, status=RecordStatus.PUBLIC, actor=actor, deed="cooperative.published")
        return kept
    return None


def _point_to(session: Session, merged_code: str, kept_code: str) -> list[str]:
    """Lead the merged code, and those that led to it, to the kept one: no chains. Returns the latter."""
    statement = select(Cooperative.code).where(Cooperative.merged_into_code == merged_code)
    pointing = list(session.scalars(statement.order_by(Cooperative.code).limit(1000)))
    mark_merged(session, code=merged_code, into=kept_code)
    session.execute(
        update(Cooperative)
        .where(Cooperative.merged_into_code == merged_code)
        .values(merged_into_code=kept_code)
    )
    return pointing


def _locked(session: Session, code: str) -> Cooperative:
    row = session.scalar(select(Cooperative).where(Cooperative.code == code).with_for_update())
    if row is None:
        raise LookupError(code)
    return row


def _place(kept_code: str) -> str:
    return f"merge.snapshot:{kept_code}"


def _seal(text: str, place: str) -> bytes:
    return seal(text, place=place)


def _unseal(blob: bytes, place: str) -> str:
    return unseal(blob, place=place)
