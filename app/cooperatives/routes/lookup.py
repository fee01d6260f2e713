"""Look-up for everyone, and the public profile."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any, NamedTuple

from flask import redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from app.cooperatives import room
from app.cooperatives.pocket_shelf import script_bytes, shelf
from app.cooperatives.queries.lookup import Asked, Filters, Listed, find_public
from app.cooperatives.queries.profiles import Moved, Profile, find_profile
from app.cooperatives.rules import CooperativeType, Health
from app.cooperatives.words import (
    ACTIVITY_KINDS,
    ACTIVITY_SLUGS,
    ACTIVITY_SOURCE_WORDS,
    ACTIVITY_WORDS,
    FIELD_WORDS,
    GRADE_WORDS,
    HEALTH_KINDS,
    HEALTH_SLUGS,
    HEALTH_WORDS,
    MEMBERSHIP_WORDS,
    MINISTRY_WORDS,
    TYPE_WORDS,
)
from app.core.access import Access
from app.core.clock import today
from app.core.codes import tidy_code
from app.core.db import db
from app.core.errors import not_found
from app.core.headers import keep_on_phone
from app.core.language import page_language, say
from app.core.links import outside_url
from app.core.page import page
from app.core.paging import page_number, page_size
from app.core.values import tidy_name
from app.core.words import date_short, shorten
from app.regions.places import Places
from app.regions.queries import list_desa, list_kecamatan, places
from app.registry.queries.tally import public_total_by_desa
from app.registry.rules import RecordKind

MOST_LETTERS = 120
SHARE_LETTERS = 700


@room.get("/koperasi", access=Access.PUBLIC)
def index() -> AnyResponse:
    """Search and filters; the block ``results`` alone while somebody types."""
    asked = _asked()
    found = find_public(asked, page_number(), page_size())
    language = page_language()
    answer = page(
        "cooperatives/index.html",
        fragments=("results",),
        asked=asked,
        filters=_filters(asked.filters, language, places()),
        found=found.page,
        lines=_lines(found.page.rows, language),
        nearness=found.nearness,
        place=places().name_of(asked.desa_code or asked.kecamatan_code),
        desa_links=_desa_links(asked),
        pocket_kb=_pocket_kb(),
    )
    answer.vary.add("Save-Data")
    return answer


def _pocket_kb() -> int | None:
    """What the directory for the pocket costs with its code; None until somebody asked for it."""
    whole = shelf().whole_bytes()
    return None if whole is None else math.ceil((whole + script_bytes()) / 1024)


class Line(NamedTuple):
    """One record of the list, ready to be shown."""

    code: str
    url: str
    name: str
    place: str
    kind: str
    activity_tag: str
    activity: str
    activity_from: str
    health_tag: str
    health: str
    health_on: str


def _lines(rows: Sequence[Listed], language: str) -> list[Line]:
    """The words of each row. Twenty times eight look-ups of a lazy sentence cost more than the query."""
    known = places()
    kinds, activities, sources, healths = _words_in(language)
    pattern = url_for("cooperatives.show", code=_ANY_CODE)
    return [
        Line(
            row.code,
            pattern.replace(_ANY_CODE, row.code),
            row.name,
            known.name_of(row.desa_code or row.kecamatan_code),
            kinds[row.cooperative_type],
            ACTIVITY_KINDS[row.activity],
            activities[row.activity],
            _with_day(sources[row.activity_source], row.activity_on, language),
            HEALTH_KINDS[row.health],
            "" if row.health is Health.UNASSESSED else healths[row.health],
            _with_day("", row.health_on, language),
        )
        for row in rows
    ]


_ANY_CODE = "K-2222222"


@lru_cache(maxsize=4096)
def _with_day(text: str, day: date | None, language: str) -> str:
    return ", ".join(part for part in (text, date_short(day, language) if day else "") if part)


@cache
def _words_in(language: str) -> list[dict[Any, str]]:
    """Plain words of ``language``, which is that of the running request: kinds, activity, its sources, health."""
    lazy: tuple[dict[Any, Any], ...] = (
        {**TYPE_WORDS},
        {**ACTIVITY_WORDS},
        {**ACTIVITY_SOURCE_WORDS},
        {**HEALTH_WORDS},
    )
    return [{key: str(text) for key, text in words.items()} for words in lazy]


@lru_cache(maxsize=256)
def _filters(chosen: Filters, language: str, known: Places) -> Markup:
    """The filters of the form. Nothing in them changes from one letter typed to the next."""
    return Markup(  # noqa: S704 - rendered by our own template, escaped there
        render_template(
            "cooperatives/filters.html",
            chosen=chosen,
            kecamatan=list_kecamatan(),
            desa=list_desa(chosen.kecamatan_code),
            words={"type": TYPE_WORDS, "activity": ACTIVITY_WORDS, "health": HEALTH_WORDS},
            activity_slugs=ACTIVITY_SLUGS,
            health_slugs=HEALTH_SLUGS,
        )
    )


class DesaLink(NamedTuple):
    """One desa of the kecamatan looked at, and how many it has."""

    url: str
    name: str
    records: int


def _desa_links(asked: Asked) -> list[DesaLink]:
    """The desa that have any; only worth a query when one kecamatan is looked at."""
    if not asked.kecamatan_code or asked.desa_code:
        return []
    counts = public_total_by_desa(RecordKind.COOPERATIVE, asked.kecamatan_code)
    records = {desa: total for (_, desa), total in counts.items()}
    pattern = url_for(
        "cooperatives.index", kecamatan=asked.kecamatan_code, desa=_ANY_DESA, cari=asked.text or None
    )
    before, _, after = pattern.partition(_ANY_DESA)  # the words asked for come last
    return [
        DesaLink(before + desa.code + after, desa.name, records[desa.code])
        for desa in list_desa(asked.kecamatan_code)
        if desa.code in records
    ]


_ANY_DESA = "32.00.00.0000"


def _asked() -> Asked:
    """The parameters that make sense; the others are as if they were not there."""
    given = request.args.to_dict()
    kecamatan, desa = given.get("kecamatan", ""), given.get("desa", "")
    known = places()
    kecamatan = kecamatan if known.is_kecamatan(kecamatan) else ""
    place = known.desa_by_code.get(desa)
    if place is None or (kecamatan and place.kecamatan_code != kecamatan):
        desa = ""
    elif not kecamatan:
        kecamatan = place.kecamatan_code
    kind = given.get("jenis", "")
    filters = Filters(
        kecamatan_code=kecamatan,
        desa_code=desa,
        cooperative_type=CooperativeType(kind) if kind in _TYPES else None,
        activity=ACTIVITY_SLUGS.get(given.get("keaktifan", "")),
        health=HEALTH_SLUGS.get(given.get("kesehatan", "")),
    )
    return Asked(tidy_name(given.get("cari", "")[:MOST_LETTERS], most=MOST_LETTERS), filters)


_TYPES = frozenset(CooperativeType)


@room.get("/koperasi/<code>", access=Access.PUBLIC)
def show(code: str) -> AnyResponse:
    """The public profile; a merged code leads to the record that was kept."""
    found = find_profile(db.session(), code, today())
    if found is None:
        return _another_spelling(code)
    if isinstance(found, Moved):
        return redirect(url_for("cooperatives.show", code=found.code), 301)
    place = places().name_of(found.desa_code or found.kecamatan_code)
    return keep_on_phone(
        page(
            "cooperatives/show.html",
            record=found,
            place=place,
            link=outside_url(url_for("cooperatives.show", code=found.code)),
            share_text=_share_text(found, place),
            words=_PROFILE_WORDS,
        )
    )


_PROFILE_WORDS = {
    "type": TYPE_WORDS,
    "activity": ACTIVITY_WORDS,
    "activity_kind": ACTIVITY_KINDS,
    "activity_source": ACTIVITY_SOURCE_WORDS,
    "health": HEALTH_WORDS,
    "health_kind": HEALTH_KINDS,
    "ministry": MINISTRY_WORDS,
    "field": FIELD_WORDS,
    "grade": GRADE_WORDS,
    "membership": MEMBERSHIP_WORDS,
}


def _another_spelling(code: str) -> AnyResponse:
    """A code read aloud and typed in lower case or without its dash still leads there; else 404."""
    tidy = tidy_code(code)
    if tidy == code or find_profile(db.session(), tidy, today()) is None:
        not_found()
    return redirect(url_for("cooperatives.show", code=tidy), 301)


def _share_text(record: Profile, place: str) -> str:
    """What goes into WhatsApp: the facts with their dates, so that it makes sense without opening the link."""
    lines = [record.name, place, f"{say('Jenis')}: {TYPE_WORDS[record.cooperative_type]}"]
    if record.legal_entity_number:
        lines.append(f"{say('Badan hukum')}: {record.legal_entity_number}")
    lines.append(
        f"{say('Keaktifan')}: {ACTIVITY_WORDS[record.activity]} ({ACTIVITY_SOURCE_WORDS[record.activity_source]})"
    )
    lines.append(str(say("Sumber: Dinas Koperasi dan UKM Kabupaten Bogor")))
    return shorten("\n".join(lines), SHARE_LETTERS - 100)
