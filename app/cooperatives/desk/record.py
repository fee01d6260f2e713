"""The record's page: what is known, what was sent, who looks alike, what happened, and what to do now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.cooperatives import room, words
from app.cooperatives.deciding_rules import MERGEABLE, RETURNABLE
from app.cooperatives.desk import sides
from app.cooperatives.desk.messages import indonesian_text, language_of, slip_text
from app.cooperatives.desk.subject import Subject, subject_or_404
from app.cooperatives.desk_forms import (
    PURPOSES,
    AcceptForm,
    DeskForm,
    HandOverForm,
    PhotoForm,
    PublishForm,
    RejectForm,
    SameAsForm,
    TakeUpForm,
    TellForm,
)
from app.cooperatives.history_words import (
    COLUMN_WORDS,
    RECORD_STATUS_KINDS,
    RECORD_STATUS_WORDS,
    SOURCE_WORDS,
    timeline,
)
from app.cooperatives.queries.desk import next_in_queue_for, working_age
from app.cooperatives.queries.desk_record import (
    content_for,
    list_history_for,
    list_merges_for,
    list_photos_for,
    list_senders_other_receipts_for,
)
from app.cooperatives.queries.desk_twins import list_twins_for
from app.core.access import Access, current_actor
from app.core.language import formatting_locale
from app.core.page import page, wanted_fragment
from app.registry.deciding_rules import (
    CONTACT_WORDS,
    HOW_CHECKED_WORDS,
    KIND_WORDS,
    is_dinas,
    reason_words,
    why_not_decide,
)
from app.registry.rules import RecordStatus, SubmissionKind, SubmissionStatus

FRAGMENTS: Final = ("case", "status")
_DECIDED: Final = {
    SubmissionStatus.ACCEPTED,
    SubmissionStatus.REJECTED,
    SubmissionStatus.DUPLICATE,
    SubmissionStatus.RETURNED,
}


@dataclass(frozen=True)
class Revealed:
    """Telephone number and name, shown once because somebody asked and the log says so. ``whose``: record, sender.

    ``texts``: what the sender wrote in words of their own, where numbers had been covered.
    """

    whose: str
    phone: str
    contact_name: str
    whatsapp_url: str = ""
    purpose: str = ""
    texts: tuple[str, ...] = ()


@dataclass
class Sheet:
    """What a rendering of the page adds: forms with errors, numbers just shown."""

    forms: Mapping[str, DeskForm] = field(default_factory=dict)
    revealed: Revealed | None = None
    status: int = 200


@room.get("/petugas/koperasi/<code>", access=Access.READ_COOPERATIVES)
def desk_record(code: str) -> BaseResponse:
    """One record with its submissions. ``?kiriman=`` names the one to look at."""
    subject = subject_or_404(code, request.args.get("kiriman"))
    if subject.code != code:
        return redirect(record_url(subject), 303)
    return show(subject)


def record_url(subject: Subject, *, anchor: str | None = None) -> str:
    """Address of the page, at the submission on the screen."""
    number = subject.current.receipt_number if subject.current and subject.record else None
    named = number if len(subject.submissions) > 1 else None
    return url_for("cooperatives.desk_record", code=subject.code, kiriman=named, _anchor=anchor)


def show(subject: Subject, sheet: Sheet | None = None) -> Response:
    """The page, its block ``case`` (a decision changes the facts too), or ``status`` alone."""
    sheet = sheet or Sheet()
    context = _status_context(subject, sheet)
    if wanted_fragment(FRAGMENTS) != "status":
        context |= _page_context(subject)
    return page("cooperatives/desk_record.html", fragments=FRAGMENTS, status=sheet.status, **context)


def _status_context(subject: Subject, sheet: Sheet) -> dict[str, Any]:
    """What the block ``status`` needs: where it stands, what may be done, whom to tell."""
    actor, current = current_actor(), subject.current
    return {
        "subject": subject,
        "record": subject.record,
        "current": current,
        "problems": [p for form in sheet.forms.values() for p in form.problems],
        "why_not": why_not_decide(actor, current.matter) if current and current.open else None,
        "forms": _forms(subject, sheet.forms),
        "revealed": sheet.revealed,
        "opened": next(iter(sheet.forms), ""),
        "may_contact": subject.may_contact(actor),
        "may_take_to_dinas": is_dinas(actor) and current is not None and not current.at_dinas,
        "may_publish": _may_publish(subject),
        "returnable": current is not None and current.kind in RETURNABLE,
        "mergeable": current is not None and current.kind in MERGEABLE,
        "age": working_age([current.received_at])[current.received_at] if current else 0,
        **_message(subject),
        "next_code": next_in_queue_for(actor, subject.code) if actor.may(Access.VERIFY_COOPERATIVE) else None,
        "photos": list_photos_for(actor, [s.id for s in subject.submissions]),
        "timeline": timeline(list_history_for(actor, subject.code), formatting_locale()),
        "purposes": PURPOSES,
        **_WORDS,
    }


def _message(subject: Subject) -> dict[str, str]:
    """What the sender is told, in the sender's language, with the Indonesian for who tells it."""
    if subject.current is None or subject.current.status not in _DECIDED:
        return {"message": "", "message_language": "", "message_beside": ""}
    return {
        "message": slip_text(subject),
        "message_language": language_of(subject),
        "message_beside": indonesian_text(subject),
    }


