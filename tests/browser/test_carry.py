"""Titip kirim: a sealed kiriman goes from phone to phone, unread by who carries it, and counts once."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect
from sqlalchemy import func, select

from app.core.db import db
from app.offline.carried_rules import CarriedItem
from app.registry.models import Submission
from tests.browser.boxes import Box, everything_stored
from tests.browser.cameras import film, phone_with_camera, seen
from tests.browser.conftest import Complaints, Screen, Site, fits, new_context
from tests.browser.looking import axe_faults, keyboard_faults, size_faults
from tests.offline.carrying import parts_of, text_of

pytestmark = pytest.mark.browser
CANARY = "Koperasi Titipan Kenari"
LONG: Final[dict[str, Any]] = {  # every question answered at length
    "address": "Kampung Cibeureum Hilir RT 04 RW 11, sebelah warung Bu Haji Rohmah, dekat jembatan gantung",
    "main_activity": "Menjual sembako, pupuk dan bibit, simpan pinjam untuk anggota, mengolah hasil kebun dan ternak",
    "members_male": 124,
    "members_female": 231,
    "membership_area": "kabupaten",
    "nib": "9120001234567",
    "annual_turnover": "125.000.000",
    "chair_name": "Raden Muhammad Kusumawardhana Adiwijaya",
    "consent_public_contact": "y",
    "consent_whatsapp": "y",
}
OWN_READER = """self.BarcodeDetector = class {
  static getSupportedFormats() { return Promise.resolve(['qr_code', 'ean_13']); }
  detect() { self.looked = (self.looked || 0) + 1; return Promise.resolve((self.lying || []).map(rawValue => ({rawValue}))); }
}"""


@pytest.fixture
def giver(screen: Screen) -> Box:
    """A phone in the valley, with good pixels."""
    made = Box(screen(service_workers="block", device_scale_factor=2))
    made.opens()
    return made


@pytest.fixture
def carrier(chromium: Browser, site: Site) -> Iterator[Callable[[Path], Page]]:
    """``carrier(film)``: another phone whose camera sees the film, allowed to use it, on the page /titipan."""
    complaints = Complaints()
    open_phones = []

    def open_phone(shows: Path) -> Page:
        phone = phone_with_camera(chromium, shows)
        browser = phone.__enter__()
        open_phones.append(phone)
        page = new_context(browser, site, service_workers="block", permissions=["camera"]).new_page()
        complaints.listen(page, site.address)
        page.goto("/titipan")
        return page

    yield open_phone
    for phone in open_phones:
        phone.__exit__(None, None, None)
    assert not complaints, complaints


def codes(giver: Box, kept: str) -> list[bytes]:
    """Pictures of every code that the giver's screen shows, in turn."""
    giver.presses(kept, "Titip kirim (kode QR)")
    canvas = giver.page.locator("canvas")
    expect(canvas).to_have_attribute("data-part", re.compile(r"^1/[1-9]$"))
    of = int((canvas.get_attribute("data-part") or "")[2:])
    if of > 1:
        giver.page.get_by_role("button", name="Berhenti berganti").click()
    shots = {}
    for _ in range(of):
        shots[canvas.get_attribute("data-part")] = canvas.screenshot()
        if of > 1:
            giver.page.get_by_role("button", name="Kode berikutnya").click()
    giver.page.get_by_role("button", name="Tutup").click()
    assert len(shots) == of
    return list(shots.values())


def times_stored(site: Site, kept: str) -> int:
    """Records of that id."""
    with site.inside():
        found = select(func.count()).select_from(Submission).where(Submission.id == kept)
        return int(db.session.scalar(found) or 0)


def carried_item(**more: object) -> CarriedItem:
    """Something sealed to nobody: good enough to be carried."""
    given = {
        "address": "/koperasi/daftar",
        "submission_id": "3f0c9a52-8a7e-4c55-9d0b-0b6a1f2e4d11",
        "form_version": 1,
        "filled_at": 1_795_000_000_000,
        "sealed": "QUJD" * 100,
        **more,
    }
    return CarriedItem(**given)  # type: ignore[arg-type]


