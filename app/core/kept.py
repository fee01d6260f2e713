"""Answers to strangers, kept while nothing in the database changes.

The same few questions are asked thousands of times: the list, a kecamatan, the words of the day. An answer is kept
for everybody who asks exactly the same without any cookie, and only for addresses that a room names with
``keep_answers``. Whether it still holds is asked of the database each time, never guessed from the clock: its sign
of change (``Sign``) is exact, for writes of other processes too. docs/decisions tells why.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from flask import Flask
from sqlalchemy import Engine, event

from app.core.clock import today

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

EXTENSION: Final = "kop_ukm_kept"
MOST_ANSWERS: Final = 256
MOST_BYTES: Final = 2 * 1024 * 1024
MOST_BYTES_OF_ONE: Final = 128 * 1024
KEEP_SECONDS: Final = 300.0  # names of places come from memory and may be some minutes behind the database
_MOST_LETTERS: Final = 400

# Everything of a request that an answer to a stranger may depend on. Vary is checked against it.
_ASKED_BY: Final = (
    "PATH_INFO",
    "QUERY_STRING",
    "SCRIPT_NAME",
    "wsgi.url_scheme",
    "HTTP_HOST",
    "SERVER_NAME",
    "SERVER_PORT",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_SAVE_DATA",
    "HTTP_HX_REQUEST",
    "HTTP_HX_TARGET",
    "HTTP_HX_BOOSTED",
    "HTTP_HX_HISTORY_RESTORE_REQUEST",
)
_KNOWN_VARY: Final = frozenset({"accept-encoding", "hx-request", "hx-target", "save-data"})
# Who they come from, or which part is wanted: such a request goes its usual way.
_NOT_WITH: Final = (
    "HTTP_COOKIE",
    "HTTP_AUTHORIZATION",
    "HTTP_RANGE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
)

Headers = list[tuple[str, str]]


def keep_answers(app: Flask, path: str) -> None:
    """Keep answers of the public page at ``path``: one that writes nothing and is the same for all strangers."""
    _paths(app).add(path)


def _paths(app: Flask) -> set[str]:
    return cast("set[str]", app.extensions.setdefault(EXTENSION, set()))


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer and the sign of the data it was made from."""

    headers: Headers
    body: bytes
    sign: object
    until: float


class KeptAnswers:
    """WSGI: in front of the application. ``sign`` tells the state of the data, None where it cannot be told."""

    def __init__(self, app: Flask, inner: WSGIApplication, sign: Callable[[], object | None]) -> None:
        self._paths = _paths(app)
        self._inner = inner
        self._sign = sign
        self._shelf = Shelf()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The kept answer if there is one; else the application's, which may be kept."""
        if environ["PATH_INFO"] not in self._paths or not _asks_like_all(environ):
            return self._inner(environ, start_response)
        sign = self._sign()  # before anything is read: a write from now on makes another sign
        if sign is None:
            return self._inner(environ, start_response)
        question = (today(), *map(environ.get, _ASKED_BY))
        found = self._shelf.get(question, sign)
        if found is None:
            return self._ask(environ, start_response, question, sign)
        start_response("200 OK", list(found.headers))
        return [found.body]

    def _ask(
        self, environ: WSGIEnvironment, start_response: StartResponse, question: object, sign: object
    ) -> Iterable[bytes]:
        heads: list[tuple[str, Headers]] = []

        def note(status: str, headers: Headers, *trouble: Any) -> Callable[[bytes], object]:
            heads.append((status, headers))
            return start_response(status, headers, *trouble)

        parts = self._inner(environ, note)
        if len(heads) != 1 or not _may_be_kept(*heads[0]):
            return parts
        try:
            body = b"".join(parts)
        finally:
            getattr(parts, "close", lambda: None)()
        headers = list(heads[0][1])
        self._shelf.put(question, Answer(headers, body, sign, time.monotonic() + KEEP_SECONDS))
        return [body]


def _asks_like_all(environ: WSGIEnvironment) -> bool:
    """A stranger's plain question: nobody else's cookie, token or copy stands behind it."""
    return (
        environ["REQUEST_METHOD"] == "GET"
        and not any(name in environ for name in _NOT_WITH)
        and len(environ.get("QUERY_STRING", "")) <= _MOST_LETTERS
    )


def _may_be_kept(status: str, headers: Headers) -> bool:
    """A page that is well, hands out nothing to one browser alone, and depends on nothing else than the question."""
    said = {name.lower(): value for name, value in headers}
    depends = {part.strip().lower() for part in said.get("vary", "").split(",") if part.strip()}
    return (
        status == "200 OK"
        and "set-cookie" not in said
        and depends <= _KNOWN_VARY
        and int(said.get("content-length", MOST_BYTES)) <= MOST_BYTES_OF_ONE
    )


@dataclass
class Shelf:
    """The answers asked for last, so many and so large together as memory allows."""

    _answers: OrderedDict[object, Answer] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, question: object, sign: object) -> Answer | None:
        """The answer to ``question`` if it was made from the data as they are now."""
        with self._lock:
            found = self._answers.get(question)
            if found is None or found.sign != sign or found.until < time.monotonic():
                return None
            self._answers.move_to_end(question)
            return found

    def put(self, question: object, answer: Answer) -> None:
        """Keep it; those not asked for the longest go."""
        with self._lock:
            old = self._answers.pop(question, None)
            self._bytes += len(answer.body) - (len(old.body) if old else 0)
            self._answers[question] = answer
            while len(self._answers) > MOST_ANSWERS or self._bytes > MOST_BYTES:
                _, gone = self._answers.popitem(last=False)
                self._bytes -= len(gone.body)


class Sign:
    """The state of the data as one value: equal as long as nobody commits anything, in whatever process.

    SQLite counts for each connection the commits of all others; ours never writes, so it sees every one. On
    PostgreSQL the snapshot itself is the sign: it names exactly which transactions are visible. One connection of
    its own, outside the pool, one short question: no transaction, no lock that a writer would wait for.
    """

    _WORDS: Final = {"sqlite": "PRAGMA data_version", "postgresql": "SELECT pg_current_snapshot()::text"}
    _OPTIONS: Final[dict[str, dict[str, bool]]] = {
        "sqlite": {"check_same_thread": False},
        "postgresql": {"autocommit": True},
    }

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._words = self._WORDS[engine.dialect.name]
        self._lock = threading.Lock()
        self._connection: Any = None
        self._opened = 0
        event.listen(engine, "engine_disposed", self._forget)

    def __call__(self) -> object | None:
        """The sign, or None when the database does not answer (nothing kept is used then)."""
        with self._lock:
            for _ in ("as it is", "on a new connection"):
                try:
                    if self._connection is None:
                        self._open()
                    ((value,),) = self._connection.execute(self._words).fetchall()
                except self._engine.dialect.loaded_dbapi.Error:
                    self._close()
                else:
                    return self._opened, value
            return None

    def _open(self) -> None:
        dialect = self._engine.dialect
        arguments, options = dialect.create_connect_args(self._engine.url)
        self._connection = dialect.connect(*arguments, **{**options, **self._OPTIONS[dialect.name]})
        self._opened += 1  # another connection counts from another beginning

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _forget(self, _engine: Engine) -> None:
        with self._lock:
            self._close()
