"""Broken rules, and the friendly pages for everything that goes wrong. Nobody sees a stack trace."""

from __future__ import annotations

import logging
from typing import Final, NoReturn

from flask import Flask, Response, abort, g, jsonify, render_template, request
from flask.globals import request_ctx
from flask_babel import LazyString
from flask_babel import gettext as _
from markupsafe import escape
from sqlalchemy.exc import OperationalError, TimeoutError  # noqa: A004 - of the pool of connections
from werkzeug.exceptions import HTTPException, InternalServerError

from app.core.access import ANONYMOUS, current_actor
from app.core.language import page_language
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
    return "application/json" in request.headers.get("Accept", "")


def install(app: Flask) -> None:
    """Register the error pages."""
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(OperationalError, _answer_database_trouble)
    app.register_error_handler(TimeoutError, _answer_busy)
    app.register_error_handler(Exception, _answer_fault)


def _words(code: int) -> tuple[str, str]:
    """Heading and advice for an HTTP status."""
    match code:
        case 401:
            return _("Bapak/Ibu perlu masuk dulu"), _("Silakan masuk dengan nomor HP dan kata sandi.")
        case 403:
            return _("Halaman ini bukan untuk akun ini"), _("Kalau ini keliru, hubungi petugas Dinas.")
        case 404:
            return _("Halaman tidak ditemukan"), _("Alamatnya mungkin salah tulis atau sudah pindah.")
        case 405:
            return _("Cara membukanya keliru"), _("Silakan kembali ke halaman sebelumnya.")
        case 409:
            return _("Belum bisa sekarang"), _("Keadaannya sudah berubah. Silakan lihat halamannya lagi.")
        case 413:
            return _("Berkas terlalu besar"), _("Paling besar 10 MB. Pilih berkas yang lebih kecil.")
        case 429:
            return _("Terlalu sering dicoba"), _("Tunggu sebentar, lalu coba lagi. Isian tidak hilang.")
        case 503:
            return _("Sedang sibuk"), _("Data Bapak/Ibu masih aman di HP. Coba lagi sebentar lagi.")
        case code if code < 500:
            return _("Permintaan tidak bisa dibaca"), _("Silakan kembali dan coba lagi.")
        case _:
            return _("Ada gangguan di tempat kami"), _(
                "Data Bapak/Ibu masih aman di HP. Coba lagi sebentar lagi."
            )


_MACHINE_WORDS = {401: "sign_in", 409: "taken", 429: "busy", 503: "busy"}


def _know_somebody() -> None:
    """Who asks is read from the database. Where that is what failed, the page is a stranger's."""
    try:
        current_actor()
    except Exception:  # noqa: BLE001 - whatever it is, the error page must come
        g._login_user = ANONYMOUS  # noqa: SLF001 - Flask-Login's place for the person of this request


def _error_page(code: int, title: str, advice: str) -> str:
    """The page; without its frame where that cannot be built: links need a host that we answer to."""
    g.on_error_page = True  # what is not there and what is not theirs look alike, to the last byte
    try:
        if request_ctx.url_adapter is not None:
            return render_template(
                "shared/error.html", code=code, title=title, advice=advice, request_id=request_id()
            )
    except Exception:  # noqa: BLE001 - the page about a fault must not have one
        log.error("fault: the error page itself", exc_info=True)
    return BARE_PAGE.format(language=page_language(), title=escape(title), advice=escape(advice))


def error_response(code: int, *, error: str = "") -> Response:
    """The error page (or its JSON twin) with the status ``code``."""
    _know_somebody()
    title, advice = _words(code)
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
