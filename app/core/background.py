"""Long work beside the requests: one thread, one piece of work after the other.

The state of the work lies in its own tables (a batch, a job), never here: when the process dies, whoever finds
the state stalled starts it again.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Final

from flask import Flask, current_app

from app.core.db import db
from app.core.memory import give_back

log = logging.getLogger(__name__)

EXTENSION: Final = "kop_ukm_background"

Work = Callable[[], None]


class Background:
    """A queue and the one thread that works it off, inside the application's context."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._queue: queue.Queue[Work] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def run(self, work: Work) -> None:
        """Do ``work`` soon. The thread starts with the first piece, so commands and tests carry none."""
        self._queue.put(work)
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work_off, name="background", daemon=True)
                self._thread.start()

    def every(self, seconds: float, work: Work) -> None:
        """Do ``work`` now and then every ``seconds``, as long as the process lives."""

        def repeat() -> None:
            while True:
                self.run(work)
                time.sleep(seconds)

        threading.Thread(target=repeat, name="timetable", daemon=True).start()

    def wait(self) -> None:
        """Return when all work so far is done (tests)."""
        self._queue.join()

    def _work_off(self) -> None:
        while True:
            work = self._queue.get()
            try:
                with self._app.app_context():
                    work()
            except Exception:
                log.exception("background work failed")
            finally:
                with self._app.app_context():
                    db.session.remove()
                del work  # and what it holds
                give_back()
                self._queue.task_done()


def install(app: Flask) -> None:
    """Give the application its background."""
    app.extensions[EXTENSION] = Background(app)


def background() -> Background:
    """The running application's background."""
    found: Background = current_app.extensions[EXTENSION]
    return found
