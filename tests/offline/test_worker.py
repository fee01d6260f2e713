"""The service worker as it is sent, and every address of the kit that it keeps on phones."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask import Flask

from app.core.access import Access, access_of
from app.core.assets import asset
from app.core.db import db
from app.core.on_phone import keep_page, on_phone
from app.offline.precache import kit
from app.offline.release import release
from tests.checked_client import CheckedClient
from tests.conftest import make_app
from tests.databases import Database

PROJECT = Path(__file__).resolve().parents[2]
RULES = PROJECT / "app" / "static" / "sw" / "rules.js"
KIT_BYTES = 80 * 1024
WORKER_BYTES = 350  # the kit, as sent; what it does is in app.js
FETCHED = {"Sec-Fetch-Mode": "cors"}  # as the worker asks, not as a person opens a page


def sent(client: CheckedClient) -> tuple[dict[str, Any], str]:
    """The worker's first line and its code."""
    line, code = client.get("/sw.js", check=False).get_data(as_text=True).split("\n", 1)
    assert line.startswith("self.KIT={")
    told: dict[str, Any] = json.loads(line.removeprefix("self.KIT=").removesuffix(";"))
    return told, code


# --- the worker itself --------------------------------------------------------------------------------------------


def test_the_worker_is_asked_for_at_every_visit_and_mostly_says_as_before(client: CheckedClient) -> None:
    answer = client.get("/sw.js", check=False)
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    again = client.get("/sw.js", headers={"If-None-Match": answer.headers["ETag"]}, check=False)
    assert (again.status_code, again.data) == (304, b"")


def test_it_is_small_and_packed(client: CheckedClient, figure: Callable[[str], None]) -> None:
    answer = client.get("/sw.js", headers={"Accept-Encoding": "br"}, check=False)
    assert answer.headers["Content-Encoding"] == "br"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert brotli.decompress(answer.data) == client.get("/sw.js", check=False).data
    figure(f"{len(answer.data):6} bytes  /sw.js")
    assert len(answer.data) <= WORKER_BYTES


def test_it_runs_the_script_that_pages_have_already(client: CheckedClient) -> None:
    told, code = sent(client)
    assert code == f"importScripts('{asset('app.js')}');\n"
    assert client.get(asset("app.js"), check=False).status_code == 200
    assert asset("app.js") in told["kit"]


def test_its_first_line_is_the_kit(client: CheckedClient) -> None:
    told, _ = sent(client)
    assert (tuple(told["kit"]), tuple(told["extras"])) == (kit().kit, kit().extras)
    assert {"/koperasi/daftar", "/luring", "/kotak-keluar", "/kunci", "/wilayah/semua.txt"} <= set(
        told["kit"]
    )


def personal() -> re.Pattern[str]:
    """The worker's own list of what is never kept."""
    found = re.search(r"PERSONAL = /(.+)/;", RULES.read_text(encoding="utf-8"))
    assert found
    return re.compile(found[1].replace("\\/", "/"))


def test_the_worker_knows_every_door_that_is_not_for_everybody(app: Flask) -> None:
    guarded = [r.rule for r in app.url_map.iter_rules() if access_of(app, r.endpoint) is not Access.PUBLIC]
    tokens = ["/tanda-terima/x", "/tautan/x", "/status", "/masuk", "/keluar", "/kiriman/status"]
    assert guarded
    assert [rule for rule in [*guarded, *tokens] if not personal().match(rule)] == []


def test_nothing_of_the_kit_is_for_one_person(app: Flask) -> None:
    assert [url for url in (*kit().kit, *kit().extras) if personal().match(url)] == []
    assert not personal().match("/statistik")


# --- the kit ------------------------------------------------------------------------------------------------------


def faults(client: CheckedClient, urls: tuple[str, ...]) -> list[str]:
    """What would make the worker refuse, or keep something that is not for everybody."""
    found = []
    for url in urls:
        answer = client.get(url, headers=FETCHED, check=False)
        if answer.status_code != 200:
            found.append(f"{url}: {answer.status}")
        if "no-store" in answer.headers["Cache-Control"]:
            found.append(f"{url}: may not be kept")
        if "Set-Cookie" in answer.headers:
            found.append(f"{url}: sets a cookie")
        if answer.mimetype == "text/html" and "HX-Request" not in answer.headers["Vary"]:
            found.append(f"{url}: does not look like a page of ours")
    return found


def test_every_address_of_the_kit_answers_a_stranger(client: CheckedClient) -> None:
    assert faults(client, kit().kit + kit().extras) == []


