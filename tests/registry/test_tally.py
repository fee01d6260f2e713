"""Kept counts of public records."""

from __future__ import annotations

import pytest
from flask import Flask

from app.cooperatives.services.records import change_record, set_status
from app.core.access import Actor
from app.core.transaction import atomically
from app.registry.queries.tally import public_total, public_total_by_desa, public_total_by_kecamatan
from app.registry.rules import RecordKind, RecordStatus
from app.registry.services.tallying import count_public
from tests.factories.cooperatives import DESA, NANGGUNG, make_cooperative

KIND = RecordKind.COOPERATIVE
CIBINONG, KARADENAN = "32.01.01", "32.01.01.1002"
ACTOR = Actor(name="uji")


def test_steps_of_a_place_are_added_up(app: Flask) -> None:
    steps = [(NANGGUNG, DESA, 1), (NANGGUNG, DESA, 1), (NANGGUNG, None, 1), (CIBINONG, KARADENAN, 1)]
    atomically(lambda s: count_public(s, KIND, steps))
    atomically(lambda s: count_public(s, KIND, [(CIBINONG, KARADENAN, -1), (NANGGUNG, DESA, 3)]))
    atomically(lambda s: count_public(s, KIND, []))
    assert public_total(KIND) == 6
    assert public_total(KIND, kecamatan_code=NANGGUNG) == 6
    assert public_total(KIND, desa_code=DESA) == 5
    assert public_total_by_kecamatan(KIND) == {NANGGUNG: 6}
    assert public_total_by_desa(KIND) == {(NANGGUNG, ""): 1, (NANGGUNG, DESA): 5}
    assert public_total_by_desa(KIND, CIBINONG) == {}
    assert public_total(RecordKind.BUSINESS) == 0


def test_desa_and_unknown_add_up_to_the_kabupaten(app: Flask) -> None:
    for desa in (DESA, None, DESA):
        make_cooperative("Koperasi Melati", desa_code=desa)
    make_cooperative("Koperasi Mawar", kecamatan_code=CIBINONG, desa_code=KARADENAN)
    by_desa = public_total_by_desa(KIND)
    assert sum(by_desa.values()) == sum(public_total_by_kecamatan(KIND).values()) == public_total(KIND) == 4


@pytest.mark.parametrize("status", [s for s in RecordStatus if s is not RecordStatus.PUBLIC])
def test_only_public_records_count(app: Flask, status: RecordStatus) -> None:
    code = make_cooperative("Koperasi Melati")
    assert public_total(KIND) == 1
    atomically(lambda s: set_status(s, code=code, status=status, actor=ACTOR, deed="uji"))
    assert public_total(KIND) == 0
    atomically(lambda s: set_status(s, code=code, status=RecordStatus.PUBLIC, actor=ACTOR, deed="uji"))
    assert public_total(KIND) == 1


def test_a_record_that_moves_is_counted_where_it_is(app: Flask) -> None:
    code = make_cooperative("Koperasi Melati")
    changes = {"kecamatan_code": CIBINONG, "desa_code": KARADENAN}
    atomically(lambda s: change_record(s, code=code, changes=changes, actor=ACTOR, deed="uji"))
    assert public_total_by_desa(KIND) == {(CIBINONG, KARADENAN): 1}
