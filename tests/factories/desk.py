"""What tests of the officers' desk need: something that waits, and what became of it."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Executable, select
from sqlalchemy.orm import Session

from app.cooperatives.models import Cooperative
from app.core.audit import History, PersonalAccess
from app.core.db import db
from app.core.transaction import atomically
from app.registry.models import Submission
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import new_id, registration, submissions

NUMBER: Final = "AHU-0036770.AH.01.29.TAHUN 2025"
DESK: Final = "/petugas/koperasi"
NOBODY: Final = "K-ZZZZZZZ"


def register(client: CheckedClient, **fields: Any) -> Submission:
    """A registration that came over the web. Fields as in the contract."""
    before = {s.id for s in submissions()}
    answer = client.post("/koperasi/daftar", data=registration(submission_id=new_id(), **fields))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return next(s for s in submissions() if s.id not in before)


def about(client: CheckedClient, code: str, deed: str, **fields: Any) -> Submission:
    """A claim, report or message about a public record."""
    before = {s.id for s in submissions()}
    answer = client.post(f"/koperasi/{code}/{deed}", data={"submission_id": new_id(), **fields})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return next(s for s in submissions() if s.id not in before)


def address(submission: Submission, deed: str = "") -> str:
    """The desk's page of a submission's record, or the address of a deed on it."""
    return f"{DESK}/{submission.record_code}" + (f"/{deed}" if deed else "")


def submission(submission_id: str) -> Submission:
    """As it is kept now."""
    db.session.rollback()
    return db.session.scalars(select(Submission).where(Submission.id == submission_id)).one()


def record(code: str | None) -> Cooperative:
    """The record as it is kept now."""
    db.session.rollback()
    return db.session.scalars(select(Cooperative).where(Cooperative.code == code)).one()


def history(subject: str | None) -> list[History]:
    """What happened, oldest first."""
    return list(db.session.scalars(select(History).where(History.subject == subject).order_by(History.id)))


def looks() -> list[PersonalAccess]:
    """The access log."""
    return list(db.session.scalars(select(PersonalAccess).order_by(PersonalAccess.id)))


def write(statement: Executable) -> None:
    """Change rows behind everybody's back."""

    def deed(session: Session) -> None:
        session.execute(statement)

    atomically(deed)
