"""Who does something on a screen, in sentences. Each method is one thing a person does; tests say what they see."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import fits

NANGGUNG = "32.01.21"
NUMBERS = count(36_770)  # each body has a legal entity number of its own


class Citizen:
    """Somebody of a cooperative, without an account, with or without scripts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.receipt = ""
        self.number = ""

    def registers(self, name: str, *, phone: str = "0812-9999-7531") -> None:
        """Fill the long form and send it; what the receipt says is remembered."""
        page = self.page
        page.goto("/koperasi/daftar")
        page.fill("#name", name)
        page.select_option("#kecamatan", NANGGUNG)
        page.locator("button[name=tahap]").click()
        page.select_option("#desa", index=1)
        page.locator("label[for=cooperative_type-5]").click()
        page.fill("#main_activity", "simpan pinjam")
        page.fill("#contact_name", "Siti Aminah")
        page.fill("#phone", phone)
        page.fill("#legal_entity_number", f"AHU-00{next(NUMBERS)}.AH.01.29.TAHUN 2025")
        page.locator("[data-submit]").click()
        self.arrives_at_a_receipt()

    def arrives_at_a_receipt(self) -> None:
        """The number and the link of what was sent."""
        expect(self.page).to_have_url(re.compile("/tanda-terima/"))
        self.receipt = self.page.url.split("?")[0]
        self.number = self.page.locator("[data-receipt]").first.get_attribute("data-receipt") or ""
        assert self.number.startswith("KB-")
        assert fits(self.page)

    def opens_the_returned(self) -> None:
        """From the receipt to the questions that came back."""
        self.page.goto(self.receipt)
        self.page.locator("a[href$='/perbaiki']").first.click()
        assert fits(self.page)

    def questions(self) -> list[str]:
        """Names of what may be filled now."""
        fields = self.page.locator("main input:visible, main textarea:visible, main select:visible")
        found = [fields.nth(i).get_attribute("name") or "" for i in range(fields.count())]
        return [name for name in found if name not in ("", "website")]  # nameless: not sent


class Officer:
    """Somebody of the office at the desk."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def opens(self, name: str) -> None:
        """The registration from the queue; a demo queue is long, so its pages are turned."""
        self.page.goto("/petugas/koperasi")
        while not (found := self.row(name)).count():
            self.page.locator("a[rel=next]").click()
        found.click()
        expect(self.page.locator("h1")).to_contain_text(name)

    def row(self, name: str) -> Locator:
        """The link of ``name`` in the list."""
        return self.page.locator("a.row-link", has_text=name)

    def returns(self, question: str, words: str) -> None:
        """Mark a question with words and send it back."""
        self.page.locator("a[href*='/kembalikan']").click()
        self.page.locator(f"#tandai-{question}").check()
        self.page.locator(f"#return_{question}").fill(words)
        self.page.locator("main select[name=reason]").select_option(index=1)
        self.page.get_by_role("button", name="Kembalikan ke pengirim").click()
        expect(self.page.locator("#kabari")).to_be_visible()

    def accepts(self) -> None:
        """By telephone, the legal entity number compared."""
        self.page.locator("select[name=how_checked]").select_option("telephone")
        compared = self.page.locator("input[type=checkbox][name=legal_entity_checked]")
        self.page.locator(f"label[for='{compared.get_attribute('id')}']").click()
        self.page.get_by_role("button", name="Terima", exact=True).click()
        expect(self.page.locator("#kabari")).to_be_visible()

    def tells(self) -> None:
        """Tick that the sender knows."""
        self.page.locator("#kabari button[name=how]").first.click()
        expect(self.page.locator("#kabari button[name=how]")).to_have_count(0)

    def uploads(self, file: Path) -> None:
        """A list, to be tried first."""
        self.page.goto("/petugas/impor")
        self.page.set_input_files("input[type=file]", file)
        self.page.get_by_role("button", name="Periksa dulu").click()
        self.waits_for("Kalau dimasukkan")

    def waits_for(self, words: str) -> None:
        """The page of the batch looks again by itself."""
        expect(self.page.locator("#batch")).to_contain_text(words, timeout=60_000)
