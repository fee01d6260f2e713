"""The yardstick of imports: the shortest honest script that reads a list, compares its names and writes it down.

python-calamine reads, rapidfuzz compares every name with every other, SQLAlchemy Core inserts a record, a line of
history and a row of the report for each row, and the report is written as .xlsx. It judges nothing, seals nothing,
finds no place, and nobody can undo it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import xlsxwriter
from python_calamine import CalamineWorkbook
from rapidfuzz import fuzz, process
from sqlalchemy import Engine, insert

from app.cooperatives.models import Cooperative
from app.core.audit import History
from app.core.clock import now, today
from app.core.codes import new_record_code
from app.core.db import Base
from app.imports.models import ImportBatch, ImportRow
from bench.lists import HEADING_ROW, HEADS

_ALIKE: Final = 85
_AT: Final = {name: column for column, name in enumerate(HEADS)}


def bare_import(path: Path, engine: Engine, report: Path) -> int:
    """Bring the list in and write the report; how many pairs of names are alike."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[HEADING_ROW + 1 :]
    names = [str(row[0]) for row in rows]
    scores = process.cdist(names, names, scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE, dtype=np.uint8)
    alike = int(np.count_nonzero(np.triu(scores, 1)))
    records = [_record(row) for row in rows]
    with engine.connect().execution_options(write=True) as connection:
        connection.execute(insert(_table(ImportBatch)), [_batch()])
        connection.execute(insert(_table(Cooperative)), records)
        connection.execute(insert(_table(History)), [_history(record) for record in records])
        connection.execute(
            insert(_table(ImportRow)),
            [_staged(n, *pair) for n, pair in enumerate(zip(rows, records, strict=True))],
        )
        connection.commit()
    _write(report, rows, records)
    return alike


def _table(model: Any) -> Any:
    return Base.metadata.tables[model.__tablename__]


def _record(row: list[Any]) -> dict[str, Any]:
    moment, name, number = now(), str(row[0]), str(row[_AT["No Badan Hukum"]])
    return {
        "code": new_record_code("K"),
        "status": "public",
        "name": name,
        "name_key": name.lower(),
        "sort_name": name.lower(),
        "is_kdmp": False,
        "cooperative_type": "unknown",
        "membership_area": "kabupaten",
        "main_activity": "",
        "kecamatan_code": "32.01.01",
        "address": str(row[_AT["Alamat"]]),
        "legal_entity_number": number,
        "legal_entity_key": number.lower(),
        "legal_entity_checked": True,
        "chair_name": str(row[_AT["Ketua"]]),
        "members_male": int(row[_AT["Anggota Pria"]]),
        "members_female": int(row[_AT["Anggota Wanita"]]),
        "phone_owner": "self",
        "consent_public_contact": False,
        "consent_whatsapp": False,
        "health": "unassessed",
        "health_source": "",
        "activity": "to_check",
        "activity_source": "",
        "source": "import",
        "source_note": "",
        "source_on": today(),
        "created_at": moment,
        "updated_at": moment,
        "version": 1,
    }


def _history(record: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": now(),
        "subject": record["code"],
        "deed": "import",
        "actor_id": None,
        "actor_name": "",
        "before": None,
        "after": {name: str(value) for name, value in record.items()},
        "note": "",
        "request_id": "",
    }


def _batch() -> dict[str, Any]:
    words = ("file_name", "file_sha256", "sentence", "data_as_of")
    return {
        "kind": "x",
        "status": "done",
        "rows_done": 0,
        "rows_total": 0,
        "created_at": now(),
        **dict.fromkeys(words, ""),
    }


def _staged(number: int, row: list[Any], record: dict[str, Any]) -> dict[str, Any]:
    return {
        "batch_id": 1,
        "sheet": "Data",
        "row_number": number,
        "name": record["name"],
        "cells_sealed": json.dumps([str(cell) for cell in row]).encode(),
        "outcome": "new",
        "reasons": [],
        "record_code": record["code"],
        "applied": True,
        "undone": False,
    }


def _write(report: Path, rows: list[list[Any]], records: list[dict[str, Any]]) -> None:
    with xlsxwriter.Workbook(str(report), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for column, text in enumerate([*HEADS, "Hasil", "Alasan", "Kode"]):
            sheet.write_string(0, column, text)
        for at, (row, record) in enumerate(zip(rows, records, strict=True), 1):
            for column, cell in enumerate([*row, "Baru", "", record["code"]]):
                sheet.write_string(at, column, str(cell))
