"""How much a file may hold, and the one way to say no to it. Loaded by the worker: standard library only."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds of one file. Every default has its reason; tests make them small.

    ``file_bytes``       as MAX_CONTENT_LENGTH; the office's list of 1,845 rows has 0.3 MB.
    ``members``          files inside the archive. A workbook with a sheet for each of 40 kecamatan, with
                         printer settings, drawings and notes, has some 250; more than 1,000 is no workbook.
    ``inflated_bytes``   sum of what the members declare and of what they really hold.
    ``ratio``            inflated to packed, for members above ``ratio_from_bytes``: real sheets reach 10 to
                         30, and a few kB of equal lines harm nobody whatever their ratio.
    ``part_bytes``       lists of sheets and relations are small; they are the only parts read as a whole.
    ``sheets``           40 kecamatan, and recaps.
    ``rows``, ``columns`` of the furthest cell that holds something; the ministry's list has 29 columns.
    ``cells``            cells written in one sheet, blank but formatted ones too.
    ``area``             rows times columns of one sheet: the reader keeps 32 bytes for each place of it.
    ``cell_characters``  as in Excel.
    ``merges``           merged ranges of one sheet.
    ``memory_bytes``     address space of the worker; 50,000 rows of 29 columns need 165 MB.
    ``guard_seconds``    processor time for looking at the bytes, before anything is parsed.
    ``work_seconds``     processor time of the worker altogether.
    ``silence_seconds``  longest wait for the next word of the worker.
    ``abandoned_seconds`` after which a worker ends whose rows nobody takes any more.
    """

    file_bytes: int = 10 * MIB
    members: int = 1_000
    inflated_bytes: int = 100 * MIB
    ratio: int = 100
    ratio_from_bytes: int = MIB
    part_bytes: int = 2 * MIB
    sheets: int = 100
    rows: int = 100_000
    columns: int = 200
    cells: int = 2_000_000
    area: int = 3_000_000
    cell_characters: int = 32_767
    merges: int = 50_000
    memory_bytes: int = 256 * MIB
    guard_seconds: float = 2.0
    work_seconds: int = 60
    silence_seconds: float = 30.0
    abandoned_seconds: int = 30 * 60

    def as_plain(self) -> dict[str, Any]:
        """As a dictionary, to be handed to the worker."""
        return asdict(self)


class Refused(Exception):
    """A file that is not read, or not read to its end. ``code`` and ``values`` make the sentence.

    The sentences stand in app/imports/refusals.py; each code used here must have one (a test holds it).
    """

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values
