"""Templates: children hold blocks only, nothing switches escaping off, every one can be read and is used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

PROJECT = Path(__file__).resolve().parents[2]
TEMPLATES = PROJECT / "app" / "templates"
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
HX_VALUE = re.compile(r"\bhx-(?:get|post|target|trigger|swap|vals|on)[\w-]*=\"([^\"]*)\"")


def parsed(application: Flask, source: str) -> nodes.Template:
    """The syntax tree of a template."""
    return application.jinja_env.parse(source)


def source_of(name: str) -> str:
    """Text of a template."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def faults(tree: nodes.Template, source: str) -> list[str]:
    """What nobody should do in a template."""
    found = []
    if tree.find(nodes.Extends):
        loose = [n for n in tree.body if not isinstance(n, nodes.Extends | nodes.Block)]
        loose = [n for n in loose if not (isinstance(n, nodes.Output) and _is_blank(n))]
        found += [
            f"line {n.lineno}: {type(n).__name__} outside of blocks is not seen by fragments" for n in loose
        ]
    found += [
        f"line {f.lineno}: |{f.name}"
        for f in tree.find_all(nodes.Filter)
        if f.name in {"safe", "forceescape"}
    ]
    found += [f"line {n.lineno}: autoescape" for n in tree.find_all(nodes.ScopedEvalContextModifier)]
    if re.search(r"%\(\w*\)?[^s(\w]|(?<!%)%s", re.sub(r"{%.*?%}", "", source)) and "_(" in source:
        found += _nameless(tree)
    return found


def _is_blank(output: nodes.Output) -> bool:
    return all(isinstance(n, nodes.TemplateData) and not n.data.strip() for n in output.nodes)


def _nameless(tree: nodes.Template) -> list[str]:
    """Sentences with nameless places cannot be turned round by a translator."""
    calls = [c for c in tree.find_all(nodes.Call) if isinstance(c.node, nodes.Name) and c.node.name == "_"]
    texts = [c.args[0] for c in calls if c.args]
    return [
        f"line {t.lineno}: nameless place"
        for t in texts
        if isinstance(t, nodes.Const) and "%s" in str(t.value)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_template_keeps_the_habits(application: Flask, name: str) -> None:
    source = source_of(name)
    assert faults(parsed(application, source), source) == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('{% extends "x" %}{% set a = 1 %}{% block b %}{% endblock %}', "outside of blocks"),
        ('{% extends "x" %}{% import "y" as y %}', "outside of blocks"),
        ("{{ x|safe }}", "|safe"),
        ("{% autoescape false %}{{ x }}{% endautoescape %}", "autoescape"),
        ("{{ _('Halo %s', x) }}", "nameless"),
    ],
)
def test_a_fault_is_seen(application: Flask, source: str, words: str) -> None:
    assert any(words in sentence for sentence in faults(parsed(application, source), source))


def test_what_a_user_wrote_never_stands_in_an_hx_attribute() -> None:
    """An hx- value is literal, url_for, or an address its own view made (a variable that ends in url)."""
    allowed = re.compile(
        r"{{-?\s*(?:url_for\(.*\)|[\w.]*(?:url|address|href|action)|(?:'|\")#(?:'|\")\s*~\s*\w+|id|target)\s*-?}}"
    )
    for name in NAMES:
        for value in HX_VALUE.findall(source_of(name)):
            rest = allowed.sub("", value)
            assert "{{" not in rest, f"{name}: hx value {value!r}"


def test_every_template_is_used() -> None:
    code = "\n".join(p.read_text(encoding="utf-8") for p in (PROJECT / "app").rglob("*.py"))
    markup = "\n".join(source_of(name) for name in NAMES)
    assert [name for name in NAMES if f'"{name}"' not in code + markup] == []
