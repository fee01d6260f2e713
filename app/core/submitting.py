"""The one way to answer a public form (contract.md section 5): a browser, the outbox or another program.

Order matters: who has sent the same before gets the same receipt before anything is checked, so that neither a
changed rule nor a spent limit can turn a replay away.

A sealed one is told what was typed (``values``: the phone no longer knows it), unless it asks for the proof of its
sender and came without (sealed_form.py): then the answer is a machine's whatever was asked for, and holds nothing but
whether it has arrived.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Final, Protocol, TypeVar

from flask import Response, jsonify, make_response, redirect

from app.core.access import current_actor
from app.core.cross_site import token_missing
from app.core.errors import RuleBroken, wants_json
from app.core.forms import BaseForm, sent_pairs
from app.core.language import say
from app.core.limits import (
    CARRIED_PER_ADDRESS,
    CARRIED_PER_PHONE,
    PUBLIC_FORMS_PER_ADDRESS,
    PUBLIC_FORMS_PER_PHONE,
    client_address,
    hit,
    is_carried,
)
from app.core.sealed_form import running_seal, withheld

NEEDS_OWNER: Final = "needs_owner"
FULL_SECONDS: Final = 60 * 60  # until a phone asks again whether the office has caught up
_OWNER_ONLY = say("Ada isian yang perlu dibetulkan oleh pemiliknya, di HP yang dipakai mengisi.")


class Receipt(Protocol):
    """What a form's sender gets."""

    @property
    def submission_id(self) -> str:
        """The uuid that was sent."""

    @property
    def receipt_number(self) -> str:
        """KB-XXXXXXXX."""

    @property
    def replay(self) -> bool:
        """It had arrived before."""


Taken = TypeVar("Taken", bound=Receipt)
Show = Callable[[int, RuleBroken | None], Response]


def answer_form(
    form: BaseForm,
    *,
    find_replay: Callable[[], Taken | None],
    store: Callable[[], Taken],
    receipt_url: Callable[[Taken], str],
    show: Show,
    phone: Callable[[], str | None] = lambda: None,
    alternatives: Callable[[RuleBroken], list[dict[str, object]]] = lambda _problem: [],
) -> Response:
    """Take a posted form. ``show(status, problem)`` renders its page again with the values kept.

    ``find_replay`` reads only; ``store`` runs the deed in its write block. Both may raise RuleBroken.
    ``alternatives``: what a machine may choose instead of what is not possible now.
    """
    if token_missing():
        form.form_errors.append(say("Tekan tombol Kirim sekali lagi. Isian tidak hilang."))
        return _wrong_input(form, show)
    try:
        known = find_replay()
        if known is not None:
            return _receipt(known, receipt_url)
        if not form.validate():
            return _wrong_input(form, show)
        wait = seconds_to_wait(phone())
        if wait:
            return _too_often(form, show, wait)
        return _receipt(store(), receipt_url)
    except RuleBroken as problem:
        return _broken(form, show, problem, alternatives)


def seconds_to_wait(phone: str | None) -> int:
    """Count one more form of this address and telephone number; seconds to wait when it was too many.

    An officer who enters forms for a whole village is not a flood.
    """
    if current_actor().is_authenticated:
        return 0
    per_address, per_phone = PUBLIC_FORMS_PER_ADDRESS, PUBLIC_FORMS_PER_PHONE
    if is_carried():
        per_address, per_phone = CARRIED_PER_ADDRESS, CARRIED_PER_PHONE
    return hit(per_address, client_address()) or (hit(per_phone, phone) if phone else 0)


def _receipt(receipt: Taken, receipt_url: Callable[[Taken], str]) -> Response:
    body = {
        "ok": True,
        "id": receipt.submission_id,
        "no": receipt.receipt_number,
        "replay": receipt.replay,
    }
    status = 200 if receipt.replay else 201
    if withheld():
        return make_response(jsonify(body), status)
    url = receipt_url(receipt)
    if not wants_json():
        return make_response(redirect(url, 303))
    return make_response(jsonify({**body, "url": url}), status)


def _wrong_input(form: BaseForm, show: Show) -> Response:
    if withheld():
        body = {"ok": False, "error": NEEDS_OWNER, "errors": {}, "message": str(_OWNER_ONLY)}
        return make_response(jsonify(body), 422)
    if wants_json():
        return make_response(jsonify({"ok": False, "errors": form.errors_by_field(), **_typed()}), 422)
    return show(422, None)


def _typed() -> dict[str, dict[str, list[str]]]:
    """What was typed, for whoever sealed it."""
    if running_seal() is None:
        return {}
    found: dict[str, list[str]] = {}
    for name, value in sent_pairs():
        found.setdefault(name, []).append(value)
    return {"values": found}


def _broken(
    form: BaseForm,
    show: Show,
    problem: RuleBroken,
    alternatives: Callable[[RuleBroken], list[dict[str, object]]],
) -> Response:
    form.reject(problem)
    if not problem.code:
        return _wrong_input(form, show)
    if problem.code == "busy":
        return _later(show, FULL_SECONDS)
    if problem.code == "other_content":
        form.submission_id.data = str(uuid.uuid4())  # sent again from this page it is a submission of its own
    if wants_json() or withheld():
        body = {
            "ok": False,
            "error": problem.code,
            "alternatives": [] if withheld() else alternatives(problem),
        }
        more = {} if withheld() else {"message": str(problem.sentence), **_typed()}
        return make_response(jsonify({**body, **more}), 409)
    return show(409, problem)


def _too_often(form: BaseForm, show: Show, wait: int) -> Response:
    form.form_errors.append(say("Terlalu banyak kiriman dari sini. Tunggu sebentar, lalu kirim lagi."))
    return _later(show, wait)


def _later(show: Show, wait: int) -> Response:
    if wants_json() or withheld():
        answer = make_response(jsonify({"ok": False, "error": "busy"}), 429)
    else:
        answer = show(429, None)
    answer.headers["Retry-After"] = str(wait)
    return answer
