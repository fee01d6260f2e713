"""The queue: what waits in the own area, the oldest first, with its age in working days."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from app.registry.models import Submission
from app.registry.rules import SubmissionStatus
from tests.cast import ELSEWHERE
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import make_cooperative
from tests.factories.desk import DESK, about, address, register, submission, write
from tests.page_rules import words_of

Enter = Callable[[str], CheckedClient]
At = Callable[[str], None]
SANA = {"kecamatan": ELSEWHERE, "desa": "32.01.01.1001"}


def rows(browser: CheckedClient, query: str = "") -> list[str | None]:
    """Codes in the order shown."""
    return [r.get("data-record") for r in browser.page(DESK + query).all("tr") if r.get("data-record")]


def totals(browser: CheckedClient, query: str = "") -> list[str | None]:
    """data-total of the list."""
    return [
        e.get("data-total") for e in browser.page(DESK + query).elements if e.get("data-total") is not None
    ]


def mark(sent: Submission, **values: Any) -> None:
    """Change columns of a submission behind everybody's back."""
    write(update(Submission).where(Submission.id == sent.id).values(**values))


def test_it_works_oldest_first(client: CheckedClient, sign_in: Enter, at: At) -> None:
    first = register(client)
    at("2026-11-24T10:00+07:00")
    second = register(client, name="Koperasi Kedua", phone="081255556666")
    officer = sign_in("officer")
    assert rows(officer) == [first.record_code, second.record_code]
    assert totals(officer) == ["2"]


def test_suspicious_ones_come_last(client: CheckedClient, sign_in: Enter, at: At) -> None:
    trap = register(client, website="https://iklan.example")
    at("2026-11-24T10:00+07:00")
    honest = register(client, name="Koperasi Kedua", phone="081255556666")
    assert rows(sign_in("officer")) == [honest.record_code, trap.record_code]
    assert "Mencurigakan" in sign_in("officer").get(DESK).text


def test_age_counts_working_days_and_knows_holidays(client: CheckedClient, sign_in: Enter, at: At) -> None:
    at("2026-12-23T10:00+07:00")  # Wednesday before Christmas
    sent = register(client)
    at(
        "2026-12-29T10:00+07:00"
    )  # Tuesday; Thursday 24 (cuti bersama), Friday 25, Saturday, Sunday do not count
    page = sign_in("officer").page(DESK)
    row = next(r for r in page.all("tr") if r.get("data-record") == sent.record_code)
    assert "2 hari kerja" in words_of(row)
    assert "Lewat janji" not in words_of(row)
    at("2027-01-05T10:00+07:00")
    page = sign_in("dinas_officer").page(DESK)
    assert "Lewat janji" in words_of(
        next(r for r in page.all("tr") if r.get("data-record") == sent.record_code)
    )


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("officer", True),
        ("companion", True),
        ("co_administrator", True),
        ("pum_officer", True),
        ("dinas_officer", True),
        ("administrator", True),
        ("leader", True),
        ("other_officer", False),
    ],
)
def test_each_sees_the_own_area(client: CheckedClient, sign_in: Enter, name: str, seen: bool) -> None:
    sent = register(client)
    assert (sent.record_code in rows(sign_in(name))) is seen


@pytest.mark.parametrize("name", ["expert", "media", "evaluator", "member"])
def test_without_the_power_there_is_no_queue(sign_in: Enter, name: str) -> None:
    assert sign_in(name).get(DESK).status_code == 403


def test_filters(client: CheckedClient, sign_in: Enter) -> None:
    code = make_cooperative("Koperasi Lama Sekali")
    here = register(client)
    there = register(client, name="Koperasi Sana", phone="081255556666", **SANA)
    claim = about(
        client, code, "klaim", contact_name="Dewi", phone="081377778888", position="chair", proof="akta"
    )
    boss = sign_in("dinas_officer")
    assert set(rows(boss)) == {here.record_code, there.record_code, code}
    assert rows(boss, "?jenis=cooperative_claim") == [code]
    assert rows(boss, f"?kecamatan={ELSEWHERE}") == [there.record_code]
    assert claim.receipt_number in boss.get(f"{DESK}?jenis=cooperative_claim").text
    assert rows(boss, "?jenis=bukan&kecamatan=xx&kotak=aneh&meja=1&halaman=9") == []


