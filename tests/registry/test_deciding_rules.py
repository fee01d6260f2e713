"""Who may decide on what, as a table; reasons and marked fields."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.access import Actor, Role, Section
from app.core.errors import RuleBroken
from app.registry.deciding_rules import (
    HOW_CHECKED_WORDS,
    KIND_WORDS,
    REJECT_WORDS,
    RETURN_WORDS,
    STATUS_WORDS,
    Matter,
    RejectReason,
    ReturnReason,
    check_returned_fields,
    reason_words,
    reject_reason,
    return_reason,
    why_not_decide,
)
from app.registry.rules import HowChecked, SubmissionKind, SubmissionStatus

HERE, THERE = "32.01.21", "32.01.01"
MATTER = Matter(None, None, HERE, at_dinas=False)
AREA = frozenset({HERE})
OFFICER = Actor(7, "Petugas", Role.OFFICER, Section.KPK, AREA)
PARTNER = Actor(8, "Kecamatan", Role.CO_ADMINISTRATOR, None, AREA, may_decide=True)
DINAS = Actor(9, "Dinas", Role.OFFICER, Section.KPK, everywhere=True)
BOSS = Actor(10, "Administrator", Role.ADMINISTRATOR, everywhere=True)


@pytest.mark.parametrize("who", [OFFICER, PARTNER, DINAS, BOSS])
def test_these_may(who: Actor) -> None:
    assert why_not_decide(who, MATTER) is None


@pytest.mark.parametrize(
    "who",
    [
        replace(PARTNER, may_decide=False),
        replace(OFFICER, section=Section.PUM),
        replace(OFFICER, role=Role.COMPANION),
        replace(BOSS, role=Role.LEADER),
        replace(BOSS, role=None),
        Actor(),
    ],
)
def test_these_may_not(who: Actor) -> None:
    assert why_not_decide(who, MATTER) is not None


@pytest.mark.parametrize("who", [OFFICER, PARTNER, DINAS, BOSS])
def test_nobody_on_what_they_entered_or_own(who: Actor) -> None:
    assert why_not_decide(who, replace(MATTER, entered_by=who.account_id)) is not None
    assert why_not_decide(who, replace(MATTER, owner_account_id=who.account_id)) is not None
    assert why_not_decide(who, replace(MATTER, entered_by=99, owner_account_id=98)) is None


@pytest.mark.parametrize(
    ("who", "matter", "may"),
    [
        (OFFICER, replace(MATTER, handled_kecamatan_code=THERE), False),
        (OFFICER, replace(MATTER, handled_kecamatan_code=None), False),
        (PARTNER, replace(MATTER, handled_kecamatan_code=THERE), False),
        (PARTNER, replace(MATTER, at_dinas=True), False),
        (OFFICER, replace(MATTER, at_dinas=True), True),
        (DINAS, replace(MATTER, at_dinas=True, handled_kecamatan_code=None), True),
        (BOSS, replace(MATTER, handled_kecamatan_code=THERE), True),
    ],
)
def test_area_and_desk(who: Actor, matter: Matter, may: bool) -> None:
    assert (why_not_decide(who, matter) is None) is may


@pytest.mark.parametrize(
    ("text", "note", "kept"),
    [
        ("incomplete", " kurang ", ("incomplete", "kurang")),
        ("data_kurang", "", ("incomplete", "")),
        ("", "", ("other", "")),
        ("SK terpotong", "", ("other", "SK terpotong")),
        ("SK terpotong", "kirim lagi", ("other", "SK terpotong. kirim lagi")),
    ],
)
def test_reasons_of_a_return(text: str, note: str, kept: tuple[str, str]) -> None:
    found = return_reason(text, note)
    assert (found.reason, found.note) == kept


def test_reasons_of_a_rejection() -> None:
    assert reject_reason("spam", "").reason == RejectReason.PLAYFUL
    assert reject_reason("bukan untuk kita", "").note == "bukan untuk kita"
    for text, note, field in (("", "ada", "reason"), ("other", "", "note"), ("lainnya", " ", "note")):
        with pytest.raises(RuleBroken) as broken:
            reject_reason(text, note)
        assert broken.value.field == field


def test_marked_fields() -> None:
    allowed = {"name", "nib"}
    assert check_returned_fields({"name": "on", "nib": " 13 angka "}, allowed, "n") == {
        "name": "n",
        "nib": "13 angka",
    }
    assert check_returned_fields({"name": "x" * 500}, allowed, "") == {"name": "x" * 300}
    for nothing in ({}, {"status": "public"}):
        with pytest.raises(RuleBroken):
            check_returned_fields(nothing, allowed, "n")


def test_every_value_has_its_words(app: object) -> None:
    assert set(RETURN_WORDS) == set(ReturnReason)
    assert set(REJECT_WORDS) == set(RejectReason)
    assert set(HOW_CHECKED_WORDS) == set(HowChecked)
    assert set(KIND_WORDS) == set(SubmissionKind)
    assert set(STATUS_WORDS) == set(SubmissionStatus)
    assert str(reason_words("incomplete"))
    assert not str(reason_words("other"))
