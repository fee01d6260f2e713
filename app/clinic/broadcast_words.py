"""Channels in words."""

from __future__ import annotations

from typing import Final

from flask_babel import LazyString

from app.clinic.rules.broadcast import Channel
from app.core.language import say

CHANNEL_WORDS: Final[dict[Channel, LazyString]] = {
    Channel.WHATSAPP: say("WhatsApp"),
    Channel.INSTAGRAM: say("Instagram"),
    Channel.FACEBOOK: say("Facebook"),
    Channel.TIKTOK: say("TikTok"),
    Channel.POSTER: say("Poster cetak"),
    Channel.OTHER: say("Saluran lain"),
}
