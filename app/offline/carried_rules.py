"""Reading of submissions that somebody else carries: lines of text and parts of QR codes (docs/offline-formats.md).

Pure. Nothing here opens a submission: who carries it, and the desk that takes it in, see only where it goes. The phone
writes and reads the same in ``app/static/js/carry/format.js``; tests/offline/test_carried_rules.py compares the two.
"""

from __future__ import annotations

import base64
import re
import uuid
import zlib
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from app.core.errors import RuleBroken
from app.core.language import say

DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$+-.:"
_VALUES: Final = {digit: value for value, digit in enumerate(DIGITS)}
MOST_PARTS: Final = 9
LONGEST_TEXT: Final = 300_000
_ADDRESS: Final = r"/(?!/)[A-Za-z0-9/_.~-]{0,254}"
_LINE: Final = re.compile(
    rf"KOPUKM1\s+({_ADDRESS})\s+([0-9A-Fa-f]{{8}}(?:-[0-9A-Fa-f]{{4}}){{3}}-[0-9A-Fa-f]{{12}})"
    r"\s+(\d{1,5})\s+(\d{1,15})\s+([A-Za-z0-9_-]{100,})(?![^\s])"
)
_PART: Final = re.compile(rf"KU1/([1-9])/([1-9])/([0-9A-F]{{8}})/([{re.escape(DIGITS)}]+)(?![^\s])")
_HEAD: Final = 16 + 2 + 6 + 1


@dataclass(frozen=True)
class CarriedItem:
    """One sealed submission and where it goes."""

    address: str
    submission_id: str
    form_version: int
    filled_at: int
    sealed: str


@dataclass(frozen=True)
class MissingParts:
    """A submission of which some QR codes have not been read: ``have`` and ``of`` count its parts."""

    have: tuple[int, ...]
    of: int

    @property
    def lacks(self) -> tuple[int, ...]:
        """Numbers of the parts that are not there."""
        return tuple(number for number in range(1, self.of + 1) if number not in self.have)


@dataclass(frozen=True)
class CarriedText:
    """What a pasted text, a file or the readings of a scanner hold."""

    items: tuple[CarriedItem, ...] = ()
    missing: tuple[MissingParts, ...] = ()
    damaged: int = 0


def read_carried(text: str) -> CarriedText:
    """Everything that ``text`` carries, in any order and among other words; the same submission comes once."""
    items = [_from_line(*found.groups()) for found in _LINE.finditer(text[:LONGEST_TEXT])]
    missing: list[MissingParts] = []
    damaged = 0
    for (of, check), chunks in _parts(text[:LONGEST_TEXT]).items():
        if len(chunks) < of:
            missing.append(MissingParts(tuple(sorted(chunks)), of))
            continue
        item = _from_chunks("".join(chunks[number] for number in range(1, of + 1)), check)
        if item is None:
            damaged += 1
        else:
            items.append(item)
    return CarriedText(tuple({item.submission_id: item for item in items}.values()), tuple(missing), damaged)


def take_carried(text: str, field: str = "text") -> tuple[CarriedItem, ...]:
    """The submissions in ``text``, all whole. Raises RuleBroken with what to do when one is not, or none is there."""
    read = read_carried(text)
    if read.missing:
        numbers = ", ".join(str(number) for number in read.missing[0].lacks)
        raise RuleBroken(
            field,
            say("Kode belum lengkap. Pindai juga bagian %(numbers)s.", numbers=numbers),
            code="incomplete",
        )
    if read.damaged or not read.items:
        raise RuleBroken(
            field,
            say("Titipan tidak terbaca. Salin lagi seluruhnya, atau pindai lagi kodenya."),
            code="damaged",
        )
    return read.items


def _from_line(address: str, submission_id: str, version: str, filled_at: str, sealed: str) -> CarriedItem:
    return CarriedItem(address, submission_id.lower(), int(version), int(filled_at), sealed)


def _parts(text: str) -> dict[tuple[int, str], dict[int, str]]:
    """Chunks by submission (how many parts, check) and number."""
    found: defaultdict[tuple[int, str], dict[int, str]] = defaultdict(dict)
    for part, of, check, chunk in _PART.findall(text):
        if int(part) <= int(of):
            found[int(of), check][int(part)] = chunk
    return found


def _from_chunks(digits: str, check: str) -> CarriedItem | None:
    """The submission, or None when it is damaged."""
    try:
        content = bytes_of(digits)
    except ValueError:
        return None
    if f"{zlib.crc32(content):08X}" != check or len(content) <= _HEAD:
        return None
    end = _HEAD + content[_HEAD - 1]
    address = content[_HEAD:end].decode("ascii", "replace")
    if not re.fullmatch(_ADDRESS, address) or len(content) == end:
        return None
    return CarriedItem(
        address=address,
        submission_id=str(uuid.UUID(bytes=content[:16])),
        form_version=int.from_bytes(content[16:18], "big"),
        filled_at=int.from_bytes(content[18:24], "big"),
        sealed=base64.urlsafe_b64encode(content[end:]).decode().rstrip("="),
    )


def bytes_of(digits: str) -> bytes:
    """Bytes of base 41: three digits for two bytes, two for a last one. Raises ValueError for anything else."""
    content = bytearray()
    for start in range(0, len(digits), 3):
        value = 0
        group = digits[start : start + 3]
        for digit in group:
            value = value * len(DIGITS) + _VALUES[digit]
        length = len(group) - 1
        if length < 1 or value >= 256**length:
            raise ValueError("no base 41")
        content += value.to_bytes(length, "big")
    return bytes(content)
