"""A database where every kind of thing exists, and a real address for every rule of the url map."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import insert
from werkzeug.routing import Rule

from app.accounts.link_tokens import link_digest, new_link_token
from app.accounts.models import StandIn
from app.accounts.services.links import issue_link
from app.core.access import ANONYMOUS, Access, access_of
from app.core.background import background
from app.core.clock import today
from app.core.transaction import atomically
from app.imports.queries.rows import list_rows
from tests.cast import PARTS, Cast
from tests.checked_client import CheckedClient
from tests.factories.clinic import TUESDAY, booked, booking_of, open_clinic, posted, wib
from tests.factories.clinic_day import wished
from tests.factories.clinic_office import closure, hours, left_behind
from tests.factories.cooperatives import DESA, NANGGUNG, make_cooperative, registration, submissions

A_LIST = "Nama Koperasi;Kecamatan;Desa;Alamat\nKoperasi Sari Bumi;Nanggung;Nanggung;Kp. Sawah\nKoperasi Dua;Nanggun;;\n"
DESK = "/petugas/"


@dataclass(frozen=True)
class Address:
    """A rule with its arguments filled in."""

    url: str
    rule: Rule
    method: str
    access: Access

    @property
    def name(self) -> str:
        """For messages."""
        return f"{self.method} {self.url}"


class NoSample(AssertionError):
    """A rule has an argument nobody gave a sample for."""


Samples = dict[tuple[str, str], object]  # (beginning of the rule, argument) -> a value that exists


def live_in(cast: Cast, sign_in: Callable[[str], CheckedClient]) -> Samples:
    """Fill the house with one of everything; where it is."""
    people = {name: cast[name] for name in PARTS}
    code = make_cooperative("Koperasi Tani Maju", phone="6281234567890", contact_name="Siti Aminah")
    make_cooperative("Koperasi Tani Makmur")
    sent = sign_in("visitor").post("/koperasi/daftar", data=registration(name="Koperasi Harapan Warga"))
    assert sent.status_code == 303, "a registration is part of every house"
    receipt = sent.location.split("?")[0].rsplit("/", 1)[1]
    open_clinic(experts=2)
    appointment = booked(wib(TUESDAY, "09.00"))
    batch = _bring_a_list_in(sign_in("administrator"))
    link = new_link_token()
    member = people["member"].account_id
    atomically(lambda s: issue_link(s, account_id=member, digest=link_digest(link), actor=ANONYMOUS))
    officer = people["officer"].account_id
    stand_in = atomically(
        lambda s: s.execute(
            insert(StandIn).returning(StandIn.id), _absence(officer, people["dinas_officer"].account_id)
        ).scalar_one()
    )
    return {
        ("/", "code"): code,
        ("/", "kecamatan_code"): NANGGUNG,
        ("/", "desa_code"): DESA,
        ("/tanda-terima/", "token"): receipt,
        ("/klinik/", "token"): appointment.token,
        ("/petugas/klinik/", "booking_id"): booking_of(appointment).id,
        ("/petugas/klinik/permintaan/", "number"): wished(),
        ("/petugas/klinik/pindah/", "booking_id"): left_behind(),
        ("/petugas/klinik/", "closure_id"): closure(),
        ("/petugas/klinik/", "hours_id"): hours(),
        ("/petugas/klinik/", "expert_id"): 1,
        ("/petugas/klinik/", "desk_id"): 1,
        ("/petugas/klinik/", "day"): TUESDAY.isoformat(),
        ("/petugas/klinik/siaran/", "post_id"): posted(people["media"].account_id),
        ("/petugas/klinik/siaran/", "shape"): "persegi",
        ("/petugas/klinik/siaran/", "kind"): "png",
        ("/tautan/", "token"): link,
        ("/petugas/", "account_id"): officer,
        ("/petugas/", "stand_in_id"): stand_in,
        ("/petugas/", "batch_id"): batch,
        ("/petugas/impor/", "row_id"): list_rows(batch, None)[0].id,
        ("/petugas/impor/", "kind"): "cooperatives",
        ("/petugas/koperasi/", "code"): submissions()[0].record_code,
        ("/petugas/koperasi/", "merge_id"): 1,
        ("/petugas/koperasi/", "public_id"): "no-picture-yet",
    }


def _absence(account_id: int, for_account_id: int) -> dict[str, object]:
    return {
        "account_id": account_id,
        "for_account_id": for_account_id,
        "starts_on": today(),
        "ends_on": today(),
        "decree_number": "2/2026",
    }


def _bring_a_list_in(browser: CheckedClient) -> int:
    file = (io.BytesIO(A_LIST.encode()), "daftar.csv")
    sent = browser.post("/petugas/impor", data={"kind": "cooperatives", "file": file, "as_of": "2026-11-01"})
    assert sent.status_code == 303, sent.get_data(as_text=True)
    background().wait()
    return int(sent.location.split("?")[0].rsplit("/", 1)[1])


def addresses(app: Flask, samples: Samples, *, safe: bool) -> list[Address]:
    """All rules that answer GET (``safe``), or all others, as addresses."""
    found = []
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {name: _sample(samples, rule, name) for name in rule.arguments}
        access = access_of(app, rule.endpoint)
        assert access is not None
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if (method == "GET") is safe:
                found.append(Address(adapter.build(rule.endpoint, values, method), rule, method, access))
    return sorted(found, key=lambda a: a.name)


def _sample(samples: Samples, rule: Rule, name: str) -> object:
    fitting = [key for key in samples if rule.rule.startswith(key[0]) and key[1] == name]
    if not fitting:
        raise NoSample(f"tests/house/addresses.py wants a sample for {name} of {rule.rule}")
    return samples[max(fitting, key=lambda key: len(key[0]))]
