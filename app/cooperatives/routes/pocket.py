"""The directory in the pocket: the page that fetches and searches it, and the bodies it fetches."""

from __future__ import annotations

import json

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.cooperatives import room
from app.cooperatives.pocket_rules import (
    ACTIVITY_LETTERS,
    CODE_PREFIX,
    EVERYWHERE,
    HEALTH_LETTERS,
    SOURCE_LETTERS,
    TYPE_LETTERS,
)
from app.cooperatives.pocket_shelf import Packed, shelf
from app.cooperatives.words import (
    ACTIVITY_KINDS,
    ACTIVITY_SOURCE_WORDS,
    ACTIVITY_WORDS,
    HEALTH_KINDS,
    HEALTH_WORDS,
    TYPE_WORDS,
)
from app.core.access import Access
from app.core.errors import not_found
from app.core.headers import keep_on_phone, public_cache
from app.core.page import page
from app.regions.queries import list_kecamatan, places

MOST_VERSION_DIGITS = 9


@room.get("/koperasi/saku", access=Access.PUBLIC)
def pocket() -> Response:
    """The page. Without JavaScript it leads to the look-up."""
    return keep_on_phone(
        page(
            "cooperatives/pocket.html",
            kecamatan=list_kecamatan(),
            everywhere=EVERYWHERE,
            profile=url_for("cooperatives.show", code=CODE_PREFIX),
            say=json.dumps({**_sentences(), **_words_of_letters()}, ensure_ascii=False),
        )
    )


def _sentences() -> dict[str, str]:
    """What the script says; it has no words of its own. What stands in braces it fills in."""
    return {
        "about": _("Data per {when}. {records} koperasi: {areas}."),
        "everywhere": _("seluruh Kabupaten Bogor"),
        "asking": _("Menanyakan ukurannya..."),
        "cost": _("Memakai {kb} KB kuota, sekali saja. Sesudah itu hanya perubahannya."),
        "noSignal": _("Tidak ada sinyal. Daftar bisa disimpan nanti, di tempat yang ada sinyal."),
        "fetching": _("Mengambil daftar..."),
        "kept": _("Tersimpan di HP ini. Memakai {kb} KB."),
        "updated": _("Daftar sudah yang terbaru. Memakai {kb} KB."),
        "newer": _("Ada perubahan. Mengambilnya memakai {kb} KB."),
        "update": _("Ambil perubahan ({kb} KB)"),
        "removed": _("Daftar sudah dihapus dari HP ini."),
        "failed": _(
            "Belum berhasil, mungkin sinyalnya lemah. Yang sudah tersimpan tetap ada. Coba lagi nanti."
        ),
        "full": _("Tempat di HP ini penuh. Hapus sesuatu dulu, atau simpan satu kecamatan saja."),
        "found": _("{records} koperasi, ditampilkan {shown}."),
        "nearly": _("Tidak ada yang persis. Ini {shown} yang paling dekat."),
        "nothing": _("Tidak ada di daftar di HP ini. Belum tentu tidak resmi. Tanyakan dulu ke petugas."),
    }


def _words_of_letters() -> dict[str, object]:
    """What the letters of the format mean, in the language of the page."""
    return {
        "type": {letter: str(TYPE_WORDS[value]) for value, letter in TYPE_LETTERS.items()},
        "activity": {
            letter: [str(ACTIVITY_WORDS[value]), ACTIVITY_KINDS[value]]
            for value, letter in ACTIVITY_LETTERS.items()
        },
        "source": {letter: str(ACTIVITY_SOURCE_WORDS[value]) for value, letter in SOURCE_LETTERS.items()},
        "health": {
            letter: [str(HEALTH_WORDS[value]), HEALTH_KINDS[value]]
            for value, letter in HEALTH_LETTERS.items()
        },
    }


@room.get("/koperasi/saku/daftar", access=Access.PUBLIC)
def pocket_list() -> Response:
    """The whole list of ``wilayah``, or what changed after version ``sejak``. HEAD tells what it costs."""
    scope = request.args.get("wilayah", EVERYWHERE)
    if scope != EVERYWHERE and not places().is_kecamatan(scope):
        not_found()
    return _answer(shelf().body(scope, _version(request.args.get("sejak", ""))))


def _version(text: str) -> int:
    """0, the whole, for everything that is no version."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_VERSION_DIGITS else 0


def _answer(packed: Packed) -> Response:
    """In the best way the asker reads. What was compressed once is never compressed again."""
    asked = request.accept_encodings
    if asked["br"]:
        answer = Response(packed.br, mimetype="text/plain")
        answer.content_encoding = "br"
    elif asked["gzip"]:
        answer = Response(packed.as_gzip(), mimetype="text/plain")
        answer.content_encoding = "gzip"
    else:
        answer = Response(packed.as_it_is(), mimetype="text/plain")
    answer.vary.add("Accept-Encoding")
    answer.set_etag(packed.tag, weak=True)
    public_cache(answer).make_conditional(request)
    return answer
