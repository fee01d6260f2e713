"""Broken rules, and the friendly pages for everything that goes wrong. Nobody sees a stack trace."""

from __future__ import annotations

import logging
from typing import Final, NoReturn

from flask import Flask, Response, abort, g, jsonify, render_template, request
from flask.globals import request_ctx
from flask_babel import LazyString
from markupsafe import escape
from sqlalchemy.exc import OperationalError, TimeoutError  # noqa: A004 - of the pool of connections
from werkzeug.exceptions import HTTPException, InternalServerError

from app.core.access import ANONYMOUS, current_actor
from app.core.language import page_language, say
from app.core.request_id import request_id

log = logging.getLogger(__name__)

# what the databases say of troubles that pass: the same request may be well in a moment
PASSING_TROUBLE: Final = (
    "locked",
    "disk is full",
    "disk I/O",
    "No space",
    "connection",
    "timeout",
    "could not serialize",
    "deadlock",
)

BARE_PAGE: Final = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width,initial-scale=1"></head>
<body><h1>{title}</h1><p>{advice}</p></body></html>
"""


class RuleBroken(Exception):
    """A rule of the office forbids the deed. ``field`` names the form field ('' for the whole form).

    ``code`` is for machines: one of the ``error`` values of the contract ('taken', 'other_content', 'closed' ...)
    or '' for plain wrong input.
    """

    def __init__(self, field: str, sentence: LazyString | str, *, code: str = "") -> None:
        super().__init__(field, code)
        self.field = field
        self.sentence = sentence
        self.code = code


def not_found() -> NoReturn:
    """Answer 404: not there, or not for this person; both look exactly the same."""
    abort(404)


def wants_json() -> bool:
    """True when the asker wants machine answers (the outbox, outside programs)."""
    return "application/json" in request.headers.get("Accept", "") or "X-Outbox" in request.headers


def install(app: Flask) -> None:
    """Register the error pages."""
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(OperationalError, _answer_database_trouble)
    app.register_error_handler(TimeoutError, _answer_busy)
    app.register_error_handler(Exception, _answer_fault)


_STILL_SAFE = say("Data Bapak/Ibu masih aman di HP. Coba lagi sebentar lagi.")
_WORDS: Final[dict[int, tuple[LazyString, LazyString]]] = {
    401: (say("Bapak/Ibu perlu masuk dulu"), say("Silakan masuk dengan nomor HP dan kata sandi.")),
    403: (say("Halaman ini bukan untuk akun ini"), say("Kalau ini keliru, hubungi petugas Dinas.")),
    404: (say("Halaman tidak ditemukan"), say("Alamatnya mungkin salah tulis atau sudah pindah.")),
    405: (say("Cara membukanya keliru"), say("Silakan kembali ke halaman sebelumnya.")),
    409: (say("Belum bisa sekarang"), say("Keadaannya sudah berubah. Silakan lihat halamannya lagi.")),
    413: (say("Berkas terlalu besar"), say("Paling besar 10 MB. Pilih berkas yang lebih kecil.")),
    429: (say("Terlalu sering dicoba"), say("Tunggu sebentar, lalu coba lagi. Isian tidak hilang.")),
    503: (say("Sedang sibuk"), _STILL_SAFE),
}
_UNREADABLE = (say("Permintaan tidak bisa dibaca"), say("Silakan kembali dan coba lagi."))
_FAULT = (say("Ada gangguan di tempat kami"), _STILL_SAFE)


def _words(code: int) -> tuple[str, str]:
    """Heading and advice for an HTTP status."""
    title, advice = _WORDS.get(code, _UNREADABLE if code < 500 else _FAULT)
    return str(title), str(advice)


_MACHINE_WORDS = {401: "sign_in", 409: "taken", 429: "busy", 503: "busy"}


def _know_somebody() -> None:
    """Who asks is read from the database. Where that is what failed, the page is a stranger's."""
    try:
        current_actor()
    except Exception:  # noqa: BLE001 - whatever it is, the error page must come
        g._login_user = ANONYMOUS


def _error_page(code: int, title: str, advice: str) -> str:
    """The page; without its frame where that cannot be built: links need a host that we answer to."""
    g.on_error_page = True  # what is not there and what is not theirs look alike, to the last byte
    try:
        if request_ctx.url_adapter is not None:
            return render_template(
                "shared/error.html", code=code, title=title, advice=advice, request_id=request_id()
            )
    except Exception:
        log.exception("fault: the error page itself")
    return BARE_PAGE.format(language=page_language(), title=escape(title), advice=escape(advice))


def error_response(code: int, *, error: str = "", words: tuple[str, str] | None = None) -> Response:
    """The error page (or its JSON twin) with the status ``code``; ``words``: another heading and advice."""
    _know_somebody()
    title, advice = words or _words(code)
    if wants_json():
        answer = jsonify(
            {"ok": False, "error": error or _MACHINE_WORDS.get(code, "failed"), "message": title}
        )
    else:
        answer = Response(_error_page(code, title, advice), mimetype="text/html")
    answer.status_code = code
    return answer


def _answer_http(error: HTTPException) -> Response:
    if isinstance(error.response, Response):
        return error.response
    answer = error_response(error.code or 500)
    for name, value in error.get_headers():
        if name in {"Retry-After", "Allow", "Location"}:
            answer.headers[name] = value
    return answer


def _answer_database_trouble(error: OperationalError) -> Response:
    text = str(error.orig)
    busy = any(sign in text for sign in PASSING_TROUBLE)
    log.error("database trouble: %s", type(error.orig).__name__, exc_info=not busy)
    return _answer_busy() if busy else error_response(500)


def _answer_busy(_error: TimeoutError | None = None) -> Response:
    """Also when every connection to the database is in use."""
    answer = error_response(503)
    answer.headers["Retry-After"] = "5"
    return answer


def _answer_fault(error: Exception) -> Response:
    log.error("fault: %s", type(error).__name__, exc_info=error)
    return error_response(InternalServerError.code)
