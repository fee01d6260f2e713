"""A registration is returned, mended, accepted by the officer of that kecamatan, told, and found by a stranger."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Screen, fits
from tests.browser.people import Citizen, Officer

pytestmark = pytest.mark.browser
NAME = "Koperasi Bunga Cempaka Wilis"


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_from_the_phone_to_the_public_record(screen: Screen, javascript: bool) -> None:
    name = NAME if javascript else "Koperasi Gending Sriwijaya Kulon"
    citizen = Citizen(screen(javascript=False))
    citizen.registers(name)

    officer = Officer(screen(who="officer", width=1280, javascript=javascript))
    officer.opens(name)
    case = officer.page.url
    officer.returns("address", "Tulis nama kampung dan RT/RW")
    assert fits(officer.page)

    citizen.opens_the_returned()
    expect(citizen.page.locator("main")).to_contain_text("Tulis nama kampung dan RT/RW")
    assert citizen.questions() == ["address"], "only what came back is open"
    citizen.page.fill("#address", "Kp. Sawah RT 02/RW 05")
    citizen.page.get_by_role("button", name="Kirim perbaikan").click()
    citizen.arrives_at_a_receipt()

    stranger_to_the_area = screen(who="other_officer", width=1280)
    answer = stranger_to_the_area.goto(case)
    assert answer is not None
    assert answer.status == 404

    officer.opens(name)
    officer.accepts()
    officer.tells()
    officer.page.goto("/petugas/kabari")
    assert not officer.page.locator("tr", has_text=name).count(), "told, so it is off the desk"

    stranger = screen(javascript=javascript)
    stranger.goto("/koperasi")
    stranger.fill("#cari", name.replace("Cempaka", "Cempxka").replace("Gending", "Gendimg"))
    stranger.keyboard.press("Enter")
    found = stranger.locator("[data-record]", has_text=name)
    expect(found).to_have_count(1)
    found.locator("a").first.click()
    expect(stranger.locator("h1")).to_contain_text(name)
    assert "9999-7531" not in stranger.content(), "no number without consent"
    assert fits(stranger)
