"""A wish for a time, from places without signal: the office finds the time and calls."""

from __future__ import annotations

from flask import Response, request, url_for
from sqlalchemy.orm import Session

from app.clinic import notices, room
from app.clinic.forms.wishing import DAYS, PARTS, WishForm
from app.clinic.queries.afterwards import booking_for_wish
from app.clinic.rules.booking import ClientType, Topic, service_for
from app.clinic.services.wishing import Wished, take_wish
from app.clinic.words import topic_title
from app.core.access import Access
from app.core.db import db
from app.core.forms import sent_pairs
from app.core.headers import keep_on_phone
from app.core.language import page_language, say
from app.core.page import page
from app.core.submitting import answer_form
from app.core.transaction import atomically
from app.core.words import join_words
from app.registry.kinds import DOORS, Content, KindDoor, ReceiptPage
from app.registry.packing import pack, receipt_url
from app.registry.queries.submissions import ReceiptView, Received, find_replay, token_of
from app.registry.rules import SubmissionKind

_TITLE = say("Minta jam konsultasi")


@room.route("/klinik/minta-jadwal", methods=["GET", "POST"], access=Access.PUBLIC, submission=_TITLE)
def wish() -> Response:
    """Days and a part of the day; kept on the phone until there is signal."""
    form = WishForm()
    form.fill_identity()
    if request.method == "GET":
        return keep_on_phone(_show(form, 200), pack_well=True)
    return answer_form(
        form,
        find_replay=lambda: find_replay(db.session(), form.identity, sent_pairs()),
        store=lambda: _store(form),
        receipt_url=receipt_url,
        show=lambda status, problem: _show(form, status),
        phone=lambda: form.phone.value,
    )


def _show(form: WishForm, status: int) -> Response:
    return page("clinic/wish.html", status=status, form=form, notice=notices.TEXT)


def _store(form: WishForm) -> Received:
    topic = Topic(form.topic.data)
    wished = Wished(
        service=service_for(ClientType(form.client_type.data), topic),
        topic=topic,
        mode=form.chosen_mode(),
        weekdays=form.weekdays,
    )
    incoming = pack(
        form,
        SubmissionKind.CLINIC_WISH,
        title=topic_title(topic),
        kecamatan_code=None,
        desa_code=None,
        phone=form.phone.value,
        to_dinas=True,
        consents=notices.shown(),
    )

    def deed(session: Session) -> Received:
        return take_wish(session, wished, incoming)

    return atomically(deed)


def _describe(view: ReceiptView, content: Content) -> ReceiptPage:
    days = [str(DAYS[day]) for day in sorted(content.get("days", [])) if day in DAYS]
    days = days or [str(say("Hari apa saja"))]  # noted by an officer for a walk-in
    part = PARTS.get((content.get("part") or ["bebas"])[0], PARTS["bebas"])
    booked = booking_for_wish(db.session(), view.submission_id)
    links: tuple[tuple[str, str, str], ...] = ()
    if booked:
        link = url_for("clinic.appointment", token=token_of(booked))
        links = ((str(say("Lihat jam konsultasinya")), link, "klinik"),)
    return ReceiptPage(
        about=True,
        facts=(
            (str(say("Hari")), join_words(days, page_language())),
            (str(say("Jam")), str(part)),
        ),
        steps=(
            (str(say("Petugas mencari jam yang cocok")), ""),
            (
                str(say("Petugas mengabari jamnya")),
                str(say("Lewat nomor HP yang ditulis, dan di halaman ini.")),
            ),
        ),
        links=links,
    )


DOORS[SubmissionKind.CLINIC_WISH] = KindDoor(_TITLE, _describe)
