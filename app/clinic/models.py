"""Tables of the clinic: timetable, experts and desks, slots, bookings, notes, wishes, feedback, broadcasts.

A booking is kept from being made twice by the database itself: see the three unique indexes of ``Booking`` and, on
PostgreSQL, its exclusion constraint (migration 0002).
"""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.clinic.rules.booking import BookingStatus, ClientType, Mode, Outcome, Topic
from app.clinic.rules.timetable import Service
from app.core.audit import BigId
from app.core.db import Base, choice


class Expert(Base):
    """Somebody who gives advice. ``account_id``: the account with which the own page is opened, if there is one."""

    __tablename__ = "clinic_expert"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), unique=True)
    meeting_link: Mapped[str] = mapped_column(String(300), default="")
    active: Mapped[bool] = mapped_column(Boolean, server_default=true(), default=True)


class ExpertTopic(Base):
    """What an expert knows about. None at all: everything."""

    __tablename__ = "clinic_expert_topic"

    expert_id: Mapped[int] = mapped_column(ForeignKey("clinic_expert.id"), primary_key=True)
    topic: Mapped[Topic] = mapped_column(choice(Topic, "topic"), primary_key=True)


class Desk(Base):
    """A desk in a room, at which one conversation is held at a time."""

    __tablename__ = "clinic_desk"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    active: Mapped[bool] = mapped_column(Boolean, server_default=true(), default=True)


class OpeningHours(Base):
    """Hours of a weekday within a range of dates (rules/timetable.py: Hours)."""

    __tablename__ = "clinic_hours"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    service: Mapped[Service] = mapped_column(choice(Service, "service"))
    weekday: Mapped[int] = mapped_column(SmallInteger)
    starts: Mapped[time]
    ends: Mapped[time]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    special: Mapped[bool] = mapped_column(Boolean, server_default=false(), default=False)


class ClosedTime(Base):
    """A closure of everything, or of one expert (an absence) or one desk (rules/timetable.py: Closure)."""

    __tablename__ = "clinic_closure"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    first_day: Mapped[date]
    last_day: Mapped[date] = mapped_column(index=True)
    starts: Mapped[time | None]
    ends: Mapped[time | None]
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("clinic_expert.id"))
    desk_id: Mapped[int | None] = mapped_column(ForeignKey("clinic_desk.id"))
    reason: Mapped[str] = mapped_column(String(160), default="")


