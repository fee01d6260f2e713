"""Pages in every state that a template knows, each made in the way a person gets there.

``before_anything(rooms)`` before the house is lived in, ``all_states(rooms)`` afterwards. A state is an answer of
the application; test_axe.py shows it in the browser. tests/browser/branches.py says what is still missing here.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from app.accounts.commands import first_administrator_link
from app.cooperatives.models import Cooperative
from app.cooperatives.rules import CooperativeType, FieldStatus, Health, MembershipArea, MinistryStatus
from app.core import clock
from app.core.access import Role
from app.core.db import db
from app.core.office_key import public_key
from app.core.paging import COUNT_LIMIT
from app.imports.models import ImportBatch
from app.imports.retention import forget_old
from app.offline.carried_rules import CarriedItem
from app.registry import routes
from app.registry.models import Submission
from app.registry.rules import SubmissionStatus
from tests.browser.clinic_day_states import day_states
from tests.browser.clinic_office_states import empty_office, office_states
from tests.browser.clinic_states import empty_clinic, public_clinic
from tests.browser.clinic_word_states import heard_clinic, silent_clinic
from tests.cast import ELSEWHERE, HERE, Cast
from tests.checked_client import CheckedClient
from tests.conftest import MONDAY_MORNING
from tests.cooperatives.test_photo import photo
from tests.factories.accounts import Made, make_account, sign_in_by_page, signed_in_browser
from tests.factories.cooperatives import make_cooperative, new_id, receipt_address, registration
from tests.factories.desk import DESK, NUMBER, about, address, register, submission, write
from tests.factories.regions import desa_code
from tests.factories.sealing import seal_item
from tests.imports.bringing import (
    bring_in,
    commit,
    dry_run,
    make_list,
    row,
    rows_of,
    still_signed_in,
    undo,
)
from tests.imports.files import make_xlsx
from tests.offline.carrying import text_of

SANA: Final = {"kecamatan": ELSEWHERE, "desa": "32.01.01.1001"}
NOTE: Final = "Tanya Bu Siti di kantor desa."
_TOKEN: Final = re.compile(r'name="(kept|pending|setup_key|csrf_token)"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class State:
    """A page as it was answered. ``name`` says what it shows."""

    name: str
    answer: TestResponse


class Rooms:
    """The application with its cast; ``rooms.open("officer", "/petugas", "...")`` is a state."""

    def __init__(self, app: Flask, cast: Cast) -> None:
        self.app, self.cast = app, cast
        self._clients: dict[str, CheckedClient] = {}

    def client(self, who: str = "visitor") -> CheckedClient:
        """The browser of one of the cast."""
        if who not in self._clients:
            made = self.app.test_client()
            assert isinstance(made, CheckedClient)
            if who != "visitor":
                made.enter(self.cast[who].sid)
            self._clients[who] = made
        return self._clients[who]

    def open(self, who: str, url: str, what: str, /, status: int = 200) -> State:
        """What ``who`` sees at ``url``."""
        return self._state(self.client(who).get(url), what, status)

    def send(self, who: str, url: str, what: str, status: int, /, **data: Any) -> State:
        """What ``who`` sees after a form."""
        return self._state(self.client(who).post(url, data=data), what, status)

    def do(self, who: str, url: str, /, **data: Any) -> TestResponse:
        """A deed whose answer is no page of its own."""
        answer = self.client(who).post(url, data=data)
        assert answer.status_code == 303, (url, answer.status, answer.get_data(as_text=True)[:2000])
        return answer

    @staticmethod
    def _state(answer: TestResponse, name: str, status: int) -> State:
        assert answer.status_code == status, (name, answer.status, answer.location)
        return State(name, answer)


def at(moment: datetime) -> None:
    """Move the clock; everybody stays signed in."""
    clock.start_at(moment)
    still_signed_in()


def before_anything(rooms: Rooms) -> Iterator[State]:
    """An empty installation, then empty desks: nothing came in, nobody works here, no day off is known."""
    first = first_administrator_link()
    assert first
    path = "/" + first.split("/", 3)[3]
    yield rooms.open("visitor", path, "the first administrator")
    yield rooms.send("visitor", path, "the first administrator, nothing filled", 422)
    yield rooms.send(
        "visitor", path, "the first password is too weak", 422, name="A", phone="0812-1", password="a"
    )
    only = f"/petugas/akun/{rooms.cast['administrator'].account_id}"
    yield rooms.send("administrator", f"{only}/nonaktifkan", "the only administrator stays", 422)
    yield rooms.open("administrator", "/petugas/impor", "no import yet")
    yield rooms.open("officer", "/petugas", "nothing waits at the front desk")
    yield rooms.open("evaluator", "/petugas", "no work for this account")
    yield rooms.open("expert", "/petugas", "the front desk of an expert")
    yield rooms.open("officer", "/petugas/kabari", "nobody to tell")
    yield rooms.open("officer", DESK, "empty queue")
    yield rooms.open("officer", f"{DESK}?kotak=selesai", "empty queue of decided ones")
    yield rooms.open("visitor", "/koperasi", "no cooperative at all")
    yield rooms.open("visitor", "/", "home of an empty registry")
    yield from empty_clinic(rooms)
    yield from silent_clinic(rooms)
    yield from empty_office(rooms)


def all_states(rooms: Rooms) -> Iterator[State]:
    """Every other state, one part of the house after the other; the clock is put back after each."""
    parts: tuple[Callable[[Rooms], Iterator[State]], ...] = (
        _signing_in,
        _own_accounts,
        _accounts,
        _look_up,
        _queue,
        _receipts,
        _registering,
        _records,
        _contacts,
        _merging,
        _imports,
        _import_rows,
        _calendar,
        _carried,
        public_clinic,
        day_states,
        heard_clinic,
        office_states,
        _faults,
    )
    for part in parts:
        yield from part(rooms)
        at(MONDAY_MORNING)


# --- accounts -------------------------------------------------------------------------------------------------------


def _hidden(answer: TestResponse, name: str) -> str:
    """Value of a hidden field of the page."""
    found: dict[str, str] = dict(_TOKEN.findall(answer.get_data(as_text=True)))
    return found.get(name, "")


def _signing_in(rooms: Rooms) -> Iterator[State]:
    visitor = rooms.client()
    for news in ("sandi-baru", "keluar"):
        yield rooms.open("visitor", f"/masuk?kabar={news}", f"sign-in: {news}")
    yield rooms.open("officer", "/masuk?next=/petugas", "sign-in of somebody signed in")
    yield rooms.send(
        "visitor", "/masuk", "sign-in failed", 422, phone="0811-0000-1111", password="salah semua"
    )
    for _ in range(5):
        visitor.post("/masuk", data={"phone": "0811-0000-1111", "password": "salah semua"})
    yield rooms.send(
        "visitor", "/masuk", "sign-in tried too often", 429, phone="0811-0000-1111", password="salah semua"
    )
    boss = make_account(Role.ADMINISTRATOR, name="Bu Kepala", second_factor=True)
    password = {"phone": boss.typed_phone, "password": boss.password, "next": "/petugas/akun"}
    step = visitor.post("/masuk", data={**password, "kept": "tidak terbaca"})
    assert step.status_code == 200
    yield State("second step", step)
    pending = {"pending": _hidden(step, "pending"), "next": "/petugas/akun", "kept": "tidak terbaca"}
    yield rooms.send("visitor", "/masuk", "wrong code", 422, totp="000000", **pending)
    yield rooms.send("visitor", "/masuk", "no code", 422, totp="", **pending)
    yield rooms.send(
        "visitor", "/masuk", "second step too late", 422, totp="000000", pending="rusak", kept="x"
    )
    yield from _expired(rooms)


def _expired(rooms: Rooms) -> Iterator[State]:
    """A form sent after the session ended, by the same person and by another."""
    ana, beni = make_account(name="Ana"), make_account(name="Beni")
    browser = signed_in_browser(rooms.app, ana)
    token = _hidden(browser.get("/akun"), "csrf_token")
    typed = {"name": "Ibu Nining Rahayu", "language": "su", "csrf_token": token}
    other = signed_in_browser(rooms.app, beni)
    yield State("another person's form", other.post("/akun", data=typed, token=False))
    clock.start_at(MONDAY_MORNING + timedelta(hours=2))
    expired = browser.post("/akun", data={**typed, "photo": (photo(), "foto.jpg")}, token=False)
    yield State("session expired", expired)
    offered = sign_in_by_page(browser, ana, kept=_hidden(expired, "kept"))
    assert offered.status_code == 200
    yield State("typed text is offered again", offered)


def _own_accounts(rooms: Rooms) -> Iterator[State]:
    for news in ("tersimpan", "sandi", "kode-dilepas", "kode-dipasang"):
        yield rooms.open("officer", f"/akun?kabar={news}", f"own account: {news}")
    rich = make_account(
        Role.CO_ADMINISTRATOR,
        name="Camat Nanggung",
        areas=(HERE,),
        institution="Kecamatan Nanggung",
        valid_until=date(2027, 1, 1),
    )
    yield State("own account with area and dates", signed_in_browser(rooms.app, rich).get("/akun"))
    yield rooms.open("dinas_officer", "/akun", "own account of a person with a stand-in")
    newcomer = make_account(name="Pak Baru")
    browser = signed_in_browser(rooms.app, newcomer)
    page = browser.get("/akun/kode-masuk")
    yield State("set up the second factor", page)
    key = _hidden(page, "setup_key")
    wrong = {"setup_key": key, "totp": "000000", "current_password": newcomer.password}
    yield State("set up with a wrong code", browser.post("/akun/kode-masuk", data=wrong))
    yield State("set up with nothing", browser.post("/akun/kode-masuk", data={"setup_key": key}))
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page.get_data(as_text=True))
    assert secret
    made = Made(newcomer.account_id, "", newcomer.phone, newcomer.password, secret[1].replace(" ", ""))
    right = {**wrong, "totp": made.code()}
    yield State("recovery codes, shown once", browser.post("/akun/kode-masuk", data=right))
    yield State("second factor with few codes", browser.get("/akun/kode-masuk"))
    for deed in ("lepas", "cadangan"):
        again = browser.post(f"/akun/kode-masuk/{deed}", data={"totp": "000000"})
        yield State(f"second factor, wrong code: {deed}", again)
    yield State(
        "wrong password again",
        browser.post("/akun/kata-sandi", data={"current_password": "x", "password": "y" * 12}),
    )
    yield from _stepping_up(rooms)


def _stepping_up(rooms: Rooms) -> Iterator[State]:
    """Other people's accounts want a fresh code; without one set up the page says so."""
    boss = make_account(Role.ADMINISTRATOR, name="Bu Kepala Dua", second_factor=True)
    browser = signed_in_browser(rooms.app, boss)
    clock.start_at(MONDAY_MORNING + timedelta(minutes=20))
    kept = browser.post("/petugas/akun/baru", data={"name": "Ibu Rina"})
    yield State("code wanted for a form that waits", kept)
    yield State("code wanted for a page", browser.get("/akun/kode?next=/petugas/akun"))
    wrong = {"totp": "000000", "kept": _hidden(kept, "kept"), "next": "/petugas/akun"}
    yield State("code again, wrong", browser.post("/akun/kode", data=wrong))
    clock.start_at(MONDAY_MORNING)
    bare = signed_in_browser(rooms.app, make_account(Role.ADMINISTRATOR, name="Pak Kepala"))
    yield State("code not set up", bare.post("/petugas/akun/baru", data={"name": "Ibu Rina"}))


