"""Assisted entry: an officer fills the very form of the public for somebody present, and notes the spoken consent."""

from __future__ import annotations

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.cooperatives import notices, room
from app.cooperatives.desk_record_forms import DeskRegistrationForm
from app.cooperatives.queries.look_alikes import list_candidates
from app.cooperatives.services.registering import propose_correction, register_cooperative
from app.core.access import Access, current_actor
from app.core.clock import today
from app.core.db import db
from app.core.errors import RuleBroken
from app.core.forms import sent_pairs
from app.core.language import say
from app.core.page import page
from app.core.submitting import answer_form
from app.core.transaction import atomically
from app.regions.queries import places
from app.registry.packing import pack, replaced_submission
from app.registry.queries.submissions import Received, find_replay, token_of
from app.registry.rules import Source, SubmissionKind


@room.get("/petugas/koperasi/daftarkan", access=Access.ASSIST_ENTRY)
def desk_register() -> Response:
    """The form, all on one sheet; the kecamatan is there already when the officer has only one."""
    codes = sorted(current_actor().kecamatan_codes)
    asked = request.args
    form = DeskRegistrationForm(
        formdata=None,
        data={
            "kecamatan": asked.get("kecamatan") or (codes[0] if len(codes) == 1 else ""),
            "desa": asked.get("desa", ""),
            "name": asked.get("nama", ""),
        },
    )
    form.fill_identity()
    return _page(form, 200)


@room.post(
    "/petugas/koperasi/daftarkan", access=Access.ASSIST_ENTRY, submission=say("Isian petugas untuk warga")
)
def desk_take_registration() -> BaseResponse:
    """Take it exactly once; on to the receipt, which is printed for the person."""
    form = DeskRegistrationForm()
    form.fill_identity()
    if "tahap" in request.form:
        return _page(form, 200)
    return answer_form(
        form,
        find_replay=lambda: find_replay(db.session(), form.identity, sent_pairs()),
        store=lambda: _store(form),
        receipt_url=lambda received: url_for("registry.receipt", token=token_of(received.submission_id)),
        show=lambda code, _problem: _page(form, code),
    )


def _store(form: DeskRegistrationForm) -> Received:
    data = form.record_data()
    incoming = pack(
        form,
        SubmissionKind.COOPERATIVE_REGISTRATION,
        title=form.name.value or "",
        kecamatan_code=form.kecamatan.data,
        desa_code=form.desa.data,
        phone=form.phone.value,
        to_dinas=form.spans_wider,
        source=Source.ASSISTED,
        consents=form.given_consents("spoken"),
    )
    replaces = replaced_submission()

    def deed_of_correction() -> Received | None:
        return atomically(lambda s: propose_correction(s, incoming=incoming, replaces=replaces))

    corrected = deed_of_correction() if replaces else None
    return corrected or atomically(lambda s: register_cooperative(s, incoming=incoming, data=data))


def _page(form: DeskRegistrationForm, code: int, problem: RuleBroken | None = None) -> Response:
    name, kecamatan, desa = form.name.data or "", form.kecamatan.data or "", form.desa.data or ""
    known = places().is_kecamatan(kecamatan) and name.strip()
    candidates = (
        list_candidates(
            db.session(),
            name=name[:200],
            kecamatan_code=kecamatan,
            desa_code=desa if places().is_desa_of(desa, kecamatan) else None,
        )
        if known
        else []
    )
    return page(
        "cooperatives/desk_register.html",
        form=form,
        notice=notices.REGISTRATION.text,
        last_year=today().year - 1,
        candidates=candidates,
        status=code,
    )
