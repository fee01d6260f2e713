"""The door of one's own account: name, language, password, browsers, second factor."""

from __future__ import annotations

from flask import Response, make_response, redirect, request, url_for

from app.accounts import room
from app.accounts.forms import (
    ROLE_WORDS,
    SECTION_WORDS,
    ChangePasswordForm,
    CodeForm,
    OwnDetailsForm,
    SetUpCodeForm,
)
from app.accounts.kept_form import offer_kept_form, open_kept_form
from app.accounts.passwords import hash_password, password_fits
from app.accounts.queries.identity import find_credentials_by_id
from app.accounts.queries.people import (
    Person,
    count_recovery_codes,
    find_person,
    list_sessions,
    list_stand_ins,
)
from app.accounts.rules.passwords import check_password
from app.accounts.rules.sessions import SECOND_STEP_HOLDS, is_staff
from app.accounts.sealed_note import open_note, seal_note
from app.accounts.second_factor import (
    enrolment_uri,
    matching_step,
    new_recovery_codes,
    new_secret,
    read_proof,
    readable,
    recovery_index,
    seal_secret,
)
from app.accounts.services import managing, own, signing_in
from app.accounts.services.signing_in import SecondProof
from app.accounts.signed_in import give_cookie, new_sid, take_cookie, this_device
from app.accounts.way_back import home_of, safe_next
from app.core.access import Access, Actor, current_actor
from app.core.clock import now, today
from app.core.cross_site import session_digest
from app.core.errors import RuleBroken, not_found
from app.core.language import say
from app.core.limits import SECOND_FACTOR_PER_ACCOUNT, Limit, hit
from app.core.page import page
from app.core.qr import qr_svg
from app.core.transaction import atomically

_SET_UP = "set-up-code"
_WRONG_PASSWORD = say("Kata sandi sekarang tidak cocok.")
_WRONG_CODE = say("Kode ini tidak cocok atau sudah dipakai. Tunggu kode berikutnya.")
_TOO_OFTEN = say("Terlalu sering dicoba. Tunggu beberapa menit, lalu coba lagi.")
# Somebody at an open PC must not try out passwords.
_PASSWORD_AGAIN = Limit("password-again", 10, 15 * 60)

_NEWS = {"tersimpan", "sandi", "kode-dilepas", "kode-dipasang"}


