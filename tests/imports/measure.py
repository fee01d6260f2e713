"""Read files in a fresh process and say what that cost: ``python -m tests.imports.measure [--keep] FILE ...``.

Prints JSON: ``rows``, ``before`` and ``after`` (peak memory of this process in kB), ``worker`` (largest peak of
a reading process in kB). ``--keep`` gathers the rows, as reading must not.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

from app.cooperatives.sheet_columns import VOCABULARY
from app.imports.reading.limits import Refused
from app.imports.reading.tables import Table, TableRow, read_tables
from app.imports.reading.workbook import open_rows


def read(path: str) -> Iterator[Table | TableRow]:
    """What a file says until it is refused."""
    try:
        with open_rows(path) as rows:
            yield from read_tables(rows, VOCABULARY)
    except Refused:
        return


def peak() -> int:
    """Peak memory of this process in kB. Not getrusage: that counts the peak of whoever started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


def main(arguments: list[str]) -> None:
    """Read the files one after the other."""
    keep = "--keep" in arguments
    kept: list[Table | TableRow] = []
    rows = 0
    before = peak()
    for path in arguments:
        for item in read(path) if path != "--keep" else ():
            rows += 1
            if keep:
                kept.append(item)
    after = peak()
    worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps({"rows": rows, "before": before, "after": after, "worker": worker}))


if __name__ == "__main__":
    main(sys.argv[1:])
