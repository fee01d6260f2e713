"""The catalogues of Sundanese and English: ``python tools/translations.py update`` after changing words.

The source text is Indonesian and stands in templates and code. ``update`` reads it anew into translations/*/
LC_MESSAGES/messages.po, keeps what is translated, drops what is gone and prints what public pages still lack.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / "translations"
LANGUAGES: Final = ("su", "en")
KEYWORDS: Final = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "say": None,
    "ngettext": (1, 2),
}
WIDTH: Final = 110

# Words that only officers meet; public pages never show them.
_DESK: Final = (
    "app/imports/",
    "app/staff/",
    "app/templates/imports/",
    "app/templates/staff/",
    "app/templates/shared/base_desk.html",
    "app/templates/shared/desk",
    "app/cooperatives/sheet_columns.py",
    "app/cooperatives/history_words.py",
    "app/cooperatives/importing/",
    "app/cooperatives/desk",
    "app/cooperatives/comparing.py",
    "app/cooperatives/deciding_rules.py",
    "app/cooperatives/merging_rules.py",
    "app/cooperatives/moving.py",
    "app/cooperatives/services/",
    "app/clinic/desk",
    "app/clinic/broadcast_words.py",
    "app/clinic/forms/broadcast.py",
    "app/clinic/forms/numbers.py",
    "app/clinic/rules/broadcast.py",
    "app/clinic/services/broadcast.py",
    "app/clinic/forms/timetable.py",
    "app/clinic/forms/experts.py",
    "app/clinic/forms/roster.py",
    "app/clinic/rules/hours.py",
    "app/clinic/services/timetable.py",
    "app/clinic/services/roster.py",
    "app/clinic/services/moving.py",
    "app/registry/desk",
    "app/registry/services/",
    "app/accounts/desk",
    "app/accounts/services/managing.py",
    "app/core/values/repair.py",
)
_FOR_SENDERS: Final = (  # written at the desk, read by citizens
    "app/cooperatives/desk/messages.py",
    "app/clinic/desk/moving.py",
    "app/clinic/desk/contact.py",
)
_DESK_NAMES: Final = ("desk_", "staff_", "commands.py", "desk.py", "holidays")


def is_public(message: Message) -> bool:
    """True when a page for everybody may show the message."""
    return any(not _only_for_officers(path) for path, _line in message.locations)


def _only_for_officers(path: str) -> bool:
    if path in _FOR_SENDERS:
        return False
    name = path.rsplit("/", 1)[-1]
    return path.startswith(_DESK) or name.startswith(_DESK_NAMES) or name in _DESK_NAMES


def source_catalogue() -> Catalog:
    """All texts that stand in code and templates now, with the files they stand in."""
    with (PROJECT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    catalogue = Catalog(project="kop-ukm", charset="utf-8")
    found = extract_from_dir(str(PROJECT), methods, options, KEYWORDS, comment_tags=("penerjemah:",))
    for path, line, text, comments, context in found:
        catalogue.add(text, None, [(path, line)], auto_comments=comments, context=context)
    return catalogue


def read(language: str) -> Catalog:
    """The catalogue of a language as it is kept."""
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def path_of(language: str) -> Path:
    """Where the catalogue of a language lies."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def missing(language: str, source: Catalog | None = None) -> Iterator[Message]:
    """Messages of public pages without a translation."""
    kept = read(language)
    for message in source or source_catalogue():
        if message.id and is_public(message):
            translated = kept.get(message.id, message.context)
            if translated is None or not translated.string or translated.fuzzy:
                yield message


def gone(language: str, source: Catalog) -> list[str]:
    """Texts of a catalogue that stand nowhere any more; ``update`` drops them."""
    texts = {message.id for message in source}
    return [str(message.id) for message in read(language) if message.id not in texts]


def update() -> None:
    """Bring both catalogues up to date with the source."""
    source = source_catalogue()
    for language in LANGUAGES:
        kept = read(language)
        kept.update(source, no_fuzzy_matching=True)
        kept.obsolete.clear()
        with path_of(language).open("wb") as file:
            write_po(file, kept, width=WIDTH, sort_by_file=True, include_lineno=False, omit_header=False)


def main(words: list[str]) -> int:
    """``update``, or without a word only the report."""
    if "update" in words:
        update()
    source = source_catalogue()
    lacking = {language: list(missing(language, source)) for language in LANGUAGES}
    for language, messages in lacking.items():
        for message in messages:
            print(
                f"{language}: {message.id!r}  ({', '.join(sorted({path for path, _ in message.locations}))})"
            )
    left = {language: gone(language, source) for language in LANGUAGES}
    for language in LANGUAGES:
        print(f"{language}: {len(lacking[language])} missing, {len(left[language])} gone")
    return int(any(lacking.values()) or any(left.values()))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
