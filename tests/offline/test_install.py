"""The manifest and the page without signal."""

from __future__ import annotations

from flask import Flask

from app.core.assets import DIST
from tests.checked_client import CheckedClient
from tests.page_rules import endpoint_of, words_of


def test_the_manifest_can_be_installed(app: Flask, client: CheckedClient) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    manifest = answer.get_json()
    assert (manifest["start_url"], manifest["scope"], manifest["lang"], manifest["dir"]) == (
        "/",
        "/",
        "id",
        "ltr",
    )
    assert manifest["display"] == "standalone"
    assert manifest["name"]
    assert len(manifest["short_name"]) <= 12
    assert manifest["theme_color"].startswith("#")


def test_every_icon_of_the_manifest_was_built(client: CheckedClient) -> None:
    icons = client.get("/manifest.webmanifest").get_json()["icons"]
    assert icons
    assert [icon for icon in icons if not (DIST / icon["src"].rsplit("/", 1)[1]).exists()] == []


def test_every_shortcut_is_an_address_of_ours(app: Flask, client: CheckedClient) -> None:
    manifest = client.get("/manifest.webmanifest").get_json()
    assert manifest["shortcuts"]
    for shortcut in [*manifest["shortcuts"], {"url": manifest["start_url"]}]:
        assert endpoint_of(app, shortcut["url"], "GET"), shortcut


def test_the_manifest_is_the_same_in_every_language(client: CheckedClient) -> None:
    assert client.get("/manifest.webmanifest?bahasa=en").data == client.get("/manifest.webmanifest").data


def test_the_page_without_signal_says_what_can_be_done(client: CheckedClient) -> None:
    page = client.page("/luring")
    assert words_of(page.all("h1")[0]) == "Tidak ada sinyal"
    assert "(021) 87929919" in words_of(page.all("main")[0])
