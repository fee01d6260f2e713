"""Who may knock where: every role at every address, asked for real; and reading never writes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.core.access import ANONYMOUS, Access, Room
from app.core.audit import History, record
from app.core.db import db
from app.core.transaction import atomically
from tests.cast import PARTS, ROLES, Cast
from tests.checked_client import BadPage, CheckedClient
from tests.house.addresses import Address, NoSample, Samples, addresses, live_in
from tests.house.contents import changed, contents
from tests.house.planting import Plant

pytestmark = pytest.mark.slow
SignIn = Callable[[str], CheckedClient]
REFUSED, TO_SIGN_IN = 403, 303


@pytest.fixture
def samples(app: Flask, cast: Cast, sign_in: SignIn) -> Samples:
    """The house lived in."""
    return live_in(cast, sign_in)


def may(application: Flask, name: str, access: Access, browser: CheckedClient) -> bool:
    """What the table of powers says of this person."""
    if name == "visitor":
        return access is Access.PUBLIC
    from app.core.access import Actor

    part = PARTS[name]
    actor = Actor(account_id=1, role=part.role, section=part.section, may_decide=part.may_decide)
    return actor.may(access)


@pytest.mark.parametrize("name", ROLES)
def test_reading(app: Flask, sign_in: SignIn, samples: Samples, name: str) -> None:
    """Every page for this person: the status its power asks for, a good page, nothing written, no cookie."""
    browser, found = sign_in(name), []
    before = contents()
    for address in addresses(app, samples, safe=True):
        try:
            answer = browser.get(address.url)
        except BadPage as bad:
            found.append(str(bad))
            continue
        found += _misplaced(
            app, name, address, answer.status_code, answer.headers.get("Location", ""), browser
        )
        if name == "visitor" and answer.headers.getlist("Set-Cookie"):
            found.append(f"{address.name} sets a cookie for a stranger")
    if changed(before):
        found += _writers(app, browser, samples)
    assert not found, "\n".join(found)


def _writers(app: Flask, browser: CheckedClient, samples: Samples) -> list[str]:
    """Which pages wrote: asked once more, one by one."""
    found, before = ["reading has changed the database"], contents()
    for address in addresses(app, samples, safe=True):
        browser.get(address.url, check=False)
        if tables := changed(before):
            found.append(f"{address.name} wrote into {tables}")
            before = contents()
    return found


def _misplaced(
    app: Flask, name: str, address: Address, status: int, location: str, browser: CheckedClient
) -> list[str]:
    if status >= 500:
        return [f"{address.name}: {status}"]
    if may(app, name, address.access, browser):
        wrong = status == REFUSED or (status == TO_SIGN_IN and location.startswith("/masuk"))
        allowed_by_row = status == REFUSED and address.url.startswith(
            "/petugas/impor"
        )  # asks for the whole kabupaten
        return (
            [f"{address.name}: {status} {location} though {name} may"] if wrong and not allowed_by_row else []
        )
    wanted = TO_SIGN_IN if name == "visitor" else REFUSED
    return [] if status == wanted else [f"{address.name}: {status}, wanted {wanted} for {name}"]


# Pages that need more than a house lived in: a submission returned or decided, a picture, half a sign-in, a question.
NEEDS_MORE = re.compile("/perbaiki$|/slip$|/foto/|/akun/kode$|/kiriman/status$")
# Addresses of buttons, opened again by a phone that had put the page away.
LEADS_BACK = re.compile("^/klinik/(tahan|pesanan/[^/]+/(batal|datang))$")


def test_every_page_opens_for_somebody(app: Flask, sign_in: SignIn, samples: Samples) -> None:
    """Else the walk above would prove nothing about it."""
    browsers = [sign_in(name) for name in ("visitor", "administrator", "officer", "member")]
    shut = [
        address.name
        for address in addresses(app, samples, safe=True)
        if not any(opens(browser, address.url) for browser in browsers)
    ]
    needs_more = {address for address in shut if NEEDS_MORE.search(address)}
    assert set(shut) == needs_more


def opens(browser: CheckedClient, url: str) -> bool:
    """It shows a page, or, being the address of a button, leads back to the page the button stands on."""
    answer = browser.get(url, check=False)
    if answer.status_code == 303 and LEADS_BACK.search(url):
        answer = browser.get(answer.location, check=False)
    return answer.status_code == 200


@pytest.mark.parametrize("name", ROLES)
def test_deeds_of_others_are_refused(app: Flask, sign_in: SignIn, samples: Samples, name: str) -> None:
    """Every deed this person holds no power for: refused, nothing written."""
    browser, found = sign_in(name), []
    before = contents()
    for address in addresses(app, samples, safe=False):
        if may(app, name, address.access, browser):
            continue
        answer = browser.open(address.url, method=address.method, check=False)
        if answer.status_code not in ({303, 401, 403} if name == "visitor" else {403}):
            found.append(f"{address.name}: {answer.status_code} for {name}")
    assert not found, "\n".join(found)
    assert changed(before) == []


FORGED: dict[str, dict[str, Any]] = {
    "without its token": {"token": False},
    "from another site": {"site": "cross-site"},
    "from a sister site": {"site": "same-site"},
    "of a foreign origin": {"site": None, "headers": {"Origin": "https://evil.example"}},
    "of no origin": {"site": None, "headers": {"Origin": "null"}},
    "with a made-up token": {"token": False, "headers": {"X-CSRFToken": "x.y.z"}},
}


@pytest.mark.parametrize("how", FORGED)
def test_forged_deeds_are_refused(app: Flask, sign_in: SignIn, samples: Samples, how: str) -> None:
    """For somebody signed in with every power, on every address that does something."""
    browser, found = sign_in("administrator"), []
    before = contents()
    for address in addresses(app, samples, safe=False):
        if address.access is Access.PUBLIC and "token" in how:
            continue  # public forms need none
        options = {k: (dict(v) if isinstance(v, dict) else v) for k, v in FORGED[how].items()}
        answer = browser.open(address.url, method=address.method, **options)
        if answer.status_code != REFUSED:
            found.append(f"{address.name} {how}: {answer.status_code}")
    assert not found, "\n".join(found)
    assert changed(before) == []


def test_a_browser_that_vouches_for_nothing_gets_its_form_back(
    app: Flask, client: CheckedClient, samples: Samples
) -> None:
    """Public deeds without Sec-Fetch-Site, Origin and token: nothing is done, the form comes again."""
    before, found = contents(), []
    for address in addresses(app, samples, safe=False):
        if address.access is not Access.PUBLIC:
            continue
        answer = client.open(address.url, method=address.method, site=None, check=False)
        if answer.status_code not in {422, 403}:
            found.append(f"{address.name}: {answer.status_code}")
    assert not found, "\n".join(found)
    assert changed(before) == []


def test_a_page_that_writes_is_seen(app: Flask, plant: Plant) -> None:
    """Planted: one that writes plainly fails at the database; one that hides it in a block is found by the walk."""
    room = Room("planted", __name__)

    def plainly() -> str:
        record(db.session(), deed="sneaked", subject="x", actor=ANONYMOUS)
        return "x"

    def in_a_block() -> str:
        atomically(lambda s: record(s, deed="sneaked", subject="x", actor=ANONYMOUS))
        return "x"

    room.get("/menulis", access=Access.PUBLIC)(plainly)
    room.get("/menulis-diam-diam", access=Access.PUBLIC)(in_a_block)
    browser = plant(room).test_client()
    before = contents()
    assert browser.get("/menulis").status_code == 500
    assert changed(before) == []
    browser.get("/menulis-diam-diam", check=False)
    assert changed(before) == [History.__tablename__]


def test_an_address_without_a_sample_is_named(plant: Plant) -> None:
    room = Room("planted", __name__)
    room.get("/contoh/<unknown>", access=Access.PUBLIC)(lambda unknown: unknown)
    planted = plant(room)
    known: Samples = {("/", name): "1" for rule in planted.url_map.iter_rules() for name in rule.arguments}
    assert addresses(planted, known, safe=True)
    del known["/", "unknown"]
    with pytest.raises(NoSample, match="unknown"):
        addresses(planted, known, safe=True)
