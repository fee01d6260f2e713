"""The administrator's door: who may work here, as what, where and until when."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, make_response, redirect, request, url_for
from flask_babel import LazyString
from sqlalchemy.orm import Session

from app.accounts import room
from app.accounts.desk_words import history_entries
from app.accounts.forms import (
    ROLE_WORDS,
    SECTION_WORDS,
    AccountForm,
    ChangePhoneForm,
    NewAccountForm,
    NoteForm,
    StandInForm,
)
from app.accounts.link_tokens import link_address, link_digest, new_link_token
from app.accounts.queries.people import (
    Person,
    find_person,
    list_areas_to_choose,
    list_history,
    list_sessions,
    list_staff_names,
    list_stand_ins,
    search_people,
)
from app.accounts.rules.sessions import is_staff
from app.accounts.services import links, managing, own
from app.accounts.step_up import with_step_up
from app.core.access import Access, Role, current_actor
from app.core.clock import today
from app.core.errors import RuleBroken, not_found
from app.core.page import page
from app.core.paging import page_number
from app.core.qr import qr_svg
from app.core.transaction import atomically
from app.core.values import phone_masked

MANAGE = Access.MANAGE_ACCOUNTS
_NEWS = {"tersimpan", "nonaktif", "aktif", "keluar", "nomor", "plh", "plh-selesai", "kode"}


def _person(account_id: int) -> Person:
    return find_person(account_id) or not_found()


def _to(person: Person, news: str) -> Response:
    return make_response(redirect(url_for("accounts.show", account_id=person.account_id, kabar=news), 303))


@room.get("/petugas/akun", access=MANAGE)
def index() -> Response:
    """All accounts, by name; search by name, institution or the whole number."""
    text, role = request.args.get("cari", "").strip(), request.args.get("peran", "")
    disabled = request.args.get("nonaktif") == "1"
    found = search_people(
        text=text,
        role=Role(role) if role in set(Role) else None,
        active=not disabled,
        number=page_number(),
    )
    return page(
        "accounts/desk_index.html",
        fragments=("results",),
        found=found,
        text=text,
        role=role,
        disabled=disabled,
        role_words=ROLE_WORDS,
        section_words=SECTION_WORDS,
        masked=phone_masked,
        today=today(),
    )


@room.get("/petugas/akun/baru", access=MANAGE)
def new() -> Response:
    """The form of a new account."""
    return _new_page(NewAccountForm(list_areas_to_choose(), formdata=None))


@room.post("/petugas/akun/baru", access=MANAGE)
@with_step_up
def create() -> Response:
    """A new account, and the link for its first password, shown once."""
    form = NewAccountForm(list_areas_to_choose())
    if not form.validate():
        return _new_page(form, 422)
    data, phone, actor, token = form.account_data(), form.phone.value or "", current_actor(), new_link_token()

    def deed(session: Session) -> int:
        account_id = managing.create_account(session, data=data, phone=phone, password_hash=None, actor=actor)
        links.issue_link(session, account_id=account_id, digest=link_digest(token), actor=actor)
        return account_id

    try:
        account_id = atomically(deed)
    except RuleBroken as problem:
        form.reject(problem)
        return _new_page(form, 409 if problem.code == "taken" else 422)
    return _link_page(_person(account_id), token)


def _new_page(form: NewAccountForm, status: int = 200) -> Response:
    return page("accounts/desk_new.html", form=form, status=status)


def _link_page(person: Person, token: str) -> Response:
    address = link_address(token)
    return page("accounts/desk_link.html", person=person, address=address, qr=qr_svg(address))


@room.get("/petugas/akun/<int:account_id>", access=MANAGE)
def show(account_id: int) -> Response:
    """One account with what can be done about it, and its history."""
    return _show_page(_person(account_id))


def _show_page(person: Person, *, problem: LazyString | str = "", status: int = 200) -> Response:
    news = request.args.get("kabar", "")
    return page(
        "accounts/desk_show.html",
        person=person,
        phone=phone_masked(person.phone),
        staff=is_staff(person.role),
        in_dates=person.grant.holds_on(today()),
        sessions=list_sessions(person.account_id),
        stand_ins=list_stand_ins(person.account_id, today=today()),
        history=history_entries(list_history(person.account_id), areas=dict(list_areas_to_choose())),
        role_words=ROLE_WORDS,
        section_words=SECTION_WORDS,
        news=news if news in _NEWS else "",
        problem=problem,
        status=status,
    )


@room.get("/petugas/akun/<int:account_id>/ubah", access=MANAGE)
def edit(account_id: int) -> Response:
    """The form with what is known."""
    person = _person(account_id)
    form = AccountForm(list_areas_to_choose(), formdata=None)
    form.show(person)
    return _edit_page(person, form)


@room.post("/petugas/akun/<int:account_id>/ubah", access=MANAGE)
@with_step_up
def change(account_id: int) -> Response:
    """Change role, areas, dates. Powers follow at the next request."""
    person, form = _person(account_id), AccountForm(list_areas_to_choose())
    if not form.validate():
        return _edit_page(person, form, 422)
    data, actor = form.account_data(), current_actor()
    try:
        atomically(lambda s: managing.change_account(s, account_id=account_id, data=data, actor=actor))
    except RuleBroken as problem:
        form.reject(problem)
        return _edit_page(person, form, 422)
    return _to(person, "tersimpan")


def _edit_page(person: Person, form: AccountForm, status: int = 200) -> Response:
    return page("accounts/desk_edit.html", person=person, form=form, status=status)


@room.post("/petugas/akun/<int:account_id>/nonaktifkan", access=MANAGE)
@with_step_up
def disable(account_id: int) -> Response:
    """Shut the account; its sessions end at once."""
    actor, note = current_actor(), _note()
    return _deed(
        account_id,
        "nonaktif",
        lambda s: managing.disable_account(s, account_id=account_id, actor=actor, note=note),
    )


@room.post("/petugas/akun/<int:account_id>/aktifkan", access=MANAGE)
@with_step_up
def enable(account_id: int) -> Response:
    """Open the account again."""
    actor, note = current_actor(), _note()
    return _deed(
        account_id,
        "aktif",
        lambda s: managing.enable_account(s, account_id=account_id, actor=actor, note=note),
    )


@room.post("/petugas/akun/<int:account_id>/keluarkan", access=MANAGE)
@with_step_up
def end_sessions(account_id: int) -> Response:
    """Sign the account out everywhere."""
    actor = current_actor()
    return _deed(
        account_id, "keluar", lambda s: managing.end_all_sessions(s, account_id=account_id, actor=actor)
    )


@room.post("/petugas/akun/<int:account_id>/lepas-kode", access=MANAGE)
@with_step_up
def remove_code(account_id: int) -> Response:
    """Take the second factor off for somebody who lost telephone and recovery codes."""
    actor, note = current_actor(), _note()
    return _deed(
        account_id,
        "kode",
        lambda s: own.remove_second_factor_for(s, account_id=account_id, actor=actor, note=note),
    )


def _note() -> str:
    return (NoteForm().note.data or "").strip()[:500]


def _deed(account_id: int, news: str, deed: Callable[[Session], object]) -> Response:
    person = _person(account_id)
    try:
        atomically(deed)
    except RuleBroken as problem:
        return _show_page(person, problem=problem.sentence, status=422)
    return _to(person, news)


@room.post("/petugas/akun/<int:account_id>/tautan", access=MANAGE)
@with_step_up
def hand_over_link(account_id: int) -> Response:
    """A link for a new password, shown once: the answer itself is the page, because nothing keeps the link."""
    person, actor, token = _person(account_id), current_actor(), new_link_token()
    try:
        atomically(
            lambda s: links.issue_link(s, account_id=account_id, digest=link_digest(token), actor=actor)
        )
    except RuleBroken as problem:
        return _show_page(person, problem=problem.sentence, status=422)
    return _link_page(person, token)


@room.get("/petugas/akun/<int:account_id>/nomor", access=MANAGE)
def phone(account_id: int) -> Response:
    """The form of another number."""
    return _phone_page(_person(account_id), ChangePhoneForm(formdata=None))


@room.post("/petugas/akun/<int:account_id>/nomor", access=MANAGE)
@with_step_up
def change_phone(account_id: int) -> Response:
    """Another number after a second proof; old sessions and links end."""
    person, form, actor = _person(account_id), ChangePhoneForm(), current_actor()
    if not form.validate():
        return _phone_page(person, form, 422)
    number, proof, note = form.phone.value or "", form.proof.data or "", (form.note.data or "").strip()
    try:
        atomically(
            lambda s: managing.change_phone(
                s, account_id=account_id, phone=number, proof=proof, note=note, actor=actor
            )
        )
    except RuleBroken as problem:
        form.reject(problem)
        return _phone_page(person, form, 409 if problem.code == "taken" else 422)
    return _to(person, "nomor")


def _phone_page(person: Person, form: ChangePhoneForm, status: int = 200) -> Response:
    return page(
        "accounts/desk_phone.html", person=person, phone=phone_masked(person.phone), form=form, status=status
    )


@room.get("/petugas/akun/<int:account_id>/plh", access=MANAGE)
def stand_in(account_id: int) -> Response:
    """The form of a stand-in for this account."""
    person = _person(account_id)
    return _stand_in_page(person, StandInForm(_others(person), formdata=None))


@room.post("/petugas/akun/<int:account_id>/plh", access=MANAGE)
@with_step_up
def name_stand_in(account_id: int) -> Response:
    """Somebody does this person's work for some days."""
    person, actor = _person(account_id), current_actor()
    form = StandInForm(_others(person))
    if not form.validate():
        return _stand_in_page(person, form, 422)
    starts_on, ends_on = form.starts_on.value, form.ends_on.value
    assert starts_on is not None  # validate() refused empty ones
    assert ends_on is not None
    try:
        atomically(
            lambda s: managing.name_stand_in(
                s,
                account_id=int(form.stand_in.data),
                for_account_id=account_id,
                starts_on=starts_on,
                ends_on=ends_on,
                decree_number=form.decree_number.value or "",
                actor=actor,
            )
        )
    except RuleBroken as problem:
        form.reject(problem)
        return _stand_in_page(person, form, 422)
    return _to(person, "plh")


def _others(person: Person) -> list[tuple[int, str]]:
    return [(number, name) for number, name in list_staff_names() if number != person.account_id]


def _stand_in_page(person: Person, form: StandInForm, status: int = 200) -> Response:
    return page("accounts/desk_stand_in.html", person=person, form=form, status=status)


@room.post("/petugas/akun/<int:account_id>/plh/<int:stand_in_id>/akhiri", access=MANAGE)
@with_step_up
def end_stand_in(account_id: int, stand_in_id: int) -> Response:
    """The absent one is back earlier."""
    actor = current_actor()
    known = {row.stand_in_id for row in list_stand_ins(account_id, today=today())}
    if stand_in_id not in known:
        not_found()
    return _deed(
        account_id, "plh-selesai", lambda s: managing.end_stand_in(s, stand_in_id=stand_in_id, actor=actor)
    )
