"""Telephone numbers, shown only after the log says so; telling senders; the slip for those without a telephone."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from flask import Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from app.cooperatives import room
from app.cooperatives.deciding_rules import Contact, contact_in
from app.cooperatives.desk.messages import how_to_look, language_of, slip_text, whatsapp_text
from app.cooperatives.desk.record import Revealed, Sheet, record_url, show
from app.cooperatives.desk.subject import Subject, subject_or_404
from app.cooperatives.desk_forms import RevealForm, TellForm
from app.cooperatives.queries.contact import record_contact_for
from app.cooperatives.queries.desk_record import FREE_TEXTS, SubmissionView
from app.core.access import Access, Actor, current_actor
from app.core.audit import record, record_personal_access
from app.core.db import db
from app.core.errors import RuleBroken, not_found
from app.core.language import say
from app.core.limits import Limit, hit
from app.core.page import page
from app.core.transaction import atomically
from app.core.values import wa_number
from app.core.values.covering import cover_numbers
from app.registry.queries.submissions import content_of
from app.registry.services.deciding import tick_contact

# More looks than a person makes by hand; beyond it the administrator finds a line in the account's history.
REVEALS_PER_HOUR: Final = Limit("reveal", 50, 3600)


@room.post("/petugas/koperasi/<code>/nomor", access=Access.CONTACT_COOPERATIVE)
def desk_reveal(code: str) -> Response:
    """Show the record's contact, or the sender's of one submission (``submission``), for one ``purpose``."""
    subject = subject_or_404(code, request.form.get("submission"))
    actor = current_actor()
    if not subject.may_contact(actor):
        not_found()
    form = RevealForm()
    if not form.validate():
        return show(subject, Sheet(forms={"nomor": form}, status=422))
    whose = "sender" if form.submission.data and subject.current is not None else "record"
    _write_the_look_down(subject, actor, whose, form.purpose.data or "check")
    _notice_many_looks(actor)
    return show(subject, Sheet(revealed=_revealed(subject, whose, form.purpose.data or "check")))


def _write_the_look_down(subject: Subject, actor: Actor, whose: str, purpose: str) -> None:
    """Before anything is shown; when it fails, the error page comes instead."""
    name = subject.current.receipt_number if whose == "sender" and subject.current else subject.code
    atomically(
        lambda s: record_personal_access(
            s,
            actor=actor,
            subject=name,
            fields="phone,contact_name,content" if whose == "sender" else "phone,contact_name",
            purpose=purpose,
        )
    )


def _notice_many_looks(actor: Actor) -> None:
    if hit(REVEALS_PER_HOUR, str(actor.account_id)):
        atomically(
            lambda s: record(s, deed="account.many_reveals", subject=f"akun:{actor.account_id}", actor=actor)
        )


def _revealed(subject: Subject, whose: str, purpose: str) -> Revealed:
    contact = _sender(subject) if whose == "sender" else _of_record(subject)
    return Revealed(
        whose=whose,
        phone=contact.phone or "",
        contact_name=contact.contact_name or "",
        whatsapp_url=_whatsapp_url(subject, contact) if whose == "sender" else _plain_whatsapp(contact),
        purpose=purpose,
        texts=_covered_texts(subject) if whose == "sender" else (),
    )


def _covered_texts(subject: Subject) -> tuple[str, ...]:
    """Texts of the sender in which the page covers numbers, in full."""
    content = content_of(db.session(), subject.current.id) if subject.current else []
    return tuple(text for name, text in content if name in FREE_TEXTS and cover_numbers(text) != text)


def _sender(subject: Subject) -> Contact:
    if subject.current is None:
        return Contact(None, None, "none", consent_whatsapp=False)
    return contact_in(content_of(db.session(), subject.current.id))


def _of_record(subject: Subject) -> Contact:
    return record_contact_for(current_actor(), subject.code) or Contact(
        None, None, "none", consent_whatsapp=False
    )


def _whatsapp_url(subject: Subject, contact: Contact) -> str:
    """WhatsApp with the text of the decision, where the sender agreed to be told that way."""
    if not contact.phone or not contact.consent_whatsapp:
        return ""
    text = whatsapp_text(subject) if _is_decided(subject.current) else ""
    return f"https://wa.me/{wa_number(contact.phone)}" + (f"?text={quote(text)}" if text else "")


def _plain_whatsapp(contact: Contact) -> str:
    return f"https://wa.me/{wa_number(contact.phone)}" if contact.phone and contact.consent_whatsapp else ""


def _is_decided(current: SubmissionView | None) -> bool:
    return current is not None and current.decided_at is not None


@room.post("/petugas/koperasi/<code>/kabari", access=Access.CONTACT_COOPERATIVE)
def desk_told(code: str) -> BaseResponse:
    """The sender was told: off the list. Ticking twice is harmless."""
    subject = subject_or_404(code, request.form.get("submission"))
    form = TellForm()
    current, actor = subject.current, current_actor()
    if not subject.may_contact(actor):
        not_found()
    if current is None or not _is_decided(current):
        form.reject(RuleBroken("", say("Kiriman ini belum diputuskan, jadi belum ada yang dikabarkan.")))
        return show(subject, Sheet(forms={"kabari": form}, status=409))
    if not form.validate():
        return show(subject, Sheet(forms={"kabari": form}, status=422))
    submission_id, way = current.id, form.way
    atomically(lambda s: tick_contact(s, submission_id=submission_id, how=way, actor=actor))
    return redirect(record_url(subject, anchor="status"), 303)


@room.get("/petugas/koperasi/<code>/slip", access=Access.CONTACT_COOPERATIVE)
def desk_slip(code: str) -> Response:
    """One sheet of paper for the desa to hand over: no telephone number, no link of power."""
    subject = subject_or_404(code, request.args.get("kiriman"))
    if (
        subject.current is None
        or not _is_decided(subject.current)
        or not subject.may_contact(current_actor())
    ):
        not_found()
    return page(
        "cooperatives/desk_slip.html",
        subject=subject,
        text=slip_text(subject),
        language=language_of(subject),
        how_to_look=how_to_look(subject),
    )
