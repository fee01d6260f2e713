"""Pure rules of what a decision does to the record of a cooperative."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from app.cooperatives.rules import MembershipArea
from app.core.errors import RuleBroken
from app.core.language import say
from app.core.values import ValueProblem, parse_phone
from app.registry.rules import HowChecked, RecordStatus, SubmissionKind

# Submissions that bring their own record along; the others speak about one that is there already.
WITH_OWN_RECORD: Final = frozenset({SubmissionKind.COOPERATIVE_REGISTRATION})

# What an officer may do with each kind beside accepting and rejecting.
RETURNABLE: Final = frozenset({SubmissionKind.COOPERATIVE_REGISTRATION})
MERGEABLE: Final = frozenset({SubmissionKind.COOPERATIVE_REGISTRATION})
# What is passed on or answered, not checked.
NOTHING_TO_CHECK: Final = frozenset({SubmissionKind.COOPERATIVE_MESSAGE, SubmissionKind.LOST_RECEIPT})

GUIDED_ELSEWHERE: Final = {
    MembershipArea.PROVINSI: "Dicatat. Pembinaannya oleh provinsi.",
    MembershipArea.NASIONAL: "Dicatat. Pembinaannya oleh kementerian.",
}


# Ways of checking that show the number itself; by telephone or on a visit the officer says so with a tick.
SHOWING_THE_NUMBER: Final = frozenset({HowChecked.MINISTRY_LIST, HowChecked.DOCUMENT})


def number_was_checked(*, legal_entity_number: str, how_checked: HowChecked | None, ticked: bool) -> bool:
    """True when this acceptance checked the legal-entity number too."""
    return ticked or (bool(legal_entity_number) and how_checked in SHOWING_THE_NUMBER)


def status_on_acceptance(*, legal_entity_number: str, number_checked: bool) -> RecordStatus:
    """PUBLIC once the legal-entity number was checked; without a checked number it stays a *calon koperasi*.

    Raises RuleBroken when a number is said to be checked that nobody wrote down.
    """
    if number_checked and not legal_entity_number:
        raise RuleBroken("", say("Nomor badan hukumnya belum diisi, jadi belum bisa dicentang."))
    return RecordStatus.PUBLIC if number_checked else RecordStatus.CANDIDATE


@dataclass(frozen=True)
class Contact:
    """Whom to call about a cooperative, as a claim names them. ``phone`` in its one form, or None."""

    contact_name: str | None
    phone: str | None
    phone_owner: str
    consent_whatsapp: bool


def contact_in(pairs: Iterable[tuple[str, str]]) -> Contact:
    """The contact person in the content of a submission; a number that cannot be read counts as none."""
    sent = dict(pairs)
    try:
        phone = parse_phone(sent["phone"]) if sent.get("phone") else None
    except ValueProblem:
        phone = None
    return Contact(
        contact_name=sent.get("contact_name") or None,
        phone=phone,
        phone_owner=sent.get("phone_owner") or "self",
        consent_whatsapp=sent.get("consent_whatsapp", "") not in {"", "0", "false", "no", "off", "tidak"},
    )


def claim_changes(contact: Contact, owner_account_id: int | None) -> dict[str, Any]:
    """What an accepted claim changes on the record: the contact is the claimant now, and public no more.

    The old contact's leave to show a number was about another number, so it ends.
    """
    changes: dict[str, Any] = {
        "contact_name": contact.contact_name,
        "phone": contact.phone,
        "phone_owner": contact.phone_owner,
        "consent_whatsapp": contact.consent_whatsapp,
        "consent_public_contact": False,
    }
    if owner_account_id is not None:
        changes["owner_account_id"] = owner_account_id
    return changes
