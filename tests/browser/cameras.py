"""A camera for tests: what one phone shows, as another phone's cheap camera sees it."""

from __future__ import annotations

import io
import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageFilter
from playwright.sync_api import Browser

from tests.chromium import FLAGS, find_chromium

WIDTH, HEIGHT = 1280, 720
FRAMES_EACH = 20  # of 30 a second


def seen(screenshot: bytes, chance: random.Random) -> bytes:
    """One frame: held a little askew, not quite sharp, with the grain of a dark room."""
    shown = Image.open(io.BytesIO(screenshot)).convert("L")
    side = int(HEIGHT * 0.86)
    turned = shown.resize((side, side), Image.Resampling.BICUBIC).rotate(
        chance.uniform(-5, 5), Image.Resampling.BICUBIC, expand=True, fillcolor=90
    )
    frame = Image.new("L", (WIDTH, HEIGHT), 80)
    frame.paste(turned, ((WIDTH - turned.width) // 2, (HEIGHT - turned.height) // 2))
    grain = Image.effect_noise((WIDTH, HEIGHT), 14)
    frame = Image.blend(frame.filter(ImageFilter.GaussianBlur(0.8)), grain, 0.12)
    written = io.BytesIO()
    frame.convert("RGB").save(written, "JPEG", quality=70)
    return written.getvalue()


def film(path: Path, screenshots: Iterable[bytes], *, seed: int = 1) -> Path:
    """A film of motion JPEG for --use-file-for-fake-video-capture, which plays it again and again."""
    chance = random.Random(seed)
    path.write_bytes(b"".join(seen(shot, chance) for shot in screenshots for _ in range(FRAMES_EACH)))
    return path


@contextmanager
def phone_with_camera(chromium: Browser, shows: Path) -> Iterator[Browser]:
    """A second browser program whose camera sees the film."""
    browser = chromium.browser_type.launch(
        executable_path=find_chromium(),
        args=[
            *FLAGS,
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={shows}",
        ],
    )
    yield browser
    browser.close()
