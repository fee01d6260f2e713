"""What the clinic's numbers are counted from: plain rows, no names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.clinic.models import Booking, Broadcast, ChannelVisit, SessionNote, Slot
from app.clinic.queries.free import edges_of
from app.clinic.rules.counting import (
    CAME,
    CANCELLED,
    OUTCOME_AFTER,
    BookingRow,
    SessionRow,
    SlotRow,
    window_of,
)
from app.registry.moving_rules import Trail, Window
from app.registry.queries.moving import standing_codes, what_moved

_MOST = 60_000
_MOST_POSTS = 500


def list_bookings(session: Session, first_day: date, last_day: date) -> list[BookingRow]:
    """All bookings of sessions on the days from..to, cancelled ones too."""
    statement = (
        select(
            Booking.starts_at,
            Booking.booked_at,
            Booking.status,
            Booking.service,
            Booking.mode,
            Booking.topic,
            Booking.channel,
            Booking.kecamatan_code,
            Booking.walk_in,
        )
        .where(Booking.starts_at >= edges_of(first_day)[0], Booking.starts_at < edges_of(last_day)[1])
        .order_by(Booking.starts_at, Booking.id)
        .limit(_MOST)
    )
    return [BookingRow(*row) for row in session.execute(statement)]


def list_slots(session: Session, first_day: date, last_day: date) -> list[SlotRow]:
    """Half hours that were offered on the days from..to. One that closed counts when somebody had booked it."""
    had = select(Booking.id).where(Booking.slot_id == Slot.id, Booking.status.not_in(CANCELLED)).exists()
    ever = select(Booking.id).where(Booking.slot_id == Slot.id).exists()
    statement = (
        select(Slot.service, Slot.starts_at, had)
        .where(Slot.starts_at >= edges_of(first_day)[0], Slot.starts_at < edges_of(last_day)[1])
        .where(or_(Slot.open, ever))
        .order_by(Slot.starts_at, Slot.id)
        .limit(_MOST)
    )
    return [
        SlotRow(service, starts_at, bool(taken)) for service, starts_at, taken in session.execute(statement)
    ]


@dataclass(frozen=True)
class Sessions:
    """Sessions that were, each with its outcome, and when each client came."""

    rows: tuple[SessionRow, ...]
    visits: dict[str, list[datetime]]


def list_sessions(session: Session, first_day: date, last_day: date) -> Sessions:
    """Sessions on the days from..to; ``visits`` go on for ninety days after the last of them.

    One client is told from another by the record that was named (the one that stays, where records became one), else
    by the telephone's keyed index.
    """
    end = edges_of(last_day)[1]
    statement = (
        select(Booking.starts_at, SessionNote.outcome, Booking.record_code, Booking.phone_index)
        .outerjoin(SessionNote, SessionNote.booking_id == Booking.id)
        .where(
            Booking.starts_at >= edges_of(first_day)[0],
            Booking.starts_at < end + OUTCOME_AFTER,
            Booking.status.in_(CAME),
        )
        .order_by(Booking.starts_at, Booking.id)
        .limit(_MOST)
    )
    found = session.execute(statement).all()
    kept = standing_codes(session, {row.record_code for row in found if row.record_code})
    rows, visits = [], dict[str, list[datetime]]()
    for starts_at, outcome, record_code, phone in found:
        client = kept.get(record_code or "", record_code) or phone
        if client:
            visits.setdefault(client, []).append(starts_at)
        if starts_at < end:
            rows.append(SessionRow(starts_at, outcome, client, record_code))
    return Sessions(tuple(rows), visits)


def list_trails(session: Session, rows: Sequence[SessionRow]) -> dict[Window, Trail]:
    """What moved in the records of these sessions within ninety days; those that no registry knows are left out."""
    return what_moved(session, [window for row in rows if (window := window_of(row))])


# --- making it known ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Post:
    """One post and what was counted under it."""

    id: int
    channel: str
    posted_on: date
    address: str
    likes: int
    comments: int
    questions: int
    noted_at: datetime


def list_posts(session: Session, first_day: date, last_day: date) -> list[Post]:
    """Posts of the days from..to, the newest first."""
    statement = (
        select(Broadcast)
        .where(Broadcast.posted_on >= first_day, Broadcast.posted_on <= last_day)
        .order_by(Broadcast.posted_on.desc(), Broadcast.id.desc())
        .limit(_MOST_POSTS)
    )
    return [_post(row) for row in session.scalars(statement)]


def find_post(session: Session, post_id: int) -> Post | None:
    """One post."""
    row = session.get(Broadcast, post_id)
    return _post(row) if row else None


def _post(row: Broadcast) -> Post:
    return Post(
        row.id, row.channel, row.posted_on, row.address, row.likes, row.comments, row.questions, row.noted_at
    )


@dataclass(frozen=True)
class ChannelRow:
    """What a channel brought: visits by its link, bookings made with it, and what its posts were given."""

    channel: str
    visits: int
    bookings: int
    posts: int
    likes: int
    comments: int
    questions: int


def list_channels(
    session: Session, channels: Sequence[str], first_day: date, last_day: date
) -> list[ChannelRow]:
    """Every one of ``channels``, then the bookings that named none ('')."""
    visits = dict(
        session.execute(
            select(ChannelVisit.channel, func.sum(ChannelVisit.visits))
            .where(ChannelVisit.day >= first_day, ChannelVisit.day <= last_day)
            .group_by(ChannelVisit.channel)
            .order_by(ChannelVisit.channel)
            .limit(100)
        ).all()
    )
    made = _bookings_made(session, first_day, last_day)
    posts = list_posts(session, first_day, last_day)
    found = []
    for channel in (*channels, ""):
        own = [post for post in posts if post.channel == channel]
        found.append(
            ChannelRow(
                channel,
                int(visits.get(channel, 0)),
                made.get(channel, 0),
                len(own),
                sum(post.likes for post in own),
                sum(post.comments for post in own),
                sum(post.questions for post in own),
            )
        )
    return found


def _bookings_made(session: Session, first_day: date, last_day: date) -> dict[str, int]:
    """Bookings by the day on which they were made, not that of the session: a post works at once. No walk-ins."""
    statement = (
        select(Booking.channel, func.count())
        .where(
            Booking.booked_at >= edges_of(first_day)[0],
            Booking.booked_at < edges_of(last_day)[1],
            ~Booking.walk_in,
        )
        .group_by(Booking.channel)
        .order_by(Booking.channel)
        .limit(100)
    )
    return {row[0]: row[1] for row in session.execute(statement)}
