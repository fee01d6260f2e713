"""People of the clinic in the browser; each method is one thing they do or see on their own screen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from playwright.sync_api import Locator, Page, expect

from tests.browser.senders import until
from tests.clinic.public import code
from tests.factories.clinic import wib
from tests.factories.clinic_day import CLINIC

TIMES: Final = "/klinik/jadwal?layanan=koperasi"
ELEMENTS: Final = range(1, 10)
ASKED_FIRST: Final = {2, 5, 7}


class Client:
    """Somebody who wants advice, with a phone. ``link`` is where the own appointment stands, once there is one."""

    def __init__(self, page: Page, name: str, phone: str = "", link: str = "") -> None:
        self.page, self.name, self.phone, self.link = page, name, phone, link

    def looks_at(self, day: date) -> list[str]:
        """The times that are offered that day."""
        self.page.goto(f"{TIMES}&tanggal={day}")
        return [label.split()[0] for label in self.page.locator("#day .choice label").all_inner_texts()]

    def wants(self, expert: str) -> None:
        """Only this expert."""
        until(self.page, "'htmx' in window")
        with self.page.expect_response("**/klinik/jadwal?**narasumber**"):
            self.page.select_option("#narasumber", label=expert)
        expect(self.page.locator("#day input[name=narasumber]")).to_have_count(1)

    def wants_to_meet(self, how: str) -> None:
        """At the office, by Zoom, by telephone."""
        until(self.page, "'htmx' in window")
        with self.page.expect_response("**/klinik/jadwal?**cara**"):
            self.page.locator("#mode label", has_text=how).click()

    def takes(self, day: date, clock: str) -> None:
        """This time."""
        self.page.locator(f"input[value='{code(wib(day, clock))}'] + label").click()

    def tells(self, *, topic: str, question: str = "", kecamatan: str = "") -> None:
        """Answers the other questions and sends them."""
        page = self.page
        self._goes_on()
        page.locator("#topic label", has_text=topic).click()
        self._goes_on()
        if question:
            page.fill("#description", question)
        self._goes_on()
        page.fill("#name", self.name)
        page.fill("#phone", self.phone)
        self._goes_on()
        if kecamatan:
            page.select_option("#kecamatan", label=kecamatan)
        page.locator("[data-submit]").click()
        expect(page).to_have_url(re.compile("/klinik/pesanan/"), timeout=30_000)
        expect(page.locator("main")).to_contain_text("Janji tercatat")
        self.link = page.url

    def _goes_on(self) -> None:
        self.page.locator("[data-steps-next]").click()

    def opens_the_link(self) -> Locator:
        """The own appointment; what stands there."""
        self.page.goto(self.link)
        return self.page.locator("main")

    def presses(self, words: str) -> None:
        """A button of the page."""
        self.page.locator("main").get_by_role("button", name=words).click()

    def moves_to(self, day: date, clock: str) -> None:
        """Another time, by the link."""
        self.opens_the_link()
        self.page.get_by_role("link", name="Pindah jam").click()
        until(self.page, "'htmx' in window")
        self.page.locator(f"#day nav a[href*='{day}']").click()
        self.takes(day, clock)
        self.presses("Pindah ke jam ini")
        expect(self.page).to_have_url(self.link)

    def rates(self, scores: Mapping[int, int], usual: int, comment: str = "") -> None:
        """All nine questions, from the appointment's page or from the QR at the door, to the receipt."""
        page = self.page
        if self.link:
            self.opens_the_link()
            page.get_by_role("link", name="Beri penilaian").click()
        else:
            page.goto("/klinik/penilaian")
        until(page, "self.outbox && document.querySelector('[data-outbox] [name=submission_id]')")
        page.locator("details summary").first.click()
        for element in ELEMENTS:
            page.locator(f"label[for=score_{element}-{scores.get(element, usual) - 1}]").click()
        if comment:
            page.fill("#comment", comment)
        page.locator("[data-submit]").click()
        expect(page).to_have_url(re.compile("/tanda-terima/"), timeout=15_000)
        expect(page.locator("main")).to_contain_text("Terima kasih")


