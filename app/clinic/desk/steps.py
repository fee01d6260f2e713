"""What a touch may do with a booking, in words, and where the page goes afterwards. Shared by the desk's pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from flask import redirect, url_for
from flask_babel import LazyString
from werkzeug.wrappers import Response as BaseResponse

from app.clinic.queries.today import Seat
from app.clinic.rules.booking import BookingStatus, Mode
from app.clinic.rules.day import UNDOABLE, next_steps
from app.core.clock import now, today
from app.core.language import say

Steps = dict[int, list[tuple[str, LazyString, str]]]

_WORDS: Final[dict[BookingStatus, tuple[LazyString, str]]] = {
    BookingStatus.ARRIVED: (say("Sudah datang"), "cek"),
    BookingStatus.IN_SESSION: (say("Panggil"), "suara"),
    BookingStatus.DONE: (say("Selesai"), "benar"),
    BookingStatus.NO_SHOW: (say("Tidak datang"), "silang"),
}
_FROM_AFAR: Final = say("Mulai")


def steps_of(seats: Iterable[Seat]) -> Steps:
    """Booking -> (state, words, icon) of its buttons, the likeliest first. Nothing is touched before its day."""
    return {seat.id: _steps(seat) for seat in seats if seat.day <= today()}


def _steps(seat: Seat) -> list[tuple[str, LazyString, str]]:
    found = []
    for status in next_steps(seat.status, seat.starts_at, now(), must_move=seat.must_move):
        afar = seat.mode is not Mode.IN_PERSON
        if afar and status is BookingStatus.ARRIVED:
            continue
        words, icon = _WORDS[status]
        found.append(
            (status.value, _FROM_AFAR if afar and status is BookingStatus.IN_SESSION else words, icon)
        )
    return found


def undoable(seats: Iterable[Seat]) -> set[int]:
    """Bookings of today whose last touch can be taken back."""
    return {seat.id for seat in seats if seat.status in UNDOABLE and seat.day == today()}


def back_to(origin: str, seat: Seat) -> BaseResponse:
    """After a deed: the page that it was done on, at the same appointment (``janji``: where the focus goes)."""
    here: dict[str, Any] = {"janji": seat.id, "_anchor": f"janji-{seat.id}"}
    if origin == "hari":
        return redirect(url_for("clinic.desk_today", tanggal=seat.day.isoformat(), **here), 303)
    if origin == "saya":
        return redirect(url_for("clinic.desk_own", **here), 303)
    return redirect(url_for("clinic.desk_booking", booking_id=seat.id), 303)
