"""``make bench``: run every benchmark of this folder (or those named) and print one table of ratios.

Exit 1 when a figure missed what is wanted of it.
"""

from __future__ import annotations

import pkgutil
import sys
import time
from importlib import import_module
from pathlib import Path

from bench.table import Row, as_text

NOT_BENCHMARKS = {"table", "__main__"}


def main(names: list[str]) -> int:
    """Run the modules named (all without names) one after the other: two at once would measure each other."""
    found = sorted(
        m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)]) if m.name not in NOT_BENCHMARKS
    )
    rows: list[Row] = []
    for name in found:
        module = import_module(f"bench.{name}")
        if (names and name not in names) or not hasattr(module, "run"):
            continue
        began = time.monotonic()
        print(f"{name} ...", file=sys.stderr, flush=True)
        rows += module.run()
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    print(as_text(rows))
    return int(not all(row.well for row in rows))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