@pytest.mark.parametrize(
    ("url", "words"), [("/tidak-ada", "404"), ("/akun", "303"), ("/masuk", "may not be kept")]
)
def test_an_address_that_does_not_belong_into_the_kit_is_noticed(
    app: Flask, client: CheckedClient, url: str, words: str
) -> None:
    keep_page(app, url)
    try:
        assert any(words in fault for fault in faults(client, kit().kit))
    finally:
        del on_phone().pages[url]


def test_kept_pages_name_only_files_that_are_kept(client: CheckedClient) -> None:
    known = set(kit().kit) | set(kit().extras)
    for url in (url for url in known if not url.startswith("/static/")):
        named = set(
            re.findall(r'(?:src|href|data-[\w-]+)="(/static/[^"]+)"', client.get(url).get_data(as_text=True))
        )
        assert named <= known, url


def test_a_kept_page_names_nobody(client: CheckedClient, sign_in: Callable[[str], CheckedClient]) -> None:
    """Whoever is signed in gets pages that may not be kept; the worker asks without cookies and gets the others."""
    officer = sign_in("officer")
    for url in [url for url, _ in on_phone().pages.items()]:
        answer = client.get(url)
        if answer.mimetype == "text/html":
            assert answer.headers["Cache-Control"] == "private, no-cache"
            assert officer.get(url).headers["Cache-Control"] == "no-store"


def test_the_kit_is_cheap(client: CheckedClient, figure: Callable[[str], None]) -> None:
    """What a phone fetches once per release beside the page that it opened; unchanged parts cost nothing again."""
    packed = {"Accept-Encoding": "br"}
    sizes = {url: len(client.get(url, headers=packed, check=False).data) for url in kit().kit + kit().extras}
    for url, size in sorted(sizes.items(), key=lambda item: -item[1]):
        figure(f"{size:6} bytes  {url}")
    figure(f"{sum(sizes.values()):6} bytes  the kit and its extras")
    assert sum(sizes.values()) <= KIT_BYTES


def test_a_kept_page_that_is_as_before_costs_only_a_line(client: CheckedClient) -> None:
    before = client.get("/koperasi/daftar")
    tag = {"If-None-Match": before.headers["ETag"]}
    again = client.get("/koperasi/daftar", headers={**tag, **FETCHED})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/luring", headers={**tag, **FETCHED}).status_code == 200


def test_a_person_always_gets_a_form_with_an_id_of_its_own(client: CheckedClient) -> None:
    def form_id(headers: dict[str, str]) -> str:
        answer = client.get("/koperasi/daftar", headers={"Accept-Encoding": "br", **headers}, check=False)
        assert answer.status_code == 200
        found = re.search(rb'name="submission_id"[^>]*value="([^"]+)"', brotli.decompress(answer.data))
        assert found
        return found[1].decode()

    tag = client.get("/koperasi/daftar").headers["ETag"]
    ids = {form_id({"If-None-Match": tag, **mode}) for mode in ({}, {"Sec-Fetch-Mode": "navigate"})}
    assert len(ids) == 2


def test_what_was_searched_for_is_not_kept(client: CheckedClient) -> None:
    for url in ("/koperasi?cari=tani", "/koperasi/daftar?nama=Tani", "/status", "/masuk"):
        assert client.get(url).headers["Cache-Control"] == "no-store"
    assert client.get("/bantuan?bahasa=su").headers["Cache-Control"] == "private, no-cache"


# --- releases -----------------------------------------------------------------------------------------------------


def release_of(database: Database, instance: Path, **environ: str) -> str:
    """The release that an application with these settings would tell."""
    other = make_app(instance, database.url, **environ)
    with other.app_context():
        found = release()
        db.engine.dispose()
    return found


def test_a_release_changes_with_what_kept_pages_show(
    app: Flask, database: Database, instance: Path, tmp_path: Path, at: Callable[[str], None]
) -> None:
    now = release()
    assert release_of(database, instance) == now
    others = [
        release_of(database, instance, OFFICE_HOURS="Senin"),
        release_of(database, instance, PRACTICE_MODE="on"),
        release_of(database, instance, DECISION_DAYS="5"),
        release_of(database, tmp_path),  # another key to seal to
    ]
    at("2027-01-04T09:00+07:00")  # forms offer other years
    others.append(release())
    assert len({now, *others}) == 6


def test_the_switch_off_sends_the_worker_that_takes_itself_back(database: Database, instance: Path) -> None:
    off = make_app(instance, database.url, SERVICE_WORKER="off")
    client = off.test_client()
    assert isinstance(client, CheckedClient)
    code = client.get("/sw.js", check=False).get_data(as_text=True)
    assert "unregister" in code
    assert "caches.delete" in code
    assert "indexedDB" not in code
    assert "KIT" not in code
    assert "data-update" not in client.get("/bantuan").get_data(as_text=True)
    with off.app_context():
        db.engine.dispose()
