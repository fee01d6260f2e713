"""Telephone numbers are shown only after the log says who looks; senders are told, and ticked off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest

from app.cooperatives.desk import contact
from app.registry.models import Submission
from app.registry.queries.submissions import token_of
from app.registry.rules import ContactWay
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import make_cooperative, new_id, registration
from tests.factories.desk import DESK, about, address, history, looks, register, submission

Enter = Callable[[str], CheckedClient]
PHONE = "0812-9999-7531"
DIGITS = "81299997531"


def test_no_page_shows_a_number_unasked(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    officer = sign_in("officer")
    officer.post(address(sent, "terima"))
    for url in (
        address(sent),
        DESK,
        "/petugas",
        "/petugas/kabari",
        f"{DESK}/semua?kolom=phone&kolom=contact_name",
        address(sent, "ubah"),
    ):
        text = officer.get(url).text.replace("-", "").replace(" ", "")
        assert DIGITS not in text, url
        assert "SitiAminah" not in text, url
    assert looks() == []


def test_one_look_is_one_line(client: CheckedClient, sign_in: Enter, cast: Any) -> None:
    sent = register(client)
    answer = sign_in("officer").post(address(sent, "nomor"), data={"purpose": "check"})
    assert answer.status_code == 200
    assert PHONE in answer.text
    assert "Siti Aminah" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    (line,) = looks()
    assert (line.actor_id, line.subject, line.purpose) == (
        cast["officer"].account_id,
        sent.record_code,
        "check",
    )
    assert line.fields == "phone,contact_name"


def test_when_the_log_fails_nothing_is_shown(
    client: CheckedClient, sign_in: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = register(client)

    def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(contact, "record_personal_access", full)
    answer = sign_in("officer").post(address(sent, "nomor"), data={"purpose": "check"})
    assert answer.status_code == 500
    assert DIGITS not in answer.text.replace("-", "")


@pytest.mark.parametrize(
    ("name", "status"), [("companion", 403), ("leader", 403), ("pum_officer", 403), ("other_officer", 404)]
)
def test_others_are_refused_and_leave_no_line(
    client: CheckedClient, sign_in: Enter, name: str, status: int
) -> None:
    sent = register(client)
    assert sign_in(name).post(address(sent, "nomor"), data={"purpose": "check"}).status_code == status
    assert looks() == []


def test_a_co_administrator_may_call(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    assert PHONE in sign_in("co_administrator").post(address(sent, "nomor"), data={"purpose": "update"}).text


def test_a_get_shows_nothing(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    assert sign_in("officer").get(address(sent, "nomor")).status_code == 405


def test_the_fiftyfirst_look_of_an_hour_is_noticed(
    client: CheckedClient, sign_in: Enter, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.core.limits import Limit

    monkeypatch.setattr(contact, "REVEALS_PER_HOUR", Limit("reveal", 2, 3600))
    sent = register(client)
    for _ in range(3):
        assert sign_in("officer").post(address(sent, "nomor"), data={"purpose": "check"}).status_code == 200
    assert [line.deed for line in history(f"akun:{cast['officer'].account_id}")] == ["account.many_reveals"]


# --- telling ------------------------------------------------------------------------------------------------------


def test_telling_by_whatsapp(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client, consent_whatsapp="y")
    officer = sign_in("officer")
    officer.post(address(sent, "terima"))
    assert str(sent.record_code) in officer.get("/petugas/kabari").text
    answer = officer.post(address(sent, "nomor"), data={"submission": sent.receipt_number, "purpose": "tell"})
    link = next(
        str(a.get("href")) for a in officer.parsed(answer).all("a") if "wa.me" in (a.get("href") or "")
    )
    assert link.startswith("https://wa.me/6281299997531?text=")
    text = unquote(link.split("text=")[1])
    assert sent.receipt_number in text
    assert token_of(sent.id) in text
    assert looks()[-1].subject == sent.receipt_number
    done = officer.post(address(sent, "kabari"), data={"submission": sent.receipt_number, "how": "whatsapp"})
    assert done.status_code == 303
    told = submission(sent.id)
    assert (told.contact_pending, told.contacted_how) == (False, ContactWay.WHATSAPP)
    assert str(sent.record_code) not in officer.get("/petugas/kabari").text


def test_who_did_not_agree_is_not_written_to(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    officer = sign_in("officer")
    officer.post(address(sent, "terima"))
    answer = officer.post(address(sent, "nomor"), data={"submission": sent.receipt_number, "purpose": "tell"})
    assert "wa.me" not in answer.text
    assert "Telepon saja" in answer.text


def test_the_text_is_in_the_language_of_the_sender(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client, consent_whatsapp="y")
    officer = sign_in("officer")
    officer.post(address(sent, "tolak"), data={"reason": "not_true", "note": "Alamatnya sawah."})
    page = officer.get(address(sent)).text
    assert "belum bisa kami terima" in page
    assert "Alamatnya sawah." in page
    assert "Artinya dalam bahasa Indonesia" not in page


def test_english_and_sundanese_senders_are_told_so_and_the_officer_reads_indonesian_beside(
    client: CheckedClient, sign_in: Enter
) -> None:
    officer = sign_in("officer")
    for language, words, look in (
        ("en", "Any questions? Call", "Check for yourself"),
        ("su", "Aya patarosan?", "Pariksa ku nyalira"),
    ):
        sent = send_in(client, language)
        officer.post(address(sent, "tolak"), data={"reason": "playful"})
        page = officer.get(address(sent)).text
        assert words in page
        assert f'class="slip-text" lang="{language}"' in page
        assert "Kiriman Bapak/Ibu belum bisa kami terima" in page, "the Indonesian beside it"
        slip = officer.get(address(sent, "slip")).text
        assert words in slip
        assert look in slip
        asked = {"submission": sent.receipt_number, "purpose": "tell"}
        shown = unquote(officer.post(address(sent, "nomor"), data=asked).text)
        assert f"bahasa={language}" in shown
        assert words in shown[shown.index("wa.me") :]


def send_in(client: CheckedClient, language: str) -> Submission:
    """A registration filled in another language."""
    form = registration(name=f"Koperasi {language}", submission_id=new_id(), consent_whatsapp="y")
    assert client.post(f"/koperasi/daftar?bahasa={language}", data=form).status_code == 303
    return submission(form["submission_id"])


def test_a_slip_for_the_desa_bears_no_number_and_no_link(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client, phone=None, phone_owner="none")
    officer = sign_in("officer")
    assert officer.get(f"{address(sent)}/slip").status_code == 404  # not decided yet
    officer.post(address(sent, "kembalikan"), data={"return_nib": "Isi NIB"})
    slip = officer.get(f"{address(sent)}/slip")
    assert slip.status_code == 200
    assert sent.receipt_number in slip.text
    assert token_of(sent.id) not in slip.text
    assert "Isi NIB" in slip.text
    assert "empat angka terakhir" not in slip.text, "there is no telephone to take them from"
    assert officer.post(address(sent, "kabari"), data={"how": "desa"}).status_code == 303


def test_who_has_no_telephone_is_told_through_the_desa_alone(client: CheckedClient, sign_in: Enter) -> None:
    officer = sign_in("officer")
    for fields, ways in (
        ({"phone": None, "phone_owner": "none"}, ["desa"]),
        ({}, ["whatsapp", "telephone", "desa"]),
    ):
        sent = register(client, name=f"Koperasi {len(ways)}", **fields)
        officer.post(address(sent, "terima"))
        offered = officer.page(address(sent)).all("button")
        assert [b.get("value") for b in offered if b.get("name") == "how"] == ways


def test_ticking_twice_keeps_the_first(client: CheckedClient, sign_in: Enter, cast: Any) -> None:
    sent = register(client)
    sign_in("officer").post(address(sent, "terima"))
    sign_in("officer").post(address(sent, "kabari"), data={"how": "telephone"})
    assert sign_in("dinas_officer").post(address(sent, "kabari"), data={"how": "desa"}).status_code == 303
    told = submission(sent.id)
    assert (told.contacted_how, told.contacted_by) == (ContactWay.TELEPHONE, cast["officer"].account_id)
    assert [line.deed for line in history(sent.record_code)].count("submission.sender_told") == 1


def test_before_the_decision_there_is_nothing_to_tell(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    assert sign_in("officer").post(address(sent, "kabari"), data={"how": "desa"}).status_code == 409
    assert sign_in("officer").post(address(sent, "kabari"), data={"how": "merpati"}).status_code in {409, 422}


@pytest.mark.parametrize(("name", "status"), [("companion", 403), ("other_officer", 404)])
def test_others_do_not_tick(client: CheckedClient, sign_in: Enter, name: str, status: int) -> None:
    sent = register(client)
    sign_in("officer").post(address(sent, "terima"))
    assert sign_in(name).post(address(sent, "kabari"), data={"how": "desa"}).status_code == status
    assert submission(sent.id).contact_pending


def test_a_message_is_passed_on_with_both_numbers_logged(client: CheckedClient, sign_in: Enter) -> None:
    code = make_cooperative(phone="6281200001111", contact_name="Pak Ketua")
    sent = about(
        client,
        code,
        "pesan",
        contact_name="Budi",
        phone="081377778888",
        message="Saya mau jadi anggota, hubungi 081377778888",
    )
    officer = sign_in("officer")
    page = officer.get(address(sent)).text
    assert "Saya mau jadi anggota" in page
    assert "0813-7777-8888" not in page
    assert "081377778888" not in page
    assert "0812-0000-1111" in officer.post(address(sent, "nomor"), data={"purpose": "message"}).text
    assert (
        "0813-7777-8888"
        in officer.post(
            address(sent, "nomor"), data={"submission": sent.receipt_number, "purpose": "message"}
        ).text
    )
    assert [line.subject for line in looks()] == [code, sent.receipt_number]
