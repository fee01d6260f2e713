"""A registration is a body on record already; or it only looks like one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.core.db import db
from app.registry.models import NotTheSame
from app.registry.rules import RecordStatus, SubmissionStatus
from tests.cast import ELSEWHERE
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import make_cooperative
from tests.factories.desk import NOBODY, address, history, record, register, submission

Enter = Callable[[str], CheckedClient]
NAME = "Koperasi Harapan Warga"


def twins_on(browser: CheckedClient, url: str) -> list[str | None]:
    """Codes of the look-alikes that the page shows."""
    return [li.get("data-record") for li in browser.page(url).all("li") if li.get("data-record")]


def test_it_works(client: CheckedClient, sign_in: Enter) -> None:
    known = make_cooperative(NAME)
    sent = register(client)
    assert twins_on(sign_in("officer"), address(sent)) == [known]
    answer = sign_in("officer").post(
        address(sent, "gabung"), data={"into": known.lower(), "note": "pengurusnya sama"}
    )
    assert answer.status_code == 303
    decided = submission(sent.id)
    assert (decided.status, decided.same_as_code) == (SubmissionStatus.DUPLICATE, known)
    merged = record(sent.record_code)
    assert (merged.status, merged.merged_into_code) == (RecordStatus.MERGED, known)
    assert history(sent.record_code)[-1].after == {"status": "merged"}
    assert record(known).version == 1


def test_both_codes_lead_to_the_one_record(client: CheckedClient, sign_in: Enter) -> None:
    known = make_cooperative(NAME)
    sent = register(client)
    sign_in("officer").post(address(sent, "gabung"), data={"into": known})
    answer = client.get(f"/koperasi/{sent.record_code}")
    assert answer.status_code in {301, 302, 303, 308}
    assert answer.location.endswith(f"/koperasi/{known}")


def test_taken_up_again_it_is_a_record_of_its_own(client: CheckedClient, sign_in: Enter) -> None:
    known = make_cooperative(NAME)
    sent = register(client)
    sign_in("officer").post(address(sent, "gabung"), data={"into": known})
    assert sign_in("officer").post(address(sent, "periksa")).status_code == 303
    kept = record(sent.record_code)
    assert (kept.status, kept.merged_into_code) == (RecordStatus.PENDING, None)


def test_only_an_accepted_record_takes_it(client: CheckedClient, sign_in: Enter) -> None:
    sent, other = register(client), register(client, name="Koperasi Lain Sekali")
    for into in (NOBODY, str(sent.record_code), str(other.record_code), "bukan kode", ""):
        answer = sign_in("officer").post(address(sent, "gabung"), data={"into": into})
        assert answer.status_code == 422, into
        assert submission(sent.id).status is SubmissionStatus.RECEIVED


def test_a_hidden_record_of_another_area_does_not_exist(client: CheckedClient, sign_in: Enter) -> None:
    hidden = make_cooperative(
        "Koperasi Sana", status=RecordStatus.CANDIDATE, kecamatan_code=ELSEWHERE, desa_code=None
    )
    public = make_cooperative("Koperasi Sini", kecamatan_code=ELSEWHERE, desa_code=None)
    sent = register(client)
    assert sign_in("officer").post(address(sent, "gabung"), data={"into": hidden}).status_code == 422
    assert sign_in("officer").post(address(sent, "gabung"), data={"into": public}).status_code == 303


@pytest.mark.parametrize(
    ("name", "status"), [("companion", 403), ("co_administrator", 403), ("other_officer", 404)]
)
def test_others_are_refused(client: CheckedClient, sign_in: Enter, name: str, status: int) -> None:
    known = make_cooperative(NAME)
    sent = register(client)
    assert sign_in(name).post(address(sent, "gabung"), data={"into": known}).status_code == status
    assert sign_in(name).post(address(sent, "bukan-sama"), data={"with": known}).status_code == status
    assert submission(sent.id).status is SubmissionStatus.RECEIVED


def test_the_one_who_entered_it_is_refused(sign_in: Enter) -> None:
    known = make_cooperative(NAME)
    sent = register(sign_in("officer"))
    assert sign_in("officer").post(address(sent, "gabung"), data={"into": known}).status_code == 403


def test_decided_meanwhile(client: CheckedClient, sign_in: Enter) -> None:
    known = make_cooperative(NAME)
    sent = register(client)
    sign_in("dinas_officer").post(address(sent, "terima"))
    assert sign_in("officer").post(address(sent, "gabung"), data={"into": known}).status_code in {303, 409}
    assert record(sent.record_code).status is RecordStatus.CANDIDATE


def test_two_accepted_records_are_united_on_their_own_page(client: CheckedClient, sign_in: Enter) -> None:
    known, other = make_cooperative(NAME), make_cooperative("Koperasi Kedua")
    answer = sign_in("officer").post(f"/petugas/koperasi/{known}/gabung", data={"into": other})
    assert answer.status_code == 303
    assert answer.location == f"/petugas/koperasi/{known}/satukan?dengan={other}"


# --- told apart ---------------------------------------------------------------------------------------------------


def test_told_apart_it_is_never_asked_again(client: CheckedClient, sign_in: Enter) -> None:
    known = make_cooperative(NAME)
    sent = register(client)
    answer = sign_in("officer").post(address(sent, "bukan-sama"), data={"with": known})
    assert answer.status_code == 303
    assert twins_on(sign_in("dinas_officer"), address(sent)) == []
    assert twins_on(sign_in("dinas_officer"), f"/petugas/koperasi/{known}") == []
    assert [line.deed for line in history(known)][-1] == "record.not_the_same"
    assert sign_in("officer").post(address(sent, "bukan-sama"), data={"with": known}).status_code == 303
    assert len(list(db.session.scalars(select(NotTheSame)))) == 1


def test_shared_numbers_show_a_twin_whatever_its_name(client: CheckedClient, sign_in: Enter) -> None:
    known = make_cooperative("Koperasi Sama Sekali Beda", nik_koperasi="3201070060001")
    sent = register(client, nik_koperasi="3201070060001", name="KSU Bumi Langit")
    page = sign_in("officer").get(address(sent)).text
    assert known in page
    assert "NIK koperasi sama" in page


def test_pending_twins_of_another_area_stay_hidden(client: CheckedClient, sign_in: Enter) -> None:
    register(
        client,
        nik_koperasi="3201070060001",
        kecamatan=ELSEWHERE,
        desa="32.01.01.1001",
        name="KSU Bumi Langit",
    )
    sent = register(client, nik_koperasi="3201070060001", name="KSU Bumi Langit", phone="081255556666")
    assert twins_on(sign_in("officer"), address(sent)) == []
    assert len(twins_on(sign_in("dinas_officer"), address(sent))) == 1
