"""All records of the area: search, filter, columns to choose, and the same list as a spreadsheet."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any, Final, TypeVar

from flask import Response, abort, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.step_up import require_step_up
from app.cooperatives import room, words
from app.cooperatives.desk.queue import kecamatan_of
from app.cooperatives.desk_forms import ExportForm
from app.cooperatives.history_words import (
    COLUMN_WORDS,
    RECORD_STATUS_KINDS,
    RECORD_STATUS_WORDS,
    SOURCE_WORDS,
    value_words,
)
from app.cooperatives.queries.desk_list import (
    COLUMNS,
    PERSONAL_COLUMNS,
    PLAIN_COLUMNS,
    USUAL_COLUMNS,
    ListFilter,
    ListRow,
    Order,
    codes_of,
    list_ids_for,
    list_records_for,
    read_rows,
)
from app.cooperatives.queries.desk_record import submission_for
from app.cooperatives.rules import CooperativeType
from app.cooperatives.words import ACTIVITY_SLUGS, HEALTH_SLUGS
from app.core.access import Access, Actor, current_actor
from app.core.audit import record, record_personal_accesses
from app.core.clock import now, today
from app.core.codes import RECEIPT_PATTERN, tidy_code
from app.core.errors import RuleBroken
from app.core.language import formatting_locale, say
from app.core.page import page
from app.core.paging import page_number
from app.core.sheet_out import MIME_TYPE, Column, Sheet, write_sheets
from app.core.transaction import atomically
from app.core.values import phone_display
from app.core.words import datetime_wib
from app.regions.queries import list_desa, places
from app.registry.rules import RecordStatus, Source

MOST_EXPORTED: Final = 50_000
MOST_PERSONAL: Final = 5_000
_LOGGED_AT_ONCE: Final = 500
_KEPT: Final = (
    "cari",
    "kecamatan",
    "desa",
    "jenis",
    "status",
    "keaktifan",
    "kesehatan",
    "sumber",
    "urut",
    "arah",
)
_WIDTHS: Final = {"name": 40, "address": 40, "main_activity": 30, "legal_entity_number": 34, "desa_code": 32}

Choice = TypeVar("Choice", bound=StrEnum)


@room.get("/petugas/koperasi/semua", access=Access.READ_COOPERATIVES)
def desk_list() -> BaseResponse:
    """The list. ``?cari=&kecamatan=&desa=&jenis=&status=&keaktifan=&kesehatan=&sumber=&urut=&arah=&kolom=``.

    A receipt number leads straight to its submission.
    """
    number = tidy_code(request.args.get("cari", ""))
    if RECEIPT_PATTERN.fullmatch(number) and submission_for(current_actor(), number) is not None:
        return redirect(url_for("cooperatives.desk_record", code=number), 303)
    return _page(ExportForm(formdata=None), 200)


def _page(form: ExportForm, status: int) -> Response:
    actor, wanted = current_actor(), _wanted()
    rows = list_records_for(actor, wanted, page_number())
    language = formatting_locale()
    return page(
        "cooperatives/desk_list.html",
        fragments=("records",),
        wanted=wanted,
        page_of=rows,
        rows=[(row, _in_words(row, wanted.columns, language)) for row in rows.rows],
        column_words=COLUMN_WORDS,
        columns=_columns_for(actor),
        personal=PERSONAL_COLUMNS,
        kecamatan=kecamatan_of(actor),
        desa=list_desa(wanted.kecamatan_code) if wanted.kecamatan_code else [],
        orders=_ORDER_WORDS,
        words=words,
        source_words=SOURCE_WORDS,
        record_status_words=RECORD_STATUS_WORDS,
        record_status_kinds=RECORD_STATUS_KINDS,
        activity_slugs=ACTIVITY_SLUGS,
        health_slugs=HEALTH_SLUGS,
        form=form,
        export_url=url_for("cooperatives.desk_export", **_same_address()),
        most_exported=MOST_EXPORTED,
        status=status,
    )


_ORDER_WORDS: Final = (
    (Order.NAME, say("Nama")),
    (Order.PLACE, say("Kecamatan dan desa")),
    (Order.MEMBERS, say("Jumlah anggota")),
    (Order.CHANGED, say("Terakhir diubah")),
    (Order.ACCEPTED, say("Tanggal diterima")),
)


def _wanted() -> ListFilter:
    asked = request.args
    kecamatan = asked.get("kecamatan", "") if places().is_kecamatan(asked.get("kecamatan", "")) else ""
    desa = asked.get("desa", "")
    chosen = tuple(name for name in COLUMNS if name in asked.getlist("kolom"))
    if request.method == "GET":  # an export says no instead of leaving columns out
        chosen = tuple(name for name in chosen if name in _columns_for(current_actor()))
    return ListFilter(
        text=asked.get("cari", "")[:200],
        kecamatan_code=kecamatan,
        desa_code=desa if kecamatan and places().is_desa_of(desa, kecamatan) else "",
        status=_choice(RecordStatus, "status"),
        cooperative_type=_choice(CooperativeType, "jenis"),
        activity=ACTIVITY_SLUGS.get(asked.get("keaktifan", "")),
        health=HEALTH_SLUGS.get(asked.get("kesehatan", "")),
        source=_choice(Source, "sumber"),
        order=_choice(Order, "urut"),
        descending=asked.get("arah") == "turun",
        columns=chosen or USUAL_COLUMNS,
    )


def _choice(kind: type[Choice], name: str) -> Choice | None:
    value = request.args.get(name, "")
    return kind(value) if value in set(kind) else None


def _same_address() -> dict[str, Any]:
    """The filter of the running address, to be carried into the export's."""
    kept: dict[str, Any] = {n: request.args[n] for n in _KEPT if request.args.get(n)}
    if request.args.getlist("kolom"):
        kept["kolom"] = request.args.getlist("kolom")
    return kept