def has_item(page: Page, submission_id: str) -> bool:
    """It is in that phone's outbox."""
    return bool(page.evaluate("id => outbox.get(id).then(Boolean)", submission_id))


def without_deliveries(page: Page) -> None:
    """Until ``unroute_all``: the phone is in the valley, too."""
    page.route("**/*", lambda route: route.abort() if route.request.method == "POST" else route.fallback())


@pytest.mark.parametrize(("fields", "of"), [({}, 1), (LONG, 2)], ids=["short", "long"])
def test_from_screen_to_camera_to_the_office(
    giver: Box,
    carrier: Callable[[Path], Page],
    site: Site,
    tmp_path: Path,
    fields: dict[str, Any],
    of: int,
) -> None:
    without_deliveries(giver.page)
    kept = giver.keeps(name=CANARY, contact_name="Ibu Kenari Rahasia", **fields)
    shots = codes(giver, kept)
    assert len(shots) == of
    neighbour = carrier(film(tmp_path / "seen.mjpeg", reversed(shots)))
    without_deliveries(neighbour)
    neighbour.get_by_role("button", name="Buka kamera").click()
    expect(neighbour.locator("[data-carry] [data-said]")).to_contain_text(
        "Titipan tersimpan di HP ini", timeout=30_000
    )
    expect(neighbour.locator("video")).to_be_hidden()
    assert times_stored(site, kept) == 0
    stored = everything_stored(neighbour)
    assert kept in stored
    assert [word for word in (CANARY, "Kenari Rahasia", "0812-9999-7531", "sembako") if word in stored] == []
    neighbour.unroute_all()
    neighbour.get_by_role("link", name="Lihat kiriman di HP ini").click()
    Box(neighbour).counts(waiting=0, done=1)
    expect(neighbour.locator("#outbox article")).to_contain_text("Titipan sudah sampai")
    assert times_stored(site, kept) == 1
    giver.page.unroute_all()
    giver.page.evaluate("outbox.flush()")
    giver.counts(waiting=0, done=1)
    expect(giver.page.locator("#outbox article")).to_contain_text("dibawa orang lain.")
    number = giver.page.locator("#outbox .number").inner_text()
    assert number == neighbour.locator("#outbox .number").inner_text()
    assert times_stored(site, kept) == 1
    giver.page.get_by_role("link", name="Buka tanda terima").click()
    expect(giver.page.locator("[data-receipt]").first).to_have_attribute("data-receipt", number)
    assert CANARY not in everything_stored(neighbour)


def test_both_deliver_at_once_and_it_counts_once(giver: Box, screen: Screen, site: Site) -> None:
    without_deliveries(giver.page)
    kept = giver.keeps(name=CANARY)
    text = giver.text(kept)
    neighbour = screen(service_workers="block")
    neighbour.goto("/titipan")
    without_deliveries(neighbour)
    paste(neighbour, text)
    expect(neighbour.locator("[data-carry] [data-said]")).to_contain_text("Titipan tersimpan")
    for page in (giver.page, neighbour):
        page.unroute_all()
    giver.page.evaluate("void outbox.flush()")
    neighbour.evaluate("void outbox.flush()")
    giver.counts(waiting=0, done=1)
    neighbour.goto("/kotak-keluar")
    Box(neighbour).counts(waiting=0, done=1)
    assert times_stored(site, kept) == 1
    assert (
        giver.page.locator("#outbox .number").inner_text()
        == neighbour.locator("#outbox .number").inner_text()
    )


def paste(page: Page, text: str) -> None:
    """Into the box for text."""
    if not page.locator("#teks").is_visible():
        page.locator("[data-carry] summary").click()
    page.fill("#teks", text)
    page.get_by_role("button", name="Ambil dari teks").click()


def said(page: Page, words: str) -> None:
    """What the page tells now."""
    expect(page.locator("[data-carry] [data-said]")).to_contain_text(words)


