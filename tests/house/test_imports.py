"""The import contracts hold, and each of them breaks when it is violated."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

VIOLATIONS = {
    "A room uses only the floors beneath it": ("app/regions/planted.py", "import app.cooperatives.rules\n"),
    "and every room stands on a floor": ("app/planted/__init__.py", "x = 1\n"),
    "Inside a room doors use forms": ("app/accounts/models.py", "import app.accounts.services.links\n"),
    "know nothing of the web": ("app/regions/queries.py", "import flask\n"),
    "A room's doors and forms are its own": ("app/cooperatives/planted.py", "import app.accounts.forms\n"),
}


def lint_imports(where: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the tree in ``where``."""
    program = Path(sys.executable).parent / "lint-imports"
    environ = {**os.environ, "PYTHONPATH": str(where), "NO_COLOR": "1", "COLUMNS": "300"}
    command = [str(program), "--no-cache", "--no-logo", "--config", str(where / "pyproject.toml")]
    return subprocess.run(command, cwd=where, env=environ, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The application's code alone, where something may be planted."""
    where = tmp_path_factory.mktemp("house")
    ignored = shutil.ignore_patterns("__pycache__", "static", "templates")
    shutil.copytree(PROJECT / "app", where / "app", ignore=ignored)
    (where / "tools").mkdir()
    shutil.copy(PROJECT / "tools" / "import_contracts.py", where / "tools")
    shutil.copy(PROJECT / "pyproject.toml", where)
    return where


@pytest.mark.slow
def test_the_contracts_hold() -> None:
    done = lint_imports(PROJECT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("contract", VIOLATIONS)
def test_a_violation_is_seen(copied: Path, contract: str) -> None:
    name, line = VIOLATIONS[contract]
    path = copied / name
    before = path.read_text() if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text((before or '"""Planted."""\n') + "\n" + line)
    try:
        done = lint_imports(copied)
    finally:
        if before is None:
            path.unlink()
            if name.endswith("__init__.py"):
                path.parent.rmdir()
        else:
            path.write_text(before)
    assert done.returncode != 0
    assert verdict(done.stdout, contract) == "BROKEN", done.stdout + done.stderr


def verdict(output: str, contract: str) -> str:
    """KEPT or BROKEN, whatever the width of the terminal."""
    found = re.search(re.escape(contract) + ".*?(KEPT|BROKEN)", " ".join(output.split()))
    return found.group(1) if found else output


def test_the_verdict_is_read_across_lines() -> None:
    assert verdict("A b c\nd BROKEN\nE f KEPT", "b c d") == "BROKEN"
    assert verdict("A b c\nd BROKEN\nE f KEPT", "E") == "KEPT"
