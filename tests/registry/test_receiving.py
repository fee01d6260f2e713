"""Submissions arrive exactly once: any order, any repetition, any number at the same time."""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Sequence

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.core.access import ANONYMOUS
from app.core.crypt import keys
from app.core.db import db
from app.core.transaction import atomically
from app.registry.models import Submission
from app.registry.queries.submissions import (
    OtherContent,
    Received,
    content_of,
    find_replay,
    submission_of,
    token_of,
)
from app.registry.rules import (
    ALLOWED,
    OPEN,
    Source,
    SubmissionKind,
    SubmissionStatus,
    canonical_content,
    may_move,
    read_receipt_token,
    receipt_token,
)
from app.registry.services.receiving import Incoming, receive
from tests.sizes import size

Pairs = list[tuple[str, str]]

fields = st.lists(
    st.tuples(
        st.sampled_from(["name", "address", "rat_years"]),
        st.text(max_size=12).filter(lambda t: "\x00" not in t),
    ),
    max_size=6,
)


def incoming(key: str, pairs: Sequence[tuple[str, str]], **more: object) -> Incoming:
    values = {
        "kind": SubmissionKind.COOPERATIVE_REGISTRATION,
        "title": "Koperasi Uji",
        "kecamatan_code": "32.01.21",
        "desa_code": "32.01.21.2001",
        "phone": None,
        "source": Source.SELF,
        "actor": ANONYMOUS,
        **more,
    }
    return Incoming(submission_id=key, pairs=list(pairs), **values)  # type: ignore[arg-type]


def send(key: str, pairs: Sequence[tuple[str, str]]) -> Received | None:
    """One send; None when it was turned away for other content."""
    parcel = incoming(key, pairs)
    try:
        return atomically(lambda session: receive(session, parcel))
    except OtherContent:
        return None


def count_rows() -> int:
    db.session.rollback()
    return int(db.session.scalar(select(func.count()).select_from(Submission)) or 0)


def test_it_works(app: Flask) -> None:
    key = str(uuid.uuid4())
    got = send(key, [("name", "Koperasi Uji"), ("address", "")])
    assert got is not None
    assert not got.replay
    assert submission_of(got.token) == key
    assert content_of(db.session(), key) == [("name", "Koperasi Uji")]


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), st.lists(fields, min_size=5, max_size=5))
def test_any_order_and_repetition_of_sends_leaves_one_each_with_the_first_receipt(
    app: Flask, order: list[int], contents: list[Pairs]
) -> None:
    ids = [str(uuid.uuid4()) for _ in range(5)]
    first: dict[int, str] = {}
    before = count_rows()
    for which in order:
        got = send(ids[which], random.sample(contents[which], len(contents[which])))
        assert got is not None
        assert got.replay == (which in first)
        assert first.setdefault(which, got.receipt_number) == got.receipt_number
    assert count_rows() - before == len(set(order))
    assert len(set(first.values())) == len(first)


@given(fields, fields)
def test_the_same_id_is_a_replay_only_with_the_same_content(app: Flask, one: Pairs, other: Pairs) -> None:
    key = str(uuid.uuid4())
    send(key, one)
    got = send(key, other)
    assert (got is not None) == (canonical_content(one) == canonical_content(other))


def test_a_lookup_before_the_write_knows_it_too(app: Flask) -> None:
    key = str(uuid.uuid4())
    assert find_replay(db.session(), key, [("name", "a")]) is None
    send(key, [("name", "a")])
    db.session.rollback()
    known = find_replay(db.session(), key, [("name", "a")])
    assert known is not None
    assert known.replay
    with pytest.raises(OtherContent) as refused:
        find_replay(db.session(), key, [("name", "b")])
    assert refused.value.receipt_number == known.receipt_number


