"""What receipts of this room's submissions say, and how a returned one is mended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request, url_for
from flask_babel import LazyString

from app.cooperatives.forms import ClaimForm, RegistrationForm, opened_questions
from app.cooperatives.queries.profiles import public_title
from app.cooperatives.services.registering import mend_registration
from app.core.access import current_actor
from app.core.db import db
from app.core.errors import RuleBroken
from app.core.forms import BaseForm, sent_pairs
from app.core.language import page_language, say
from app.core.page import page
from app.core.submitting import answer_form
from app.core.transaction import atomically
from app.core.values import ValueProblem, parse_rupiah, rupiah_in_words
from app.core.words import rupiah
from app.registry.kinds import DOORS, Content, KindDoor, ReceiptPage
from app.registry.packing import receipt_url, working_days
from app.registry.queries.submissions import ReceiptView, Received, content_of, find_revision_replay
from app.registry.rules import SubmissionKind, SubmissionStatus
from app.registry.services.receiving import Mending

# --- what a receipt says --------------------------------------------------------------------------------------------


def describe_registration(view: ReceiptView, content: Content) -> ReceiptPage:
    """A registration: the way into the list, or for a *calon koperasi* the way to a legal entity."""
    has_number = bool(content.get("legal_entity_number"))
    return ReceiptPage(
        facts=_money_facts(content),
        steps=_steps_with_number() if has_number else _steps_without_number(),
        returned=_returned(view, RegistrationForm),
        links=_links(view),
        extra="" if has_number else "cooperatives/receipt_candidate.html",
        context={},
    )


def _steps_with_number() -> tuple[tuple[str, str], ...]:
    return (
        (str(say("Petugas memeriksa")), str(say("Nomor badan hukum dicocokkan dengan daftar kementerian."))),
        (str(say("Masuk daftar koperasi")), str(say("Bisa dicari semua orang di situs ini."))),
    )


def _steps_without_number() -> tuple[tuple[str, str], ...]:
    return (
        (str(say("Petugas memeriksa")), ""),
        (str(say("Dicatat sebagai calon koperasi")), str(say("Belum tampil di daftar umum."))),
        (str(say("Dibantu mengurus badan hukum")), ""),
    )


def _money_facts(content: Content) -> tuple[tuple[str, str], ...]:
    """Money read back in words: a slip of a zero is seen."""
    try:
        amount = parse_rupiah(content.get("annual_turnover", [""])[0])
    except ValueProblem:
        return ()
    return ((str(say("Omzet setahun")), f"{rupiah(amount, page_language())} ({rupiah_in_words(amount)})"),)


def _returned(view: ReceiptView, form: type[BaseForm]) -> tuple[tuple[str, str], ...]:
    labels = {field.name: str(field.label.text) for field in form(formdata=None)}
    return tuple((labels.get(name, name), words) for name, words in view.returned_fields.items())


def _links(view: ReceiptView) -> tuple[tuple[str, str, str], ...]:
    code = view.same_as_code or view.record_code
    if not code or view.status not in {SubmissionStatus.ACCEPTED, SubmissionStatus.DUPLICATE}:
        return ()
    if public_title(db.session(), code) is None:
        return ()
    return ((str(say("Lihat di daftar koperasi")), url_for("cooperatives.show", code=code), "koperasi"),)


def _describe_claim(view: ReceiptView, content: Content) -> ReceiptPage:
    call = str(say("Siapkan bukti yang ditulis di formulir."))
    return ReceiptPage(
        steps=(
            (str(say("Petugas menghubungi Bapak/Ibu")), call),
            (str(say("Koperasi ini dicatat atas nama pengurusnya")), ""),
        ),
        returned=_returned(view, ClaimForm),
        links=_links(view),
    )


def _describe_report(view: ReceiptView, content: Content) -> ReceiptPage:
    return ReceiptPage(
        steps=((str(say("Petugas memeriksa")), ""), (str(say("Kalau benar, daftar dibetulkan")), ""))
    )


def _describe_message(view: ReceiptView, content: Content) -> ReceiptPage:
    return ReceiptPage(steps=((str(say("Petugas menyampaikan pesan ke koperasi")), ""),))


# --- mending ------------------------------------------------------------------------------------------------------


def mend_registration_page(view: ReceiptView) -> Response:
    """Open only the questions that the officer returned, with the officer's words at each."""
    return _Mending(view, RegistrationForm, opened_questions(view.returned_fields)).answer()


