"""Public door: receipts, mending, status by number, lost numbers."""

from __future__ import annotations

import hmac

from flask import Response, redirect, request, url_for
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from app.core import limits
from app.core.access import Access
from app.core.cross_site import token_missing
from app.core.db import db
from app.core.errors import RuleBroken, not_found
from app.core.forms import sent_pairs
from app.core.headers import keep_on_phone
from app.core.language import say
from app.core.links import outside_url
from app.core.page import page
from app.core.qr import qr_svg
from app.core.submitting import answer_form
from app.core.transaction import atomically
from app.core.values import ValueProblem, parse_phone
from app.registry import room
from app.registry.deciding_rules import reason_words
from app.registry.forms import LostReceiptForm, StatusForm
from app.registry.kinds import DOORS, Content, KindDoor, ReceiptPage
from app.registry.packing import pack, receipt_url
from app.registry.queries.submissions import (
    ReceiptView,
    Received,
    content_of,
    find_replay,
    receipt_by_token,
    submission_by_number,
    token_of,
)
from app.registry.rules import SubmissionKind, SubmissionStatus
from app.registry.services.receiving import receive

NO_MATCH = say("Nomor bukti dan angka HP itu tidak cocok. Periksa lagi, atau tanya petugas.")


# --- receipts -----------------------------------------------------------------------------------------------------


@room.get("/tanda-terima/<token>", access=Access.PUBLIC)
def receipt(token: str) -> AnyResponse:
    """The receipt of one submission; whoever holds the link may see it."""
    view = _receipt_or_404(token)
    door = DOORS[view.kind]
    if door.address is not None:
        return redirect(door.address(view), 303)
    content = _content(view)
    link = outside_url(url_for("registry.receipt", token=token))
    return page(
        "registry/receipt.html",
        view=view,
        door=door,
        link=link,
        qr=qr_svg(link, scale=3),
        phone=_phone_of(content),
        reason=reason_words(view.reason),
        part=door.describe(view, content),
        mendable=door.mend is not None and view.status is SubmissionStatus.RETURNED,
    )


@room.route(
    "/tanda-terima/<token>/perbaiki",
    methods=["GET", "POST"],
    access=Access.PUBLIC,
    submission=say("Perbaikan kiriman"),
)
def mend(token: str) -> AnyResponse:
    """Mend a returned submission: only the fields the officer marked are open."""
    view = _receipt_or_404(token)
    door = DOORS[view.kind]
    if door.mend is None:
        not_found()
    if view.status is not SubmissionStatus.RETURNED and request.method == "GET":
        return redirect(url_for("registry.receipt", token=token), 303)
    return door.mend(view)


def _receipt_or_404(token: str) -> ReceiptView:
    view = receipt_by_token(db.session(), token)
    if view is None:
        not_found()
    return view


def _content(view: ReceiptView) -> Content:
    found: dict[str, list[str]] = {}
    for name, value in content_of(db.session(), view.submission_id):
        found.setdefault(name, []).append(value)
    return found


def _phone_of(content: Content) -> str | None:
    try:
        return parse_phone(content.get("phone", [""])[0])
    except ValueProblem:
        return None


# --- status by number ---------------------------------------------------------------------------------------------


@room.route("/status", methods=["GET", "POST"], access=Access.PUBLIC, submission=False)
def status() -> AnyResponse:
    """Find a receipt by its number and four phone digits. Wrong is wrong: the page never says which."""
    asked = request.method == "POST" or "number" in request.args
    form = StatusForm(formdata=request.values if asked else None)
    if not asked:
        return _status_page(form)
    if token_missing():
        return _status_page(form, 422)
    if not form.validate():
        return _status_page(form, 422)
    _brake(form.number.value or "")
    submission_id = _submission_for(form.number.value or "", form.phone_last4.value or "")
    if submission_id is None:
        form.reject(RuleBroken("", NO_MATCH))
        return _status_page(form, 422)
    limits.forget(limits.RECEIPT_GUESSES_PER_NUMBER, form.number.value or "")
    return redirect(url_for("registry.receipt", token=token_of(submission_id)), 303)


def _brake(number: str) -> None:
    """Ten guesses an hour for one number, known or not; raises 429."""
    wait = limits.hit(limits.RECEIPT_GUESSES_PER_NUMBER, number)
    wait = wait or limits.hit(limits.RECEIPT_GUESSES_PER_ADDRESS, limits.client_address())
    if wait:
        raise TooManyRequests(retry_after=wait)


def _submission_for(number: str, last4: str) -> str | None:
    submission_id = submission_by_number(db.session(), number)
    kept = ""
    if submission_id is not None:
        content = dict(content_of(db.session(), submission_id))
        kept = (_phone_of({"phone": [content.get("phone", "")]}) or "")[-4:]
    right = hmac.compare_digest(kept or "-none-", last4)
    return submission_id if right else None


def _status_page(form: StatusForm, code: int = 200) -> Response:
    return page("registry/status.html", status=code, form=form)


# --- lost numbers -------------------------------------------------------------------------------------------------


@room.route(
    "/status/hilang", methods=["GET", "POST"], access=Access.PUBLIC, submission=say("Nomor bukti hilang")
)
def lost_receipt() -> Response:
    """The number got lost: the office calls back. Nothing tells whether there is such a submission."""
    form = LostReceiptForm()
    form.fill_identity()
    if request.method == "GET":
        return keep_on_phone(_lost_page(200, form), pack_well=True)
    if "tahap" in request.form:
        return _lost_page(200, form)
    return answer_form(
        form,
        find_replay=lambda: find_replay(db.session(), form.identity, sent_pairs()),
        store=lambda: _store_lost(form),
        receipt_url=receipt_url,
        show=lambda code, problem: _lost_page(code, form),
        phone=lambda: form.phone.value,
    )


def _store_lost(form: LostReceiptForm) -> Received:
    incoming = pack(
        form,
        SubmissionKind.LOST_RECEIPT,
        title=form.name.value or "",
        kecamatan_code=form.kecamatan.data,
        desa_code=form.desa.data,
        phone=form.phone.value,
    )
    return atomically(lambda session: receive(session, incoming))


def _lost_page(code: int, form: LostReceiptForm) -> Response:
    return page("registry/lost.html", status=code, form=form)


def _describe_lost(view: ReceiptView, content: Content) -> ReceiptPage:
    return ReceiptPage(
        steps=(
            (str(say("Petugas mencari kiriman Bapak/Ibu")), ""),
            (str(say("Petugas menelepon ke nomor yang ditulis")), ""),
        )
    )


DOORS[SubmissionKind.LOST_RECEIPT] = KindDoor(say("Nomor bukti hilang"), _describe_lost)
