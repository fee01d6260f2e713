"""A week of the clinic, lived through by moving the clock: everything happens on the pages that people use.

The week runs from Monday 28 December 2026 to New Year's Day, a Friday. Two experts, Anis and Dedi, give cooperatives
advice every morning. Numbers at the end are counted by hand here, from what was done, not read from anywhere.

PICTURES=/tmp/week keeps a picture of every stop.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.clinic_people import Adviser, Client, Desk
from tests.browser.conftest import Complaints, Site, fits, new_context, open_site
from tests.browser.looking import axe_faults
from tests.factories.clinic import wib

pytestmark = pytest.mark.browser

BEFORE, SUNDAY = date(2026, 12, 23), date(2026, 12, 27)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 12, day) for day in (28, 29, 30, 31))
HOLIDAY, WEEK_LATER, NEXT_MONDAY = date(2027, 1, 1), date(2027, 1, 8), date(2027, 1, 4)
SUNDAY_AFTER = date(2027, 1, 3)
MORNING: Final = ["09.00", "09.30", "10.00", "10.30", "11.00", "11.30"]
FRIDAY_MORNING: Final = MORNING[:-1]
ANIS, DEDI = "Dra. Anis Rahmawati", "Dedi Kurniawan"
ZOOM: Final = "https://zoom.us/j/8123456789"
# 2G where the signal is weak: what the browser's own tools call so, with the slower way up
LINE: Final = {
    "offline": False,
    "latency": 600,
    "downloadThroughput": 250e3 / 8,
    "uploadThroughput": 50e3 / 8,
}
PICTURES: Final = os.environ.get("PICTURES", "")
Say = Callable[[str], None]


class Week:
    """The house of this week: its days, who comes, and what each of them holds in hand."""

    def __init__(self, site: Site, chromium: Browser) -> None:
        self.site, self.chromium = site, chromium
        self.complaints = Complaints()
        self.pages: list[Page] = []
        self.links: dict[str, str] = {}
        self.pictures = 0

    def screen(self, who: str = "visitor", *, width: int = 360, worker: bool = False) -> Page:
        """A browser without memory. ``worker``: it takes the service worker with all that is kept; for thirty browsers
        that would be most of the work of this test.
        """
        page = new_context(
            self.chromium,
            self.site,
            who=who,
            width=width,
            service_workers="allow" if worker else "block",
        ).new_page()
        self.complaints.listen(page, self.site.address)
        self.pages.append(page)
        return page

    def client(self, name: str, phone: str = "", *, worker: bool = False) -> Client:
        """Somebody with a phone of the smallest sort; who has an appointment has kept its link."""
        return Client(self.screen(worker=worker), name, phone, self.links.get(name, ""))

    def desk(self, who: str = "administrator") -> Desk:
        """Somebody of the office at a desk."""
        return Desk(self.screen(who, width=1280))

    def adviser(self, who: str) -> Adviser:
        """An expert with a phone."""
        return Adviser(self.screen(who))

    def keeps(self, client: Client) -> None:
        """The link is kept, as people keep it in WhatsApp."""
        self.links[client.name] = client.link

    def night(self, moment: datetime) -> None:
        """All screens are put away; then it is ``moment``."""
        self.put_away()
        self.site.move_to(moment)

    def put_away(self) -> None:
        """Close all screens; none of them had anything to complain about."""
        for page in self.pages:
            page.context.close()
        self.pages.clear()
        assert not self.complaints, self.complaints

    def picture(self, page: Page, name: str) -> None:
        """Nothing is wider than the screen; for whoever wants to look, how it looks."""
        assert fits(page), name
        self.pictures += 1
        if PICTURES:
            path = Path(PICTURES) / f"{self.pictures:02}-{name}.png"
            page.screenshot(path=path, full_page=True)


@pytest.fixture
def week(chromium: Browser, tmp_path: Path) -> Iterator[Week]:
    """A server of its own, on the Wednesday before."""
    with open_site(wib(BEFORE, "10.00")) as site:
        made = Week(site, chromium)
        yield made
        for number, page in enumerate(made.pages):
            page.screenshot(path=tmp_path / f"screen-{number}.png", full_page=True)
            page.context.close()


def test_a_week_of_the_clinic(week: Week, figure: Say) -> None:
    the_office_opens(week)
    people_book(week, figure)
    week.night(wib(SUNDAY, "20.00"))
    one_moves_one_cancels(week)
    week.night(wib(MONDAY, "09.42"))
    what_was_freed_is_taken(week)
    one_walks_in_one_never_comes(week)
    week.night(wib(TUESDAY, "08.58"))
    three_come(week)
    week.night(wib(THURSDAY, "07.30"))
    an_expert_is_ill(week)
    week.night(wib(THURSDAY, "09.02"))
    who_could_not_be_reached_is_served_first(week)
    week.night(wib(THURSDAY, "10.29"))
    one_meets_by_zoom(week)
    week.night(wib(HOLIDAY, "08.00"))
    on_a_holiday_nothing_is_offered(week)
    week.night(wib(NEXT_MONDAY, "09.00"))
    the_numbers_tell_what_happened(week)
    week.put_away()


# --- Wednesday before ---------------------------------------------------------------------------------------------


def the_office_opens(week: Week) -> None:
    for year in ("2026", "2027"):
        assert f"Hari libur {year}" in week.site.server.flask("holidays", "fill", year)
    with week.site.inside():
        for who in ("expert", "other_officer"):
            assert week.site.cast[who].name == who, "whoever advises has an account"
    office = week.desk()
    for name in ("Meja 1", "Meja 2"):
        office.adds_desk(name)
    office.adds_expert(ANIS, account="Expert", zoom=ZOOM)
    office.adds_expert(DEDI, account="Other Officer")
    week.picture(office.page, "experts-and-desks")
    for expert, table in ((ANIS, "Meja 1"), (DEDI, "Meja 2")):
        office.puts_on_roster(expert, table, MONDAY, WEEK_LATER)
    week.picture(office.page, "roster")
    office.opens("/jadwal")
    week.picture(office.page, "timetable")
    weeks = office.page.locator("#weeks tbody tr")
    expect(weeks.filter(has_text="28 Des")).to_contain_text("Libur: Tahun Baru Masehi")
    expect(weeks.filter(has_text="28 Des").get_by_text("12 jam")).to_have_count(4)


def people_book(week: Week, figure: Say) -> None:
    wati_books_at_2g(week, figure)
    entin = week.client("Bu Entin Rostini", "0812-9999-2002")
    entin.looks_at(MONDAY)
    entin.takes(MONDAY, "09.30")
    entin.tells(topic="Uang", kecamatan="Cibinong")
    for name, phone in (("Pak Asep Hidayat", "0812-9999-2003"), ("Bu Neng Sumarni", "0812-9999-2004")):
        one = week.client(name, phone)
        assert one.looks_at(TUESDAY) == MORNING
        one.takes(TUESDAY, "09.00")
        one.tells(topic="sehari-hari", question="RAT belum pernah ada.", kecamatan="Nanggung")
        week.keeps(one)
    assert week.client("Pak Dadang").looks_at(TUESDAY) == MORNING[1:], "both of nine o'clock are taken"
    for name, phone, clock in (
        ("Bu Cucu Cahyati", "0812-9999-2005", "09.00"),
        ("Pak Tatang Suryana", "0812-9999-2006", "10.00"),
    ):
        one = week.client(name, phone)
        one.looks_at(THURSDAY)
        one.wants(DEDI)
        one.takes(THURSDAY, clock)
        one.tells(topic="Izin dan surat", kecamatan="Cibinong")
        week.keeps(one)
    euis = week.client("Bu Euis Komala", "0812-9999-2007")
    euis.looks_at(THURSDAY)
    euis.wants(ANIS)
    euis.wants_to_meet("Lewat Zoom")
    week.picture(euis.page, "times-by-zoom")
    euis.takes(THURSDAY, "10.30")
    euis.tells(topic="Mau mendirikan", kecamatan="Jasinga")
    week.keeps(euis)
    week.picture(euis.page, "appointment-by-zoom")


def wati_books_at_2g(week: Week, figure: Say) -> None:
    """From opening the clinic's page to the receipt, over the slow line.

    Without the service worker: what it fetches is neither slowed down nor counted here.
    """
    wati = week.client("Ibu Wati Kurniasih", "0812-9999-2001")
    page = wati.page
    line = page.context.new_cdp_session(page)
    came: list[float] = []
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    line.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    line.on("Network.requestWillBeSent", lambda event: came.append(turned_away(event)))
    page.set_default_timeout(30_000)
    began = time.monotonic()
    page.goto("/klinik")
    week.picture(page, "the-clinic-at-2g")
    page.locator("main a[href*='slot=koperasi']").first.click()
    expect(page.locator("#day input[name=slot]:checked")).to_have_value("koperasi-20261228-0900")
    week.picture(page, "times-at-2g")
    wati.tells(topic="Uang", question="Buku kas masih campur.", kecamatan="Cibinong")
    seconds = time.monotonic() - began
    week.picture(page, "receipt-at-2g")
    assert wati.name not in page.content()
    week.keeps(wati)
    figure(
        f"a booking at 2G (250 kbit/s down, 50 up, 600 ms), from opening the clinic to the receipt: "
        f"{sum(came) / 1024:.1f} KB in {sum(size > 0 for size in came)} answers, {seconds:.1f} s without the typing"
    )


def turned_away(event: dict[str, Any]) -> float:
    """Bytes of the answer that sent the browser on to where it asks now; 0 for most requests."""
    size: float = event.get("redirectResponse", {}).get("encodedDataLength", 0)
    return size


# --- Sunday evening -----------------------------------------------------------------------------------------------


def one_moves_one_cancels(week: Week) -> None:
    wati = week.client("Ibu Wati Kurniasih", worker=True)
    wati.moves_to(TUESDAY, "10.00")
    expect(wati.page.locator("main")).to_contain_text("Selasa, 29 Desember 2026")
    week.picture(wati.page, "moved")
    neng = week.client("Bu Neng Sumarni")
    neng.opens_the_link()
    neng.page.locator("main summary").click()
    neng.presses("Ya, batalkan")
    expect(neng.page.locator("main")).to_contain_text("Dibatalkan sendiri")
    week.picture(neng.page, "cancelled")


# --- Monday -------------------------------------------------------------------------------------------------------


def what_was_freed_is_taken(week: Week) -> None:
    dadang = week.client("Pak Dadang Ruhiyat", "0812-9999-2008", worker=True)
    assert dadang.looks_at(TUESDAY) == MORNING, "nine o'clock is offered again"
    week.picture(dadang.page, "offered-again")
    dadang.takes(TUESDAY, "09.00")
    dadang.tells(topic="Cara menjual", kecamatan="Jasinga")
    week.keeps(dadang)
    assert week.client("Pak Oman").looks_at(TUESDAY) == MORNING[1:], "taken, and only once"


def one_walks_in_one_never_comes(week: Week) -> None:
    officer = week.desk("officer")
    officer.opens()
    week.picture(officer.page, "monday-at-the-desk")
    officer.touches("Entin", "Tidak datang", "Tidak datang")
    officer.takes_in("10.00", ANIS, "Pak Ujang Suherman", topic="Uang", kecamatan="Cibinong")
    week.picture(officer.page, "walk-in")
    officer.presses("Catat, orangnya sudah datang")
    expect(officer.page.locator(".decision .tag").first).to_have_text("Sudah datang")
    officer.opens()
    week.picture(officer.page, "monday-with-the-walk-in")

    wall = week.screen("officer", width=1280)
    wall.goto("/petugas/klinik/layar")
    expect(wall.locator(".coming")).to_contain_text("U. S.")
    anis = week.adviser("expert")
    anis.opens("/saya")
    week.picture(anis.page, "expert-on-monday")
    anis.touches("Ujang", "Panggil", "Sedang konsultasi")
    expect(wall.locator(".called")).to_contain_text("U. S.", timeout=15_000)
    expect(wall.locator(".called")).to_contain_text("Meja 1")
    assert "Ujang" not in wall.content()
    week.picture(wall, "big-screen")
    anis.writes_down("Ujang", note="Buku kas dipisah dari uang rumah.", outcome="Terjawab")
    week.picture(anis.page, "expert-after-the-session")
    week.client("Ujang, at the door").rates({}, usual=4)


# --- Tuesday ------------------------------------------------------------------------------------------------------


def three_come(week: Week) -> None:
    asep, dadang, wati = (
        week.client(name, worker=True)
        for name in ("Pak Asep Hidayat", "Pak Dadang Ruhiyat", "Ibu Wati Kurniasih")
    )
    asep.opens_the_link()
    week.picture(asep.page, "appointment-on-its-day")
    for one in (asep, dadang, wati):
        one.opens_the_link()
        one.presses("Saya sudah datang")
        expect(one.page.locator("main")).to_contain_text("Silakan tunggu dipanggil")
    week.picture(asep.page, "i-am-here")
    officer = week.desk("officer")
    officer.opens()
    expect(officer.page.locator(".tag", has_text="Sudah datang")).to_have_count(3)
    week.picture(officer.page, "tuesday-at-the-desk")
    advisers = {ANIS: week.adviser("expert"), DEDI: week.adviser("other_officer")}
    with_whom = {one.name: expert_of(one) for one in (asep, dadang, wati)}
    assert {with_whom[asep.name], with_whom[dadang.name]} == {ANIS, DEDI}, "both at nine, each with another"
    for one, outcome in ((asep, "Terjawab"), (dadang, "Diarahkan ke tempat lain"), (wati, "Terjawab")):
        advisers[with_whom[one.name]].closes(one.name, note="Dibahas bersama.", outcome=outcome)
    asep.rates({}, usual=3)
    dadang.rates({}, usual=4)
    wati.rates({2: 3}, usual=4, comment="Ruangannya terlalu ramai.")
    week.picture(wati.page, "thanks-for-rating")
    week.client("who came along").rates({}, usual=3)


def expert_of(client: Client) -> str:
    """As the client reads it."""
    facts = client.page.locator("main .facts div")
    return facts.filter(has_text="Narasumber").locator("dd").inner_text()


# --- Thursday -----------------------------------------------------------------------------------------------------


def an_expert_is_ill(week: Week) -> None:
    office = week.desk()
    office.opens(f"/piket/{THURSDAY}")
    week.picture(office.page, "roster-of-the-day")
    office.presses(f"Tidak masuk hari ini {DEDI}")
    office.hears("Tidak masuk sudah dicatat")
    week.picture(office.page, "one-is-ill")
    office.opens("/pindah")
    rows = office.page.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="Bu Cucu Cahyati")).to_contain_text("09.00")
    expect(rows.filter(has_text="Pak Tatang Suryana")).to_contain_text("10.00")
    week.picture(office.page, "to-be-moved")

    cucu = week.client("Bu Cucu Cahyati")
    expect(cucu.opens_the_link()).to_contain_text("Maaf, narasumbernya berhalangan")
    week.picture(cucu.page, "appointment-to-be-moved")

    office.follows("Pindahkan Pak Tatang Suryana")
    office.presses("Tampilkan nomor dan pesan WhatsApp")
    expect(office.page.locator(".number").first).to_have_text("0812-9999-2006")
    office.page.locator("#slot label", has_text="11.00").click()
    office.page.locator("#how_asked label", has_text="Telepon").click()
    week.picture(office.page, "moved-with-consent")
    office.presses("Pindah setelah setuju")
    office.hears("Janji sudah dipindah")
    tatang = week.client("Pak Tatang Suryana")
    expect(tatang.opens_the_link()).to_contain_text("11.00")
    assert expert_of(tatang) == ANIS

    office.follows("Pindahkan Bu Cucu Cahyati")
    office.page.locator("#tried label", has_text="Telepon").click()
    office.presses("Tandai tidak bisa dihubungi")
    office.hears("dilayani lebih dulu")
    week.picture(office.page, "one-could-not-be-reached")
    expect(cucu.opens_the_link()).to_contain_text("Bapak/Ibu dilayani lebih dulu")
    week.picture(cucu.page, "appointment-served-first")


def who_could_not_be_reached_is_served_first(week: Week) -> None:
    officer = week.desk("officer")
    officer.opens()
    first = officer.page.locator("#dahulukan")
    expect(first).to_contain_text("Bu Cucu Cahyati")
    week.picture(officer.page, "served-first")
    free = first.locator("select option").all_inner_texts()
    assert not any(DEDI in place for place in free), free
    first.locator("select").select_option(label=f"09.00 WIB · {ANIS} · Meja 1")
    officer.presses("Pindahkan Bu Cucu Cahyati")
    expect(first).to_have_count(0)
    officer.touches("Cucu", "Sudah datang", "Sudah datang")
    week.adviser("expert").closes("Cucu", note="Urus NIB lewat OSS.", outcome="Terjawab")
    cucu = week.client("Bu Cucu Cahyati")
    expect(cucu.opens_the_link()).to_contain_text("Terima kasih sudah datang")
    week.picture(cucu.page, "after-the-session")
    cucu.rates({2: 2}, usual=4)


def one_meets_by_zoom(week: Week) -> None:
    anis = week.adviser("expert")
    page = anis.page
    page.context.route("https://zoom.us/**", lambda route: route.fulfill(body="Zoom"))
    anis.opens("/saya")
    week.picture(page, "expert-on-thursday")
    anis.touches("Euis", "Mulai", "Sedang konsultasi")
    with page.expect_popup() as meeting:
        anis.seat("Euis").get_by_role("link", name="Buka Zoom").click()
    assert meeting.value.url == ZOOM
    meeting.value.close()
    euis = week.client("Bu Euis Komala")
    button = euis.opens_the_link().locator(".button", has_text="Buka Zoom")
    expect(button).to_have_attribute("href", ZOOM)
    week.picture(euis.page, "by-zoom-on-its-day")
    anis.writes_down("Euis", note="Calon pengurus sudah sembilan orang.", outcome="Koperasi baru")
    anis.closes("Tatang", note="Halal diurus bulan depan.", outcome="Perlu konsultasi lagi")
    week.picture(page, "expert-wrote-it-down")
    euis.rates({7: 4}, usual=3)
    week.client("Pak Tatang Suryana").rates({}, usual=4)
    for usual, scores in ((4, {}), (3, {9: 2})):
        week.client("who came along").rates(scores, usual=usual)


# --- New Year's Day -----------------------------------------------------------------------------------------------


def on_a_holiday_nothing_is_offered(week: Week) -> None:
    oman = week.client("Pak Oman")
    assert oman.looks_at(HOLIDAY) == []
    expect(oman.page.locator("#day")).to_contain_text("Jumat, 1 Januari 2027: libur, Tahun Baru Masehi")
    week.picture(oman.page, "holiday")
    assert oman.looks_at(WEEK_LATER) == FRIDAY_MORNING, "the same roster, a Friday that is none"
    oman.page.goto("/klinik")
    expect(oman.page.locator("main a[href*='slot=koperasi']").first).to_contain_text("4 Jan")
    week.picture(oman.page, "the-clinic-on-a-holiday")
    officer = week.desk("officer")
    officer.opens()
    expect(officer.page.locator("main .empty")).to_contain_text("Tidak ada janji hari ini")
    expect(officer.page.locator("main .empty")).to_contain_text("Libur: Tahun Baru Masehi")
    week.picture(officer.page, "holiday-at-the-desk")
    office = week.desk()
    office.opens(f"/piket/{HOLIDAY}")
    expect(office.page.locator("main")).to_contain_text("Libur: Tahun Baru Masehi")


# --- the Monday after ---------------------------------------------------------------------------------------------


def the_numbers_tell_what_happened(week: Week) -> None:
    leader = week.desk("leader")
    leader.reads_numbers(MONDAY, SUNDAY_AFTER)
    week.picture(leader.page, "numbers")
    assert not axe_faults(leader.page)
    assert leader.table("masa")[0] == {
        "Masa": "28 Des - 3 Jan",
        # four mornings of six half hours with two experts; six fell away with Dedi's illness; none on the holiday
        "Dibuka": str(4 * 6 * 2 - 6),
        # eight by phone, Ujang at the desk
        "Dipesan": "9",
        # Ujang, Asep, Dadang, Wati, Cucu, Euis, Tatang
        "Datang": "7",
        # Entin, of eight who should have come: Neng told us
        "Tidak datang": "1 (12 %)",
        "Batal berkabar": "1",
        "Batal dari kantor": "0",
        "Akan datang": "0",
        "Belum dicatat": "0",
        "Datang langsung": "1",
        # Dadang 1, Entin 5, Asep and Wati 6, the three of Thursday 8 days: the middle one is Wati's, Wednesday 10.00
        # to Tuesday 10.00
        "Tunggu (hari)": "6,0",
    }
    assert pairs(leader, "cara") == {"Datang ke kantor": "8", "Lewat Zoom": "1"}
    assert pairs(leader, "topik") == {
        "Uang dan pembukuan": "3",  # Wati, Entin, Ujang
        "Menjalankan usaha": "2",  # Asep, Neng
        "Izin dan surat": "2",  # Cucu, Tatang
        "Pemasaran": "1",  # Dadang
        "Mendirikan koperasi atau usaha": "1",  # Euis
    }
    assert pairs(leader, "kecamatan") == {"Kec. Cibinong": "5", "Kec. Nanggung": "2", "Kec. Jasinga": "2"}
    assert pairs(leader, "hasil") == {
        "Terjawab": "4",  # Ujang, Asep, Wati, Cucu
        "Diarahkan ke tempat lain": "1",
        "Koperasi baru akan berdiri": "1",
        "Perlu konsultasi lagi": "1",
    }
    # Ten sheets: six with fours (Ujang, Dadang, Wati, Cucu, Tatang, one who came along) and four with threes are 36
    # of ten for each element, mean 3.6. Element 2: Wati one less, Cucu two less: 3.3. Element 7: Euis one more: 3.7.
    # Element 9: one less: 3.5. Six times 3.6 and these three are 32.1; a ninth of it times 25 is 89.1666...
    index = leader.page.locator(".stat", has_text="Indeks kepuasan")
    expect(index.locator(".number")).to_have_text("89,17 (A)")
    expect(index).to_contain_text("dari sembilan unsur, 10 lembar")
    means = [row["Rata-rata (1-4)"] for row in leader.table("skm")]
    assert means == ["3,60", "3,30", "3,60", "3,60", "3,60", "3,60", "3,70", "3,60", "3,50"]
    comments = leader.page.locator("#komentar")
    expect(comments).to_contain_text("Ruangannya terlalu ramai.")
    assert "Wati" not in leader.page.content()


def pairs(desk: Desk, block: str) -> dict[str, str]:
    """The first two columns of a table of the report."""
    return {first: second for first, second, *_ in (list(row.values()) for row in desk.table(block))}
