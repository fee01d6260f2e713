"""The officers' queue of cooperatives: what waits, how long, for whom. Every question asks for whom it is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    SQLColumnExpression,
    and_,
    exists,
    false,
    func,
    not_,
    or_,
    select,
    true,
)

from app.accounts.models import Account
from app.accounts.queries.staff import has_active_decider
from app.cooperatives.models import Cooperative
from app.core.access import Actor
from app.core.clock import in_wib, today
from app.core.db import db
from app.core.paging import Page
from app.core.workdays import working_days_between
from app.regions.queries import list_kecamatan, place_names
from app.registry.deciding_rules import is_dinas
from app.registry.models import Submission
from app.registry.queries.holidays import list_days_off
from app.registry.rules import RecordStatus, Source, SubmissionKind, SubmissionStatus

KINDS: Final = (
    SubmissionKind.COOPERATIVE_REGISTRATION,
    SubmissionKind.COOPERATIVE_CLAIM,
    SubmissionKind.COOPERATIVE_CORRECTION,
    SubmissionKind.COOPERATIVE_REPORT,
    SubmissionKind.COOPERATIVE_MESSAGE,
    SubmissionKind.LOST_RECEIPT,
)
QUEUE_SIZE: Final = 25


class Box(StrEnum):
    """Which part of the queue; values stand in addresses."""

    WAITING = "menunggu"
    RETURNED = "dikembalikan"
    DONE = "selesai"


_IN_BOX: Final = {
    Box.WAITING: (SubmissionStatus.RECEIVED, SubmissionStatus.IN_REVIEW),
    Box.RETURNED: (SubmissionStatus.RETURNED,),
    Box.DONE: (
        SubmissionStatus.ACCEPTED,
        SubmissionStatus.REJECTED,
        SubmissionStatus.DUPLICATE,
        SubmissionStatus.ARCHIVED,
    ),
}


@dataclass(frozen=True)
class QueueFilter:
    """What of the queue is asked for. ``dinas``: only what falls to the Dinas itself."""

    box: Box = Box.WAITING
    kind: SubmissionKind | None = None
    kecamatan_code: str | None = None
    dinas: bool = False


@dataclass(frozen=True)
class QueueRow:
    """One submission in the queue. ``age``: working days since it came; ``late``: past the promised day."""

    code: str
    receipt_number: str
    kind: SubmissionKind
    status: SubmissionStatus
    title: str
    place: str
    received_at: datetime
    due_on: date
    age: int
    late: bool
    suspicious: bool
    at_dinas: bool
    source: Source
    own_entry: bool
    decided_at: datetime | None
    decided_by: str
    contact_pending: bool


@dataclass(frozen=True)
class QueueCounts:
    """How much waits: per box, and of what waits per kind and kecamatan; late and for the Dinas."""

    waiting: int = 0
    returned: int = 0
    late: int = 0
    dinas: int = 0
    to_tell: int = 0
    kinds: dict[SubmissionKind, int] = field(default_factory=dict)
    kecamatan: dict[str, int] = field(default_factory=dict)


def in_sight_of(actor: Actor) -> ColumnElement[bool]:
    """Submissions that this person may see: handled in the own area, or all for those of the whole kabupaten."""
    ours = Submission.kind.in_(KINDS)
    if actor.everywhere:
        return ours
    if not actor.kecamatan_codes:
        return false()
    return and_(ours, Submission.handled_kecamatan_code.in_(sorted(actor.kecamatan_codes)))


def own_entries(actor: Actor) -> ColumnElement[bool]:
    """What this person entered or belongs to, and so leaves to somebody else."""
    if actor.account_id is None:
        return false()
    own_body = exists(
        select(Cooperative.id).where(
            Cooperative.code == Submission.record_code, Cooperative.owner_account_id == actor.account_id
        )
    )
    return or_(and_(Submission.entered_by.is_not(None), Submission.entered_by == actor.account_id), own_body)


def falls_to_dinas(day: date) -> ColumnElement[bool]:
    """The Dinas's own pile: sent there, late, or of a kecamatan without anybody who may decide."""
    codes = [row.code for row in list_kecamatan()]
    manned = has_active_decider(codes)
    unmanned = or_(
        Submission.handled_kecamatan_code.is_(None), Submission.handled_kecamatan_code.not_in(sorted(manned))
    )
    return or_(Submission.at_dinas, Submission.due_on < day, unmanned)


