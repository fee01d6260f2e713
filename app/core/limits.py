"""Rate limits that survive restarts, several processes and a whole village behind one address.

Counters live in the database, in fixed windows. Keys that contain something personal are indexed with the
keyed HMAC first. A limit is a brake against guessing and flooding, never a lock: after the window all is open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Final, TypeVar, cast

from flask import current_app, request
from sqlalchemy import String, case, delete
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.exceptions import TooManyRequests

from app.core.clock import now
from app.core.crypt import personal_index
from app.core.db import Base, insert_into
from app.core.transaction import atomically

View = TypeVar("View", bound=Callable[..., Any])


class RateCounter(Base):
    """How often ``key`` happened in its running window."""

    __tablename__ = "rate_counter"

    key: Mapped[str] = mapped_column(String(90), primary_key=True)
    window_starts: Mapped[datetime]
    hits: Mapped[int]


@dataclass(frozen=True)
class Limit:
    """At most ``hits`` in ``seconds`` for one key."""

    name: str
    hits: int
    seconds: int


# Per number and address: a guesser far away must not lock out the person. Per number alone: much wider.
SIGN_IN_PER_ACCOUNT = Limit("sign-in-account", 5, 15 * 60)
SIGN_IN_PER_NUMBER = Limit("sign-in-number", 60, 15 * 60)
SIGN_IN_PER_ADDRESS = Limit("sign-in-address", 300, 15 * 60)
SECOND_FACTOR_PER_ACCOUNT = Limit("second-factor", 10, 15 * 60)
RECEIPT_GUESSES_PER_NUMBER = Limit("receipt-number", 10, 60 * 60)
RECEIPT_GUESSES_PER_ADDRESS = Limit("receipt-address", 300, 60 * 60)
PUBLIC_FORMS_PER_ADDRESS = Limit("forms-address", 600, 60 * 60)
PUBLIC_FORMS_PER_PHONE = Limit("forms-phone", 20, 60 * 60)
# Who brings fifty neighbours' submissions is no flood, and neighbours may all give the one telephone of the lane.
CARRIED_PER_ADDRESS = Limit("carried-address", 600, 60 * 60)
CARRIED_PER_PHONE = Limit("carried-phone", 100, 60 * 60)

# environ entry of a request that hands on what somebody carried (app/offline/delivering.py)
CARRIED: Final = "kop_ukm.carried"


def client_address() -> str:
    """Address of the asker as far as the configured proxies vouch for it."""
    return request.remote_addr or "unknown"


def is_carried() -> bool:
    """True when the running form was brought by somebody else than its sender. No browser can say so."""
    return bool(request.environ.get(CARRIED))


def hit(limit: Limit, subject: str) -> int:
    """Count one event of ``subject``; 0 when allowed, else the seconds until the window opens again.

    Opens a short write block of its own, so call it outside any other.
    """
    factor = float(current_app.config["SETTINGS"].rate_limits)
    if factor == 0:
        return 0
    key = f"{limit.name}:{personal_index(subject, purpose='limit')}"
    hits, starts = atomically(lambda s: _count(s, key, limit.seconds))
    if hits <= limit.hits * factor:
        return 0
    return max(1, int((starts + timedelta(seconds=limit.seconds) - now()).total_seconds()))


def enforce(limit: Limit, subject: str) -> None:
    """``hit`` or answer 429 with Retry-After."""
    wait = hit(limit, subject)
    if wait:
        raise TooManyRequests(retry_after=wait)


def forget(limit: Limit, subject: str) -> None:
    """Open the window at once (after a right password)."""
    key = f"{limit.name}:{personal_index(subject, purpose='limit')}"
    atomically(lambda s: s.execute(delete(RateCounter).where(RateCounter.key == key)))


def _count(session: Session, key: str, seconds: int) -> tuple[int, datetime]:
    moment = now()
    old = RateCounter.window_starts <= moment - timedelta(seconds=seconds)
    statement = (
        insert_into(session, RateCounter)
        .values(key=key, window_starts=moment, hits=1)
        .on_conflict_do_update(
            index_elements=[RateCounter.key],
            set_={
                "hits": case((old, 1), else_=RateCounter.hits + 1),
                "window_starts": case((old, moment), else_=RateCounter.window_starts),
            },
        )
        .returning(RateCounter.hits, RateCounter.window_starts)
    )
    row = session.execute(statement).one()
    return row[0], row[1]


def forget_old_windows(session: Session) -> int:
    """Delete counters nobody needs any more (a job's work); how many."""
    result = session.execute(delete(RateCounter).where(RateCounter.window_starts < now() - timedelta(days=1)))
    return int(result.rowcount)  # type: ignore[attr-defined]


def limited(limit: Limit) -> Callable[[View], View]:
    """Decorator: at most ``limit`` POSTs per address."""

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(*args: Any, **kwargs: Any) -> Any:
            if request.method == "POST":
                enforce(limit, client_address())
            return view(*args, **kwargs)

        return cast(View, counted)

    return decorate
