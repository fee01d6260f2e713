"""The corpus of files made to harm: each makes a file in a folder, and says how it must be refused."""

from __future__ import annotations

import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.imports.files import compound, make_ods, make_xls, make_xlsx, repacked, small_xlsx, stream_of_xls

MIB = 1024 * 1024
Maker = Callable[[Path], Path]


@dataclass(frozen=True)
class Bomb:
    """A harmful file. ``code`` is the refusal, several where the operating system may be the quicker one."""

    name: str
    make: Maker
    codes: tuple[str, ...]


BOMBS: Final[list[Bomb]] = []


def bomb(*codes: str) -> Callable[[Maker], Maker]:
    """Put the maker into the corpus under its own name."""

    def keep(make: Maker) -> Maker:
        BOMBS.append(Bomb(make.__name__, make, codes))
        return make

    return keep


def _sheet(name: str) -> bool:
    return name == "xl/worksheets/sheet1.xml"


def _with_sheet(folder: Path, target: str, rows: bytes) -> Path:
    """A workbook whose sheet data is ``rows``."""
    whole = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData>'
    source = small_xlsx(folder / f"source-{target}")
    return repacked(source, folder / target, lambda n, d: whole % rows + b"</worksheet>" if _sheet(n) else d)


def _big_member(folder: Path, target: str, pieces: Iterable[bytes]) -> Path:
    """A workbook whose sheet is streamed from ``pieces``."""
    source = small_xlsx(folder / f"source-{target}")
    path = repacked(source, folder / target, lambda n, d: None if _sheet(n) else d)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member,
    ):
        for piece in pieces:
            member.write(piece)
    return path


# Archives


@bomb("bomb")
def inflates_300_times_its_size(folder: Path) -> Path:
    return _big_member(folder, "zip.xlsx", (b"<c><v>1</v></c>" * 70_000 for _ in range(300)))


@bomb("damaged", "bomb")
def declares_less_than_it_holds(folder: Path) -> Path:
    path = _big_member(folder, "lying.xlsx", (b"<c><v>1</v></c>" * 70_000 for _ in range(60)))
    data = path.read_bytes()
    real = struct.pack("<L", 60 * 70_000 * 15)
    assert data.count(real)
    return _written(folder / "lying2.xlsx", data.replace(real, struct.pack("<L", 2_000)))


@bomb("too_many_parts")
def a_hundred_thousand_members(folder: Path) -> Path:
    entry, count = b"PK\x01\x02" + bytes(24) + struct.pack("<HHHHHLL", 4, 0, 0, 0, 0, 0, 0) + b"aaaa", 100_000
    entries = entry * count
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, len(entries), 30, 0)
    return _written(folder / "many.xlsx", b"PK\x03\x04" + bytes(26) + entries + end)


@bomb("too_many_parts")
def a_second_directory_of_64_bits(folder: Path) -> Path:
    data = small_xlsx(folder / "source-64.xlsx").read_bytes()
    at = data.rindex(b"PK\x05\x06")
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1 << 40, 1 << 40, 1 << 40, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    return _written(folder / "64.xlsx", data[:at] + end64 + locator + data[at:])


@bomb("damaged")
def the_same_name_twice(folder: Path) -> Path:
    path = small_xlsx(folder / "twice.xlsx")
    with zipfile.ZipFile(path) as old:
        sheet = old.read("xl/worksheets/sheet1.xml")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("XL/worksheets/Sheet1.xml", sheet)
    return path


@bomb("damaged")
def a_name_that_leaves_the_folder(folder: Path) -> Path:
    return repacked(
        small_xlsx(folder / "s.xlsx"), folder / "leaves.xlsx", lambda n, d: d, extra={"../../x": b"1"}
    )


@bomb("password")
def a_locked_member(folder: Path) -> Path:
    data = bytearray(small_xlsx(folder / "locked.xlsx").read_bytes())
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    return _written(folder / "locked2.xlsx", bytes(data))


