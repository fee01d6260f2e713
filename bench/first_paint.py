"""First paint on a bad line (250 kbit/s, 300 ms round trips): our pages beside the same bytes as one static page.

The static page is the same HTML from the same server, with the names of scripts, icons and pictures made harmless, so
that nothing but its own bytes is fetched. With the service worker there, a precached page paints before any request.
Emulated; a real line has its own slow start. The README says what a server can add.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Final

import brotli
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.static_beside import STILL
from bench.table import Row
from tests.chromium import FLAGS, find_chromium
from tests.fault_proxy import FaultProxy
from tests.servers import RunningServer, free_port, running_server

PAGES: Final = {"/koperasi/daftar": "registration", "/koperasi?cari=sumber": "look-up", "/": "home"}
TURNS: Final = 7
MOST: Final = 1.3
LINE: Final = {
    "offline": False,
    "latency": 300,
    "downloadThroughput": 250e3 / 8,
    "uploadThroughput": 250e3 / 8,
}
HARMLESS: Final = (
    ("<script defer src=", "<script defer sxc="),
    ("<img src=", "<img sxc="),
    ('<link rel="', '<lnkk rel="'),
)
PAINT: Final = """new Promise((done) => new PerformanceObserver((list) => {
  const found = list.getEntriesByName("first-contentful-paint")[0];
  if (found) done([found.startTime, performance.timeOrigin + found.startTime]);
}).observe({ type: "paint", buffered: true }))"""
CONTROLLED: Final = "navigator.serviceWorker.ready.then(() => 0)"


def run() -> list[Row]:
    """Medians, taken in turn."""
    with (
        running_server(settings={"RATE_LIMITS": "off"}, start=False) as server,
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
    ):
        server.flask("demo", "load", "--cooperatives", "200", "--seed", "7")
        with _serving(server, Path(folder)) as port, _browser(playwright) as browser:
            rows = [_beside(browser, port, Path(folder), path, name) for path, name in PAGES.items()]
            return [*rows, _with_worker(browser, port)]


@contextmanager
def _serving(server: RunningServer, folder: Path) -> Iterator[int]:
    port = free_port()
    environ = {**os.environ, **server.environ}
    command = [sys.executable, "-m", "bench.static_beside", str(port), str(folder)]
    with subprocess.Popen(command, env=environ) as process:
        try:
            _wait_for(port)
            yield port
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/hidup", timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server of the benchmark did not start")


@contextmanager
def _browser(playwright: object) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))  # type: ignore[attr-defined]
    yield browser
    browser.close()


def _beside(browser: Browser, port: int, folder: Path, path: str, name: str) -> Row:
    address = f"http://127.0.0.1:{port}"
    asked = urllib.request.Request(address + path, headers={"Accept-Encoding": "br"})
    with urllib.request.urlopen(asked) as answer:
        body = answer.read()
    page = brotli.decompress(body).decode()
    for loads, harmless in HARMLESS:
        page = page.replace(loads, harmless)
    (folder / name).write_bytes(brotli.compress(page.encode(), quality=5, lgwin=17))
    ours: list[float] = []
    still: list[float] = []
    for _ in range(TURNS):
        ours.append(_first_paint(browser, address + path))
        still.append(_first_paint(browser, f"{address}{STILL}{name}"))
    words = f"first paint of {name}, {len(body):,} bytes, beside one static page"
    return Row(words, median(ours), "ms", median(still), most=MOST)


def _first_paint(browser: Browser, url: str) -> float:
    """Milliseconds, for somebody who was never here."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, service_workers="block")
    page = _on_the_line(context)
    page.goto(url, wait_until="commit")
    painted: float = page.evaluate(PAINT)[0]
    context.close()
    return painted


def _on_the_line(context: BrowserContext) -> Page:
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    return page


def _with_worker(browser: Browser, port: int) -> Row:
    """Requests that reached the server before the precached registration was painted; all turns together."""
    proxy = FaultProxy(port)
    context = browser.new_context(base_url=proxy.address)
    page = context.new_page()
    page.goto("/")
    page.evaluate(CONTROLLED)
    page.wait_for_load_state("networkidle")
    early = 0
    for _ in range(TURNS):
        page = _on_the_line(context)
        proxy.seen.clear()
        page.goto("/koperasi/daftar", wait_until="commit")
        painted = page.evaluate(PAINT)[1] / 1000
        early += sum(seen.at < painted for seen in proxy.seen)
        page.close()
    context.close()
    proxy.end()
    return Row(
        f"requests before the first paint of the precached registration, {TURNS} times", early, "", most=0
    )
