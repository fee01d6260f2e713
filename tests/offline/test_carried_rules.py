"""Carried submissions: what one end writes the other reads, in Python and in the phone's JavaScript alike."""

from __future__ import annotations

import base64
import json
import random
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import RuleBroken
from app.offline.carried_rules import MOST_PARTS, CarriedItem, bytes_of, read_carried, take_carried
from tests.offline.carrying import digits_of, parts_of, text_of
from tools.assets import PROJECT, find_node

items = st.builds(
    CarriedItem,
    address=st.from_regex(r"/[a-z][A-Za-z0-9_.~-]{0,40}(/[a-z][A-Z0-9-]{0,20}){0,3}", fullmatch=True),
    submission_id=st.uuids().map(str),
    form_version=st.integers(0, 65535),
    filled_at=st.integers(0, 2**48 - 1),
    sealed=st.binary(min_size=95, max_size=3000).map(
        lambda b: base64.urlsafe_b64encode(b).decode().rstrip("=")
    ),
)
ONE = CarriedItem("/koperasi/daftar", str(uuid.UUID(int=7)), 3, 1_763_870_400_000, "QUJD" * 100)


@given(items)
def test_a_line_of_text_is_read_as_it_was_written(item: CarriedItem) -> None:
    assert read_carried(f"Tolong kirimkan ya:\n{text_of(item)}\nTerima kasih").items == (item,)


@given(items, st.randoms(use_true_random=False))
def test_parts_are_read_in_any_order_and_again(item: CarriedItem, chance: random.Random) -> None:
    parts = parts_of(item)
    read = parts * 2
    chance.shuffle(read)
    assert read_carried(" ".join(read)).items == (item,)


@given(items)
def test_what_is_missing_is_told(item: CarriedItem) -> None:
    parts = parts_of(item, most=150)
    if 1 < len(parts) <= MOST_PARTS:
        read = read_carried("\n".join(parts[1:]))
        assert read.items == ()
        assert read.missing[0].lacks == (1,)


@given(items, st.data())
def test_one_wrong_digit_is_noticed(item: CarriedItem, data: st.DataObject) -> None:
    text = "\n".join(parts_of(item))
    place = data.draw(
        st.sampled_from([n for n in range(20, len(text)) if text[n] in "ABC"] or [len(text) - 1])
    )
    read = read_carried(text[:place] + "Z" + text[place + 1 :])
    assert item not in read.items


@given(st.binary(max_size=400))
def test_base_41_keeps_every_byte(content: bytes) -> None:
    assert bytes_of(digits_of(content)) == content


@pytest.mark.parametrize("digits", ["A", "ABCD", ":::", "::"])
def test_what_is_no_base_41_is_refused(digits: str) -> None:
    with pytest.raises(ValueError, match="no base 41"):
        bytes_of(digits)


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    read_carried(text)
    read_carried(f"KU1/1/1/00000000/{text} KOPUKM1 {text}")


@pytest.mark.parametrize(
    "address", ["koperasi/daftar", "//evil.example/x", "https://evil.example/", "/a?b=c", "/a#b", "/a%2e"]
)
def test_only_plain_addresses_of_this_site(address: str) -> None:
    strange = CarriedItem(address, ONE.submission_id, 1, 1, ONE.sealed)
    assert read_carried(text_of(strange)).items == ()
    assert read_carried("\n".join(parts_of(strange))).items == ()


def test_several_submissions_in_one_text_and_the_same_twice() -> None:
    other = CarriedItem("/koperasi/K-AAAAAAA/lapor", str(uuid.UUID(int=8)), 1, 5, "B" * 200)
    text = "\n".join([text_of(ONE), *parts_of(other), *parts_of(ONE)])
    assert take_carried(text) == (ONE, other)


def test_the_desk_hears_which_part_is_missing() -> None:
    with pytest.raises(RuleBroken) as broken:
        take_carried(parts_of(ONE, most=300)[1])
    assert (broken.value.field, broken.value.code) == ("text", "incomplete")


@pytest.mark.parametrize("text", ["", "halo", parts_of(ONE)[0][:-3] + "ZZZ", text_of(ONE)[:120]])
def test_the_desk_hears_that_nothing_can_be_read(text: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        take_carried(text)
    assert broken.value.code == "damaged"


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Callable[[list[Any]], list[Any]]:
    """The phone's own module, run by Node: a list of [function, argument, ...] gives a list of answers."""
    node, _ = find_node()
    module = tmp_path_factory.mktemp("format") / "format.mjs"
    source = (PROJECT / "app/static/js/carry/format.js").read_text(encoding="utf-8")
    module.write_text(source, encoding="utf-8")
    runner = Path(module.parent) / "run.mjs"
    runner.write_text(
        "import * as format from './format.mjs'; import { readFileSync } from 'node:fs';"
        "const asked = JSON.parse(readFileSync(0, 'utf8'));"
        "console.log(JSON.stringify(asked.map(([name, ...given]) => format[name](...given))));",
        encoding="utf-8",
    )

    def ask(asked: list[Any]) -> list[Any]:
        done = subprocess.run(
            [node, str(runner)], input=json.dumps(asked), capture_output=True, text=True, check=True
        )
        answer: list[Any] = json.loads(done.stdout)
        return answer

    return ask


def as_phone(item: CarriedItem) -> dict[str, Any]:
    """The same, with the names of the outbox."""
    return {
        "address": item.address,
        "id": item.submission_id,
        "version": item.form_version,
        "at": item.filled_at,
        "sealed": item.sealed,
    }


@given(st.lists(items, min_size=20, max_size=20))
def _collect(many: list[CarriedItem]) -> None:
    COLLECTED.extend(many)


COLLECTED: list[CarriedItem] = []


def test_the_phone_and_the_desk_read_each_other(phone: Callable[[list[Any]], list[Any]]) -> None:
    _collect()
    many = list({item.submission_id: item for item in COLLECTED}.values())[:600]
    texts = phone([["toText", as_phone(item)] for item in many])
    parts = phone([["toParts", as_phone(item)] for item in many])
    assert [read_carried(text).items for text in texts] == [(item,) for item in many]
    assert parts == [parts_of(item) for item in many]
    ours = phone([["read", "ya " + text_of(item)] for item in many])
    codes = phone([["read", "\n".join(reversed(parts_of(item)))] for item in many])
    wanted = [{"items": [as_phone(item)], "missing": [], "damaged": 0} for item in many]
    assert ours == wanted
    assert codes == wanted
    assert len(many) > 100


def test_the_phone_notices_the_same_faults(phone: Callable[[list[Any]], list[Any]]) -> None:
    parts = parts_of(ONE, most=300)
    strange = CarriedItem("//evil.example/x", ONE.submission_id, 1, 1, ONE.sealed)
    missing, damaged, address, long = phone(
        [
            ["read", parts[1]],
            ["read", parts_of(ONE)[0][:-3] + "ZZZ"],
            ["read", text_of(strange) + "\n" + "\n".join(parts_of(strange))],
            ["toParts", as_phone(CarriedItem("/a", ONE.submission_id, 1, 1, "A" * 12000))],
        ]
    )
    assert missing == {"items": [], "missing": [{"have": [2], "of": len(parts)}], "damaged": 0}
    assert damaged == {"items": [], "missing": [], "damaged": 1}
    assert address["items"] == []
    assert long == []
