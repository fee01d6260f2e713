"""Telephone numbers of the clinic, shown only after the log says so; and what is said or written to people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote

from flask import current_app, url_for
from flask_babel import force_locale

from app.clinic.queries.people import phone_of
from app.clinic.rules.booking import Mode
from app.core.access import Actor
from app.core.audit import record, record_personal_access
from app.core.db import db
from app.core.language import LANGUAGES, say
from app.core.limits import Limit, hit
from app.core.links import outside_url
from app.core.transaction import atomically
from app.core.values import wa_number
from app.core.words import date_long, time_wib
from app.registry.queries.submissions import token_of

# The same limit as at the desk of the cooperatives: one person's looks are counted together.
REVEALS_PER_HOUR: Final = Limit("reveal", 50, 3600)


@dataclass(frozen=True)
class Revealed:
    """A number that may be read now. ``whatsapp``: address of the chat with the text, '' for a landline."""

    phone: str
    whatsapp: str


def reveal(actor: Actor, *, subject: str, submission_id: str, purpose: str, text: str) -> Revealed:
    """Write the look down, then read the number; if the first fails nothing is shown."""
    atomically(
        lambda s: record_personal_access(s, actor=actor, subject=subject, fields="phone", purpose=purpose)
    )
    if hit(REVEALS_PER_HOUR, str(actor.account_id)):
        atomically(
            lambda s: record(s, deed="account.many_reveals", subject=f"akun:{actor.account_id}", actor=actor)
        )
    phone = phone_of(db.session(), submission_id) or ""
    number = wa_number(phone) if phone else None
    return Revealed(phone, f"https://wa.me/{number}?text={quote(text)}" if number else "")


@dataclass(frozen=True)
class Appointment:
    """What a message about an appointment says. ``submission_id``: whose link stands in it."""

    submission_id: str
    starts_at: datetime
    mode: Mode
    language: str = "id"


def appointment_text(about: Appointment) -> str:
    """Day, time, place and link, in the language of whoever asked."""
    language = about.language if about.language in LANGUAGES else "id"
    office = current_app.config["SETTINGS"].office
    with force_locale(language):
        when = f"{date_long(about.starts_at, language)}, {time_wib(about.starts_at, language)}"
        lines = (
            say("Bapak/Ibu,"),
            say("Janji konsultasi gratis: %(when)s.", when=when),
            _where(about, office.address),
            say(
                "Lihat, pindah, atau batalkan di sini: %(link)s",
                link=appointment_link(about.submission_id, language),
            ),
            say("Ada pertanyaan? Telepon %(phone)s.", phone=office.phone_display),
            office.name,
        )
        return "\n".join(str(line) for line in lines)


def _where(about: Appointment, address: str) -> object:
    if about.mode is Mode.ONLINE:
        return say("Lewat Zoom. Alamatnya ada di halaman janji.")
    if about.mode is Mode.PHONE:
        return say("Kami yang menelepon ke nomor ini.")
    return say("Tempat: %(address)s.", address=address)


def appointment_link(submission_id: str, language: str) -> str:
    """The page of an appointment, for a message in this language."""
    named = None if language == "id" else language
    token = token_of(submission_id)
    return outside_url(url_for("clinic.appointment", token=token, bahasa=named))