def _columns_for(actor: Actor) -> Sequence[str]:
    return COLUMNS if actor.may(Access.EXPORT_PERSONAL) else PLAIN_COLUMNS


def _in_words(row: ListRow, columns: Sequence[str], language: str) -> list[tuple[str, str]]:
    return [(name, _cell(name, row.values[name], language)) for name in columns]


def _cell(name: str, value: object, language: str) -> str:
    if name == "phone" and str(value or "").isdigit():
        return phone_display(str(value))
    return value_words(name, value, language)


# --- the spreadsheet ------------------------------------------------------------------------------------------------


@room.post("/petugas/koperasi/semua/ekspor", access=Access.EXPORT_COOPERATIVES)
def desk_export() -> BaseResponse:
    """Exactly what the list shows, every page of it. Each export leaves a line in the history.

    Names and telephone numbers of people only with the power for it, a fresh second factor and a purpose; then one
    line per record goes into the access log before the file is made.
    """
    actor, wanted, form = current_actor(), _wanted(), ExportForm()
    personal = [name for name in wanted.columns if name in PERSONAL_COLUMNS]
    if personal and not actor.may(Access.EXPORT_PERSONAL):
        abort(403)
    if personal:
        require_step_up()
    try:
        ids = _ids(actor, wanted, form, personal)
    except RuleBroken as problem:
        form.reject(problem)
        return _page(form, 422)
    _write_down(actor, wanted, ids, personal, form.purpose.value or "")
    return _file(actor, wanted, ids)


def _ids(actor: Actor, wanted: ListFilter, form: ExportForm, personal: Sequence[str]) -> list[int]:
    if not form.validate():
        raise RuleBroken("", say("Ada yang perlu diperbaiki."))
    if personal and not form.purpose.value:
        raise RuleBroken("purpose", say("Tulis untuk apa nomor HP-nya diperlukan."))
    most = MOST_PERSONAL if personal else MOST_EXPORTED
    ids = list_ids_for(actor, wanted, most)
    if len(ids) > most:
        raise RuleBroken("", say("Terlalu banyak untuk satu berkas. Persempit dulu saringannya."))
    return ids


def _write_down(
    actor: Actor, wanted: ListFilter, ids: list[int], personal: Sequence[str], purpose: str
) -> None:
    if personal:
        codes, fields = codes_of(ids), ",".join(personal)
        for start in range(0, len(codes), _LOGGED_AT_ONCE):
            _log_looks(actor, codes[start : start + _LOGGED_AT_ONCE], fields, f"ekspor: {purpose}"[:200])
    told = {
        "columns": list(wanted.columns),
        "filter": {n: str(v) for n, v in _same_address().items()},
        "n": len(ids),
    }
    atomically(
        lambda s: record(
            s, deed="cooperative.exported", subject="ekspor:koperasi", actor=actor, after=told, note=purpose
        )
    )


def _log_looks(actor: Actor, codes: Sequence[str], fields: str, purpose: str) -> None:
    atomically(
        lambda s: record_personal_accesses(s, actor=actor, subjects=codes, fields=fields, purpose=purpose)
    )


def _file(actor: Actor, wanted: ListFilter, ids: list[int]) -> Response:
    target = tempfile.TemporaryFile(prefix="ekspor")  # noqa: SIM115 - send_file closes it
    columns = [Column(str(COLUMN_WORDS[name]), _WIDTHS.get(name, 18)) for name in wanted.columns]
    write_sheets(
        target,
        [
            Sheet("Koperasi", columns, _sheet_rows(ids, wanted.columns)),
            Sheet("Keterangan", [Column("Hal", 20), Column("Isi", 60)], _about(actor, wanted, len(ids))),
        ],
    )
    target.seek(0)
    answer = send_file(
        target, mimetype=MIME_TYPE, as_attachment=True, download_name=f"koperasi-{today():%Y-%m-%d}.xlsx"
    )
    answer.headers["Cache-Control"] = "no-store"  # send_file would let browsers keep it
    return answer


def _sheet_rows(ids: Sequence[int], columns: Sequence[str]) -> Iterator[Sequence[object]]:
    for row in read_rows(ids, columns):
        yield [_cell(name, row.values[name], "id") for name in columns]


def _about(actor: Actor, wanted: ListFilter, count: int) -> list[tuple[str, str]]:
    """Who made the file, when and of what: a sheet of its own, so that a copy tells where it came from."""
    shown = {n: str(v) for n, v in _same_address().items() if n != "kolom"}
    return [
        ("Dibuat oleh", actor.name),
        ("Waktu", datetime_wib(now())),
        ("Jumlah", str(count)),
        ("Saringan", ", ".join(f"{n}: {v}" for n, v in shown.items()) or "tanpa saringan"),
    ]
