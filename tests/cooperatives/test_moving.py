"""What cooperatives tell rooms beside them: what moved in their records, and how they stand. On both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from flask import Flask

from app.cooperatives.queries.importing import IMPORTED, UNDONE
from app.cooperatives.services.merging import merge_records, undo_merge
from app.cooperatives.services.records import change_record, delete_record
from app.core.access import ANONYMOUS, Access, Actor, Role
from app.core.clock import now
from app.core.db import db
from app.core.transaction import atomically
from app.registry.moving_rules import Brief, Moving, Trail, Window
from app.registry.queries.moving import brief_for, codes_of, standing_codes, what_moved
from app.registry.rules import RecordStatus, Source
from tests.cast import Cast
from tests.factories.cooperatives import OFFICE, make_cooperative
from tests.statement_watch import statements_sent

At = Callable[[str], None]
BEGUN: Final = "2026-08-03T09:00+07:00"
MONTH_LATER: Final = "2026-09-03T09:00+07:00"
EDITED: Final = "cooperative.edited"


@pytest.fixture(autouse=True)
def begun(app: Flask, at: At) -> None:
    """Records are made in July; then it is the third of August."""
    at("2026-07-01T09:00+07:00")


def later(at: At, code: str, deed: str = EDITED, when: str = MONTH_LATER, **changes: Any) -> None:
    """An officer, or whoever ``deed`` says, changes the record."""
    at(when)
    atomically(lambda s: change_record(s, code=code, changes=changes, actor=OFFICE, deed=deed))


def window(code: str, begun: str = BEGUN) -> Window:
    since = datetime.fromisoformat(begun)
    return Window(code, since, since + timedelta(days=90))


def trail(code: str) -> Trail | None:
    db.session.rollback()
    return what_moved(db.session(), [window(code)]).get(window(code))


def kinds(code: str) -> set[Moving]:
    found = trail(code)
    assert found is not None
    return {move.what for move in found.moves}


def united(kept: str, merged: str, cast: Cast, **chosen: str) -> int:
    actor = Actor(account_id=cast["officer"].account_id, name="x")
    return atomically(
        lambda s: merge_records(s, kept_code=kept, merged_code=merged, chosen=chosen, seen="", actor=actor)
    )


def test_what_was_changed_since_then_moved(at: At) -> None:
    code = make_cooperative(members_total=20, rat_years=(2024,))
    later(at, code, members_total=25, rat_years=(2024, 2025))
    later(at, code, IMPORTED, "2026-10-01T09:00+07:00", nib="1234567890123")
    found = trail(code)
    assert found is not None
    assert {(move.what, move.source, move.at.month) for move in found.moves} == {
        (Moving.MEMBERS_MORE, Source.ASSISTED, 9),
        (Moving.RAT, Source.ASSISTED, 9),
        (Moving.LEGAL_STEP, Source.IMPORT, 10),
    }
    assert found.renewed is not None
    assert found.renewed.at.month == 10


def test_what_it_said_before_and_what_came_too_late_did_not_move(at: At) -> None:
    code = make_cooperative(members_total=20)
    later(at, code, when="2026-08-03T08:59+07:00", members_total=25)
    later(at, code, when="2026-11-01T09:01+07:00", members_total=30)
    assert trail(code) == Trail(code)


def test_a_list_that_was_taken_back_moved_nothing(at: At) -> None:
    code = make_cooperative(members_total=20)
    later(at, code, IMPORTED, members_total=30)
    assert kinds(code) == {Moving.MEMBERS_MORE}
    later(at, code, UNDONE, "2026-12-01T09:00+07:00", members_total=20)
    assert trail(code) == Trail(code)


def test_a_record_that_nobody_knows_is_left_out(at: At) -> None:
    code = make_cooperative()
    assert trail("K-9999999") is None
    assert trail("U-9999999") is None
    atomically(lambda s: delete_record(s, code=code, actor=OFFICE, deed=UNDONE))
    assert trail(code) is None
    assert standing_codes(db.session(), [code, "K-9999999", "U-9999999"]) == {}
    assert codes_of(db.session(), "U-9999999") == {"U-9999999"}


def test_uniting_records_is_no_move_and_the_merged_one_is_followed(at: At, cast: Cast) -> None:
    kept = make_cooperative(members_total=20)
    merged = make_cooperative("Kop. Tani Maju Jaya", members_total=35, nib="1234567890123", rat_years=(2025,))
    at(MONTH_LATER)
    merge_id = united(kept, merged, cast, members="merged")
    assert trail(merged) == Trail(kept), "it took numbers over, nothing moved"
    later(at, kept, when="2026-09-10T09:00+07:00", members_total=50)
    assert kinds(merged) == kinds(kept) == {Moving.MEMBERS_MORE}
    assert standing_codes(db.session(), [merged, kept]) == {merged: kept, kept: kept}
    assert codes_of(db.session(), kept) == codes_of(db.session(), merged) == {kept, merged}
    officer = Actor(account_id=cast["officer"].account_id, name="x")
    atomically(lambda s: undo_merge(s, merge_id=merge_id, actor=officer))
    assert trail(merged) == Trail(merged)
    assert codes_of(db.session(), merged) == {merged}


def test_a_merged_record_of_a_merged_record_is_followed(at: At, cast: Cast) -> None:
    first, second, third = (make_cooperative(f"Koperasi {name}") for name in ("Satu", "Dua", "Tiga"))
    united(second, first, cast)
    united(third, second, cast)
    later(at, third, rat_years=(2026,))
    found = trail(first)
    assert found is not None
    assert (found.code, {move.what for move in found.moves}) == (third, {Moving.RAT})


def test_many_records_take_as_many_statements_as_one(at: At, cast: Cast) -> None:
    codes = [make_cooperative(f"Koperasi nomor {n}", members_total=n) for n in range(12)]
    united(codes[0], codes[1], cast)
    for code in codes[2:]:
        later(at, code, members_total=99)
    counted = []
    for asked in (codes[1:2], codes):
        db.session.rollback()
        with statements_sent() as seen:
            found = what_moved(db.session(), [window(code) for code in asked])
        assert len(found) == len(asked)
        counted.append(len([words for words in seen if words.lstrip().upper().startswith("SELECT")]))
    assert counted[0] <= 4
    assert counted[1] <= counted[0]


# --- in short -----------------------------------------------------------------------------------------------------

READER: Final = Actor(account_id=1, name="x", role=Role.OFFICER, everywhere=True)
EXPERT: Final = Actor(account_id=2, name="y", role=Role.EXPERT, everywhere=True)


def brief(code: str, actor: Actor = EXPERT) -> Brief | None:
    db.session.rollback()
    return brief_for(db.session(), actor, code)


def test_a_public_record_in_short(at: At) -> None:
    code = make_cooperative(members_total=20, rat_years=(2023, 2025))
    found = brief(code, ANONYMOUS)
    assert found is not None
    assert (found.code, found.name, found.on) == (code, "Koperasi Tani Maju", now().date())
    told = {fact.label: fact.value for fact in found.facts}
    assert told["RAT terakhir"] == "Tahun buku 2025"
    assert told["Jumlah anggota"] == "20"
    assert "Nanggung" in told["Tempat"]
    (activity,) = [fact for fact in found.facts if fact.label == "Keaktifan"]
    assert activity.value
    assert activity.source
    assert "Sumber" in found.source


def test_what_is_not_known_stays_empty(at: At) -> None:
    found = brief(make_cooperative())
    assert found is not None
    told = {fact.label: fact.value for fact in found.facts}
    assert (told["RAT terakhir"], told["Jumlah anggota"]) == ("", "")


def test_a_record_that_is_not_public_is_for_those_who_read_the_registry_there(at: At) -> None:
    code = make_cooperative(status=RecordStatus.CANDIDATE)
    assert not EXPERT.may(Access.READ_COOPERATIVES)
    assert brief(code) is None
    assert brief("U-2222222") is None
    elsewhere = Actor(account_id=3, role=Role.COMPANION, kecamatan_codes=frozenset({"32.01.01"}))
    assert brief(code, elsewhere) is None
    found = brief(code, READER)
    assert found is not None
    assert found.facts[0].value == "Calon koperasi"


def test_a_merged_record_in_short_is_the_one_that_stays(at: At, cast: Cast) -> None:
    kept, merged = make_cooperative("Koperasi Tetap"), make_cooperative("Koperasi Lama")
    united(kept, merged, cast)
    found = brief(merged)
    assert found is not None
    assert (found.code, found.name) == (kept, "Koperasi Tetap")
