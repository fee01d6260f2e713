"""How much of a village's data allowance a page takes: compressed as it travels, its stylesheet with it."""

from __future__ import annotations

from collections.abc import Callable

import brotli
import pytest
from flask import Flask

from app.core.access import Access
from app.core.assets import DIST, built
from tests.cast import Cast
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import make_cooperative
from tests.house.addresses import Samples, addresses, live_in

pytestmark = pytest.mark.slow
KB = 1024
PAGE, FORM, SCRIPT, STYLES, FRAGMENT = 8 * KB, 6 * KB, 4 * KB, 3 * KB, 2 * KB
QUALITY = 5  # of the server
BEST = 11  # of files compressed at build
FORMS = {"/koperasi/daftar"}


@pytest.fixture
def samples(app: Flask, cast: Cast, sign_in: Callable[[str], CheckedClient]) -> Samples:
    """The house lived in, with a full page of results."""
    for number in range(30):
        make_cooperative(f"Koperasi Sumber Rezeki Makmur Sejahtera {number}")
    return live_in(cast, sign_in)


def test_public_pages_are_light(
    app: Flask, client: CheckedClient, samples: Samples, figure: Callable[[str], None]
) -> None:
    weights = {}
    for address in addresses(app, samples, safe=True):
        if address.access is not Access.PUBLIC:
            continue
        answer = client.get(address.url, check=False)
        if answer.mimetype == "text/html":
            weights[address.rule.rule] = len(brotli.compress(answer.get_data(), quality=QUALITY))
    for rule, weight in sorted(weights.items(), key=lambda item: -item[1]):
        figure(f"{weight:6} bytes  {rule}")
    assert "/koperasi/daftar" in weights
    assert {r: w for r, w in weights.items() if w > (FORM if r in FORMS else PAGE)} == {}


def test_the_server_sends_them_compressed(client: CheckedClient) -> None:
    plain = client.get("/koperasi/daftar").get_data()
    answer = client.get(
        "/koperasi/daftar", headers={"Accept-Encoding": "gzip, deflate, br, zstd"}, check=False
    )
    assert answer.headers["Content-Encoding"] == "br"
    assert brotli.decompress(answer.get_data())[:200] == plain[:200]
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_result_is_a_light_fragment(client: CheckedClient, samples: Samples) -> None:
    answer = client.htmx("/koperasi?cari=sumber", target="results")
    assert "<!doctype" not in answer.get_data(as_text=True).lower()
    assert len(brotli.compress(answer.get_data(), quality=QUALITY)) <= FRAGMENT


def test_scripts_and_styles_of_the_public_are_light() -> None:
    script = (DIST / built().files["app.js"]).read_bytes()
    assert len(brotli.compress(script, quality=BEST)) <= SCRIPT
    assert len(brotli.compress(built().css.encode(), quality=QUALITY)) <= STYLES


def test_every_built_file_has_its_compressed_twin_when_that_is_smaller() -> None:
    for name in built().files.values():
        raw = (DIST / name).read_bytes()
        if len(raw) > KB and name.endswith((".js", ".css", ".svg")):
            assert (DIST / f"{name}.br").exists(), name