class Desk:
    """Somebody of the office."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def opens(self, path: str = "") -> None:
        """A page of the clinic's desk; its day without a path."""
        self.page.goto(CLINIC + path)

    def presses(self, words: str) -> None:
        """A button or a link that looks like one."""
        self.page.locator("main").get_by_role("button", name=words).click()

    def follows(self, words: str) -> None:
        """A link."""
        self.page.locator("main").get_by_role("link", name=words).click()

    def hears(self, news: str) -> None:
        """What the page says after a deed."""
        expect(self.page.locator(".note.ok").first).to_contain_text(news)

    # The timetable

    def adds_desk(self, name: str) -> None:
        """One more desk."""
        self.opens("/narasumber")
        self.follows("Tambah meja")
        self.page.fill("#name", name)
        self.presses("Simpan")
        self.hears("Data meja tersimpan")

    def adds_expert(self, name: str, *, account: str, zoom: str = "") -> None:
        """One more expert."""
        self.opens("/narasumber")
        self.follows("Tambah narasumber")
        self.page.fill("#name", name)
        self.page.select_option("#account_id", label=account)
        self.page.fill("#meeting_link", zoom)
        self.presses("Simpan")
        self.hears("Data narasumber tersimpan")

    def puts_on_roster(self, expert: str, desk: str, first_day: date, last_day: date) -> None:
        """Every working day from..to, for cooperatives."""
        self.opens("/piket")
        self.follows("Isi piket")
        page = self.page
        page.select_option("#expert_id", label=expert)
        page.select_option("#desk_id", label=desk)
        page.locator("#services label", has_text="Koperasi").click()
        for weekday in ("Senin", "Selasa", "Rabu", "Kamis", "Jumat"):
            page.locator("#weekdays label", has_text=weekday).click()
        for name, day in (("first_day", first_day), ("last_day", last_day)):
            page.fill(f"#{name}", f"{day:%d-%m-%Y}")
        self.presses("Simpan piket")
        self.hears("Piket tersimpan")

    # The day

    def seat(self, name: str) -> Locator:
        """The appointment of that person on the page."""
        return self.page.locator("[data-booking]", has_text=name)

    def touches(self, name: str, words: str, then: str) -> None:
        """One touch on an appointment; its state afterwards."""
        self.seat(name).get_by_role("button", name=words).click()
        expect(self.seat(name).locator(".tag").first).to_have_text(then)

    def takes_in(self, clock: str, expert: str, name: str, *, topic: str, kecamatan: str) -> None:
        """Somebody without an appointment gets a free half hour of today."""
        self.opens()
        self.follows(f"Kosong {clock} WIB, {expert}")
        page = self.page
        page.fill("#name", name)
        page.locator("#phone_owner label", has_text="Tidak punya nomor HP").click()
        page.locator("#client_type label", has_text="Koperasi").click()
        page.select_option("#kecamatan", label=kecamatan)
        page.locator("#topic label", has_text=topic).click()
        page.locator("label[for=spoken_consent]").click()

    def reads_numbers(self, first_day: date, last_day: date) -> None:
        """Report 13 of these days."""
        self.opens("/angka")
        for name, day in (("dari", first_day), ("sampai", last_day)):
            self.page.fill(f"#{name}", f"{day:%d-%m-%Y}")
        self.presses("Tampilkan")

    def table(self, block: str) -> list[dict[str, str]]:
        """A table of the report: its rows, head -> cell."""
        found: list[dict[str, str]] = self.page.locator(f"#{block} table").evaluate(
            """table => {
              const text = cell => cell.textContent.trim().replace(/\\s+/g, ' ');
              const heads = [...table.querySelectorAll('thead th')].map(text);
              return [...table.querySelectorAll('tbody tr')]
                .map(row => Object.fromEntries([...row.children].map((cell, n) => [heads[n], text(cell)])));
            }"""
        )
        return found


class Adviser(Desk):
    """An expert with a phone."""

    def closes(self, name: str, *, note: str, outcome: str, call: str = "Panggil") -> None:
        """Calls somebody in, writes down what came of it."""
        self.opens("/saya")
        self.touches(name, call, "Sedang konsultasi")
        self.writes_down(name, note=note, outcome=outcome)

    def writes_down(self, name: str, *, note: str, outcome: str) -> None:
        """What came of a session that is on; it ends with it."""
        self.seat(name).locator(".row-link").click()
        self.page.fill("#text", note)
        self.page.locator("#outcome label", has_text=outcome).click()
        self.presses("Simpan dan akhiri")
        expect(self.page.locator(".decision .tag")).to_have_text("Selesai")
