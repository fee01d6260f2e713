"""An officer accepts: from a waiting registration to a public record, by the right person, once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import update

from app.cooperatives.models import Cooperative
from app.cooperatives.services import deciding
from app.cooperatives.services.deciding import Ruling
from app.core.access import Actor, Role, Section
from app.core.transaction import atomically
from app.registry.models import Submission
from app.registry.rules import HowChecked, RecordStatus, SubmissionKind, SubmissionStatus
from app.registry.services.deciding import TooLate
from tests.cast import ELSEWHERE, Cast
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import make_cooperative
from tests.factories.desk import DESK, NUMBER, about, address, history, record, register, submission, write

Enter = Callable[[str], CheckedClient]
CHECKED = {"how_checked": "ministry_list", "legal_entity_checked": "y"}


def test_it_works(client: CheckedClient, sign_in: Enter, cast: Cast) -> None:
    sent = register(client, legal_entity_number=NUMBER)
    page = sign_in("officer").page(address(sent))
    assert page.all("h1")
    answer = sign_in("officer").post(address(sent, "terima"), data={**CHECKED, "note": "cocok dengan AHU"})
    assert answer.status_code == 303
    assert answer.location.startswith(address(sent))
    kept, decided = record(sent.record_code), submission(sent.id)
    assert kept.status is RecordStatus.PUBLIC
    assert kept.legal_entity_checked
    assert kept.accepted_at is not None
    assert decided.status is SubmissionStatus.ACCEPTED
    assert decided.how_checked is HowChecked.MINISTRY_LIST
    assert decided.decided_by == cast["officer"].account_id
    assert decided.contact_pending
    assert client.get(f"/koperasi/{sent.record_code}").status_code == 200


def test_everything_is_in_the_history(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client, legal_entity_number=NUMBER)
    sign_in("officer").post(address(sent, "terima"), data=CHECKED)
    lines = {line.deed: line for line in history(sent.record_code)}
    decided = lines["submission.accepted"]
    assert (decided.before, decided.actor_name) == ({"status": "received"}, "Officer")
    assert decided.after is not None
    assert decided.after["how_checked"] == "ministry_list"
    assert lines["cooperative.accepted"].before == {"status": "pending"}
    assert lines["cooperative.accepted"].after == {"status": "public"}


def test_without_a_checked_number_it_is_a_candidate_and_not_public(
    client: CheckedClient, sign_in: Enter
) -> None:
    sent = register(client, legal_entity_number=NUMBER)
    sign_in("officer").post(address(sent, "terima"), data={"how_checked": "telephone"})
    assert record(sent.record_code).status is RecordStatus.CANDIDATE
    assert client.get(f"/koperasi/{sent.record_code}").status_code == 404


@pytest.mark.parametrize("how", ["ministry_list", "document"])
def test_a_way_of_checking_that_shows_the_number_checks_it(
    client: CheckedClient, sign_in: Enter, how: str
) -> None:
    sent = register(client, legal_entity_number=NUMBER)
    sign_in("officer").post(address(sent, "terima"), data={"how_checked": how})
    kept = record(sent.record_code)
    assert (kept.status, kept.legal_entity_checked) == (RecordStatus.PUBLIC, True)


@pytest.mark.parametrize("how", ["ministry_list", "document", "telephone", "visit"])
def test_without_a_number_nothing_was_checked(client: CheckedClient, sign_in: Enter, how: str) -> None:
    sent = register(client)
    sign_in("officer").post(address(sent, "terima"), data={"how_checked": how})
    assert record(sent.record_code).status is RecordStatus.CANDIDATE


def test_a_tick_without_a_number_is_wrong_input(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    answer = sign_in("officer").post(address(sent, "terima"), data=CHECKED)
    assert answer.status_code == 422
    assert submission(sent.id).status is SubmissionStatus.RECEIVED
    assert record(sent.record_code).status is RecordStatus.PENDING


def test_who_says_nothing_of_how_checked_a_document_and_history_says_so(
    client: CheckedClient, sign_in: Enter
) -> None:
    sent = register(client)
    assert sign_in("officer").post(address(sent, "terima")).status_code == 303
    decided = submission(sent.id)
    assert decided.how_checked is HowChecked.DOCUMENT
    assert deciding.HOW_NOT_SAID in decided.note


@pytest.mark.parametrize("area", ["provinsi", "nasional"])
def test_members_beyond_the_kabupaten_are_recorded_all_the_same(
    client: CheckedClient, sign_in: Enter, area: str
) -> None:
    sent = register(client, membership_area=area)
    assert sign_in("dinas_officer").post(address(sent, "terima")).status_code == 303
    assert record(sent.record_code).status is RecordStatus.CANDIDATE
    assert "Pembinaannya oleh" in submission(sent.id).note


# --- who may ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["companion", "co_administrator", "pum_officer", "leader", "expert", "member", "evaluator"]
)
def test_without_the_power_it_is_refused(client: CheckedClient, sign_in: Enter, name: str) -> None:
    sent = register(client)
    assert sign_in(name).post(address(sent, "terima"), data=CHECKED).status_code == 403
    assert submission(sent.id).status is SubmissionStatus.RECEIVED


def test_a_stranger_is_asked_to_sign_in(client: CheckedClient) -> None:
    sent = register(client)
    answer = client.post(address(sent, "terima"))
    assert answer.status_code in {302, 303, 403}
    assert submission(sent.id).status is SubmissionStatus.RECEIVED


@pytest.mark.parametrize("name", ["deciding_co_administrator", "dinas_officer", "administrator"])
def test_others_who_may_decide(client: CheckedClient, sign_in: Enter, name: str) -> None:
    browser = sign_in(name)  # there before the registration: the kecamatan has somebody who decides
    sent = register(client)
    if name != "deciding_co_administrator":
        assert browser.post(address(sent, "terima")).status_code == 303
        return
    assert not submission(sent.id).at_dinas
    assert browser.post(address(sent, "terima")).status_code == 303
    assert submission(sent.id).status is SubmissionStatus.ACCEPTED


def test_a_co_administrator_leaves_alone_what_lies_with_the_dinas(
    client: CheckedClient, sign_in: Enter
) -> None:
    browser = sign_in("deciding_co_administrator")
    sent = register(client)
    assert sign_in("dinas_officer").post(address(sent, "ambil")).status_code == 303
    assert submission(sent.id).at_dinas
    assert browser.get(address(sent)).status_code == 200
    assert browser.post(address(sent, "terima")).status_code == 403
    assert submission(sent.id).status is SubmissionStatus.RECEIVED
    assert sign_in("officer").post(address(sent, "terima")).status_code == 303  # of the Dinas, in this area


def test_nobody_accepts_what_they_entered_themselves(
    client: CheckedClient, sign_in: Enter, cast: Cast
) -> None:
    sent = register(sign_in("officer"))
    assert sent.entered_by == cast["officer"].account_id
    answer = sign_in("officer").post(address(sent, "terima"))
    assert answer.status_code == 403
    assert "sendiri yang mengisi" in answer.text
    assert submission(sent.id).status is SubmissionStatus.RECEIVED
    assert sign_in("dinas_officer").post(address(sent, "terima")).status_code == 303


def test_nobody_accepts_for_a_body_of_their_own(client: CheckedClient, sign_in: Enter, cast: Cast) -> None:
    sent = register(client)
    owner = cast["officer"].account_id
    write(update(Cooperative).where(Cooperative.code == sent.record_code).values(owner_account_id=owner))
    assert sign_in("officer").post(address(sent, "terima")).status_code == 403
    assert submission(sent.id).status is SubmissionStatus.RECEIVED
    assert sign_in("dinas_officer").post(address(sent, "terima")).status_code == 303


DEEDS = (
    "terima",
    "kembalikan",
    "tolak",
    "gabung",
    "oper",
    "ambil",
    "periksa",
    "umumkan",
    "bukan-sama",
    "nomor",
    "kabari",
    "foto",
    "ubah",
)


@pytest.mark.parametrize("deed", ["", "kembalikan", "ubah", "slip", "satukan"])
def test_pages_of_another_kecamatan_look_like_nothing(
    client: CheckedClient, sign_in: Enter, deed: str
) -> None:
    sent = register(client)
    _looks_like_nothing(sign_in("other_officer"), sent, deed, "GET")


@pytest.mark.parametrize("deed", [*DEEDS, "satukan", "pisahkan/1"])
def test_deeds_in_another_kecamatan_look_like_nothing(
    client: CheckedClient, sign_in: Enter, deed: str
) -> None:
    sent = register(client)
    _looks_like_nothing(sign_in("other_officer"), sent, deed, "POST")
    assert submission(sent.id).status is SubmissionStatus.RECEIVED


def _looks_like_nothing(browser: CheckedClient, sent: Submission, deed: str, method: str) -> None:
    theirs = address(sent, deed)
    nobodys = theirs.replace(str(sent.record_code), "K-ZZZZZZZ")
    found, missing = (browser.open(url, method=method, headers={}) for url in (theirs, nobodys))
    assert found.status_code == missing.status_code == 404
    assert found.data == missing.data
    assert {n for n, _ in found.headers} == {n for n, _ in missing.headers}


# --- two officers -------------------------------------------------------------------------------------------------


def test_the_second_learns_who_was_first_and_when(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    assert sign_in("officer").post(address(sent, "terima")).status_code == 303
    answer = sign_in("dinas_officer").post(address(sent, "tolak"), data={"reason": "playful"})
    assert answer.status_code == 409
    assert "Sudah diputuskan oleh Officer" in answer.text
    assert "WIB" in answer.text
    assert submission(sent.id).status is SubmissionStatus.ACCEPTED


def test_of_two_at_once_one_wins(app: Flask, client: CheckedClient) -> None:
    sent = register(client)
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def decide(name: str) -> None:
        actor = Actor(account_id=None, name=name, role=Role.OFFICER, section=Section.KPK, everywhere=True)
        with app.app_context():
            start.wait()
            try:
                atomically(
                    partial(
                        deciding.accept, ruling=Ruling(sent.id), actor=actor, how_checked=HowChecked.VISIT
                    )
                )
                outcomes.append("accepted")
            except TooLate:
                outcomes.append("too late")

    threads = [threading.Thread(target=decide, args=(name,)) for name in ("A", "B")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["accepted", "too late"]


def test_what_changed_since_the_page_was_opened_is_looked_at_again(
    client: CheckedClient, sign_in: Enter
) -> None:
    sent = register(client)
    seen = _seen(sign_in("officer"), sent)
    edit = {
        "reason": "telepon",
        "name": "Koperasi Nama Baru",
        "cooperative_type": "consumer",
        "kecamatan": sent.kecamatan_code,
    }
    assert sign_in("dinas_officer").post(address(sent, "ubah"), data=edit).status_code == 303
    answer = sign_in("officer").post(address(sent, "terima"), data={"seen": seen})
    assert answer.status_code == 409
    assert submission(sent.id).status is SubmissionStatus.RECEIVED
    fresh = _seen(sign_in("officer"), sent)
    assert fresh != seen
    assert sign_in("officer").post(address(sent, "terima"), data={"seen": fresh}).status_code == 303


def _seen(browser: CheckedClient, sent: Submission) -> str:
    page = browser.page(address(sent))
    return next(str(i.get("value")) for i in page.all("input") if i.get("name") == "seen")


def test_a_number_of_another_live_record_is_taken(client: CheckedClient, sign_in: Enter) -> None:
    make_cooperative("Koperasi Lama", legal_entity_number=NUMBER)
    sent = register(client, legal_entity_number=NUMBER)
    answer = sign_in("officer").post(address(sent, "terima"), data=CHECKED)
    assert answer.status_code == 409
    assert "sudah dipakai koperasi lain" in answer.text
    assert submission(sent.id).status is SubmissionStatus.RECEIVED
    assert record(sent.record_code).status is RecordStatus.PENDING


def test_htmx_gets_the_status_block_alone(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    browser = sign_in("officer")
    answer = browser.htmx(address(sent), target="status")
    assert answer.text.lstrip().startswith("<aside")
    wrong = browser.htmx(address(sent, "tolak"), target="status", method="POST", data={})
    assert wrong.status_code == 422
    assert wrong.text.lstrip().startswith("<aside")


def test_a_decision_by_htmx_brings_the_facts_along(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    browser = sign_in("officer")
    page = browser.get(address(sent)).text
    for deed in ("terima", "tolak", "gabung"):
        assert f'/{deed}" hx-target="#case"' in page, "a decision asks for facts and status together"
    done = browser.htmx(
        address(sent, "terima"), target="case", method="POST", data={"how_checked": "document"}
    )
    assert done.status_code == 303
    facts = browser.htmx(address(sent), target="case").text.split("<aside")[0]
    assert facts.lstrip().startswith('<div class="case"')
    assert "Data koperasi" in facts
    assert "Calon koperasi" in facts
    assert "Menunggu" not in facts


def test_how_it_was_checked_is_chosen_by_the_officer(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client, legal_entity_number=NUMBER)
    browser = sign_in("officer")
    page = browser.get(address(sent)).text
    ways = page.split('name="how_checked"')[1].split("</select>")[0]
    assert '<option value="">Pilih caranya' in ways
    assert "selected" not in ways, "nothing is chosen beforehand: it goes into the history"
    answer = browser.post(address(sent, "terima"), data={"how_checked": ""})
    assert answer.status_code == 422
    assert "Pilih dulu" in answer.text
    assert submission(sent.id).status is SubmissionStatus.RECEIVED


def test_passing_a_message_on_asks_for_no_check_and_records_none(
    client: CheckedClient, sign_in: Enter
) -> None:
    code = make_cooperative()
    sent = about(
        client, code, "pesan", message="Mau ikut jadi anggota", contact_name="Ujang", phone="081355551212"
    )
    browser = sign_in("officer")
    assert 'name="how_checked"' not in browser.get(address(sent)).text
    assert browser.post(address(sent, "terima"), data={"submission": sent.receipt_number}).status_code == 303
    done = submission(sent.id)
    assert (done.status, done.how_checked, done.note) == (SubmissionStatus.ACCEPTED, None, "")


# --- other submissions --------------------------------------------------------------------------------------------


CLAIM = {
    "contact_name": "Dewi Lestari",
    "phone": "081377778888",
    "position": "chair",
    "proof": "akta",
    "consent_whatsapp": "y",
}


def test_an_accepted_claim_makes_the_claimant_the_contact(client: CheckedClient, sign_in: Enter) -> None:
    code = make_cooperative(phone="6281200001111", contact_name="Pak Lama", consent_public_contact=True)
    sent = about(client, code, "klaim", **CLAIM)
    assert sign_in("officer").post(address(sent, "terima"), data={"how_checked": "visit"}).status_code == 303
    kept = record(code)
    assert kept.status is RecordStatus.PUBLIC
    assert kept.phone_index == submission(sent.id).phone_index
    assert not kept.consent_public_contact
    assert kept.consent_whatsapp
    masked = next(line for line in history(code) if line.deed == "cooperative.contact_changed")
    assert "081377778888"[1:] not in str(masked.after) + str(masked.before)


def test_an_accepted_correction_puts_its_values_in(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    sign_in("officer").post(address(sent, "terima"))
    proposed = register(
        client, replaces=sent.id, address="Kp. Sawah RT 02", name="Koperasi Harapan Warga Baru"
    )
    assert proposed.kind is SubmissionKind.COOPERATIVE_CORRECTION
    assert proposed.record_code == sent.record_code
    page = sign_in("officer").get(f"{address(sent)}?kiriman={proposed.receipt_number}").text
    assert "Kp. Sawah RT 02" in page
    answer = sign_in("officer").post(
        address(sent, "terima"), data={"submission": proposed.receipt_number, "how_checked": "telephone"}
    )
    assert answer.status_code == 303
    kept = record(sent.record_code)
    assert (kept.address, kept.name) == ("Kp. Sawah RT 02", "Koperasi Harapan Warga Baru")
    assert kept.status is RecordStatus.CANDIDATE
    assert history(sent.record_code)[-1].deed == "cooperative.corrected"


def test_a_rejected_correction_leaves_the_record_alone(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    sign_in("officer").post(address(sent, "terima"))
    proposed = register(client, replaces=sent.id, address="Kp. Sawah RT 02")
    fields = {"submission": proposed.receipt_number, "reason": "not_true"}
    assert sign_in("officer").post(address(sent, "tolak"), data=fields).status_code == 303
    kept = record(sent.record_code)
    assert (kept.address, kept.status) == ("", RecordStatus.CANDIDATE)


def test_a_report_is_done_with_and_leaves_the_record_alone(client: CheckedClient, sign_in: Enter) -> None:
    code = make_cooperative()
    sent = about(client, code, "lapor", problem="closed", description="")
    assert sign_in("officer").post(address(sent, "terima")).status_code == 303
    assert submission(sent.id).status is SubmissionStatus.ACCEPTED
    assert record(code).version == 1


def test_a_candidate_is_published_when_its_number_was_checked(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client, legal_entity_number=NUMBER)
    sign_in("officer").post(address(sent, "terima"), data={"how_checked": "telephone"})
    assert record(sent.record_code).status is RecordStatus.CANDIDATE
    answer = sign_in("officer").post(address(sent, "umumkan"), data={"how_checked": "ministry_list"})
    assert answer.status_code == 303
    assert record(sent.record_code).status is RecordStatus.PUBLIC
    assert sign_in("officer").post(address(sent, "umumkan")).status_code == 409


def test_only_the_area_of_the_desk_is_shown(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client, kecamatan=ELSEWHERE, desa="32.01.01.1001")
    assert sign_in("officer").get(f"{DESK}/{sent.record_code}").status_code == 404
    assert sign_in("other_officer").get(f"{DESK}/{sent.record_code}").status_code == 200
