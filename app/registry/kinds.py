"""What rooms above tell the receipt pages about their kinds of submission.

The receipt pages belong to the registry, which knows no cooperative and no business; each room above hangs one
``KindDoor`` per kind on ``DOORS`` when it is furnished.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from flask_babel import LazyString
from werkzeug.wrappers import Response

from app.registry.queries.submissions import ReceiptView
from app.registry.rules import SubmissionKind

Content = Mapping[str, list[str]]


@dataclass(frozen=True)
class ReceiptPage:
    """What a kind adds to its receipt.

    ``facts``: (label, value) read back; ``steps``: (title, text) to come;
    ``returned``: (question, the officer's words); ``links``: (text, address, pictogram); ``extra``: template of a
    part of its own, with ``context``. ``thanks``: said instead of a promise where nothing is decided. ``about``: its
    title says what it is about, and names nobody.
    """

    facts: tuple[tuple[str, str], ...] = ()
    steps: tuple[tuple[str, str], ...] = ()
    returned: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str, str], ...] = ()
    extra: str = ""
    thanks: str = ""
    about: bool = False
    context: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class KindDoor:
    """One kind of submission: its name, its part of the receipt, and the page that mends it (None: never).

    ``address``: where its receipt stands when it has a page of its own.
    """

    title: LazyString
    describe: Callable[[ReceiptView, Content], ReceiptPage]
    mend: Callable[[ReceiptView], Response] | None = None
    address: Callable[[ReceiptView], str] | None = None


DOORS: Final[dict[SubmissionKind, KindDoor]] = {}
