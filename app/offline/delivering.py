"""Hands a sealed submission that somebody carried to its own form, as if its sender had sent it.

The form's view runs in a request of its own: without cookies, name or powers of the carrier, so nothing is stored in
the carrier's name and nothing of the answer depends on it. Of the form's answer only whether it arrived comes back.
One exception, at the desk only: a form that only officers may fill is taken in the name of the officer at the desk.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from flask import Flask, Response, current_app, request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect, Rule
from werkzeug.test import EnvironBuilder

from app.core.access import Access, access_of, current_actor, form_name, takes_submissions
from app.core.cross_site import form_token
from app.core.db import db
from app.core.language import LANGUAGE_PARAMETER, say
from app.core.limits import CARRIED
from app.offline.carried_rules import CarriedItem

_PATH: Final = re.compile(r"/[A-Za-z0-9/_.~-]{0,254}")
# an address with such an argument is a key in itself; its form goes from the sender's own phone, or over the desk
_SECRET_ARGUMENT: Final = "token"  # noqa: S105 - the name of an argument


class Outcome(StrEnum):
    """What became of a carried submission."""

    TAKEN = "taken"
    BEFORE = "before"
    NEEDS_OWNER = "needs_owner"
    UNREADABLE = "unreadable"
    NO_SUCH_FORM = "no_such_form"
    LATER = "later"


@dataclass(frozen=True)
class Delivery:
    """The outcome for one carried submission; ``error`` and ``status`` for machines, as the form said them."""

    item: CarriedItem
    outcome: Outcome
    status: int
    number: str = ""
    error: str = ""
    retry_after: str = ""

    @property
    def arrived(self) -> bool:
        """It is here, now or before."""
        return self.outcome in {Outcome.TAKEN, Outcome.BEFORE}


def carried_forms(app: Flask, *, at_desk: bool = False) -> list[str]:
    """Rules of the forms that take carried submissions: read from the address table, so none can be forgotten."""
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
        and takes_submissions(app, rule.endpoint)
        and access_of(app, rule.endpoint) is Access.PUBLIC
        and (at_desk or _SECRET_ARGUMENT not in rule.arguments)
    )


def secret_forms(app: Flask) -> set[str]:
    """Rules of the forms whose address is a key in itself: no neighbour carries what is meant for them."""
    return set(carried_forms(app, at_desk=True)) - set(carried_forms(app))


def named_forms(app: Flask) -> list[tuple[str, str]]:
    """Address and name of the forms for everybody whose address is the same for all."""
    return sorted(
        (rule.rule, name)
        for rule in app.url_map.iter_rules()
        if rule.rule in carried_forms(app)
        and not rule.arguments
        and "POST" in (rule.methods or ())
        and (name := form_name(app, rule.endpoint))
    )


def deliver(item: CarriedItem, *, at_desk: bool = False) -> Delivery:
    """Hand ``item`` to its form. ``at_desk``: an officer takes it in, so the sender showed it on purpose.

    What a colleague typed whose account is gone goes to a form of the desk, then in the name of who takes it in.
    """
    environ = _request_for(item, at_desk=at_desk)
    if environ is None:
        return Delivery(item, Outcome.NO_SUCH_FORM, 404, error=Outcome.NO_SUCH_FORM)
    db.session.remove()  # else every delivery would hold two connections, and a busy hour run out of them
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with app.app_context(), app.request_context(environ):
        return _judged(item, app.full_dispatch_request())


def _request_for(item: CarriedItem, *, at_desk: bool) -> dict[str, Any] | None:
    """The sender's POST; None where the address is no form that takes it, or the id none."""
    parts = urlsplit(item.address)
    if (
        parts.scheme
        or parts.netloc
        or not _PATH.fullmatch(parts.path)
        or (rule := _rule_at(parts.path)) is None
        or not (rule.rule in carried_forms(current_app, at_desk=at_desk) or (at_desk and _in_own_name(rule)))
    ):
        return None
    fields = {
        "submission_id": item.submission_id,
        "form_version": str(item.form_version or ""),
        "filled_at": str(item.filled_at or ""),
        "sealed": item.sealed,
    }
    language = parse_qs(parts.query).get(LANGUAGE_PARAMETER, [])[:1]
    return EnvironBuilder(
        path=parts.path,
        method="POST",
        base_url=request.host_url,
        query_string={LANGUAGE_PARAMETER: language[0]} if language else None,
        data={name: value for name, value in fields.items() if value},
        headers=Headers(
            {
                "Accept": "application/json",
                "X-Outbox": "1",
                "Sec-Fetch-Site": "same-origin",
                **(_as_myself() if _in_own_name(rule) else {}),
            }
        ),
        environ_overrides={"REMOTE_ADDR": request.remote_addr or "", CARRIED: True},
    ).get_environ()


def _in_own_name(rule: Rule) -> bool:
    """A form of the desk that the running officer may fill."""
    access = access_of(current_app, rule.endpoint)
    return (
        takes_submissions(current_app, rule.endpoint)
        and access is not None
        and access is not Access.PUBLIC
        and current_actor().may(access)
    )


def _as_myself() -> dict[str, str]:
    return {"Cookie": request.headers.get("Cookie", ""), "X-CSRFToken": form_token()}


def name_of(item: CarriedItem) -> str:
    """What people call the form that ``item`` is for; '' where its address is none of ours."""
    rule = _rule_at(urlsplit(item.address).path)
    if rule is None or not takes_submissions(current_app, rule.endpoint):
        return ""
    return form_name(current_app, rule.endpoint) or str(say("Formulir"))


def _rule_at(path: str) -> Rule | None:
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return None
    try:
        rule, _arguments = adapter.match(path, method="POST", return_rule=True)
    except (HTTPException, RequestRedirect):
        return None
    return rule


def _judged(item: CarriedItem, answer: Response) -> Delivery:
    told = answer.get_json(silent=True) or {}
    status, error = answer.status_code, str(told.get("error", ""))
    if told.get("ok") is True:
        outcome = Outcome.BEFORE if told.get("replay") else Outcome.TAKEN
        return Delivery(item, outcome, status, number=str(told["no"]))
    if status == 404:
        return Delivery(item, Outcome.NO_SUCH_FORM, 404, error=Outcome.NO_SUCH_FORM)
    if error in {"unreadable", "unknown_key"}:
        return Delivery(item, Outcome.UNREADABLE, status, error=error)
    if status in {409, 422}:
        return Delivery(item, Outcome.NEEDS_OWNER, status, error=error or Outcome.NEEDS_OWNER)
    later = answer.headers.get("Retry-After", "")
    return Delivery(item, Outcome.LATER, 429 if status == 429 else 503, error="busy", retry_after=later)


def one_spelling(submission_id: str) -> str | None:
    """The id as it was sent, when it is a uuid: the seal is bound to its spelling."""
    try:
        uuid.UUID(submission_id)
    except ValueError:
        return None
    return submission_id
