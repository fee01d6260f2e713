"""Whose is what: drafts, several people on one phone, officers whose sessions end."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Screen, Site, fits
from tests.browser.looking import axe_faults, size_faults
from tests.browser.senders import PHONE, Sender, stored, until
from tests.browser.storage import storage_dump

pytestmark = pytest.mark.browser
DESK = "/petugas/koperasi/daftarkan"
HALF_AN_HOUR_AGO = (
    "outbox.draft.list().then(([one]) => outbox.draft.put({...one, at: Date.now() - 31 * 6e4}))"
)


def keeps_the_draft(sender: Sender, words: str) -> dict[str, Any]:
    """Typing is written down after a moment."""
    until(sender.page, "words => outbox.draft.list().then(all => JSON.stringify(all).includes(words))", words)
    draft: dict[str, Any] = sender.page.evaluate("outbox.draft.list().then(all => all[0])")
    return draft


def _hold(held: list[Route], route: Route) -> None:
    """Keep the request waiting. (Playwright cannot mark a list's own ``append`` as its handler.)"""
    held.append(route)


# --- drafts -------------------------------------------------------------------------------------------------------


def test_a_draft_that_cannot_be_put_in_is_not_written_over(screen: Screen) -> None:
    sender = Sender(screen(service_workers="block"))
    sender.opens()
    sender.page.fill("#name", "Koperasi Kenari Setengah")
    keeps_the_draft(sender, "Kenari Setengah")
    sender.page.route("**/static/mend-*.js", lambda route: route.abort())
    sender.opens()
    sender.page.fill("#name", "X")
    sender.page.wait_for_timeout(700)
    keeps_the_draft(sender, "Kenari Setengah")
    sender.page.unroute_all()
    sender.opens()
    expect(sender.page.locator("#name")).to_have_value("Koperasi Kenari Setengah")


def test_what_is_typed_while_the_draft_is_on_its_way_stands(screen: Screen) -> None:
    sender = Sender(screen(service_workers="block"))
    sender.opens()
    sender.fills("Koperasi Kenari Lama")
    keeps_the_draft(sender, PHONE)
    held: list[Route] = []
    sender.page.route("**/static/mend-*.js", lambda route: _hold(held, route))
    sender.opens()
    sender.page.fill("#name", "Koperasi Kenari Baru")
    while not held:
        sender.page.wait_for_timeout(50)
    held[0].continue_()
    expect(sender.page.locator("#phone")).to_have_value(PHONE)
    expect(sender.page.locator("#name")).to_have_value("Koperasi Kenari Baru")
    assert PHONE in str(keeps_the_draft(sender, "Kenari Baru"))


def test_a_draft_goes_on_where_it_was(screen: Screen, site: Site) -> None:
    name = "Koperasi Kenari Terputus"
    sender = Sender(screen())
    sender.opens("/koperasi/daftar")
    sender.fills_registration(name)
    page = sender.page
    page.locator("label[for=consent_whatsapp]").click()
    for _ in range(3):
        page.locator("[data-steps-back]").click()
    page.locator("#rat_years input").first.check(force=True)
    keeps_the_draft(sender, "rat_years")
    shown = page.locator("[data-step]:visible").get_attribute("id")
    page.goto("/bantuan")
    sender.leaves_no_trace(name, PHONE)
    page.goto("/koperasi/daftar")
    line = page.locator("[data-kept=draft]")
    expect(line).to_be_visible()
    expect(line).to_contain_text("Lanjutkan yang tadi")
    assert page.locator("[data-step]:visible").get_attribute("id") == shown
    assert fits(page)
    assert not axe_faults(page) + size_faults(page)
    expect(page.locator("#rat_years input").first).to_be_checked()
    expect(page.locator("#consent_whatsapp")).to_be_checked()
    expect(page.locator("#consent_public_contact")).not_to_be_checked()
    expect(page.locator("#cooperative_type-5")).to_be_checked()
    for field, value in (("name", name), ("phone", PHONE), ("kecamatan", "32.01.21")):
        expect(page.locator(f"#{field}")).to_have_value(value)
    expect(page.locator("#desa")).not_to_have_value("")
    page.locator("[data-steps-back]").click()
    assert page.locator("[data-step]:visible").get_attribute("id") != shown, "back leads a question back"
    sender.goes_to_the_end()
    identity = sender.sends()
    sender.sees_the_receipt()
    assert stored(site, name) == [identity]
    page.goto("/koperasi/daftar")
    expect(page.locator("#name")).to_have_value("")
    expect(line).to_be_hidden()
    assert not storage_dump(page).drafts
    sender.leaves_no_trace(name, PHONE)


@pytest.mark.parametrize("button", ["Orang lain (kosongkan semua)", "Hapus dari HP ini"])
def test_somebody_else_gets_an_empty_form(screen: Screen, button: str) -> None:
    name = "Koperasi Kenari Orang Lain"
    sender = Sender(screen())
    sender.opens()
    sender.fills(name)
    keeps_the_draft(sender, PHONE)
    page = sender.page
    page.reload()
    expect(page.locator("#name")).to_have_value(name)
    before = page.locator("[data-outbox] [name=submission_id]").input_value()
    page.get_by_role("button", name=button).click()
    for field in ("name", "phone", "kecamatan", "desa"):
        expect(page.locator(f"#{field}")).to_have_value("")
    expect(page.locator("[data-outbox] [name=submission_id]")).not_to_have_value(before)
    page.wait_for_timeout(500)
    assert not storage_dump(page).drafts
    page.reload()
    page.wait_for_timeout(300)
    expect(page.locator("#name")).to_have_value("")


def typed_in_two_forms(screen: Screen) -> Sender:
    """The second is open again, going on where it was."""
    sender = Sender(screen())
    sender.opens("/koperasi/daftar")
    sender.page.fill("#name", "Koperasi Kenari Formulir Satu")
    keeps_the_draft(sender, "Formulir Satu")
    sender.opens()
    sender.fills("Koperasi Kenari Formulir Dua")
    keeps_the_draft(sender, PHONE)
    sender.page.reload()
    expect(sender.page.locator("#name")).to_have_value("Koperasi Kenari Formulir Dua")
    return sender


def test_for_somebody_else_all_that_is_being_typed_on_this_phone_goes_for_good(screen: Screen) -> None:
    sender = typed_in_two_forms(screen)
    page = sender.page
    page.get_by_role("button", name="Orang lain (kosongkan semua)").click()
    expect(page.locator("form[data-outbox]")).to_be_focused()
    expect(page.locator("[data-kept=draft]")).to_be_hidden()
    until(page, "outbox.draft.list().then(all => !all.length)")
    sender.leaves_no_trace("Kenari Formulir", PHONE)
    sender.opens("/koperasi/daftar")
    page.wait_for_timeout(300)
    expect(page.locator("#name")).to_have_value("")


def test_a_draft_deleted_by_mistake_comes_back_and_other_forms_are_not_touched(screen: Screen) -> None:
    sender = typed_in_two_forms(screen)
    page = sender.page
    page.get_by_role("button", name="Hapus dari HP ini").click()
    expect(page.locator("#name")).to_have_value("")
    until(page, "outbox.draft.list().then(all => all.length === 1)")
    undo = page.get_by_role("button", name="Batal hapus")
    expect(undo).to_be_focused()
    assert fits(page)
    assert not axe_faults(page) + size_faults(page)
    undo.press("Enter")
    expect(page.locator("#name")).to_have_value("Koperasi Kenari Formulir Dua")
    expect(page.locator("#phone")).to_have_value(PHONE)
    expect(page.locator("#desa")).not_to_have_value("")
    expect(page.get_by_role("button", name="Hapus dari HP ini")).to_be_visible()
    until(page, "outbox.draft.list().then(all => all.length === 2)")
    page.reload()
    expect(page.locator("#phone")).to_have_value(PHONE)


def test_half_an_hour_later_the_form_is_empty_and_any_page_erases(screen: Screen) -> None:
    sender = Sender(screen())
    sender.opens()
    sender.page.fill("#name", "Koperasi Kenari Lama")
    keeps_the_draft(sender, "Kenari Lama")
    page = sender.page
    page.evaluate(HALF_AN_HOUR_AGO)
    page.goto("/bantuan")
    until(page, "outbox.draft.list().then(all => !all.length)")
    page.goto("/status/hilang")
    page.wait_for_timeout(300)
    expect(page.locator("#name")).to_have_value("")
    expect(page.locator("[data-kept=draft]")).to_be_hidden()


def test_a_draft_is_gone_in_the_step_in_which_it_is_sealed(screen: Screen) -> None:
    name = "Koperasi Kenari Tersegel"
    sender = Sender(screen(service_workers="block"))
    sender.opens()
    sender.fills(name)
    keeps_the_draft(sender, PHONE)
    sender.loses_signal()
    sender.page.locator("#phone").press("End")
    sender.page.locator("#phone").type("0")  # a last letter, just before
    sender.sends()
    sender.sees_it_waiting()
    sender.page.wait_for_timeout(600)
    dump = sender.leaves_no_trace(name, PHONE)
    assert (len(dump.items), dump.drafts) == (1, [])


def test_sign_in_is_never_a_draft(screen: Screen) -> None:
    page = screen()
    page.goto("/masuk")
    assert not page.locator("[data-outbox]").count()
    page.fill("#phone", PHONE)
    page.fill("#password", "rahasia-kenari-1")
    page.wait_for_timeout(600)
    dump = storage_dump(page)
    assert not dump.drafts
    assert not dump.traces("rahasia-kenari-1", PHONE)


def test_the_next_person_sees_nothing_of_the_first(screen: Screen) -> None:
    name = "Koperasi Kenari Pertama"
    sender = Sender(screen())
    sender.opens("/koperasi/daftar")
    sender.fills_registration(name)
    sender.loses_signal()
    sender.sends()
    sender.sees_it_waiting()
    sender.has_signal()
    sender.sees_it_sent()
    page = sender.page
    for path in ("/koperasi/daftar", "/kotak-keluar", "/", "/status", "/status/hilang"):
        page.goto(path)
        page.wait_for_timeout(300)
        typed = page.evaluate(
            "[...document.querySelectorAll('input,select,textarea')].map(e => e.value).join('|')"
        )
        assert name not in page.content() + typed, path
        assert PHONE not in page.content() + typed, path
    sender.leaves_no_trace(name, PHONE)


def test_the_open_copy_is_only_for_who_asks_and_goes_with_the_receipt(screen: Screen) -> None:
    name = "Koperasi Kenari Salinan"
    sender = Sender(screen())
    sender.opens()
    sender.fills(name)
    sender.page.locator("label[for=boleh]").click()
    sender.loses_signal()
    identity = sender.sends()
    sender.sees_it_waiting()
    item = sender.item(identity) or {}
    assert ["name", name] in item["pairs"]
    days = (item["openUntil"] - sender.page.evaluate("Date.now()")) / 864e5
    assert 6.9 < days <= 7
    sender.leaves_no_trace(name)
    sender.page.evaluate(
        "id => outbox.get(id).then(one => outbox.put({...one, openUntil: Date.now() - 1}))", identity
    )
    sender.page.evaluate("dispatchEvent(new Event('visibilitychange'))")
    sender.page.wait_for_timeout(500)
    item = sender.item(identity) or {}
    assert (item["pairs"], item["state"]) == (None, "waiting")
    assert item["sealed"]


# --- officers -----------------------------------------------------------------------------------------------------


def fills_at_the_desk(sender: Sender, name: str) -> None:
    page = sender.page
    page.fill("#name", name)
    page.select_option("#cooperative_type", "unknown")
    page.fill("#main_activity", "simpan pinjam")
    page.fill("#desa-cari", "nanggung")
    page.locator("[data-region-search] button").first.click()
    page.fill("#contact_name", "Ibu Kenari")
    page.select_option("#phone_owner", "none")
    page.fill("#present", "Ibu Kenari")
    page.locator("label[for=spoken_consent]").click()


def ten_entries_without_signal(sender: Sender, prefix: str, number: int = 10) -> dict[str, str]:
    """id by name; all wait on this phone."""
    found = {}
    for i in range(number):
        sender.opens(DESK)
        fills_at_the_desk(sender, f"{prefix} {i}")
        sender.loses_signal()
        found[f"{prefix} {i}"] = sender.sends()
        sender.sees_it_waiting()
        # as if no flush had come through while pages load with signal
        sender.page.route("**/sesi/token", lambda route: route.abort())
        sender.has_signal()
    return found


def signs_in_as(sender: Sender, site: Site, who: str) -> None:
    context = sender.page.context
    context.clear_cookies()
    with site.inside():
        sid = site.cast[who].sid
    context.add_cookies([{"name": site.app.config["SID_COOKIE"], "value": sid, "url": site.address}])


def test_ten_entries_survive_the_end_of_the_session(screen: Screen, site: Site) -> None:
    sender = Sender(screen(who="officer", width=1280, service_workers="block"))
    waiting = ten_entries_without_signal(sender, "Koperasi Kenari Meja")
    page = sender.page
    page.unroute("**/sesi/token")
    page.context.clear_cookies()
    page.goto("/bantuan")
    for identity in waiting.values():
        sender.waits_until(identity, "sign_in")
    sender.leaves_no_trace("Kenari Meja", "Ibu Kenari")

    signs_in_as(sender, site, "other_officer")
    page.goto("/bantuan")
    page.evaluate("outbox.flush()")
    page.wait_for_timeout(1000)
    states = page.evaluate("outbox.list().then(all => all.map(one => one.state))")
    assert states == ["sign_in"] * 10, "never in the name of somebody else"
    assert not any(stored(site, name) for name in waiting)

    signs_in_as(sender, site, "officer")
    page.goto("/bantuan")
    for identity in waiting.values():
        sender.waits_until(identity, "done")
    assert {name: stored(site, name) for name in waiting} == {name: [one] for name, one in waiting.items()}
    sender.leaves_no_trace("Kenari Meja", "Ibu Kenari")


def test_an_officers_draft_is_not_for_another(screen: Screen, site: Site) -> None:
    sender = Sender(screen(who="officer", width=1280))
    sender.opens(DESK)
    sender.page.fill("#name", "Koperasi Kenari Rahasia")
    keeps_the_draft(sender, "Kenari Rahasia")
    signs_in_as(sender, site, "other_officer")
    sender.opens(DESK)
    sender.page.wait_for_timeout(300)
    expect(sender.page.locator("#name")).to_have_value("")
    assert "Kenari Rahasia" not in sender.page.content()
    signs_in_as(sender, site, "officer")
    sender.opens(DESK)
    expect(sender.page.locator("#name")).to_have_value("Koperasi Kenari Rahasia")


def test_at_the_desk_with_signal(screen: Screen, site: Site) -> None:
    name = "Koperasi Kenari Meja Terang"
    sender = Sender(screen(who="officer", width=1280))
    sender.opens(DESK)
    fills_at_the_desk(sender, name)
    identity = sender.sends()
    sender.sees_the_receipt()
    assert stored(site, name) == [identity]
