"""Reading leaves the memory of the server flat, for long lists and for harmful files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.imports.bombs import BOMBS
from tests.imports.messy import Messy, make_messy
from tests.sizes import size

pytestmark = pytest.mark.slow  # whole lists in fresh processes

ROOT = Path(__file__).parents[2]
ROWS = size(5_000, 50_000)
FLAT_KB = 8 * 1024
WORKER_KB = 256 * 1024


def measured(*arguments: str) -> dict[str, int]:
    """What tests/imports/measure.py says."""
    command = [sys.executable, "-m", "tests.imports.measure", *arguments]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    return dict(json.loads(found.stdout))


@pytest.fixture(scope="module")
def long_list(tmp_path_factory: pytest.TempPathFactory) -> Messy:
    return make_messy(tmp_path_factory.mktemp("long") / "daftar.xlsx", rows=ROWS)


def test_a_long_list_leaves_memory_flat(long_list: Messy) -> None:
    cost = measured(str(long_list.path))
    assert cost["rows"] >= ROWS
    assert cost["after"] - cost["before"] < FLAT_KB
    assert cost["worker"] < WORKER_KB


def test_the_measure_sees_rows_that_are_gathered(long_list: Messy) -> None:
    """Positive control."""
    cost = measured("--keep", str(long_list.path))
    assert cost["after"] - cost["before"] > FLAT_KB


def test_all_harmful_files_together_leave_memory_flat(tmp_path: Path) -> None:
    paths = []
    for bomb in BOMBS:
        folder = tmp_path / bomb.name
        folder.mkdir()
        paths.append(str(bomb.make(folder)))
    cost = measured(*paths)
    assert cost["after"] - cost["before"] < FLAT_KB
    assert cost["worker"] < WORKER_KB
