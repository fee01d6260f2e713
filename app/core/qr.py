"""QR codes as inline SVG: black on white with its quiet zone, whatever the colours of the page."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr_svg(text: str, *, scale: int = 5) -> Markup:
    """The picture for ``text``; decorative for readers of screens, so show the text beside it."""
    picture = segno.make(text, error="m", micro=False).svg_inline(
        scale=scale, border=4, light="#fff", omitsize=True, svgclass=None, lineclass=None
    )
    return Markup(picture)  # noqa: S704 - made by us from shapes; the text itself is not in it
