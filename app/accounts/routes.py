"""The public door: signing in and out, changing user, one-time links."""

from __future__ import annotations

import logging

from flask import Response, abort, make_response, redirect, request, url_for

from app.accounts import room
from app.accounts.forms import FirstAdministratorForm, NewPasswordForm, SecondStepForm, SignInForm
from app.accounts.kept_form import offer_kept_form, open_kept_form
from app.accounts.link_tokens import link_digest
from app.accounts.passwords import fingerprint, hash_password, password_fits
from app.accounts.queries.identity import Credentials, find_credentials, find_credentials_by_id
from app.accounts.queries.people import find_open_link, find_person, no_accounts
from app.accounts.rules.links import LinkPurpose
from app.accounts.rules.passwords import check_password
from app.accounts.rules.sessions import SECOND_STEP_HOLDS, is_staff
from app.accounts.sealed_note import open_note, seal_note
from app.accounts.second_factor import read_proof
from app.accounts.services import links, signing_in
from app.accounts.services.signing_in import SecondProof
from app.accounts.signed_in import enter, give_cookie, new_sid, presented_sid, take_cookie, this_device
from app.accounts.way_back import home_of, safe_next
from app.core.access import Access
from app.core.clock import now
from app.core.cross_site import session_digest, token_missing
from app.core.crypt import phone_index
from app.core.errors import RuleBroken, not_found
from app.core.language import say
from app.core.limits import (
    SECOND_FACTOR_PER_ACCOUNT,
    SIGN_IN_PER_ACCOUNT,
    SIGN_IN_PER_ADDRESS,
    SIGN_IN_PER_NUMBER,
    client_address,
    forget,
    hit,
)
from app.core.page import page
from app.core.transaction import atomically
from app.core.values import ValueProblem, parse_phone

log = logging.getLogger(__name__)

_NO_MATCH = say("Nomor HP atau kata sandi tidak cocok. Periksa lagi, atau hubungi petugas Dinas.")
_WRONG_CODE = say("Kode ini tidak cocok atau sudah dipakai. Tunggu kode berikutnya.")
_TOO_OFTEN = say("Terlalu sering dicoba. Tunggu beberapa menit, lalu coba lagi.")
_ONCE_MORE = say("Tekan tombol Masuk sekali lagi.")
_PENDING = "second-step"


@room.get("/masuk", access=Access.PUBLIC)
def sign_in() -> Response:
    """The sign-in page; for somebody signed in, who they are and how to change user."""
    form = SignInForm(formdata=None)
    form.next.data = safe_next(request.args.get("next")) or ""
    return _sign_in_page(form)


@room.post("/masuk", access=Access.PUBLIC, submission=False)
def sign_in_submit() -> Response:
    """Number and password, then the code where one is set up; all three at once as well."""
    form = SecondStepForm() if request.form.get("pending") else SignInForm()
    if token_missing():
        form.form_errors.append(_ONCE_MORE)
        return _show(form, 422)
    wait = hit(SIGN_IN_PER_ADDRESS, client_address())
    if wait:
        return _too_often(form, wait)
    if isinstance(form, SecondStepForm):
        return _second_step(form)
    return _first_step(form)


def _first_step(form: SignInForm) -> Response:
    phone = _phone_as_stored(form.phone.data or "")
    here = f"{phone}|{client_address()}"
    wait = hit(SIGN_IN_PER_ACCOUNT, here) or hit(SIGN_IN_PER_NUMBER, phone)
    if wait:
        return _too_often(form, wait)
    if not form.validate():
        return _show(form, 422)
    account = find_credentials(phone_index(phone))
    fits = password_fits(account.password_hash if account else None, form.password.data or "")
    if account is None or not fits or not account.active:
        log.info("sign-in refused")
        form.form_errors.append(_NO_MATCH)
        return _show(form, 422)
    if account.totp_sealed is None:
        return _finish(form, account, here, proof=None)
    if not (form.totp.data or "").strip():
        return _show(_second_step_form(form, account, here), 200)
    return _with_code(form, account, here)


