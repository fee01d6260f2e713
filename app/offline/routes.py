"""Doors: the service worker, the manifest, the page without signal, signs of life."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from functools import lru_cache

import brotli
from flask import Response, current_app, jsonify, request

from app.core import health
from app.core.access import Access
from app.core.assets import DIST, built
from app.core.headers import keep_on_phone, public_cache
from app.core.page import page
from app.core.words import shorten
from app.offline import room
from app.offline.manifest import manifest
from app.offline.precache import worker

ALIVE = "kop-ukm hidup"
MOST_SHARED_LETTERS = 1000
MOST_WANTED_LETTERS = 60
MANIFEST_SECONDS = 3600


@room.get("/manifest.webmanifest", access=Access.PUBLIC)
def web_manifest() -> Response:
    """The manifest; short-lived, because the names of the icons change with their content."""
    answer = jsonify(manifest())
    answer.mimetype = "application/manifest+json"
    return public_cache(answer, MANIFEST_SECONDS)


@room.get("/sw.js", access=Access.PUBLIC)
def service_worker() -> Response:
    """The worker of this release; with SERVICE_WORKER=off the one that takes itself back.

    Browsers ask for it at every visit, so it is packed as well as can be and answers "as before" in one line.
    """
    on = current_app.config["SETTINGS"].service_worker
    script = worker() if on else _built_text("off.js")
    packed = bool(request.accept_encodings["br"])
    answer = Response(_packed(script) if packed else script, mimetype="text/javascript")
    if packed:
        answer.headers["Content-Encoding"] = "br"
    answer.headers["Cache-Control"] = "no-cache"
    answer.vary.add("Accept-Encoding")
    answer.set_etag(hashlib.sha256(script.encode()).hexdigest()[:16], weak=True)
    answer.make_conditional(request)
    return answer


@lru_cache(maxsize=4)
def _built_text(name: str) -> str:
    return (DIST / built().files[name]).read_text(encoding="utf-8")


@lru_cache(maxsize=4)
def _packed(script: str) -> bytes:
    return bytes(brotli.compress(script.encode(), quality=11))


@room.get("/luring", access=Access.PUBLIC)
def without_signal() -> Response:
    """What a phone shows for a page that it does not keep."""
    return keep_on_phone(page("offline/without_signal.html"))


@room.get("/bagikan", access=Access.PUBLIC)
def share() -> Response:
    """What another application of the phone shares with ours: look it up or ask about it. Nothing of it is stored.

    Phones keep the page without a text; where there is no signal, its script puts the text in (shared-text.js).
    """
    parts = (" ".join(request.args.get(name, "").split()) for name in ("judul", "teks", "tautan"))
    text = shorten("\n".join(dict.fromkeys(part for part in parts if part)), MOST_SHARED_LETTERS)
    first = request.args.get("judul") or request.args.get("teks") or ""
    wanted = shorten(" ".join(first.split()), MOST_WANTED_LETTERS)
    return keep_on_phone(page("offline/share.html", text=text, wanted=wanted))


@room.get("/hidup", access=Access.PUBLIC)
def alive() -> Response:
    """The process answers."""
    return Response(ALIVE, mimetype="text/plain")


@room.get("/siap", access=Access.PUBLIC)
def ready() -> Response:
    """The installation can work; 503 when a part of it cannot."""
    found = health.look(current_app.config["SETTINGS"].instance_path)
    answer = jsonify({"ok": found.ok, **asdict(found)})
    answer.status_code = 200 if found.ok else 503
    return answer
