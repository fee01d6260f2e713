"""Pure vocabulary and rules of every registry: kinds, statuses, who may move what where. No clock, no database."""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
import uuid
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from app.core.errors import RuleBroken
from app.core.language import say


class RecordKind(StrEnum):
    """Which registry a record belongs to."""

    COOPERATIVE = "cooperative"
    BUSINESS = "business"


class RecordStatus(StrEnum):
    """Where a record stands. Only PUBLIC ones are looked up, mapped and counted.

    CANDIDATE is a *calon koperasi*: accepted, but its legal-entity number is missing or not checked yet.
    """

    PENDING = "pending"
    CANDIDATE = "candidate"
    PUBLIC = "public"
    REJECTED = "rejected"
    MERGED = "merged"
    ARCHIVED = "archived"


class Source(StrEnum):
    """How a record or submission came in (contradiction K16 of the seeds)."""

    SELF = "self"
    ASSISTED = "assisted"
    IMPORT = "import"


class SubmissionKind(StrEnum):
    """What a submission asks for."""

    COOPERATIVE_REGISTRATION = "cooperative_registration"
    COOPERATIVE_CLAIM = "cooperative_claim"
    COOPERATIVE_CORRECTION = "cooperative_correction"
    COOPERATIVE_REPORT = "cooperative_report"
    COOPERATIVE_MESSAGE = "cooperative_message"
    LOST_RECEIPT = "lost_receipt"
    CLINIC_BOOKING = "clinic_booking"
    CLINIC_WISH = "clinic_wish"
    CLINIC_FEEDBACK = "clinic_feedback"


class SubmissionStatus(StrEnum):
    """Life of a submission (glossary)."""

    RECEIVED = "received"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    ARCHIVED = "archived"


class HowChecked(StrEnum):
    """How an officer satisfied himself before accepting."""

    MINISTRY_LIST = "ministry_list"
    DOCUMENT = "document"
    TELEPHONE = "telephone"
    VISIT = "visit"


class ContactWay(StrEnum):
    """How the sender was told of a decision."""

    WHATSAPP = "whatsapp"
    TELEPHONE = "telephone"
    DESA = "desa"


# From -> to. Everything else is refused, whoever asks. A returned submission comes back as received when its
# sender mends it; a wrong rejection or a wrong "same as" can be taken up again.
ALLOWED: Final = frozenset(
    {
        (SubmissionStatus.RECEIVED, SubmissionStatus.IN_REVIEW),
        (SubmissionStatus.RECEIVED, SubmissionStatus.RETURNED),
        (SubmissionStatus.RECEIVED, SubmissionStatus.ACCEPTED),
        (SubmissionStatus.RECEIVED, SubmissionStatus.REJECTED),
        (SubmissionStatus.RECEIVED, SubmissionStatus.DUPLICATE),
        (SubmissionStatus.IN_REVIEW, SubmissionStatus.RECEIVED),
        (SubmissionStatus.IN_REVIEW, SubmissionStatus.RETURNED),
        (SubmissionStatus.IN_REVIEW, SubmissionStatus.ACCEPTED),
        (SubmissionStatus.IN_REVIEW, SubmissionStatus.REJECTED),
        (SubmissionStatus.IN_REVIEW, SubmissionStatus.DUPLICATE),
        (SubmissionStatus.RETURNED, SubmissionStatus.RECEIVED),
        (SubmissionStatus.RETURNED, SubmissionStatus.ACCEPTED),
        (SubmissionStatus.RETURNED, SubmissionStatus.REJECTED),
        (SubmissionStatus.RETURNED, SubmissionStatus.DUPLICATE),
        (SubmissionStatus.RETURNED, SubmissionStatus.ARCHIVED),
        (SubmissionStatus.REJECTED, SubmissionStatus.IN_REVIEW),
        (SubmissionStatus.REJECTED, SubmissionStatus.ARCHIVED),
        (SubmissionStatus.DUPLICATE, SubmissionStatus.IN_REVIEW),
        (SubmissionStatus.DUPLICATE, SubmissionStatus.ARCHIVED),
        (SubmissionStatus.ACCEPTED, SubmissionStatus.ARCHIVED),
    }
)

# What an officer has to look at.
WAITING: Final = frozenset({SubmissionStatus.RECEIVED, SubmissionStatus.IN_REVIEW})