class DutyDay(Base):
    """The roster: who serves on which day at which desk (None: only online and by telephone)."""

    __tablename__ = "clinic_duty"
    __table_args__ = (UniqueConstraint("day", "service", "expert_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    day: Mapped[date]
    service: Mapped[Service] = mapped_column(choice(Service, "service"))
    expert_id: Mapped[int] = mapped_column(ForeignKey("clinic_expert.id"), index=True)
    desk_id: Mapped[int | None] = mapped_column(ForeignKey("clinic_desk.id"))


class Slot(Base):
    """Half an hour of an expert that can be booked.

    ``held_by``/``held_until``: somebody is typing. ``offered_from``: after a cancellation it comes back after a
    random while, so that nobody can pass it on. ``reserved``: kept for far kecamatan and first-timers for now.
    """

    __tablename__ = "clinic_slot"
    __table_args__ = (
        UniqueConstraint("expert_id", "starts_at"),
        UniqueConstraint("desk_id", "starts_at"),
        Index("ix_clinic_slot_free", "service", "starts_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    service: Mapped[Service] = mapped_column(choice(Service, "service"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    expert_id: Mapped[int] = mapped_column(ForeignKey("clinic_expert.id"))
    desk_id: Mapped[int | None] = mapped_column(ForeignKey("clinic_desk.id"))
    open: Mapped[bool] = mapped_column(Boolean, server_default=true(), default=True)
    reserved: Mapped[bool] = mapped_column(Boolean, server_default=false(), default=False)
    held_by: Mapped[str | None] = mapped_column(String(36))
    held_until: Mapped[datetime | None]
    offered_from: Mapped[datetime | None]


class Booking(Base):
    """One appointment. Name, telephone and question lie sealed in its submission.

    ``alive`` says that it keeps its half hour; it follows from ``status`` (rules/booking.py: KEEPS_SLOT) and the
    database checks that. ``sequence`` counts changes, for calendars. ``must_move``: its half hour is no longer in the
    timetable, or its desk is gone; ``serve_first``: and the client could not be reached, so any free expert of that day
    takes them first.
    """

    __tablename__ = "clinic_booking"
    __table_args__ = (
        CheckConstraint(
            "alive = (status IN ('booked', 'arrived', 'in_session', 'done'))", name="alive_follows_status"
        ),
        Index(
            "uq_clinic_booking_expert",
            "expert_id",
            "starts_at",
            unique=True,
            sqlite_where=text("alive"),
            postgresql_where=text("alive"),
        ),
        Index(
            "uq_clinic_booking_desk",
            "desk_id",
            "starts_at",
            unique=True,
            sqlite_where=text("alive AND desk_id IS NOT NULL"),
            postgresql_where=text("alive AND desk_id IS NOT NULL"),
        ),
        Index(
            "uq_clinic_booking_phone",
            "phone_index",
            "starts_at",
            unique=True,
            sqlite_where=text("alive AND phone_index IS NOT NULL"),
            postgresql_where=text("alive AND phone_index IS NOT NULL"),
        ),
        Index("ix_clinic_booking_day", "starts_at", "status"),
        Index("ix_clinic_booking_of_phone", "phone_index", "status"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), unique=True)
    status: Mapped[BookingStatus] = mapped_column(choice(BookingStatus, "status"))
    alive: Mapped[bool] = mapped_column(Boolean)
    slot_id: Mapped[int] = mapped_column(ForeignKey("clinic_slot.id"), index=True)
    service: Mapped[Service] = mapped_column(choice(Service, "service"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    expert_id: Mapped[int] = mapped_column(ForeignKey("clinic_expert.id"))
    desk_id: Mapped[int | None] = mapped_column(ForeignKey("clinic_desk.id"))
    mode: Mapped[Mode] = mapped_column(choice(Mode, "mode"))
    client_type: Mapped[ClientType] = mapped_column(choice(ClientType, "client_type"))
    topic: Mapped[Topic] = mapped_column(choice(Topic, "topic"))
    kecamatan_code: Mapped[str | None] = mapped_column(ForeignKey("kecamatan.code"))
    record_code: Mapped[str | None] = mapped_column(String(12), index=True)
    phone_index: Mapped[str | None] = mapped_column(String(32))
    first_time: Mapped[bool] = mapped_column(Boolean, server_default=true(), default=True)
    walk_in: Mapped[bool] = mapped_column(Boolean, server_default=false(), default=False)
    wants_earlier: Mapped[bool] = mapped_column(Boolean, server_default=false(), default=False)
    must_move: Mapped[bool] = mapped_column(Boolean, server_default=false(), default=False)
    serve_first: Mapped[bool] = mapped_column(Boolean, server_default=false(), default=False)
    meeting_link: Mapped[str] = mapped_column(String(300), default="")
    sequence: Mapped[int] = mapped_column(default=0)
    booked_at: Mapped[datetime]
    arrived_at: Mapped[datetime | None]
    called_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    channel: Mapped[str] = mapped_column(String(20), default="")


class SessionNote(Base):
    """What an expert wrote down after a session, and what comes next. The text is sealed."""

    __tablename__ = "clinic_note"

    booking_id: Mapped[int] = mapped_column(ForeignKey("clinic_booking.id"), primary_key=True)
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome, "outcome"))
    follow_up_on: Mapped[date | None]
    written_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime]


class Wish(Base):
    """Days and a part of the day that somebody without signal asked for; the office finds the time."""

    __tablename__ = "clinic_wish"

    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    service: Mapped[Service] = mapped_column(choice(Service, "service"))
    topic: Mapped[Topic] = mapped_column(choice(Topic, "topic"))
    mode: Mapped[Mode] = mapped_column(choice(Mode, "mode"))
    weekdays: Mapped[str] = mapped_column(String(10))
    received_at: Mapped[datetime]
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("clinic_booking.id"))
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Feedback(Base):
    """One sheet of the satisfaction survey (SKM); the free comment lies sealed in its submission.

    ``booking_id`` is None for sheets from the QR at the door.
    """

    __tablename__ = "clinic_feedback"
    __table_args__ = (Index("ix_clinic_feedback_given_at", "given_at"),)

    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("clinic_booking.id"), unique=True)
    given_at: Mapped[datetime]
    score_1: Mapped[int | None] = mapped_column(SmallInteger)
    score_2: Mapped[int | None] = mapped_column(SmallInteger)
    score_3: Mapped[int | None] = mapped_column(SmallInteger)
    score_4: Mapped[int | None] = mapped_column(SmallInteger)
    score_5: Mapped[int | None] = mapped_column(SmallInteger)
    score_6: Mapped[int | None] = mapped_column(SmallInteger)
    score_7: Mapped[int | None] = mapped_column(SmallInteger)
    score_8: Mapped[int | None] = mapped_column(SmallInteger)
    score_9: Mapped[int | None] = mapped_column(SmallInteger)


class Setting(Base):
    """A number of the clinic that the administrator changes (rules/settings.py names them all)."""

    __tablename__ = "clinic_setting"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int]


class Broadcast(Base):
    """One post on a channel, and what the media team counted under it (R56)."""

    __tablename__ = "clinic_broadcast"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    channel: Mapped[str] = mapped_column(String(20))
    posted_on: Mapped[date]
    address: Mapped[str] = mapped_column(String(300), default="")
    likes: Mapped[int] = mapped_column(default=0)
    comments: Mapped[int] = mapped_column(default=0)
    questions: Mapped[int] = mapped_column(default=0)
    noted_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    noted_at: Mapped[datetime]


class ChannelVisit(Base):
    """How often the clinic's page was opened by the link of a channel on a day. Nobody is recognised."""

    __tablename__ = "clinic_channel_visit"

    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    visits: Mapped[int] = mapped_column(default=0)