def _accounts(rooms: Rooms) -> Iterator[State]:
    lapsed = make_account(
        name="Pak Lewat Masa", valid_until=date(2026, 1, 1), institution="Kecamatan Jasinga"
    )
    empty = make_account(name="Bu Belum Sandi", with_password=False)
    closed = make_account(name="Pak Pensiun", active=False)
    decides = make_account(Role.CO_ADMINISTRATOR, name="Camat", areas=(HERE,), may_decide=True)
    page = "/petugas/akun"
    yield rooms.open("administrator", page, "accounts")
    yield rooms.open("administrator", f"{page}?peran=officer&nonaktif=1", "accounts that are shut")
    yield rooms.open("administrator", f"{page}?cari=lewat masa", "accounts out of their dates")
    yield rooms.open("administrator", f"{page}?cari=zzqqxx", "no account found")
    for made in (lapsed, empty, closed, decides):
        yield rooms.open("administrator", f"{page}/{made.account_id}", f"account of {made.name}")
    for news in ("tersimpan", "nonaktif", "aktif", "keluar", "nomor", "plh", "plh-selesai", "kode"):
        yield rooms.open("administrator", f"{page}/{decides.account_id}?kabar={news}", f"account: {news}")
    done = {"name": "Ibu Rina", "phone": "0812-3456-0000", "role": "officer", "section": "kpk"}
    yield rooms.send("administrator", f"{page}/baru", "the link of a new account", 200, **done)
    yield rooms.send("administrator", f"{page}/baru", "the number is taken", 409, **done)
    without = {"name": "Pak Tanpa", "phone": "0812-3456-0001", "role": "co_administrator"}
    yield rooms.send("administrator", f"{page}/baru", "no area chosen", 422, **without)


