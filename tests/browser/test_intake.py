"""The desk takes carried submissions in, with scripts and without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from app.core.office_key import public_key
from app.offline.carried_rules import CarriedItem
from tests.browser.conftest import Site
from tests.factories.cooperatives import new_id, registration
from tests.factories.sealing import seal_item
from tests.offline.carrying import parts_of, text_of

Screen = Callable[..., Page]
DESK = "/petugas/titipan"


def line_of(site: Site, **fields: Any) -> str:
    with site.inside():
        item = seal_item(public_key(), "/koperasi/daftar", new_id(), registration(**fields))
    return text_of(CarriedItem(item.address, item.submission_id, 1, 1795000000000, item.sealed))


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_pasted_text_is_taken_in(site: Site, screen: Screen, javascript: bool, width: int) -> None:
    page = screen(who="officer", javascript=javascript, width=width)
    page.goto(DESK)
    good, wrong = line_of(site), line_of(site, name="")
    page.get_by_label("Teks kiriman").fill(f"{good}\n{wrong}\n")
    page.get_by_role("button", name="Terima titipan").click()
    page.get_by_role("heading", name="Hasilnya").wait_for()
    assert page.get_by_text("Titipan sudah sampai").count() == 1
    assert page.get_by_text("Titipan ini perlu pemiliknya").count() == 1
    assert page.locator("[data-receipt]").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_file_is_taken_in(site: Site, screen: Screen) -> None:
    page = screen(who="officer")
    page.goto(DESK)
    page.get_by_label("Berkas kiriman").set_input_files(
        {"name": "kiriman.txt", "mimeType": "text/plain", "buffer": line_of(site).encode()}
    )
    page.get_by_role("button", name="Terima titipan").click()
    page.get_by_text("Titipan sudah sampai").wait_for()


# what a phone with a reader of its own would see: the texts of window.codes, one after the other
CAMERA = """
const canvas = document.createElement("canvas");
const pen = canvas.getContext("2d");
setInterval(() => { pen.fillStyle = "hsl(" + Date.now() % 360 + " 50% 50%)"; pen.fillRect(0, 0, 9, 9); }, 50);
Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia: async () => canvas.captureStream(5) } });
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { const code = window.codes && window.codes.shift(); return code ? [{ rawValue: code }] : []; }
};
"""


def test_codes_are_scanned_at_the_desk(site: Site, screen: Screen) -> None:
    """In any order, some twice, among codes of others."""
    with site.inside():
        item = seal_item(public_key(), "/koperasi/daftar", new_id(), registration())
    parts = parts_of(CarriedItem(item.address, item.submission_id, 1, 1795000000000, item.sealed), most=200)
    assert len(parts) > 2
    page = screen(who="officer")
    page.add_init_script(CAMERA)
    page.goto(DESK)
    page.get_by_role("button", name="Pindai kode QR").click()
    page.evaluate("codes => { window.codes = codes }", ["https://lain.example", *reversed(parts), *parts])
    page.get_by_text(f"Terbaca {len(parts)} kode").wait_for()
    written = page.get_by_label("Teks kiriman").input_value().split()
    assert sorted(written) == sorted(parts)
    page.get_by_role("button", name="Tutup kamera").click()
    page.get_by_role("button", name="Terima titipan").click()
    page.get_by_text("Titipan sudah sampai").wait_for()


def test_without_a_camera_the_other_ways_stay(site: Site, screen: Screen) -> None:
    page = screen(who="officer")
    page.add_init_script(
        "Object.defineProperty(navigator, 'mediaDevices', "
        "{ value: { getUserMedia: async () => { throw new DOMException('x', 'NotFoundError'); } } });"
    )
    page.goto(DESK)
    page.get_by_role("button", name="Pindai kode QR").click()
    page.get_by_text("Kamera tidak bisa dipakai di sini").wait_for()
    assert page.get_by_role("button", name="Terima titipan").is_visible()