_WORDS: Final[dict[str, Any]] = {
    "kind_words": KIND_WORDS,
    "how_checked_words": HOW_CHECKED_WORDS,
    "contact_words": CONTACT_WORDS,
    "record_status_words": RECORD_STATUS_WORDS,
    "record_status_kinds": RECORD_STATUS_KINDS,
    "reason_words": reason_words,
    "column_words": COLUMN_WORDS,
    "words": words,
    "source_words": SOURCE_WORDS,
    "agreement_words": sides.AGREEMENT_WORDS,
}


def _forms(subject: Subject, given: Mapping[str, DeskForm]) -> dict[str, DeskForm]:
    """A form for each deed: as posted where one came back, else fresh."""
    current = subject.current
    fresh: dict[str, DeskForm] = {
        "terima": AcceptForm(formdata=None, note=current.note if current and current.open else ""),
        "tolak": RejectForm(formdata=None),
        "gabung": SameAsForm(formdata=None),
        "oper": HandOverForm(formdata=None),
        "periksa": TakeUpForm(formdata=None),
        "umumkan": PublishForm(formdata=None),
        "foto": PhotoForm(formdata=None),
        "kabari": TellForm(formdata=None),
    }
    return {**fresh, **given}


def _may_publish(subject: Subject) -> bool:
    """A *calon koperasi* waits for its number; whoever it belongs to leaves that to others."""
    actor, record = current_actor(), subject.record
    if record is None or record.status is not RecordStatus.CANDIDATE:
        return False
    own = record.owner_account_id is not None and record.owner_account_id == actor.account_id
    in_area = actor.everywhere or actor.covers(record.kecamatan_code)
    return actor.may(Access.VERIFY_COOPERATIVE) and in_area and not own


def _page_context(subject: Subject) -> dict[str, Any]:
    """What surrounds the block: facts, look-alikes, what was sent."""
    actor, record, current = current_actor(), subject.record, subject.current
    compare = record is not None and record.status in {
        RecordStatus.PENDING,
        RecordStatus.CANDIDATE,
        RecordStatus.PUBLIC,
    }
    twins = list_twins_for(actor, record) if record is not None and compare else []
    content = content_for(actor, current) if current else []
    return {
        "twins": twins,
        "comparison": sides.compare(record, twins) if record is not None and twins else None,
        "content": sides.content_in_words(content, formatting_locale()),
        "unknown": sides.still_unknown(record) if record is not None else [],
        "proposal": sides.proposal(record, current, actor) if record is not None and current else None,
        "other_receipts": (
            list_senders_other_receipts_for(actor, current)
            if current and current.kind is SubmissionKind.LOST_RECEIPT
            else []
        ),
        "merges": list_merges_for(actor, subject.code),
    }
