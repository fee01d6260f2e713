"""Claims, reports and messages about a public record."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.core.audit import History
from app.core.db import db
from app.registry.rules import RecordStatus, SubmissionKind
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import make_cooperative, new_id, records, said, submissions

CLAIM = {
    "contact_name": "Siti Aminah",
    "phone": "0812-9999-7531",
    "position": "chair",
    "proof": "Akta pendirian dan berita acara RAT 2025",
}
REPORT = {"problem": "closed", "description": "Sudah dua tahun tutup"}
MESSAGE = {"contact_name": "Budi", "phone": "0813-0000-1111", "message": "Saya mau ikut jadi anggota."}
DEEDS = [
    ("klaim", CLAIM, SubmissionKind.COOPERATIVE_CLAIM),
    ("lapor", REPORT, SubmissionKind.COOPERATIVE_REPORT),
    ("pesan", MESSAGE, SubmissionKind.COOPERATIVE_MESSAGE),
]
JSON = {"Accept": "application/json"}


@pytest.mark.parametrize(("path", "sent", "kind"), DEEDS)
def test_it_works_and_changes_nothing_by_itself(
    client: CheckedClient, path: str, sent: dict[str, str], kind: SubmissionKind
) -> None:
    code = make_cooperative()
    assert client.get(f"/koperasi/{code}/{path}").status_code == 200
    before = records()[0].version
    answer = client.post(f"/koperasi/{code}/{path}", data=sent)
    assert answer.status_code == 303
    assert client.get(answer.location).status_code == 200
    [submission] = submissions()
    assert (submission.kind, submission.record_code) == (kind, code)
    assert records()[0].version == before
    deeds = list(db.session.scalars(select(History.deed).where(History.subject == code).order_by(History.id)))
    assert len(deeds) == 2


@pytest.mark.parametrize(("path", "sent", "kind"), DEEDS)
def test_sent_twice_it_is_one(
    client: CheckedClient, path: str, sent: dict[str, str], kind: SubmissionKind
) -> None:
    code, key = make_cooperative(), new_id()
    first = client.post(f"/koperasi/{code}/{path}", data={**sent, "submission_id": key}, headers=JSON)
    again = client.post(f"/koperasi/{code}/{path}", data={**sent, "submission_id": key}, headers=JSON)
    assert (first.status_code, again.status_code) == (201, 200)
    assert len(submissions()) == 1


@pytest.mark.parametrize(
    ("path", "sent", "field"),
    [
        ("klaim", {**CLAIM, "contact_name": ""}, "contact_name"),
        ("klaim", {**CLAIM, "phone": ""}, "phone"),
        ("klaim", {**CLAIM, "position": "king"}, "position"),
        ("klaim", {**CLAIM, "proof": ""}, "proof"),
        ("lapor", {"problem": "other"}, "description"),
        ("lapor", {"description": "x"}, "problem"),
        ("pesan", {**MESSAGE, "message": ""}, "message"),
    ],
)
def test_what_is_missing_is_told_at_its_field(
    client: CheckedClient, path: str, sent: dict[str, str], field: str
) -> None:
    code = make_cooperative()
    answer = client.post(f"/koperasi/{code}/{path}", data=sent, headers=JSON)
    assert answer.status_code == 422
    assert list(said(answer)["errors"]) == [field]
    assert client.post(f"/koperasi/{code}/{path}", data=sent).status_code == 422
    assert not submissions()


@pytest.mark.parametrize("status", [s for s in RecordStatus if s is not RecordStatus.PUBLIC])
@pytest.mark.parametrize("path", ["klaim", "lapor", "pesan"])
def test_there_is_nothing_to_say_about_what_is_not_public(
    client: CheckedClient, status: RecordStatus, path: str
) -> None:
    code = make_cooperative(status=status)
    assert client.get(f"/koperasi/{code}/{path}").status_code == 404
    assert client.post(f"/koperasi/{code}/{path}", data=CLAIM | REPORT | MESSAGE).status_code == 404
    assert not submissions()


def test_other_content_under_the_same_id_can_be_sent_on_as_its_own(client: CheckedClient) -> None:
    code, key = make_cooperative(), new_id()
    client.post(f"/koperasi/{code}/lapor", data={**REPORT, "submission_id": key})
    other = {**REPORT, "submission_id": key, "description": "Pindah ke Cileungsi"}
    page = client.post(f"/koperasi/{code}/lapor", data=other)
    assert page.status_code == 409
    fresh = next(i.get("value") for i in client.parsed(page).all("input") if i.get("name") == "submission_id")
    answer = client.post(f"/koperasi/{code}/lapor", data={**other, "submission_id": fresh})
    assert answer.status_code == 303
    assert len(submissions()) == 2
