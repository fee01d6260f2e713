"""Who comes: names, questions and telephones lie sealed in the submissions. Opened only where the job needs it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.crypt import unseal
from app.core.values import ValueProblem, parse_phone
from app.registry.models import Submission
from app.registry.queries.submissions import content_of, content_place

_MOST = 1000


@dataclass(frozen=True)
class Person:
    """As far as the desk needs to know at a glance; the number itself stays sealed.

    ``number``: of the receipt. ``part``: of the day, as a wish names it. ``slot``: as the form of a walk-in names it.
    ``expert``: number of the one that was asked for, '' for any.
    """

    name: str
    question: str
    has_phone: bool
    number: str
    part: str = ""
    slot: str = ""
    expert: str = ""


NOBODY = Person("", "", has_phone=False, number="")


def people_of(session: Session, submission_ids: Collection[str]) -> dict[str, Person]:
    """Submission id -> the person, all in one reading."""
    if not submission_ids:
        return {}
    rows = session.execute(
        select(Submission.id, Submission.content_sealed, Submission.receipt_number)
        .where(Submission.id.in_(sorted(submission_ids)))
        .order_by(Submission.id)
        .limit(_MOST)
    )
    return {
        one: _person(json.loads(unseal(blob, place=content_place(one))), number) for one, blob, number in rows
    }


def _person(pairs: Iterable[tuple[str, str]], number: str) -> Person:
    sent = dict(pairs)
    return Person(
        name=sent.get("name", ""),
        question=sent.get("description", ""),
        has_phone=bool(sent.get("phone")),
        number=number,
        part=sent.get("part", ""),
        slot=sent.get("slot", ""),
        expert=sent.get("narasumber", ""),
    )


def phone_in(pairs: Iterable[tuple[str, str]]) -> str | None:
    """The telephone in a content in its one form; None when there is none, or none that can be read."""
    text = dict(pairs).get("phone", "")
    try:
        return parse_phone(text) if text else None
    except ValueProblem:
        return None


def phone_of(session: Session, submission_id: str) -> str | None:
    """The telephone of a submission. Call only after the look was written down."""
    return phone_in(content_of(session, submission_id))
