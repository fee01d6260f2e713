"""The desk takes carried submissions in: a pasted text, a saved file, scanned codes (docs/offline-formats.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flask import Response
from flask_babel import LazyString

from app.core.access import Access
from app.core.errors import RuleBroken
from app.core.language import say
from app.core.page import page
from app.offline import room
from app.offline.carried import OUTCOME_WORDS
from app.offline.carried_rules import CarriedText, read_carried
from app.offline.delivering import Delivery, Outcome, deliver, name_of
from app.offline.forms import IntakeForm
from app.offline.rejoining import rejoin

MOST_ITEMS: Final = 100
_NOTHING: Final = say("Di situ tidak ada titipan. Teksnya diawali KOPUKM1, kode QR-nya diawali KU1.")
_TOO_MANY: Final = say("Paling banyak 100 titipan sekaligus. Ambil sebagian dulu.")
_BADGES: Final = {Outcome.TAKEN: "ok", Outcome.BEFORE: "info", Outcome.LATER: "warn"}


@dataclass(frozen=True)
class Line:
    """What became of one submission, for the officer."""

    title: str
    advice: str
    kind: str
    number: str = ""
    form: str = ""


@room.get("/petugas/titipan", access=Access.ASSIST_ENTRY)
def intake() -> Response:
    """Where texts, files and codes are taken in."""
    return _page(IntakeForm(formdata=None), 200, [])


@room.post("/petugas/titipan", access=Access.ASSIST_ENTRY)
def take_in() -> Response:
    """Hand every submission to its form, each under its own id: doing it twice takes nothing twice."""
    form = IntakeForm()
    if not form.validate():
        return _page(form, 422, [])
    found = read_carried(rejoin(form.everything))
    try:
        _check(found)
    except RuleBroken as problem:
        form.reject(problem)
        return _page(form, 422, [])
    lines = [_line(deliver(item, at_desk=True)) for item in found.items]
    return _page(IntakeForm(formdata=None), 200, [*lines, *_unfinished(found)])


def _check(found: CarriedText) -> None:
    """Raises RuleBroken where there is nothing to take in, or too much."""
    if not found.items and not found.missing and not found.damaged:
        raise RuleBroken("text", _NOTHING)
    if len(found.items) > MOST_ITEMS:
        raise RuleBroken("", _TOO_MANY)


def _line(delivery: Delivery) -> Line:
    title, advice = OUTCOME_WORDS[delivery.outcome]
    kind = _BADGES.get(delivery.outcome, "bad")
    return Line(str(title), str(advice), kind, delivery.number, name_of(delivery.item))


def _unfinished(found: CarriedText) -> Iterator[Line]:
    """What of the codes could not be put together."""
    for missing in found.missing:
        numbers = ", ".join(str(number) for number in missing.lacks)
        yield Line(
            str(say("Kode QR belum lengkap")),
            str(say("Pindai juga bagian %(numbers)s, bersama bagian yang tadi.", numbers=numbers)),
            "warn",
        )
    damaged: tuple[LazyString, LazyString] = OUTCOME_WORDS[Outcome.UNREADABLE]
    for _ in range(found.damaged):
        yield Line(str(damaged[0]), str(damaged[1]), "bad")


def _page(form: IntakeForm, status: int, lines: list[Line]) -> Response:
    answer = page("offline/intake.html", status=status, form=form, lines=lines)
    answer.headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=(), payment=()"
    return answer