@bomb("damaged")
def an_archive_cut_in_half(folder: Path) -> Path:
    data = small_xlsx(folder / "s.xlsx").read_bytes()
    return _written(folder / "half.xlsx", data[: len(data) // 2])


@bomb("damaged", "archive")
def an_archive_of_noise(folder: Path) -> Path:
    return _written(folder / "noise.xlsx", b"PK\x03\x04" + random.Random(1).randbytes(200_000))


@bomb("archive")
def an_archive_with_a_workbook_in_it(folder: Path) -> Path:
    path = folder / "nested.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(small_xlsx(folder / "s.xlsx"), "daftar.xlsx")
    return path


@bomb("too_big")
def eleven_megabytes(folder: Path) -> Path:
    return _written(folder / "big.csv", b"a;b\n" * (11 * MIB // 4))


# XML

_LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "hahaha">'
    + b"".join(
        b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10 if i > 1 else b"&a;" * 10) for i in range(1, 12)
    )
    + b"]>"
)


def _laughing(part: str, folder: Path) -> Path:
    def change(name: str, data: bytes) -> bytes:
        head, mark, rest = data.partition(b"?>")
        return head + mark + _LAUGHS + rest if name == part else data

    return repacked(small_xlsx(folder / "s.xlsx"), folder / "laughs.xlsx", change)


@bomb("xml_entities")
def a_billion_laughs_in_the_texts(folder: Path) -> Path:
    return _laughing("xl/sharedStrings.xml", folder)


@bomb("xml_entities")
def a_billion_laughs_in_the_list_of_sheets(folder: Path) -> Path:
    return _laughing("xl/workbook.xml", folder)


@bomb("xml_entities")
def a_billion_laughs_in_the_sheet(folder: Path) -> Path:
    return _laughing("xl/worksheets/sheet1.xml", folder)


@bomb("xml_entities")
def a_billion_laughs_in_an_ods(folder: Path) -> Path:
    source = make_ods(folder / "s.ods", {"Data": [["Nama"], ["Maju"]]})
    return repacked(
        source,
        folder / "laughs.ods",
        lambda n, d: d.replace(b"?>", b"?>" + _LAUGHS, 1) if n == "content.xml" else d,
    )


@bomb("xml_entities")
def a_file_of_the_server_asked_for(folder: Path) -> Path:
    thief = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    return repacked(
        small_xlsx(folder / "s.xlsx"),
        folder / "thief.xlsx",
        lambda n, d: d.replace(b"<sst", thief + b"<sst", 1).replace(b"Maju", b"&f;") if "shared" in n else d,
    )


@bomb("damaged")
def laughs_hidden_in_utf_16(folder: Path) -> Path:
    def change(name: str, data: bytes) -> bytes:
        if name != "xl/sharedStrings.xml":
            return data
        text = data.replace(b"?>", b"?>" + _LAUGHS, 1).decode().replace("UTF-8", "UTF-16")
        return text.encode("utf-16")

    return repacked(small_xlsx(folder / "s.xlsx"), folder / "utf16.xlsx", change)


@bomb("damaged")
def laughs_hidden_in_utf_7(folder: Path) -> Path:
    def change(name: str, data: bytes) -> bytes:
        return (
            data.replace(b'encoding="UTF-8"', b'encoding="UTF-7"') if name == "xl/sharedStrings.xml" else data
        )

    return repacked(small_xlsx(folder / "s.xlsx"), folder / "utf7.xlsx", change)


@bomb("damaged", "too_slow", "too_much_memory", "bomb")
def a_million_levels(folder: Path) -> Path:
    return repacked(
        small_xlsx(folder / "s.xlsx"),
        folder / "deep.xlsx",
        lambda n, d: d.replace(b"<sheets>", b"<a>" * 600_000 + b"<sheets>") if n == "xl/workbook.xml" else d,
    )


# Reach of the cells


@bomb("stray_cell")
def one_value_in_the_last_cell(folder: Path) -> Path:
    path = folder / "last.xlsx"
    rows: list[list[str | None]] = [["Nama", None]]
    make_xlsx(path, {"Data": rows})
    return _with_sheet(
        folder,
        "last.xlsx",
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    )


@bomb("stray_cell")
def the_last_cell_disguised(folder: Path) -> Path:
    cell = b"""<c t="n"  r = 'XFD0001048576' x="/>"><v>1</v></c>"""
    return _with_sheet(
        folder, "disguised.xlsx", b'<row r="1"><c r="A1"><v>1</v></c></row><row>%s</row>' % cell
    )


@bomb("too_many_cells", "too_much_memory", "bomb")
def a_million_columns_without_names(folder: Path) -> Path:
    row = b"<row>" + b"<c><v>1</v></c>" * 1_048_576 + b"</row>"
    return _with_sheet(folder, "wide.xlsx", b"<row><c><v>1</v></c></row>" * 2_000 + row)


@bomb("stray_cell")
def a_million_columns_with_names(folder: Path) -> Path:
    def name(number: int) -> str:
        letters = ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return letters

    cells = "".join(f'<c r="{name(i)}1"><v>1</v></c>' for i in range(1, 1_048_577))
    return _with_sheet(folder, "named.xlsx", f'<row r="1">{cells}</row>'.encode())


@bomb("too_wide")
def a_wide_and_high_rectangle(folder: Path) -> Path:
    return make_xlsx(folder / "area.xlsx", {"Data": [["Nama"], *[[]] * 99_998, [None] * 199 + ["x"]]})


@bomb("too_many_cells", "bomb")
def three_million_blank_cells(folder: Path) -> Path:
    pieces = (
        b"".join(
            b'<row r="%d">%s</row>' % (r, b"".join(b'<c r="%c%d" s="1"/>' % (65 + c, r) for c in range(20)))
            for r in range(block, block + 2_000)
        )
        for block in range(1, 160_001, 2_000)
    )
    return _big_member(folder, "blank.xlsx", pieces)


@bomb("too_many_cells")
def a_million_merged_cells(folder: Path) -> Path:
    merges = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (i, i) for i in range(1, 200_000))
    return repacked(
        small_xlsx(folder / "s.xlsx"),
        folder / "merged.xlsx",
        lambda n, d: (
            d.replace(b"</sheetData>", b"</sheetData><mergeCells>%s</mergeCells>" % merges)
            if _sheet(n)
            else d
        ),
    )


@bomb("too_much_memory", "bomb")
def one_long_text_in_every_cell(folder: Path) -> Path:
    source = make_xlsx(folder / "s.xlsx", {"Data": [["a" * 32_000]]})
    row = b"<row>" + b'<c t="s"><v>0</v></c>' * 20 + b"</row>"
    return repacked(
        source,
        folder / "echo.xlsx",
        lambda n, d: d.replace(b"</sheetData>", row * 5_000 + b"</sheetData>") if _sheet(n) else d,
    )


@bomb("damaged", "cell_too_long", "bomb")
def one_text_of_ninety_megabytes(folder: Path) -> Path:
    source = small_xlsx(folder / "source-long.xlsx")
    path = repacked(source, folder / "long.xlsx", lambda n, d: None if n == "xl/sharedStrings.xml" else d)
    noise = random.Random(2)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/sharedStrings.xml", "w") as member,
    ):
        member.write(b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>')
        for _ in range(80):
            member.write((b"%x" % noise.getrandbits(80_000)).ljust(MIB, b"x"))
        member.write(b"</t></si></sst>")
    return path


@bomb("too_many_sheets", "damaged")
def the_same_sheet_ten_thousand_times(folder: Path) -> Path:
    again = b"".join(b'<sheet name="S%d" sheetId="%d" r:id="rId1"/>' % (i, i) for i in range(2, 10_000))
    return repacked(
        small_xlsx(folder / "s.xlsx"),
        folder / "again.xlsx",
        lambda n, d: d.replace(b"</sheets>", again + b"</sheets>") if n == "xl/workbook.xml" else d,
    )


@bomb("stray_cell", "too_many_cells", "too_slow", "bomb")
def references_that_tire_a_search(folder: Path) -> Path:
    tag = b"<c " + b'r="AA1" t="e" ' * 9_000 + b'r="ZZZ1"><v>1</v></c>'
    return _with_sheet(folder, "tiring.xlsx", b"<row>" + tag * 60 + b"</row>")


# .ods


def _ods_with(folder: Path, target: str, rows: bytes) -> Path:
    source = make_ods(folder / "source.ods", {"Data": [["Nama"], ["Maju"]]})

    def change(name: str, data: bytes) -> bytes:
        return data.replace(b"</table:table>", rows + b"</table:table>") if name == "content.xml" else data

    return repacked(source, folder / target, change)


_FULL_CELL = (
    b'<table:table-cell %s office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>'
)


@bomb("too_many_columns")
def a_value_in_a_billion_columns(folder: Path) -> Path:
    cell = _FULL_CELL % b'table:number-columns-repeated="999999999"'
    return _ods_with(folder, "columns.ods", b"<table:table-row>%s</table:table-row>" % cell)


@bomb("damaged")
def a_repetition_beyond_all_numbers(folder: Path) -> Path:
    cell = _FULL_CELL % b'table:number-columns-repeated="99999999999999999999"'
    return _ods_with(folder, "overflow.ods", b"<table:table-row>%s</table:table-row>" % cell)


@bomb("too_many_rows", "stray_cell")
def a_row_repeated_a_billion_times(folder: Path) -> Path:
    row = b'<table:table-row table:number-rows-repeated="999999999">%s</table:table-row>' % (_FULL_CELL % b"")
    source = make_ods(folder / "source.ods", {"Data": []})
    return repacked(
        source, folder / "rows.ods", lambda n, d: d.replace(b"<table:table-row", row + b"<table:table-row", 1)
    )


@bomb("stray_cell")
def a_value_below_a_million_blank_rows(folder: Path) -> Path:
    return _ods_with(folder, "below.ods", b"<table:table-row>%s</table:table-row>" % (_FULL_CELL % b""))


@bomb("password")
def a_locked_ods(folder: Path) -> Path:
    lock = b'<manifest:encryption-data manifest:checksum="x"/></manifest:file-entry>'
    return repacked(
        make_ods(folder / "s.ods", {"Data": [["Nama"]]}),
        folder / "locked.ods",
        lambda n, d: (
            d.replace(b"</manifest:manifest>", b"<manifest:file-entry>%s</manifest:manifest>" % lock)
            if "manifest" in n
            else d
        ),
    )


@bomb("macros")
def an_ods_with_a_program(folder: Path) -> Path:
    return repacked(
        make_ods(folder / "s.ods", {"Data": [["Nama"]]}),
        folder / "basic.ods",
        lambda n, d: d,
        extra={"Basic/Standard/Module1.xml": b"<x/>"},
    )


# .xls


@bomb("too_many_columns")
def the_last_cell_of_an_xls(folder: Path) -> Path:
    return make_xls(folder / "last.xls", {"Data": [["a"], *[[]] * 65_534, [None] * 255 + ["x"]]})


@bomb("too_many_cells")
def a_wide_and_high_xls(folder: Path) -> Path:
    return make_xls(folder / "area.xls", {"Data": [["a"], *[[]] * 65_534, [None] * 190 + ["x"]]})


@bomb("macros")
def an_xls_with_a_program(folder: Path) -> Path:
    book = stream_of_xls(make_xls(folder / "s.xls", {"Data": [["Nama"]]}))
    return _written(folder / "vba.xls", compound({"Workbook": book, "_VBA_PROJECT_CUR": b"x"}))


@bomb("password")
def an_xls_that_is_locked(folder: Path) -> Path:
    book = stream_of_xls(make_xls(folder / "s.xls", {"Data": [["Nama"]]}))
    at = 4 + struct.unpack_from("<H", book, 2)[0]
    locked = book[:at] + struct.pack("<HH", 0x2F, 6) + bytes(6) + book[at:]
    return _written(folder / "locked.xls", compound({"Workbook": locked}))


@bomb("password")
def an_xlsx_with_a_password(folder: Path) -> Path:
    return _written(folder / "p.xlsx", compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y"}))


@bomb("word_document")
def an_old_word_document(folder: Path) -> Path:
    return _written(folder / "surat.xls", compound({"WordDocument": b"x"}))


@bomb("damaged")
def a_chain_that_bites_its_tail(folder: Path) -> Path:
    data = bytearray(compound({"Workbook": b"\x09\x08" + bytes(40_000)}))
    at = data.rindex(struct.pack("<LL", 1, 2))
    data[at + 8 : at + 12] = struct.pack("<L", 0)
    return _written(folder / "chain.xls", bytes(data))


@bomb("damaged", "not_a_sheet")
def a_compound_file_of_noise(folder: Path) -> Path:
    return _written(
        folder / "noise.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(3).randbytes(300_000)
    )


# Programs and other kinds


@bomb("macros")
def a_workbook_with_a_program(folder: Path) -> Path:
    return repacked(
        small_xlsx(folder / "s.xlsx"),
        folder / "makro.xlsm",
        lambda n, d: d,
        extra={"xl/vbaProject.bin": b"x" * 100},
    )


@bomb("macros")
def a_workbook_that_calls_itself_one(folder: Path) -> Path:
    return repacked(
        small_xlsx(folder / "s.xlsx"),
        folder / "types.xlsx",
        lambda n, d: d.replace(b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml"),
    )


@bomb("binary_workbook")
def a_binary_workbook(folder: Path) -> Path:
    return repacked(
        small_xlsx(folder / "s.xlsx"),
        folder / "daftar.xlsb",
        lambda n, d: d.replace(b"xl/workbook.xml", b"xl/workbook.bin") if n == "_rels/.rels" else d,
    )


@bomb("word_document")
def a_word_document(folder: Path) -> Path:
    return repacked(
        small_xlsx(folder / "s.xlsx"),
        folder / "surat.docx",
        lambda n, d: d.replace(b"xl/workbook.xml", b"word/document.xml") if n == "_rels/.rels" else d,
    )


@bomb("picture")
def a_picture_called_xlsx(folder: Path) -> Path:
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">L4sLLBBBBB", 13, b"IHDR", 50_000, 50_000, 8, 2, 0, 0, 0)
    return _written(folder / "foto.xlsx", head + zlib.compress(bytes(MIB)))


@bomb("picture")
def a_photo_called_csv(folder: Path) -> Path:
    return _written(folder / "foto.csv", b"\xff\xd8\xff\xe0" + random.Random(4).randbytes(50_000))


@bomb("pdf")
def a_pdf_called_xls(folder: Path) -> Path:
    return _written(folder / "laporan.xls", b"%PDF-1.7\n" + bytes(1000))


@bomb("web_page")
def a_web_page_called_xls(folder: Path) -> Path:
    return _written(folder / "unduh.xls", b"<html><body><table><tr><td>Nama</td></tr></table></body></html>")


@bomb("not_a_sheet")
def a_program_called_csv(folder: Path) -> Path:
    return _written(folder / "data.csv", b"MZ\x90\x00\x03" + random.Random(5).randbytes(90_000))


@bomb("empty")
def nothing_at_all(folder: Path) -> Path:
    return _written(folder / "kosong.xlsx", b"")


# .csv


@bomb("not_a_sheet")
def a_csv_with_zero_bytes(folder: Path) -> Path:
    return _written(folder / "nol.csv", b"Nama;Kecamatan\nMaju\x00;Cibinong\n" * 50)


@bomb("too_many_columns")
def a_csv_with_a_million_columns(folder: Path) -> Path:
    return _written(folder / "lebar.csv", b"Nama\n" + b"x;" * 1_048_576 + b"\n")


@bomb("cell_too_long")
def a_csv_with_an_open_quote(folder: Path) -> Path:
    return _written(
        folder / "kutip.csv",
        b"Nama;Kecamatan\nMaju;Cibinong\n" + b'"Mundur;Ciawi\n' + b"Jaya;Ciawi\n" * 50_000,
    )


@bomb("too_many_rows")
def a_csv_with_too_many_rows(folder: Path) -> Path:
    return _written(folder / "panjang.csv", b"a;b\n" * 100_001)


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