@pytest.fixture
def neighbour(screen: Screen) -> Page:
    """A phone on /titipan from which nothing is delivered yet."""
    page = screen(service_workers="block")
    page.goto("/titipan")
    expect(page.get_by_role("button", name="Buka kamera")).to_be_visible()
    without_deliveries(page)
    return page


def test_by_text_among_other_words_in_parts_and_again(neighbour: Page) -> None:
    item = carried_item()
    paste(neighbour, "Halo, ini titipannya")
    said(neighbour, "Itu bukan titipan.")
    first, second = parts_of(item, most=400)
    paste(neighbour, second)
    said(neighbour, "Terbaca 1 dari 2. Ambil juga kode yang lain.")
    paste(neighbour, first)
    said(neighbour, "Titipan tersimpan di HP ini, belum terkirim.")
    assert has_item(neighbour, item.submission_id)
    paste(neighbour, "Tolong ya " + text_of(item))
    said(neighbour, "Kiriman ini sudah ada di HP ini.")
    other = carried_item(submission_id="3f0c9a52-8a7e-4c55-9d0b-0b6a1f2e4d12")
    third = carried_item(submission_id="3f0c9a52-8a7e-4c55-9d0b-0b6a1f2e4d13")
    paste(neighbour, text_of(other) + "\n" + text_of(third))
    said(neighbour, "2 titipan tersimpan")
    damaged = parts_of(carried_item(submission_id="3f0c9a52-8a7e-4c55-9d0b-0b6a1f2e4d14"))[0]
    paste(neighbour, damaged[:-3] + "ZZZ")
    said(neighbour, "Kodenya rusak.")


def test_what_came_damaged_may_come_again_whole(neighbour: Page) -> None:
    item = carried_item()
    paste(neighbour, text_of(item)[:-8])
    said(neighbour, "Titipan tersimpan di HP ini, belum terkirim.")
    neighbour.evaluate(
        "id => outbox.get(id).then(one => outbox.put({...one, state: 'needs_you'}))", item.submission_id
    )
    paste(neighbour, text_of(item))
    expect(neighbour.locator("#teks")).to_have_value("")  # it was taken
    said(neighbour, "Titipan tersimpan di HP ini, belum terkirim.")
    kept = neighbour.evaluate("id => outbox.get(id)", item.submission_id)
    assert (kept["state"], kept["sealed"]) == ("waiting", item.sealed)
    neighbour.evaluate(
        "id => outbox.get(id).then(one => outbox.put({...one, state: 'done'}))", item.submission_id
    )
    neighbour.reload()
    paste(neighbour, text_of(item))
    said(neighbour, "Kiriman ini sudah ada di HP ini.")
    assert neighbour.evaluate("id => outbox.get(id)", item.submission_id)["state"] == "done"


def test_by_file(neighbour: Page, tmp_path: Path) -> None:
    item = carried_item()
    path = tmp_path / "kiriman-3f0c9a52.txt"
    path.write_text(text_of(item) + "\n", encoding="utf-8")
    neighbour.set_input_files("#berkas", path)
    said(neighbour, "Titipan tersimpan")
    assert has_item(neighbour, item.submission_id)


def photo(shot: bytes, seed: int) -> FilePayload:
    """A picture taken of a screen."""
    return {"name": f"{seed}.jpg", "mimeType": "image/jpeg", "buffer": seen(shot, random.Random(seed))}


def test_by_photo(giver: Box, neighbour: Page, tmp_path: Path) -> None:
    without_deliveries(giver.page)
    kept = giver.keeps(name=CANARY, **LONG)
    neighbour.set_input_files("#foto", photo(giver.page.screenshot(), 3))
    said(neighbour, "Kode tidak terbaca di foto itu.")
    for shot in codes(giver, kept):
        for attempt in range(8):
            neighbour.set_input_files("#foto", photo(shot, attempt))
            expect(neighbour.locator("#foto")).to_have_value("")
            if "tidak terbaca" not in neighbour.locator("[data-carry] [data-said]").inner_text():
                break
    said(neighbour, "Titipan tersimpan")
    assert has_item(neighbour, kept)


