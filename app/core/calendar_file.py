"""One appointment or event as a calendar file (RFC 5545), which phones open with their own calendar.

Times are written in WIB with the zone spelled out: a phone set to another zone still shows the right hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from app.core.clock import in_wib

_MOST_OCTETS: Final = 75
_ZONE: Final = (
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Jakarta",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0700",
    "TZOFFSETTO:+0700",
    "TZNAME:WIB",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in the calendar. ``uid`` stays the same for ever, ``sequence`` grows with every change."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    text: str
    url: str
    organizer: str
    cancelled: bool = False
    remind_minutes: int = 60


def calendar_file(entry: Entry, *, now: datetime) -> str:
    """The whole file. A cancelled entry takes the earlier one out of the calendar again."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Kop-UKM Kabupaten Bogor//ID",
        f"METHOD:{'CANCEL' if entry.cancelled else 'PUBLISH'}",
        *_ZONE,
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;TZID=Asia/Jakarta:{in_wib(entry.starts_at):%Y%m%dT%H%M%S}",
        f"DTEND;TZID=Asia/Jakarta:{in_wib(entry.ends_at):%Y%m%dT%H%M%S}",
        f"SUMMARY:{_text(entry.title)}",
        f"LOCATION:{_text(entry.place)}",
        f"DESCRIPTION:{_text(entry.text)}",
        f"URL:{entry.url}",
        f"ORGANIZER:mailto:{entry.organizer}",
        f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}",
        *([] if entry.cancelled else _reminder(entry)),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _reminder(entry: Entry) -> list[str]:
    return [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(entry.title)}",
        f"TRIGGER:-PT{entry.remind_minutes}M",
        "END:VALARM",
    ]


def _text(words: str) -> str:
    """Words with what has a meaning of its own taken out of it."""
    for mark in ("\\", ";", ","):
        words = words.replace(mark, f"\\{mark}")
    return "\\n".join(words.splitlines())


def _folded(line: str) -> str:
    """No line longer than 75 octets, and no letter cut in two."""
    parts, room = [""], _MOST_OCTETS
    for letter in line:
        size = len(letter.encode())
        if size > room:
            parts.append("")
            room = _MOST_OCTETS - 1  # a continued line begins with a space
        parts[-1] += letter
        room -= size
    return "\r\n ".join(parts)