def _phone_as_stored(typed: str) -> str:
    """One form for counting and finding; what is no number at all finds nobody."""
    try:
        return parse_phone(typed)
    except ValueProblem:
        return typed.strip()[:40]


def _second_step_form(form: SignInForm, account: Credentials, here: str) -> SecondStepForm:
    """For the second page. That the password was right travels sealed in the page, for ten minutes."""
    step = SecondStepForm(formdata=None)
    content = {"account": account.account_id, "print": fingerprint(account.password_hash or ""), "here": here}
    step.pending.data = seal_note(content, purpose=_PENDING)
    step.next.data, step.kept.data = safe_next(form.next.data) or "", form.kept.data
    return step


def _second_step(form: SecondStepForm) -> Response:
    note = open_note(form.pending.data or "", purpose=_PENDING, holds=SECOND_STEP_HOLDS)
    account = find_credentials_by_id(int(note["account"])) if note else None
    if note is None or account is None or fingerprint(account.password_hash or "") != note["print"]:
        again = SignInForm(formdata=None)
        again.next.data, again.kept.data = safe_next(form.next.data) or "", form.kept.data
        again.form_errors.append(say("Waktunya habis. Masukkan nomor HP dan kata sandi lagi."))
        return _show(again, 422)
    if not form.validate():
        return _show(form, 422)
    return _with_code(form, account, str(note["here"]))


def _with_code(form: SignInForm | SecondStepForm, account: Credentials, here: str) -> Response:
    wait = hit(SECOND_FACTOR_PER_ACCOUNT, str(account.account_id))
    if wait:
        return _too_often(form, wait)
    proof = read_proof(
        form.totp.data or "", account_id=account.account_id, totp_sealed=account.totp_sealed, now=now()
    )
    if proof is None:
        return _wrong_code(form, account, here)
    return _finish(form, account, here, proof=proof)


def _wrong_code(form: SignInForm | SecondStepForm, account: Credentials, here: str) -> Response:
    log.info("second factor refused: account %s", account.account_id)
    step = form if isinstance(form, SecondStepForm) else _second_step_form(form, account, here)
    step.reject(RuleBroken("totp", _WRONG_CODE))
    return _show(step, 422)


def _finish(
    form: SignInForm | SecondStepForm, account: Credentials, here: str, *, proof: SecondProof | None
) -> Response:
    sid, old = new_sid(), presented_sid()
    try:
        role = atomically(
            lambda s: signing_in.sign_in(
                s,
                account_id=account.account_id,
                password_hash=account.password_hash or "",
                digest=session_digest(sid),
                device=this_device(),
                proof=proof,
                replaces=session_digest(old) if old else None,
            )
        )
    except RuleBroken as problem:
        if problem.field == "totp":
            return _wrong_code(form, account, here)
        form.reject(problem)
        return _show(form, 422)
    forget(SIGN_IN_PER_ACCOUNT, here)
    if proof is not None:
        forget(SECOND_FACTOR_PER_ACCOUNT, str(account.account_id))
    log.info("signed in: account %s", account.account_id)
    return give_cookie(_onward(form, account.account_id, sid), sid, role)


def _onward(form: SignInForm | SecondStepForm, account_id: int, sid: str) -> Response:
    """To the page that was wanted, or to what the same person had typed before."""
    person = find_person(account_id)
    leave = safe_next(form.next.data) or home_of(staff=person is not None and is_staff(person.role))
    kept = open_kept_form(form.kept.data, account_id)
    if kept is None:
        return make_response(redirect(leave, 303))
    enter(sid)
    return offer_kept_form(kept, leave=leave)


def _show(form: SignInForm | SecondStepForm, status: int) -> Response:
    if isinstance(form, SecondStepForm):
        return page("accounts/second_step.html", form=form, status=status)
    return _sign_in_page(form, status)


