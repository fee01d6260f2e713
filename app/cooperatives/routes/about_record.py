"""What anybody may say about a public record: it is ours, it is wrong, please pass this on. Officers decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from app.cooperatives import notices, room
from app.cooperatives.forms import AboutRecordForm, ClaimForm, MessageForm, ReportForm
from app.cooperatives.queries.profiles import public_title
from app.cooperatives.services.registering import receive_about
from app.core.access import Access
from app.core.db import db
from app.core.errors import not_found
from app.core.forms import sent_pairs
from app.core.language import say
from app.core.page import page
from app.core.submitting import answer_form
from app.core.transaction import atomically
from app.registry.packing import pack, receipt_url
from app.registry.queries.submissions import Received, find_replay
from app.registry.rules import SubmissionKind
from app.registry.services.receiving import GivenConsent


@dataclass(frozen=True)
class _Saying:
    """One thing to say: its form, its kind, its deed in history, its template."""

    form: Callable[[], AboutRecordForm]
    kind: SubmissionKind
    deed: str
    template: str


_CLAIM = _Saying(
    ClaimForm, SubmissionKind.COOPERATIVE_CLAIM, "cooperative.claimed", "cooperatives/claim.html"
)
_REPORT = _Saying(
    ReportForm, SubmissionKind.COOPERATIVE_REPORT, "cooperative.reported", "cooperatives/report.html"
)
_MESSAGE = _Saying(
    MessageForm, SubmissionKind.COOPERATIVE_MESSAGE, "cooperative.message_left", "cooperatives/message.html"
)


@room.route(
    "/koperasi/<code>/klaim",
    methods=["GET", "POST"],
    access=Access.PUBLIC,
    submission=say("Ini koperasi saya"),
)
def claim(code: str) -> Response:
    """Say "this is our cooperative"."""
    return _take(code, _CLAIM)


@room.route(
    "/koperasi/<code>/lapor",
    methods=["GET", "POST"],
    access=Access.PUBLIC,
    submission=say("Laporan tentang koperasi"),
)
def report(code: str) -> Response:
    """Say "the address is wrong", "it has closed"."""
    return _take(code, _REPORT)


@room.route(
    "/koperasi/<code>/pesan", methods=["GET", "POST"], access=Access.PUBLIC, submission=say("Titip pesan")
)
def message(code: str) -> Response:
    """Leave a message that the Dinas passes on."""
    return _take(code, _MESSAGE)


def _take(code: str, saying: _Saying) -> Response:
    form = saying.form()
    form.fill_identity()
    if request.method == "GET":
        return _show(saying, form, _public_or_404(code), 200)
    return answer_form(
        form,
        # before the record is looked up: it may have been merged since the first send
        find_replay=lambda: find_replay(db.session(), form.identity, sent_pairs()),
        store=lambda: _store(form, saying, _public_or_404(code)),
        receipt_url=receipt_url,
        show=lambda status, problem: _show(saying, form, _public_or_404(code), status),
        phone=lambda: form.phone.value,
    )


def _public_or_404(code: str) -> Any:
    record = public_title(db.session(), code)
    if record is None:
        not_found()
    return record


def _store(form: AboutRecordForm, saying: _Saying, record: Any) -> Received:
    incoming = pack(
        form,
        saying.kind,
        title=record.name,
        kecamatan_code=record.kecamatan_code,
        desa_code=record.desa_code,
        phone=form.phone.value,
        record_code=record.code,
        consents=(GivenConsent("notice", notices.CONTACT.version, given=True),),
    )
    return atomically(lambda session: receive_about(session, incoming=incoming, deed=saying.deed))


def _show(saying: _Saying, form: AboutRecordForm, record: Any, status: int) -> Response:
    return page(saying.template, status=status, form=form, record=record, notice=notices.CONTACT.text)
