"""An officer changes a record: with a reason, in the history, against nobody else's change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.cooperatives.rules import Activity, FieldStatus, Health
from app.registry.rules import RecordStatus
from tests.cast import ELSEWHERE
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import make_cooperative
from tests.factories.desk import DESK, NUMBER, history, looks, record, register

Enter = Callable[[str], CheckedClient]


def filled(browser: CheckedClient, code: str, /, **changes: str) -> dict[str, Any]:
    """The form as the page gives it, with some fields typed over."""
    page = browser.page(f"{DESK}/{code}/ubah")
    sent: dict[str, Any] = {}
    for control in page.all("input", "textarea", "select"):
        name, kind = control.get("name"), control.get("type", "text")
        if not name or kind in {"submit", "search"} or name == "csrf_token":
            continue
        if control.tag == "select":
            options = [o for o in control.iter("option") if "selected" in o.attrib]
            sent[name] = options[0].get("value", "") if options else ""
        elif kind not in {"checkbox", "radio"} or "checked" in control.attrib:
            sent[name] = control.get("value", "")
        if "required" in control.attrib and name != "reason":
            assert sent.get(name), f"a browser would insist on {name}, which may stay as it is"
    return {**sent, "reason": "hasil telepon dengan ketua", **changes}


def test_it_works(sign_in: Enter) -> None:
    code = make_cooperative(
        "Koperasi Tani Maju", address="Kp. Sawah", phone="6281200001111", contact_name="Pak Ketua"
    )
    officer = sign_in("officer")
    answer = officer.post(
        f"{DESK}/{code}/ubah", data=filled(officer, code, address="Jl. Raya 7", members_male="30")
    )
    assert answer.status_code == 303, answer.text
    kept = record(code)
    assert (kept.address, kept.members_male) == ("Jl. Raya 7", 30)
    line = history(code)[-1]
    assert (line.deed, line.note) == ("cooperative.edited", "hasil telepon dengan ketua")
    assert line.before == {"address": "Kp. Sawah", "members_male": None}
    assert line.after == {"address": "Jl. Raya 7", "members_male": 30}


def test_a_record_of_which_little_is_known_can_be_edited(sign_in: Enter) -> None:
    code = make_cooperative("Koperasi Bekas Daftar Lama", desa_code=None)
    officer = sign_in("officer")
    answer = officer.post(f"{DESK}/{code}/ubah", data=filled(officer, code, address="Jl. Raya 7"))
    assert answer.status_code == 303, answer.text
    assert record(code).address == "Jl. Raya 7"


def test_saving_the_form_as_it_is_changes_nothing(sign_in: Enter) -> None:
    code = make_cooperative(
        "KSP Lengkap",
        address="Kp. Sawah",
        phone="6281200001111",
        contact_name="Pak Ketua",
        legal_entity_number=NUMBER,
        legal_entity_date=date(2025, 6, 12),
        nik_koperasi="3201070060001",
        nib="1234567890123",
        npwp="0012345674901000",
        members_male=3,
        members_female=4,
        annual_turnover=1_500_000,
        rat_years=(2024, 2025),
        field_status=FieldStatus.INACTIVE,
        field_status_on=date(2026, 5, 1),
        health=Health.HEALTHY,
        health_source="Dinas",
        health_on=date(2026, 3, 1),
        consent_whatsapp=True,
    )
    officer = sign_in("officer")
    answer = officer.post(f"{DESK}/{code}/ubah", data=filled(officer, code))
    assert answer.status_code == 303, answer.text
    assert record(code).version == 1
    assert [line.deed for line in history(code)] == ["cooperative.registered"]


def test_a_finding_rat_years_and_dissolution_change_the_activity(sign_in: Enter) -> None:
    code = make_cooperative("Koperasi Tani Maju", legal_entity_date=date(2001, 1, 1))
    officer = sign_in("officer")
    officer.post(f"{DESK}/{code}/ubah", data=filled(officer, code, book_years="2023, 2024, 2025"))
    assert record(code).activity is Activity.ACTIVE
    officer.post(
        f"{DESK}/{code}/ubah",
        data=filled(officer, code, field_status="not_found", field_status_on="1-11-2026"),
    )
    assert record(code).activity is Activity.INACTIVE
    officer.post(f"{DESK}/{code}/ubah", data=filled(officer, code, dissolved_on="2-11-2026"))
    assert record(code).activity is Activity.DISSOLVED


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"name": ""}, "name"),
        ({"field_status": "not_found"}, "field_status_on"),
        ({"book_years": "2026"}, "book_years"),
        ({"nib": "12"}, "nib"),
        ({"dissolved_on": "1-1-2099"}, "dissolved_on"),
        ({"desa": "32.01.01.1001"}, "desa"),
    ],
)
def test_wrong_input_is_said_at_its_field(sign_in: Enter, changes: dict[str, str], field: str) -> None:
    code = make_cooperative("Koperasi Tani Maju")
    officer = sign_in("officer")
    answer = officer.post(f"{DESK}/{code}/ubah", data=filled(officer, code, **changes))
    assert answer.status_code == 422
    assert any(a.get("href") == f"#{field}" for a in officer.parsed(answer).all("a"))
    assert record(code).version == 1


def test_somebody_else_changed_it_meanwhile(sign_in: Enter) -> None:
    code = make_cooperative("Koperasi Tani Maju")
    first, second = sign_in("officer"), sign_in("dinas_officer")
    mine, theirs = filled(first, code, address="Jl. Satu"), filled(second, code, address="Jl. Dua")
    assert second.post(f"{DESK}/{code}/ubah", data=theirs).status_code == 303
    answer = first.post(f"{DESK}/{code}/ubah", data=mine)
    assert answer.status_code == 409
    assert "Dinas Officer" in answer.text
    assert "Jl. Satu" in answer.text  # what was typed is kept
    assert record(code).address == "Jl. Dua"


def test_the_number_of_another_live_record_is_taken(sign_in: Enter) -> None:
    make_cooperative("Koperasi Lain", legal_entity_number=NUMBER)
    code = make_cooperative("Koperasi Tani Maju")
    officer = sign_in("officer")
    answer = officer.post(f"{DESK}/{code}/ubah", data=filled(officer, code, legal_entity_number=NUMBER))
    assert answer.status_code == 409
    assert "sudah dipakai koperasi lain" in answer.text


def test_the_contact_is_changed_without_being_shown(sign_in: Enter) -> None:
    code = make_cooperative("Koperasi Tani Maju", phone="6281200001111", contact_name="Pak Ketua")
    officer = sign_in("officer")
    officer.post(f"{DESK}/{code}/ubah", data=filled(officer, code, phone="0813-7777-8888"))
    assert "0813-7777-8888" in officer.post(f"{DESK}/{code}/nomor", data={"purpose": "update"}).text
    changed = history(code)[-1]
    assert changed.after == {"phone": "0813-****-888"}
    officer.post(f"{DESK}/{code}/ubah", data=filled(officer, code, forget_contact="y"))
    assert (record(code).phone_index, record(code).contact_name_sealed) == (None, None)
    assert len(looks()) == 1


def test_a_candidate_with_a_checked_number_becomes_public(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    officer = sign_in("officer")
    officer.post(f"{DESK}/{sent.record_code}/terima")
    code = str(sent.record_code)
    changes = {"legal_entity_number": NUMBER, "legal_entity_checked": "y"}
    assert officer.post(f"{DESK}/{code}/ubah", data=filled(officer, code, **changes)).status_code == 303
    assert record(code).status is RecordStatus.PUBLIC


def test_a_co_administrator_fills_in_but_does_not_judge(sign_in: Enter) -> None:
    code = make_cooperative("Koperasi Tani Maju", health=Health.UNASSESSED)
    partner = sign_in("co_administrator")
    sent = filled(
        partner,
        code,
        address="Jl. Raya 7",
        health="healthy",
        dissolved_on="1-1-2026",
        legal_entity_checked="y",
    )
    assert partner.post(f"{DESK}/{code}/ubah", data=sent).status_code == 303
    kept = record(code)
    assert (kept.address, kept.health, kept.dissolved_on) == ("Jl. Raya 7", Health.UNASSESSED, None)
    assert not kept.legal_entity_checked


@pytest.mark.parametrize(
    ("name", "status"), [("companion", 403), ("leader", 403), ("pum_officer", 403), ("other_officer", 404)]
)
def test_others_are_refused(sign_in: Enter, name: str, status: int) -> None:
    code = make_cooperative("Koperasi Tani Maju")
    assert sign_in(name).get(f"{DESK}/{code}/ubah").status_code == status
    fields = {"reason": "x", "name": "Diganti", "cooperative_type": "consumer", "kecamatan": "32.01.21"}
    assert sign_in(name).post(f"{DESK}/{code}/ubah", data=fields).status_code == status
    assert record(code).name == "Koperasi Tani Maju"


def test_fields_that_are_not_on_the_form_change_nothing(sign_in: Enter) -> None:
    code = make_cooperative("Koperasi Tani Maju")
    officer = sign_in("officer")
    extra = {
        "status": "archived",
        "code": "K-2222222",
        "id": "1",
        "owner_account_id": "1",
        "role": "administrator",
    }
    officer.post(f"{DESK}/{code}/ubah", data=filled(officer, code, **extra))
    kept = record(code)
    assert (kept.status, kept.owner_account_id, kept.version) == (RecordStatus.PUBLIC, None, 1)


def test_a_record_seen_because_of_a_submission_is_not_changed_from_there(
    client: CheckedClient, sign_in: Enter
) -> None:
    sign_in("other_officer").get(DESK)
    sent = register(client)
    sign_in("officer").post(f"{DESK}/{sent.record_code}/oper", data={"kecamatan": ELSEWHERE})
    assert sign_in("other_officer").get(f"{DESK}/{sent.record_code}").status_code == 200
    assert sign_in("other_officer").get(f"{DESK}/{sent.record_code}/ubah").status_code == 404
