"""A submission goes to the right kecamatan without going back to the citizen; or to the Dinas itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.registry.rules import SubmissionStatus
from tests.cast import ELSEWHERE, HERE
from tests.checked_client import CheckedClient
from tests.factories.desk import address, history, register, submission

Enter = Callable[[str], CheckedClient]


def test_it_works(client: CheckedClient, sign_in: Enter) -> None:
    there = sign_in("other_officer")
    sent = register(client)
    assert there.get(address(sent)).status_code == 404
    answer = sign_in("officer").post(
        address(sent, "oper"), data={"kecamatan": ELSEWHERE, "note": "alamatnya di sana"}
    )
    assert answer.status_code == 303
    moved = submission(sent.id)
    assert (moved.handled_kecamatan_code, moved.kecamatan_code, moved.at_dinas) == (ELSEWHERE, HERE, False)
    assert moved.status is SubmissionStatus.RECEIVED
    assert there.get(address(sent)).status_code == 200
    assert there.post(address(sent, "terima")).status_code == 303
    line = next(line for line in history(sent.record_code) if line.deed == "submission.handed_over")
    assert (line.before or {})["kecamatan"] == HERE
    assert (line.after or {})["kecamatan"] == ELSEWHERE
    assert line.note == "alamatnya di sana"


def test_who_handed_it_over_decides_no_more(client: CheckedClient, sign_in: Enter) -> None:
    sign_in("other_officer").get("/petugas")
    sent = register(client)
    sign_in("officer").post(address(sent, "oper"), data={"kecamatan": ELSEWHERE})
    assert sign_in("officer").post(address(sent, "terima")).status_code == 403
    assert submission(sent.id).status is SubmissionStatus.RECEIVED


def test_where_nobody_decides_it_lies_with_the_dinas(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    sign_in("officer").post(address(sent, "oper"), data={"kecamatan": "32.01.05"})
    assert submission(sent.id).at_dinas
    page = sign_in("dinas_officer").page("/petugas/koperasi?meja=dinas")
    assert sent.record_code in [r.get("data-record") for r in page.all("tr")]


@pytest.mark.parametrize("kecamatan", ["", "32.01.99", "bogor"])
def test_only_to_a_kecamatan_there_is(client: CheckedClient, sign_in: Enter, kecamatan: str) -> None:
    sent = register(client)
    assert sign_in("officer").post(address(sent, "oper"), data={"kecamatan": kecamatan}).status_code == 422
    assert submission(sent.id).handled_kecamatan_code == HERE


def test_to_the_dinas_and_back(client: CheckedClient, sign_in: Enter) -> None:
    officer = sign_in("officer")
    sent = register(client)
    assert officer.post(address(sent, "ambil")).status_code == 303
    assert submission(sent.id).at_dinas
    assert officer.post(address(sent, "ambil")).status_code == 422
    assert officer.post(address(sent, "oper"), data={"kecamatan": HERE}).status_code == 303
    assert not submission(sent.id).at_dinas


def test_what_is_decided_is_handed_over_no_more(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    sign_in("officer").post(address(sent, "terima"))
    for deed in ("oper", "ambil"):
        answer = sign_in("dinas_officer").post(address(sent, deed), data={"kecamatan": ELSEWHERE})
        assert answer.status_code == 409
        assert "Sudah diputuskan oleh Officer" in answer.text
    assert submission(sent.id).handled_kecamatan_code == HERE


@pytest.mark.parametrize(
    ("name", "status"), [("companion", 403), ("co_administrator", 403), ("other_officer", 404)]
)
def test_others_are_refused(client: CheckedClient, sign_in: Enter, name: str, status: int) -> None:
    sent = register(client)
    assert sign_in(name).post(address(sent, "oper"), data={"kecamatan": ELSEWHERE}).status_code == status
    assert submission(sent.id).handled_kecamatan_code == HERE
