"""A session at the desk, in the browser: has come, is called, the big screen says so by itself, what came of it."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Screen, Site, fits
from tests.factories.clinic import asked, make_desk, make_expert, put_on_duty, slots, wib
from tests.factories.clinic_day import CLINIC, appointment, booking, give_account

pytestmark = pytest.mark.browser
MONDAY = date(2026, 11, 23)
SCREEN_SECONDS = 15


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_after_a_touch_the_keyboard_is_still_at_the_same_person(
    screen: Screen, site: Site, javascript: bool
) -> None:
    with site.inside():
        expert = make_expert(f"Narasumber papan ketik {javascript}")
        put_on_duty(expert, MONDAY, desk_id=make_desk(f"Meja papan ketik {javascript}"))
        slots(MONDAY)
        one = appointment(
            wib(MONDAY, "11.30"), "Bu Kiki Ketik", None, asked=asked(expert_id=expert), at_desk=True
        )
    desk = screen(who="officer", width=1280, javascript=javascript)
    desk.goto(CLINIC)
    seat = desk.locator(f'[data-booking="{one}"]')
    seat.get_by_role("button", name="Sudah datang").focus()
    desk.keyboard.press("Enter")
    expect(seat.locator(".tag")).to_have_text("Sudah datang")
    expect(seat).to_be_in_viewport()
    desk.keyboard.press("Tab")  # the name
    desk.keyboard.press("Tab")
    expect(seat.get_by_role("button", name="Panggil")).to_be_focused()

    desk.goto(f"{CLINIC}/janji/{one}")
    desk.get_by_role("button", name="Panggil").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(".decision .tag")).to_contain_text("Sedang konsultasi")
    if javascript:
        expect(desk.locator(".decision")).to_be_focused()


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_from_the_door_to_the_result(screen: Screen, site: Site, javascript: bool) -> None:
    name = "Ibu Lasmi Widuri" if javascript else "Pak Karna Sobari"
    with site.inside():
        expert = make_expert(f"Narasumber {name}")
        put_on_duty(expert, MONDAY, desk_id=make_desk(f"Meja {name.split()[1]}"))
        slots(MONDAY)
        one = appointment(wib(MONDAY, "09.30"), name, None, asked=asked(expert_id=expert), at_desk=True)
        if javascript:
            give_account(expert, site.cast["expert"].account_id)
    wall = screen(who="officer", width=1280, javascript=javascript)
    wall.goto(f"{CLINIC}/layar")
    desk = screen(who="officer", width=1280, javascript=javascript)
    desk.goto(CLINIC)
    seat = desk.locator(f'[data-booking="{one}"]')
    seat.get_by_role("button", name="Sudah datang").click()
    expect(seat.locator(".tag")).to_have_text("Sudah datang")
    seat.get_by_role("button", name="Urungkan").click()
    expect(seat.locator(".tag")).to_have_text("Janji tercatat")
    seat.get_by_role("button", name="Sudah datang").click()
    seat.get_by_role("button", name="Panggil").click()
    expect(seat.locator(".tag")).to_have_text("Sedang konsultasi")
    assert fits(desk)
    if javascript:
        letters = "L. W."
        expect(wall.locator(".called")).to_contain_text(letters, timeout=SCREEN_SECONDS * 1000)
    else:
        wall.reload()
        expect(wall.locator(".called")).to_contain_text("K. S.")
    assert name not in wall.content()

    phone = screen(who="expert" if javascript else "officer", javascript=javascript)
    phone.goto(f"{CLINIC}/janji/{one}")
    phone.fill("#text", "Dibahas buku kas.")
    phone.locator("label", has_text="Terjawab").click()
    phone.get_by_role("button", name="Simpan dan akhiri").click()
    expect(phone.locator(".decision .tag")).to_contain_text("Selesai")
    assert fits(phone)
    with site.inside():
        assert booking(one).ended_at is not None
