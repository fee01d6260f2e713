"""Documents that cannot rot: what the code has, they name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app import ROOMS

PROJECT = Path(__file__).resolve().parents[2]


def read(name: str) -> str:
    """A file of the project."""
    return (PROJECT / name).read_text(encoding="utf-8")


def settings() -> set[str]:
    """Names that config.py reads from the environment."""
    code = read("app/config.py")
    return set(re.findall(r'env(?:\.get)?[(\[]\s*"([A-Z_]+)"', code)) | set(
        re.findall(r'_whole_number\(env, "([A-Z_]+)"', code)
    )


def test_the_readme_names_every_setting_and_no_other() -> None:
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", read("README.md"), re.MULTILINE))
    assert len(settings()) > 10
    assert listed == settings()


def test_no_other_file_reads_settings_from_the_environment() -> None:
    readers = {
        path.relative_to(PROJECT).as_posix()
        for path in (PROJECT / "app").rglob("*.py")
        if re.search(r"os\.(?:environ|getenv)", path.read_text(encoding="utf-8"))
    }
    keeps_from_a_child_process = {"app/imports/reading/workbook.py"}
    assert readers - keeps_from_a_child_process == {"app/config.py"}


def test_the_house_document_names_every_room() -> None:
    text = read("docs/house.md")
    assert [room for room in ("core", *ROOMS) if f"`{room}/`" not in text] == []


def test_the_readme_names_every_target_and_each_has_its_line_of_help() -> None:
    makefile, readme = read("Makefile"), read("README.md")
    phony = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE).group(1).split())  # type: ignore[union-attr]
    public = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    assert phony - public == {"ready", "test-ready", "check-ready"}
    assert [target for target in sorted(public) if f"`make {target}" not in readme] == []


def test_the_readme_names_every_command(application: object) -> None:
    from flask import Flask

    assert isinstance(application, Flask)
    ours = set(application.cli.commands) - {"run", "shell", "routes", "db", "init-db", "translate"}
    assert [name for name in sorted(ours) if f"`{name}" not in read("README.md")] == []


@pytest.mark.parametrize("path", sorted((PROJECT / "docs" / "decisions").glob("*.md")), ids=lambda p: p.name)
def test_a_decision_is_short_dated_and_complete(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-[a-z0-9-]+\.md", path.name)
    assert text.startswith("# ")
    assert len(text.splitlines()) <= 30
    for part in ("Context", "Decision", "Consequences"):
        assert f"**{part}.**" in text, part


def test_links_between_documents_lead_somewhere() -> None:
    for path in [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name} -> {target}"
