"""Open a spreadsheet that a stranger made: rows one by one, or Refused. The parent's side of ``worker``."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from types import TracebackType
from typing import Any, Final, Self

from app.imports.reading.limits import Limits, Refused
from app.imports.reading.wire import Row, SheetInfo, unpack_cell

_HERE: Final = Path(__file__).resolve().parent
_START: Final = "import sys; sys.path += sys.argv[1:3]; from reading.worker import main; main(sys.argv[3:])"
# More than any line of an honest worker: 200 rows, or one row of 200 cells of 32,767 characters, escaped.
_LONGEST_LINE: Final = 64 * 1024 * 1024
# All that a process needs of its environment to start; no address of a database, no key.
_ENVIRONMENT: Final = ("SYSTEMROOT", "TMPDIR", "TEMP", "LD_LIBRARY_PATH")
# How a process ends that passed its limit of processor time. Windows has no such limits.
_ENDED_BY_TIME: Final = frozenset(
    -getattr(signal, name) for name in ("SIGPROF", "SIGXCPU", "SIGKILL", "SIGALRM") if hasattr(signal, name)
)


def open_rows(path: Path | str, *, limits: Limits | None = None) -> SheetRows:
    """The rows of a spreadsheet, read in a process of its own.

    Iterate over the answer for ``Row``s, sheet by sheet; rows without any value are left out. Use it as a
    context manager, or read it to its end: both end the process. ``kind`` is xlsx, xls, ods or csv,
    ``sheets`` are all sheets (hidden ones are not read). What the file really is decides, not its name. The
    file may be removed as soon as this returns.

    Raises Refused here for all that can be seen before reading (within two seconds), and while iterating for
    the rest (too many rows, broken half-way, too slow, too much memory).
    """
    return SheetRows(Path(path), limits or Limits())


class SheetRows(Iterator[Row]):
    """See ``open_rows``."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        self._waiting: deque[Row] = deque()
        self._sheet = ""
        self._ended = False
        self._scratch = tempfile.TemporaryDirectory(prefix="impor-", ignore_cleanup_errors=True)
        try:
            self._process = _start(path, Path(self._scratch.name), limits)
        except BaseException:
            self._scratch.cleanup()
            raise
        self._watch = _Watch(self._process, limits.silence_seconds)
        try:
            opening = self._next_message()
            self.kind: str = str(opening["kind"])
            self.sheets = tuple(SheetInfo(str(name), bool(hidden)) for name, hidden in opening["sheets"])
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Row:
        while not self._waiting:
            if self._ended:
                raise StopIteration
            try:
                self._take(self._next_message())
            except BaseException:
                self.close()
                raise
        return self._waiting.popleft()

    def _take(self, message: dict[str, Any]) -> None:
        if "sheet" in message:
            self._sheet = str(message["sheet"])
        elif "end" in message:
            self._end()
        for number, cells, filled, spans in message.get("rows", ()):
            across = tuple((first, last) for first, last in spans)
            row = Row(
                self._sheet,
                number,
                [unpack_cell(cell) for cell in cells],
                tuple(filled),
                across,
            )
            self._waiting.append(row)

    def _next_message(self) -> dict[str, Any]:
        """The next line of the worker. Raises Refused."""
        assert self._process.stdout is not None
        self._watch.wait_begins()
        text = self._process.stdout.readline(_LONGEST_LINE)
        self._watch.wait_ends()
        if not text.endswith(b"\n"):
            raise self._cause_of_death()
        message = json.loads(text)
        if "refused" in message:
            raise Refused(str(message["refused"]), **message["values"])
        return dict(message)

    def _cause_of_death(self) -> Refused:
        """Why the worker fell silent: its own limits end it by signals."""
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return Refused("damaged")
        if self._watch.struck or code in _ENDED_BY_TIME:
            return Refused("too_slow")
        return Refused("too_much_memory" if code == -signal.SIGABRT else "damaged")

    def close(self) -> None:
        """Read no further: end the process and remove its copy of the file. Harmless when done twice."""
        self._waiting.clear()
        self._end()

    def _end(self) -> None:
        self._ended = True
        self._watch.stop()
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._scratch.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _start(path: Path, scratch: Path, limits: Limits) -> subprocess.Popen[bytes]:
    """The worker, isolated: no environment of ours, only the reader's package and this one in reach."""
    found = find_spec("python_calamine")
    if found is None or found.origin is None:
        raise RuntimeError("python-calamine is not installed")
    packages = str(Path(found.origin).parent.parent)
    return subprocess.Popen(  # noqa: S603 - our own program; the file is an argument it only reads
        [
            *(
                sys.executable,
                "-I",
                "-S",
                "-X",
                "utf8",
                "-c",
                _START,
                str(_HERE.parent),
                packages,
            ),
            *(str(path.resolve()), str(scratch), json.dumps(limits.as_plain())),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=scratch,
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
    )


class _Watch:
    """Ends a process that lets us wait too long for its next word."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.struck = False
        self._process = process
        self._seconds = seconds
        self._deadline: float | None = None
        self._stopped = Event()
        Thread(target=self._keep, name="import-watch", daemon=True).start()

    def _keep(self) -> None:
        while not self._stopped.wait(min(1.0, self._seconds / 4)):
            deadline = self._deadline
            if deadline is not None and monotonic() > deadline:
                self.struck = True
                self._process.kill()
                return

    def wait_begins(self) -> None:
        self._deadline = monotonic() + self._seconds

    def wait_ends(self) -> None:
        self._deadline = None

    def stop(self) -> None:
        self._stopped.set()
