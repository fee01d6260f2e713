"""Channels on which the clinic is made known, and what may be typed about a post."""

from __future__ import annotations

from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from app.core.errors import RuleBroken
from app.core.language import say

MOST_COUNTED: Final = 10_000_000


class Channel(StrEnum):
    """Where somebody heard of the clinic (``?lewat=`` in the link; the values travel in addresses)."""

    WHATSAPP = "whatsapp"
    INSTAGRAM = "instagram"
    FACEBOOK = "facebook"
    TIKTOK = "tiktok"
    POSTER = "poster"
    OTHER = "lain"


def channel_of(text: str) -> str:
    """The channel that an address names, else ''."""
    tidy = text.strip().lower()
    return tidy if tidy in set(Channel) else ""


def check_address(address: str) -> None:
    """Raise RuleBroken('address') unless it is a link that a browser opens on the web."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or "." not in parts.netloc or len(address) > 300:
        raise RuleBroken("address", say("Tulis tautan lengkap. Contoh: https://www.instagram.com/p/abc."))
