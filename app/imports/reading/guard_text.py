"""Guard for .csv: is it text at all, in which encoding, with which separator. Standard library only."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .facts import Checked, SheetFacts
from .limits import Limits, Refused

_DELIMITERS: Final = ";,\t|"
_SEPARATOR_LINE: Final = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_WEB_PAGE: Final = re.compile(
    r"\s*(?:<!doctype html|<html|<table|<head|<body|<meta|<style|<div|<!--)",
    re.IGNORECASE,
)
_XML: Final = re.compile(r"\s*<\?xml")
# Never in a table made by a person or an office program. Tabs and line ends may be, and the 1A that old DOS
# programs put at the end.
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0e-\x19\x1b-\x1f]")
_CHUNK: Final = 1 << 16
_SAMPLE_LINES: Final = 60
# A line in quotes may hold line ends, so a table has more lines than rows.
_LINES_PER_ROW: Final = 4


def check(path: Path, limits: Limits, start: bytes) -> Checked:
    """Text in columns, or Refused."""
    encoding = _encoding(path, start)
    try:
        sample = _sample(path, encoding)
        _check_text(path, encoding, limits)
    except UnicodeError:
        raise Refused("not_a_sheet") from None
    if _WEB_PAGE.match(sample):
        raise Refused("web_page")
    if _XML.match(sample):
        raise Refused("not_a_sheet")
    return Checked(
        "csv",
        path,
        [SheetFacts(name="")],
        encoding=encoding,
        delimiter=guess_delimiter(sample),
    )


def _encoding(path: Path, start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if b"\x00" in start:
        return _encoding_with_nuls(start)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return "cp1252"
    return "utf-8"


def _encoding_with_nuls(start: bytes) -> str:
    """UTF-16 without its mark has its zeros on one side only; other zeros are no text."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    if min(even, odd) > max(even, odd) // 20 or max(even, odd) < len(start) // 4:
        raise Refused("not_a_sheet")
    return "utf-16-be" if even > odd else "utf-16-le"


def _sample(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as file:
        return file.read(_CHUNK)


def _check_text(path: Path, encoding: str, limits: Limits) -> None:
    """No control characters, not too many lines. Raises Refused, UnicodeError."""
    lines = 0
    with path.open(encoding=encoding, newline="") as file:
        while chunk := file.read(_CHUNK):
            if _CONTROL.search(chunk):
                raise Refused("not_a_sheet")
            lines += max(chunk.count("\n"), chunk.count("\r"))
            if lines > limits.rows * _LINES_PER_ROW:
                raise Refused("too_many_rows", rows=limits.rows)


def guess_delimiter(sample: str) -> str:
    """The separator that most lines agree on; Excel in Indonesian writes ';'."""
    named = _SEPARATOR_LINE.match(sample)
    if named and named[1] in _DELIMITERS:
        return named[1]
    lines = [_outside_quotes(line) for line in sample.splitlines()[:_SAMPLE_LINES] if line.strip()]
    return max(_DELIMITERS, key=lambda sign: _agreement(lines, sign))


def _outside_quotes(text: str) -> str:
    return "".join(text.split('"')[::2])


def _agreement(lines: list[str], sign: str) -> tuple[int, int]:
    """How many lines hold the sign equally often, and how often: commas of an address lose against that."""
    counts = Counter(count for line in lines if (count := line.count(sign)))
    if not counts:
        return (0, 0)
    often, together = max(counts.items(), key=lambda item: (item[1] * item[0], item[0]))
    return (together * often, often)


def read_rows(checked: Checked, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Row number (from 1) and cells. Raises Refused where the text is no table after all."""
    csv.field_size_limit(limits.cell_characters)
    with checked.path.open(encoding=checked.encoding, newline="") as file:
        rows = csv.reader(_without_separator_line(file), delimiter=checked.delimiter)
        number = 0
        while True:
            began = rows.line_num + 1
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error:
                raise Refused("cell_too_long", line=began) from None
            number += 1
            if number > limits.rows:
                raise Refused("too_many_rows", rows=limits.rows)
            while cells and not cells[-1]:
                cells.pop()
            if len(cells) > limits.columns:
                raise Refused("too_many_columns", columns=limits.columns)
            yield number, cells


def _without_separator_line(file: Iterator[str]) -> Iterator[str]:
    """'sep=;' tells Excel the separator; the row stays, blank, so that the numbers agree with Excel's."""
    for number, text in enumerate(file):
        yield "\n" if number == 0 and _SEPARATOR_LINE.fullmatch(text) else text