# --- the public ------------------------------------------------------------------------------------------------------

RICH: Final[dict[str, Any]] = {
    "address": "Jl. Raya Nanggung No. 7",
    "cooperative_type": CooperativeType.SAVINGS_AND_LOAN,
    "membership_area": MembershipArea.PROVINSI,
    "main_activity": "simpan pinjam dan jual pupuk",
    "legal_entity_number": NUMBER,
    "legal_entity_date": date(2025, 6, 12),
    "legal_entity_checked": True,
    "nik_koperasi": "3201070060001",
    "nib": "9120001234567",
    "npwp": "0123456740403000",
    "members_male": 120,
    "members_female": 93,
    "members_total": 213,
    "annual_turnover": 1_500_000_000,
    "chair_name": "Ahmad Hidayat",
    "contact_name": "Siti Aminah",
    "phone": "6281299990001",
    "consent_public_contact": True,
    "consent_whatsapp": True,
    "ministry_status": MinistryStatus.ACTIVE,
    "ministry_status_on": date(2026, 3, 1),
    "field_status": FieldStatus.BODY_ACTIVE,
    "field_status_on": date(2026, 4, 1),
    "health_claim": Health.HEALTHY,
    "health_claim_year": 2025,
    "health": Health.FAIRLY_HEALTHY,
    "health_source": "Dinas",
    "health_on": date(2026, 5, 1),
    "rat_years": (2023, 2024, 2025),
}


def _look_up(rooms: Rooms) -> Iterator[State]:
    rich = make_cooperative("KSP Lengkap Sentosa", **RICH)
    gone = make_cooperative("Koperasi Bubar Jalan", dissolved_on=date(2024, 2, 1))
    nation = make_cooperative("Koperasi Se-Indonesia", membership_area=MembershipArea.NASIONAL)
    for code, name in ((rich, "everything known"), (gone, "dissolved"), (nation, "of the whole country")):
        yield rooms.open("visitor", f"/koperasi/{code}", f"profile: {name}")
    came = register(
        rooms.client(),
        name="Koperasi Datang Sendiri",
        legal_entity_number="AHU-0036771.AH.01.29.TAHUN 2025",
        phone="0812-1111-0001",
    )
    rooms.do("dinas_officer", address(came, "terima"), how_checked="ministry_list", legal_entity_checked="1")
    yield rooms.open("visitor", f"/koperasi/{came.record_code}", "profile: registered by itself")
    every = "jenis=savings_and_loan&keaktifan=aktif&kesehatan=cukup-sehat"
    place = f"kecamatan={HERE}&desa=32.01.21.2001"
    yield rooms.open("visitor", f"/koperasi?cari=lengkap&{place}&{every}", "look-up with every filter")
    yield rooms.open("visitor", "/koperasi?cari=lengkap sentosa gemilang&bahasa=en", "look-up, nothing exact")
    yield rooms.open("visitor", f"/koperasi?{place}&kesehatan=sehat&bahasa=su", "look-up, nothing")
    yield rooms.open("visitor", "/wilayah/32.01.01/desa?bahasa=en", "desa and kelurahan of a kecamatan")
    yield rooms.open("visitor", "/koperasi/mirip?nama=KSP Lengkap Sentosa&desa=32.01.21.2001", "look-alikes")
    yield from _many(rooms)