# Nobody has to decide on these: they are accepted as they come, and never lie in a queue.
SETTLED_AT_ONCE: Final = frozenset({SubmissionKind.CLINIC_BOOKING, SubmissionKind.CLINIC_FEEDBACK})
OPEN: Final = frozenset({SubmissionStatus.RECEIVED, SubmissionStatus.IN_REVIEW, SubmissionStatus.RETURNED})


def may_move(old: SubmissionStatus, new: SubmissionStatus) -> bool:
    """True when a submission may go from ``old`` to ``new``."""
    return (old, new) in ALLOWED


def check_move(old: SubmissionStatus, new: SubmissionStatus) -> None:
    """Raise RuleBroken('closed') unless a submission may go from ``old`` to ``new``."""
    if not may_move(old, new):
        raise RuleBroken("", say("Kiriman ini sudah diputuskan. Muat ulang halamannya."), code="closed")


# --- one content, one spelling ----------------------------------------------------------------------------------

Pairs = Sequence[tuple[str, str]]

# What travels with a form but is not what the person said. ``tahap`` is the name of buttons.
NOT_CONTENT: Final = frozenset(
    {
        "submission_id",
        "form_version",
        "filled_at",
        "website",
        "csrf_token",
        "tahap",
        "bahasa",
        "replaces",
        "uid",
        "reader",
    }
)


def tidy_pairs(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The content of a form in the order sent: blanks around values, empty fields and line-end flavours gone."""
    plain = ((name, value.replace("\r\n", "\n").strip()) for name, value in pairs)
    return [(name, value) for name, value in plain if value and name not in NOT_CONTENT]


def canonical_content(pairs: Iterable[tuple[str, str]]) -> str:
    """One text for one content: sorted, so that the order of fields does not matter.

    A browser sends empty fields and the outbox may not; line ends differ by who encodes. Neither makes another
    content, or a replay would be taken for a conflict.
    """
    normal = ((name, unicodedata.normalize("NFC", value)) for name, value in tidy_pairs(pairs))
    return json.dumps(sorted(normal), ensure_ascii=False, separators=(",", ":"))


# --- the receipt's link -----------------------------------------------------------------------------------------

_TAG_BYTES: Final = 16
_TOKEN_BYTES: Final = 1 + 16 + _TAG_BYTES
_TOKEN_LENGTH: Final = 44


def receipt_token(key: bytes, submission_id: str, *, key_id: int) -> str:
    """Key id, submission id and HMAC(key, "receipt" + id) as 44 characters of base64url; nothing is stored."""
    raw = bytes([key_id]) + uuid.UUID(submission_id).bytes + _receipt_tag(key, submission_id)
    return urlsafe_b64encode(raw).decode()


def read_receipt_token(keys: Mapping[int, bytes], token: str) -> str | None:
    """The submission id of a genuine token of any of ``keys``, else None; compared in constant time."""
    if len(token) != _TOKEN_LENGTH or not token.isascii():
        return None
    try:
        raw = b64decode(token, altchars=b"-_", validate=True)
    except ValueError:
        return None
    key = keys.get(raw[0]) if len(raw) == _TOKEN_BYTES else None
    if key is None:
        return None
    submission_id = str(uuid.UUID(bytes=raw[1:17]))
    genuine = hmac.compare_digest(raw[17:], _receipt_tag(key, submission_id))
    return submission_id if genuine else None


def _receipt_tag(key: bytes, submission_id: str) -> bytes:
    return hmac.new(key, f"receipt{submission_id}".encode(), hashlib.sha256).digest()[:_TAG_BYTES]


# --- times that a phone tells -----------------------------------------------------------------------------------

FIRST_FORM: Final = datetime(2026, 11, 1, tzinfo=UTC)
_CLOCK_TOLERANCE: Final = timedelta(minutes=5)


def clamp_filled_at(text: str, received: datetime) -> datetime | None:
    """When the form was filled, by the phone's clock (ms since 1970), kept between the first form and now.

    Only shown, never decided upon: a phone's clock can say anything. None when it says nothing readable.
    """
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        return None
    moment = datetime.fromtimestamp(min(int(text), 253_402_300_799_000) / 1000, UTC)
    return max(FIRST_FORM, min(moment, received + _CLOCK_TOLERANCE))
