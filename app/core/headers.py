"""Security and cache headers of every answer, the host check, and the request log line."""

from __future__ import annotations

import hashlib
import re
from typing import Final

import brotli
from flask import Flask, Response, g, request

from app.core.access import current_actor
from app.core.assets import style_hashes

PUBLIC_CACHE_SECONDS = 60


def public_cache(response: Response, seconds: int = PUBLIC_CACHE_SECONDS) -> Response:
    """Let caches keep this public answer. Only for pages that look the same to everybody."""
    g.public_cache = seconds
    return response


KEPT_QUALITY: Final = 11  # twice as long as 10, and one or two hundredths less
# nothing that is seen: our elements in a line have a space there
_BETWEEN_TAGS: Final = re.compile(rb">\s*\n\s*<")

# what the server writes anew into every form
_NEW_EACH_TIME: Final = re.compile(rb'(name="(?:submission_id|filled_at)"[^>]*value=")[^"]*')


def keep_on_phone(response: Response, *, pack_well: bool = False) -> Response:
    """Let the phone of a stranger keep this public page for places without signal; it asks for the newest first.

    The page of somebody signed in names that person, and what was searched for is nobody's business: both stay
    ``no-store``. The tag lets a worker that renews its kit
    hear "as before" (304) instead of the whole page. A person who opens the page always gets all of it, because the
    form in it carries an id that must not be used twice.

    ``pack_well``: for large forms. A phone fetches them once and keeps them: 25 milliseconds of packing save a tenth.
    """
    plain = not set(request.args) - {"bahasa"} and "HX-Request" not in request.headers
    if response.status_code == 200 and plain and current_actor().is_anonymous:
        response.headers["Cache-Control"] = "private, no-cache"
        tag = hashlib.sha256(_NEW_EACH_TIME.sub(rb"\1", response.get_data())).hexdigest()[:16]
        response.set_etag(tag, weak=True)
        if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
            response.make_conditional(request)
        if pack_well and response.status_code == 200:
            packed_well(response)
    return response


def packed_well(response: Response) -> Response:
    """A large form that is rarely asked for, a tenth smaller for 25 milliseconds of the server's.

    Done before the compression on the fly, which leaves alone what is compressed already.
    """
    response.set_data(_BETWEEN_TAGS.sub(b"><", response.get_data()))
    if request.accept_encodings["br"]:
        response.set_data(
            brotli.compress(response.get_data(), mode=brotli.MODE_TEXT, quality=KEPT_QUALITY, lgwin=17)
        )
        response.content_encoding = "br"
        response.vary.add("Accept-Encoding")
    return response


def add_headers(response: Response) -> Response:
    """after_request: exact values are asserted by tests for every route."""
    headers = response.headers
    headers["Content-Security-Policy"] = content_security_policy()
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # a page may ask for one of them by setting its own
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if "Cache-Control" not in headers:
        seconds = g.get("public_cache")
        headers["Cache-Control"] = f"public, max-age={seconds}" if seconds else "no-store"
    return response


def content_security_policy() -> str:
    """Nothing from elsewhere, nothing inline but our one stylesheet, known by its hash."""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self' " + " ".join(f"'{value}'" for value in style_hashes()),
            "img-src 'self' data: blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        )
    )


def install(app: Flask) -> None:
    """Attach the headers."""
    app.after_request(add_headers)
