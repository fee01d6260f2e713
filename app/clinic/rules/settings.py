"""Numbers of the clinic that the office changes itself, each with its first value and what it may be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class Number:
    """A setting: ``first`` until the office changes it, between ``least`` and ``most``."""

    name: str
    first: int
    least: int
    most: int


# As long as the notice above the buttons says (notices.py): two years. Not the office's to lengthen.
KEPT_FOR: Final = timedelta(days=730)

HOLD_MINUTES: Final = Number("hold_minutes", 5, 1, 30)
# 0 gives a cancelled time back at once
REOFFER_MINUTES: Final = Number("reoffer_minutes", 15, 0, 120)
# of every hundred slots of a week, until two days before
RESERVED_SHARE: Final = Number("reserved_share", 0, 0, 50)
# Who lives farther from the office than this gets of that share. The first value: on these roads 25 km as the crow flies
# are two hours and more (centres of kecamatan.csv); fifteen kecamatan lie beyond.
FAR_KM: Final = Number("far_km", 25, 1, 60)
# What half an hour by Zoom costs in data, in MB. Zoom says of a call of two ("system requirements", bandwidth): 600 kbps
# up and 600 down at its usual quality, 60 to 80 kbps each way for the voice alone. Half an hour of 1,200 kbps is 270 MB,
# of 160 kbps 36 MB; the first values are those, rounded up. Group calls and HD cost two to four times as much.
ONLINE_VIDEO_MB: Final = Number("online_video_mb", 300, 10, 3000)
ONLINE_VOICE_MB: Final = Number("online_voice_mb", 40, 1, 500)
WEEKS_AHEAD: Final = Number("weeks_ahead", 4, 1, 30)
NO_SHOWS_ALLOWED: Final = Number("no_shows_allowed", 2, 1, 20)

NUMBERS: Final = {
    each.name: each
    for each in (
        HOLD_MINUTES,
        REOFFER_MINUTES,
        RESERVED_SHARE,
        FAR_KM,
        ONLINE_VIDEO_MB,
        ONLINE_VOICE_MB,
        WEEKS_AHEAD,
        NO_SHOWS_ALLOWED,
    )
}
