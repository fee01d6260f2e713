"""Fixtures of all tests.

``app``        the application, an application context around the test, a clean database with the regions
``client``     a stranger's CheckedClient (checked_client.py)
``sign_in``    ``sign_in("officer")`` gives the CheckedClient of that part of the cast (cast.py)
``cast``       ``cast["officer"]`` gives the person (account_id, phone, sid)
``figure``     ``figure("1,000 records in 3.2 s")`` prints a line at the end of the run
``at``         ``at("2026-12-01T09:00+07:00")`` moves the clock; every test starts on Monday 23 November 2026, 09.00 WIB

TEST_DATABASE=postgresql runs everything on PostgreSQL. TRIAL=1 uses the full figures (sizes.py).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings

from app import create_app
from app.config import read_settings
from app.core import clock
from app.core.background import background
from app.core.db import db
from tests import databases, network, postgres
from tests.cast import Cast
from tests.checked_client import CheckedClient
from tests.databases import Database, database_of, fill_template
from tests.sizes import FULL

MONDAY_MORNING = datetime.fromisoformat("2026-11-23T09:00+07:00")
SLOW_SECONDS = 0.5

network.close()
settings.register_profile(
    "common", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
common = settings.get_profile("common")
settings.register_profile("test", common, max_examples=60, derandomize=True, database=None)
settings.register_profile("trial", common, max_examples=2000, print_blob=True)
settings.load_profile("trial" if FULL else "test")

_cluster: list[postgres.Cluster] = []


def pytest_configure(config: pytest.Config) -> None:
    """One PostgreSQL for all workers of a run, started by the first process."""
    if databases.TEST_DATABASE == "postgresql" and databases.SOCKETS not in os.environ:
        try:
            _cluster.append(postgres.start())
        except postgres.NoPostgres as sentence:
            pytest.exit(str(sentence), returncode=3)
        os.environ[databases.SOCKETS] = str(_cluster[0].sockets)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End it."""
    if _cluster:
        _cluster.pop().stop()
        del os.environ[databases.SOCKETS]


def pytest_report_header(config: pytest.Config) -> str:
    """Say on what this runs."""
    return f"database: {databases.TEST_DATABASE}; sizes: {'full' if FULL else 'small'}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that tests measured, and name the tests that make everybody wait."""
    figures = [
        (report.nodeid.split("::")[-1], words)
        for report in terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", [])
        for name, words in report.user_properties
        if name == "figure" and report.when == "call"
    ]
    if figures:
        terminalreporter.section("figures", sep="-")
        for test, words in figures:
            terminalreporter.write_line(f"{words}    [{test}]")
    reports = [r for outcome in ("passed", "failed") for r in terminalreporter.stats.get(outcome, [])]
    slow = [r for r in reports if r.when == "call" and r.duration > SLOW_SECONDS and "slow" not in r.keywords]
    if slow:
        terminalreporter.section(f"slower than {SLOW_SECONDS * 1000:.0f} ms", sep="-")
        for report in sorted(slow, key=lambda r: -r.duration)[:20]:
            terminalreporter.write_line(f"{report.duration:6.2f} s  {report.nodeid}")


@pytest.fixture(autouse=True)
def _network_closed() -> Iterator[None]:
    network.attempts.clear()
    yield
    assert not network.attempts, f"reached out to {network.attempts}"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    clock.start_at(MONDAY_MORNING)
    yield
    clock.start_at(None)


@pytest.fixture
def at() -> Callable[[str], None]:
    """Move the clock of the application; it runs on from there."""
    return lambda text: clock.start_at(datetime.fromisoformat(text))


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Print a measured figure at the end of the run."""
    return lambda words: record_property("figure", words)


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """Name of this worker of xdist ("main" without)."""
    name: str = getattr(request.config, "workerinput", {}).get("workerid", "main")
    return name


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """INSTANCE_PATH of this worker: keys, logs, files."""
    return tmp_path_factory.mktemp("instance")


def make_app(instance: Path, url: str, **environ: str) -> Flask:
    """An application with settings of its own."""
    app = create_app(read_settings({"INSTANCE_PATH": str(instance), "DATABASE_URL": url, **environ}))
    app.test_client_class = CheckedClient
    return app


@pytest.fixture(scope="session")
def database(worker: str, instance: Path) -> Iterator[Database]:
    """The database of this worker, migrated, with regions."""
    made = database_of(worker, instance)
    fill_template(make_app(instance, made.template_url))
    made.make()
    yield made
    made.drop()


@pytest.fixture(scope="session")
def application(instance: Path, database: Database) -> Iterator[Flask]:
    """The application of this worker. Tests ask for ``app``."""
    app = make_app(instance, database.url)
    with app.app_context():
        database.watch(db.engine)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(application: Flask, database: Database) -> Iterator[Flask]:
    """The application with a context around the test; what the test writes is gone after it."""
    with application.app_context():
        yield application
        db.session.remove()
        background().wait()
        database.put_back(db.engine)


@pytest.fixture
def client(app: Flask) -> CheckedClient:
    """A stranger."""
    browser = app.test_client()
    assert isinstance(browser, CheckedClient)
    return browser


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The people of this test."""
    return Cast()


@pytest.fixture
def sign_in(app: Flask, cast: Cast) -> Callable[[str], CheckedClient]:
    """The browser of a part of the cast ("visitor" for a stranger)."""

    def browser_of(name: str) -> CheckedClient:
        browser = app.test_client()
        assert isinstance(browser, CheckedClient)
        if name != "visitor":
            browser.enter(cast[name].sid)
        return browser

    return browser_of