def test_the_dinas_pile(client: CheckedClient, sign_in: Enter, at: At) -> None:
    boss = sign_in("dinas_officer")
    sign_in("officer").get("/petugas")  # somebody decides in Nanggung, nobody in Cibinong
    ordinary = register(client)
    unmanned = register(client, name="Koperasi Sana", phone="081255556666", **SANA)
    assert rows(boss, "?meja=dinas") == [unmanned.record_code]
    at("2026-12-01T09:00+07:00")  # past the promise
    assert set(rows(sign_in("administrator"), "?meja=dinas")) == {ordinary.record_code, unmanned.record_code}


def test_an_area_whose_officer_left_falls_to_the_dinas(
    client: CheckedClient, sign_in: Enter, cast: Any
) -> None:
    from app.accounts.models import Account

    sign_in("officer").get("/petugas")
    sent = register(client)
    assert not submission(sent.id).at_dinas
    gone = cast["officer"].account_id
    write(update(Account).where(Account.id == gone).values(active=False))
    assert rows(sign_in("dinas_officer"), "?meja=dinas") == [sent.record_code]


def test_boxes(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    officer = sign_in("officer")
    assert rows(officer, "?kotak=selesai") == []
    officer.post(address(sent, "terima"))
    assert rows(officer) == []
    assert rows(officer, "?kotak=selesai") == [sent.record_code]
    assert totals(officer) == ["0"]


def test_htmx_gets_the_queue_alone(client: CheckedClient, sign_in: Enter) -> None:
    register(client)
    answer = sign_in("officer").htmx(f"{DESK}?jenis=cooperative_registration", target="queue")
    assert answer.text.lstrip().startswith("<section")
    assert "HX-Target" in answer.headers["Vary"]


def test_pages_are_stable(client: CheckedClient, sign_in: Enter) -> None:
    for number in range(27):
        register(client, name=f"Koperasi Nomor {number}", phone=f"08125555{number:04}")
    officer = sign_in("officer")
    first, second = rows(officer), rows(officer, "?halaman=2")
    assert (len(first), len(second)) == (25, 2)
    assert not set(first) & set(second)
    assert totals(officer, "?halaman=2") == ["27"]


def test_a_lost_receipt_waits_under_its_own_number(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    lost = _lose(client)
    officer = sign_in("officer")
    assert lost.receipt_number in rows(officer, "?jenis=lost_receipt")
    page = officer.get(f"{DESK}/{lost.receipt_number}")
    assert page.status_code == 200
    assert sent.receipt_number in page.text  # what came from the same telephone
    assert sign_in("other_officer").get(f"{DESK}/{lost.receipt_number}").status_code == 404
    assert officer.post(f"{DESK}/{lost.receipt_number}/terima").status_code == 303
    assert submission(lost.id).status is SubmissionStatus.ACCEPTED


def _lose(client: CheckedClient) -> Submission:
    from tests.factories.cooperatives import DESA, NANGGUNG, PHONE, new_id, submissions

    before = {s.id for s in submissions()}
    fields = {
        "submission_id": new_id(),
        "name": "Koperasi Harapan Warga",
        "kecamatan": NANGGUNG,
        "desa": DESA,
        "phone": PHONE,
    }
    answer = client.post("/status/hilang", data=fields)
    assert answer.status_code in {200, 303}, answer.text
    return next(s for s in submissions() if s.id not in before)


def test_a_receipt_number_leads_to_its_record(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    answer = sign_in("officer").get(f"{DESK}/{sent.receipt_number}")
    assert answer.status_code == 303
    assert answer.location.startswith(f"{DESK}/{sent.record_code}")
