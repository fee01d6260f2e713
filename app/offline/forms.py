"""What the desk takes in of carried submissions."""

from __future__ import annotations

from typing import Final

from flask_wtf.file import FileField
from wtforms import TextAreaField

from app.core.forms import PlainForm
from app.core.language import say
from app.offline.carried_rules import LONGEST_TEXT

_BOTH: Final = say("Tempel dulu teksnya, atau pilih berkasnya.")
_TOO_LONG: Final = say("Terlalu banyak sekaligus. Ambil sebagian dulu.")


class IntakeForm(PlainForm):
    """A text, a saved file, or both; a scanner writes into the text."""

    text = TextAreaField(say("Teks kiriman"))
    file = FileField(say("Berkas kiriman (.txt)"))

    everything: str = ""

    def validate(self, extra_validators: object = None) -> bool:
        """Something must be there. What it says is read afterwards, item by item."""
        read = self.file.data.stream.read(LONGEST_TEXT + 1) if self.file.data else b""
        self.everything = f"{self.text.data or ''}\n{read.decode('utf-8', 'replace')}"
        if not self.everything.strip():
            self.text.errors = [*self.text.errors, _BOTH]
            return False
        if len(self.everything) > LONGEST_TEXT:
            self.form_errors.append(_TOO_LONG)
            return False
        return True
