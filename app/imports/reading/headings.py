"""Where the heading of a table is, and which column holds what. Pure: rows and a vocabulary in, data out.

A vocabulary is {field: spellings}. Guessing compares whole words: misspelt words match, other words do not,
so "Nama Ketua Pengawas" is never taken for "Nama Ketua Pengurus", nor "NIK" for "NIB". What is unsure stays
without a field, and an officer chooses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract

from app.imports.reading.cells import shown_text
from app.imports.reading.wire import Row

# Between the heading of a group and the one under it: "Anggota > L".
LEVEL: Final = " > "
# A heading among the first rows of a sheet: letterheads take up to a dozen.
HEADING_ROWS: Final = 30
# Certainty in percent: spelt so; the same words in other order; misspelt.
EXACT, REORDERED, LEAST = 100, 97, 80
_MOST_FUZZY: Final = 95
_LEAST_WORD: Final = 75
_LEAST_JOINED: Final = 92
# Less than this in a quick comparison never becomes a match.
_WORTH_A_LOOK: Final = 55
# Sub-headings that say nothing without the heading over them.
_LEANING: Final = frozenset({"pria", "wanita", "jumlah", "total", "nomor", "tanggal", "nama", "status"})
_UNDER_A_GROUP: Final = 3
_LONGEST_HEADING: Final = 80
_CANDIDATES: Final = 4

_SHORT_FORMS: Final = {
    **dict.fromkeys(("no", "nmr", "nomer", "num", "nom"), "nomor"),
    **dict.fromkeys(("tgl", "tggl", "tg"), "tanggal"),
    **dict.fromkeys(("jml", "jmlh", "jlh", "jum", "jumlh"), "jumlah"),
    **dict.fromkeys(("kec", "kecam"), "kecamatan"),
    **dict.fromkeys(("kel", "lurah"), "kelurahan"),
    **dict.fromkeys(("ds", "des"), "desa"),
    **dict.fromkeys(("kab",), "kabupaten"),
    **dict.fromkeys(("prov", "prop", "propinsi"), "provinsi"),
    **dict.fromkeys(("kop", "koprasi", "koperesi"), "koperasi"),
    "bh": "badan hukum",
    "bdn": "badan",
    "hkm": "hukum",
    **dict.fromkeys(("thn", "th"), "tahun"),
    "ket": "keterangan",
    **dict.fromkeys(("almt", "alm"), "alamat"),
    "jl": "jalan",
    "jln": "jalan",
    **dict.fromkeys(("telp", "tlp", "tlpn", "tel", "telpon", "telefon", "telephone", "phone"), "telepon"),
    **dict.fromkeys(("handphone", "ponsel"), "hp"),
    "whatsapp": "wa",
    **dict.fromkeys(("sek", "sekr"), "sekretaris"),
    **dict.fromkeys(("bend",), "bendahara"),
    **dict.fromkeys(("ang", "angg", "agt"), "anggota"),
    **dict.fromkeys(("l", "lk", "laki", "lelaki"), "pria"),
    **dict.fromkeys(("p", "pr", "perempuan"), "wanita"),
    "manager": "manajer",
    "omset": "omzet",
    "sertipikat": "sertifikat",
}
_SAYING_NOTHING: Final = frozenset(
    {"dan", "yang", "dari", "orang", "org", "rp", "lengkap", "data", "terbaru"}
)

_DOTTED: Final = re.compile(r"\b(?:[A-Za-z]\.){2,}[A-Za-z]?\b")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PARENTHESES: Final = re.compile(r"\([^()]{0,80}\)")
_WORD: Final = re.compile(r"[a-z0-9#]+")


@lru_cache(maxsize=4_096)
def normal(heading: str) -> str:
    """In plain words: 'Tgl. BH' -> 'tanggal badan hukum', 'Jml_Anggota(L)' -> 'jumlah anggota pria'."""
    text = _DOTTED.sub(lambda found: found[0].replace(".", ""), heading[: 4 * _LONGEST_HEADING])
    words: list[str] = []
    for word in _WORD.findall(_CAMEL.sub(" ", text).lower()):
        for plain in _SHORT_FORMS.get(word, word).split():
            if plain not in _SAYING_NOTHING and words[-1:] != [plain]:
                words.append(plain)
    return " ".join(words)


def similarity(heading: str, spelling: str) -> int:
    """How sure two plain headings mean the same, 0 to 100. Words may be misspelt, not other words."""
    if heading == spelling:
        return EXACT
    ours, theirs = heading.split(), spelling.split()
    if sorted(ours) == sorted(theirs):
        return REORDERED
    if len(ours) != len(theirs):
        joined = ratio(heading.replace(" ", ""), spelling.replace(" ", ""))
        same = _exacting(ours) == _exacting(theirs)
        return int(joined * _MOST_FUZZY / 100) if joined >= _LEAST_JOINED and same else 0
    scores = [_word_similarity(word, theirs) for word in ours]
    if min(scores) < _LEAST_WORD:
        return 0
    return int(sum(scores) / len(scores) * _MOST_FUZZY / 100)


def _exacting(words: Iterable[str]) -> set[str]:
    """Words too short or too exact to be misspelt: numbers of years, NIK, NIB."""
    return {word for word in words if len(word) <= 3 or word.isdigit()}


def _word_similarity(word: str, others: list[str]) -> float:
    if len(word) <= 3 or word.isdigit():
        return 100.0 if word in others else 0.0
    return max(
        (ratio(word, other) for other in others if len(other) > 3 and not other.isdigit()), default=0.0
    )


class Vocabulary:
    """Spellings of all fields, made ready for many comparisons."""

    def __init__(self, spellings: Mapping[str, Sequence[str]]) -> None:
        self.exact: dict[str, str] = {}
        self.fields = tuple(spellings)
        self.words: set[str] = set()
        self._scores: dict[str, dict[str, int]] = {}
        for field, texts in spellings.items():
            for text in texts:
                plain = normal(text)
                self.exact.setdefault(plain, field)
                self.words.update(plain.split())
        self._spellings = list(self.exact)
        self._jumbled = [_jumbled(plain) for plain in self._spellings]

    def scores(self, heading: str) -> dict[str, int]:
        """Certainty for each field that the heading could mean."""
        if heading not in self._scores:
            self._scores[heading] = self._scores_of(heading)
        return self._scores[heading]

    def _scores_of(self, heading: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for text, loss in _forms(heading):
            field = self.exact.get(text)
            if field is not None:
                found[field] = max(found.get(field, 0), EXACT - loss)
        if found:
            return found
        for text, loss in _forms(heading):
            for _, _, at in extract(
                _jumbled(text), self._jumbled, scorer=ratio, score_cutoff=_WORTH_A_LOOK, limit=None
            ):
                field = self.exact[self._spellings[at]]
                score = similarity(text, self._spellings[at]) - loss
                if score >= LEAST and score > found.get(field, 0):
                    found[field] = score
        return found


def _jumbled(plain: str) -> str:
    """Words in alphabetical order, joined: for a first, quick comparison."""
    return "".join(sorted(plain.split()))


def _forms(heading: str) -> list[tuple[str, int]]:
    """A heading in plain words: as a whole, without brackets, and the part under its group."""
    whole = normal(heading)
    forms = [(whole, 0), (normal(_PARENTHESES.sub(" ", heading)), 1)]
    _, _, under = heading.rpartition(LEVEL)
    alone = normal(under)
    if LEVEL in heading and alone not in _LEANING:
        forms.append((alone, _UNDER_A_GROUP))
    return [(text, loss) for text, loss in forms if text]


def guess_columns(
    headings: Mapping[int, str] | Sequence[str], vocabulary: Mapping[str, Sequence[str]] | Vocabulary
) -> dict[int, tuple[str, int]]:
    """{column from 0: (field, certainty in percent)}; a field at most once, the surest column first.

    Columns below the least certainty (80) are left out.
    """
    words = vocabulary if isinstance(vocabulary, Vocabulary) else Vocabulary(vocabulary)
    columns = headings.items() if isinstance(headings, Mapping) else enumerate(headings)
    order = {field: place for place, field in enumerate(words.fields)}
    offers = sorted(
        (-score, column, order[field], field)
        for column, heading in columns
        if heading
        for field, score in words.scores(heading).items()
    )
    chosen: dict[int, tuple[str, int]] = {}
    taken: set[str] = set()
    for score, column, _, field in offers:
        if column not in chosen and field not in taken:
            chosen[column] = (field, -score)
            taken.add(field)
    return dict(sorted(chosen.items()))


@dataclass(frozen=True)
class Heading:
    """The heading of a sheet: its row numbers (one, or two), the text of each column, the guess.

    ``complete`` is False when it does not name the required fields: then it is only where a heading may be.
    """

    rows: tuple[int, ...]
    texts: dict[int, str]
    columns: dict[int, tuple[str, int]]
    complete: bool = True


def find_heading(rows: Sequence[Row], vocabulary: Vocabulary, required: Iterable[str]) -> Heading | None:
    """The heading among the first rows of a sheet.

    When no row names the required fields: the row that looks most like a heading, not ``complete``; None when
    none does.
    """
    texts = [_heading_texts(row) for row in rows]
    promises = [_promise(row, vocabulary) for row in texts]
    likely = [at for at in range(len(rows)) if promises[at] * 2 >= max(promises)]
    promising = sorted(likely, key=lambda at: (-promises[at], at))[:_CANDIDATES]
    best: Heading | None = None
    for at in sorted(promising):
        for found in _readings(rows, texts, at, vocabulary):
            fields = {field for field, _ in found.columns.values()}
            enough = len(fields) >= min(2, len(found.texts))
            if enough and fields.issuperset(required) and (best is None or len(fields) > len(best.columns)):
                best = found
    return best or _incomplete(rows, texts, promises, vocabulary)


def _incomplete(
    rows: Sequence[Row], texts: Sequence[dict[int, str]], promises: Sequence[float], vocabulary: Vocabulary
) -> Heading | None:
    """The row with the most known words, else with the most words: for an officer to choose its columns."""
    likely = [at for at, row in enumerate(rows) if len(texts[at]) >= 2 and _is_words(row)]
    if not likely:
        return None
    at = max(likely, key=lambda at: (promises[at], len(texts[at]), -at))
    heading = next(iter(_readings(rows, texts, at, vocabulary)))
    return replace(heading, complete=False)


def _heading_texts(row: Row) -> dict[int, str]:
    """Column -> text, for cells that can be headings; a merged one counts for each column it lies across."""
    texts = {
        column: " ".join(text.split())
        for column, cell in enumerate(row.cells)
        if (text := shown_text(cell)) and len(text) <= _LONGEST_HEADING
    }
    for first, last in row.spans:
        if first in texts:
            texts.update(dict.fromkeys(range(first, last + 1), texts[first]))
    return texts


def _promise(texts: Mapping[int, str], vocabulary: Vocabulary) -> float:
    """A cheap estimate of how much a row looks like the heading."""
    plain = {normal(text) for text in texts.values()}
    hits = sum(1 for text in plain if text in vocabulary.exact)
    return hits + sum(0.2 for text in plain if not vocabulary.words.isdisjoint(text.split()))


def _readings(
    rows: Sequence[Row], texts: Sequence[dict[int, str]], at: int, vocabulary: Vocabulary
) -> Iterable[Heading]:
    """The row as the heading by itself, then together with the next one."""
    single = _first_of_merged(rows[at], texts[at])
    yield Heading((rows[at].number,), single, guess_columns(single, vocabulary))
    if at + 1 < len(rows) and _is_words(rows[at + 1]):
        double = _joined(texts[at], _first_of_merged(rows[at + 1], texts[at + 1]))
        yield Heading((rows[at].number, rows[at + 1].number), double, guess_columns(double, vocabulary))


def _first_of_merged(row: Row, texts: Mapping[int, str]) -> dict[int, str]:
    """Without copies across merged columns: two columns under one lone heading are one and a blank."""
    copies = {column for first, last in row.spans for column in range(first + 1, last + 1)}
    return {column: text for column, text in texts.items() if column not in copies}


def _is_words(row: Row) -> bool:
    """Headings are words; a row with numbers is data or counts the columns."""
    own = [cell for column, cell in enumerate(row.cells) if cell is not None and column not in row.filled]
    return bool(own) and all(isinstance(cell, str) and not cell.strip(" ().").isdigit() for cell in own)


def _joined(upper: Mapping[int, str], lower: Mapping[int, str]) -> dict[int, str]:
    """Both rows as one: 'Anggota > L'. Without merged cells a group reaches as far as sub-headings follow."""
    joined: dict[int, str] = {}
    group = ""
    for column in range(max([*upper, *lower], default=-1) + 1):
        over, under = upper.get(column, ""), lower.get(column, "")
        if not under or under == over:
            group = ""
            if over:
                joined[column] = over
            continue
        group = over or group
        joined[column] = f"{group}{LEVEL}{under}" if group else under
    return joined