def _many(rooms: Rooms) -> Iterator[State]:
    """More than are counted: 'lebih dari 1.000'."""
    with tempfile.TemporaryDirectory() as name:
        crowd = (row(f"Koperasi Keramaian {n}", number=f"518/{n}/BH/1999") for n in range(COUNT_LIMIT + 20))
        bring_in(make_list(Path(name), *crowd, name="ramai.csv"))
    yield rooms.open("visitor", "/koperasi?cari=keramaian", "look-up, more than counted")
    yield rooms.open("dinas_officer", f"{DESK}/semua?cari=keramaian", "desk list, more than counted")


def _receipts(rooms: Rooms) -> Iterator[State]:
    visitor = rooms.client()
    twin = make_cooperative("Koperasi Kembar Dua")
    deeds: dict[str, dict[str, Any]] = {
        "terima": {"how_checked": "telephone", "note": NOTE},
        "tolak": {"reason": "playful", "note": NOTE},
        "gabung": {"into": twin, "note": NOTE},
    }
    for deed, fields in deeds.items():
        sent = register(visitor, name=f"Koperasi Bukti {deed}", phone="0812-1111-0002")
        rooms.do("dinas_officer", address(sent, deed), **fields)
        yield rooms.open("visitor", receipt_address(sent), f"receipt after {deed} with a note")
        yield rooms.open("visitor", f"{receipt_address(sent)}?bahasa=en", f"receipt after {deed} in English")
    old = register(visitor, name="Koperasi Bukti Lama", phone="0812-1111-0003")
    write(update(Submission).where(Submission.id == old.id).values(status=SubmissionStatus.ARCHIVED))
    yield rooms.open("visitor", receipt_address(old), "receipt of an archived one")
    claim = _claim(visitor, twin)
    yield rooms.open("visitor", receipt_address(claim), "receipt of a claim")
    report = about(visitor, twin, "lapor", problem="closed", description="Sudah tutup sejak lama.")
    yield rooms.open("visitor", receipt_address(report), "receipt of a report")
    message = about(
        visitor, twin, "pesan", message="Mau ikut jadi anggota", contact_name="Budi", phone="0812-1111-0004"
    )
    yield rooms.open("visitor", receipt_address(message), "receipt of a message")
    lost = {
        "name": "Koperasi Bukti Lama",
        "kecamatan": HERE,
        "desa": "32.01.21.2001",
        "phone": "0812-1111-0003",
    }
    answer = rooms.do("visitor", "/status/hilang", submission_id=new_id(), **lost)
    yield rooms.open("visitor", answer.location, "receipt of a lost number")
    found = {"number": old.receipt_number, "phone_last4": "1234"}
    yield rooms.send("visitor", "/status", "number and digits do not fit", 422, **found)
    for _ in range(10):
        visitor.post("/status", data=found)
    yield rooms.send("visitor", "/status", "status asked too often", 429, **found)
    everything = register(visitor, name="Koperasi Serba Salah", phone="0812-1111-0005", consent_whatsapp="1")
    asked = (
        *("name", "cooperative_type", "kecamatan", "desa", "phone", "phone_owner", "members_male"),
        *("rat_years", "health_claim", "legal_entity_date", "annual_turnover", "membership_area"),
        *("consent_public_contact", "consent_whatsapp"),
    )
    marked = {f"return_{name}": "Mohon dilihat lagi." for name in asked}
    rooms.do("dinas_officer", address(everything, "kembalikan"), reason="incomplete", note=NOTE, **marked)
    yield rooms.open("visitor", f"{receipt_address(everything)}/perbaiki", "everything came back")
    wrong = {
        "submission_id": new_id(),
        "name": "",
        "phone": "12",
        "annual_turnover": "banyak",
        "rat_years": "9999",
    }
    yield rooms.send("visitor", f"{receipt_address(everything)}/perbaiki", "mended wrongly", 422, **wrong)


def _claim(client: CheckedClient, code: str, **more: str) -> Submission:
    """Somebody says: this is my cooperative."""
    fields = {"contact_name": "Siti Aminah", "position": "chair", "phone": "0812-1111-0009", "proof": "akta"}
    return about(client, code, "klaim", **{**fields, **more})


def _registering(rooms: Rooms) -> Iterator[State]:
    make_cooperative("Koperasi Sari Murni")
    sent = registration(name="Koperasi Sari Murni", submission_id=new_id(), phone="0812-1111-0006")
    stage = {**sent, "tahap": "1"}
    yield rooms.send("visitor", "/koperasi/daftar", "registration with look-alikes", 200, **stage)
    assert rooms.client().post("/koperasi/daftar", data=sent).status_code == 303
    other = {**sent, "address": "Kp. Lain", "phone": "0812-1111-0007"}
    yield rooms.send("visitor", "/koperasi/daftar", "the same form with other content", 409, **other)
    yield rooms.send("visitor", "/koperasi/daftar?bahasa=en", "the same in English", 409, **other)
    for name in ("id", "su", "en"):
        wrong = {"phone": "12", "legal_entity_date": "kapan-kapan", "annual_turnover": "banyak", "nib": "1"}
        yield rooms.send(
            "visitor", f"/koperasi/daftar?bahasa={name}", f"everything wrong, {name}", 422, **wrong
        )
    spent = {"phone": "0812-1111-0008"}
    for number in range(20):
        register(rooms.client(), name=f"Koperasi Sering {number}", **spent)
    more = registration(name="Koperasi Terlalu Sering", submission_id=new_id(), **spent)
    yield rooms.send("visitor", "/koperasi/daftar", "too many forms", 429, **more)
    stage = {**registration(name="Koperasi Sari Murni", phone=None), "tahap": "1"}
    yield rooms.send("officer", f"{DESK}/daftarkan", "assisted entry with look-alikes", 200, **stage)