def _sign_in_page(form: SignInForm, status: int = 200) -> Response:
    news = request.args.get("kabar", "")
    return page(
        "accounts/sign_in.html",
        form=form,
        reason=news if news in {"sandi-baru", "keluar"} else "",
        status=status,
    )


def _too_often(form: SignInForm | SecondStepForm, wait: int) -> Response:
    form.form_errors.append(_TOO_OFTEN)
    answer = _show(form, 429)
    answer.headers["Retry-After"] = str(wait)
    return answer


@room.post("/keluar", access=Access.PUBLIC, submission=False)
def sign_out() -> Response:
    """End this session. Public, so that an ended one can be put away too."""
    return _leave("keluar")


@room.post("/ganti-pengguna", access=Access.PUBLIC, submission=False)
def change_user() -> Response:
    """End this session and ask the next person of a shared PC for number and password."""
    return _leave("")


def _leave(news: str) -> Response:
    if token_missing():
        abort(403)
    sid = presented_sid()
    if sid:
        atomically(lambda s: signing_in.end_session(s, digest=session_digest(sid)))
    return take_cookie(make_response(redirect(url_for("accounts.sign_in", kabar=news or None), 303)))


@room.get("/tautan/<token>", access=Access.PUBLIC)
def link(token: str) -> Response:
    """A one-time link: only shows its page. Previews of messengers open every address; they must not use it up."""
    form, who = _link_form(token, fresh=True)
    return _link_page(form, who)


@room.post("/tautan/<token>", access=Access.PUBLIC, submission=False)
def link_submit(token: str) -> Response:
    """Set the password and use the link up. A lapsed, used or wrong one is a 404."""
    form, who = _link_form(token, fresh=False)
    if token_missing():
        form.form_errors.append(say("Tekan tombol Simpan sekali lagi."))
        return _link_page(form, who, 422)
    if not form.validate():
        return _link_page(form, who, 422)
    try:
        _set_password(form, token)
    except RuleBroken as problem:
        if problem.code == "closed":
            not_found()
        form.reject(problem)
        return _link_page(form, who, 422)
    return make_response(redirect(url_for("accounts.sign_in", kabar="sandi-baru"), 303))


def _link_form(token: str, *, fresh: bool) -> tuple[NewPasswordForm, str]:
    """The form that fits the link, and the name of its owner. 404 for a link that does not hold."""
    found = find_open_link(link_digest(token))
    if found is None:
        not_found()
    purpose, account_id = found
    options = {"formdata": None} if fresh else {}
    if purpose is LinkPurpose.FIRST_ADMINISTRATOR:
        if not no_accounts():
            not_found()
        return FirstAdministratorForm(**options), ""
    person = find_person(account_id) if account_id is not None else None
    if person is None or not person.active:
        not_found()
    return NewPasswordForm(**options), person.name


def _link_page(form: NewPasswordForm, who: str, status: int = 200) -> Response:
    return page("accounts/link.html", form=form, who=who, status=status)


def _set_password(form: NewPasswordForm, token: str) -> None:
    """Check and hash outside, set inside the write block. Raises RuleBroken."""
    digest, password = link_digest(token), form.password.data or ""
    if isinstance(form, FirstAdministratorForm):
        name, phone = form.name.value or "", form.phone.value or ""
        check_password(password, staff=True, phone=phone, name=name)
        hashed = hash_password(password)
        atomically(
            lambda s: links.create_first_administrator(
                s, digest=digest, name=name, phone=phone, password_hash=hashed
            )
        )
        return
    found = find_open_link(digest)
    person = find_person(found[1]) if found and found[1] is not None else None
    if person is None:
        not_found()
    check_password(password, staff=is_staff(person.role), phone=person.phone, name=person.name)
    hashed = hash_password(password)
    atomically(lambda s: links.set_password_by_link(s, digest=digest, password_hash=hashed))
