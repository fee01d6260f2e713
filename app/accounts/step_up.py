"""The code again: for personal data and for other people's accounts, a second factor at most ten minutes old.

For rooms on higher floors::

    @room.post("/petugas/...", access=Access.EXPORT_PERSONAL)
    @with_step_up
    def export_with_phones(): ...

or ``require_step_up()`` inside a view, where only some requests need it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, abort, jsonify, make_response, redirect, request, url_for

from app.accounts.forms import CodeForm
from app.accounts.kept_form import keep_this_form
from app.core.access import current_actor
from app.core.cross_site import SAFE_METHODS
from app.core.errors import wants_json
from app.core.page import page

View = TypeVar("View", bound=Callable[..., Any])


def require_step_up() -> None:
    """Return when the person gave the second factor within ten minutes; else answer for the view and stop it.

    Without a second factor: 403, a page that explains and leads to setting it up. With an older one: a page is
    asked for after the code (303 there and back); a posted form is kept and offered again after the code (403).
    """
    actor = current_actor()
    if actor.stepped_up:
        return
    if wants_json():
        abort(make_response(jsonify({"ok": False, "error": "sign_in"}), 403))
    if not actor.has_second_factor:
        abort(page("accounts/code_needed.html", status=403))
    if request.method in SAFE_METHODS:
        abort(make_response(redirect(url_for("accounts.code", next=request.full_path.rstrip("?")), 303)))
    abort(_code_in_place(cast(int, actor.account_id)))


def _code_in_place(account_id: int) -> Response:
    form = CodeForm(formdata=None)
    form.kept.data = keep_this_form(account_id, even_empty=True)
    return page("accounts/code.html", form=form, status=403)


def with_step_up(view: View) -> View:
    """Decorator, below the route: the whole view needs a fresh second factor."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        require_step_up()
        return view(*args, **kwargs)

    return cast(View, guarded)
