"""How long a sign-in, a second factor, a link and a kept form hold; how a browser is called."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from app.core.access import Role

# ASVS 7.3: staff work on shared office PCs; members keep their own phone for weeks between two visits.
STAFF_IDLE: Final = timedelta(minutes=60)
STAFF_ABSOLUTE: Final = timedelta(hours=12)
MEMBER_IDLE: Final = timedelta(days=30)
MEMBER_ABSOLUTE: Final = timedelta(days=90)

STEP_UP_HOLDS: Final = timedelta(minutes=10)
LAST_SEEN_EVERY: Final = timedelta(minutes=5)
LINK_HOLDS: Final = timedelta(hours=24)
SECOND_STEP_HOLDS: Final = timedelta(minutes=10)
KEPT_FORM_HOLDS: Final = timedelta(hours=12)
# Ended sessions stay so long for what names them afterwards (kept forms), then a job removes them.
ENDED_SESSION_STAYS: Final = timedelta(days=7)


def is_staff(role: Role) -> bool:
    """Everybody but members of cooperatives and owners of businesses."""
    return role is not Role.MEMBER


def idle_limit(role: Role) -> timedelta:
    """How long a session of ``role`` may rest."""
    return STAFF_IDLE if is_staff(role) else MEMBER_IDLE


def absolute_limit(role: Role) -> timedelta:
    """How long a session of ``role`` may last at all."""
    return STAFF_ABSOLUTE if is_staff(role) else MEMBER_ABSOLUTE


def session_end(role: Role, *, last_seen: datetime, expires: datetime) -> datetime:
    """The instant at which the session ends unless it is used before."""
    return min(expires, last_seen + idle_limit(role))


def second_factor_is_fresh(given: datetime | None, now: datetime) -> bool:
    """True within ten minutes after the code."""
    return given is not None and now - given < STEP_UP_HOLDS


_BROWSERS: Final = (
    ("SamsungBrowser", "Samsung Internet"),
    ("UCBrowser", "UC Browser"),
    ("OPR/", "Opera"),
    ("Opera", "Opera"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """A browser as people call it ('Chrome, Android'); '' when it does not say."""
    head = user_agent[:400]
    browser = next((name for sign, name in _BROWSERS if sign in head), "")
    system = next((name for sign, name in _SYSTEMS if sign in head), "")
    return ", ".join(part for part in (browser, system) if part)
