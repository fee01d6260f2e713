"""A real browser before the real server.

``site``      the running server with sixty made-up cooperatives
``screen``    ``screen()`` gives a page of a small phone (360 x 740); ``screen(javascript=False)`` one without scripts,
              ``screen(width=1280)`` a desk. What the browser complains about fails the test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.chromium import FLAGS, find_chromium
from tests.servers import RunningServer, running_server

Screen = Callable[..., Page]


@pytest.fixture(scope="session")
def site() -> Iterator[RunningServer]:
    """One server for all journeys; each journey uses names of its own."""
    with running_server(settings={"RATE_LIMITS": "off"}) as server:
        server.flask("demo", "load", "--cooperatives", "60", "--seed", "7")
        yield server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser program."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def screen(chromium: Browser, site: RunningServer) -> Iterator[Screen]:
    """Pages to look at; each is a browser of its own, without memory."""
    complaints: list[str] = []
    contexts = []

    def note(message: ConsoleMessage) -> None:
        expected = "status of 422" in message.text or "status of 409" in message.text
        if message.type in {"error", "warning"} and not expected:
            complaints.append(message.text)

    def open_screen(*, javascript: bool = True, width: int = 360) -> Page:
        context = chromium.new_context(
            base_url=site.address,
            viewport={"width": width, "height": 740 if width < 800 else 900},
            java_script_enabled=javascript,
            has_touch=width < 800,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_screen
    for context in contexts:
        context.close()
    assert not complaints, complaints


def fits(page: Page) -> bool:
    """Nothing is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
