"""regions load, and the places read from the database."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.core.db import db
from app.core.transaction import atomically
from app.regions.models import Desa, Kecamatan
from app.regions.queries import forget_places, list_desa, list_kecamatan, place_names, places
from app.regions.rules import DesaStatus


def count(what: type[Desa | Kecamatan]) -> int:
    return db.session.execute(select(func.count()).select_from(what)).scalar_one()


def test_there_are_40_kecamatan_416_desa_and_19_kelurahan(app: Flask) -> None:
    by_status = dict(db.session.execute(select(Desa.status, func.count()).group_by(Desa.status)).all())
    assert count(Kecamatan) == 40
    assert by_status == {DesaStatus.DESA: 416, DesaStatus.KELURAHAN: 19}
    assert sum(len(list_desa(k.code)) for k in list_kecamatan()) == count(Desa) == 435


def test_the_code_tells_a_kelurahan_from_a_desa_and_its_kecamatan(app: Flask) -> None:
    for place in places().desa:
        assert (place.code[9] == "1") is (place.status is DesaStatus.KELURAHAN)
        assert place.code.startswith(place.kecamatan_code + ".")


def test_loading_again_changes_nothing_and_repairs_what_differs(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert (
        "40 kecamatan, 435 desa/kelurahan (0 baru, 0 diubah)"
        in runner.invoke(args=["regions", "load"]).output
    )
    wrong = update(Desa).where(Desa.code == "32.01.01.1001").values(name="Lain")
    atomically(lambda s: s.execute(wrong))
    forget_places()
    assert places().short_name("32.01.01.1001") == "Lain"
    assert "(0 baru, 1 diubah)" in runner.invoke(args=["regions", "load"]).output
    assert places().short_name("32.01.01.1001") == "Pondok Rajeg"


def test_names_are_unmistakable(app: Flask) -> None:
    names = place_names(["32.01.01.1002", "32.01.02.2001", "32.01.01", "32.01.99", None])
    assert names["32.01.01.1002"] == "Kelurahan Karadenan, Kec. Cibinong"
    assert names["32.01.02.2001"].startswith("Desa ")
    assert names["32.01.01"] == "Kec. Cibinong"
    assert set(names) == {"32.01.01.1002", "32.01.02.2001", "32.01.01"}
    everything = [places().name_of(d.code) for d in places().desa]
    assert len(set(everything)) == 435


@pytest.mark.parametrize("code", ["", "32.01.99", "x"])
def test_an_unknown_kecamatan_has_no_desa(app: Flask, code: str) -> None:
    assert list_desa(code) == []


def test_places_are_read_once(app: Flask) -> None:
    assert places() is places()
