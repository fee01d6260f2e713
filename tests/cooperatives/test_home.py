"""The front page and the help pages."""

from __future__ import annotations

import pytest
from flask import Flask

from app.cooperatives import notices
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import make_cooperative


def test_it_works(client: CheckedClient) -> None:
    make_cooperative()
    html = client.get("/").get_data(as_text=True)
    assert "/koperasi/daftar" in html
    assert "1 koperasi" in html


@pytest.mark.parametrize(
    "path", ["/", "/koperasi/mendirikan", "/bantuan", "/privasi", "/koperasi/mirip", "/status/hilang"]
)
@pytest.mark.parametrize("language", ["id", "su", "en"])
def test_the_pages_of_words_are_there_in_every_language(
    client: CheckedClient, path: str, language: str
) -> None:
    page = client.page(f"{path}?bahasa={language}")
    assert page.all("html")[0].get("lang") == language


@pytest.mark.parametrize("notice", [notices.REGISTRATION, notices.CONTACT])
def test_notices_are_short(app: Flask, notice: notices.Notice) -> None:
    assert len(str(notice.text).split()) <= 120
