"""The pocket directory as text: whole and difference, over random histories."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cooperatives.pocket_rules import (
    ACTIVITY_LETTERS,
    EVERYWHERE,
    HEALTH_LETTERS,
    SOURCE_LETTERS,
    TYPE_LETTERS,
    Entry,
    Packing,
    PocketFacts,
    Unreadable,
    apply,
    blocks_of,
    changes,
    checksum,
    kecamatan_of,
    line_of,
    unpack,
)
from app.cooperatives.rules import Activity, ActivitySource, CooperativeType, Health
from app.core.codes import SYMBOLS

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
NAMES = {"32.01.01": "Cibinong", "32.01.02": "Gunungputri", "32.01.01.1001": "Pondok Rajeg"}
PLACES = ("32.01.01", "32.01.01.1001", "32.01.01.1002", "32.01.02.2001", "32.01.02")
CODES = tuple("K-" + letter * 7 for letter in SYMBOLS[:8])

dates = st.none() | st.dates(date(1990, 1, 1), date(2030, 1, 1))
facts = st.builds(
    PocketFacts,
    code=st.sampled_from(CODES),
    name=st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=30).map(
        lambda text: " ".join(text.split()) or "Koperasi"
    ),
    place_code=st.sampled_from(PLACES),
    cooperative_type=st.sampled_from(CooperativeType),
    activity=st.sampled_from(Activity),
    activity_source=st.sampled_from(ActivitySource),
    activity_on=dates,
    health=st.sampled_from(Health),
    health_on=dates,
)
registry = st.lists(facts, max_size=8).map(lambda found: {one.code: line_of(one) for one in found})


class Phones:
    """A server and what phones were told of each version."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], Entry] = {}
        self.version = 0

    def become(self, present: Mapping[str, str], block: int = 3) -> None:
        """Versions that lead to ``present``."""
        for piece in blocks_of(changes(self.entries.values(), present), block):
            self.version += 1
            for e in piece:
                self.entries[e.code, e.kecamatan_code] = Entry(e.code, e.kecamatan_code, e.line, self.version)

    def tell(self, scope: str, since: int) -> str:
        """The body for a phone."""
        entries = [e for e in self.entries.values() if scope in (EVERYWHERE, e.kecamatan_code)]
        standing = {e.code for e in entries if e.line}
        packing = Packing(since)
        for area in sorted({e.kecamatan_code for e in entries}):
            packing.add(e for e in entries if e.kecamatan_code == area)
        return packing.body(
            version=self.version,
            at=NOW,
            scope=scope,
            gone={e.code for e in entries if not e.line and e.version > since} - standing if since else (),
            place_names=NAMES,
        )


@pytest.mark.parametrize("scope", [EVERYWHERE, "32.01.01"])
@given(history=st.lists(registry, min_size=1, max_size=6))
def test_from_any_earlier_version_the_difference_leads_to_the_present(
    scope: str, history: list[dict[str, str]]
) -> None:
    server, phones = Phones(), {}
    for present in history:
        server.become(present)
        phones[server.version] = apply({}, unpack(server.tell(scope, 0)))
    wanted = {c: line for c, line in history[-1].items() if scope in (EVERYWHERE, kecamatan_of(line))}
    assert phones[server.version] == wanted
    for version, kept in phones.items():
        assert apply(kept, unpack(server.tell(scope, version))) == wanted, version


@given(history=st.lists(registry, min_size=2, max_size=4), data=st.data())
def test_a_difference_names_only_what_changed(history: list[dict[str, str]], data: st.DataObject) -> None:
    server = Phones()
    server.become(history[0])
    version, before = server.version, history[0]
    server.become(history[1])
    body = unpack(server.tell(EVERYWHERE, version))
    if version:
        changed = {code for code in {*before, *history[1]} if before.get(code) != history[1].get(code)}
        assert {*body.lines, *body.gone} == changed


def test_a_difference_for_another_state_is_refused() -> None:
    server = Phones()
    server.become({CODES[0]: _line(0, "Satu"), CODES[1]: _line(1, "Dua")})
    first = server.version
    server.become({CODES[0]: _line(0, "Satu Baru"), CODES[1]: _line(1, "Dua")})
    body = unpack(server.tell(EVERYWHERE, first))
    assert set(body.lines) == {CODES[0]}
    with pytest.raises(Unreadable):
        apply({CODES[0]: _line(0, "Satu"), CODES[1]: _line(1, "Dua yang lain")}, body)


def test_what_moves_to_another_kecamatan_leaves_the_first() -> None:
    server = Phones()
    server.become({CODES[0]: _line(0, "Satu", "32.01.01"), CODES[1]: _line(1, "Dua", "32.01.01")})
    first = server.version
    server.become({CODES[0]: _line(0, "Satu", "32.01.02"), CODES[1]: _line(1, "Dua", "32.01.01")}, block=1)
    assert unpack(server.tell("32.01.01", first)).gone == (CODES[0],)
    assert set(unpack(server.tell("32.01.02", first)).lines) == {CODES[0]}
    whole = unpack(server.tell(EVERYWHERE, first))
    assert (whole.gone, set(whole.lines)) == ((), {CODES[0]})


@pytest.mark.parametrize(
    "text", ["", "<!doctype html><title>Login</title>", "saku1\t1\t0\t1\tsemua\t00000000", "saku2\n" * 12]
)
def test_what_is_no_body_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        unpack(text)


def test_every_value_has_a_letter_of_its_own() -> None:
    for kind, letters in (
        (CooperativeType, TYPE_LETTERS),
        (Activity, ACTIVITY_LETTERS),
        (ActivitySource, SOURCE_LETTERS),
        (Health, HEALTH_LETTERS),
    ):
        assert set(letters) == set(kind)
        assert len(set(letters.values())) == len(letters)


def test_the_format_as_documented() -> None:
    server = Phones()
    server.become(
        {CODES[0]: _line(0, "Koperasi Satu", "32.01.01.1001"), CODES[1]: _line(1, "Dua", "32.01.02")}
    )
    assert server.tell(EVERYWHERE, 0).split("\n") == [
        f"saku1\t1\t0\t{int(NOW.timestamp()) // 60}\tsemua\t{checksum(e.line for e in server.entries.values()):08x}",
        "",
        "=32.01.01 Cibinong\t1001 Pondok Rajeg\t=32.01.02 Gunungputri\t-",
        "1 1",
        CODES[0][2:] + CODES[1][2:],
        "Koperasi Satu\tDua",
        "kk",
        "aa",
        "rr",
        "nn",
        "20251231\t20251231",
        "\t",
    ]


def _line(number: int, name: str, place: str = "32.01.01") -> str:
    return line_of(
        PocketFacts(
            CODES[number],
            name,
            place,
            CooperativeType.CONSUMER,
            Activity.ACTIVE,
            ActivitySource.RAT,
            date(2025, 12, 31),
            Health.UNASSESSED,
            None,
        )
    )
