"""The pages that phones keep and fill themselves: the same for everybody, and one of them with a camera."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.cast import Cast
from tests.checked_client import CheckedClient

PAGES = ("/kotak-keluar", "/titipan")


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["id", "su", "en"])
def test_it_opens_in_every_language(client: CheckedClient, address: str, language: str) -> None:
    answer = client.get(f"{address}?bahasa={language}")
    assert answer.status_code == 200
    assert "noscript" in answer.text


@pytest.mark.parametrize("language", ["id", "su", "en"])
def test_the_way_to_sign_in_leads_back_in_every_language(client: CheckedClient, language: str) -> None:
    page = client.page(f"/kotak-keluar?bahasa={language}")
    ways = [a.get("href") or "" for a in page.all("a") if "next=" in (a.get("href") or "")]
    assert len(ways) == 2  # for all together, and on each card
    for way in ways:
        asked = parse_qs(urlsplit(way).query)
        assert asked.get("bahasa", ["id"]) == [language]
        assert urlsplit(asked["next"][0]).path == "/kotak-keluar"


def test_the_outbox_element_is_there_for_machines(client: CheckedClient) -> None:
    page = client.get("/kotak-keluar").text
    assert 'id="outbox" data-waiting="0" data-problem="0" data-done="0"' in page.replace(' class="stack"', "")


@pytest.mark.parametrize(
    ("address", "name"),
    [("/klinik/pesan", "Janji konsultasi"), ("/koperasi/daftar", "Pendaftaran koperasi")],
)
def test_what_waits_has_the_name_of_its_form(client: CheckedClient, address: str, name: str) -> None:
    """Kept by the worker, which knows no form by name: a page whose scripts did not come, or one without a box."""
    sentences = client.page("/kotak-keluar").all("template")[-1]
    found = {one.get("data-w"): one.text for one in sentences.iter("p")}
    assert found[address] == name
    assert not [one for one in found if str(one).startswith("/petugas")], "nothing of the desk"


@pytest.mark.parametrize("address", PAGES)
def test_phones_keep_it_and_it_names_nobody(
    client: CheckedClient, sign_in: Callable[[str], CheckedClient], cast: Cast, address: str
) -> None:
    assert client.get(address).headers["Cache-Control"] == "private, no-cache"
    signed_in = sign_in("officer").get(address)
    assert signed_in.headers["Cache-Control"] == "no-store"
    kit = client.get("/sw.js").text.split("\n", 1)[0]
    assert f'"{address}"' in kit


def test_the_scripts_that_work_without_signal_are_kept(client: CheckedClient) -> None:
    kit = client.get("/sw.js").text.split("\n", 1)[0]
    assert [name for name in ("outbox-page-", "carry-", "qr-draw-", "qr-read-") if name not in kit] == []


def test_the_camera_is_for_one_page_only(client: CheckedClient) -> None:
    for address, camera in (("/titipan", "(self)"), ("/kotak-keluar", "()"), ("/", "()")):
        policy = client.get(address).headers["Permissions-Policy"]
        assert policy == f"camera={camera}, geolocation=(), microphone=(), payment=()"
