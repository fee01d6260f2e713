"""Real spreadsheets made on the spot: honest ones of every kind, and the corpus of files made to harm."""

from __future__ import annotations

import csv
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, TableCell, TableRow
from odf.table import Table as OdsTable
from odf.text import P

Rows = Sequence[Sequence[Any]]
Change = Callable[[str, bytes], bytes | None]

# First row, first column, last row, last column, from 0.
Range = tuple[int, int, int, int]


def make_xlsx(
    path: Path,
    sheets: Mapping[str, Rows],
    *,
    merges: Mapping[str, Sequence[Range]] | None = None,
    hidden: Sequence[str] = (),
) -> Path:
    """Sheets of values; a pair ('=formula', result) becomes a formula with its cached result."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for index, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, tuple):
                        sheet.write_formula(index, column, value[0], None, value[1])
                    elif isinstance(value, date):
                        sheet.write_datetime(index, column, value, day)
                    elif value is not None:
                        sheet.write(index, column, value)
            for top, left, bottom, right in (merges or {}).get(name, ()):
                value = rows[top][left] if left < len(rows[top]) else None
                sheet.merge_range(top, left, bottom, right, value if value is not None else "")
    return path


def make_xls(
    path: Path, sheets: Mapping[str, Rows], *, merges: Mapping[str, Sequence[Range]] | None = None
) -> Path:
    """The same as .xls of Excel 97."""
    book = xlwt.Workbook()
    day = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        taken = set()
        for top, left, bottom, right in (merges or {}).get(name, ()):
            sheet.write_merge(top, bottom, left, right, rows[top][left])
            taken.add((top, left))
        for index, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is None or (index, column) in taken:
                    continue
                if isinstance(value, date):
                    sheet.write(index, column, value, day)
                else:
                    sheet.write(index, column, value)
    book.save(str(path))
    return path


def make_ods(
    path: Path, sheets: Mapping[str, Rows], *, merges: Mapping[str, Sequence[Range]] | None = None
) -> Path:
    """The same as LibreOffice writes it, with its endless blank rows and columns at the end."""
    document = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        table = OdsTable(name=name)
        ranges = (merges or {}).get(name, ())
        starts = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in ranges}
        covered = {
            (r, c)
            for top, left, bottom, right in ranges
            for r in range(top, bottom + 1)
            for c in range(left, right + 1)
        }
        for index, row in enumerate(rows):
            line = TableRow()
            for column, value in enumerate(row):
                line.addElement(_ods_cell(value, starts.get((index, column)), (index, column) in covered))
            line.addElement(TableCell(numbercolumnsrepeated=16_384 - len(row)))
            table.addElement(line)
        blank = TableRow(numberrowsrepeated=1_048_576 - len(rows))
        blank.addElement(TableCell(numbercolumnsrepeated=16_384))
        table.addElement(blank)
        document.spreadsheet.addElement(table)
    document.save(str(path))
    return path


def _ods_cell(value: Any, span: tuple[int, int] | None, covered: bool) -> Any:
    if covered and span is None:
        return CoveredTableCell()
    attributes: dict[str, Any] = {}
    if span:
        attributes.update(numberrowsspanned=span[0], numbercolumnsspanned=span[1])
    if isinstance(value, date):
        attributes.update(valuetype="date", datevalue=value.isoformat())
    elif isinstance(value, int | float) and not isinstance(value, bool):
        attributes.update(valuetype="float", value=str(value))
    elif value is not None:
        attributes.update(valuetype="string")
    cell = TableCell(**attributes)
    if value is not None:
        cell.addElement(P(text=str(value)))
    return cell


def make_csv(
    path: Path, rows: Rows, *, delimiter: str = ";", encoding: str = "utf-8", first: str = ""
) -> Path:
    """Text in columns; ``first`` is written before everything ('sep=;')."""
    with path.open("w", encoding=encoding, newline="") as file:
        file.write(first)
        csv.writer(file, delimiter=delimiter).writerows(
            [["" if c is None else c for c in row] for row in rows]
        )
    return path


def repacked(source: Path, target: Path, change: Change, *, extra: Mapping[str, bytes] | None = None) -> Path:
    """A copy of an archive with every member shown to ``change`` (None leaves it out), and ``extra`` ones."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
        for name, data in (extra or {}).items():
            new.writestr(name, data)
    return target


def small_xlsx(path: Path) -> Path:
    """One sheet, one row."""
    return make_xlsx(path, {"Data": [["Nama Koperasi", "Kecamatan"], ["Maju", "Cibinong"]]})


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file ([MS-CFB], version 3) with the streams, each padded to at least 4,096 bytes."""
    padded = {
        name: data.ljust(max(4096, -(-len(data) // 512) * 512), b"\0") for name, data in streams.items()
    }
    body, entries = b"", []
    fat: list[int] = []
    for name, data in padded.items():
        entries.append((name, 2, len(fat), len(data)))
        sectors = len(data) // 512
        fat += [len(fat) + i + 1 for i in range(sectors - 1)] + [0xFFFFFFFE]
        body += data
    raw = [("Root Entry", 5, 0xFFFFFFFE, 0), *entries]
    raw_directory = b"".join(_entry(*entry, child=1 if place == 0 else -1) for place, entry in enumerate(raw))
    directory = raw_directory.ljust(-(-len(raw_directory) // 512) * 512, b"\0")
    directory_at = len(fat)
    fat += [len(fat) + i + 1 for i in range(len(directory) // 512 - 1)] + [0xFFFFFFFE]
    fat_at, fat_sectors = len(fat), -(-(len(fat) + 2) // 128)
    fat += [0xFFFFFFFD] * fat_sectors
    table = struct.pack(f"<{len(fat)}L", *fat).ljust(fat_sectors * 512, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 62, 3, 0xFFFE, 9, 6)
    head += struct.pack("<LLLLLLLLL", 0, fat_sectors, directory_at, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    places = [fat_at + i for i in range(fat_sectors)]
    head += struct.pack("<109L", *(places + [0xFFFFFFFF] * (109 - len(places))))
    return head + body + directory + table


def _entry(name: str, kind: int, start: int, size: int, *, child: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<LLL", 0xFFFFFFFF, 0xFFFFFFFF, child & 0xFFFFFFFF)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<LQ", start, size)
    )


def stream_of_xls(path: Path) -> bytes:
    """The workbook stream of an .xls made by ``make_xls`` (it lies at the front, in one piece)."""
    data = path.read_bytes()
    start = data.index(b"\x09\x08")
    return data[start:]
