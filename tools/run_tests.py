"""All tests in their three rounds: SQLite, PostgreSQL, browser. Every round runs even where one before it failed.

Usage: ``.venv/bin/python tools/run_tests.py [arguments for pytest]``. Exit 0 only when all three were well.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
NOTHING_COLLECTED = 5  # pytest's exit code; allowed only where a name was asked for
WORKERS = "2"
BROWSER = "tests/browser"
ROUNDS = (
    ("SQLite", {"TEST_DATABASE": "sqlite"}, [f"--ignore={BROWSER}", "-n", WORKERS]),
    ("PostgreSQL", {"TEST_DATABASE": "postgresql"}, [f"--ignore={BROWSER}", "-n", WORKERS]),
    ("browser", {"TEST_DATABASE": "sqlite"}, [BROWSER]),
)


def main(arguments: list[str]) -> int:
    """Run the rounds; 0 when all were well and at least one test ran."""
    codes = [run_round(*each, arguments) for each in ROUNDS]
    if any(code not in (0, NOTHING_COLLECTED) for code in codes):
        return 1
    if arguments:
        return int(all(code == NOTHING_COLLECTED for code in codes))
    return int(any(codes))


def run_round(name: str, environ: dict[str, str], options: list[str], arguments: list[str]) -> int:
    """One round; pytest's exit code."""
    print(f"\n===== {name} =====", flush=True)
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", *options, *arguments]
    code = subprocess.run(command, cwd=PROJECT, env={**os.environ, **environ}, check=False).returncode
    print(f"===== {name}: exit {code}, {time.monotonic() - began:.0f} s =====", flush=True)
    return code


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
