"""What waits on a phone: its story, its buttons, and that nothing is lost or kept by mistake."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect

from app.offline.carried_rules import take_carried
from tests.browser.boxes import Box, everything_stored
from tests.browser.conftest import Screen, Site, fits
from tests.browser.looking import axe_faults, keyboard_faults, size_faults
from tests.browser.senders import stored, until

pytestmark = pytest.mark.browser
QUICK = """const real = setTimeout;
self.setTimeout = (work, after, ...more) => real(work, after === 1e4 ? 1500 : after, ...more);"""  # ten seconds to undo
LOST_KEY = "outbox.meta.get('key').then(key => outbox.meta.put({...key, key_id: 77, at: Date.now()}))"
DESK_FORM = "/petugas/koperasi/daftarkan"
SOON = "Date.now() + 2.4e5"
CANARY = "Koperasi Rahasia Kenari"


@pytest.fixture
def box(screen: Screen) -> Box:
    """An empty box on a small phone."""
    made = Box(screen(service_workers="block"))
    made.opens()
    return made


def deliveries_fail(page: Page) -> None:
    """Nothing that is sent arrives; pages still open."""
    page.route("**/*", lambda route: route.abort() if route.request.method == "POST" else route.fallback())


def all_states(box: Box) -> None:
    """One item of every kind."""
    later = box.page.evaluate(SOON)
    box.holds(sealed="A" * 700, tries=3, next=later)
    box.holds(sealed="B" * 300, pairs=[["name", "x"]], openUntil=later + 4e8)
    box.holds(
        state="needs_you",
        sealed="C" * 300,
        errors={"phone": "Kurang angkanya.", "cooperative_type": "Pilih satu."},
    )
    box.holds(state="needs_you", sealed="D" * 300, error="other_content")
    box.holds(state="done", no="KB-23456789", url="/tanda-terima/contoh", doneAt=later)
    box.holds(carried=True, title="", sealed="E" * 300)
    box.holds(pairs=[["name", "x"]])
    box.holds(owner="orang-lain", state="sign_in", title="Isian petugas", errors={"name": CANARY})


def card(box: Box, words: str) -> str:
    """What stands on the card with ``words``, as a person reads it."""
    return box.page.locator("#outbox article", has_text=words).first.inner_text()


def test_an_empty_box_says_what_can_be_done(box: Box) -> None:
    box.counts(waiting=0)
    empty = box.page.locator("[data-empty]")
    expect(empty).to_contain_text("Tidak ada kiriman yang menunggu.")
    assert empty.get_by_role("link").evaluate_all("links => links.map(l => l.getAttribute('href'))") == [
        "/koperasi/daftar",
        "/titipan",
    ]
    expect(box.page.locator("[data-unsent]")).to_be_hidden()
    assert fits(box.page)
    assert size_faults(box.page) + axe_faults(box.page) == []


def test_every_state_tells_its_story(box: Box) -> None:
    deliveries_fail(box.page)
    all_states(box)
    box.counts(waiting=4, problem=3, done=1)
    told = card(box, "3 kali dicoba")
    assert "Tersimpan di HP ini. Dikirim saat ada sinyal" in told
    assert "Dicoba lagi" in told
    assert "Pendaftaran koperasi" in card(box, "Salinan yang bisa diperbaiki ada di HP ini sampai")
    wrong = box.page.locator("#outbox article", has_text="Kurang angkanya.")
    expect(wrong).to_contain_text("Nomor HP: Kurang angkanya.")
    expect(wrong).to_contain_text("Jenis koperasi: Pilih satu.")
    assert "dengan isi yang lain" in card(box, "dengan isi yang lain")
    assert "KB-23456789" in card(box, "Sudah kami terima")
    assert "Titipan dari HP lain" in card(box, "Titipan dari HP lain")
    assert "tidak bisa mengunci" in card(box, "tidak bisa mengunci")
    expect(box.page.locator("[data-unsent]")).to_have_text("Belum terkirim (7)")
    box.page.goto("/koperasi")
    expect(box.page.locator("[data-unsent]")).to_have_text("Belum terkirim (7)")


def test_a_full_box_is_for_everybody(box: Box) -> None:
    deliveries_fail(box.page)
    all_states(box)
    box.counts(waiting=4, problem=3, done=1)
    for summary in box.page.locator("#outbox summary:visible").all():
        summary.click()
    assert size_faults(box.page) + axe_faults(box.page) == []
    box.page.emulate_media(color_scheme="dark")
    box.page.set_viewport_size({"width": 1280, "height": 900})
    assert axe_faults(box.page) == []
    assert keyboard_faults(box.page) == []
    box.page.get_by_role("button", name="Titip kirim (kode QR)").first.click()
    expect(box.page.locator("canvas")).to_be_visible()
    assert axe_faults(box.page) == []
    box.page.get_by_role("button", name="Tampilkan sebagai teks").first.click()
    expect(box.page.locator("textarea")).to_be_visible()
    assert size_faults(box.page) + axe_faults(box.page) == []


def test_what_waits_is_sent_at_a_touch_and_its_receipt_opens(box: Box) -> None:
    box.has_no_signal()
    sent = box.keeps(name="Koperasi Kotak Satu")
    box.counts(waiting=1)
    box.presses(sent, "Kirim sekarang")
    expect(box.page.locator("#outbox article")).to_contain_text("Belum ada sinyal")
    expect(box.page.locator("#outbox article")).to_contain_text("1 kali dicoba")
    box.has_signal()
    box.counts(waiting=0, done=1)
    kept = box.item(sent)
    assert kept is not None
    expect(box.page.locator("#outbox .number")).to_have_text(kept["no"])
    box.page.get_by_role("link", name="Buka tanda terima").click()
    expect(box.page.locator("[data-receipt]").first).to_have_attribute("data-receipt", kept["no"])


def test_all_that_waits_is_sent_together(box: Box) -> None:
    box.page.route(
        "**/koperasi/daftar",
        lambda route: route.abort() if route.request.method == "POST" else route.fallback(),
    )
    for number in range(3):
        box.keeps(name=f"Koperasi Kotak Bersama {number}")
    box.counts(waiting=3)
    box.page.unroute_all()
    box.page.get_by_role("button", name="Kirim semua sekarang").click()
    box.counts(waiting=0, done=3)


def test_what_the_office_refuses_stands_at_its_field_and_can_be_mended(box: Box) -> None:
    wrong = box.keeps(name="Koperasi Kotak Salah", phone="12")
    box.page.evaluate("id => outbox.send(id)", wrong)
    box.counts(waiting=0, problem=1)
    expect(box.page.locator("#outbox article")).to_contain_text("Kata kantor:")
    link = box.page.get_by_role("link", name="Perbaiki")
    expect(link).to_have_attribute("href", f"/koperasi/daftar#kiriman={wrong}")


def test_deleted_by_mistake_it_comes_back(box: Box) -> None:
    box.has_no_signal()
    kept = box.keeps(name=CANARY)
    before = box.item(kept)
    box.presses(kept, "Hapus")
    undo = box.page.get_by_role("button", name="Batal hapus")
    expect(undo).to_be_focused()
    box.counts(waiting=0)
    assert box.item(kept) is None
    undo.press("Enter")
    box.counts(waiting=1)
    assert box.item(kept) == before
    assert not box.page.get_by_role("button", name="Batal hapus").count()
    expect(box.page.locator("#outbox article h2")).to_be_focused()


def test_deleted_it_is_gone_and_never_sent(box: Box, site: Site) -> None:
    box.page.add_init_script(QUICK)
    box.opens()
    box.has_no_signal()
    kept = box.keeps(name=CANARY)
    box.presses(kept, "Hapus")
    expect(box.page.get_by_role("button", name="Batal hapus")).to_be_visible()
    expect(box.page.locator("#outbox article")).to_have_count(0)
    expect(box.page.locator("[data-empty]")).to_be_visible()
    box.has_signal()
    box.page.evaluate("outbox.flush()")
    assert kept not in everything_stored(box.page)
    answer = box.page.request.get(f"{site.address}/kiriman/status?id={kept}")
    assert answer.status == 404


def test_a_receipt_is_cleared_at_once(box: Box) -> None:
    box.holds(id="11111111-1111-4111-8111-111111111111", state="done", no="KB-23456789", doneAt=1)
    box.presses("11111111-1111-4111-8111-111111111111", "Hapus")
    box.counts(waiting=0)
    expect(box.page.locator("[data-empty]")).to_be_visible()


def test_the_text_and_the_file_are_what_the_desk_reads(box: Box) -> None:
    box.has_no_signal()
    kept = box.keeps(name=CANARY)
    text = box.text(kept)
    item = box.item(kept)
    assert item is not None
    (read,) = take_carried(text)
    assert (read.submission_id, read.address, read.sealed) == (kept, "/koperasi/daftar", item["sealed"])
    assert read.filled_at == item["at"]
    href = box.page.locator("[data-whatsapp]").get_attribute("href") or ""
    assert href.startswith("https://wa.me/?text=KOPUKM1%20")
    with box.page.expect_download() as saved:
        box.presses(kept, "Simpan sebagai berkas")
    assert saved.value.suggested_filename == f"kiriman-{kept[:8]}.txt"
    assert take_carried(Path(saved.value.path()).read_text(encoding="utf-8")) == (read,)
    box.page.get_by_role("button", name="Tutup").click()
    expect(box.page.locator("textarea")).to_be_hidden()
    assert CANARY not in everything_stored(box.page)


def test_a_copy_for_mending_is_wiped_at_a_touch(box: Box) -> None:
    box.has_no_signal()
    kept = box.keeps(name=CANARY, keep_open=True)
    assert CANARY in everything_stored(box.page)
    box.presses(kept, "Hapus salinan")
    expect(box.page.get_by_role("button", name="Hapus salinan")).to_be_hidden()
    assert CANARY not in everything_stored(box.page)
    box.counts(waiting=1)
    box.has_signal()
    box.counts(waiting=0, done=1)


def test_a_shared_phone_is_cleared_and_what_has_not_arrived_stays(box: Box) -> None:
    box.has_no_signal()
    kept = box.keeps(name=CANARY, keep_open=True)
    box.holds(state="done", no="KB-23456789", doneAt=1)
    box.page.evaluate(
        "outbox.draft.put({address: '/koperasi/daftar', at: Date.now(), pairs: [['name', 'Koperasi Draf']]})"
    )
    box.page.evaluate(
        "localStorage.receipts = JSON.stringify([{number: 'KB-23456789', url: '/', title: 'x'}])"
    )
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    box.page.once("dialog", answer)
    box.page.get_by_role("button", name="Hapus semua dari HP ini").click()
    expect(box.page.locator("[data-wiped]")).to_contain_text("1 kiriman yang belum sampai TIDAK dihapus.")
    assert len(asked) == 1
    assert "1 kiriman yang belum sampai TIDAK dihapus." in asked[0]
    box.counts(waiting=1)
    left = everything_stored(box.page)
    assert kept in left
    assert [word for word in (CANARY, "Koperasi Draf", "KB-23456789") if word in left] == []


def test_another_tab_shows_at_once(box: Box) -> None:
    other = Box(box.page.context.new_page())
    other.opens()
    deliveries_fail(box.page)
    deliveries_fail(other.page)
    kept = other.keeps(name="Koperasi Dua Tab")
    box.counts(waiting=1)
    box.presses(kept, "Hapus")
    other.counts(waiting=0)
    expect(other.page.locator("[data-unsent]")).to_be_hidden()


def test_what_is_open_and_focused_stays_so_when_something_changes(box: Box) -> None:
    box.has_no_signal()
    kept = box.keeps(name="Koperasi Tetap Terbuka")
    box.presses(kept, "Tampilkan sebagai teks")
    expect(box.page.locator("textarea")).to_be_visible()
    box.page.locator("textarea").focus()
    box.holds(state="done", no="KB-23456789", doneAt=1)
    box.counts(waiting=1, done=1)
    expect(box.page.locator("textarea")).to_be_focused()
    expect(box.page.locator(f"article[data-id='{kept}'] details")).to_have_attribute("open", "")


def test_an_officers_items_are_shown_to_that_officer_only(screen: Screen) -> None:
    box = Box(screen(who="officer", service_workers="block"))
    box.opens()
    deliveries_fail(box.page)
    uid = box.page.evaluate(
        "fetch('/sesi/token', {headers: {'X-Outbox': '1'}}).then(a => a.json()).then(a => a.uid)"
    )
    box.holds(owner=uid, sealed="A" * 300, title="Isian petugas", state="needs_you", errors={"name": CANARY})
    expect(box.page.locator("#outbox article")).to_contain_text(CANARY)
    expect(box.page.get_by_role("button", name="Hapus", exact=True)).to_be_visible()
    expect(box.page.locator("#outbox summary")).to_be_hidden()
    box.page.context.clear_cookies()
    box.opens()
    shown = box.page.locator("#outbox article")
    expect(shown).to_contain_text("Milik petugas.")
    expect(shown).not_to_contain_text(CANARY)
    expect(shown.get_by_role("button")).to_have_count(1)
    expect(shown.get_by_role("button", name="Simpan sebagai berkas")).to_be_visible()
    link = shown.get_by_role("link", name="Masuk lagi")
    expect(link).to_have_attribute("href", "/masuk?next=/kotak-keluar")


def test_what_an_officer_left_behind_is_saved_before_it_can_be_deleted(box: Box) -> None:
    deliveries_fail(box.page)
    kept = "22222222-2222-4222-8222-222222222222"
    box.holds(id=kept, owner="akun-lama", address=DESK_FORM, sealed="A" * 300, title="Isian petugas")
    shown = box.page.locator(f"article[data-id='{kept}']")
    expect(shown).to_contain_text("Akun petugas itu sudah tidak ada?")
    delete = shown.get_by_role("button", name="Hapus", exact=True)
    expect(delete).to_be_hidden()
    assert fits(box.page)
    with box.page.expect_download() as saved:
        shown.get_by_role("button", name="Simpan sebagai berkas").click()
    (item,) = take_carried(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert (item.submission_id, item.address) == (kept, DESK_FORM)
    expect(shown).to_contain_text("Disimpan sebagai berkas")
    delete.click()
    until(box.page, "id => outbox.get(id).then(one => !one)", kept)
    undo = box.page.get_by_role("button", name="Batal hapus")
    expect(undo).to_be_focused()
    undo.click()
    expect(shown).to_be_visible()
    until(box.page, "id => outbox.get(id).then(one => !!one)", kept)
    assert size_faults(box.page) + axe_faults(box.page) == []


def test_ten_entries_of_an_officer_ask_for_one_sign_in(box: Box) -> None:
    deliveries_fail(box.page)
    for _ in range(10):
        box.holds(owner="akun", address=DESK_FORM, sealed="A" * 300, state="sign_in", title="Isian petugas")
    link = box.page.get_by_role("link", name="Masuk lagi untuk mengirim 10 kiriman")
    expect(link).to_have_attribute("href", "/masuk?next=/kotak-keluar")
    assert fits(box.page)
    assert size_faults(box.page) + axe_faults(box.page) == []
    box.page.evaluate(
        "outbox.list().then(all => Promise.all(all.slice(1).map(one => outbox.remove(one.id))))"
    )
    expect(box.page.locator("[data-enter-all]")).to_be_hidden()


def test_what_opens_a_receipt_is_not_handed_to_a_neighbour_and_the_card_says_why(box: Box) -> None:
    deliveries_fail(box.page)
    box.holds(address="/tanda-terima/contoh/perbaiki", sealed="A" * 300, title="Perbaikan kiriman")
    shown = box.page.locator("#outbox article")
    expect(shown).to_contain_text("tidak bisa dititipkan: alamatnya membuka tanda terima Anda")
    expect(shown.get_by_role("button", name="Kirim sekarang")).to_be_visible()
    expect(shown.locator("summary")).to_be_hidden()


def test_sealed_to_a_key_that_is_gone_the_card_leads_to_filling_it_again(box: Box) -> None:
    box.page.evaluate(LOST_KEY)
    kept = box.keeps(name=CANARY)
    box.page.evaluate("id => outbox.send(id)", kept)
    box.counts(waiting=0, problem=1)
    shown = box.page.locator("#outbox article")
    expect(shown).to_contain_text("kunci kantor sudah diganti")
    expect(shown).to_contain_text("Isi lagi formulirnya")
    expect(shown.get_by_role("link", name="Isi formulirnya lagi")).to_have_attribute(
        "href", "/koperasi/daftar"
    )
    expect(shown.get_by_role("link", name="Perbaiki")).to_be_hidden()
    with box.page.expect_download():
        shown.get_by_role("button", name="Simpan sebagai berkas").click()
    assert box.item(kept)


def test_sealed_to_a_key_that_is_gone_the_open_copy_is_sealed_anew_and_arrives(box: Box, site: Site) -> None:
    box.page.evaluate(LOST_KEY)
    kept = box.keeps(name="Koperasi Kunci Lama", keep_open=True)
    box.page.evaluate("id => outbox.send(id)", kept)
    box.counts(waiting=0, problem=1)
    shown = box.page.locator("#outbox article")
    expect(shown).to_contain_text("Salinannya masih ada di HP ini")
    expect(shown.get_by_role("button", name="Hapus salinan")).to_be_hidden()
    shown.get_by_role("link", name="Perbaiki").click()
    expect(box.page.locator("[data-kept=sent] [data-state=done] a")).to_have_text(re.compile("^KB-"))
    assert stored(site, "Koperasi Kunci Lama") == [kept]


def test_where_nothing_can_be_kept_the_page_says_so(screen: Screen) -> None:
    page = screen(service_workers="block")
    page.add_init_script("Object.defineProperty(self, 'indexedDB', {get() { throw new Error('private'); }})")
    page.goto("/kotak-keluar")
    expect(page.locator("#outbox")).to_contain_text("tidak bisa menyimpan di HP")


def test_without_scripts_the_page_says_that_nothing_is_kept(screen: Screen) -> None:
    page = screen(javascript=False)
    for address in ("/kotak-keluar", "/titipan"):
        page.goto(address)
        expect(page.locator("main .note")).to_be_visible()
        assert fits(page)
    page.goto("/kotak-keluar")
    expect(page.locator("main .note")).to_contain_text("Isian langsung dikirim")
