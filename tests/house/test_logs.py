"""Logs say what happened, never to whom: no phone, NIK, token or password, one line per event."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from flask import Flask

from app.core.access import Access, Room
from app.core.logs import JsonLine, RefuseObjects
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import registration
from tests.house.planting import Plant

PHONE, NIK, PASSWORD = "081299887766", "3201990101990001", "rahasia sekali 99"
SPELLINGS = (PHONE, "6281299887766", "+6281299887766", NIK)


def line(message: str, *arguments: object) -> str:
    """As the log would keep it."""
    event = logging.LogRecord("app.test", logging.INFO, __file__, 1, message, arguments, None)
    RefuseObjects().filter(event)
    return JsonLine().format(event)


@pytest.mark.parametrize("number", SPELLINGS)
def test_a_number_of_a_person_is_struck_out(number: str) -> None:
    assert number not in line("the form said %s", number)
    assert number not in line(f"phone={number}&x=1")


@pytest.mark.parametrize("thing", [{"phone": PHONE}, [NIK], (PHONE,), {PHONE}, object()])
def test_an_object_is_named_not_printed(thing: object) -> None:
    kept = line("form: %s", thing)
    assert PHONE not in kept
    assert NIK not in kept
    assert type(thing).__name__ in kept


@pytest.mark.parametrize("trick", ["a\nb", "a\r\nFAKE", "a\x1b[31m", "a\u2028b", "a\x00b"])
def test_an_event_is_one_line_whatever_is_in_it(trick: str) -> None:
    kept = line("said %s", trick)
    assert len(kept.splitlines()) == 1
    assert kept.isascii()
    assert kept.isprintable()
    assert json.loads(kept)["text"] == f"said {trick}"


def test_an_event_carries_its_time_with_offset_and_its_request(app: Flask) -> None:
    entry = json.loads(line("x"))
    assert entry["at"].endswith("+00:00")
    assert entry["request"] == "-"
    assert entry["level"] == "INFO"


def log_of(app: Flask) -> str:
    """What the application has written."""
    path = Path(app.instance_path) / "logs" / "kop-ukm.log"
    for handler in logging.getLogger("app").handlers:
        handler.flush()
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_a_fault_with_personal_data_in_hand_leaves_none_in_the_log(plant: Plant) -> None:
    room = Room("planted", __name__)

    def explode() -> str:
        raise RuntimeError(f"could not store {PHONE} of {NIK}")

    room.post("/meledak", access=Access.PUBLIC, submission=False, endpoint="explode")(explode)
    app = plant(room)
    browser = app.test_client()
    assert browser.post("/meledak", data={"phone": PHONE}).status_code == 500
    kept = log_of(app)
    assert "could not store" in kept  # the control: the fault itself was written
    assert [number for number in SPELLINGS if number in kept] == []


def test_a_registration_and_a_failed_sign_in_leave_nothing_personal(
    app: Flask, client: CheckedClient
) -> None:
    sent = client.post("/koperasi/daftar", data=registration(phone=PHONE))
    assert sent.status_code == 303
    client.post("/masuk", data={"phone": PHONE, "password": PASSWORD})
    client.get(f"/koperasi?cari={PHONE}")
    client.get(f"/koperasi?cari={NIK}")
    client.get("/status?number=KB-7H2K9M4P&phone_last4=7766", check=False)
    kept = log_of(app)
    token = sent.location.split("?")[0].rsplit("/", 1)[1]
    assert [
        secret for secret in (*SPELLINGS, PASSWORD, token, "KB-7H2K9M4P", "phone_last4") if secret in kept
    ] == []
