"""Printing quickly prints the same."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string
from flask_babel import lazy_gettext
from jinja2 import Environment, UndefinedError
from markupsafe import Markup, escape

from app.core.quick_templates import QuickEnvironment, printed

BAD = "<b title='\"'>&</b>"


class Shown:
    """Something that knows how it looks."""

    def __html__(self) -> str:
        return "<i>shown</i>"


class Text(str):
    """Another kind of text."""

    __slots__ = ()


VALUES = (BAD, "", "plain", Markup(BAD), Shown(), Text(BAD), 12, 1.5, None, True, [BAD])


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_the_same_letters_as_escape(value: object) -> None:
    assert str(printed(value)) == str(escape(value))


@pytest.mark.parametrize(
    "template",
    [
        "{{ bad }}",
        "{{ good }}{{ bad }}",
        "{{ bad|upper }}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(bad) }}{{ m(good) }}",
        "{% macro m() %}<p>{{ caller() }}</p>{% endmacro %}{% call m() %}{{ bad }}{% endcall %}",
        "{% set text %}{{ bad }}<hr>{% endset %}{{ text }}",
        "{% for x in [bad, good, 3, none] %}{{ x }} {% endfor %}",
        "{{ bad ~ good }}",
        "{% autoescape false %}{{ bad }}{% endautoescape %}{{ bad }}",
        "{% filter upper %}{{ bad }}{% endfilter %}",
    ],
)
def test_a_template_says_what_jinja_says(template: str) -> None:
    values = {"bad": BAD, "good": Markup("<b>")}
    quick = QuickEnvironment(Flask("quick"), autoescape=True).from_string(template).render(values)
    assert quick == Environment(autoescape=True).from_string(template).render(values)


def test_the_application_prints_so_and_escapes(app: Flask) -> None:
    assert type(app.jinja_env) is QuickEnvironment
    with app.test_request_context():
        assert render_template_string("{{ x }}", x=BAD) == str(escape(BAD))
        assert render_template_string("{{ x }}", x=lazy_gettext("Cari")) == "Cari"
        with pytest.raises(UndefinedError):
            render_template_string("{{ nobody_knows }}")
