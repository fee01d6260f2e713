"""The installation's keys: made once, whoever starts first; new ones do not make anything old unreadable."""

from __future__ import annotations

import json
import multiprocessing
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.core import crypt
from app.core.crypt import CannotOpen, keys, seal, unseal
from app.core.key_ring import FILE, MOST_KEY_ID, KeyFile, KeyRing, NoMoreKeys
from app.core.office_key import public_key
from app.registry.queries.submissions import submission_of, token_of
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import new_id, registration, said, send_registration, submissions
from tests.factories.sealing import seal_item

FORM = "/koperasi/daftar"


def content(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / FILE).read_text())
    return found


# --- the file -------------------------------------------------------------------------------------------------------


def test_it_is_made_at_the_first_start_and_only_for_us(tmp_path: Path) -> None:
    ring = KeyFile(tmp_path / "instance").ring()
    path = tmp_path / "instance" / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (ring.current, ring.current_receipt, ring.current_office) == (1, 1, 1)
    assert len({ring.sealing[1], ring.receipt, ring.index, ring.office[1]}) == 4
    before = path.read_text()
    assert KeyFile(tmp_path / "instance").ring() == ring
    assert path.read_text() == before


def _start(folder: Path, begin: Any, found: Any) -> None:
    begin.wait()
    found.put(KeyFile(folder).ring())


def test_processes_that_start_at_once_end_with_the_same_keys(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    for turn in range(3):
        begin, found = context.Barrier(6), context.Queue()
        folder = tmp_path / str(turn)
        workers = [context.Process(target=_start, args=(folder, begin, found)) for _ in range(6)]
        for worker in workers:
            worker.start()
        rings: list[KeyRing] = [found.get(timeout=20) for _ in workers]
        for worker in workers:
            worker.join()
        assert all(ring == rings[0] for ring in rings)
        assert sorted(p.name for p in folder.iterdir()) == ["keys.json", "keys.lock"]


def test_keys_of_an_older_release_stay_what_they_were(tmp_path: Path) -> None:
    old = {
        "current": 3,
        "sealing": {"1": "11" * 32, "3": "33" * 32},
        "index": "aa" * 32,
        "receipt": "bb" * 32,
    }
    (tmp_path / FILE).write_text(json.dumps(old))
    ring = KeyFile(tmp_path).ring()
    assert ring.sealing == {1: b"\x11" * 32, 3: b"\x33" * 32}
    assert (ring.current, ring.index, ring.receipt) == (3, b"\xaa" * 32, b"\xbb" * 32)
    assert ring.current_office == 1
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert KeyFile(tmp_path).ring() == ring


def test_a_broken_file_is_never_replaced_by_new_keys(tmp_path: Path) -> None:
    """Half a file would mean data nobody can read; better not to start."""
    (tmp_path / FILE).write_text('{"current": 1, "seal')
    with pytest.raises(ValueError, match="JSON|delimiter|Unterminated"):
        KeyFile(tmp_path)
    assert (tmp_path / FILE).read_text() == '{"current": 1, "seal'


def test_rotating_adds_and_keeps(tmp_path: Path) -> None:
    file = KeyFile(tmp_path)
    other = KeyFile(tmp_path)
    first = file.ring()
    box = first.seal(b"x", "place")
    second = file.rotate()
    assert (second.current, second.current_receipt, second.current_office) == (2, 2, 2)
    assert second.index == first.index
    assert {**second.sealing, **first.sealing} == second.sealing
    assert second.unseal(box, "place") == b"x"
    assert other.ring() == second, "a running process picks new keys up by itself"
    new = second.seal(b"y", "place")
    assert new[0] == 2
    with pytest.raises(CannotOpen):
        first.unseal(new, "place")


def test_a_running_process_keeps_its_keys_when_the_file_is_away(tmp_path: Path) -> None:
    file = KeyFile(tmp_path)
    ring = file.ring()
    (tmp_path / FILE).rename(tmp_path / "away")
    assert file.ring() == ring
    (tmp_path / "away").rename(tmp_path / FILE)
    assert file.ring() == ring


def test_two_who_rotate_at_once_lose_no_key(tmp_path: Path) -> None:
    one, two = KeyFile(tmp_path), KeyFile(tmp_path)
    one.rotate()
    two.rotate()
    assert sorted(one.ring().sealing) == sorted(one.ring().office) == [1, 2, 3]


def test_the_numbers_have_an_end(tmp_path: Path) -> None:
    file = KeyFile(tmp_path)
    raw = content(tmp_path)
    raw["sealing"][str(MOST_KEY_ID)] = "44" * 32
    (tmp_path / FILE).write_text(json.dumps(raw))
    with pytest.raises(NoMoreKeys):
        file.rotate()
    assert content(tmp_path) == raw


def test_what_is_too_short_to_be_sealed_is_told_apart(app: Flask) -> None:
    with pytest.raises(CannotOpen):
        unseal(b"\x01abc", place="x")
    with pytest.raises(CannotOpen):
        unseal(b"", place="x")


# --- in a running application ---------------------------------------------------------------------------------------


@pytest.fixture
def keys_put_back(app: Flask) -> Iterator[None]:
    """The keys of this worker's installation as they were."""
    path = Path(app.instance_path) / FILE
    before = path.read_text()
    yield
    path.write_text(before)
    time.sleep(0.01)
    app.extensions[crypt.EXTENSION] = KeyFile(Path(app.instance_path))


def rotate(app: Flask) -> str:
    result = app.test_cli_runner().invoke(args=["keys", "rotate"])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.usefixtures("keys_put_back")
def test_after_rotating_the_old_is_still_read_and_the_new_takes_the_new_key(
    app: Flask, client: CheckedClient
) -> None:
    old_key = public_key()
    waiting = seal_item(old_key, FORM, new_id(), registration())
    sent = send_registration(client)
    old_link, note = token_of(sent.id), seal("catatan", place="x")
    assert "nomor 2" in rotate(app)

    told = said(client.get("/kunci"))
    assert (told["key_id"], told["key"] != old_key.key) == (2, True)
    assert unseal(note, place="x") == "catatan"
    assert seal("x", place="x")[0] == keys().current == 2
    assert client.post(FORM, data=waiting.fields, headers=waiting.proof).status_code == 201
    fresh = seal_item(public_key(), FORM, new_id(), registration())
    assert client.post(FORM, data=fresh.fields, headers=fresh.proof).status_code == 201

    assert token_of(sent.id) != old_link
    assert submission_of(old_link) == submission_of(token_of(sent.id)) == sent.id
    for link in (old_link, token_of(sent.id)):
        assert client.get(f"/tanda-terima/{link}").status_code == 200
    # a replay after the rotation is told the same number, under a link that opens
    again = client.post(FORM, data=waiting.fields, headers=waiting.proof)
    assert (again.status_code, said(again)["no"]) == (200, submissions()[1].receipt_number)
    assert client.get(said(again)["url"]).status_code == 200
