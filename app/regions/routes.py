"""Public door: the lists that pickers of kecamatan and desa are filled from."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import brotli
from flask import Response, jsonify, request

from app.core.access import Access
from app.core.errors import not_found, wants_json
from app.core.headers import public_cache
from app.core.page import page
from app.regions import room
from app.regions.places import packed_places
from app.regions.queries import list_desa, places

_DAY = 24 * 60 * 60


@room.get("/wilayah/<kecamatan_code>/desa", access=Access.PUBLIC)
def desa(kecamatan_code: str) -> Response:
    """Desa and kelurahan of one kecamatan: a page to choose from, its block of choices, or JSON."""
    kecamatan = places().kecamatan_by_code.get(kecamatan_code)
    if kecamatan is None:
        not_found()
    rows = list_desa(kecamatan_code)
    if wants_json():
        answer = public_cache(
            jsonify([{"code": r.code, "name": r.name, "status": r.status} for r in rows]), _DAY
        )
    else:
        answer = page("regions/desa.html", fragments=("desa_choices",), kecamatan=kecamatan, rows=rows)
    answer.vary.add("Accept")
    return answer


@room.get("/wilayah/semua.txt", access=Access.PUBLIC)
def everything() -> Response:
    """All places for the picker without signal (``places.packed_places`` says how it is written)."""
    text = packed_places(places())
    packed = bool(request.accept_encodings["br"])
    answer = Response(_at_best(text) if packed else text, mimetype="text/plain")
    if packed:
        answer.content_encoding = "br"
    answer.vary.add("Accept-Encoding")
    answer.set_etag(hashlib.sha256(text.encode()).hexdigest()[:16], weak=True)
    public_cache(answer, _DAY).make_conditional(request)
    return answer


@lru_cache(maxsize=2)
def _at_best(text: str) -> bytes:
    """Compressed once as well as it goes: a tenth smaller than on the fly."""
    return bytes(brotli.compress(text.encode(), quality=11))
