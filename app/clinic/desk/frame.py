"""What every page of the timetable's desk has: its neighbours, and how many bookings want to be moved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from flask import Response, g, redirect, request, url_for
from flask_babel import LazyString
from werkzeug.wrappers import Response as BaseResponse

from app.clinic.keeping import remake_rest
from app.clinic.queries.roster import count_to_move, last_slot_day
from app.core.access import current_actor
from app.core.clock import today
from app.core.db import db
from app.core.language import say
from app.core.page import page

NEWS: Final = {
    "jam": say("Jam layanan tersimpan."),
    "akhiri": say("Jam itu tidak berlaku lagi."),
    "angka": say("Angka tersimpan."),
    "buat": say("Jam konsultasi sudah dibuat."),
    "narasumber": say("Data narasumber tersimpan."),
    "meja": say("Data meja tersimpan."),
    "piket": say("Piket tersimpan."),
    "kosong": say("Nama itu dihapus dari piket."),
    "salin": say("Piket bulan lalu sudah disalin."),
    "sudah-sama": say("Tidak ada yang disalin: piketnya sudah terisi."),
    "tukar": say("Piket sudah ditukar."),
    "absen": say("Tidak masuk sudah dicatat. Jamnya tidak ditawarkan lagi."),
    "tutup": say("Tutup tersimpan. Jamnya tidak ditawarkan lagi."),
    "buka": say("Dibuka lagi. Jamnya ditawarkan lagi."),
    "pindah": say("Janji sudah dipindah."),
    "didahulukan": say("Ditandai. Pada harinya dilayani lebih dulu oleh narasumber yang senggang."),
}
_TABS: Final[tuple[tuple[LazyString, str], ...]] = (
    (say("Jadwal"), "clinic.desk_timetable"),
    (say("Narasumber"), "clinic.desk_experts"),
    (say("Piket"), "clinic.desk_roster"),
    (say("Tutup"), "clinic.desk_closures"),
    (say("Pindah"), "clinic.desk_to_move"),
)
_SOON: Final = timedelta(weeks=1)


def desk_page(template: str, here: str, **context: Any) -> Response:
    """A page of the timetable's desk; ``here``: the endpoint whose tab it is."""
    session = db.session()
    g.menu_place = url_for(_TABS[0][1])  # one place of the menu for all tabs
    to_move, last_day = count_to_move(session), last_slot_day(session)
    return page(
        template,
        here=here,
        tabs=[
            (str(words), url_for(endpoint), endpoint == here, to_move if endpoint == _TABS[-1][1] else None)
            for words, endpoint in _TABS
        ],
        news=NEWS.get(request.args.get("kabar", ""), ""),
        to_move=to_move,
        last_day=last_day,
        runs_out=last_day is None or last_day < today() + _SOON,
        **context,
    )


def made(endpoint: str, news: str, **values: Any) -> BaseResponse:
    """After a change of the timetable: the weeks far off are made anew too, then as ``done``."""
    remake_rest(current_actor())
    return done(endpoint, news, **values)


def done(endpoint: str, news: str, **values: Any) -> BaseResponse:
    """After a deed: back to the page, which says what happened."""
    return redirect(url_for(endpoint, kabar=news, **values), 303)
