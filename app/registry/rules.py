"""Pure vocabulary and rules of every registry: kinds, statuses, who may move what where. No clock, no database."""

from __future__ import annotations

from enum import StrEnum


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
