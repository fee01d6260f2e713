"""Numbers of a cooperative's legal entity decree (badan hukum)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.core.language import say
from app.core.values.problem import ValueProblem
from app.core.values.typed import plain, typed

_GAP: Final = r"[ .\-/:]{0,4}"
_AHU: Final = re.compile(
    rf"AHU{_GAP}([0-9]{{6,7}}){_GAP}AH{_GAP}([0-9]{{2}}){_GAP}([0-9]{{2}}){_GAP}(?:TAHUN|THN|TH)?{_GAP}([0-9]{{4}})"
)
_LABEL: Final = re.compile(
    r"(?:(?:SK|NOMOR|NO|BADAN HUKUM|KEMENKUMHAM|MENKUMHAM|MENTERI HUKUM)\b[ .:]{0,4}){1,4}"
)
_DATED: Final = re.compile(r"\b(?:TANGGAL|TERTANGGAL|TGL)\b")
_AROUND_STROKE: Final = re.compile(r" (?=[/\-])|(?<=[/\-]) ")
_TOKEN: Final = re.compile(r"[0-9]+|[A-Z]+")
_YEAR_WORDS: Final = frozenset({"TAHUN", "THN", "TH"})


@dataclass(frozen=True, slots=True)
class LegalNumber:
    """A decree number. ``old_form`` is True for everything not in the AHU form used since about 2019."""

    text: str
    old_form: bool


def parse_legal_number(text: str) -> LegalNumber:
    """AHU numbers in the official spelling ``AHU-0036770.AH.01.29.TAHUN 2025``; others kept, in capitals.

    Raises ValueProblem empty, too_long, no_number (nothing but letters or zeros: no number at all).
    """
    found = _upper(typed(text))
    ahu = _AHU.fullmatch(_undated(found))
    if ahu:
        serial, one, two, year = ahu.groups()
        return LegalNumber(f"AHU-{serial}.AH.{one}.{two}.TAHUN {year}", old_form=False)
    if not re.search(r"[1-9]", found):
        raise ValueProblem(
            "no_number",
            say(
                "Tulis nomornya, contoh: AHU-0036770.AH.01.29.TAHUN 2025. Kalau belum punya, kosongkan saja."
            ),
        )
    return LegalNumber(found, old_form=True)


def _upper(found: str) -> str:
    """Capitals, no label in front, no blanks around strokes."""
    found = found.upper()
    label = _LABEL.match(found)
    rest = found[label.end() :] if label else found
    return _AROUND_STROKE.sub("", rest).strip(" .,;:")


def _undated(found: str) -> str:
    """Without a date written behind the number; it has a field of its own."""
    dated = _DATED.search(found)
    return found[: dated.start()].strip(" .,;:") if dated else found


@lru_cache(maxsize=10_000)
def legal_number_key(text: str) -> str:
    """What two spellings of one decree number share: its runs of letters and of digits, joined by dots.

    Punctuation, labels, TAHUN, a date written behind it and leading zeros do not count. Runs stay apart,
    since 1/23 and 12/3 are two decrees. '' when there is no digit from 1 to 9, so blanks and fillers never
    look alike. Never raises; texts over 200 characters give ''.
    """
    try:
        found = _upper(plain(text))
    except ValueProblem:
        return ""
    runs = [run.lstrip("0") or "0" for run in _TOKEN.findall(_undated(found))]
    runs = [run for run in runs if run not in _YEAR_WORDS]
    return ".".join(runs) if any(run.isdigit() and run != "0" for run in runs) else ""