class TooOften(Exception):
    """A limit is spent; ``wait`` in seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


def _me() -> tuple[Actor, Person]:
    actor = current_actor()
    person = find_person(actor.account_id) if actor.account_id is not None else None
    if person is None:
        not_found()
    return actor, person


def _count(limit: Limit, person: Person) -> None:
    wait = hit(limit, str(person.account_id))
    if wait:
        raise TooOften(wait)


def _again(answer: Response, problem: TooOften) -> Response:
    answer.status_code = 429
    answer.headers["Retry-After"] = str(problem.wait)
    return answer


@room.get("/akun", access=Access.OWN_ACCOUNT)
def own_account() -> Response:
    """Who I am here, and what I can change."""
    _actor, person = _me()
    form = OwnDetailsForm(formdata=None)
    form.name.data, form.language.data = person.name, person.language or ""
    return _own_page(person, form)


@room.post("/akun", access=Access.OWN_ACCOUNT)
def change_details() -> Response:
    """Another name or language."""
    actor, person = _me()
    form = OwnDetailsForm()
    if not form.validate():
        return _own_page(person, form, 422)
    name, language = form.name.value or person.name, form.language.data or None
    atomically(lambda s: own.change_own_details(s, actor=actor, name=name, language=language))
    return _go("own_account", kabar="tersimpan")


def _own_page(person: Person, form: OwnDetailsForm, status: int = 200) -> Response:
    news = request.args.get("kabar", "")
    return page(
        "accounts/own.html",
        person=person,
        form=form,
        news=news if news in _NEWS else "",
        role_words=ROLE_WORDS,
        section_words=SECTION_WORDS,
        stand_ins=list_stand_ins(person.account_id, today=today()) if is_staff(person.role) else [],
        recovery_codes_left=count_recovery_codes(person.account_id),
        status=status,
    )


def _go(endpoint: str, kabar: str | None = None) -> Response:
    return make_response(redirect(url_for(f"accounts.{endpoint}", kabar=kabar), 303))


@room.get("/akun/kata-sandi", access=Access.OWN_ACCOUNT)
def password() -> Response:
    """The page of the password."""
    _actor, person = _me()
    return _password_page(person, ChangePasswordForm(formdata=None))


@room.post("/akun/kata-sandi", access=Access.OWN_ACCOUNT)
def change_password() -> Response:
    """A new password: other browsers are signed out, this one goes on with a new session."""
    actor, person = _me()
    form = ChangePasswordForm()
    if not form.validate():
        return _password_page(person, form, 422)
    sid, new = new_sid(), form.password.data or ""
    try:
        _prove_password(person, form.current_password.data or "")
        check_password(new, staff=is_staff(person.role), phone=person.phone, name=person.name)
        hashed, device = hash_password(new), this_device()
        atomically(
            lambda s: own.change_own_password(
                s, actor=actor, password_hash=hashed, digest=session_digest(sid), device=device
            )
        )
    except RuleBroken as problem:
        form.reject(problem)
        return _password_page(person, form, 422)
    except TooOften as problem:
        form.form_errors.append(_TOO_OFTEN)
        return _again(_password_page(person, form), problem)
    return give_cookie(_go("own_account", kabar="sandi"), sid, person.role)


def _password_page(person: Person, form: ChangePasswordForm, status: int = 200) -> Response:
    return page(
        "accounts/password.html", form=form, person=person, staff=is_staff(person.role), status=status
    )


def _prove_password(person: Person, typed: str) -> None:
    """The person at the keyboard knows the password. Raises RuleBroken at current_password, TooOften."""
    _count(_PASSWORD_AGAIN, person)
    known = find_credentials_by_id(person.account_id)
    if not password_fits(known.password_hash if known else None, typed):
        raise RuleBroken("current_password", _WRONG_PASSWORD)


@room.get("/akun/perangkat", access=Access.OWN_ACCOUNT)
def sessions() -> Response:
    """The browsers in which I am signed in."""
    actor, person = _me()
    return page(
        "accounts/sessions.html", sessions=list_sessions(person.account_id), this_one=actor.session_id
    )


@room.post("/akun/perangkat/keluar-semua", access=Access.OWN_ACCOUNT)
def sign_out_everywhere() -> Response:
    """End every session of mine, this one too."""
    actor, person = _me()
    atomically(lambda s: managing.end_all_sessions(s, account_id=person.account_id, actor=actor))
    return take_cookie(_go("sign_in", kabar="keluar"))


@room.get("/akun/kode-masuk", access=Access.OWN_ACCOUNT)
def second_factor() -> Response:
    """Set the authenticator up, or see that it is."""
    _actor, person = _me()
    if person.has_second_factor:
        return _have_code_page(person, CodeForm(formdata=None))
    return _set_up_page(person, SetUpCodeForm(formdata=None), new_secret())


@room.post("/akun/kode-masuk", access=Access.OWN_ACCOUNT)
def set_second_factor() -> Response:
    """The first code proves that the key arrived. Shows the recovery codes, once."""
    actor, person = _me()
    form = SetUpCodeForm()
    note = open_note(
        form.setup_key.data or "", purpose=_SET_UP, owner=str(person.account_id), holds=SECOND_STEP_HOLDS * 3
    )
    if note is None or person.has_second_factor:
        return _go("second_factor")
    secret = str(note["secret"])
    if not form.validate():
        return _set_up_page(person, form, secret, 422)
    codes = new_recovery_codes()
    try:
        _prove_password(person, form.current_password.data or "")
        _install_code(actor, person, secret, form.totp.data or "", codes)
    except RuleBroken as problem:
        form.reject(problem)
        return _set_up_page(person, form, secret, 422)
    except TooOften as problem:
        form.form_errors.append(_TOO_OFTEN)
        return _again(_set_up_page(person, form, secret), problem)
    return _codes_page(codes)


def _install_code(actor: Actor, person: Person, secret: str, typed: str, codes: list[str]) -> None:
    """Raises RuleBroken at totp for a wrong code."""
    step = matching_step(secret, typed, now=now())
    if step is None:
        raise RuleBroken(
            "totp", say("Kode ini tidak cocok. Pastikan jam di HP benar, lalu coba kode berikutnya.")
        )
    sealed = seal_secret(secret, account_id=person.account_id)
    indexes = _indexes(codes, person)
    atomically(
        lambda s: own.set_second_factor(
            s, actor=actor, account_id=person.account_id, sealed=sealed, step=step, code_indexes=indexes
        )
    )


def _indexes(codes: list[str], person: Person) -> list[str]:
    return [recovery_index(code, account_id=person.account_id) for code in codes]


def _set_up_page(person: Person, form: SetUpCodeForm, secret: str, status: int = 200) -> Response:
    form.setup_key.data = seal_note({"secret": secret}, purpose=_SET_UP, owner=str(person.account_id))
    uri = enrolment_uri(secret, account=person.name)
    return page(
        "accounts/set_up_code.html", form=form, qr=qr_svg(uri), key=readable(secret), uri=uri, status=status
    )


def _have_code_page(person: Person, form: CodeForm, status: int = 200) -> Response:
    left = count_recovery_codes(person.account_id)
    return page("accounts/have_code.html", form=form, left=left, status=status)


def _codes_page(codes: list[str]) -> Response:
    return page("accounts/recovery_codes.html", codes=codes)


@room.post("/akun/kode-masuk/lepas", access=Access.OWN_ACCOUNT)
def remove_second_factor() -> Response:
    """Take the authenticator off, with one of its codes."""
    actor, person = _me()
    form = CodeForm()
    try:
        proof = _prove_code(person, form)
        atomically(lambda s: own.remove_own_second_factor(s, actor=actor, proof=proof))
    except RuleBroken as problem:
        form.reject(problem)
        return _have_code_page(person, form, 422)
    except TooOften as problem:
        form.form_errors.append(_TOO_OFTEN)
        return _again(_have_code_page(person, form), problem)
    return _go("own_account", kabar="kode-dilepas")


@room.post("/akun/kode-masuk/cadangan", access=Access.OWN_ACCOUNT)
def renew_codes() -> Response:
    """Ten new recovery codes, shown once."""
    actor, person = _me()
    form, codes = CodeForm(), new_recovery_codes()
    try:
        proof = _prove_code(person, form)
        indexes = _indexes(codes, person)
        atomically(lambda s: own.renew_recovery_codes(s, actor=actor, proof=proof, code_indexes=indexes))
    except RuleBroken as problem:
        form.reject(problem)
        return _have_code_page(person, form, 422)
    except TooOften as problem:
        form.form_errors.append(_TOO_OFTEN)
        return _again(_have_code_page(person, form), problem)
    return _codes_page(codes)


def _prove_code(person: Person, form: CodeForm) -> SecondProof:
    """What the typed code proves. Raises RuleBroken at totp, TooOften."""
    _count(SECOND_FACTOR_PER_ACCOUNT, person)
    known = find_credentials_by_id(person.account_id)
    sealed = known.totp_sealed if known else None
    proof = read_proof(form.totp.data or "", account_id=person.account_id, totp_sealed=sealed, now=now())
    if proof is None:
        raise RuleBroken("totp", _WRONG_CODE)
    return proof


@room.get("/akun/kode", access=Access.OWN_ACCOUNT)
def code() -> Response:
    """Ask for the code again before something sensitive (step_up.py)."""
    actor, _person = _me()
    if not actor.has_second_factor:
        return _go("second_factor")
    form = CodeForm(formdata=None)
    form.next.data = safe_next(request.args.get("next")) or ""
    return page("accounts/code.html", form=form)


@room.post("/akun/kode", access=Access.OWN_ACCOUNT)
def confirm_code() -> Response:
    """The code again; then back to the page, or to the form that waited for it."""
    actor, person = _me()
    form = CodeForm()
    if not person.has_second_factor or actor.session_id is None:
        return _go("second_factor")
    session_id = actor.session_id
    try:
        proof = _prove_code(person, form)
        atomically(
            lambda s: signing_in.confirm_second_factor(
                s, account_id=person.account_id, session_id=session_id, proof=proof
            )
        )
    except RuleBroken as problem:
        form.reject(problem)
        return page("accounts/code.html", form=form, status=422)
    except TooOften as problem:
        form.form_errors.append(_TOO_OFTEN)
        return _again(page("accounts/code.html", form=form), problem)
    leave = safe_next(form.next.data) or home_of(staff=is_staff(person.role))
    kept = open_kept_form(form.kept.data, person.account_id)
    return make_response(redirect(leave, 303)) if kept is None else offer_kept_form(kept, leave=leave)
