"""Cooperatives and registrations for tests."""

from __future__ import annotations

import uuid
from datetime import date
from itertools import count
from typing import Any, Final

from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.cooperatives.models import Cooperative
from app.cooperatives.services.record_values import CooperativeData
from app.cooperatives.services.records import create_record
from app.core.access import Actor
from app.core.db import db
from app.core.transaction import atomically
from app.registry.models import Submission
from app.registry.queries.submissions import token_of
from app.registry.rules import RecordStatus, Source, SubmissionStatus
from tests.checked_client import CheckedClient

NANGGUNG: Final = "32.01.21"
DESA: Final = "32.01.21.2001"
OTHER_DESA: Final = "32.01.21.2002"
PHONE: Final = "0812-9999-7531"
OFFICE: Final = Actor(name="pabrik uji")

_numbers = count(2000)


def make_cooperative(
    name: str = "Koperasi Tani Maju",
    *,
    status: RecordStatus = RecordStatus.PUBLIC,
    code: str = "",
    **values: Any,
) -> str:
    """One record; returns its public code. ``values`` are fields of CooperativeData."""
    code = code or "K-" + "".join("23456789AB"[int(c)] for c in f"{next(_numbers):07}")
    data = CooperativeData(name=name, **{"kecamatan_code": NANGGUNG, "desa_code": DESA, **values})
    atomically(
        lambda session: create_record(
            session,
            code=code,
            data=data,
            status=status,
            source=Source.IMPORT,
            source_note="daftar uji",
            source_on=date(2026, 11, 1),
            actor=OFFICE,
        )
    )
    return code


def registration(**fields: Any) -> dict[str, Any]:
    """What a browser sends with the required questions answered; None drops a field."""
    sent = {
        "name": "Koperasi Harapan Warga",
        "cooperative_type": "consumer",
        "kecamatan": NANGGUNG,
        "desa": DESA,
        "phone": PHONE,
        "contact_name": "Siti Aminah",
        "main_activity": "menjual sembako",
        **fields,
    }
    return {name: value for name, value in sent.items() if value is not None}


def new_id() -> str:
    """A uuid as a phone makes it."""
    return str(uuid.uuid4())


def submissions() -> list[Submission]:
    """All submissions, oldest first."""
    return list(db.session.scalars(select(Submission).order_by(Submission.received_at, Submission.id)))


def records() -> list[Cooperative]:
    """All cooperatives, in the order they came."""
    return list(db.session.scalars(select(Cooperative).order_by(Cooperative.id)))


def send_registration(client: CheckedClient, **fields: Any) -> Submission:
    """Register over the web; the submission as it is kept."""
    answer = client.post("/koperasi/daftar", data=registration(submission_id=new_id(), **fields))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return submissions()[-1]


def decide(submission_id: str, status: SubmissionStatus, **values: Any) -> None:
    """Put a submission where an officer's decision would have put it."""
    statement = update(Submission).where(Submission.id == submission_id).values(status=status, **values)
    atomically(lambda session: session.execute(statement))


def said(answer: TestResponse) -> dict[str, Any]:
    """What a program was told."""
    assert isinstance(answer.json, dict)
    return answer.json


def receipt_address(submission: Submission) -> str:
    """Where its sender finds it."""
    return f"/tanda-terima/{token_of(submission.id)}"
