"""What strangers, and forms that outlived their session, are answered at guarded doors (core asks here)."""

from __future__ import annotations

from flask import Flask, Response, abort, redirect, request, url_for
from htmx_flask.requests import HtmxHeaders
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.forms import SignInForm
from app.accounts.kept_form import keep_this_form
from app.accounts.queries.identity import find_form_owner
from app.core.access import SIGN_IN_ANSWER, current_actor
from app.core.clock import now
from app.core.cross_site import FOREIGN_FORM, SAFE_METHODS, browser_vouches, digest_in_token
from app.core.errors import error_response, wants_json
from app.core.page import page

_EXPIRED, _SOMEBODY_ELSE = "expired", "somebody_else"


def install(app: Flask) -> None:
    """Answer core's two questions."""
    app.extensions[SIGN_IN_ANSWER] = answer_stranger
    app.extensions[FOREIGN_FORM] = judge_foreign_form


def answer_stranger() -> BaseResponse:
    """To the sign-in page; a posted form whose session ended comes along, sealed for its owner."""
    htmx = HtmxHeaders(request.headers)
    if request.method in SAFE_METHODS:
        address = url_for("accounts.sign_in", next=request.full_path.rstrip("?"))
        if not htmx:
            return redirect(address, 303)
        answer = Response(status=401)
        answer.headers["HX-Redirect"] = (
            address  # built by url_for: the stranger's address is only a parameter
        )
        return answer
    kept = _kept_of_ended_session()
    if not kept:
        return redirect(url_for("accounts.sign_in"), 303)
    return _sign_in_in_place(kept, _EXPIRED, 401)


def _kept_of_ended_session() -> str:
    """The running POST sealed for whoever was handed the form; '' when nobody knows, or the browser disowns it."""
    digest = digest_in_token() if browser_vouches() else None
    owner = find_form_owner(digest, now=now()) if digest else None
    return "" if owner is None else keep_this_form(owner)


def judge_foreign_form(digest: str) -> BaseResponse | None:
    """A form that was handed to another session than the one it comes back with.

    The same person, signed in again meanwhile: let it pass. Another person of a shared PC: nothing is done in
    their name; the owner may sign in right there and go on. Anything else: 403.
    """
    owner = find_form_owner(digest, now=now())
    if owner is None:
        abort(403)
    if owner == current_actor().account_id:
        return None
    if wants_json():
        return error_response(403, error="sign_in")
    return _sign_in_in_place(keep_this_form(owner), _SOMEBODY_ELSE, 403)


def _sign_in_in_place(kept: str, reason: str, status: int) -> Response:
    form = SignInForm(formdata=None)
    form.kept.data = kept
    answer = page("accounts/sign_in.html", form=form, reason=reason, status=status)
    if HtmxHeaders(request.headers):
        # htmx swaps 422; the whole body is replaced, as if the page had been opened
        answer.status_code = 422
        answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "body", "innerHTML"
    return answer
