"""Files made to harm are refused within two seconds, with a sentence, and cost the server nothing."""

from __future__ import annotations

import ast
import re
import resource
from collections.abc import Callable
from functools import cache
from pathlib import Path
from time import perf_counter

import pytest

from app.imports.reading.limits import Limits, Refused
from app.imports.reading.workbook import open_rows
from app.imports.refusals import SENTENCES, sentence_of
from tests.imports.bombs import BOMBS, Bomb
from tests.imports.files import small_xlsx

READING = Path(__file__).parents[2] / "app" / "imports" / "reading"
pytestmark = pytest.mark.slow  # large files are made and refused

SECONDS = 2.0  # the guard itself stops at two; a busy machine may take longer to start and end a process
PATIENCE = 3.0


def read_through(path: Path, limits: Limits | None = None) -> int:
    """How many rows the file has. Raises Refused."""
    with open_rows(path, limits=limits) as rows:
        return sum(1 for _ in rows)


def refused(path: Path, limits: Limits | None = None) -> str:
    """The code of the refusal, or how many rows were read instead."""
    try:
        return f"{read_through(path, limits)} rows read"
    except Refused as refusal:
        return refusal.code


def timed(path: Path, limits: Limits | None = None) -> tuple[str, float]:
    """As ``refused``, and the seconds it took."""
    started = perf_counter()
    code = refused(path, limits)
    return code, perf_counter() - started


Made = Callable[[str], Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Each file is made once, when it is first asked for."""

    @cache
    def make(name: str) -> Path:
        bomb = next(bomb for bomb in BOMBS if bomb.name == name)
        return bomb.make(tmp_path_factory.mktemp("bomb"))

    return make


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb.name)
def test_a_harmful_file_is_refused_within_two_seconds(bomb: Bomb, made: Made) -> None:
    path = made(bomb.name)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    code, took = timed(path)
    assert code in bomb.codes
    assert took < SECONDS * PATIENCE
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8 * 1024, "the parent's memory grew"


def test_others_are_read_while_a_bomb_goes_off(made: Made, tmp_path: Path) -> None:
    harmful = made("one_long_text_in_every_cell")
    honest = small_xlsx(tmp_path / "jujur.xlsx")
    with open_rows(harmful, limits=Limits(ratio=10**6)) as rows:
        assert read_through(honest) == 2
        with pytest.raises(Refused):
            list(rows)


@pytest.mark.parametrize("bomb", [b for b in BOMBS if "bomb" in b.codes[1:]], ids=lambda bomb: bomb.name)
def test_what_packs_well_is_refused_without_that_sign_too(bomb: Bomb, made: Made) -> None:
    path = made(bomb.name)
    code, took = timed(path, Limits(ratio=10**6))
    # where the machine is busy with other tests, the clock of the guard may refuse before the next net does
    assert code in set(bomb.codes) - {"bomb"} | {"too_slow"}
    assert took < SECONDS * PATIENCE


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        ("inflates_300_times_its_size", Limits(inflated_bytes=10**10, ratio=10**6)),
        ("one_value_in_the_last_cell", Limits(rows=10**7, columns=10**5, area=10**13)),
        ("a_wide_and_high_rectangle", Limits(area=10**9)),
        ("three_million_blank_cells", Limits(cells=10**9, rows=10**6, area=10**9)),
        ("a_value_in_a_billion_columns", Limits(columns=10**10, area=10**10, cells=10**10)),
        ("the_last_cell_of_an_xls", Limits(columns=256, area=10**9)),
        ("a_csv_with_too_many_rows", Limits(rows=10**6)),
    ],
)
def test_each_bound_is_what_refuses(name: str, limits: Limits, made: Made) -> None:
    """Positive control: with the bound lifted the same file gets further, or falls into the next net."""
    bomb = next(bomb for bomb in BOMBS if bomb.name == name)
    assert refused(made(name), limits) not in bomb.codes


def test_the_last_net_is_the_memory_of_the_worker(made: Made) -> None:
    lifted = Limits(rows=10**7, columns=10**5, area=10**13)
    assert refused(made("one_value_in_the_last_cell"), lifted) == "too_much_memory"


def test_a_worker_that_computes_too_long_is_ended(made: Made) -> None:
    assert refused(made("three_million_blank_cells"), Limits(cells=10**9, guard_seconds=0.05)) == "too_slow"


def test_a_worker_that_falls_silent_is_ended(tmp_path: Path) -> None:
    path = small_xlsx(tmp_path / "s.xlsx")
    started = perf_counter()
    assert refused(path, Limits(silence_seconds=0.001)) in ("too_slow", "2 rows read")
    assert perf_counter() - started < 5


def codes_in(argument: ast.expr) -> set[str]:
    """Codes a call may use: one text, or one of two by a condition."""
    if isinstance(argument, ast.IfExp):
        return codes_in(argument.body) | codes_in(argument.orelse)
    return (
        {argument.value} if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else set()
    )


def test_every_refusal_has_a_sentence_of_its_own() -> None:
    used = set(re.findall(r'b".*", "([a-z_]+)"\)', (READING / "guard.py").read_text()))
    for file in READING.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused":
                used |= codes_in(node.args[0])
    assert used <= set(SENTENCES)
    assert used >= {"empty", "picture", "macros", "bomb", "not_a_sheet"}, "the search itself still works"


def test_sentences_are_plain_and_say_what_to_do() -> None:
    values = {"megabytes": 10, "parts": 1000, "sheets": 100, "rows": 100_000, "columns": 200, "line": 1_000}
    for code in SENTENCES:
        text = str(sentence_of(Refused(code, sheet="Data", cell="B7", **values)))
        assert 20 < len(text) < 200, code
        assert "%" not in text, code
    assert "100.000 baris" in str(sentence_of(Refused("too_many_rows", rows=100_000)))
