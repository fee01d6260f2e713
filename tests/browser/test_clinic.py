"""A time at the clinic, as people get one: by touch, by the keyboard alone, without JavaScript, without signal."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.clinic.models import Booking, Wish
from app.core.db import db
from tests.browser.conftest import Screen, Site, fits
from tests.browser.looking import axe_faults, size_faults
from tests.browser.senders import PHONE, Sender, until
from tests.browser.test_keyboard import press, tab_to, write
from tests.clinic.public import code
from tests.factories.clinic import TUESDAY, make_desk, make_expert, open_clinic, put_on_duty, slots, wib

pytestmark = pytest.mark.browser
MONDAY = date(2026, 11, 23)
NAME = "Neng Kenari Wulansari"


@pytest.fixture(scope="module")
def day(site: Site) -> date:
    """A day with three experts at their desks, and the next one too."""
    chosen = TUESDAY + timedelta(days=7)
    with site.inside():
        open_clinic(experts=3, days=(chosen, chosen + timedelta(days=1)))
    return chosen


def address(day: date) -> str:
    """The times of that day."""
    return f"/klinik/jadwal?layanan=koperasi&tanggal={day}"


def test_a_time_is_chosen_held_and_booked_on_a_phone(screen: Screen, day: date) -> None:
    page = screen()
    page.goto(address(day))
    until(page, "'htmx' in window")
    page.locator(f"#day a[href*='{day + timedelta(days=1)}']").click()
    slot = code(wib(day + timedelta(days=1), "10.00"))
    page.locator(f"input[value='{slot}'] + label").click()
    page.locator("#tahan").click()
    expect(page.locator("#day .note.ok")).to_contain_text("kami simpan untuk Bapak/Ibu")
    expect(page.locator(f"input[value='{slot}']")).to_be_checked()
    assert page.url.endswith(str(day)), "the address says nothing of what is typed"
    page.locator("[data-steps-next]").click()
    page.locator("label[for=topic-1]").click()
    page.locator("[data-steps-next]").click()
    page.locator("[data-steps-next]").click()
    page.fill("#name", NAME)
    page.fill("#phone", "0812-9999-1001")
    assert fits(page)
    page.locator("[data-steps-next]").click()
    page.locator("[data-submit]").click()
    expect(page).to_have_url(re.compile("/klinik/pesanan/"))
    expect(page.locator("main")).to_contain_text("10.00")
    assert NAME not in page.content()


def test_another_way_to_meet_brings_other_times_without_a_new_page(
    screen: Screen, site: Site, day: date
) -> None:
    with site.inside():
        expert = make_expert()
        put_on_duty(expert, day)
        slots(day, day)
    page = screen()
    page.goto(f"{address(day)}&narasumber={expert}")
    until(page, "'htmx' in window")
    expect(page.locator("#day")).to_contain_text("Tidak ada jam kosong")
    page.evaluate("window.same = true")
    page.locator("label[for=cara-online]").click()
    expect(page.locator("#day input[name=slot]")).to_have_count(6)
    expect(page.locator("#day input[name=mode]")).to_have_value("online")
    assert page.evaluate("window.same"), "the page is still the same"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_time_is_booked_by_the_keyboard_alone(screen: Screen, day: date, scripts: bool) -> None:
    page = screen(javascript=scripts)
    page.goto("/klinik")
    press(page, "main a[href*='slot=koperasi']")
    expect(page.locator("#day input[name=slot]:checked")).to_have_count(1)
    page.goto(address(day))
    tab_to(page, "input[name=slot]")
    page.keyboard.press("Space")
    _go_on(page, scripts)
    tab_to(page, "input[name=topic]")
    page.keyboard.press("Space")
    _go_on(page, scripts)
    _go_on(page, scripts)
    write(page, "#name", NAME)
    write(page, "#phone", f"0812-9999-100{2 + scripts}")
    _go_on(page, scripts)
    press(page, "[data-submit]")
    expect(page).to_have_url(re.compile("/klinik/pesanan/"))
    press(page, "main a[href$='/ubah']")
    expect(page).to_have_url(re.compile("/ubah$"))
    page.goto(f"{page.url}?tanggal={day + timedelta(days=1)}")
    tab_to(page, "input[name=slot]")
    page.keyboard.press("Space")
    press(page, "main form button.button")
    expect(page).to_have_url(re.compile("/klinik/pesanan/[^/]+$"))
    press(page, "main details summary")
    press(page, "form[action$='/batal'] button")
    expect(page.locator("main")).to_contain_text("Dibatalkan sendiri")


def _go_on(page: Page, scripts: bool) -> None:
    if scripts:
        press(page, "[data-steps-next]")


def test_a_wish_written_without_signal_arrives_once(screen: Screen, site: Site) -> None:
    sender = Sender(screen())
    sender.opens("/klinik/minta-jadwal")
    page = sender.page
    page.locator("label[for=days-1]").click()
    sender.goes_on()
    page.locator("label[for=topic-4]").click()
    sender.goes_on()
    page.locator("label[for=client_type-1]").click()
    sender.goes_on()
    sender.goes_on()
    page.fill("#name", NAME)
    page.fill("#phone", PHONE)
    sender.loses_signal()
    identity = sender.sends()
    sender.sees_it_waiting()
    sender.leaves_no_trace(NAME, PHONE)
    sender.has_signal()
    sender.sees_it_sent()
    with site.inside():
        kept = db.session().scalars(select(Wish.weekdays).where(Wish.submission_id == identity)).all()
    assert kept == ["1"]


def test_a_walk_in_noted_without_signal_arrives_once(screen: Screen, site: Site) -> None:
    name = "Ibu Kenari Tanpa Sinyal"
    with site.inside():
        expert = make_expert(f"Narasumber {name}")
        put_on_duty(expert, MONDAY, desk_id=make_desk("Meja balai desa"))
        slots(MONDAY)
    sender = Sender(screen(who="officer"))
    sender.opens("/petugas/klinik/tamu")
    page = sender.page
    option = page.locator("#slot option", has_text=f"10.30 WIB · Narasumber {name}")
    page.select_option("#slot", option.get_attribute("value"))
    page.fill("#name", name)
    page.fill("#phone", "0812-9999-1077")
    page.locator("label[for=client_type-0]").click()
    page.locator("label[for=topic-1]").click()
    page.fill("#description", "Soal buku kas kenari")
    page.locator("label[for=spoken_consent]").click()
    sender.loses_signal()
    identity = sender.sends()
    sender.sees_it_waiting()
    assert fits(page)
    assert not axe_faults(page) + size_faults(page)
    sender.leaves_no_trace(name, "Soal buku kas kenari")
    sender.has_signal()
    sender.sees_it_sent()
    page.evaluate("outbox.flush()")
    with site.inside():
        kept = db.session().scalars(select(Booking).where(Booking.expert_id == expert)).all()
    assert [(one.submission_id, one.walk_in, one.status) for one in kept] == [(identity, True, "arrived")]
    page.locator("[data-kept=sent] [data-state=done] a").click()
    expect(page.locator("h1")).to_contain_text(name)
    sender.leaves_no_trace(name, "Soal buku kas kenari")


def test_the_front_page_tells_the_next_times_by_itself(screen: Screen, day: date) -> None:
    page = screen()
    page.goto("/")
    expect(page.locator("#terdekat a[href*='slot=koperasi']")).to_be_visible()
