"""Pictures from outside: decoded, shrunk and written anew as JPEG, so that nothing of the file itself survives.

Whatever hides in a photo (place, camera, a page or script behind the picture) is left behind. No SVG.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO, Final

from PIL import Image, ImageOps, UnidentifiedImageError

from app.core.errors import RuleBroken
from app.core.language import say

MOST_BYTES: Final = 200 * 1024
MOST_PIXELS: Final = 40_000_000
_READABLE: Final = ("JPEG", "PNG", "WEBP")
_BOMBS: Final = (Image.DecompressionBombError, Image.DecompressionBombWarning)
# (longest side in pixels, JPEG quality): tried in this order until the result is small enough
_STEPS: Final = ((1600, 80), (1600, 65), (1280, 65), (1024, 60), (800, 55), (640, 45), (480, 35))


@dataclass(frozen=True)
class Picture:
    """A JPEG of at most MOST_BYTES."""

    content: bytes
    width: int
    height: int


def shrink_picture(file: IO[bytes], *, field: str) -> Picture:
    """Read a photo and write it anew. Raises RuleBroken at ``field`` for anything that is no honest picture."""
    try:
        opened = Image.open(file, formats=_READABLE)  # reads the head only
        _refuse_flood(opened, field)
        opened.draft("RGB", (2 * _STEPS[0][0], 2 * _STEPS[0][0]))  # a large JPEG is decoded smaller at once
        upright = ImageOps.exif_transpose(opened)
        plain = _on_white(upright)
    except RuleBroken:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, *_BOMBS) as error:
        raise RuleBroken(field, say("Ini bukan foto yang bisa dibuka. Kirim foto JPG atau PNG.")) from error
    return _small_enough(plain)


def _refuse_flood(picture: Image.Image, field: str) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise RuleBroken(field, say("Fotonya terlalu besar. Kirim foto yang lebih kecil."))


def _on_white(picture: Image.Image) -> Image.Image:
    """Without transparency."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        ground = Image.new("RGB", layered.size, "white")
        ground.paste(layered, mask=layered.getchannel("A"))
        return ground
    return picture.convert("RGB")


def _small_enough(picture: Image.Image) -> Picture:
    for side, quality in _STEPS:
        copy = picture.copy()
        copy.thumbnail((side, side))
        out = io.BytesIO()
        copy.save(out, "JPEG", quality=quality, optimize=True)  # writes no EXIF unless given one
        if out.tell() <= MOST_BYTES:
            return Picture(out.getvalue(), copy.width, copy.height)
    raise RuleBroken("", say("Fotonya terlalu besar. Kirim foto yang lebih kecil."))
