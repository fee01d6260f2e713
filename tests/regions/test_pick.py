"""Choosing a kecamatan, then a desa: lists for pickers, and the two fields of forms."""

from __future__ import annotations

import re

import brotli
import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from app.regions.fields import OptionalPlaceMixin, PlaceMixin
from app.regions.places import DesaStatus
from app.regions.queries import list_desa, places
from tests.checked_client import CheckedClient

CIBINONG = "32.01.01"
KARADENAN = "32.01.01.1002"


def test_the_desa_of_a_kecamatan_as_json(client: CheckedClient) -> None:
    answer = client.get(f"/wilayah/{CIBINONG}/desa", headers={"Accept": "application/json"})
    assert answer.status_code == 200
    rows = answer.get_json()
    assert len(rows) == 13
    assert {"code": KARADENAN, "name": "Karadenan", "status": "kelurahan"} in rows


def test_the_desa_of_a_kecamatan_as_a_page_and_as_a_block(client: CheckedClient) -> None:
    whole = client.get(f"/wilayah/{CIBINONG}/desa")
    block = client.htmx(f"/wilayah/{CIBINONG}/desa", target="desa_choices")
    assert whole.status_code == block.status_code == 200
    assert "<h1" in whole.text
    assert "<h1" not in block.text
    for answer in (whole, block):
        assert answer.text.count(f'value="{CIBINONG}.') == 13


@pytest.mark.parametrize("code", ["32.01.99", "x", "32.01.01.1002"])
def test_an_unknown_kecamatan_is_not_found(client: CheckedClient, code: str) -> None:
    assert client.get(f"/wilayah/{code}/desa").status_code == 404


def unpacked(text: str) -> dict[str, str]:
    """Code and name of every desa, read as phones do."""
    found = {}
    kecamatan = ""
    for line in text.split("\n"):
        head, rest = re.fullmatch(r"(?:([\d.]+)\.)?(.*)", line).groups()  # type: ignore[union-attr]
        kecamatan = head or f"{kecamatan[:-2]}{int(kecamatan[-2:]) + 1:02}"
        tail = 0
        for word in rest.split(","):
            number, name = re.fullmatch(r"(\d*)(.*)", word).groups()  # type: ignore[union-attr]
            tail = int(number) if number else tail + 1
            found[f"{kecamatan}.{tail}"] = name
    return found


def test_the_picker_without_signal_gets_everything_in_little(client: CheckedClient) -> None:
    address = "/wilayah/semua.txt"
    answer = client.get(address, headers={"Accept-Encoding": "br"})
    assert len(answer.data) <= 1900
    assert "public" in answer.headers["Cache-Control"]
    assert answer.headers["Vary"] == "Accept-Encoding"
    text = brotli.decompress(answer.data).decode()
    assert text == client.get(address).text
    assert unpacked(text) == {d.code: d.name for d in places().desa}
    assert all((d.code[9] == "1") == (d.status is DesaStatus.KELURAHAN) for d in places().desa)
    again = client.get(address, headers={"Accept-Encoding": "br", "If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_every_language_asks_for_the_same_list(client: CheckedClient) -> None:
    for language in "su", "en":
        assert (
            'data-region-picker="/wilayah/semua.txt"'
            in client.get(f"/koperasi/daftar?bahasa={language}").text
        )


def filled(form_class: type[OptionalPlaceMixin], **fields: str) -> OptionalPlaceMixin:
    return form_class(MultiDict(fields))


def test_a_desa_of_the_kecamatan_is_accepted(app: Flask) -> None:
    form = filled(PlaceMixin, kecamatan=CIBINONG, desa=KARADENAN)
    assert form.validate()
    assert len(list(form.kecamatan.iter_choices())) == 41
    offered = [choice[0] for choice in form.desa.iter_choices()]
    assert offered == ["", *(d.code for d in list_desa(CIBINONG))]


@pytest.mark.parametrize(
    ("fields", "wrong", "words"),
    [
        ({}, "kecamatan", "Pilih kecamatan."),
        ({"kecamatan": CIBINONG}, "desa", "Pilih desa di Kecamatan Cibinong."),
        ({"kecamatan": CIBINONG, "desa": "32.01.02.2001"}, "desa", "Pilih desa di Kecamatan Cibinong."),
        ({"kecamatan": "32.01.99", "desa": KARADENAN}, "kecamatan", "Pilih kecamatan dari daftar."),
        ({"desa": KARADENAN}, "desa", "Pilih kecamatan dulu, lalu desa."),
    ],
)
def test_a_wrong_place_says_what_to_choose(
    app: Flask, fields: dict[str, str], wrong: str, words: str
) -> None:
    with app.test_request_context():
        form = filled(PlaceMixin, **fields)
        assert not form.validate()
        assert form.errors[wrong] == [words]


def test_the_place_may_stay_open_where_it_is_optional(app: Flask) -> None:
    assert filled(OptionalPlaceMixin).validate()
    assert filled(OptionalPlaceMixin, kecamatan=CIBINONG).validate()
    assert not filled(OptionalPlaceMixin, kecamatan=CIBINONG, desa="32.01.02.2001").validate()
