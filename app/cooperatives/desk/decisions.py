"""Decisions: accept, return, reject, the same as, hand over, take to the Dinas, take up again, publish, not the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from flask import Response, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from app.cooperatives import room
from app.cooperatives.desk import sides
from app.cooperatives.desk.record import Sheet, record_url, show
from app.cooperatives.desk.subject import Subject, subject_or_404
from app.cooperatives.desk_forms import (
    AcceptForm,
    DeskForm,
    HandOverForm,
    PublishForm,
    RejectForm,
    ReturnForm,
    RulingForm,
    SameAsForm,
    TakeUpForm,
)
from app.cooperatives.forms import QUESTIONS
from app.cooperatives.history_words import COLUMN_WORDS, value_words
from app.cooperatives.queries.desk_record import (
    RecordView,
    SubmissionView,
    comparable_record_for,
    content_for,
)
from app.cooperatives.services import deciding
from app.cooperatives.services.deciding import Ruling
from app.core.access import Access, current_actor
from app.core.codes import tidy_code
from app.core.errors import RuleBroken, not_found
from app.core.language import formatting_locale, say
from app.core.page import page
from app.core.transaction import atomically
from app.registry.deciding_rules import (
    check_returned_fields,
    reject_reason,
    return_reason,
    why_not_decide,
)
from app.registry.fields import PHONE_OWNERS
from app.registry.rules import HowChecked, RecordStatus, SubmissionKind
from app.registry.services import deciding as submissions

Deed = Callable[[Session, Ruling], object]
STATUS_OF_CODE: Final = {"not_yours": 403}
_ALIAS: Final = {"desa": "desa_code", "kecamatan": "kecamatan_code", "health_year": "health_claim_year"}


@room.post("/petugas/koperasi/<code>/terima", access=Access.VERIFY_COOPERATIVE)
def desk_accept(code: str) -> BaseResponse:
    """Accept the submission."""
    subject = _meant(code)
    form = AcceptForm()
    changes = _proposed(subject)

    def deed(session: Session, ruling: Ruling) -> object:
        return deciding.accept(
            session,
            ruling,
            actor=current_actor(),
            how_checked=form.how,
            legal_entity_checked=bool(form.legal_entity_checked.data),
            proposed=changes,
        )

    return _rule(subject, form, deed)


@room.get("/petugas/koperasi/<code>/kembalikan", access=Access.VERIFY_COOPERATIVE)
def desk_return_form(code: str) -> BaseResponse:
    """The page on which an officer marks what the sender is to mend."""
    subject = _meant(code)
    if subject.current is None or not subject.may_decide(current_actor()) or not subject.current.open:
        return redirect(record_url(subject), 303)
    form = ReturnForm(formdata=None, submission=subject.current.receipt_number, seen=subject.current.seen)
    return _return_page(subject, form, {}, 200)


@room.post("/petugas/koperasi/<code>/kembalikan", access=Access.VERIFY_COOPERATIVE)
def desk_return(code: str) -> BaseResponse:
    """Send the submission back, with words at each marked field."""
    subject = _meant(code)
    form = ReturnForm()
    marked = form.words_by_field

    def deed(session: Session, ruling: Ruling) -> object:
        reasoned = return_reason(form.reason.data or "", ruling.note)
        fields = check_returned_fields(marked, QUESTIONS, reasoned.note)
        told = Ruling(ruling.submission_id, ruling.seen, reasoned.note)
        return deciding.return_for_correction(
            session, told, actor=current_actor(), reason=reasoned.reason, fields=fields
        )

    return _rule(subject, form, deed, again=partial(_return_page, subject, form, marked), reason_is_free=True)


@room.post("/petugas/koperasi/<code>/tolak", access=Access.VERIFY_COOPERATIVE)
def desk_reject(code: str) -> BaseResponse:
    """Reject the submission."""
    subject = _meant(code)
    form = RejectForm()

    def deed(session: Session, ruling: Ruling) -> object:
        reasoned = reject_reason(form.reason.data or "", ruling.note)
        told = Ruling(ruling.submission_id, ruling.seen, reasoned.note)
        return deciding.reject(session, told, actor=current_actor(), reason=reasoned.reason)

    return _rule(subject, form, deed, reason_is_free=True)


@room.post("/petugas/koperasi/<code>/gabung", access=Access.VERIFY_COOPERATIVE)
def desk_same_as(code: str) -> BaseResponse:
    """The registration is a record that is there already. Two accepted records: on to the page that unites them."""
    subject = _meant(code)
    form = SameAsForm()
    into = tidy_code(form.into.data or "")
    both_accepted = _is_accepted(subject.record) and not (subject.current and subject.current.open)
    if both_accepted and current_actor().may(Access.MERGE_COOPERATIVES):
        return redirect(url_for("cooperatives.desk_merge", code=code, dengan=into), 303)

    def deed(session: Session, ruling: Ruling) -> object:
        return deciding.mark_same_as(session, ruling, actor=current_actor(), into=into)

    if form.into.data and comparable_record_for(current_actor(), into) is None:
        form.validate()
        form.reject(RuleBroken("into", say("Kode itu tidak ada di daftar koperasi yang sudah diterima.")))
        return _again(subject, form, 422)
    return _rule(subject, form, deed)


@room.post("/petugas/koperasi/<code>/oper", access=Access.VERIFY_COOPERATIVE)
def desk_hand_over(code: str) -> BaseResponse:
    """To the officers of another kecamatan."""
    subject = _meant(code)
    form = HandOverForm()
    actor = current_actor()

    def deed(session: Session, ruling: Ruling) -> object:
        return submissions.hand_over(
            session,
            submission_id=ruling.submission_id,
            kecamatan_code=form.kecamatan.data,
            actor=actor,
            note=ruling.note,
        )

    answer = _rule(subject, form, deed)
    lost_sight = (
        answer.status_code == 303 and not actor.everywhere and not actor.covers(form.kecamatan.data or "")
    )
    if lost_sight and (subject.record is None or not actor.covers(subject.record.kecamatan_code)):
        return redirect(url_for("cooperatives.desk_queue"), 303)
    return answer


@room.post("/petugas/koperasi/<code>/ambil", access=Access.VERIFY_COOPERATIVE)
def desk_take_to_dinas(code: str) -> BaseResponse:
    """To the Dinas itself."""

    def deed(session: Session, ruling: Ruling) -> object:
        submissions.take_to_dinas(
            session, submission_id=ruling.submission_id, actor=current_actor(), note=ruling.note
        )
        return None

    return _rule(_meant(code), RulingForm(), deed)


@room.post("/petugas/koperasi/<code>/periksa", access=Access.VERIFY_COOPERATIVE)
def desk_take_up_again(code: str) -> BaseResponse:
    """Decide anew on what was rejected or marked as the same."""

    def deed(session: Session, ruling: Ruling) -> object:
        return deciding.take_up_again(session, ruling, actor=current_actor())

    return _rule(_meant(code), TakeUpForm(), deed)


@room.post("/petugas/koperasi/<code>/umumkan", access=Access.VERIFY_COOPERATIVE)
def desk_publish(code: str) -> BaseResponse:
    """The number of a *calon koperasi* was checked."""
    subject = _meant(code)
    form = PublishForm()
    record, actor = subject.record, current_actor()
    if record is None:
        not_found()
    if record.owner_account_id is not None and record.owner_account_id == actor.account_id:
        form.reject(RuleBroken("", say("Bapak/Ibu pengurus koperasi ini. Petugas lain yang memutuskan.")))
        return _again(subject, form, 403)
    if not form.validate():
        return _again(subject, form, 422)
    how = HowChecked(form.how_checked.data or HowChecked.DOCUMENT)
    try:
        atomically(
            lambda s: deciding.publish_candidate(
                s, code=code, actor=actor, how_checked=how, note=form.note.value or ""
            )
        )
    except RuleBroken as problem:
        return _refused(subject.code, form, problem)
    return redirect(record_url(subject, anchor="status"), 303)


@room.post("/petugas/koperasi/<code>/bukan-sama", access=Access.VERIFY_COOPERATIVE)
def desk_not_the_same(code: str) -> BaseResponse:
    """A look-alike is another body: never asked again. ``with``: its code."""
    subject = _meant(code)
    other = comparable_record_for(current_actor(), tidy_code(request.form.get("with", "")))
    if subject.record is None or other is None:
        not_found()
    first, second = subject.record.code, other.code
    try:
        atomically(
            lambda s: submissions.say_not_the_same(
                s, first_code=first, second_code=second, actor=current_actor()
            )
        )
    except RuleBroken as problem:
        return _refused(subject.code, RulingForm(), problem)
    return redirect(record_url(subject), 303)


# --- what all of them do alike --------------------------------------------------------------------------------------


def _meant(code: str) -> Subject:
    return subject_or_404(code, request.form.get("submission") or request.args.get("kiriman"))


def _rule(
    subject: Subject,
    form: RulingForm,
    deed: Deed,
    *,
    again: Callable[[int], Response] | None = None,
    reason_is_free: bool = False,
) -> BaseResponse:
    """Check the form, do the deed in one write block, go back to the record; or show the page again.

    ``reason_is_free``: words that are not on the list of reasons are a reason too, so the list does not judge.
    """
    again = again or partial(_again, subject, form)
    if subject.current is None:
        form.reject(RuleBroken("", say("Tidak ada kiriman yang menunggu keputusan.")))
        return again(409)
    why = why_not_decide(current_actor(), subject.current.matter)
    if why is not None and subject.current.open:
        form.reject(RuleBroken("", why))
        return again(403)
    valid = form.validate()
    if reason_is_free and set(form.errors) <= {"reason"}:
        form.reason.errors = []
        valid = True
    if not valid:
        return again(422)
    ruling = Ruling(subject.current.id, (form.seen.data or "").strip(), form.note.value or "")
    try:
        atomically(lambda session: deed(session, ruling) and None)
    except RuleBroken as problem:
        form.reject(problem)
        fresh = _meant(subject.code)
        status = STATUS_OF_CODE.get(problem.code, 409 if problem.code else 422)
        return _again(fresh, form, status) if status == 409 else again(status)
    return redirect(record_url(subject, anchor="status"), 303)


def _again(subject: Subject, form: DeskForm, status: int) -> Response:
    """The record's page with the form as it was typed."""
    return show(subject, Sheet(forms={form.DEED or "": form}, status=status))