def mend_claim_page(view: ReceiptView) -> Response:
    """The same for a claim."""
    names = {field.name for field in ClaimForm(formdata=None)}
    return _Mending(view, ClaimForm, opened_questions(view.returned_fields, names)).answer()


class _Mending:
    """One visit of the mending page. A replay comes first: by then nothing may be open any more."""

    def __init__(self, view: ReceiptView, form_class: Callable[..., Any], opened: frozenset[str]) -> None:
        self.view = view
        self.opened = opened
        kept: dict[str, Any] = {}
        if request.method == "GET":
            kept = _prefilled(content_of(db.session(), view.submission_id))
        self.form = form_class(data=kept)
        self.form.keep_only(opened)
        for asked in (f for f in self.form if f.name in opened):
            asked.flags.asked = True  # an officer asks for it: nothing here says that it may be left out
        self.form.fill_identity()

    def answer(self) -> Response:
        if request.method == "GET" or "tahap" in request.form:
            return self.show(200, None)
        revision_id = self.form.identity
        return answer_form(
            self.form,
            find_replay=lambda: find_revision_replay(
                db.session(), self.view.submission_id, revision_id, sent_pairs()
            ),
            store=self.store,
            receipt_url=receipt_url,
            show=self.show,
        )

    def store(self) -> Received:
        values = self.form.record_values() if isinstance(self.form, RegistrationForm) else {}
        mending = Mending(
            revision_id=self.form.identity,
            submission_id=self.view.submission_id,
            pairs=sent_pairs(),
            open_fields=self.opened,
            title=values.get("name"),
            kecamatan_code=values.get("kecamatan_code"),
            desa_code=values.get("desa_code"),
            phone=values.get("phone"),
            working_days=working_days(),
        )
        actor = current_actor()
        return atomically(lambda s: mend_registration(s, mending=mending, changes=values, actor=actor))

    def show(self, status: int, problem: RuleBroken | None) -> Response:
        return page(
            "cooperatives/mend.html",
            status=status,
            form=self.form,
            view=self.view,
            opened=[field for field in self.form if field.name in self.opened],
        )


def _prefilled(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Kept answers as data of the form; several of one name as a list.

    Not the telephone number: the receipt shows it masked, and a link that was passed on must not show more.
    """
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name == "phone":
            continue
        if name == "rat_years":
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return found


def _door(
    title: LazyString, describe: Callable[[ReceiptView, Content], ReceiptPage], **more: Any
) -> KindDoor:
    return KindDoor(title, describe, **more)


DOORS.update(
    {
        SubmissionKind.COOPERATIVE_REGISTRATION: _door(
            say("Pendaftaran koperasi"), describe_registration, mend=mend_registration_page
        ),
        SubmissionKind.COOPERATIVE_CORRECTION: _door(
            say("Usul perbaikan data koperasi"), describe_registration, mend=mend_registration_page
        ),
        SubmissionKind.COOPERATIVE_CLAIM: _door(
            say("Ini koperasi saya"), _describe_claim, mend=mend_claim_page
        ),
        SubmissionKind.COOPERATIVE_REPORT: _door(say("Laporan tentang koperasi"), _describe_report),
        SubmissionKind.COOPERATIVE_MESSAGE: _door(say("Pesan untuk koperasi"), _describe_message),
    }
)
