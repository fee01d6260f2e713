"""Draw the pictures of the manifest anew, from practice data, in Chromium: app/static/img/screenshot-*.png.

Run after the look has changed: ``.venv/bin/python -m tools.screenshots``, look at them, commit them.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.chromium import FLAGS, find_chromium
from tests.servers import running_server

IMAGES = Path(__file__).resolve().parent.parent / "app" / "static" / "img"
COLOURS = 48  # flat drawings need no more, and the files stay small
PICTURES = (
    ("screenshot-home.png", "/", 360),
    ("screenshot-form.png", "/koperasi/daftar", 360),
    ("screenshot-list.png", "/koperasi", 1280),
)


def main() -> int:
    """All of them."""
    with running_server("sqlite", settings={"RATE_LIMITS": "off"}) as server, sync_playwright() as playwright:
        server.flask("demo", "load", "--cooperatives", "300", "--seed", "7")
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        for name, address, width in PICTURES:
            page = browser.new_page(viewport={"width": width, "height": 720})
            page.goto(server.address + address)
            drawn = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS)
            drawn.save(IMAGES / name, optimize=True)
            print(f"{(IMAGES / name).stat().st_size:6} bytes  {name}")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