def _refused(code: str, form: DeskForm, problem: RuleBroken) -> Response:
    form.reject(problem)
    return _again(_meant(code), form, 409 if problem.code else 422)


def _proposed(subject: Subject) -> dict[str, Any] | None:
    """For a correction: the changes it asks for, read outside the write block."""
    current = subject.current
    if current is None or current.kind is not SubmissionKind.COOPERATIVE_CORRECTION:
        return None
    return sides.proposed_changes(current.id)


def _is_accepted(record: RecordView | None) -> bool:
    return record is not None and record.status in {RecordStatus.PUBLIC, RecordStatus.CANDIDATE}


def _return_page(subject: Subject, form: ReturnForm, marked: dict[str, str], status: int) -> Response:
    current = subject.current
    return page(
        "cooperatives/desk_return.html",
        subject=subject,
        form=form,
        marked=marked,
        questions=_questions(current) if current else [],
        status=status,
    )


# The questions in the order of the form; those that open together stand in one line.
_ASKED: Final = (
    ("name",),
    ("kecamatan", "desa"),
    ("address",),
    ("cooperative_type",),
    ("main_activity",),
    ("membership_area",),
    ("contact_name",),
    ("phone", "phone_owner"),
    ("chair_name",),
    ("members_male",),
    ("members_female",),
    ("legal_entity_number", "legal_entity_date"),
    ("nik_koperasi",),
    ("nib",),
    ("npwp",),
    ("rat_years",),
    ("health_claim", "health_year"),
    ("annual_turnover",),
)


def _questions(current: SubmissionView) -> list[tuple[str, str, str]]:
    """(name, label, what was sent) of every question of the form."""
    sent: dict[str, list[str]] = {}
    for name, value in content_for(current_actor(), current):
        sent.setdefault(name, []).append(value)
    language = formatting_locale()
    found = []
    for names in _ASKED:
        label = COLUMN_WORDS[_ALIAS.get(names[-1] if names[0] == "kecamatan" else names[0], names[0])]
        said = [
            _readable(_ALIAS.get(n, n), v, language)
            for n in names
            if n != "kecamatan"
            for v in sent.get(n, [])
        ]
        found.append((names[0], str(label), ", ".join(said)))
    return found


def _readable(name: str, value: str, language: str) -> str:
    if name == "phone_owner":
        return str(dict(PHONE_OWNERS).get(value, value))
    if name.startswith(("members_", "annual_")) or name.endswith("_date"):
        return value
    try:
        return value_words(name, value, language)
    except (KeyError, ValueError):
        return value
