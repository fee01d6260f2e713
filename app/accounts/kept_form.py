"""What somebody typed before their session ended is kept for that person, and for nobody else.

Nothing is stored: the fields travel, sealed for the account, as one hidden field of the sign-in page. After the
same person signed in they are shown again with one button that sends them. In the hands of another person they
stay closed. Works without JavaScript; chosen files have to be chosen again, passwords and codes are never kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from flask import Response, request

from app.accounts.rules.sessions import KEPT_FORM_HOLDS
from app.accounts.sealed_note import open_note, seal_note
from app.accounts.way_back import match_own, room_of
from app.core.forms import PERSONAL_EXTRAS
from app.core.page import page
from app.core.typed_words import Said, in_words
from app.regions.queries import place_names

_PURPOSE: Final = "kept-form"
_SECRET_NAMES: Final = {"password", "current_password", "totp", "kept", "pending", "setup_key"}
_TECHNICAL: Final = PERSONAL_EXTRAS | {"version"}


@dataclass(frozen=True)
class KeptForm:
    """A form that was posted but not carried out: where it goes and its fields in their order."""

    address: str
    pairs: list[tuple[str, str]] = field(default_factory=list)
    had_files: bool = False

    @property
    def written(self) -> list[Said]:
        """What a person wrote or chose, for looking it over: (label or '', words), answers to one question in one."""
        room = room_of(self.address.split("?")[0], "POST")
        found: dict[str, Said] = {}
        for name, value in self.pairs:
            if value.strip() and name not in _TECHNICAL:
                label, words = in_words(room, name, place_names([value]).get(value, value))
                found[name] = (label, f"{found[name][1]}, {words}" if name in found else words)
        return list(found.values())


def keep_this_form(account_id: int, *, even_empty: bool = False) -> str:
    """The running POST as text for a hidden field, sealed for ``account_id``.

    '' when it holds a password or a code, or nothing was typed (unless ``even_empty``: a button alone).
    """
    pairs = [
        (name, value) for name, values in request.form.lists() for value in values if name != "csrf_token"
    ]
    if _SECRET_NAMES & {name for name, _value in pairs}:
        return ""
    if not even_empty and not any(value.strip() for name, value in pairs if name not in _TECHNICAL):
        return ""
    content = {
        "address": request.full_path.rstrip("?"),
        "pairs": pairs,
        "had_files": any(storage.filename for storage in request.files.values()),
    }
    return seal_note(content, purpose=_PURPOSE, owner=str(account_id))


def open_kept_form(text: str | None, account_id: int) -> KeptForm | None:
    """The form, when it was kept for this account less than 12 hours ago and its address still takes it."""
    content = open_note(text or "", purpose=_PURPOSE, owner=str(account_id), holds=KEPT_FORM_HOLDS)
    if content is None or match_own(content["address"].split("?")[0], "POST") is None:
        return None
    pairs = [(str(name), str(value)) for name, value in content["pairs"]]
    return KeptForm(content["address"], pairs, bool(content["had_files"]))


def offer_kept_form(kept: KeptForm, *, leave: str) -> Response:
    """The page that shows the kept form again. ``leave``: where to go for somebody who does not want it any more."""
    return page("accounts/kept_form.html", kept=kept, leave=leave)
