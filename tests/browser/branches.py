"""Which states of the templates were seen: every `if`, `elif`, `else` and `for` of every template is a state.

``Branches(app)`` lets the templates of ``app`` note by themselves what they show; ``unseen()`` are the states that
no page has shown since.
"""

from __future__ import annotations

import re
from typing import Any, Final

from flask import Flask
from jinja2 import Environment
from jinja2.ext import Extension

from app.core.kept_parts import EXTENSION as KEPT_PARTS

_FORK: Final = re.compile(r"\{%-?\s*(if|elif|else|for)\b(.*?)-?%\}", re.DOTALL)
_COMMENT: Final = re.compile(r"\{#.*?#\}", re.DOTALL)


class _Notes(Extension):
    """Puts a note behind every fork of a template's text."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.known: set[str] = set()
        self.seen: set[str] = set()
        environment.globals["was_here"] = self._note

    def _note(self, fork: str) -> str:
        self.seen.add(fork)
        return ""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The text with its notes; comments are blanked so that what they show is no fork."""
        source = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), source)
        return _FORK.sub(lambda found: found[0] + self._mark(source, name, found), source)

    def _mark(self, source: str, name: str | None, found: re.Match[str]) -> str:
        line = source.count("\n", 0, found.start()) + 1
        column = found.start() - source.rfind("\n", 0, found.start())
        words = " ".join(f"{found[1]} {found[2]}".split())
        fork = f"{name}:{line}:{column} {words}".replace("\\", "").replace('"', "'")
        self.known.add(fork)
        return f'{{{{ was_here("{fork}") }}}}'


class Branches:
    """The states of all templates of one application, and those that pages have shown."""

    def __init__(self, app: Flask) -> None:
        app.jinja_env.add_extension(_Notes)
        if app.jinja_env.cache is not None:
            app.jinja_env.cache.clear()
        app.extensions[KEPT_PARTS].clear()  # what was rendered before would show its states to nobody
        for name in app.jinja_env.list_templates():
            app.jinja_env.get_template(name)
        notes: Any = next(e for e in app.jinja_env.extensions.values() if isinstance(e, _Notes))
        self._notes: _Notes = notes

    @property
    def seen(self) -> set[str]:
        """States that were shown."""
        return self._notes.seen

    def unseen(self) -> list[str]:
        """States that nobody has seen, in the order of their templates."""
        return sorted(self._notes.known - self._notes.seen, key=_place)


def _place(fork: str) -> tuple[str, int, int]:
    name, line, rest = fork.split(":", 2)
    return name, int(line), int(rest.split(" ", 1)[0])