def for_decision_by(actor: Actor) -> ColumnElement[bool]:
    """Of what is in sight, what this person may decide on."""
    mine = and_(in_sight_of(actor), not_(own_entries(actor)))
    return mine if is_dinas(actor) else and_(mine, Submission.at_dinas.is_(False))


def list_queue_for(actor: Actor, wanted: QueueFilter, number: int) -> Page[QueueRow]:
    """A page of the queue: oldest first, suspicious ones last; what is done, the latest first."""
    conditions = _conditions(actor, wanted)
    total = db.session.scalar(select(func.count()).select_from(Submission).where(*conditions)) or 0
    statement = _rows().where(*conditions).order_by(*_order(wanted.box))
    found = db.session.execute(statement.limit(QUEUE_SIZE).offset((number - 1) * QUEUE_SIZE)).all()
    return Page(_queue_rows(found, actor), number, int(total), size=QUEUE_SIZE)


def _conditions(actor: Actor, wanted: QueueFilter) -> list[ColumnElement[bool]]:
    found = [in_sight_of(actor), Submission.status.in_(_IN_BOX[wanted.box])]
    if wanted.kind is not None:
        found.append(Submission.kind == wanted.kind)
    if wanted.kecamatan_code:
        found.append(Submission.handled_kecamatan_code == wanted.kecamatan_code)
    if wanted.dinas:
        found.append(falls_to_dinas(today()))
    return found


def _order(box: Box) -> tuple[ColumnElement[Any], ...]:
    if box is Box.DONE:
        return (Submission.decided_at.desc(), Submission.id)  # type: ignore[return-value]
    return (Submission.suspicious, Submission.received_at, Submission.id)  # type: ignore[return-value]


def _rows() -> Select[*tuple[Any, ...]]:
    return select(
        Submission.record_code,
        Submission.receipt_number,
        Submission.kind,
        Submission.status,
        Submission.title,
        Submission.kecamatan_code,
        Submission.desa_code,
        Submission.received_at,
        Submission.due_on,
        Submission.suspicious,
        Submission.at_dinas,
        Submission.source,
        Submission.entered_by,
        Submission.decided_at,
        Submission.contact_pending,
        Account.name.label("decided_by"),
    ).outerjoin(Account, Account.id == Submission.decided_by)


def _queue_rows(rows: Collection[Row[*tuple[Any, ...]]], actor: Actor) -> list[QueueRow]:
    places = place_names({*(r.desa_code for r in rows), *(r.kecamatan_code for r in rows)})
    days = working_age(r.received_at for r in rows)
    day = today()
    return [
        QueueRow(
            code=r.record_code or r.receipt_number,
            receipt_number=r.receipt_number,
            kind=r.kind,
            status=r.status,
            title=r.title,
            place=places.get(r.desa_code) or places.get(r.kecamatan_code) or "",
            received_at=r.received_at,
            due_on=r.due_on,
            age=days[r.received_at],
            late=r.due_on < day and r.status in _IN_BOX[Box.WAITING],
            suspicious=r.suspicious,
            at_dinas=r.at_dinas,
            source=r.source,
            own_entry=r.entered_by is not None and r.entered_by == actor.account_id,
            decided_at=r.decided_at,
            decided_by=r.decided_by or "",
            contact_pending=r.contact_pending,
        )
        for r in rows
    ]


def working_age(moments: Iterable[datetime]) -> dict[datetime, int]:
    """Working days since each of these instants."""
    known = set(moments)
    if not known:
        return {}
    first = min(in_wib(m).date() for m in known)
    off = list_days_off(db.session(), first)
    return {m: working_days_between(in_wib(m).date(), today(), off) for m in known}