# --- the desk --------------------------------------------------------------------------------------------------------


def _assisted(rooms: Rooms, who: str, **fields: Any) -> Submission:
    """A registration that an officer types for somebody present."""
    spoken = {"present": "Siti Aminah, bendahara", "spoken_consent": "1"}
    answer = rooms.do(who, f"{DESK}/daftarkan", **registration(submission_id=new_id(), **spoken, **fields))
    number = re.search(r"KB-\w{8}", rooms.client(who).get(answer.location).get_data(as_text=True))
    assert number
    db.session.rollback()
    return db.session.query(Submission).filter_by(receipt_number=number[0]).one()


def _queue(rooms: Rooms) -> Iterator[State]:
    visitor = rooms.client()
    trap = register(visitor, name="Koperasi Iklan", website="https://iklan.example", phone="0812-2222-0001")
    mine = _assisted(rooms, "officer", name="Koperasi Isian Saya", phone="0812-2222-0002")
    moved = register(visitor, name="Koperasi Salah Alamat", phone="0812-2222-0003")
    rooms.do("officer", address(moved, "oper"), kecamatan=ELSEWHERE)
    taken = register(visitor, name="Koperasi di Dinas", phone="0812-2222-0004")
    rooms.do("dinas_officer", address(taken, "ambil"))
    every = f"?jenis=cooperative_registration&kecamatan={HERE}"
    yield rooms.open("dinas_officer", f"{DESK}{every}&meja=dinas", "queue with every filter")
    yield rooms.open("officer", DESK, "queue with every mark")
    yield rooms.open("officer", f"{DESK}?kotak=selesai", "decided ones")
    yield rooms.open("officer", f"{DESK}?kotak=dikembalikan", "returned ones")
    yield rooms.open("officer", address(trap), "suspicious")
    yield rooms.open("officer", address(mine), "one's own entry")
    yield rooms.open("dinas_officer", address(mine), "entered by somebody else")
    yield rooms.open("dinas_officer", address(moved), "handed over")
    yield rooms.open("dinas_officer", address(taken), "taken to the Dinas")
    yield rooms.send(
        "officer",
        address(trap, "kembalikan"),
        "returned without words",
        422,
        return_nib="on",
        note="a" * 1_200,
    )
    yield rooms.send("officer", address(trap, "terima"), "note too long", 422, note="a" * 1_200)
    at(MONDAY_MORNING + timedelta(days=9))
    yield rooms.open("officer", "/petugas", "front desk with late ones")
    yield rooms.open("officer", DESK, "queue with late ones")
    yield rooms.open("officer", address(trap), "late")


def _records(rooms: Rooms) -> Iterator[State]:
    visitor = rooms.client()
    rich = make_cooperative(
        "KSP Lengkap Jaya", **{**RICH, "legal_entity_number": "", "nik_koperasi": None, "nib": None}
    )
    gone = make_cooperative(
        "Koperasi Bubar Dua", dissolved_on=date(2024, 2, 1), legal_entity_number="518/9/BH/KWK.10/2008"
    )
    claim = _claim(visitor, rich)
    again = _claim(visitor, rich, contact_name="Budi")
    yield rooms.open("dinas_officer", f"{DESK}/{rich}", "a claim on a record that knows everything")
    sender = {"submission": claim.receipt_number, "purpose": "check"}
    yield rooms.send("dinas_officer", address(claim, "nomor"), "the sender's number", 200, **sender)
    yield rooms.send("dinas_officer", address(claim, "nomor"), "the record's number", 200, purpose="update")
    member = rooms.cast["member"].account_id
    write(update(Cooperative).where(Cooperative.code == rich).values(owner_account_id=member))
    rooms.do("dinas_officer", address(claim, "terima"), submission=claim.receipt_number)
    yield rooms.open("dinas_officer", f"{DESK}/{rich}?kiriman={again.receipt_number}", "the second claim")
    yield rooms.open("dinas_officer", f"{DESK}/{gone}", "dissolved, nobody to call")
    yield rooms.open("leader", f"{DESK}/{rich}", "a record to a reader")
    silent = make_cooperative("Koperasi Tanpa HP", contact_name="Siti")
    yield rooms.send("dinas_officer", f"{DESK}/{silent}/nomor", "no number to read", 200, purpose="check")
    full = registration(
        name="Koperasi Isian Penuh",
        phone="0812-2222-0005",
        legal_entity_number="AHU-0036772.AH.01.29.TAHUN 2025",
        legal_entity_date="12 Juni 2025",
        nik_koperasi="3201070060009",
        nib="9120001234999",
        npwp="01.234.567.4-403.009",
        membership_area="provinsi",
        members_male="10",
        members_female="12",
        health_claim="healthy",
        health_year="2024",
        annual_turnover="1,5 juta",
        chair_name="Ahmad Hidayat",
    )
    sent = register(visitor, **full)
    yield rooms.open("dinas_officer", address(sent), "everything filled, to decide")
    yield rooms.open("visitor", receipt_address(sent), "receipt of everything filled")
    rooms.do(
        "dinas_officer", address(sent, "foto"), photo=(photo(), "sk.jpg"), submission=sent.receipt_number
    )
    yield rooms.open("dinas_officer", address(sent), "with a photo")
    broken = {"photo": (photo(kind="GIF"), "sk.gif"), "submission": sent.receipt_number}
    yield rooms.send("dinas_officer", address(sent, "foto"), "no photo", 422, **broken)
    yield from _candidates(rooms)
    yield from _corrections(rooms)
    yield from _lists(rooms)


