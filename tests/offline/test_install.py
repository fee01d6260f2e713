"""The manifest, what is shared with us, and the page without signal."""

from __future__ import annotations

import io

from flask import Flask
from PIL import Image

from app.core.assets import DIST
from app.core.language import say
from app.core.on_phone import add_shortcut, on_phone
from tests.checked_client import CheckedClient
from tests.page_rules import Inspected, endpoint_of, words_of


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


def test_a_room_adds_its_own_shortcut(app: Flask, client: CheckedClient) -> None:
    add_shortcut(app, say("Bantuan"), "/bantuan", order=5)
    try:
        names = [door["name"] for door in client.get("/manifest.webmanifest").get_json()["shortcuts"]]
    finally:
        on_phone().shortcuts.pop()
    assert names == [
        "Bantuan",
        "Daftarkan koperasi",
        "Cari koperasi",
        "Cek kiriman saya",
        "Konsultasi gratis",
        "Kiriman di HP ini",
    ]


def test_the_screenshots_are_small_and_as_large_as_they_say(client: CheckedClient) -> None:
    shown = client.get("/manifest.webmanifest").get_json()["screenshots"]
    assert [one["form_factor"] for one in shown] == ["narrow", "narrow", "wide"]
    for one in shown:
        content = client.get(one["src"], check=False).data
        assert len(content) <= 40 * 1024
        assert "x".join(map(str, Image.open(io.BytesIO(content)).size)) == one["sizes"]
        assert one["label"]


def shared(page: Inspected) -> str:
    """The text as the page shows it; '' when there is none."""
    return "".join(words_of(e) for e in page.all("p") if e.get("id") == "teks")


def test_another_application_shares_a_text_with_us(app: Flask, client: CheckedClient) -> None:
    target = client.get("/manifest.webmanifest").get_json()["share_target"]
    assert endpoint_of(app, target["action"], target["method"])
    given = {"title": "Koperasi <Maju>", "text": "Apa benar & resmi?", "url": "https://contoh.example/x"}
    query = {target["params"][name]: value for name, value in given.items()}
    answer = client.get(target["action"], query_string=query)
    assert answer.headers["Cache-Control"] == "no-store"
    page = client.parsed(answer)
    assert shared(page) == "Koperasi <Maju> Apa benar & resmi? https://contoh.example/x"
    field = next(e for e in page.all("input") if e.get("name") == "cari")
    assert field.get("value") == "Koperasi <Maju>"
    mail = next(
        e.get("href", "")
        for e in page.all("a")
        if e.get("href", "").startswith("mailto:") and "body=" in e.get("href", "")
    )
    assert "body=Koperasi%20%3CMaju%3E%0AApa%20benar%20%26%20resmi%3F%0Ahttps" in mail


def test_nothing_or_far_too_much_shared_is_no_fault(client: CheckedClient) -> None:
    assert shared(client.page("/bagikan")) == ""
    long = client.page("/bagikan?teks=" + "kata%20" * 400)
    assert len(shared(long)) <= 1000
    twice = client.page("/bagikan?judul=Sama&teks=Sama&tautan=")
    assert shared(twice) == "Sama"


def test_the_manifest_is_the_same_in_every_language(client: CheckedClient) -> None:
    assert client.get("/manifest.webmanifest?bahasa=en").data == client.get("/manifest.webmanifest").data


def test_the_page_without_signal_says_what_can_be_done(client: CheckedClient) -> None:
    page = client.page("/luring")
    assert words_of(page.all("h1")[0]) == "Tidak ada sinyal"
    words = words_of(page.all("main")[0])
    assert "(021) 87929919" in words
    assert "Kalau datanya dihapus, kiriman itu tidak bisa dikembalikan" in words
    ways = {link.get("href") for link in page.all("main")[0].iter("a")}
    assert {"/koperasi/daftar", "/kotak-keluar", "/koperasi/saku"} <= ways
