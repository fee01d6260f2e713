"""The look: built, current, small, in layers that old browsers survive, and with enough contrast for the sun."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import brotli
import pytest
from flask import Flask

from app.core import assets
from app.core.db import db
from tests.conftest import make_app
from tests.databases import Database
from tests.house.colours import KINDS, TOKENS, contrast, palettes
from tools import assets as builder

PROJECT = Path(__file__).resolve().parents[2]
CSS = PROJECT / "app" / "static" / "css"
TEMPLATES = PROJECT / "app" / "templates"
PUBLIC_CSS_BYTES = 3 * 1024
PUBLIC_JS_BYTES = 6_500  # with the outbox and the service worker
LAYERS = ("reset", "tokens", "base", "layout", "components", "utilities", "print")


def dist_file(name: str) -> bytes:
    """A built file by its plain name."""
    return (assets.DIST / assets.built().files[name]).read_bytes()


# --- the build ----------------------------------------------------------------------------------------------------


def test_the_build_is_current() -> None:
    assert builder.is_current(builder.fingerprint()), "run: .venv/bin/python tools/assets.py"


def test_a_changed_source_makes_the_build_stale(tmp_path: Path) -> None:
    (tmp_path / "app/static/css").mkdir(parents=True)
    sheet = tmp_path / "app/static/css/00-reset.css"
    sheet.write_text("@layer reset { }")
    before = builder.fingerprint(tmp_path)
    sheet.write_text("@layer reset {  }")
    assert builder.fingerprint(tmp_path) != before
    assert not builder.is_current(before, tmp_path)


def test_a_build_with_a_missing_file_is_not_current(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"fingerprint": "a", "files": {"app.css": "app-00000000.css"}}))
    assert not builder.is_current("a", tmp_path)
    (tmp_path / "app-00000000.css").write_text("")
    assert builder.is_current("a", tmp_path)
    assert not builder.is_current("b", tmp_path)


def made_build(folder: Path, name: str) -> Path:
    """A build that names one stylesheet."""
    folder.mkdir()
    (folder / name).write_text(name)
    (folder / f"{name}.br").write_text("packed")
    (folder / "manifest.json").write_text(json.dumps({"fingerprint": "a", "files": {"app.css": name}}))
    return folder


def test_files_of_earlier_builds_stay_reachable_for_thirty_days(tmp_path: Path) -> None:
    day = 24 * 60 * 60
    first, second = (
        made_build(tmp_path / "1", "app-00000001.css"),
        made_build(tmp_path / "2", "app-00000002.css"),
    )
    third, fourth = (
        made_build(tmp_path / "3", "app-00000003.css"),
        made_build(tmp_path / "4", "app-00000001.css"),
    )
    builder.keep_old_files(tmp_path / "none", first, now=0)
    builder.keep_old_files(first, second, now=0)
    assert {p.name for p in second.glob("app*")} == {
        f"app-0000000{n}.css{packed}" for n in (1, 2) for packed in ("", ".br")
    }
    assert builder.is_current("a", second)
    builder.keep_old_files(second, third, now=29 * day)
    assert {p.name for p in third.glob("*.css")} == {f"app-0000000{n}.css" for n in (1, 2, 3)}
    again = made_build(tmp_path / "5", "app-00000005.css")
    builder.keep_old_files(third, again, now=31 * day)
    assert {p.name for p in again.glob("*.css")} == {f"app-0000000{n}.css" for n in (2, 3, 5)}, (
        "the first is over"
    )
    builder.keep_old_files(third, fourth, now=29 * day)  # named again: as new
    assert set(json.loads((fourth / "manifest.json").read_text())["old"]) == {
        "app-00000002.css",
        "app-00000003.css",
    }


def test_a_file_of_an_earlier_build_is_still_sent(
    app: Flask, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = made_build(tmp_path / "before", "app-00000001.css")
    now = shutil.copytree(assets.DIST, tmp_path / "dist")
    builder.keep_old_files(before, now, now=0)
    monkeypatch.setattr(assets, "DIST", now)
    serving = make_app(tmp_path, database.url)
    answer = serving.test_client().get("/static/app-00000001.css", headers={"Accept-Encoding": "br"})
    assert (answer.status_code, answer.data) == (200, b"packed")
    assert "immutable" in answer.headers["Cache-Control"]
    assert serving.test_client().get("/static/app-00000009.css").status_code == 404
    with serving.app_context():
        db.engine.dispose()


def test_the_build_tells_what_each_file_weighs() -> None:
    table = {line.split()[-1]: line.split()[:2] for line in builder.sizes()[1:]}
    assert table.keys() == assets.built().files.keys()
    name = assets.built().files["app.js"]
    twin = assets.DIST / f"{name}.br"
    assert table["app.js"] == [str((assets.DIST / name).stat().st_size), str(twin.stat().st_size)]


def test_every_built_file_carries_its_hash_and_its_compressed_twins() -> None:
    for plain, hashed in assets.built().files.items():
        assert assets.is_immutable("", assets.STATIC_URL + hashed), plain
        content = (assets.DIST / hashed).read_bytes()
        for suffix, unpack in ((".br", brotli.decompress), (".gz", gzip.decompress)):
            twin = assets.DIST / (hashed + suffix)
            if not plain.endswith(".png") and len(content) > 1000:
                assert unpack(twin.read_bytes()) == content


def test_an_unhashed_name_is_not_kept_for_ever() -> None:
    assert not assets.is_immutable("", "/static/manifest.json")
    assert not assets.is_immutable("", "/static/app-abc.js")


def test_an_unknown_file_is_an_error() -> None:
    with pytest.raises(assets.AssetsMissing, match=re.escape("nothing-such.js")):
        assets.asset("nothing-such.js")


def test_a_missing_build_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(assets.AssetsMissing, match=re.escape("tools/assets.py")):
        assets.read_built(tmp_path)


def test_the_lock_names_no_host() -> None:
    lock = json.loads((PROJECT / "package-lock.json").read_text())
    packages = [p for name, p in lock["packages"].items() if name]
    assert packages
    assert all("resolved" not in p and p["integrity"].startswith("sha512-") for p in packages)


# --- weight -------------------------------------------------------------------------------------------------------


def test_the_public_stylesheet_is_small() -> None:
    assert len(brotli.compress(assets.stylesheet().encode(), quality=5)) <= PUBLIC_CSS_BYTES


def test_the_public_scripts_are_small() -> None:
    assert len(brotli.compress(dist_file("app.js"))) <= PUBLIC_JS_BYTES


def test_nothing_is_fetched_by_the_stylesheets() -> None:
    for name in ("app.css", "desk.css"):
        assert not re.search(r"url\(|@import|@font-face|https?:", dist_file(name).decode()), name


# --- layers -------------------------------------------------------------------------------------------------------


def test_each_sheet_is_one_layer_and_they_stand_in_order() -> None:
    paths = sorted([*CSS.glob("*.css"), *CSS.glob("records/*.css")], key=lambda path: path.name)
    layers = [
        re.findall(r"^@layer (\w+) \{", path.read_text(encoding="utf-8"), re.MULTILINE) for path in paths
    ]
    assert {len(found) for found in layers} == {1}
    assert list(dict.fromkeys(name for (name,) in layers)) == list(LAYERS)


def test_what_forms_carry_is_part_of_what_all_pages_carry() -> None:
    whole, part = (
        re.findall(r"[^{}]+\{[^{}]*\}", assets.stylesheet(name)) for name in ("app.css", "form.css")
    )
    declared = {rule.split("{")[0] for rule in part}
    assert declared <= {rule.split("{")[0] for rule in whole}
    assert len(assets.stylesheet("form.css")) < 0.85 * len(assets.stylesheet())


def test_the_built_sheet_is_flat_for_browsers_that_know_no_layers() -> None:
    assert "@layer" not in assets.stylesheet() + dist_file("desk.css").decode()


def test_no_selector_outweighs_a_later_layer() -> None:
    """Flat and layered mean the same as long as an id or !important never stands in an early sheet."""
    for path in sorted(CSS.rglob("*.css")):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        selectors = " ".join(re.findall(r"([^{};]+)\{", text))
        assert not re.search(r"#[a-z]", selectors), f"{path.name}: an id in a selector"
        assert text.count("!important") == (1 if path.name == "00-reset.css" else 0), path.name


def test_sides_are_named_by_the_direction_of_writing() -> None:
    physical = re.compile(
        r"(?<![\w-])(?:margin|padding|border)-(?:left|right|top|bottom)|(?<![\w-])(?:width|height):"
    )
    for path in sorted(CSS.rglob("*.css")):
        assert not physical.search(path.read_text(encoding="utf-8")), path.name


def test_no_writing_is_thinner_than_400() -> None:
    for path in sorted(CSS.rglob("*.css")):
        weights = re.findall(r"font-weight: (\w+)", path.read_text(encoding="utf-8"))
        assert all(int(weight) >= 400 for weight in weights), path.name


# --- colours ------------------------------------------------------------------------------------------------------

TEXT = [
    ("ink", "paper"),
    ("ink", "card"),
    ("soft", "paper"),
    ("soft", "card"),
    ("brand", "paper"),
    ("brand", "card"),
]
BORDERS = [("line", "paper"), ("line", "card")]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_colours_are_readable_in_the_sun(mode: str, kind: str) -> None:
    token = palettes(TOKENS.read_text(encoding="utf-8"))[mode, kind]
    for ink, ground in [*TEXT, ("fg", "bg"), ("fg", "card"), ("fg", "paper")]:
        assert contrast(token[ink], token[ground]) >= 7, f"{ink} on {ground}"
    for line, ground in BORDERS:
        assert contrast(token[line], token[ground]) >= 4.5, f"{line} on {ground}"
    for ground in ("paper", "card"):
        assert contrast(token["focus"], token[ground]) >= 3, f"focus on {ground}"


@pytest.mark.parametrize(
    ("ink", "ground"), [("#fff7e0", "#0a4b43"), ("#1b2a27", "#eab54a"), ("#ffd37a", "#0a4b43")]
)
def test_fixed_colours_are_readable_too(ink: str, ground: str) -> None:
    assert contrast(ink, ground) >= 7


def test_a_pale_colour_is_noticed() -> None:
    pale = TOKENS.read_text(encoding="utf-8").replace("--soft: #42504c", "--soft: #9aa5a1")
    token = palettes(pale)["light", "info"]
    assert contrast(token["soft"], token["paper"]) < 4.5


def test_contrast_is_computed_as_wcag_says() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


# --- scripts and pictograms ---------------------------------------------------------------------------------------


def test_the_scripts_keep_their_rules() -> None:
    node, _ = builder.find_node()
    result = subprocess.run(
        [node, "tools/check-js.mjs"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


def test_every_pictogram_named_in_a_template_is_drawn(application: Flask) -> None:
    names = application.jinja_env.get_template("shared/icons.html").module
    outlines, tints = names.outlines, names.tints  # type: ignore[attr-defined]
    assert set(tints) <= set(outlines)
    wanted = re.compile(r"""ui\.(icon|picture|tile)\(\s*"(\w+)"|icon(?:_name)?="(\w+)\"""")
    for path in sorted(TEMPLATES.rglob("*.html")):
        for _, positional, named in wanted.findall(path.read_text(encoding="utf-8")):
            assert (positional or named) in outlines, f"{path.name}: {positional or named}"


def test_drawings_are_paths_on_the_24_grid(application: Flask) -> None:
    names = application.jinja_env.get_template("shared/icons.html").module
    for name, path in names.outlines.items():  # type: ignore[attr-defined]
        assert re.fullmatch(r"[MmLlHhVvCcSsQqTtAaZz0-9 .,-]+", path), name
