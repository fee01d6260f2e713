"""The catalogues are complete for everything that a public page can show, and say the same with the same gaps."""

from __future__ import annotations

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog

from app.cooperatives import notices
from app.core.language import LANGUAGES
from tests.checked_client import CheckedClient
from tools.translations import LANGUAGES as TRANSLATED
from tools.translations import is_public, missing, read, source_catalogue

PLACEHOLDER = re.compile(r"%\((\w+)\)s|\{(\w)\}")


@cache
def source() -> Catalog:
    """Read once: it takes a second."""
    return source_catalogue()


def test_every_language_but_the_source_has_a_catalogue() -> None:
    assert {"id", *TRANSLATED} == set(LANGUAGES)


@pytest.mark.parametrize("language", TRANSLATED)
def test_public_pages_are_translated_whole(language: str) -> None:
    assert [message.id for message in missing(language, source())] == []


def test_the_check_sees_a_missing_translation() -> None:
    planted = Catalog()
    planted.add(
        "Kalimat yang tidak pernah diterjemahkan", locations=[("app/templates/cooperatives/home.html", 1)]
    )
    assert [m.id for m in missing("en", planted)] == ["Kalimat yang tidak pernah diterjemahkan"]


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_same_gaps_as_its_source(language: str) -> None:
    kept = read(language)
    wrong = [
        message.id
        for message in kept
        if message.string
        and sorted(PLACEHOLDER.findall(str(message.id))) != sorted(PLACEHOLDER.findall(str(message.string)))
    ]
    assert wrong == []


def test_words_of_officers_are_told_from_public_ones() -> None:
    by_text = {message.id: message for message in source() if message.id}
    assert is_public(by_text["Daftarkan koperasi"])
    assert not is_public(by_text["Impor daftar"])


def test_a_page_speaks_the_language_of_its_address(client: CheckedClient) -> None:
    assert 'lang="en"' in client.get("/koperasi?bahasa=en").get_data(as_text=True)
    assert "List of cooperatives" in client.get("/koperasi?bahasa=en").get_data(as_text=True)


def test_links_carry_the_language_and_no_cookie_is_set(client: CheckedClient) -> None:
    answer = client.get("/?bahasa=su")
    assert "bahasa=su" in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers


def test_sundanese_pages_say_that_they_are_unchecked(client: CheckedClient) -> None:
    text = "belum diperiksa penutur asli"
    assert text not in client.get("/").get_data(as_text=True)
    assert 'lang="su"' in client.get("/?bahasa=su").get_data(as_text=True)


@pytest.mark.parametrize("language", TRANSLATED)
def test_consents_keep_the_indonesian_beside(client: CheckedClient, language: str) -> None:
    page = client.get(f"/koperasi/daftar?bahasa={language}").get_data(as_text=True)
    for text in (
        "Nomor HP saya boleh dilihat umum.",
        "Saya mau dikabari lewat WhatsApp. Bisa berhenti kapan saja.",
    ):
        assert text in page
    assert str(notices.REGISTRATION.text)[:60] in page
