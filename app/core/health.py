"""Is this installation able to work? Asked by whoever watches over the server; says nothing about anybody."""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

from sqlalchemy import insert, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.db import db
from app.core.limits import RateCounter
from app.core.request_id import request_id
from app.core.transaction import atomically

log = logging.getLogger(__name__)

HEAD_FILE: Final = Path(__file__).resolve().parents[2] / "migrations" / ".current-head"
LEAST_FREE_BYTES: Final = 500 * 1024 * 1024


@dataclass(frozen=True)
class Health:
    """Each part by itself; ``ok`` only when all are."""

    database: bool
    migration: bool
    disk: bool

    @property
    def ok(self) -> bool:
        """Ready to serve."""
        return self.database and self.migration and self.disk


class _TakeBack(Exception):
    """Ends the write probe, so that nothing of it stays."""


def look(instance: Path) -> Health:
    """Probe reading, writing, the form of the tables and the disk of ``instance``. Milliseconds."""
    return Health(database=_can_write(), migration=_migrated(), disk=_has_room(instance))


def _probe(session: Session) -> None:
    row = {"key": f"probe:{request_id()}", "window_starts": now() - timedelta(days=2), "hits": 0}
    session.execute(insert(RateCounter), [row])
    raise _TakeBack


def _can_write() -> bool:
    try:
        atomically(_probe, tries=1)
    except _TakeBack:
        return True
    except SQLAlchemyError as error:
        log.exception("not ready: the database refuses a write (%s)", type(error).__name__)
    return False


@lru_cache(maxsize=1)
def wanted_revision() -> str:
    """The migration this code was written for."""
    return HEAD_FILE.read_text(encoding="ascii").strip()


def _migrated() -> bool:
    try:
        found = db.session.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    except SQLAlchemyError as error:
        db.session.rollback()
        log.exception("not ready: no migration was ever run (%s)", type(error).__name__)
        return False
    return found == [wanted_revision()]


def _has_room(instance: Path) -> bool:
    try:
        return shutil.disk_usage(instance).free >= LEAST_FREE_BYTES
    except OSError as error:
        log.exception("not ready: the instance folder is gone (%s)", type(error).__name__)
        return False
