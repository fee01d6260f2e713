"""The desk takes carried submissions in: a text, a file, codes; each once, under its own id."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.core.access import form_name
from app.core.office_key import public_key
from app.offline.carried_rules import CarriedItem, read_carried
from app.offline.rejoining import rejoin
from app.registry.queries.submissions import token_of
from app.registry.rules import Source, SubmissionStatus
from tests.cast import Cast
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import (
    decide,
    make_cooperative,
    new_id,
    registration,
    send_registration,
    submissions,
)
from tests.factories.sealing import seal_item
from tests.offline.carrying import parts_of, text_of

Enter = Callable[[str], CheckedClient]
FORM, DESK, DESK_FORM = "/koperasi/daftar", "/petugas/titipan", "/petugas/koperasi/daftarkan"


def item_of(form: str = FORM, **fields: Any) -> CarriedItem:
    sealed = seal_item(public_key(), form, new_id(), registration(**fields))
    return CarriedItem(form, sealed.submission_id, 1, 1795000000000, sealed.sealed)


def broken(line: str, width: int, quote: str = "") -> str:
    """As a mail breaks it."""
    return f"\n{quote}".join(textwrap.wrap(line, width, break_on_hyphens=False))


def take_in(browser: CheckedClient, text: str = "", file: str | None = None) -> Any:
    data: dict[str, Any] = {"text": text}
    if file is not None:
        data["file"] = (io.BytesIO(file.encode()), "kiriman.txt")
    return browser.post(DESK, data=data, content_type="multipart/form-data")


# --- taken ----------------------------------------------------------------------------------------------------------


def test_a_pasted_text_is_taken_and_again_it_was_here(sign_in: Enter) -> None:
    officer, item = sign_in("officer"), item_of()
    assert officer.get(DESK).status_code == 200
    text = f"Pak, ini kiriman saya:\n{text_of(item)}\nTerima kasih banyak"
    first = take_in(officer, text)
    (sent,) = submissions()
    assert first.status_code == 200
    assert sent.receipt_number in first.text
    assert "Titipan sudah sampai" in first.text
    assert (sent.id, sent.source, sent.entered_by) == (item.submission_id, Source.SELF, None)
    again = take_in(officer, text)
    assert "sebelumnya" in again.text
    assert sent.receipt_number in again.text
    assert len(submissions()) == 1


def test_a_file_a_text_and_codes_together(sign_in: Enter) -> None:
    one, two, three = (item_of(name=f"Koperasi {n}") for n in range(3))
    codes = parts_of(three, most=200)
    assert len(codes) > 1
    answer = take_in(sign_in("companion"), "\n".join([text_of(one), *reversed(codes)]), file=text_of(two))
    assert answer.status_code == 200
    assert {s.id for s in submissions()} == {one.submission_id, two.submission_id, three.submission_id}
    assert answer.text.count('data-receipt="') == 3


@pytest.mark.parametrize("width", [60, 76, 200])
@pytest.mark.parametrize("quote", ["", "> ", "    "])
def test_lines_that_a_mail_broke_are_joined(sign_in: Enter, width: int, quote: str) -> None:
    items = [item_of(name=f"Koperasi {n}") for n in range(2)]
    text = "\n".join(broken(text_of(item), width, quote) + "\nSalam Ibu Siti\n" for item in items)
    answer = take_in(sign_in("officer"), text)
    assert answer.text.count("Titipan sudah sampai") == 2, answer.text
    assert len(submissions()) == 2


def test_a_mending_may_be_shown_at_the_desk(client: CheckedClient, sign_in: Enter) -> None:
    """Its address is a key in itself, so no neighbour carries it; to an officer the sender shows it on purpose."""
    sent = send_registration(client)
    decide(sent.id, SubmissionStatus.RETURNED, returned_fields={"address": "Kampungnya?"})
    address = f"/tanda-terima/{token_of(sent.id)}/perbaiki"
    sealed = seal_item(public_key(), address, new_id(), {"address": "Kp. Sawah"})
    answer = take_in(
        sign_in("officer"), text_of(CarriedItem(address, sealed.submission_id, 1, 1, sealed.sealed))
    )
    assert sent.receipt_number in answer.text
    assert submissions()[0].status is SubmissionStatus.RECEIVED


def test_what_an_officer_typed_whose_account_is_gone_is_taken_in_by_a_colleague(
    sign_in: Enter, cast: Cast
) -> None:
    typed = registration(spoken_consent="y", present="Siti Aminah", uid="akun-yang-sudah-tidak-ada")
    sealed = seal_item(public_key(), DESK_FORM, new_id(), typed)
    text = text_of(CarriedItem(DESK_FORM, sealed.submission_id, 1, 1795000000000, sealed.sealed))
    answer = take_in(sign_in("officer"), text)
    (sent,) = submissions()
    assert sent.receipt_number in answer.text
    assert "Isian petugas untuk warga" in answer.text
    assert (sent.source, sent.entered_by) == (Source.ASSISTED, cast["officer"].account_id)
    again = take_in(sign_in("other_officer"), text)
    assert "sebelumnya" in again.text
    assert len(submissions()) == 1


def test_the_desk_reads_the_name_of_the_form_not_its_address(sign_in: Enter) -> None:
    found = take_in(sign_in("officer"), "\n".join(map(text_of, (item_of(), item_of("/bukan/kami"))))).text
    assert found.count("Pendaftaran koperasi") == 1
    assert f">{FORM}<" not in found
    assert "bukan/kami" not in found


def test_a_form_has_one_name_on_the_phone_and_at_the_desk(
    app: Flask, client: CheckedClient, sign_in: Enter
) -> None:
    code, officer = make_cooperative("Koperasi Nama"), sign_in("officer")
    rules = [
        r for r in app.url_map.iter_rules() if "POST" in (r.methods or ()) and form_name(app, r.endpoint)
    ]
    named = {}
    for rule in rules:
        if "token" not in rule.arguments:
            page = (officer if rule.rule.startswith("/petugas") else client).get(
                rule.rule.replace("<code>", code)
            )
            found = re.search('data-outbox="([^"]+)"', page.text)
            if found:  # a booking is not kept on the phone: it wants an answer now
                named[rule.rule] = (found[1], form_name(app, rule.endpoint))
    assert len(named) >= 8
    assert {rule: pair for rule, pair in named.items() if pair[0] != pair[1]} == {}


# --- not taken ------------------------------------------------------------------------------------------------------


def test_one_bad_item_does_not_stop_the_next(sign_in: Enter) -> None:
    good, wrong, damaged = item_of(), item_of(name="", address="Kp. Canary"), item_of()
    damaged = CarriedItem(FORM, damaged.submission_id, 1, 1, damaged.sealed[:-4] + "AAAA")
    foreign = item_of("/bukan/kami")
    answer = take_in(sign_in("officer"), "\n".join(map(text_of, (damaged, wrong, foreign, good))))
    assert answer.status_code == 200
    for words in ("tidak terbaca", "perlu pemiliknya", "bukan untuk situs ini", "sudah sampai"):
        assert words in answer.text
    assert "Canary" not in answer.text
    assert [s.id for s in submissions()] == [good.submission_id]


def test_a_code_of_which_a_part_is_missing(sign_in: Enter) -> None:
    codes = parts_of(item_of(), most=200)
    answer = take_in(sign_in("officer"), codes[0])
    assert "belum lengkap" in answer.text
    assert submissions() == []


@pytest.mark.parametrize("text", ["", "   ", "Selamat pagi", "KOPUKM1", "KOPUKM1 " * 500, "KU1/1/1/0/x"])
def test_what_is_no_carried_submission(sign_in: Enter, text: str) -> None:
    assert take_in(sign_in("officer"), text).status_code == 422
    assert take_in(sign_in("officer"), "", file=text).status_code == 422


def test_too_much_at_once(sign_in: Enter) -> None:
    line = text_of(item_of())
    many = "\n".join(line.replace(line.split()[2], new_id()) for _ in range(101))
    assert take_in(sign_in("officer"), many).status_code == 422
    assert take_in(sign_in("officer"), "x" * 400_000).status_code == 422


def test_only_who_may_fill_forms_for_others(sign_in: Enter, client: CheckedClient) -> None:
    assert client.get(DESK).status_code == 303
    assert sign_in("member").get(DESK).status_code == 403
    assert sign_in("leader").get(DESK).status_code == 403
    assert take_in(client, text_of(item_of())).status_code in {303, 401, 403}
    assert submissions() == []


def test_the_front_desk_leads_there(sign_in: Enter) -> None:
    assert 'href="/petugas/titipan"' in sign_in("officer").get("/petugas").text


# --- joining --------------------------------------------------------------------------------------------------------

SEALED = st.text("abcXYZ019-_", min_size=100, max_size=400)
WORDS = st.lists(st.text("abcde", min_size=1, max_size=8), max_size=5)


@given(SEALED, st.integers(40, 120), WORDS, st.uuids())
def test_whatever_the_width_and_the_words_after_it_is_whole_again(
    app: Flask, sealed: str, width: int, words: list[str], name: Any
) -> None:
    item = CarriedItem(FORM, str(name), 1, 1795000000000, sealed)
    line = text_of(item)
    text = broken(line, width) + "\n" + " ".join(words)
    assert read_carried(rejoin(text, lambda found: found.sealed == sealed)).items == (item,)


@given(st.text(max_size=300))
def test_other_words_stay_as_they_are(app: Flask, text: str) -> None:
    assert rejoin(text) == text or "KOPUKM1" in text


@given(st.lists(st.sampled_from(["KOPUKM1", " ", "\n", ">", "/a", "0", "x" * 120, new_id()]), max_size=40))
def test_nothing_makes_it_stumble(app: Flask, pieces: list[str]) -> None:
    read_carried(rejoin("".join(pieces)))
