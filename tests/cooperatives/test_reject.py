"""An officer rejects, with a reason the sender reads; a wrong rejection is taken up again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.registry.queries.submissions import token_of
from app.registry.rules import RecordStatus, SubmissionStatus
from tests.checked_client import CheckedClient
from tests.factories.desk import address, history, record, register, submission

Enter = Callable[[str], CheckedClient]
WHY = {"reason": "outside_kabupaten", "note": "Alamatnya di Kota Bogor."}


def test_it_works(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    assert sign_in("officer").post(address(sent, "tolak"), data=WHY).status_code == 303
    decided = submission(sent.id)
    assert (decided.status, decided.reason) == (SubmissionStatus.REJECTED, "outside_kabupaten")
    assert record(sent.record_code).status is RecordStatus.REJECTED
    assert "Alamatnya di Kota Bogor." in client.get(f"/tanda-terima/{token_of(sent.id)}").text
    assert client.get(f"/koperasi/{sent.record_code}").status_code == 404


@pytest.mark.parametrize("fields", [{}, {"note": "begitu saja"}, {"reason": "other"}])
def test_without_a_reason_it_is_wrong_input(
    client: CheckedClient, sign_in: Enter, fields: dict[str, str]
) -> None:
    sent = register(client)
    assert sign_in("officer").post(address(sent, "tolak"), data=fields).status_code == 422
    assert submission(sent.id).status is SubmissionStatus.RECEIVED


def test_own_words_are_a_reason_too(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    assert sign_in("officer").post(address(sent, "tolak"), data={"reason": "isinya iklan"}).status_code == 303
    assert (submission(sent.id).reason, submission(sent.id).note) == ("other", "isinya iklan")


def test_a_wrong_rejection_is_taken_up_again(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    sign_in("officer").post(address(sent, "tolak"), data=WHY)
    assert sign_in("officer").post(address(sent, "periksa")).status_code == 303
    taken = submission(sent.id)
    assert (taken.status, taken.decided_by, taken.contact_pending) == (
        SubmissionStatus.IN_REVIEW,
        None,
        False,
    )
    assert record(sent.record_code).status is RecordStatus.PENDING
    assert sign_in("officer").post(address(sent, "terima")).status_code == 303
    assert [line.deed for line in history(sent.record_code) if line.deed.startswith("submission.")] == [
        "submission.rejected",
        "submission.taken_up_again",
        "submission.accepted",
    ]


def test_what_was_accepted_is_not_taken_up_again(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    sign_in("officer").post(address(sent, "terima"))
    assert sign_in("officer").post(address(sent, "periksa")).status_code == 409
    assert submission(sent.id).status is SubmissionStatus.ACCEPTED


@pytest.mark.parametrize(("name", "status"), [("companion", 403), ("leader", 403), ("other_officer", 404)])
def test_others_are_refused(client: CheckedClient, sign_in: Enter, name: str, status: int) -> None:
    sent = register(client)
    assert sign_in(name).post(address(sent, "tolak"), data=WHY).status_code == status
    assert submission(sent.id).status is SubmissionStatus.RECEIVED


def test_the_one_who_entered_it_is_refused(sign_in: Enter) -> None:
    sent = register(sign_in("officer"))
    assert sign_in("officer").post(address(sent, "tolak"), data=WHY).status_code == 403
    assert submission(sent.id).status is SubmissionStatus.RECEIVED


def test_of_two_the_second_learns_of_the_first(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    sign_in("officer").post(address(sent, "tolak"), data=WHY)
    answer = sign_in("dinas_officer").post(address(sent, "kembalikan"), data={"return_nib": "on"})
    assert answer.status_code == 409
    assert "Sudah diputuskan oleh Officer" in answer.text
    assert submission(sent.id).status is SubmissionStatus.REJECTED
