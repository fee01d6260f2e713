"""Public door: the lists that pickers of kecamatan and desa are filled from."""

from __future__ import annotations

import hashlib
import json

from flask import Response, jsonify, request

from app.core.access import Access
from app.core.errors import not_found, wants_json
from app.core.headers import public_cache
from app.core.page import page
from app.regions import room
from app.regions.places import Places
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


@room.get("/wilayah/semua.json", access=Access.PUBLIC)
def everything() -> Response:
    """All places for the picker without signal.

    ``{"<kecamatan code>": {"n": name, "d": [[last 4 of the code, name, "k" kelurahan | "d" desa], ...]}}``.
    """
    body = json.dumps(_compactly(places()), separators=(",", ":"), ensure_ascii=False)
    answer = Response(body, mimetype="application/json")
    answer.set_etag(hashlib.sha256(body.encode()).hexdigest()[:16], weak=True)
    public_cache(answer, _DAY).make_conditional(request)
    return answer


def _compactly(known: Places) -> dict[str, dict[str, object]]:
    return {
        k.code: {
            "n": k.name,
            "d": [[d.code[-4:], d.name, d.status[0]] for d in known.desa_by_kecamatan[k.code]],
        }
        for k in known.kecamatan
    }
