"""Everything that hangs on a cooperative's row stays true, whatever is done to the row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.cooperatives.models import Cooperative, RatMeeting
from app.cooperatives.rules import Activity, MinistryStatus
from app.cooperatives.services.records import (
    change_record,
    delete_record,
    plain_values,
    refresh_activity,
    set_status,
)
from app.core.access import ANONYMOUS
from app.core.audit import History
from app.core.db import db
from app.core.errors import RuleBroken
from app.core.transaction import atomically
from app.registry.models import PublicTally, SearchPosting, SearchWord
from app.registry.rules import RecordStatus
from tests.factories.cooperatives import make_cooperative
from tests.factories.regions import CIBINONG, NANGGUNG, desa_code

LEGAL = "AHU-0006345.AH.01.26.TAHUN 2020"


def a_cooperative(**values: Any) -> str:
    """A public record without a desa; its code."""
    return make_cooperative(**{"kecamatan_code": CIBINONG, "desa_code": None, **values})


def record(code: str) -> Cooperative:
    db.session.rollback()
    return db.session.scalars(select(Cooperative).where(Cooperative.code == code)).one()


def change(code: str, **changes: Any) -> Any:
    return atomically(lambda s: change_record(s, code=code, changes=changes, actor=ANONYMOUS, deed="test"))


def move(code: str, status: RecordStatus) -> Any:
    return atomically(lambda s: set_status(s, code=code, status=status, actor=ANONYMOUS, deed="test"))


def counted() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.coalesce(func.sum(PublicTally.records), 0))) or 0


def words_of(code: str) -> set[str]:
    record_id = record(code).id
    joined = select(SearchWord.word).join(SearchPosting, SearchPosting.word_id == SearchWord.id)
    return set(db.session.scalars(joined.where(SearchPosting.record_id == record_id)))


def test_a_new_public_record_is_counted_found_and_has_a_history(app: Flask) -> None:
    code = a_cooperative(
        name="Koperasi Tani Mekar", kecamatan_code=CIBINONG, desa_code=desa_code("Karadenan", "Cibinong")
    )
    assert counted() == 1
    assert {"tani", "mekar"} <= words_of(code)
    deeds = db.session.scalars(select(History.deed).where(History.subject == code)).all()
    assert deeds == ["cooperative.registered"]


def test_a_pending_record_is_not_counted_until_it_is_public(app: Flask) -> None:
    code = a_cooperative(status=RecordStatus.PENDING)
    assert counted() == 0
    move(code, RecordStatus.PUBLIC)
    assert counted() == 1
    assert record(code).accepted_at is not None
    move(code, RecordStatus.ARCHIVED)
    assert counted() == 0
    assert words_of(code) == set()


def test_phones_are_sealed_and_masked_in_history(app: Flask) -> None:
    code = a_cooperative(phone="6281234567890", contact_name="Siti Aminah")
    row = record(code)
    assert b"6281234567890" not in (row.phone_sealed or b"")
    assert plain_values(db.session(), row, ["phone", "contact_name"]) == {
        "phone": "6281234567890",
        "contact_name": "Siti Aminah",
    }
    after = db.session.scalars(select(History.after).where(History.subject == code)).one()
    assert after is not None
    assert "6281234567890" not in str(after)
    assert "Siti Aminah" not in str(after)


def test_a_change_keeps_before_and_after_and_raises_the_version(app: Flask) -> None:
    code = a_cooperative(address="Jl. Lama")
    changes = change(code, address="Jl. Baru", name=record(code).name)
    assert changes.before == {"address": "Jl. Lama"}
    assert changes.after == {"address": "Jl. Baru"}
    assert record(code).version == 2


def test_a_change_to_the_same_values_is_no_change(app: Flask) -> None:
    code = a_cooperative(address="Jl. Lama", rat_years=(2024, 2025))
    assert not change(code, address="Jl. Lama", rat_years=(2025, 2024))
    assert record(code).version == 1


def test_moving_house_moves_the_count_and_the_search_words(app: Flask) -> None:
    code = a_cooperative()
    change(code, kecamatan_code=NANGGUNG)
    db.session.rollback()
    per_place = dict(db.session.execute(select(PublicTally.kecamatan_code, PublicTally.records)).all())
    assert per_place.get(CIBINONG, 0) == 0
    assert per_place[NANGGUNG] == 1
    assert NANGGUNG in words_of(code)
    assert CIBINONG not in words_of(code)


def test_rat_years_are_replaced_and_activity_follows(app: Flask) -> None:
    code = a_cooperative(legal_entity_date=date(2010, 1, 1), ministry_status=MinistryStatus.INACTIVE)
    assert record(code).activity is Activity.INACTIVE
    change(code, rat_years=(2023, 2024, 2025))
    assert record(code).activity is Activity.ACTIVE
    change(code, rat_years=(2025,))
    years = db.session.scalars(select(RatMeeting.book_year)).all()
    assert years == [2025]


def test_two_pending_registrations_may_name_the_same_number_but_only_one_is_accepted(app: Flask) -> None:
    first = a_cooperative(status=RecordStatus.PENDING, legal_entity_number=LEGAL)
    second = a_cooperative(status=RecordStatus.PENDING, legal_entity_number=LEGAL.lower())
    move(first, RecordStatus.PUBLIC)
    with pytest.raises(RuleBroken) as broken:
        move(second, RecordStatus.PUBLIC)
    assert (broken.value.field, broken.value.code) == ("legal_entity_number", "taken")
    assert record(second).status is RecordStatus.PENDING


def test_a_deleted_record_leaves_no_trace_but_its_history(app: Flask) -> None:
    code = a_cooperative(rat_years=(2025,), phone="6281234567890")
    atomically(lambda s: delete_record(s, code=code, actor=ANONYMOUS, deed="import.undone"))
    assert counted() == 0
    for table in (Cooperative, RatMeeting, SearchPosting):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    assert db.session.scalar(select(func.count()).select_from(History).where(History.subject == code)) == 2


def test_activity_is_derived_anew_when_the_calendar_moves_on(app: Flask, at: Any) -> None:
    code = a_cooperative(legal_entity_date=date(2024, 1, 10))
    assert record(code).activity is Activity.NEW
    at("2027-06-01T09:00+07:00")
    assert atomically(refresh_activity)[1] == 1
    assert record(code).activity is Activity.TO_CHECK


@dataclass
class Shadow:
    """What the registry ought to hold."""

    public: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)


_DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["make", "hide", "show", "move", "delete"]),
        st.integers(0, 5),
        st.sampled_from([CIBINONG, NANGGUNG]),
    ),
    max_size=12,
)


@given(deeds=_DEEDS)
def test_counts_follow_any_order_of_deeds(app: Flask, deeds: list[tuple[str, int, str]]) -> None:
    before = counted()
    shadow = Shadow()
    for deed, number, place in deeds:
        _do(shadow, deed, number, place)
    assert counted() - before == len(shadow.public)
    for code in (*shadow.public, *shadow.hidden):
        atomically(partial(_delete, code))
    assert counted() == before


def _do(shadow: Shadow, deed: str, number: int, place: str) -> None:
    both = [*shadow.public, *shadow.hidden]
    code = both[number % len(both)] if both else ""
    if deed == "make" or not both:
        shadow.public[a_cooperative(kecamatan_code=place)] = place
    elif deed == "hide":
        move(code, RecordStatus.ARCHIVED)
        shadow.hidden[code] = shadow.public.pop(code, place)
    elif deed == "show":
        move(code, RecordStatus.PUBLIC)
        shadow.public[code] = shadow.hidden.pop(code, place)
    elif deed == "move":
        change(code, kecamatan_code=place)
    else:
        atomically(partial(_delete, code))
        shadow.public.pop(code, None)
        shadow.hidden.pop(code, None)


def _delete(code: str, session: Any) -> None:
    delete_record(session, code=code, actor=ANONYMOUS, deed="test")
