"""A Chromium for journeys: found or fetched. ``python -m tests.chromium`` brings it and prints where it is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoChromium(RuntimeError):
    """No browser here and no way to bring one; the sentence says what was tried."""


def _on_path() -> str | None:
    given = os.environ.get("CHROMIUM")
    return given or next((found for name in NAMES if (found := shutil.which(name))), None)


def _from_debian() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ("update", "-qq"), ("install", "-y", "-qq", "--no-install-recommends", "chromium"):
        if subprocess.run(["apt-get", *command], env=quiet, check=False).returncode:
            return None
    return _on_path()


def _from_playwright() -> str | None:
    """Playwright's own build, for somebody who may install nothing."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).exists():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return path if Path(path).exists() else None


def find_chromium() -> str:
    """Path of a Chromium. Raises NoChromium with a sentence."""
    found = _on_path() or _from_debian() or _from_playwright()
    if found is None:
        raise NoChromium(
            "Chromium is needed for the browser tests and could not be brought: none on PATH, no right to install "
            "Debian packages, no download by Playwright. Install it, or name it in CHROMIUM, and run again."
        )
    return found


if __name__ == "__main__":
    try:
        print(f"chromium: {find_chromium()}")
    except NoChromium as sentence:
        print(sentence, file=sys.stderr)
        raise SystemExit(3) from None
