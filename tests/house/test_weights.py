"""How much of a village's data allowance a page takes: as the server sends it, its stylesheet with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from statistics import median

import brotli
import pytest
from flask import Flask

from app.core.access import Access
from app.core.assets import DIST, built
from app.core.language import LANGUAGES
from tests.cast import Cast
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import make_cooperative
from tests.house.addresses import Samples, addresses, live_in

pytestmark = pytest.mark.slow
KB = 1024
PAGE, MEDIAN, STYLES, FRAGMENT = 8 * KB, 5 * KB, 3 * KB, 2 * KB
FORM, FIRST_VISIT = 6 * KB, 14_600
REGISTRATION = "/koperasi/daftar"
BR = {"Accept-Encoding": "br"}
# what a page names but nobody needs for filling in a form: the pages with results have it
NOT_NEEDED = re.compile(r"/static/(htmx|qr-\w+)-")


@pytest.fixture
def samples(app: Flask, cast: Cast, sign_in: Callable[[str], CheckedClient]) -> Samples:
    """The house lived in, with a full page of results."""
    for number in range(30):
        make_cooperative(f"Koperasi Sumber Rezeki Makmur Sejahtera {number}")
    return live_in(cast, sign_in)


def sent(client: CheckedClient, url: str) -> tuple[int, str]:
    """Bytes of the body as it travels, and what it says."""
    answer = client.get(url, headers=BR, check=False)
    body = answer.get_data()
    packed = answer.headers.get("Content-Encoding") == "br"
    return len(body), (brotli.decompress(body) if packed else body).decode()


def public_pages(app: Flask, client: CheckedClient, samples: Samples) -> dict[str, str]:
    """Rule -> address of every public page."""
    found = {}
    for address in addresses(app, samples, safe=True):
        if address.access is Access.PUBLIC:
            answer = client.get(address.url, check=False)
            if answer.mimetype == "text/html":
                found[address.rule.rule] = address.url
    return found


def in_language(url: str, language: str) -> str:
    """The address of that language."""
    return f"{url}{'&' if '?' in url else '?'}bahasa={language}"


def test_public_pages_are_light(
    app: Flask, client: CheckedClient, samples: Samples, figure: Callable[[str], None]
) -> None:
    pages = public_pages(app, client, samples)
    weights = {
        rule: [sent(client, in_language(url, language))[0] for language in LANGUAGES]
        for rule, url in pages.items()
    }
    figure(f"bytes as sent: {', '.join(LANGUAGES)}")
    for rule, weight in sorted(weights.items(), key=lambda item: -max(item[1])):
        figure(" ".join(f"{one:6}" for one in weight) + f"  {rule}")
    middle = [median(weight[n] for weight in weights.values()) for n in range(len(LANGUAGES))]
    figure(" ".join(f"{one:6.0f}" for one in middle) + f"  median of {len(weights)} pages")
    assert REGISTRATION in weights
    assert {rule: w for rule, w in weights.items() if max(w) > PAGE} == {}
    assert max(middle) <= MEDIAN
    assert max(weights[REGISTRATION]) <= FORM


def first_visit(client: CheckedClient, url: str) -> dict[str, int]:
    """What a phone that was never here fetches to fill in and send the form at ``url``: address -> bytes."""
    weight, page = sent(client, url)
    needed = [
        found for found in re.findall(r'<script[^>]* src="([^"]+)"', page) if not NOT_NEEDED.match(found)
    ]
    needed += ["/sw.js", "/kunci", *re.findall(r'data-region-picker="([^"]+)"', page)]
    return {url: weight, **{one: sent(client, one)[0] for one in needed}}


def test_the_first_visit_to_a_form_fits_into_one_window(
    app: Flask, client: CheckedClient, samples: Samples, figure: Callable[[str], None]
) -> None:
    forms = [
        url for url in public_pages(app, client, samples).values() if "data-outbox=" in sent(client, url)[1]
    ]
    sums = {}
    for form in forms:
        for language in LANGUAGES:
            parts = first_visit(client, in_language(form, language))
            sums[form, language] = sum(parts.values())
            if form == REGISTRATION:
                figure(
                    f"{language}: " + " + ".join(f"{size} {url.split('?')[0]}" for url, size in parts.items())
                )
    for (form, language), weight in sorted(sums.items(), key=lambda item: -item[1]):
        if language == "id":
            figure(f"{weight:6} first visit to {form}")
    assert any(form == REGISTRATION for form in forms)
    assert {one: w for one, w in sums.items() if w > FIRST_VISIT} == {}


def test_the_server_sends_them_compressed(client: CheckedClient) -> None:
    plain = client.get(REGISTRATION).get_data()
    answer = client.get(REGISTRATION, headers={"Accept-Encoding": "gzip, deflate, br, zstd"}, check=False)
    assert answer.headers["Content-Encoding"] == "br"
    assert brotli.decompress(answer.get_data())[:200] == plain[:200]
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_result_is_a_light_fragment(client: CheckedClient, samples: Samples) -> None:
    answer = client.htmx("/koperasi?cari=sumber", target="results", headers=BR, check=False)
    body = brotli.decompress(answer.get_data())
    assert b"<!doctype" not in body.lower()
    assert len(answer.get_data()) <= FRAGMENT


def test_styles_of_the_public_are_light() -> None:
    for sheet in built().sheets.values():
        assert len(brotli.compress(sheet.encode(), quality=5)) <= STYLES


def test_every_built_file_has_its_compressed_twin_when_that_is_smaller() -> None:
    for name in built().files.values():
        raw = (DIST / name).read_bytes()
        if len(raw) > KB and name.endswith((".js", ".css", ".svg")):
            assert (DIST / f"{name}.br").exists(), name