def _candidates(rooms: Rooms) -> Iterator[State]:
    """Bodies that wait for a number, with and without one; look-alikes beside them."""
    visitor = rooms.client()
    bare = register(visitor, name="Koperasi Calon Polos", phone="0812-2222-0006")
    rooms.do("dinas_officer", address(bare, "terima"), how_checked="visit")
    yield rooms.open("dinas_officer", address(bare), "a candidate without a number")
    number = register(
        visitor,
        name="Koperasi Calon Bernomor",
        phone="0812-2222-0007",
        legal_entity_number="AHU-0036773.AH.01.29.TAHUN 2025",
    )
    rooms.do("dinas_officer", address(number, "terima"), how_checked="visit")
    yield rooms.open("dinas_officer", address(number), "a candidate with a number to check")
    make_cooperative("Koperasi Calon Bernomor")
    yield rooms.open("dinas_officer", address(number), "a candidate with a public look-alike")
    waits = register(visitor, name="Koperasi Calon Bernomer", phone="0812-2222-0008")
    yield rooms.open("officer", address(waits), "a registration with look-alikes")
    yield rooms.open("leader", address(waits), "look-alikes to a reader")


def _corrections(rooms: Rooms) -> Iterator[State]:
    """A second registration of the same body is a proposal; a lost number finds its receipts."""
    visitor = rooms.client()
    sent = registration(name="Koperasi Usulan", submission_id=new_id(), phone="0812-2222-0010")
    first = visitor.post("/koperasi/daftar", data=sent)
    assert first.status_code == 303
    known = db.session.get(Submission, sent["submission_id"])
    assert known
    rooms.do("dinas_officer", address(known, "terima"), how_checked="visit")
    for words, more in (("changed", {"address": "Kp. Baru RT 1"}), ("unchanged", {"address": ""})):
        mend = {**sent, **more, "submission_id": new_id(), "replaces": sent["submission_id"]}
        answer = visitor.post("/koperasi/daftar", data=mend)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        found = submission(mend["submission_id"])
        where = f"{DESK}/{found.record_code}?kiriman={found.receipt_number}"
        yield rooms.open("dinas_officer", where, f"a proposal, {words}")
    lost = {"name": "Koperasi Usulan", "kecamatan": HERE, "desa": "32.01.21.2001", "phone": "0812-2222-0010"}
    lost_id = new_id()
    rooms.do("visitor", "/status/hilang", submission_id=lost_id, **lost)
    yield rooms.open(
        "dinas_officer", f"{DESK}/{submission(lost_id).receipt_number}", "a lost number, with receipts"
    )


def _lists(rooms: Rooms) -> Iterator[State]:
    every = (
        f"cari=lengkap&kecamatan={HERE}&desa=32.01.21.2001&status=public&jenis=savings_and_loan&sumber=import"
        "&keaktifan=aktif&kesehatan=cukup-sehat&urut=nama&arah=turun"
    )
    yield rooms.open("dinas_officer", f"{DESK}/semua?{every}", "desk list with every filter")
    yield rooms.open(
        "dinas_officer",
        f"{DESK}/semua?kolom=code&kolom=status&kolom=phone&kolom=contact_name",
        "desk list with personal columns",
    )
    yield rooms.open("dinas_officer", f"{DESK}/semua?cari=zzqqxxy", "desk list, nothing")
    yield rooms.send("dinas_officer", f"{DESK}/semua/ekspor?kolom=phone", "export without a purpose", 422)


def _contacts(rooms: Rooms) -> Iterator[State]:
    visitor = rooms.client()
    agrees = register(visitor, name="Koperasi Mau WA", phone="0812-3333-0001", consent_whatsapp="1")
    refuses = register(
        visitor, name="Koperasi Tidak WA", phone="0812-3333-0002", address="hubungi 0812-3333-9999"
    )
    paper = register(visitor, name="Koperasi Kertas", phone="", phone_owner="none")
    foreign = visitor.post(
        "/koperasi/daftar?bahasa=su",
        data=registration(name="Koperasi Sunda", submission_id=new_id(), phone="0812-3333-0003"),
    )
    assert foreign.status_code == 303
    sunda = db.session.query(Submission).filter_by(title="Koperasi Sunda").one()
    for sent in (agrees, refuses, paper, sunda):
        rooms.do("officer", address(sent, "tolak"), reason="playful", note=NOTE)
    for sent, words in ((agrees, "WhatsApp"), (refuses, "telephone")):
        asked = {"submission": sent.receipt_number, "purpose": "tell"}
        yield rooms.send("officer", address(sent, "nomor"), f"tell by {words}", 200, **asked)
    yield rooms.open("officer", address(paper), "tell on paper")
    yield rooms.open("officer", address(sunda), "tell in Sundanese")
    yield rooms.open("officer", f"{address(sunda, 'slip')}", "slip in Sundanese")
    yield rooms.send(
        "officer", address(agrees, "kabari"), "told by no way", 422, submission=agrees.receipt_number
    )
    rooms.do("officer", address(agrees, "kabari"), submission=agrees.receipt_number, how="whatsapp")
    yield rooms.open("officer", address(agrees), "told")
    yield rooms.send(
        "officer", address(agrees, "terima"), "decided already", 409, submission=agrees.receipt_number
    )


