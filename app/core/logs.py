"""Logs: one JSON line per event, no personal data, a bounded file in the instance folder."""

from __future__ import annotations

import json
import logging
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Final

from flask import Flask

from app.core.clock import now
from app.core.request_id import request_id

_MANY_DIGITS: Final = re.compile(r"(?<!\d)(?:\+?62|0)8\d{7,12}(?!\d)|(?<!\d)\d{16}(?!\d)")
_FILE_BYTES: Final = 50 * 1024 * 1024


class JsonLine(logging.Formatter):
    """One event, one line; numbers that look like a phone or a NIK are struck out, whatever let them through."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        entry: dict[str, Any] = {
            "at": now().isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": request_id(),
            "text": record.getMessage(),
        }
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        return _MANY_DIGITS.sub("[angka disamarkan]", json.dumps(entry, ensure_ascii=True))


class RefuseObjects(logging.Filter):
    """A log call with a record, form or dictionary as argument is a leak in the making; only plain values pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace anything but plain values by its type's name."""
        # logging unpacks a lone dictionary into args itself
        arguments = record.args if isinstance(record.args, tuple) else (record.args,) if record.args else ()
        record.args = tuple(
            a if isinstance(a, str | int | float | bool | type(None)) else type(a).__name__ for a in arguments
        )
        return True


def install(app: Flask) -> None:
    """Write the application's log to the instance folder; the server's own goes to standard error."""
    folder = Path(app.instance_path) / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    logger = logging.getLogger("app")
    logger.setLevel(logging.INFO)
    wanted = str(folder / "kop-ukm.log")
    for old in list(logger.handlers):
        if isinstance(old, RotatingFileHandler):
            if old.baseFilename == str(Path(wanted).absolute()):
                return
            logger.removeHandler(old)
            old.close()
    handler = RotatingFileHandler(wanted, maxBytes=_FILE_BYTES, backupCount=10, delay=True)
    handler.setFormatter(JsonLine())
    handler.addFilter(RefuseObjects())
    logger.addHandler(handler)
