"""Locks name packages and hashes, never an address; nothing built by others is committed."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
LOCKS = sorted((PROJECT / "requirements").glob("*.txt"))


@pytest.mark.parametrize("path", LOCKS, ids=lambda p: p.name)
def test_a_python_lock_names_no_address_and_hashes_everything(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    packages = re.findall(r"^[a-z0-9][a-z0-9._-]*(?:\[[a-z,]+\])?==.*", text, re.MULTILINE)
    assert packages
    assert all(line.rstrip().endswith("\\") for line in packages), "a package without hashes"


def test_the_node_lock_names_no_address() -> None:
    lock = json.loads((PROJECT / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


def test_no_package_index_and_no_path_of_a_machine_is_committed() -> None:
    pattern = r'--(extra-)?index-url|registry *= *["' "'" "]?http|(^|[^A-Za-z.])/(work|root|home)/"
    done = subprocess.run(
        ["git", "grep", "-nIE", pattern, "--", ".", ":!tests/house/test_locks.py"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""


def test_nothing_built_by_others_is_committed() -> None:
    done = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True)
    built = [n for n in done.stdout.split() if re.search(r"(^|/)(node_modules|dist)/|\.min\.(js|css)$", n)]
    assert built == []