def _merging(rooms: Rooms) -> Iterator[State]:
    kept = make_cooperative(
        "Koperasi Tani Rukun", address="Kp. Sawah", rat_years=(2023, 2024), members_total=40
    )
    merged = make_cooperative(
        "Kop. Tani Rukun Jaya",
        address="Jl. Raya 7",
        phone="6281200001111",
        contact_name="Pak Ketua",
        rat_years=(2025,),
    )
    yield rooms.open("dinas_officer", f"{DESK}/{kept}/satukan?dengan={merged}", "two records side by side")
    yield rooms.open("dinas_officer", f"{DESK}/{kept}/satukan?dengan=K-ZZZZZZZ", "nothing to merge with", 422)
    same = [make_cooperative("Koperasi Sama Persis") for _ in range(2)]
    yield rooms.open("dinas_officer", f"{DESK}/{same[0]}/satukan?dengan={same[1]}", "two equal records")
    rooms.do("dinas_officer", f"{DESK}/{kept}/satukan", dengan=merged)
    yield rooms.open("dinas_officer", f"{DESK}/{kept}", "a record that took another in")
    yield rooms.open("dinas_officer", f"{DESK}/{merged}", "a record that went into another")
    yield rooms.open("leader", f"{DESK}/{merged}", "a merged record to a reader")
    yield rooms.open(
        "dinas_officer", f"{DESK}/{kept}?tetap=name,address", "taken apart, but for what changed since"
    )


# --- imports ---------------------------------------------------------------------------------------------------------


def _imports(rooms: Rooms) -> Iterator[State]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        page = "/petugas/impor"
        who = "dinas_officer"
        here: dict[str, Any] = {"desa_code": desa_code("Nanggung", "Nanggung")}
        make_cooperative("KSP Sumber Rejeki Abadi", address="Jl. Lama", members_total=7, **here)
        make_cooperative("Koperasi Sudah Sama", **here)
        rows = [
            row("Koperasi Serba Baru", men=5),
            row("KSP Sumber Rejeki Abadi", desa="Nanggung", address="Jl. Baru"),
            row("Koperasi Sudah Sama"),
            row("KSP Sumber Rezeki Abadii", men=5),
            row("Koperasi Kembar Baris", number="518/1/BH/2004"),
            row("Koperasi Kembar Bariss", number="518/1/BH/2004"),
            row("", men=4),
            *(row(f"Koperasi Baris {n:02}", number=f"518/{n + 20}/BH/2004") for n in range(60)),
        ]
        path = make_list(folder, *rows)
        batch = dry_run(path, as_of=date(2026, 1, 1))
        where = f"{page}/{batch.id}"
        yield rooms.open(who, where, "a list, ready")
        yield rooms.send(who, f"{where}/batalkan", "taken back before it came in", 409)
        for outcome in ("new", "changed", "unchanged", "conflict", "faulty", "skipped"):
            yield rooms.open(who, f"{where}?hasil={outcome}", f"rows: {outcome}")
        for one in rows_of(batch)[:7]:
            yield rooms.open(who, f"{where}/baris/{one.id}", f"a row: {one.outcome.value}")
        conflict, twin = (r for r in rows_of(batch) if r.outcome.value == "conflict")
        yield rooms.send(
            who, f"{where}/baris/{conflict.id}", "an unknown code", 422, decision="same", code="K-ZZZZZZZ"
        )
        rooms.do(who, f"{where}/baris/{conflict.id}", decision="same", hasil="conflict")
        yield rooms.open(who, f"{where}?hasil=conflict&putus={conflict.id}", "a word was said")
        yield rooms.open(who, f"{where}?hasil=changed", "rows with a word")
        yield rooms.open(who, f"{where}/baris/{conflict.id}", "a row with a word")
        yield from _running(rooms, where, batch.id)
        batch = commit(batch)
        rooms.do(who, f"{where}/baris/{twin.id}", decision="same", hasil="conflict")
        yield rooms.open(who, f"{where}?hasil=conflict&putus={twin.id}", "a word about a twin, later")
        yield rooms.open(who, where, "brought in")
        yield rooms.open(who, f"{where}?hasil=new", "rows that are in")
        yield rooms.open(who, f"{where}/batalkan", "take back?")
        again = dry_run(path)
        yield rooms.open(who, f"{page}/{again.id}", "the very same file again")
        yield rooms.send(
            who,
            f"{where}/kolom",
            "columns of a list that is in",
            422,
            **{"kolom-0-0": "name", "kolom-0-1": "name"},
        )
        yield from _after_undo(rooms, where, batch)


def _running(rooms: Rooms, where: str, batch_id: int) -> Iterator[State]:
    """A list in work: reading, bringing in, stopped without a word."""
    status = update(ImportBatch).where(ImportBatch.id == batch_id)
    write(status.values(status="reading", rows_total=0, rows_done=40, heartbeat_at=clock.now()))
    yield rooms.open("dinas_officer", where, "being read")
    yield rooms.open("dinas_officer", "/petugas", "front desk with an import in work")
    write(status.values(status="committing", rows_total=67, rows_done=40))
    yield rooms.open("dinas_officer", where, "being brought in")
    yield rooms.open("dinas_officer", "/petugas/impor", "imports, one in work")
    write(status.values(heartbeat_at=clock.now() - timedelta(minutes=30)))
    yield rooms.open("dinas_officer", where, "stopped without a word")
    yield rooms.open("dinas_officer", "/petugas/impor", "imports, one stopped")
    write(status.values(status="ready"))


