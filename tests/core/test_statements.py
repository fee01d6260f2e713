"""Statements put into words once give what SQLAlchemy itself gives."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import bindparam, column, func, select, table, update
from sqlalchemy.exc import DBAPIError

from app.cooperatives.models import Cooperative
from app.cooperatives.rules import CooperativeType
from app.core import statements
from app.core.db import Base, db
from app.core.statements import Ready
from app.core.transaction import atomically
from app.registry.rules import RecordStatus
from tests.factories.cooperatives import make_cooperative

T = Base.metadata.tables[Cooperative.__tablename__].c
SOME = (
    select(T.id, T.name, T.cooperative_type, T.status, T.legal_entity_date)
    .where(T.name.in_(bindparam("names", expanding=True)), T.status == RecordStatus.PUBLIC)
    .order_by(T.id)
    .limit(bindparam("size"))
)
NAMES = ["Koperasi Satu", "Koperasi Dua", "Koperasi Tiga"]


@pytest.fixture(autouse=True)
def records(app: Flask) -> None:
    for name in NAMES:
        make_cooperative(name, cooperative_type=CooperativeType.SERVICE, legal_entity_date=date(2020, 2, 29))
    make_cooperative("Koperasi Dua", status=RecordStatus.ARCHIVED)


@pytest.mark.parametrize("asked", [NAMES, NAMES[:1], NAMES[1:], ["%", "'"]])
def test_rows_are_those_of_the_plain_statement(asked: list[str]) -> None:
    ready = Ready(SOME)
    for size in (1, 10):
        plain = db.session.connection().execute(SOME, {"names": asked, "size": size}).all()
        for _ in ("made", "kept"):
            assert ready.rows(names=asked, size=size) == [tuple(row) for row in plain]


def test_values_have_the_types_of_their_columns() -> None:
    [row] = Ready(SOME).rows(names=NAMES[:1], size=5)
    assert row[2:] == (CooperativeType.SERVICE, RecordStatus.PUBLIC, date(2020, 2, 29))
    assert isinstance(row[2], CooperativeType)


def test_it_reads_what_its_own_write_block_wrote() -> None:
    count = Ready(select(func.count()).select_from(Cooperative).where(T.name == bindparam("name")))

    def deed(session: object) -> int:
        del session
        db.session.execute(update(Cooperative).where(T.name == NAMES[0]).values(name="Koperasi Baru"))
        return int(count.value(name="Koperasi Baru"))

    assert count.value(name="Koperasi Baru") == 0
    assert atomically(deed) == 1


def test_lists_of_every_length_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "_MOST_FORMS", 2)
    ready = Ready(SOME)
    for length in (1, 2, 3, 1):
        assert len(ready.rows(names=NAMES[:length], size=9)) == length
    assert len(ready._forms) <= 2


def test_errors_of_the_driver_are_those_of_sqlalchemy() -> None:
    with pytest.raises(DBAPIError):  # OperationalError on SQLite, ProgrammingError on PostgreSQL
        Ready(select(table("no_such_table", column("id")).c.id)).rows()
    assert len(Ready(SOME).rows(names=NAMES, size=9)) == len(NAMES)  # the connection is as good as before


def test_a_connection_that_was_cut_off_is_used_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    ready = Ready(SOME)
    ready.rows(names=NAMES, size=9)
    connection = db.session.connection()
    connection.connection.driver_connection.close()  # type: ignore[union-attr]
    monkeypatch.setattr(type(connection.dialect), "is_disconnect", lambda *_: True)
    with pytest.raises(DBAPIError):
        ready.rows(names=NAMES, size=9)
    assert connection.invalidated
    monkeypatch.undo()
    db.session.remove()
    assert len(ready.rows(names=NAMES, size=9)) == len(NAMES)
