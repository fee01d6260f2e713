"""The app looks after its own receipts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Screen
from tests.browser.people import Citizen

pytestmark = pytest.mark.browser


def test_a_receipt_is_found_again_at_home_and_forgotten_on_demand(screen: Screen) -> None:
    paper = Citizen(screen(javascript=False))
    paper.registers("Koperasi Tanda Terima Rapi")
    page = screen()
    page.goto("/")
    expect(page.locator("[data-receipts]")).to_be_hidden()
    page.goto(paper.receipt)
    for place in ("/", "/status"):
        page.goto(place)
        expect(page.locator("[data-receipts]")).to_contain_text(paper.number)
    expect(page.locator("[data-receipts]")).not_to_contain_text("Rapi")  # a shared phone names nobody
    page.locator("[data-receipts] li", has_text=paper.number).locator("a").click()
    expect(page.locator("[data-receipt]").first).to_have_attribute("data-receipt", paper.number)
    page.goto("/")
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("[data-receipts] button").click()
    expect(page.locator("[data-receipts]")).to_be_hidden()
    page.reload()
    expect(page.locator("[data-receipts]")).to_be_hidden()


def test_the_status_page_finds_it_by_number_and_digits(screen: Screen) -> None:
    citizen = Citizen(screen(javascript=False))
    citizen.registers("Koperasi Lihat Kiriman", phone="0812-7777-4321")
    page = citizen.page
    page.goto("/status")
    page.fill("#number", citizen.number)
    page.fill("#phone_last4", "0000")
    page.get_by_role("button", name="Lihat", exact=True).click()
    expect(page.locator("[data-summary]")).to_be_visible()
    page.fill("#phone_last4", "4321")
    page.get_by_role("button", name="Lihat", exact=True).click()
    expect(page.locator("main")).to_contain_text(citizen.number)


# axe does not look at what a stylesheet puts before an element
NUMBER_CONTRAST = """li => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const { color, backgroundColor } = getComputedStyle(li, "::before");
  const [low, high] = [light(color), light(backgroundColor)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_numbers_of_the_steps_can_be_read(screen: Screen, scheme: str) -> None:
    paper = Citizen(screen(javascript=False))
    paper.registers(f"Koperasi Langkah {scheme}")
    page = screen(color_scheme=scheme)
    page.goto(paper.receipt)
    steps = page.locator("main .steps li")
    assert steps.count() >= 3
    assert page.locator("main .steps .now").count() == 1
    for number in range(steps.count()):
        assert steps.nth(number).evaluate(NUMBER_CONTRAST) >= 7, f"{scheme}, step {number + 1}"
