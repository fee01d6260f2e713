"""A real browser before the real server.

``site``      the running server with sixty made-up cooperatives and the cast
``screen``    ``screen()`` gives a page of a small phone (360 x 740); ``screen(javascript=False)`` one without
              scripts, ``screen(width=1280)`` a desk, ``screen(who="officer")`` one in which that part of the cast is
              signed in. What the browser complains about, what breaks the policy of the page and what
              goes to another host fails the test; a failed test leaves pictures in the folder of the run.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from app.core import clock
from app.core.db import db
from tests.cast import Cast
from tests.chromium import FLAGS, find_chromium
from tests.conftest import MONDAY_MORNING, make_app
from tests.imports.bringing import still_signed_in
from tests.servers import RunningServer, running_server

Screen = Callable[..., Page]
# answers that the tests look at themselves; a request that a newer one or a new page overtook
EXPECTED = re.compile(
    r"status of (422|409|404|403|401|400)|^htmx:(sendAbort|sendError|afterRequest)|^Service Worker registration blocked"
    r"|net::ERR_(INTERNET_DISCONNECTED|FAILED)"
)
FAILED = pytest.StashKey[bool]()


@dataclass(frozen=True)
class Site:
    """A running server, and the same application in this process for what only factories can make."""

    server: RunningServer
    app: Flask
    cast: Cast

    @property
    def address(self) -> str:
        """Like http://127.0.0.1:8711."""
        return self.server.address

    @contextmanager
    def inside(self) -> Iterator[None]:
        """The database of the server, with its clock: what is made now must still be good there (codes)."""
        began = datetime.fromisoformat(self.server.environ["CLOCK"])
        clock.start_at(began + timedelta(seconds=time.monotonic() - self.server.clock_began))
        with self.app.app_context():
            yield
            db.session.remove()

    def move_to(self, moment: datetime) -> None:
        """It is ``moment`` now: the server starts anew with that clock on the same data. The cast stays signed in."""
        self.server.stop()
        self.server.environ["CLOCK"] = moment.isoformat()
        self.server.start()
        with self.inside():
            still_signed_in()


@contextmanager
def open_site(moment: datetime = MONDAY_MORNING) -> Iterator[Site]:
    """A server of its own, on SQLite or what TEST_DATABASE names, where it is ``moment``."""
    with running_server(settings={"RATE_LIMITS": "off", "CLOCK": moment.isoformat()}) as server:
        app = make_app(Path(server.environ["INSTANCE_PATH"]), server.environ["DATABASE_URL"])
        yield Site(server, app, Cast())
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """One server for all journeys; each journey uses names of its own."""
    with open_site() as made:
        made.server.flask("demo", "load", "--cooperatives", "60", "--seed", "7")
        yield made


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser program."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        yield browser
        browser.close()


class Complaints(list[str]):
    """What a browser says against our pages."""

    def listen(self, page: Page, address: str) -> None:
        """Note what happens on ``page`` from now on."""
        host = urlsplit(address).netloc

        def console(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"} and not EXPECTED.search(message.text):
                self.append(message.text)

        def request(sent: Request) -> None:
            parts = urlsplit(sent.url)
            if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != host:
                self.append(f"asks another host: {sent.url}")

        page.on("console", console)
        page.on("request", request)
        page.on("pageerror", lambda error: self.append(str(error)))


def new_context(
    chromium: Browser,
    site: Site,
    *,
    who: str = "visitor",
    javascript: bool = True,
    width: int = 360,
    **more: Any,
) -> BrowserContext:
    """A browser without memory, ``who`` signed in."""
    context = chromium.new_context(
        base_url=site.address,
        viewport={"width": width, "height": 740 if width < 800 else 900},
        java_script_enabled=javascript,
        has_touch=width < 800,
        **more,
    )
    context.set_default_timeout(10_000)
    if who != "visitor":
        with site.inside():
            sid = site.cast[who].sid
        context.add_cookies([{"name": site.app.config["SID_COOKIE"], "value": sid, "url": site.address}])
    return context


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember for the fixtures that the test failed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
def screen(chromium: Browser, site: Site, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Screen]:
    """Pages to look at; each is a browser of its own, without memory."""
    complaints = Complaints()
    pages: list[Page] = []

    def open_screen(**settings: Any) -> Page:
        page = new_context(chromium, site, **settings).new_page()
        complaints.listen(page, site.address)
        pages.append(page)
        return page

    yield open_screen
    for number, page in enumerate(pages):
        if request.node.stash.get(FAILED, False):
            page.screenshot(path=tmp_path / f"screen-{number}.png", full_page=True)
        page.context.close()
    assert not complaints, complaints


def fits(page: Page) -> bool:
    """Nothing is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
