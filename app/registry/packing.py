"""From a posted form to a submission: what every door does alike, whatever its questions."""

from __future__ import annotations

import uuid
from typing import Any

from flask import current_app, request, url_for

from app.core.access import Access, current_actor
from app.core.clock import now
from app.core.forms import BaseForm, sent_pairs
from app.core.language import page_language
from app.core.sealed_form import running_seal
from app.registry.rules import Source, SubmissionKind, clamp_filled_at
from app.registry.services.receiving import Incoming, Received

_MOST_VERSION = 10_000


def pack(form: BaseForm, kind: SubmissionKind, **details: Any) -> Incoming:
    """The running POST as an Incoming; ``details`` are its fields that depend on the kind."""
    details.setdefault("source", Source.SELF)
    actor = current_actor()
    return Incoming(
        submission_id=form.identity,
        kind=kind,
        pairs=sent_pairs(),
        actor=actor,
        form_version=form_version(form, request.form.get("form_version", "")),
        filled_at=clamp_filled_at(form.filled_at.data or "", now()),
        language=page_language(),
        suspicious=form.looks_automatic,
        came_sealed=running_seal() is not None,
        working_days=working_days(),
        most_waiting=None if actor.may(Access.ASSIST_ENTRY) else current_app.config["SETTINGS"].most_waiting,
        **details,
    )


def form_version(form: BaseForm, text: str) -> int:
    """The version of the form that was filled, as sent: phones keep forms for months and send what they kept.

    The running one when it says nothing readable. (The form itself already carries the version to show next.)
    """
    return (
        min(int(text), _MOST_VERSION) if text.isascii() and text.isdigit() and len(text) < 9 else form.VERSION
    )


def working_days() -> int:
    """Working days within which the office promises a decision."""
    return int(current_app.config["SETTINGS"].decision_days)


def replaced_submission() -> str:
    """The id of an earlier submission that this one says it mends ('' for none)."""
    try:
        return str(uuid.UUID(request.form.get("replaces", "")))
    except ValueError:
        return ""


def receipt_url(receipt: Received) -> str:
    """Where a sender finds the receipt."""
    return url_for("registry.receipt", token=receipt.token)
