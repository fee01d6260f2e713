"""Two records of one cooperative become one, and two again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.cooperatives import room
from app.cooperatives.desk.record import Sheet, show
from app.cooperatives.desk.subject import subject_or_404
from app.cooperatives.desk_forms import DeskForm, MergeForm
from app.cooperatives.history_words import COLUMN_WORDS, value_words
from app.cooperatives.merging_rules import GROUP_WORDS, PERSONAL, GroupChoice, differing_groups
from app.cooperatives.queries.desk_record import RecordView, list_merges_for, record_for
from app.cooperatives.queries.desk_twins import list_twins_for
from app.cooperatives.services.merging import (
    merge_records,
    mergeable_values,
    seen_versions,
    undo_merge,
)
from app.core.access import Access, current_actor
from app.core.codes import tidy_code
from app.core.db import db
from app.core.errors import RuleBroken, not_found
from app.core.language import formatting_locale, say
from app.core.page import page
from app.core.transaction import atomically
from app.core.values import phone_masked
from app.registry.rules import RecordStatus

Row = tuple[GroupChoice, str, str, str]


@room.get("/petugas/koperasi/<code>/satukan", access=Access.MERGE_COOPERATIVES)
def desk_merge(code: str) -> BaseResponse:
    """Both records side by side, value by value. ``?dengan=`` the record that goes into this one.

    Of a public record and a calon koperasi the public one stays, from whichever the officer came.
    """
    kept = _record(code)
    other_code = tidy_code(request.args.get("dengan", ""))
    form = MergeForm(formdata=None)
    if not other_code:
        return _page(kept, None, form, 200)
    other = _other(other_code)
    if other is None or other.code == kept.code:
        form.reject(RuleBroken("", say("Kode itu tidak ada di wilayah Bapak/Ibu. Periksa lagi.")))
        return _page(kept, None, form, 422)
    if other.status is RecordStatus.PUBLIC and kept.status is not RecordStatus.PUBLIC:
        return redirect(url_for("cooperatives.desk_merge", code=other.code, dengan=kept.code), 303)
    form.seen.data = seen_versions(kept.version, other.version)
    return _page(kept, other, form, 200)


@room.post("/petugas/koperasi/<code>/satukan", access=Access.MERGE_COOPERATIVES)
def desk_merge_now(code: str) -> BaseResponse:
    """Unite them. ``dengan``: the other code; ``pilih_<group>``: kept | merged."""
    kept = _record(code)
    other = _other(tidy_code(request.form.get("dengan") or request.args.get("dengan", "")))
    form, actor = MergeForm(), current_actor()
    if other is None:
        form.reject(RuleBroken("", say("Isi kode koperasi yang akan disatukan.")))
        return _page(kept, None, form, 422)
    if not form.validate():
        return _page(kept, other, form, 422)
    merged_code, chosen, seen, note = other.code, form.chosen, form.seen.data or "", form.note.value or ""
    try:
        atomically(
            lambda s: merge_records(
                s, kept_code=code, merged_code=merged_code, chosen=chosen, seen=seen, actor=actor, note=note
            )
        )
    except RuleBroken as problem:
        form.reject(problem)
        kept, fresh = _record(code), _other(merged_code)
        return _page(kept, fresh, form, 409 if problem.code else 422)
    return redirect(url_for("cooperatives.desk_record", code=code), 303)


@room.post("/petugas/koperasi/<code>/pisahkan/<int:merge_id>", access=Access.MERGE_COOPERATIVES)
def desk_unmerge(code: str, merge_id: int) -> BaseResponse:
    """Two records again; what was changed since stays and is named."""
    subject = subject_or_404(code)
    actor, form = current_actor(), DeskForm()
    if merge_id not in {line.id for line in list_merges_for(actor, code)}:
        not_found()
    try:
        done = atomically(lambda s: undo_merge(s, merge_id=merge_id, actor=actor))
    except RuleBroken as problem:
        form.reject(problem)
        return show(subject, Sheet(forms={"pisahkan": form}, status=409 if problem.code else 422))
    return redirect(url_for("cooperatives.desk_record", code=code, tetap=",".join(done.left) or None), 303)


def _record(code: str) -> RecordView:
    record = subject_or_404(code).record
    if record is None or not current_actor().covers(record.kecamatan_code):
        not_found()
    return record


def _other(code: str) -> RecordView | None:
    """The second record: it too must lie in this person's area, because it changes."""
    found = record_for(current_actor(), code) if code else None
    return found if found is not None and current_actor().covers(found.kecamatan_code) else None


def _page(kept: RecordView, other: RecordView | None, form: MergeForm, status: int) -> Response:
    return page(
        "cooperatives/desk_merge.html",
        kept=kept,
        other=other,
        form=form,
        rows=_rows(kept, other) if other is not None else [],
        chosen=form.chosen,
        twins=list_twins_for(current_actor(), kept) if other is None else [],
        group_words=GROUP_WORDS,
        status=status,
    )


def _rows(kept: RecordView, other: RecordView) -> list[Row]:
    """(group, its label, the kept record's words, the other's words) of what differs."""
    kept_values, other_values = (mergeable_values(db.session(), r.code) for r in (kept, other))
    return [
        (group, str(GROUP_WORDS[group.name]), _words(group, kept_values), _words(group, other_values))
        for group in differing_groups(kept_values, other_values)
    ]


def _words(group: GroupChoice, values: Mapping[str, Any]) -> str:
    """A group of values in one line; personal ones masked."""
    language = formatting_locale()
    found = []
    for name in group.fields:
        value = values.get(name)
        if name == "kecamatan_code" and values.get("desa_code"):
            continue  # the desa names its kecamatan
        if name == "phone":
            words = phone_masked(str(value)) if value else ""
        elif name in PERSONAL:
            words = f"{str(value)[:1]}***" if value else ""
        elif isinstance(value, bool):
            words = str(COLUMN_WORDS.get(name, name)) if value else ""
        elif name in {"ministry_record", "owner_account_id", "phone_owner"}:
            words = ""
        else:
            words = value_words(name, value, language)
        if words and group.name == "members":
            words = f"{COLUMN_WORDS[name]} {words}"
        if words:
            found.append(words)
    return ", ".join(found)
