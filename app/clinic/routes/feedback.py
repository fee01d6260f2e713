"""Public door of the survey: by the link of an appointment, or by the QR at the door."""

from __future__ import annotations

from flask import Response, request

from app.clinic import room
from app.clinic.forms.feedback import FeedbackForm
from app.clinic.queries.survey import Rated, rated_by_token
from app.clinic.rules.survey import check_feedback
from app.clinic.services.feedback import RATED, give_feedback
from app.core.access import Access
from app.core.clock import now
from app.core.db import db
from app.core.errors import RuleBroken, not_found
from app.core.forms import sent_pairs
from app.core.headers import keep_on_phone
from app.core.language import say
from app.core.page import page
from app.core.submitting import answer_form
from app.core.transaction import atomically
from app.registry.kinds import DOORS, Content, KindDoor, ReceiptPage
from app.registry.packing import pack, receipt_url
from app.registry.queries.submissions import ReceiptView, Received, find_replay
from app.registry.rules import SubmissionKind

_TITLE = say("Penilaian konsultasi")


@room.route("/klinik/penilaian", methods=["GET", "POST"], access=Access.PUBLIC, submission=_TITLE)
def rate_at_the_door() -> Response:
    """The survey for whoever scans the QR at the door. Nobody is asked for a name."""
    return _take(None)


@room.route("/klinik/penilaian/<token>", methods=["GET", "POST"], access=Access.PUBLIC, submission=_TITLE)
def rate(token: str) -> Response:
    """The survey of one appointment, by the link of its booking: one sheet."""
    rated = rated_by_token(db.session(), token)
    if rated is None:
        not_found()
    return _take(rated)


def _take(rated: Rated | None) -> Response:
    form = FeedbackForm()
    form.fill_identity()
    if request.method == "GET":
        closed = _closed(rated)
        return keep_on_phone(_show(200, form, rated, closed), pack_well=not closed)
    return answer_form(
        form,
        find_replay=lambda: find_replay(db.session(), form.identity, sent_pairs()),
        store=lambda: _store(form, rated),
        receipt_url=receipt_url,
        show=lambda status, problem: _show(status, form, rated, ""),
    )


def _closed(rated: Rated | None) -> str:
    """Why this appointment cannot be rated now; '' when it can."""
    if rated is None:
        return ""
    if rated.has_sheet:
        return str(RATED)
    try:
        check_feedback(rated.status, rated.starts_at, now())
    except RuleBroken as problem:
        return str(problem.sentence)
    return ""


def _store(form: FeedbackForm, rated: Rated | None) -> Received:
    incoming = pack(
        form,
        SubmissionKind.CLINIC_FEEDBACK,
        title="Penilaian konsultasi",
        kecamatan_code=None,
        desa_code=None,
        phone=None,
        to_dinas=True,
    )
    scores, booking_id = form.scores, rated.booking_id if rated else None
    return atomically(
        lambda session: give_feedback(session, incoming=incoming, scores=scores, booking_id=booking_id)
    )


def _show(status: int, form: FeedbackForm, rated: Rated | None, closed: str) -> Response:
    return page("clinic/rate.html", status=status, form=form, rated=rated, closed=closed)


def _describe(view: ReceiptView, content: Content) -> ReceiptPage:
    return ReceiptPage(
        about=True,
        thanks=str(say("Terima kasih. Penilaian ini dipakai untuk memperbaiki klinik, tanpa nama.")),
        links=((str(say("Pesan konsultasi lagi")), "/klinik", "klinik"),),
    )


DOORS[SubmissionKind.CLINIC_FEEDBACK] = KindDoor(_TITLE, _describe)
