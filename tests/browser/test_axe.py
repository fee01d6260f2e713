"""axe finds nothing on any page in any state. Pages are made from the url map and states from the templates: a new
address is looked at by itself, or turns this red until it is listed with a reason; a new `if` of a template turns it
red until states.py gets there.

`make test` looks at each page in one pair of width and colours, taken in turn; `make trial` at all four.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal

import pytest
from playwright.sync_api import Browser, Error, Page

from app.core.access import Access
from app.core.background import background
from tests.browser.branches import Branches
from tests.browser.conftest import Complaints, Site, new_context, open_site
from tests.browser.looking import axe_faults, size_faults
from tests.browser.states import Rooms, State, all_states, before_anything
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import make_cooperative
from tests.factories.desk import address, register
from tests.house.addresses import Address, Samples, addresses, live_in
from tests.sizes import size

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NO_PAGE: Final = {  # beside what answers with no HTML, which is seen by itself
    "/petugas/koperasi/<code>/foto/<public_id>": "a picture; the sample has none",
    "/kiriman/status": "JSON about submissions that one names",
    "/klinik/tahan": "a button's address, leads back to its page",
    "/klinik/pesanan/<token>/batal": "a button's address, leads back to its page",
    "/klinik/pesanan/<token>/datang": "a button's address, leads back to its page",
}
AFTER_A_DECISION: Final = {"/petugas/koperasi/<code>/slip", "/tanda-terima/<token>/perbaiki"}  # among _fates
NO_WRONG_INPUT: Final = {
    "/akun/perangkat/keluar-semua": "a button",
    "/akun/kode-masuk/cadangan": "a button",
    "/akun/kode-masuk/lepas": "a button",
    "/akun/kode-masuk": "a button that shows a new key; a wrong code for it comes back by /akun/kode",
    "/petugas/koperasi/<code>/bukan-sama": "a button at a pair",
    "/ganti-pengguna": "a button",
    "/keluar": "a button",
    "/petugas/akun/<int:account_id>/aktifkan": "a button",
    "/petugas/akun/<int:account_id>/keluarkan": "a button",
    "/petugas/akun/<int:account_id>/lepas-kode": "a button",
    "/petugas/akun/<int:account_id>/nonaktifkan": "a button",
    "/petugas/akun/<int:account_id>/tautan": "a button",
    "/petugas/akun/<int:account_id>/plh/<int:stand_in_id>/akhiri": "a button",
    "/petugas/impor/<int:batch_id>/batalkan": "a button",
    "/petugas/impor/<int:batch_id>/jalankan": "a button",
    "/petugas/impor/<int:batch_id>/lanjutkan": "a button",
    "/petugas/impor/<int:batch_id>/kolom": "nothing chosen leaves every column out, which is an answer",
    "/petugas/klinik/janji/<int:booking_id>/batal": "a button",
    "/petugas/klinik/janji/<int:booking_id>/jam-lain/nomor": "a button",
    "/petugas/klinik/janji/<int:booking_id>/jam-lain/tetap": "a button",
    "/petugas/klinik/permintaan/<number>/nomor": "a button",
    "/petugas/koperasi/<code>/ambil": "a button",
    "/petugas/koperasi/<code>/terima": "a button; a program that does not say how it was checked is answered, too",
    "/petugas/koperasi/<code>/umumkan": "a button",
    "/petugas/koperasi/<code>/periksa": "a button",
    "/petugas/koperasi/<code>/pisahkan/<int:merge_id>": "a button",
    "/petugas/koperasi/<code>/kabari": "a tick",
    "/petugas/koperasi/<code>/nomor": "a button",
    "/petugas/koperasi/semua/ekspor": "answers with a file",
    "/petugas/klinik/angka/ekspor": "answers with a file",
    "/klinik/lewat": "answers with nothing, whatever is sent",
    "/petugas/impor/<int:batch_id>/laporan-lengkap": "answers with a file",
    "/petugas/klinik/jadwal/buat": "a button",
    "/petugas/klinik/jadwal/jam/<int:hours_id>/akhiri": "a button",
    "/petugas/klinik/piket/salin": "a button; without its month there is no such page",
    "/petugas/klinik/piket/<day>/hapus": "a button; without its place there is no such page",
    "/petugas/klinik/tutup/<int:closure_id>/buka": "a button",
    "/petugas/klinik/pindah/<int:booking_id>/nomor": "a button",
    "/petugas/hari-libur/muat": "a button",
    "/petugas/hari-libur/hapus": "a button",
    "/klinik/pesanan/<token>/batal": "a button",
}
OTHER_STATES: Final = (  # beside the url map: (who, address, status)
    ("visitor", "/alamat-yang-tidak-ada", 404),
    ("visitor", "/koperasi/K-ZZZZZZZ", 404),
    ("visitor", "/koperasi?cari=zzqqxxy", 200),
    ("visitor", "/koperasi?cari=tani&kecamatan=32.01.21", 200),
    ("visitor", "/koperasi/daftar?bahasa=su", 200),
    ("visitor", "/koperasi/daftar?bahasa=en", 200),
    ("visitor", "/?bahasa=su", 200),
    ("visitor", "/?bahasa=en", 200),
    ("member", "/petugas/akun", 403),
    ("other_officer", "/petugas/koperasi", 200),
    ("other_officer", "/petugas/koperasi/semua", 200),
    ("other_officer", "/petugas/kabari", 200),
    ("leader", "/petugas", 200),
    ("companion", "/petugas", 200),
)
LOOKS: Final[list[tuple[int, Literal["light", "dark"]]]] = [
    (360, "light"),
    (1280, "dark"),
    (360, "dark"),
    (1280, "light"),
]
WATCHERS: Final = ("administrator", "officer", "dinas_officer", "member")
PLACE: Final = "/_keadaan"  # where made states are shown; the answer stands in for it
POST = """([url, token]) => {
  const form = document.createElement('form');
  form.method = 'post'; form.action = url; form.enctype = 'multipart/form-data';
  if (token) { const t = document.createElement('input'); t.name = 'csrf_token'; t.value = token; form.append(t); }
  document.body.append(form); form.submit();
}"""


class House:
    """A site where everything exists, and a browser page for each of the cast."""

    def __init__(self, site: Site, chromium: Browser, *, every_state: bool = True) -> None:
        self.site, self.chromium = site, chromium
        self.pages: dict[str, Page] = {}
        self.no_pages: set[str] = set()  # addresses that answer with something else than HTML
        self.complaints = Complaints()
        self.branches = Branches(site.app)
        rooms = Rooms(site.app, site.cast)
        with site.inside():
            self.made = list(self._noted(before_anything(rooms))) if every_state else []
            self.samples: Samples = live_in(site.cast, self.client)
            background().wait()
            self.states = [*OTHER_STATES, *self._fates()]
            self.reading = addresses(site.app, self.samples, safe=True)
            self.writing = addresses(site.app, self.samples, safe=False)
            self._ask_again()
            self.made += self._noted(all_states(rooms)) if every_state else []

    def client(self, name: str) -> CheckedClient:
        """The test client of a part of the cast."""
        client = self.site.app.test_client()
        assert isinstance(client, CheckedClient)
        if name != "visitor":
            client.enter(self.site.cast[name].sid)
        return client

    def _ask_again(self) -> None:
        """What the other tests look at in the browser, once without it: which states of templates that shows."""
        clients = {who: self.client(who) for who in ("visitor", *WATCHERS)}
        for each in self.reading:
            for who in watchers(each):
                answer = clients[who].get(each.url, check=False)
                if answer.status_code == 200:
                    self.no_pages |= {each.url} if answer.mimetype != "text/html" else set()
                    break
        for each in self.writing:
            if each.rule.rule in NO_WRONG_INPUT:
                continue
            for who in watchers(each):
                if clients[who].post(each.url, check=False).status_code in (409, 422):
                    break
        for who, url, _status in self.states:
            self.client(who).get(url, check=False)

    def _noted(self, states: Iterator[State]) -> Iterator[State]:
        """`make test` keeps those that show something for the first time."""
        known = len(self.branches.seen)
        for state in states:
            if size(len(self.branches.seen) > known, True):
                yield state
            known = len(self.branches.seen)

    def _fates(self) -> Iterator[tuple[str, str, int]]:
        """One registration of every end it can have, seen by its sender and its officer."""
        from tests.factories.cooperatives import receipt_address

        officer = self.client("officer")
        twin = make_cooperative("Koperasi Kembar Jaya")
        fates: dict[str, dict[str, Any]] = {
            "terima": {"how_checked": "telephone"},
            "kembalikan": {
                "reason": "incomplete",
                "note": "Mohon dilengkapi.",
                "return_address": "Tulis RT/RW",
            },
            "tolak": {"reason": "playful"},
            "gabung": {"into": twin},
        }
        for number, (deed, fields) in enumerate(fates.items()):
            sent = register(self.client("visitor"), name=f"Koperasi Nasib {number}")
            answer = officer.post(address(sent, deed), data=fields)
            assert answer.status_code == 303, (deed, answer.text)
            yield "visitor", receipt_address(sent), 200
            yield "officer", address(sent), 200
            yield "officer", address(sent, "slip"), 200
            if deed == "kembalikan":
                yield "visitor", receipt_address(sent) + "/perbaiki", 200
        yield "officer", "/petugas/kabari", 200

    def page(self, who: str) -> Page:
        """The page of one of the cast, kept for all addresses."""
        if who not in self.pages:
            context = new_context(self.chromium, self.site, who=who, service_workers="block")
            self.pages[who] = context.new_page()
            self.complaints.listen(self.pages[who], self.site.address)
        return self.pages[who]


@pytest.fixture(scope="module")
def house(chromium: Browser) -> Iterator[House]:
    """Everything exists; torn down at the end of the module."""
    with open_site() as site:
        made = House(site, chromium)
        yield made
        for page in made.pages.values():
            page.context.close()


def watchers(each: Address) -> tuple[str, ...]:
    """Who may see it: a stranger what is public, else the first of the staff who may."""
    return ("visitor", *WATCHERS) if each.access is Access.PUBLIC else WATCHERS


def look(page: Page, turn: int) -> list[str]:
    """Everything that is wrong with the page as it stands."""
    faults = size_faults(page)
    for width, colours in size([LOOKS[turn % len(LOOKS)]], LOOKS):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=colours)
        faults += [f"{width} px {colours} {fault}" for fault in axe_faults(page)]
    return faults


def test_every_page_of_the_url_map(house: House) -> None:
    found: list[str] = []
    for turn, each in enumerate(house.reading):
        if each.rule.rule in NO_PAGE.keys() | AFTER_A_DECISION or each.url in house.no_pages:
            continue
        for who in watchers(each):
            page = house.page(who)
            answer = page.goto(each.url)
            if answer is not None and answer.status == 200 and page.url.endswith(each.url):
                break
        else:
            found.append(f"{each.url}: nobody sees it ({answer and answer.status}, {page.url})")
            continue
        found += [f"{each.url} ({who}): {fault}" for fault in look(page, turn)]
    assert not found, "\n".join(found)
    assert not house.complaints, house.complaints


def test_every_other_state(house: House) -> None:
    found: list[str] = []
    for turn, (who, url, status) in enumerate(house.states):
        page = house.page(who)
        answer = page.goto(url)
        if answer is None or answer.status != status:
            found.append(f"{url} ({who}): {answer and answer.status} instead of {status}")
        found += [f"{url} ({who}): {fault}" for fault in look(page, turn)]
    assert not found, "\n".join(found)
    assert not house.complaints, house.complaints


def show(page: Page, state: State, complaints: Complaints) -> None:
    """The answer as the browser shows it; what belongs to it comes from the server."""
    headers = {k: v for k, v in state.answer.headers.items() if k not in {"Content-Length", "Set-Cookie"}}
    body, status = state.answer.get_data(), state.answer.status_code
    page.route(f"**{PLACE}", lambda route: route.fulfill(body=body, status=status, headers=headers))
    shown = page.goto(PLACE)
    assert shown is not None
    assert shown.status == status, (
        f"{state.name}: something else is shown (a worker answers what no route sees)"
    )
    page.unroute(f"**{PLACE}")
    complaints[:] = [words for words in complaints if f"status of {status}" not in words]


def test_every_state_that_a_template_knows(house: House) -> None:
    found: list[str] = []
    page = house.page("visitor")
    for turn, state in enumerate(house.made):
        show(page, state, house.complaints)
        found += [f"{state.name} ({state.answer.request.path}): {fault}" for fault in look(page, turn)]
    assert not found, "\n".join(found)
    assert not house.complaints, house.complaints


def test_no_state_of_a_template_is_missing(house: House) -> None:
    assert house.branches.seen, "nothing was noted"
    assert not house.branches.unseen(), "\n".join(house.branches.unseen())


def test_every_form_sent_back(house: House) -> None:
    found: list[str] = []
    for turn, each in enumerate(house.writing):
        if each.rule.rule in NO_WRONG_INPUT:
            continue
        seen: list[str] = []
        for who in watchers(each):
            page = house.page(who)
            page.goto("/bantuan" if who == "visitor" else "/akun")
            token = page.locator("input[name=csrf_token]")
            try:
                with page.expect_navigation(timeout=5000) as arrived:
                    page.evaluate(POST, [each.url, token.first.input_value() if token.count() else ""])
            except Error as fault:
                seen.append(f"{who}: {str(fault).splitlines()[0]}")
                continue
            status = arrived.value.status
            seen.append(f"{who} {status}")
            if status in (409, 422):
                found += [f"POST {each.url} ({who}): {fault}" for fault in look(page, turn)]
                break
        else:
            found.append(f"POST {each.url}: nobody gets it back as wrong ({', '.join(seen)})")
    assert not found, "\n".join(found)
    assert not house.complaints, house.complaints


def test_the_lists_of_exceptions_name_only_what_exists(house: House) -> None:
    reading = {each.rule.rule for each in house.reading}
    writing = {each.rule.rule for each in house.writing}
    assert set(NO_PAGE) <= reading, set(NO_PAGE) - reading
    assert set(NO_WRONG_INPUT) <= writing, set(NO_WRONG_INPUT) - writing
    adapter = house.site.app.url_map.bind("localhost")
    shown = [url.split("?")[0] for _, url, status in house.states if status == 200]
    decided = {adapter.match(url, return_rule=True)[0].rule for url in shown}
    assert decided >= AFTER_A_DECISION, AFTER_A_DECISION - decided


def test_a_page_with_faults_is_noticed(chromium: Browser) -> None:
    """The positive control of all that is above."""
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    page.set_content(
        "<html><style>button{width:20px;height:20px} *:focus{outline:none}</style><img src=data:,>"
        "<button></button><button>b</button><div style='width:900px'>lebar</div>"
    )
    faults = "\n".join(size_faults(page) + axe_faults(page))
    page.close()
    for word in ("sideways at 320", "small target", "axe image-alt", "axe button-name"):
        assert word in faults, faults
