"""The server stays small: what it does not need is not imported, and what it freed goes back to the system."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import TEST_DATABASE
from tests.servers import PROJECT, running_server

MB = 2**20

# Each is megabytes, and used by a rare page, by a command or by a process of its own.
RARE = (
    "PIL",
    "python_calamine",
    "xlsxwriter",
    "holidays",
    "alembic",
    "mako",
    "hypothesis",
    "pytest",
    "numpy",
)

IMPORTED = """
import sys
import app.serve
from app import create_app
create_app()
print(*sorted(sys.modules))
"""

# Blocks of 600 bytes come from the heap, not from Python's own arenas; every hundredth stays and pins its page.
FREED = """
import sys
from pathlib import Path
from app.core.memory import give_back, stay_small

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

stay_small()
many = [bytes(600) for _ in range(100_000)]
kept = many[::100]
del many
before = resident()
if sys.argv[1] == "give back":
    give_back()
print(before - resident())
"""

# A large block that was freed makes glibc keep later ones in the heap, where a small one behind them pins them.
LARGE = """
import sys
from pathlib import Path
from app.core.memory import stay_small

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

if sys.argv[1] == "stay small":
    stay_small()
first = bytes(30_000_000)
del first
start = resident()
large = [bytearray(b"x") * 5_000_000 for _ in range(4)]
pin = bytes(100_000)
del large
print(resident() - start)
"""

linux_only = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads /proc")


def _run(script: str, tmp_path: Path, *arguments: str) -> str:
    environ = {
        "PATH": "",
        "INSTANCE_PATH": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}",
    }
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=PROJECT,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_new_server_holds_nothing_that_only_rare_work_needs(tmp_path: Path) -> None:
    roots = {name.split(".")[0] for name in _run(IMPORTED, tmp_path).split()}
    assert {"flask", "sqlalchemy", "waitress"} <= roots
    assert roots.isdisjoint(RARE), roots & {*RARE}


@linux_only
def test_what_was_freed_goes_back(tmp_path: Path) -> None:
    assert int(_run(FREED, tmp_path, "give back")) > 20 * MB
    assert int(_run(FREED, tmp_path, "keep")) < 5 * MB


@linux_only
def test_large_blocks_leave_nothing_behind(tmp_path: Path) -> None:
    assert int(_run(LARGE, tmp_path, "stay small")) < 2 * MB
    assert int(_run(LARGE, tmp_path, "as it comes")) > 10 * MB


@linux_only
def test_a_new_server_is_small() -> None:
    with running_server(TEST_DATABASE) as server:
        assert server.answers()
        assert server.resident_bytes() < 120 * MB
