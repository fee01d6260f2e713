"""A sealed form is opened before its view, so that every form takes sealed submissions without code of its own.

before_request, after access (a stranger at a guarded door is turned away before anything is opened) and after the
check of other sites (which reads the token beside the seal, not in it). ``request.form`` then holds what was typed.

Carried by somebody else, a submission must stay closed to its carrier: where the content asks for it (the pair
``reader``), the address of the receipt and what was typed go back only to who shows the reader proof.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from typing import Final

from flask import Response, current_app, g, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response as BaseResponse

from app.core.access import takes_submissions
from app.core.crypt import keys
from app.core.errors import error_response
from app.core.language import say
from app.core.office_key import CannotOpenSealed, UnknownOfficeKey, open_sealed, to_base64url

SEALED_FIELD: Final = "sealed"
READER_FIELD: Final = "reader"
READER_HEADER: Final = "X-Reader"
MOST_PAIRS: Final = 1000
# travels open, beside the seal: the receiver needs it before opening, or it is no content
_OUTSIDE: Final = ("submission_id", "form_version", "filled_at", "csrf_token")
# never taken from inside: ``tahap`` is a button of the plain way, which shows the page again instead of storing
_NOT_INSIDE: Final = frozenset({*_OUTSIDE, SEALED_FIELD, READER_FIELD, "tahap"})

_UNREADABLE = (
    say("Kiriman ini tidak bisa dibuka"),
    say("Isinya rusak di jalan. Isi formulirnya sekali lagi, atau datang ke kantor Dinas."),
)
_UNKNOWN_KEY = (
    say("Kunci kiriman ini sudah tidak ada"),
    say("Isi formulirnya sekali lagi, atau datang ke kantor Dinas."),
)

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Seal:
    """How the running form came. ``withheld``: nothing of its content may go back to whoever sent it."""

    withheld: bool


def running_seal() -> Seal | None:
    """The seal of the running form; None when it came open."""
    found: Seal | None = g.get("seal")
    return found


def withheld() -> bool:
    """True when the answer must not tell what was typed, nor where the receipt is."""
    seal = running_seal()
    return seal is not None and seal.withheld


def open_sealed_form() -> BaseResponse | None:
    """before_request: replace the running form by what was sealed in it; 422 or 409 where that cannot be opened."""
    if request.method != "POST" or not takes_submissions(current_app, request.endpoint or ""):
        return None
    sealed = request.form.get(SEALED_FIELD)
    if sealed is None:
        return None
    bound_to = request.path + request.form.get("submission_id", "")
    try:
        opened = open_sealed(sealed, bound_to=bound_to, office=keys().office)
        pairs = read_pairs(opened.content)
    except UnknownOfficeKey:
        return _refused(409, "unknown_key", _UNKNOWN_KEY)
    except CannotOpenSealed:
        return _refused(422, "unreadable", _UNREADABLE)
    asks_proof = (READER_FIELD, "1") in pairs
    g.seal = Seal(withheld=asks_proof and not _proven(opened.reader))
    _put_in_place(pairs)
    return None


def read_pairs(content: bytes) -> Pairs:
    """The field pairs of opened content. Raises CannotOpenSealed for anything else than a list of pairs of text."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise CannotOpenSealed("json") from error
    if not isinstance(found, list) or len(found) > MOST_PAIRS or not all(map(_is_pair, found)):
        raise CannotOpenSealed("pairs")
    return [(name, value) for name, value in found]


def _is_pair(item: object) -> bool:
    return isinstance(item, list) and len(item) == 2 and all(_is_text(part) for part in item)


def _is_text(part: object) -> bool:
    """Half a surrogate is no text: no database takes it."""
    return isinstance(part, str) and not any("\ud800" <= letter <= "\udfff" for letter in part)


def _proven(reader: bytes) -> bool:
    shown = request.headers.get(READER_HEADER, "")
    return hmac.compare_digest(shown.encode(), to_base64url(reader).encode())


def _put_in_place(pairs: Pairs) -> None:
    outside = [(name, value) for name in _OUTSIDE for value in request.form.getlist(name)[:1]]
    inside = [(name, value) for name, value in pairs if name not in _NOT_INSIDE]
    request.form = ImmutableMultiDict(outside + inside)
    request.__dict__.pop("values", None)  # was put together from the closed form


def _refused(status: int, error: str, words: tuple[object, object]) -> Response:
    title, advice = (str(text) for text in words)
    return error_response(status, error=error, words=(title, advice))