@pytest.mark.parametrize(("ids", "sends", "clients"), [size((40, 400, 8), (1_000, 10_000, 64))])
def test_many_at_the_same_time_leave_one_each(app: Flask, ids: int, sends: int, clients: int) -> None:
    """Every id is sent several times by clients that race each other; nothing fails, nothing is doubled."""
    keys_sent = [str(uuid.uuid4()) for _ in range(ids)]
    work = [keys_sent[i % ids] for i in range(sends)]
    random.Random(7).shuffle(work)
    receipts: dict[str, set[str]] = {key: set() for key in keys_sent}
    new = [0]
    faults: list[BaseException] = []
    lock = threading.Lock()
    start = threading.Barrier(clients)

    def client(mine: list[str]) -> None:
        with app.app_context():
            start.wait()
            for key in mine:
                try:
                    got = send(key, [("name", f"Koperasi {key}")])
                except BaseException as fault:  # noqa: BLE001 - counted below, whatever it is
                    faults.append(fault)
                    continue
                assert got is not None
                with lock:
                    receipts[key].add(got.receipt_number)
                    new[0] += not got.replay
            db.session.remove()

    threads = [threading.Thread(target=client, args=(work[i::clients],)) for i in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert count_rows() == ids
    assert new[0] == ids, "each id was new exactly once"
    assert all(len(numbers) == 1 for numbers in receipts.values())


def test_a_number_that_is_taken_is_drawn_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = iter(["KB-22222222", "KB-22222222", "KB-33333333"])
    monkeypatch.setattr("app.registry.services.receiving.new_receipt_number", lambda: next(numbers))
    first, second = send(str(uuid.uuid4()), []), send(str(uuid.uuid4()), [])
    assert first is not None
    assert second is not None
    assert (first.receipt_number, second.receipt_number) == ("KB-22222222", "KB-33333333")


def test_the_content_lies_sealed_and_bound_to_its_row(app: Flask) -> None:
    key, other = str(uuid.uuid4()), str(uuid.uuid4())
    send(key, [("phone", "0812-9999-7531")])
    send(other, [("phone", "0813-0000-0000")])
    db.session.rollback()
    rows = {
        row.id: row.content_sealed for row in db.session.scalars(select(Submission).order_by(Submission.id))
    }
    assert b"7531" not in rows[key]
    assert rows[key] != rows[other]


# --- rules ------------------------------------------------------------------------------------------------------


def test_moves_of_a_submission_are_those_of_the_table() -> None:
    for old in SubmissionStatus:
        for new in SubmissionStatus:
            assert may_move(old, new) == ((old, new) in ALLOWED)
    assert not may_move(SubmissionStatus.ACCEPTED, SubmissionStatus.REJECTED)
    assert all(may_move(old, SubmissionStatus.ACCEPTED) for old in OPEN)
    assert not [pair for pair in ALLOWED if pair[0] is SubmissionStatus.ARCHIVED]


@given(st.uuids(), st.binary(min_size=16, max_size=32))
def test_a_receipt_token_gives_back_its_id_and_nothing_else_does(key_of: uuid.UUID, key: bytes) -> None:
    token = receipt_token(key, str(key_of), key_id=1)
    assert read_receipt_token({1: key}, token) == str(key_of)
    assert read_receipt_token({1: key + b"x"}, token) is None
    assert len(token) == 44


@given(st.text(max_size=60))
def test_a_token_of_a_stranger_is_nothing(app: Flask, text: str) -> None:
    assert submission_of(text) is None


def test_a_token_of_this_installation_is_its_own(app: Flask) -> None:
    key = str(uuid.uuid4())
    assert token_of(key) == receipt_token(keys().receipt, key, key_id=1)


@given(fields)
def test_content_is_one_whatever_the_order_and_the_line_ends(pairs: Pairs) -> None:
    turned = [
        (name, value.replace("\n", "\r\n") if "\r" not in value else value) for name, value in reversed(pairs)
    ]
    assert canonical_content(pairs) == canonical_content(turned)


def test_what_travels_with_a_form_is_not_its_content() -> None:
    assert canonical_content(
        [("name", "a"), ("submission_id", "x"), ("filled_at", "1")]
    ) == canonical_content([("name", " a "), ("address", ""), ("csrf_token", "y")])