def count_queue_for(actor: Actor) -> QueueCounts:
    """How much lies where in this person's queue."""
    open_ones = (*_IN_BOX[Box.WAITING], SubmissionStatus.RETURNED)
    rows = db.session.execute(
        select(
            Submission.status,
            Submission.kind,
            Submission.handled_kecamatan_code,
            (Submission.due_on < today()).label("late"),
            func.count().label("n"),
        )
        .where(in_sight_of(actor), Submission.status.in_(open_ones))
        .group_by(Submission.status, Submission.kind, Submission.handled_kecamatan_code, "late")
        .order_by(Submission.kind, Submission.handled_kecamatan_code)
        .limit(2000)
    ).all()
    waiting = [r for r in rows if r.status is not SubmissionStatus.RETURNED]
    kinds: Counter[SubmissionKind] = Counter()
    kecamatan: Counter[str] = Counter()
    for r in waiting:
        kinds[r.kind] += r.n
        kecamatan[r.handled_kecamatan_code or ""] += r.n
    return QueueCounts(
        waiting=sum(r.n for r in waiting),
        returned=sum(r.n for r in rows) - sum(r.n for r in waiting),
        late=sum(r.n for r in waiting if r.late),
        dinas=_count(
            in_sight_of(actor), Submission.status.in_(_IN_BOX[Box.WAITING]), falls_to_dinas(today())
        ),
        to_tell=_count(in_sight_of(actor), Submission.contact_pending),
        kinds=dict(kinds),
        kecamatan=dict(kecamatan),
    )


def count_to_decide_for(actor: Actor) -> int:
    """How many submissions this person could decide now."""
    return _count(for_decision_by(actor), Submission.status.in_(_IN_BOX[Box.WAITING]))


def _count(*conditions: SQLColumnExpression[bool]) -> int:
    return int(db.session.scalar(select(func.count()).select_from(Submission).where(*conditions)) or 0)


def list_to_tell_for(actor: Actor, number: int) -> Page[QueueRow]:
    """Decisions whose senders were not told yet, the oldest decision first."""
    conditions = (in_sight_of(actor), Submission.contact_pending)
    statement = _rows().where(*conditions).order_by(Submission.decided_at, Submission.id)
    found = db.session.execute(statement.limit(QUEUE_SIZE).offset((number - 1) * QUEUE_SIZE)).all()
    return Page(_queue_rows(found, actor), number, _count(*conditions), size=QUEUE_SIZE)


def next_in_queue_for(actor: Actor, after_code: str) -> str | None:
    """Code of the oldest submission this person may decide on, another than ``after_code``; None when all is done."""
    other = or_(Submission.record_code.is_(None), Submission.record_code != after_code)
    row = db.session.execute(
        select(Submission.record_code, Submission.receipt_number)
        .where(for_decision_by(actor), Submission.status.in_(_IN_BOX[Box.WAITING]), other)
        .where(Submission.receipt_number != after_code)
        .order_by(Submission.suspicious, Submission.received_at, Submission.id)
        .limit(1)
    ).first()
    return (row.record_code or row.receipt_number) if row else None


def records_in_sight_of(actor: Actor) -> ColumnElement[bool]:
    """Records that this person may see: of the own area, or spoken about in a submission handled there."""
    if actor.everywhere:
        return true()
    if not actor.kecamatan_codes:
        return false()
    codes = sorted(actor.kecamatan_codes)
    handled_here = exists(
        select(Submission.id).where(
            Submission.record_code == Cooperative.code, Submission.handled_kecamatan_code.in_(codes)
        )
    )
    return or_(Cooperative.kecamatan_code.in_(codes), handled_here)


def count_records_for(actor: Actor) -> dict[RecordStatus, int]:
    """How many records of each status lie in this person's area."""
    area = true() if actor.everywhere else Cooperative.kecamatan_code.in_(sorted(actor.kecamatan_codes))
    rows = db.session.execute(
        select(Cooperative.status, func.count())
        .where(area)
        .group_by(Cooperative.status)
        .order_by(Cooperative.status)
        .limit(20)
    )
    return {status: int(n) for status, n in rows}
