"""Whose a form of the desk is, while it waits on a phone for a signal.

The phone knows its officer by an opaque name (``uid``), the same in all sessions of the account. A form that names
another officer than the one signed in when it arrives is not taken: nobody's work is stored in somebody else's name.
"""

from __future__ import annotations

from typing import Final

from flask import current_app, request
from werkzeug.wrappers import Response as BaseResponse

from app.core.access import Access, Actor, access_of, current_actor, takes_submissions
from app.core.crypt import personal_index
from app.core.errors import error_response
from app.core.limits import is_carried

OWNER_FIELD: Final = "uid"
OWNER_HEADER: Final = "X-Owner"
_RULES: Final = "kop_ukm_owned_rules"


def owner_uid(actor: Actor) -> str:
    """The opaque name of a person signed in; '' for a stranger."""
    return personal_index(str(actor.account_id), purpose="owner") if actor.is_authenticated else ""


def form_owner() -> str:
    """The ``uid`` that the running page's form carries; '' where anybody may send it."""
    rule = request.url_rule
    return owner_uid(current_actor()) if rule is not None and rule.rule in _owned_rules() else ""


def _owned_rules() -> frozenset[str]:
    """Guarded addresses whose POST takes a submission; the page that shows the form stands at the same address."""
    found: frozenset[str] | None = current_app.extensions.get(_RULES)
    if found is None:
        found = current_app.extensions[_RULES] = frozenset(
            rule.rule
            for rule in current_app.url_map.iter_rules()
            if takes_submissions(current_app, rule.endpoint)
            and access_of(current_app, rule.endpoint) is not Access.PUBLIC
        )
    return found


def check_owner() -> BaseResponse | None:
    """before_request, after opening: 401 ``sign_in`` where the form is another officer's; nothing is stored.

    What an officer takes in at the desk for a colleague (``is_carried``) is stored in the taker's own name.
    """
    if request.method != "POST" or is_carried():
        return None
    mine = form_owner()
    named = {name for name in (request.headers.get(OWNER_HEADER), *request.form.getlist(OWNER_FIELD)) if name}
    if not mine or named <= {mine}:
        return None
    return error_response(401)
