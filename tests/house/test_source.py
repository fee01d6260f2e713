"""Habits that a machine can watch: read from the syntax of the code, not from its words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
APP = PROJECT / "app"

# Files that may do what others may not, each with its reason.
MARKUP_ALLOWED = {
    "app/core/screen.py": "our own built stylesheet",
    "app/core/language.py": "sentences of our own catalogues; what is put into them is escaped",
    "app/cooperatives/routes/lookup.py": "filters rendered by our own template, kept between requests",
    "app/core/qr.py": "the picture of a code, made by segno from our own address",
}
NOW_ALLOWED = {"app/core/clock.py": "the one clock"}
WRITES_ALLOWED = {
    "app/core/transaction.py": "the write block itself",
    "app/core/audit.py": "history",
    "app/core/limits.py": "counters of rate limits",
    "app/core/health.py": "the write probe that is rolled back",
}
SESSION_NAMES = {"session", "s"}
WRITING_METHODS = {"add", "add_all", "delete", "flush", "merge", "bulk_insert_mappings", "bulk_save_objects"}


def files() -> list[Path]:
    """All Python files of the application."""
    return sorted(path for path in APP.rglob("*.py"))


def name_of(path: Path) -> str:
    """As written in the lists above."""
    return path.relative_to(PROJECT).as_posix()


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str, str]]:
    """Every call with the name it calls and the name of the object it is called on."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute):
            holder = node.func.value
            owner = holder.id if isinstance(holder, ast.Name) else getattr(holder, "attr", "")
            yield node, node.func.attr, owner
        elif isinstance(node.func, ast.Name):
            yield node, node.func.id, ""


def faults(source: str, name: str) -> list[str]:
    """What the code of the file ``name`` does though nobody should."""
    found, tree = [], ast.parse(source)
    for call, called, owner in calls(tree):
        found_here = [*_of_the_web(call, called, owner, name), *_of_the_database(call, called, owner, name)]
        if called == "text" and _is_sql(tree, owner) and not isinstance(call.args[0], ast.Constant):
            found_here.append("SQL text is a plain string with parameters")
        for words in found_here:
            found.append(f"{name}:{call.lineno}: {words}")
    return found


def _of_the_web(call: ast.Call, called: str, owner: str, name: str) -> Iterator[str]:
    if called == "populate_obj":
        yield "populate_obj lets a form set any column"
    if called == "render_template_string":
        yield "only template files are rendered"
    if called == "Markup" and name not in MARKUP_ALLOWED:
        yield "Markup switches escaping off"
    if called in {"now", "utcnow", "today"} and owner in {"datetime", "date"} and name not in NOW_ALLOWED:
        yield "the time is asked of app.core.clock"
    if any(keyword.arg is None and _is_form(keyword.value) for keyword in call.keywords):
        yield "**request.form passes whatever was sent"


def _of_the_database(call: ast.Call, called: str, owner: str, name: str) -> Iterator[str]:
    if called in WRITING_METHODS and owner in SESSION_NAMES and not _may_write(name):
        yield f"session.{called} outside services"
    if called == "commit" and owner in SESSION_NAMES | {"connection"} and name not in WRITES_ALLOWED:
        yield "only atomically commits"
    if called == "atomically" and _is_deed(name):
        yield "a service never opens a write block"


def _is_sql(tree: ast.Module, owner: str) -> bool:
    """True when ``text`` is SQLAlchemy's."""
    imports = [
        node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "sqlalchemy"
    ]
    return owner in {"sqlalchemy", "sa"} or any(
        alias.name == "text" for node in imports for alias in node.names
    )


def _is_form(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in {"form", "args", "json", "values"}


def _is_deed(name: str) -> bool:
    parts = Path(name).parts
    return "services" in parts or parts[-1] in {"services.py", "queries.py", "rules.py"} or "queries" in parts


def _may_write(name: str) -> bool:
    return name in WRITES_ALLOWED or "services" in Path(name).parts or name.endswith("/services.py")


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_the_file_keeps_the_habits(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8"), name_of(path)) == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("form.populate_obj(x)", "populate_obj"),
        ("Markup(x)", "escaping"),
        ("markupsafe.Markup(x)", "escaping"),
        ("datetime.now()", "clock"),
        ("datetime.datetime.now(tz)", "clock"),
        ("date.today()", "clock"),
        ("session.add(x)", "outside services"),
        ("db.session.flush()", "outside services"),
        ("db.session.commit()", "only atomically"),
        ("from sqlalchemy import text\ntext(f'SELECT {x}')", "plain string"),
        ("sa.text('SELECT ' + x)", "plain string"),
        ("Thing(**request.form)", "whatever was sent"),
        ("render_template_string(x)", "template files"),
    ],
)
def test_a_fault_is_seen(line: str, words: str) -> None:
    assert any(words in sentence for sentence in faults(line, "app/regions/routes.py")), line


def test_a_service_that_opens_a_block_is_seen() -> None:
    assert faults("atomically(x)", "app/regions/services.py")


def test_every_exception_names_a_file_that_is_there() -> None:
    for name in (*MARKUP_ALLOWED, *NOW_ALLOWED, *WRITES_ALLOWED):
        assert (PROJECT / name).exists(), name


def test_every_module_says_what_it_is() -> None:
    silent = [
        name_of(path)
        for path in files()
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []
