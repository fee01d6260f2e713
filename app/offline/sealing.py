"""Doors for phones that keep what was typed until there is a signal: the key to seal to, has it arrived."""

from __future__ import annotations

import uuid

from flask import Response, jsonify, request

from app.core.access import Access, current_actor
from app.core.cross_site import form_token
from app.core.db import db
from app.core.headers import public_cache
from app.core.office_key import public_key
from app.core.owner import owner_uid
from app.offline import room
from app.offline.release import release
from app.registry.queries.submissions import number_of

KEY_SECONDS = 3600


@room.get("/kunci", access=Access.PUBLIC)
def office_key() -> Response:
    """The office's public key and its number (contract.md 6)."""
    current = public_key()
    return public_cache(jsonify({"key_id": current.key_id, "key": current.key}), KEY_SECONDS)


@room.get("/kiriman/status", access=Access.PUBLIC)
def has_arrived() -> Response:
    """The receipt number of a submission id; 404 as long as it is not here. The id is the asker's own secret."""
    try:
        sent = str(uuid.UUID(request.args.get("id", "")))
    except ValueError:
        sent = ""
    number = number_of(db.session(), sent) if sent else None
    answer = jsonify({"ok": True, "no": number} if number else {"ok": False})
    answer.status_code = 200 if number else 404
    return answer


@room.get("/sesi/token", access=Access.PUBLIC)
def session_token() -> Response:
    """Whose phone this is now and the token of the session that is open: an officer's outbox asks before it sends."""
    uid = owner_uid(current_actor())
    if not uid:
        stranger = jsonify({"ok": False, "error": "sign_in"})
        stranger.status_code = 401
        return stranger
    return jsonify({"csrf": form_token(), "uid": uid, "v": release()})
