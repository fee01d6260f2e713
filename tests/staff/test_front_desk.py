"""The front desk says what waits for this person today, and leads there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cast import PARTS
from tests.checked_client import CheckedClient
from tests.factories.desk import address, register
from tests.page_rules import Inspected, words_of

Enter = Callable[[str], CheckedClient]
STAFF = [name for name in PARTS if name != "member"]


def numbers(page: Inspected) -> dict[str, str]:
    """The large figures by their words."""
    found = {}
    for card in page.all("div"):
        if "stat" in (card.get("class") or "").split():
            figure = next(e for e in card.iter("span") if e.get("class") == "number")
            named = [words_of(e) for e in card.iter() if e.tag in {"a", "b"} and words_of(e)]
            found[named[0]] = words_of(figure)
    return found


def test_it_works(client: CheckedClient, sign_in: Enter) -> None:
    officer = sign_in("officer")
    sent, second = register(client), register(client, name="Koperasi Kedua", phone="081255556666")
    officer.post(address(second, "terima"))
    page = officer.page("/petugas")
    found = numbers(page)
    assert found["Menunggu keputusan saya"] == "1"
    assert found["Perlu dikabari"] == "1"
    assert [r.get("data-record") for r in page.all("tr") if r.get("data-record")] == [sent.record_code]


def test_own_entries_do_not_wait_for_me(sign_in: Enter) -> None:
    register(sign_in("officer"))
    assert numbers(sign_in("officer").page("/petugas"))["Menunggu keputusan saya"] == "0"
    assert numbers(sign_in("dinas_officer").page("/petugas"))["Menunggu keputusan saya"] == "1"


def test_another_area_does_not_wait_for_me(client: CheckedClient, sign_in: Enter) -> None:
    register(client)
    assert numbers(sign_in("other_officer").page("/petugas"))["Menunggu keputusan saya"] == "0"


def test_late_ones_are_counted(client: CheckedClient, sign_in: Enter, at: Callable[[str], None]) -> None:
    register(client)
    at("2026-12-01T09:00+07:00")
    assert numbers(sign_in("officer").page("/petugas"))["Lewat dari janji"] == "1"


@pytest.mark.parametrize("name", STAFF)
def test_every_role_finds_its_pages(sign_in: Enter, name: str) -> None:
    browser = sign_in(name)
    page = browser.page("/petugas")
    links = {a.get("href") for a in page.all("a") if (a.get("href") or "").startswith("/petugas")}
    for link in sorted(str(x) for x in links):
        assert browser.get(link).status_code == 200, link


def test_members_have_no_desk(sign_in: Enter) -> None:
    assert sign_in("member").get("/petugas").status_code == 403


def test_strangers_are_asked_to_sign_in(client: CheckedClient) -> None:
    assert client.get("/petugas").status_code in {302, 303}


def test_the_guide_has_two_sheets(sign_in: Enter) -> None:
    page = sign_in("companion").page("/petugas/panduan")
    assert len([s for s in page.all("section") if "sheet-a4" in (s.get("class") or "")]) == 2


def test_the_living_page_of_the_look(sign_in: Enter) -> None:
    assert sign_in("companion").get("/petugas/gaya").status_code == 200
