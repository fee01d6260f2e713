"""Posts of the media team, with what they counted under them, and visits by tracked links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.clinic.models import Broadcast, ChannelVisit
from app.clinic.rules.broadcast import Channel, check_address
from app.core import audit
from app.core.access import Actor
from app.core.clock import now, today
from app.core.db import insert_into
from app.core.errors import RuleBroken
from app.core.language import say

_COUNTED: Final = ("likes", "comments", "questions")


@dataclass(frozen=True)
class PostFacts:
    """What is written down about a post."""

    channel: Channel
    posted_on: date
    address: str
    likes: int
    comments: int
    questions: int

    def check(self) -> None:
        """Raise RuleBroken at the field that cannot be."""
        if self.posted_on > today():
            raise RuleBroken("posted_on", say("Tanggalnya belum tiba. Catat setelah posnya tayang."))
        if self.address:
            check_address(self.address)


def note_post(session: Session, facts: PostFacts, *, actor: Actor) -> int:
    """Write down a post; its id. The same address again is the same post. Raises RuleBroken."""
    facts.check()
    if facts.address:
        known = select(Broadcast.id).where(Broadcast.address == facts.address).limit(1)
        if session.scalar(known) is not None:
            raise RuleBroken("address", say("Pos ini sudah dicatat. Ubah angkanya di daftar."))
    row = {**_values(facts), "noted_by": actor.account_id, "noted_at": now()}
    made = session.scalars(insert(Broadcast).returning(Broadcast.id), row).one()
    _note(session, "clinic.post_noted", made, actor, None, _told(facts))
    return made


def change_post(session: Session, post_id: int, facts: PostFacts, *, actor: Actor) -> None:
    """New figures of a post. Nothing changed: nothing is noted. Raises RuleBroken, LookupError."""
    facts.check()
    row = session.scalar(select(Broadcast).where(Broadcast.id == post_id).with_for_update())
    if row is None:
        raise LookupError(post_id)
    before = _told(
        PostFacts(Channel(row.channel), row.posted_on, row.address, *(getattr(row, n) for n in _COUNTED))
    )
    after = _told(facts)
    if before == after:
        return
    for name, value in _values(facts).items():
        setattr(row, name, value)
    row.noted_by, row.noted_at = actor.account_id or 0, now()
    changed = [name for name in after if after[name] != before[name]]
    _note(
        session,
        "clinic.post_changed",
        post_id,
        actor,
        {name: before[name] for name in changed},
        {name: after[name] for name in changed},
    )
    session.flush()


def _values(facts: PostFacts) -> dict[str, Any]:
    return {
        "channel": facts.channel,
        "posted_on": facts.posted_on,
        "address": facts.address,
        **{name: getattr(facts, name) for name in _COUNTED},
    }


def _told(facts: PostFacts) -> dict[str, Any]:
    return {**_values(facts), "channel": str(facts.channel), "posted_on": facts.posted_on.isoformat()}


def _note(
    session: Session,
    deed: str,
    post_id: int,
    actor: Actor,
    before: dict[str, Any] | None,
    after: dict[str, Any],
) -> None:
    audit.record(
        session, deed=deed, subject=f"klinik:siaran:{post_id}", actor=actor, before=before, after=after
    )


def count_visit(session: Session, channel: Channel) -> None:
    """One more visit by the link of a channel today: a number, and nothing about the visitor."""
    row = {"channel": str(channel), "day": today(), "visits": 1}
    session.execute(
        insert_into(session, ChannelVisit)
        .values(row)
        .on_conflict_do_update(
            index_elements=[ChannelVisit.channel, ChannelVisit.day],
            set_={"visits": ChannelVisit.visits + 1},
        )
    )
