"""Parts of pages that are rendered once: for each language and for whatever they depend on, anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from markupsafe import Markup

from app.core import kept_parts as parts
from app.core.kept_parts import kept_parts
from tests.checked_client import CheckedClient


@pytest.fixture
def rendered(app: Flask) -> Callable[..., str]:
    """Renders the part ``x`` of the page at an address; each rendering counts one on."""
    app.extensions[parts.EXTENSION].clear()
    times = iter(range(1000))

    def render(address: str, *depends: object) -> str:
        with app.test_request_context(address):
            return str(kept_parts()("x", *depends, caller=lambda: Markup(next(times))))

    return render


def test_a_part_is_rendered_once(rendered: Callable[..., str]) -> None:
    first = rendered("/koperasi?cari=a")
    assert rendered("/bantuan") == first
    assert rendered("/bantuan?bahasa=xx") == first


def test_each_language_and_each_dependence_has_its_own(rendered: Callable[..., str]) -> None:
    asked = [
        ("/",),
        ("/?bahasa=su",),
        ("/?bahasa=en",),
        ("/?bahasa=id",),
        ("/", 1),
        ("/", 2),
        ("/?bahasa=su", 2),
    ]
    found = [rendered(*one) for one in asked]
    assert len(set(found)) == len(asked)
    assert [rendered(*one) for one in asked] == found


def test_parts_do_not_pile_up(
    app: Flask, rendered: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "MOST_PARTS", 3)
    for number in range(10):
        rendered("/", number)
        assert len(app.extensions[parts.EXTENSION]) <= 3


def test_while_templates_are_worked_on_nothing_is_kept(app: Flask, rendered: Callable[..., str]) -> None:
    before, app.jinja_env.auto_reload = app.jinja_env.auto_reload, True
    try:
        assert rendered("/") != rendered("/")
    finally:
        app.jinja_env.auto_reload = before


def test_the_frame_speaks_the_language_of_each_page(client: CheckedClient) -> None:
    """The foot and the way home are kept parts; asked for in turns they stay in their language."""
    for _ in range(2):
        for language, word in (("id", "Masuk"), ("en", "Sign in"), ("id", "Masuk")):
            page = client.get(f"/koperasi?bahasa={language}").get_data(as_text=True)
            assert word in page
            assert (f'href="/?bahasa={language}"' in page) == (language != "id")
