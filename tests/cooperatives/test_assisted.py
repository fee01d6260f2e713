"""An officer fills the form for somebody present, notes the spoken consent, and hands over the receipt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.core.db import db
from app.registry.models import Consent
from app.registry.rules import RecordStatus, Source
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import make_cooperative, new_id, records, registration, submissions
from tests.factories.desk import DESK, address, record

Enter = Callable[[str], CheckedClient]
FORM = f"{DESK}/daftarkan"


def filled(**fields: Any) -> dict[str, Any]:
    """The form with consent and presence."""
    given = {"submission_id": new_id(), "spoken_consent": "y", "present": "Siti Aminah, bendahara"}
    return registration(**{**given, **fields})


def test_it_works(sign_in: Enter, cast: Any) -> None:
    officer = sign_in("officer")
    assert officer.get(FORM).status_code == 200
    answer = officer.post(FORM, data=filled())
    assert answer.status_code == 303
    assert "/tanda-terima/" in answer.location
    (sent,) = submissions()
    assert (sent.source, sent.entered_by) == (Source.ASSISTED, cast["officer"].account_id)
    assert record(sent.record_code).status is RecordStatus.PENDING
    assert sent.receipt_number in officer.get(answer.location).text
    consents = list(db.session.scalars(select(Consent)))
    assert {c.how for c in consents} == {"spoken"}
    assert {c.witness_id for c in consents} == {cast["officer"].account_id}


def test_the_record_says_who_was_there(sign_in: Enter) -> None:
    sign_in("officer").post(FORM, data=filled())
    (sent,) = submissions()
    assert "Siti Aminah, bendahara" in sign_in("dinas_officer").get(address(sent)).text


def test_nobody_decides_on_it_alone(sign_in: Enter) -> None:
    sign_in("officer").post(FORM, data=filled())
    (sent,) = submissions()
    assert sent.at_dinas
    assert sign_in("officer").post(address(sent, "terima")).status_code == 403
    assert sign_in("dinas_officer").post(address(sent, "terima")).status_code == 303


@pytest.mark.parametrize("missing", ["spoken_consent", "present", "name", "desa"])
def test_what_is_missing_is_said_and_nothing_is_lost(sign_in: Enter, missing: str) -> None:
    answer = sign_in("officer").post(FORM, data=filled(**{missing: None, "address": "Kp. Sawah"}))
    assert answer.status_code == 422
    assert "Kp. Sawah" in answer.text
    assert records() == []


def test_sent_twice_it_is_one(sign_in: Enter) -> None:
    sent = filled()
    first, second = (sign_in("officer").post(FORM, data=sent) for _ in range(2))
    assert first.location == second.location
    assert len(records()) == 1


def test_look_alikes_are_shown_before_sending(sign_in: Enter) -> None:
    code = make_cooperative("Koperasi Harapan Warga")
    answer = sign_in("officer").post(FORM, data={**filled(), "tahap": "1"})
    assert answer.status_code == 200
    assert code in answer.text
    assert submissions() == []


@pytest.mark.parametrize(
    ("name", "status"),
    [("companion", 200), ("co_administrator", 200), ("leader", 403), ("expert", 403), ("member", 403)],
)
def test_who_may(sign_in: Enter, name: str, status: int) -> None:
    assert sign_in(name).get(FORM).status_code == status