def test_the_phones_own_reader_is_asked_first_and_ours_when_it_is_blind(
    giver: Box, carrier: Callable[[Path], Page], tmp_path: Path
) -> None:
    without_deliveries(giver.page)
    kept = giver.keeps(name=CANARY)
    page = carrier(film(tmp_path / "seen.mjpeg", codes(giver, kept)))
    without_deliveries(page)
    page.add_init_script(OWN_READER)
    item = carried_item()
    page.goto("/titipan")
    page.evaluate("text => { self.lying = [text]; }", parts_of(item)[0])
    page.get_by_role("button", name="Buka kamera").click()
    said(page, "Titipan tersimpan")
    assert has_item(page, item.submission_id)
    assert not page.evaluate("'readQr' in self")
    page.evaluate("() => { self.lying = ['https://example.com/iklan']; }")
    page.get_by_role("button", name="Buka kamera").click()
    said(page, "Ini kode QR lain, bukan titipan kami.")
    assert size_faults(page) + axe_faults(page) == []
    page.screenshot(path=tmp_path / "looking.png")
    page.evaluate("() => { self.lying = []; }")
    expect(page.locator("[data-carry] [data-said]")).to_contain_text("Titipan tersimpan", timeout=30_000)
    assert has_item(page, kept)


def test_without_leave_to_use_the_camera_the_other_ways_are_offered(neighbour: Page) -> None:
    neighbour.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError')); }"
    )
    neighbour.get_by_role("button", name="Buka kamera").click()
    said(neighbour, "Kamera belum diizinkan.")
    expect(neighbour.locator("#teks")).to_be_visible()


def test_without_a_camera_the_other_ways_are_offered(neighbour: Page) -> None:
    neighbour.get_by_role("button", name="Buka kamera").click()
    said(neighbour, "Kamera tidak bisa dipakai di sini.")
    expect(neighbour.locator("#foto")).to_be_visible()


def test_the_page_is_for_everybody(neighbour: Page) -> None:
    neighbour.locator("[data-carry] summary").click()
    assert size_faults(neighbour) + axe_faults(neighbour) == []
    assert fits(neighbour)
    neighbour.set_viewport_size({"width": 1280, "height": 900})
    neighbour.emulate_media(color_scheme="dark")
    assert axe_faults(neighbour) + keyboard_faults(neighbour) == []


def test_only_this_page_may_use_the_camera(neighbour: Page, site: Site) -> None:
    for address, allowed in (
        ("/titipan", "camera=(self)"),
        ("/kotak-keluar", "camera=()"),
        ("/", "camera=()"),
    ):
        policy = neighbour.request.get(site.address + address).headers["permissions-policy"]
        assert policy.split(", ")[0] == allowed


def test_two_phones_in_the_valley_without_any_signal(
    chromium: Browser, site: Site, tmp_path: Path, screen: Screen
) -> None:
    """Neither phone reaches anything: the worker has what both need, though neither opened these pages before."""
    giver = Box(screen(device_scale_factor=2))
    giver.page.goto("/")
    giver.is_installed()
    giver.has_no_signal()
    giver.opens()
    kept = giver.keeps(name=CANARY)
    shows = film(tmp_path / "seen.mjpeg", codes(giver, kept))
    with phone_with_camera(chromium, shows) as browser:
        neighbour = new_context(browser, site, permissions=["camera"]).new_page()
        neighbour.goto("/")
        carrier = Box(neighbour)
        carrier.is_installed()
        carrier.has_no_signal()
        neighbour.goto("/titipan")
        neighbour.get_by_role("button", name="Buka kamera").click()
        expect(neighbour.locator("[data-carry] [data-said]")).to_contain_text(
            "Titipan tersimpan di HP ini", timeout=30_000
        )
        carrier.has_signal()
        carrier.opens()
        carrier.counts(waiting=0, done=1)
        assert CANARY not in everything_stored(neighbour)
    assert times_stored(site, kept) == 1
    giver.has_signal()
    giver.opens()
    giver.counts(waiting=0, done=1)
    expect(giver.page.locator("#outbox article")).to_contain_text("dibawa orang lain")
    assert times_stored(site, kept) == 1
