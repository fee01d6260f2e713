"""Doors: manifest, the page without signal, signs of life."""

from __future__ import annotations

from dataclasses import asdict

from flask import Response, current_app, jsonify

from app.core import health
from app.core.access import Access
from app.core.headers import public_cache
from app.core.page import page
from app.offline import room
from app.offline.manifest import manifest

ALIVE = "kop-ukm hidup"
MANIFEST_SECONDS = 3600


@room.get("/manifest.webmanifest", access=Access.PUBLIC)
def web_manifest() -> Response:
    """The manifest; short-lived, because the names of the icons change with their content."""
    answer = jsonify(manifest())
    answer.mimetype = "application/manifest+json"
    return public_cache(answer, MANIFEST_SECONDS)


@room.get("/luring", access=Access.PUBLIC)
def without_signal() -> Response:
    """What a phone shows for a page that it does not keep."""
    return public_cache(page("offline/without_signal.html"))


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
