"""A registration goes back to its sender, with words at each field, and comes again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.registry.queries.submissions import token_of
from app.registry.rules import RecordStatus, SubmissionStatus
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import make_cooperative, new_id
from tests.factories.desk import about, address, history, record, register, submission
from tests.page_rules import words_of

Enter = Callable[[str], CheckedClient]
ASKED = {"reason": "incomplete", "note": "Mohon dilengkapi.", "return_address": "Tulis kampung dan RT/RW"}


def test_it_works(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    page = sign_in("officer").page(address(sent, "kembalikan"))
    assert any(i.get("name") == "return_address" for i in page.all("input"))
    answer = sign_in("officer").post(address(sent, "kembalikan"), data=ASKED)
    assert answer.status_code == 303
    decided = submission(sent.id)
    assert decided.status is SubmissionStatus.RETURNED
    assert decided.returned_fields == {"address": "Tulis kampung dan RT/RW"}
    assert (decided.reason, decided.note) == ("incomplete", "Mohon dilengkapi.")
    assert record(sent.record_code).status is RecordStatus.PENDING
    assert decided.contact_pending


def test_the_sender_sees_the_words_mends_and_an_officer_accepts(
    client: CheckedClient, sign_in: Enter
) -> None:
    sent = register(client)
    sign_in("officer").post(address(sent, "kembalikan"), data=ASKED)
    receipt = f"/tanda-terima/{token_of(sent.id)}"
    asked = client.get(f"{receipt}/perbaiki").text
    assert "Tulis kampung dan RT/RW" in asked
    assert "boleh dikosongkan" not in asked
    mended = client.post(
        f"{receipt}/perbaiki", data={"submission_id": new_id(), "address": "Kp. Sawah RT 02/RW 05"}
    )
    assert mended.status_code == 303, mended.text
    assert submission(sent.id).status is SubmissionStatus.RECEIVED
    assert record(sent.record_code).address == "Kp. Sawah RT 02/RW 05"
    assert sign_in("officer").post(address(sent, "terima")).status_code == 303
    deeds = [line.deed for line in history(sent.record_code)]
    assert (
        deeds.index("submission.returned")
        < deeds.index("submission.mended")
        < deeds.index("submission.accepted")
    )


def test_a_tick_alone_carries_the_note(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    fields = {"note": "Nomornya kurang satu angka", "return_nib": "on"}
    sign_in("officer").post(address(sent, "kembalikan"), data=fields)
    assert submission(sent.id).returned_fields == {"nib": "Nomornya kurang satu angka"}


def test_the_words_beside_a_tick_count(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    sign_in("officer").post(
        address(sent, "kembalikan"), data={"return_nib": ["on", "13 angka"], "return_npwp": ""}
    )
    assert submission(sent.id).returned_fields == {"nib": "13 angka"}


@pytest.mark.parametrize("fields", [{}, {"note": "kurang"}, {"return_status": "public", "return_id": "x"}])
def test_without_a_marked_question_it_is_wrong_input(
    client: CheckedClient, sign_in: Enter, fields: dict[str, str]
) -> None:
    sent = register(client)
    answer = sign_in("officer").post(address(sent, "kembalikan"), data=fields)
    assert answer.status_code == 422
    assert submission(sent.id).status is SubmissionStatus.RECEIVED


def test_what_was_typed_is_kept(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    answer = sign_in("officer").post(address(sent, "kembalikan"), data={"note": "Tolong kirim lagi"})
    assert answer.status_code == 422
    assert "Tolong kirim lagi" in answer.text


def test_a_reason_that_is_not_on_the_list_is_kept_in_its_words(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    fields = {"reason": "SK-nya terpotong", "return_legal_entity_number": "on"}
    assert sign_in("officer").post(address(sent, "kembalikan"), data=fields).status_code == 303
    decided = submission(sent.id)
    assert (decided.reason, decided.note) == ("other", "SK-nya terpotong")


def test_only_registrations_go_back(client: CheckedClient, sign_in: Enter) -> None:
    code = make_cooperative()
    sent = about(client, code, "lapor", problem="closed", description="")
    answer = sign_in("officer").post(address(sent, "kembalikan"), data=ASKED)
    assert answer.status_code == 422
    assert submission(sent.id).status is SubmissionStatus.RECEIVED


def test_returned_twice_the_second_learns_of_the_first(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    sign_in("officer").post(address(sent, "kembalikan"), data=ASKED)
    answer = sign_in("dinas_officer").post(address(sent, "kembalikan"), data=ASKED)
    assert answer.status_code == 409
    assert "Officer" in answer.text


@pytest.mark.parametrize(
    ("name", "status"), [("companion", 403), ("co_administrator", 403), ("other_officer", 404)]
)
def test_others_are_refused(client: CheckedClient, sign_in: Enter, name: str, status: int) -> None:
    sent = register(client)
    assert sign_in(name).post(address(sent, "kembalikan"), data=ASKED).status_code == status
    assert submission(sent.id).status is SubmissionStatus.RECEIVED


def test_the_one_who_entered_it_is_refused(sign_in: Enter) -> None:
    sent = register(sign_in("officer"))
    assert sign_in("officer").post(address(sent, "kembalikan"), data=ASKED).status_code == 403
    assert sign_in("officer").get(address(sent, "kembalikan")).status_code == 303


def test_returned_ones_lie_in_their_own_box(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    sign_in("officer").post(address(sent, "kembalikan"), data=ASKED)
    officer = sign_in("officer")
    assert str(sent.record_code) not in officer.get("/petugas/koperasi").text
    page = officer.page("/petugas/koperasi?kotak=dikembalikan")
    assert [r.get("data-record") for r in page.all("tr") if r.get("data-record")] == [sent.record_code]
    assert "Perlu dibetulkan" in " ".join(words_of(t) for t in officer.page(address(sent)).all("aside"))
