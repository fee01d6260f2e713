"""SELECTs that are asked thousands of times: put into words once, afterwards only values go in and rows come out.

SQLAlchemy keeps the words of a statement too, but finds them again by walking over the statement, expands its lists
and prepares a result that knows columns by name: 60 to 150 microseconds each time, several times a page, where the
database itself takes 20. So these go to the driver as they are; its errors come back as SQLAlchemy's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Enum, Select, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.types import TypeEngine

from app.core.db import db

Rows = list[tuple[Any, ...]]
_Make = Callable[[Any], Any]
_MOST_FORMS: Final = 64
# PostgreSQL plans a search for longer than it searches. A prepared one it plans five times per connection, then never.
_OPTIONS: Final[dict[str, dict[str, bool]]] = {"sqlite": {}, "postgresql": {"prepare": True}}
_CONNECTION: Final = "connection"  # of a session, in its info


def reading_connection() -> Connection:
    """That of the session. It is asked only once: it goes through four layers to find what it has."""
    session = db.session()
    found: Connection | None = session.info.get(_CONNECTION)
    return found or session.connection()


@event.listens_for(db.session, "after_begin")
def _note_connection(session: Session, _transaction: object, connection: Connection) -> None:
    session.info[_CONNECTION] = connection


@event.listens_for(db.session, "after_transaction_end")
def _forget_connection(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_CONNECTION, None)


class Ready:
    """A SELECT with named values (``bindparam``); lists with ``expanding=True``.

    ``rows(size=20, words=[...])`` gives plain tuples, their values as the columns' types make them. It reads on the
    connection of the session, so inside a write block it sees what was written there.
    """

    def __init__(self, statement: Select[Any]) -> None:
        self.select = statement
        self._forms: dict[tuple[object, ...], Form] = {}

    def rows(self, /, **values: Any) -> Rows:
        """All rows."""
        connection = reading_connection()
        key = (connection.dialect.name, *[len(value) for value in values.values() if type(value) is list])
        form = self._forms.get(key)
        if form is None:
            if len(self._forms) >= _MOST_FORMS:
                self._forms.clear()
            form = self._forms[key] = Form(self.select, connection.dialect, values)
        return form.rows(connection, values)

    def value(self, /, **values: Any) -> Any:
        """The one value of the one row."""
        ((found,),) = self.rows(**values)
        return found


class Form:
    """The words of a statement for one database and for lists of certain lengths."""

    def __init__(self, statement: Select[Any], dialect: Dialect, values: Mapping[str, Any]) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        state = compiled.construct_expanded_state(values)
        self.words: str = state.statement
        self._options = _OPTIONS[dialect.name]
        self._order: Sequence[str] | None = state.positiontup or None
        self._fixed: dict[str, Any] = {}  # values that stand in the statement itself, ready for the driver
        self._given: list[tuple[str, str, int | None, _Make | None]] = []
        for bound, source in compiled.bind_names.items():
            make = bound.type.dialect_impl(dialect).bind_processor(dialect)
            if source not in values:
                value = state.parameters[source]
                self._fixed[source] = make(value) if make else value
            elif source in state.parameter_expansion:
                names = state.parameter_expansion[source]
                self._given += [(name, source, at, make) for at, name in enumerate(names)]
            else:
                self._given.append((source, source, None, make))
        makers = [_maker(column.type, dialect) for column in statement.selected_columns]
        self._makers: list[tuple[int, _Make]] = [(i, make) for i, make in enumerate(makers) if make]

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> Rows:
        """Plain tuples, their values as the columns' types make them."""
        found = self.found(connection, self._parameters(values))
        return [self._row(row) for row in found] if self._makers else found

    def found(self, connection: Connection, parameters: Any) -> Rows:
        """As the driver gives them."""
        driver = connection.dialect.loaded_dbapi
        try:
            cursor = connection.connection.cursor()
            cursor.execute(self.words, parameters, **self._options)
            return list(cursor.fetchall())
        except driver.Error as error:
            _give_up_if_cut_off(connection, error)
            raise DBAPIError.instance(
                self.words, parameters, error, driver.Error, dialect=connection.dialect
            ) from error

    def _row(self, given: Any) -> tuple[Any, ...]:
        row = list(given)
        for at, make in self._makers:
            row[at] = make(row[at])
        return tuple(row)

    def _parameters(self, values: Mapping[str, Any]) -> Any:
        named = dict(self._fixed)
        for name, source, at, make in self._given:
            value = values[source] if at is None else values[source][at]
            named[name] = make(value) if make else value
        return named if self._order is None else tuple([named[name] for name in self._order])


def _give_up_if_cut_off(connection: Connection, error: Exception) -> None:
    """A connection that the database has ended goes back to no pool."""
    if connection.dialect.is_disconnect(error, connection.connection.dbapi_connection, None):  # type: ignore[arg-type]
        connection.invalidate(error)


def _maker(kind: TypeEngine[Any], dialect: Dialect) -> _Make | None:
    """What makes a value out of what the driver gives; None where that is the value."""
    make: _Make | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return _Remembered(make).__getitem__ if make and isinstance(kind, Enum) else make


class _Remembered(dict[Any, Any]):
    """The few values of a choice, each made once."""

    def __init__(self, make: _Make) -> None:
        self._make = make

    def __missing__(self, given: Any) -> Any:
        self[given] = made = self._make(given)
        return made
