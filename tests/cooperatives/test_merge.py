"""Two records become one: both codes work, nothing is lost, and it can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.core.db import db
from app.registry.models import Merge, PublicTally
from app.registry.rules import RecordStatus
from tests.cast import ELSEWHERE
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import make_cooperative
from tests.factories.desk import DESK, about, history, record, register, submission

Enter = Callable[[str], CheckedClient]
NUMBER = "518/07/BH/KWK.10/2008"


def merge(browser: CheckedClient, kept: str, merged: str, **fields: Any) -> int:
    """Unite over the page; the status of the answer."""
    return browser.post(f"{DESK}/{kept}/satukan", data={"dengan": merged, **fields}).status_code


def standing() -> list[Merge]:
    """Merges that were not taken back."""
    db.session.rollback()
    return list(db.session.scalars(select(Merge).where(Merge.undone_at.is_(None)).order_by(Merge.id)))


def counted() -> int:
    """Public records of all desa by the kept counts."""
    db.session.rollback()
    return sum(db.session.scalars(select(PublicTally.records)))


def pair() -> tuple[str, str]:
    """Two records of one body: each knows something that the other does not."""
    kept = make_cooperative(
        "Koperasi Tani Maju", address="Kp. Sawah", rat_years=(2023, 2024), members_total=40
    )
    merged = make_cooperative(
        "Kop. Tani Maju Jaya",
        address="Jl. Raya 7",
        rat_years=(2024, 2025),
        legal_entity_number=NUMBER,
        legal_entity_date=date(2008, 8, 1),
        phone="6281200001111",
        contact_name="Pak Ketua",
    )
    return kept, merged


def test_it_works(sign_in: Enter, client: CheckedClient) -> None:
    kept, merged = pair()
    assert counted() == 2
    page = sign_in("officer").page(f"{DESK}/{kept}/satukan?dengan={merged}")
    chosen = {str(i.get("name")): i.get("value") for i in page.all("input") if "checked" in i.attrib}
    assert chosen["pilih_address" if "pilih_address" in chosen else "pilih_place"] == "kept"
    assert chosen["pilih_legal_entity"] == "merged"  # the kept record has none
    assert merge(sign_in("officer"), kept, merged) == 303
    one, other = record(kept), record(merged)
    assert (other.status, other.merged_into_code) == (RecordStatus.MERGED, kept)
    assert one.legal_entity_number == NUMBER
    assert one.address == "Kp. Sawah"
    assert one.phone_index is not None
    assert counted() == 1
    assert "2023, 2024, 2025" in sign_in("officer").get(f"{DESK}/{kept}/ubah").text
    answer = client.get(f"/koperasi/{merged}")
    assert answer.location.endswith(f"/koperasi/{kept}")
    assert sign_in("officer").get(f"{DESK}/{merged}").status_code == 200


def test_each_value_is_chosen(sign_in: Enter) -> None:
    kept, merged = pair()
    merge(
        sign_in("officer"), kept, merged, pilih_name="merged", pilih_legal_entity="kept", pilih_contact="kept"
    )
    one = record(kept)
    assert (one.name, one.legal_entity_number, one.phone_index) == ("Kop. Tani Maju Jaya", "", None)


def test_of_a_public_one_and_a_candidate_the_public_one_stays(sign_in: Enter) -> None:
    public = make_cooperative("Koperasi Tani Maju")
    candidate = make_cooperative("Kop. Tani Maju", status=RecordStatus.CANDIDATE)
    browser = sign_in("officer")
    turned = browser.get(f"{DESK}/{candidate}/satukan?dengan={public}")
    assert (turned.status_code, turned.location) == (303, f"{DESK}/{public}/satukan?dengan={candidate}")
    assert browser.get(turned.location).status_code == 200


def test_what_was_sent_about_one_follows_to_the_other(client: CheckedClient, sign_in: Enter) -> None:
    kept, merged = pair()
    sent = about(client, merged, "lapor", problem="closed", description="")
    merge(sign_in("officer"), kept, merged)
    assert submission(sent.id).record_code == kept
    sign_in("officer").post(f"{DESK}/{kept}/pisahkan/{standing()[0].id}")
    assert submission(sent.id).record_code == merged


def test_taken_back_both_are_as_before(sign_in: Enter) -> None:
    kept, merged = pair()
    before = {code: _facts(code) for code in (kept, merged)}
    merge(sign_in("officer"), kept, merged, pilih_name="merged")
    assert _facts(kept) != before[kept]
    answer = sign_in("officer").post(f"{DESK}/{kept}/pisahkan/{standing()[0].id}")
    assert answer.status_code == 303
    assert {code: _facts(code) for code in (kept, merged)} == before
    assert counted() == 2
    assert standing() == []


def _facts(code: str) -> dict[str, Any]:
    from app.cooperatives.services.merging import mergeable_values

    db.session.rollback()
    row = record(code)
    keys = (row.status, row.live_legal_entity_key, row.merged_into_code, row.name_key)
    return {**mergeable_values(db.session(), code), "keys": keys}


def test_what_was_changed_since_stays_and_is_named(sign_in: Enter) -> None:
    kept, merged = pair()
    merge(sign_in("officer"), kept, merged, pilih_name="merged", pilih_place="merged")
    from app.cooperatives.services.records import change_record
    from app.core.transaction import atomically
    from tests.factories.cooperatives import OFFICE

    atomically(
        lambda s: change_record(
            s, code=kept, changes={"name": "Nama Ketiga"}, actor=OFFICE, deed="cooperative.edited"
        )
    )
    answer = sign_in("officer").post(f"{DESK}/{kept}/pisahkan/{standing()[0].id}")
    assert answer.status_code == 303
    assert "tetap=name" in answer.location
    one = record(kept)
    assert (one.name, one.address) == ("Nama Ketiga", "Kp. Sawah")
    assert record(merged).status is RecordStatus.PUBLIC
    assert "Nama" in sign_in("officer").get(answer.location).text


def test_codes_that_led_to_the_merged_one_lead_on(client: CheckedClient, sign_in: Enter) -> None:
    kept, merged = pair()
    third = make_cooperative("Koperasi Ketiga")
    officer = sign_in("officer")
    merge(officer, merged, third)
    merge(officer, kept, merged)
    assert record(third).merged_into_code == kept
    first, second = standing()
    assert officer.post(f"{DESK}/{merged}/pisahkan/{first.id}").status_code == 409  # the later one goes first
    assert officer.post(f"{DESK}/{kept}/pisahkan/{second.id}").status_code == 303
    assert record(third).merged_into_code == merged


def test_a_number_that_somebody_else_has_by_now_keeps_them_together(sign_in: Enter) -> None:
    kept, merged = pair()
    officer = sign_in("officer")
    merge(officer, kept, merged)
    from app.cooperatives.services.records import change_record
    from app.core.transaction import atomically
    from tests.factories.cooperatives import OFFICE

    atomically(
        lambda s: change_record(
            s, code=kept, changes={"legal_entity_number": ""}, actor=OFFICE, deed="cooperative.edited"
        )
    )
    make_cooperative("Koperasi Baru", legal_entity_number=NUMBER)
    assert officer.post(f"{DESK}/{kept}/pisahkan/{standing()[0].id}").status_code == 409
    assert record(merged).status is RecordStatus.MERGED


def test_the_snapshot_bears_no_number_in_the_open(sign_in: Enter) -> None:
    kept, merged = pair()
    merge(sign_in("officer"), kept, merged)
    text = str(standing()[0].snapshot)
    assert "6281200001111" not in text
    assert "Pak Ketua" not in text
    assert all("6281200001111" not in str(line.after) + str(line.before) for line in history(kept))


@pytest.mark.parametrize(
    ("name", "status"),
    [("companion", 403), ("co_administrator", 403), ("pum_officer", 403), ("other_officer", 404)],
)
def test_others_are_refused(sign_in: Enter, name: str, status: int) -> None:
    kept, merged = pair()
    assert merge(sign_in(name), kept, merged) == status
    assert sign_in(name).get(f"{DESK}/{kept}/satukan").status_code == status
    merge(sign_in("officer"), kept, merged)
    assert sign_in(name).post(f"{DESK}/{kept}/pisahkan/{standing()[0].id}").status_code == status
    assert len(standing()) == 1


def test_a_record_of_another_area_is_not_touched(sign_in: Enter) -> None:
    kept, _ = pair()
    there = make_cooperative("Koperasi Sana", kecamatan_code=ELSEWHERE, desa_code=None)
    assert merge(sign_in("officer"), kept, there) == 422
    assert record(there).status is RecordStatus.PUBLIC


def test_changed_since_the_page_was_opened(sign_in: Enter) -> None:
    kept, merged = pair()
    assert merge(sign_in("officer"), kept, merged, seen="1-9") == 409
    assert merge(sign_in("officer"), kept, merged, seen="1-1") == 303
    assert merge(sign_in("dinas_officer"), kept, merged) == 409


def test_only_accepted_records(client: CheckedClient, sign_in: Enter) -> None:
    kept, _ = pair()
    sent = register(client)
    assert merge(sign_in("officer"), kept, str(sent.record_code)) == 409
    assert merge(sign_in("officer"), kept, kept) in {409, 422}
    assert merge(sign_in("officer"), kept, "K-ZZZZZZZ") == 422
