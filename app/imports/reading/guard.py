"""Look at a file before anything parses it: what it is by its content, and whether it is made to harm.

Loaded by the worker: standard library only. Order of the checks: size, first bytes, then the guard of that
kind. Nothing is inflated beyond its declared size, and never more than ``Limits.inflated_bytes`` in sum.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from . import guard_ole, guard_text, guard_zip
from .facts import Checked
from .limits import MIB, Limits, Refused

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# What people take for a spreadsheet, and what is sent to try us: first bytes -> code of the refusal.
_NOT_A_SHEET: Final = (
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF87a", "picture"),
    (b"GIF89a", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"%PDF", "pdf"),
    (b"{\\rtf", "word_document"),
    (b"\x1f\x8b", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"\x7fELF", "not_a_sheet"),
    (b"SQLite format 3", "not_a_sheet"),
)


def check(path: Path, limits: Limits, scratch: Path) -> Checked:
    """What the file is and where to read it. Raises Refused.

    ``scratch`` is an empty folder of this reading. What is read later is a copy made there: of an archive only
    the checked parts, so that no two programs can see different things in one file, of others the whole. The
    file itself may go as soon as this is done.
    """
    size = path.stat().st_size
    if size == 0:
        raise Refused("empty")
    if size > limits.file_bytes:
        raise Refused("too_big", megabytes=limits.file_bytes // MIB)
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(_ZIP):
        return guard_zip.check(path, limits, scratch)
    if start.startswith(_OLE):
        return guard_ole.check(_copy(path, scratch / "checked.xls"), limits)
    for magic, code in _NOT_A_SHEET:
        if start.startswith(magic):
            raise Refused(code)
    if start[8:12] == b"WEBP" or start[4:8] == b"ftyp" or (start[:2] == b"BM" and start[6:10] == bytes(4)):
        raise Refused("picture")
    return guard_text.check(_copy(path, scratch / "checked.csv"), limits, start)


def _copy(path: Path, target: Path) -> Path:
    shutil.copyfile(path, target)
    return target
