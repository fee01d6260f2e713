"""People who send forms by the outbox; each method is one thing they do or see."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.core.db import db
from app.registry.models import Submission
from app.registry.queries.submissions import content_of
from app.registry.rules import SubmissionKind
from tests.browser.conftest import Site
from tests.browser.storage import StorageDump, storage_dump

LOST = "/status/hilang"
PHONE = "0812-9999-7531"
CONTACT = "Neng Wulansari"


class Sender:
    """Somebody with a phone."""

    def __init__(self, page: Page, address: str = "") -> None:
        self.page = page
        self.address = address

    def opens(self, path: str = LOST) -> None:
        """A form, ready for typing."""
        self.page.goto(self.address + path)
        until(self.page, "self.outbox && document.querySelector('[data-outbox] [name=submission_id]')")

    def fills(self, name: str, *, phone: str = PHONE) -> None:
        """The short form."""
        page = self.page
        page.fill("#name", name)
        page.fill("#desa-cari", "nanggung")
        page.locator("[data-region-search] button").first.click()
        expect(page.locator("#desa")).not_to_have_value("")
        page.fill("#phone", phone)

    def fills_registration(self, name: str, *, phone: str = PHONE) -> None:
        """The long form, question by question, to its last."""
        page = self.page
        page.fill("#name", name)
        page.fill("#desa-cari", "nanggung")
        page.locator("[data-region-search] button").first.click()
        self.goes_on()
        page.locator("label[for=cooperative_type-5]").click()
        self.goes_on()
        page.fill("#main_activity", "simpan pinjam")
        self.goes_on()
        self.goes_on()
        page.fill("#contact_name", CONTACT)
        page.fill("#phone", phone)
        self.goes_to_the_end()

    def goes_on(self) -> None:
        """The next question."""
        self.page.locator("[data-steps-next]").click()

    def goes_to_the_end(self) -> None:
        """Until there is nothing but sending."""
        while self.page.locator("[data-steps-next]").is_visible():
            self.goes_on()

    def sends(self) -> str:
        """Kirim. The id under which it goes."""
        field = self.page.locator("[data-outbox] [name=submission_id]")
        identity = field.input_value()
        self.page.locator("[data-submit]").click()
        return identity

    def sees_it_waiting(self) -> None:
        """Never a word of success before the receipt."""
        panel = self.page.locator("[data-kept=sent]")
        expect(panel).to_be_visible(timeout=12_000)
        expect(panel).to_contain_text("Tersimpan di HP ini, menunggu sinyal")
        assert "berhasil" not in self.page.locator("main").inner_text().lower()

    def sees_the_receipt(self) -> str:
        """The page of the receipt; its number."""
        expect(self.page).to_have_url(re.compile("/tanda-terima/"), timeout=12_000)
        number = self.page.locator("[data-receipt]").first.get_attribute("data-receipt")
        assert number
        return number

    def sees_it_sent(self) -> str:
        """Still on the form's page: the number comes by itself."""
        link = self.page.locator("[data-kept=sent] [data-state=done] a")
        expect(link).to_be_visible(timeout=30_000)
        return link.inner_text()

    def loses_signal(self) -> None:
        """Until has_signal."""
        self.page.context.set_offline(True)

    def has_signal(self) -> None:
        """Again."""
        self.page.context.set_offline(False)

    def item(self, identity: str) -> dict[str, Any] | None:
        """What this phone holds under that id."""
        found: dict[str, Any] | None = self.page.evaluate("id => outbox.get(id)", identity)
        return found

    def waits_until(self, identity: str, state: str) -> None:
        """The outbox works by itself."""
        until(
            self.page,
            "([id, state]) => outbox.get(id).then(one => !!one && one.state === state)",
            [identity, state],
        )

    def leaves_no_trace(self, *canaries: str) -> StorageDump:
        """Nothing personal stays in any storage, outside drafts and copies that were asked for."""
        dump = storage_dump(self.page)
        assert not dump.traces(*canaries), dump.traces(*canaries)
        return dump


def until(page: Page, expression: str, given: Any = None) -> None:
    """Ask until it is so. (`wait_for_function` takes a promise for a yes, and our policy forbids its `eval`.)"""
    for _ in range(150):
        if page.evaluate(expression, given):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never: {expression} {given}")


def stored(site: Site, title: str) -> list[str]:
    """Ids of everything the office holds under that name."""
    with site.inside():
        return list(db.session().scalars(select(Submission.id).where(Submission.title == title)))


def content(site: Site, identity: str) -> dict[str, str]:
    """What the office holds of one submission."""
    with site.inside():
        return dict(content_of(db.session(), identity))


def kind(site: Site, identity: str) -> SubmissionKind:
    """What a submission asks for."""
    with site.inside():
        return db.session().scalars(select(Submission.kind).where(Submission.id == identity)).one()
