"""XML in pieces, looked at as bytes before any parser sees it. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from .limits import Refused

# Longer text without a tag than this is no cell: 32,767 characters of at most 6 bytes.
_LONGEST_TEXT: Final = 1 << 18
# Declarations (DOCTYPE, ENTITY, ELEMENT ...): office programs write none, bombs and thieves need them.
_DECLARATION: Final = re.compile(rb"<!(?!--|\[CDATA\[)")
_ENCODING: Final = re.compile(rb"""^[^<]{0,10}<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{1,40})["']""")
# Encodings whose angle brackets are those of ASCII, so that nothing can hide from the search above.
_PLAIN_ENCODINGS: Final = (
    b"utf-8",
    b"utf8",
    b"us-ascii",
    b"ascii",
    b"iso-8859-1",
    b"windows-1252",
)


def complete_pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes cut behind a row or at least behind a tag, each piece free of declarations.

    Raises Refused xml_entities (declarations), damaged (not XML in a plain encoding).
    """
    kept = b""
    first = True
    for chunk in chunks:
        kept += chunk
        if first and len(kept) >= 200:
            _check_encoding(kept)
            first = False
        end = kept.rfind(b"</row>") + 6
        if end < 6:
            end = kept.rfind(b">") + 1
        if end:
            yield _declaring_nothing(kept[:end])
            kept = kept[end:]
        elif len(kept) > _LONGEST_TEXT:
            raise Refused("damaged")
    if first:
        _check_encoding(kept)
    if kept:
        yield _declaring_nothing(kept)


def _check_encoding(start: bytes) -> None:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in start[:200]:
        raise Refused("damaged")
    named = _ENCODING.match(start)
    if named and named[1].lower() not in _PLAIN_ENCODINGS:
        raise Refused("damaged")


def _declaring_nothing(piece: bytes) -> bytes:
    if _DECLARATION.search(piece):
        raise Refused("xml_entities")
    return piece
