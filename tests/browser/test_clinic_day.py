"""A session at the desk, in the browser: has come, is called, the big screen says so by itself, what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Page, Route, expect

from app.clinic.rules.booking import BookingStatus
from tests.browser.conftest import Screen, Site, fits
from tests.browser.senders import until
from tests.factories.clinic import asked, make_desk, make_expert, put_on_duty, slots, wib
from tests.factories.clinic_day import CLINIC, appointment, booking, change, give_account, put

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
    expect(seat.locator(".tag")).to_have_text("Sudah datang")
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


# --- the day asks for itself again -------------------------------------------------------------------------------


@pytest.fixture
def two_waiting(site: Site) -> Iterator[tuple[int, int]]:
    """One has an appointment with somebody on duty, one has lost the half hour and is to be served first."""
    with site.inside():
        expert, ill = (make_expert(), make_expert())
        for one in (expert, ill):
            put_on_duty(one, MONDAY, desk_id=make_desk())
        slots(MONDAY)
        first = appointment(
            wib(MONDAY, "10.30"), "Bu Segar", None, asked=asked(expert_id=expert), at_desk=True
        )
        lost = appointment(wib(MONDAY, "11.00"), "Pak Layu", None, asked=asked(expert_id=ill), at_desk=True)
        change(lost, must_move=True)
    yield first, lost
    with site.inside():
        put(first, BookingStatus.CANCELLED_BY_OFFICE)
        put(lost, BookingStatus.CANCELLED_BY_OFFICE)


def at_the_desk(screen: Screen) -> Page:
    """The day, on a page whose clock the test moves."""
    desk = screen(who="officer")
    desk.goto(CLINIC)
    until(desk, "'htmx' in self")
    desk.evaluate("{ const real = Date.now; self.ahead = 0; Date.now = () => real() + ahead; }")
    return desk


def a_minute_goes_by(desk: Page) -> None:
    """It looks every second whether it is time."""
    desk.evaluate("ahead += 6e4")
    desk.wait_for_timeout(1500)


def _hold(held: list[Route], route: Route) -> None:
    """Keep the answer on its way. (Playwright cannot mark a list's own ``append`` as its handler.)"""
    held.append(route)


def comes(site: Site, booking_id: int) -> None:
    """Somebody else says at another desk that this one has come."""
    with site.inside():
        put(booking_id, BookingStatus.ARRIVED)


def test_the_day_asks_for_itself_again(screen: Screen, site: Site, two_waiting: tuple[int, int]) -> None:
    desk = at_the_desk(screen)
    tag = desk.locator(f'[data-booking="{two_waiting[0]}"] .tag')
    expect(tag).to_have_text("Janji tercatat")
    answers: list[int] = []
    desk.on(
        "response",
        lambda one: answers.append(one.status) if "X-Seen".lower() in one.request.headers else None,
    )
    with desk.expect_response(lambda one: one.status == 204):
        a_minute_goes_by(desk)
    comes(site, two_waiting[0])
    a_minute_goes_by(desk)
    expect(tag).to_have_text("Sudah datang")
    with desk.expect_response(lambda one: one.status == 204):
        a_minute_goes_by(desk)
    assert answers == [204, 200, 204]
    assert fits(desk)


@pytest.mark.parametrize("at_it", ["in focus", "chosen", "while it is on its way"])
def test_nobody_is_disturbed_who_is_at_it(
    screen: Screen, site: Site, two_waiting: tuple[int, int], at_it: str
) -> None:
    first, lost = two_waiting
    desk = at_the_desk(screen)
    tag, chooser = desk.locator(f'[data-booking="{first}"] .tag'), desk.locator(f"#slot-{lost}")
    comes(site, first)
    if at_it == "while it is on its way":
        held: list[Route] = []
        desk.route("**/petugas/klinik?*", lambda route: _hold(held, route))
        a_minute_goes_by(desk)
        while not held:
            desk.wait_for_timeout(50)
        chooser.focus()
        held[0].continue_()
        desk.unroute_all()
    elif at_it == "chosen":
        chooser.select_option(index=1)
        desk.evaluate("document.activeElement.blur()")
    else:
        chooser.focus()
    a_minute_goes_by(desk)
    a_minute_goes_by(desk)
    expect(tag).to_have_text("Janji tercatat")
    if at_it == "chosen":
        assert chooser.input_value()
        chooser.select_option(index=0)
    desk.evaluate("document.activeElement.blur()")
    a_minute_goes_by(desk)
    expect(tag).to_have_text("Sudah datang")


def test_without_signal_the_day_says_so(screen: Screen, two_waiting: tuple[int, int]) -> None:
    desk = at_the_desk(screen)
    line = desk.locator("#hari [role=status]").last
    desk.context.set_offline(True)
    a_minute_goes_by(desk)
    expect(line).to_have_text("Sinyal hilang. Ini keadaan tadi.")
    desk.context.set_offline(False)
    a_minute_goes_by(desk)
    expect(line).to_have_text("")


def test_without_scripts_a_link_does_it(screen: Screen, site: Site, two_waiting: tuple[int, int]) -> None:
    desk = screen(who="officer", javascript=False)
    desk.goto(CLINIC)
    comes(site, two_waiting[0])
    desk.get_by_role("link", name="Muat ulang").click()
    expect(desk.locator(f'[data-booking="{two_waiting[0]}"] .tag')).to_have_text("Sudah datang")
