"""Registration: one page, one long form, nothing asked from the network between two questions."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, request, url_for

from app.cooperatives import notices, room
from app.cooperatives.comparing import Difference, differences
from app.cooperatives.forms import RegistrationForm
from app.cooperatives.queries.look_alikes import Candidate, list_candidates
from app.cooperatives.services.registering import propose_correction, register_cooperative
from app.core.access import Access
from app.core.clock import today
from app.core.db import db
from app.core.errors import RuleBroken
from app.core.forms import sent_pairs
from app.core.headers import keep_on_phone
from app.core.language import say
from app.core.page import page, wanted_fragment
from app.core.submitting import answer_form
from app.core.transaction import atomically
from app.core.values import tidy_name
from app.regions.queries import places
from app.registry.packing import pack, receipt_url, replaced_submission
from app.registry.queries.submissions import OtherContent, Received, came_sealed, content_of, find_replay
from app.registry.rules import SubmissionKind
from app.registry.services.receiving import Incoming

_MOST_LETTERS = 200


@room.get("/koperasi/daftar", access=Access.PUBLIC)
def register() -> Response:
    """The form; place and name may come along in the address (QR codes, links of the look-up)."""
    asked = request.args
    given = {
        "kecamatan": asked.get("kecamatan", ""),
        "desa": asked.get("desa", ""),
        "name": _name_in_address(),
    }
    form = RegistrationForm(formdata=None, data=given)
    form.fill_identity()
    return keep_on_phone(show_form(form, 200), pack_well=True)


def _name_in_address() -> str:
    return tidy_name(request.args.get("nama", "")[:_MOST_LETTERS], most=_MOST_LETTERS)


@room.post("/koperasi/daftar", access=Access.PUBLIC, submission=say("Pendaftaran koperasi"))
def take_registration() -> Response:
    """Take it exactly once (contract.md section 5). ``tahap`` asks for the next plain step and stores nothing."""
    form = RegistrationForm()
    form.fill_identity()
    if "tahap" in request.form:
        return show_form(form, 200)
    return answer_form(
        form,
        find_replay=lambda: find_replay(db.session(), form.identity, sent_pairs()),
        store=lambda: store_registration(form),
        receipt_url=receipt_url,
        show=lambda code, problem: show_form(form, code, problem),
        phone=lambda: form.phone.value,
    )


def store_registration(form: RegistrationForm) -> Received:
    """Run the deed for a valid form, or take it as the correction of an earlier one that it names."""
    data = form.record_data()
    incoming = pack_registration(form)
    replaces = replaced_submission()

    def deed_of_correction() -> Received | None:
        return atomically(lambda s: propose_correction(s, incoming=incoming, replaces=replaces))

    corrected = deed_of_correction() if replaces else None
    return corrected or atomically(lambda s: register_cooperative(s, incoming=incoming, data=data))


def pack_registration(form: RegistrationForm) -> Incoming:
    """The submission of a valid registration form."""
    return pack(
        form,
        SubmissionKind.COOPERATIVE_REGISTRATION,
        title=form.name.value or "",
        kecamatan_code=form.kecamatan.data,
        desa_code=form.desa.data,
        phone=form.phone.value,
        to_dinas=form.spans_wider,
        consents=form.given_consents(),
    )


def show_form(form: RegistrationForm, code: int, problem: RuleBroken | None = None) -> Response:
    """The registration page with what was typed, its look-alikes, and on a clash both versions."""
    clash = _clash(form, problem) if isinstance(problem, OtherContent) else None
    return page(
        "cooperatives/register.html",
        status=code,
        form=form,
        notice=notices.REGISTRATION.text,
        last_year=today().year - 1,
        candidates=_candidates_for(form.name.data, form.kecamatan.data, form.desa.data),
        clash=clash,
        replaced=problem if clash else None,
    )


def _clash(form: RegistrationForm, problem: OtherContent) -> list[Difference]:
    """What differs between the kept version and this one; [] where the id does not prove who is asking."""
    if came_sealed(db.session(), problem.submission_id):
        return []
    return differences(form, content_of(db.session(), problem.submission_id), sent_pairs())


# --- look-alikes --------------------------------------------------------------------------------------------------


@room.get("/koperasi/mirip", access=Access.PUBLIC)
def look_alikes() -> Response:
    """Records that resemble a name: the block for the form, or a small page of its own."""
    asked = request.args
    name, kecamatan, desa = _name_in_address(), asked.get("kecamatan", ""), asked.get("desa", "")
    fragments = ("look_alikes",)
    form_url = url_for("cooperatives.register", kecamatan=kecamatan, desa=desa, nama=name)
    return page(
        "cooperatives/look_alikes.html",
        fragments=fragments,
        name=name,
        place=places().name_of(desa or kecamatan),
        candidates=_candidates_for(name, kecamatan, desa),
        on_url="#p2" if wanted_fragment(fragments) else form_url,
    )


def _candidates_for(name: str | None, kecamatan: str | None, desa: str | None) -> Iterable[Candidate]:
    if not places().is_kecamatan(kecamatan):
        return ()
    desa_code = desa if places().is_desa_of(desa, kecamatan) else None
    return list_candidates(
        db.session(), name=(name or "")[:200], kecamatan_code=kecamatan or "", desa_code=desa_code
    )