def _after_undo(rooms: Rooms, where: str, batch: Any) -> Iterator[State]:
    """Taken back, but for what somebody changed since; later its cells are forgotten."""
    who = "dinas_officer"
    changed = next(r for r in rows_of(batch) if r.applied and r.outcome.value == "new")
    _claim(rooms.client(), changed.record_code or "")
    undo(batch)
    yield rooms.open(who, where, "taken back, some stay")
    yield rooms.open(who, f"{where}?hasil=tetap", "rows that stay")
    yield rooms.open(who, f"{where}?hasil=changed", "rows that were taken back")
    yield rooms.open(who, "/petugas/impor", "imports of every fate")
    at(clock.now() + timedelta(days=40))
    forget_old()
    yield rooms.open(who, where, "its cells are forgotten")
    yield rooms.open(who, f"{where}/baris/{changed.id}", "a row whose cells are forgotten")


def _import_rows(rooms: Rooms) -> Iterator[State]:
    with tempfile.TemporaryDirectory() as name:
        folder, who, page = Path(name), "dinas_officer", "/petugas/impor"
        faulty = dry_run(make_list(folder, row(""), row("", men=2), name="salah.csv"))
        yield rooms.open(who, f"{page}/{faulty.id}", "nothing to bring in")
        nothing = make_list(folder, ["x", "y"], heads=["Entah", "Apa"], name="asing.csv")
        refused = dry_run(nothing)
        yield rooms.open(who, f"{page}/{refused.id}", "no list in the file")
        guess = ["Nama Koprasi", "Kecamtan", "Uraian Lain"]
        unsure = dry_run(make_list(folder, ["Koperasi A", "Nanggung", "x"], heads=guess, name="ragu.csv"))
        yield rooms.open(who, f"{page}/{unsure.id}/kolom", "columns, not sure")
        sheet = [["Nama Koperasi", "Kecamatan"], ["Koperasi B", "Nanggung"]]
        two = dry_run(make_xlsx(folder / "dua.xlsx", {"Lembar Satu": sheet, "Lembar Dua": sheet}))
        yield rooms.open(who, f"{page}/{two.id}/kolom", "columns of two sheets")
        broken = {"kind": "cooperatives", "file": (photo(), "daftar.xlsx"), "as_of": "1-1-2030"}
        yield rooms.send(who, page, "a picture in disguise", 422, **broken)


def _calendar(rooms: Rooms) -> Iterator[State]:
    rooms.do("administrator", "/petugas/hari-libur/muat")
    yield rooms.open("administrator", "/petugas/hari-libur", "days off")
    yield rooms.open("administrator", "/petugas/hari-libur?tahun=2031", "a year without days off")
    guess = {"day": "20-3-2027", "name": "Idulfitri", "kind": "national", "estimated": "1"}
    rooms.do("administrator", "/petugas/hari-libur", **guess)
    yield rooms.open("administrator", "/petugas/hari-libur?tahun=2027", "a day off, estimated")
    yield rooms.send("administrator", "/petugas/hari-libur", "a day off without a day", 422)


# --- carried submissions ---------------------------------------------------------------------------------------------


def _carried(rooms: Rooms) -> Iterator[State]:
    items = []
    for number in range(3):
        fields = registration(name=f"Koperasi Titipan {number}", phone=f"0812-4444-000{number}")
        items.append(seal_item(public_key(), "/koperasi/daftar", new_id(), fields))
    yield rooms.send("visitor", "/kiriman/titipan", "carried for a neighbour", 201, **items[0].carried)
    yield rooms.send("visitor", "/kiriman/titipan", "carried, unreadable", 422, sealed="rusak")
    old = rooms.client().post("/kiriman/titipan", data=items[1].carried, site=None)
    yield State("carried by an old browser", old)
    sealed = items[2]
    one = CarriedItem("/koperasi/daftar", sealed.submission_id, 1, 1795000000000, sealed.sealed)
    spoiled = replace(one, submission_id=new_id(), sealed=one.sealed[:-8] + "AAAAAAAA")
    text = f"{text_of(one)}\n{text_of(spoiled)}"
    yield rooms.send("officer", "/petugas/titipan", "taken in at the desk", 200, text=text)
    yield rooms.send("officer", "/petugas/titipan", "nothing to take in", 422, text="halo")
    yield rooms.open("visitor", "/bagikan?bahasa=su&teks=koperasi tani", "a text shared with the app")
    yield rooms.open("visitor", "/koperasi/saku?bahasa=su", "pocket directory in Sundanese")


# --- faults ----------------------------------------------------------------------------------------------------------


def _faults(rooms: Rooms) -> Iterator[State]:
    yield rooms.open("visitor", "/alamat-yang-tidak-ada", "not there", 404)
    yield rooms.open("member", "/petugas", "not for this account", 403)
    shapes, whole = rooms.app.jinja_env.globals, routes._status_page
    for fault, name, status in (
        (RuntimeError("planted"), "a fault of ours", 500),
        (OperationalError("", {}, Exception("database is locked")), "busy", 503),
    ):
        routes._status_page = _raising(fault)
        yield rooms.open("visitor", "/status", name, status)
    routes._status_page = whole
    settings = rooms.app.config["SETTINGS"]
    office = replace(settings.office, whatsapp="6281200000000")
    rooms.app.config["SETTINGS"] = replace(settings, office=office)
    yield rooms.open("visitor", "/bantuan", "help with WhatsApp")
    rooms.app.config["SETTINGS"] = settings
    shapes["practice_mode"] = True
    yield rooms.open("visitor", "/", "practice mode")
    yield rooms.open("officer", "/petugas", "practice mode at the desk")
    shapes["practice_mode"] = False


def _raising(fault: Exception) -> Any:
    def view(*_form: object) -> None:
        raise fault

    return view
