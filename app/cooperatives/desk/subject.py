"""What one page of the desk is about: a record or a submission without one, as this person may see it."""

from __future__ import annotations

from dataclasses import dataclass

from app.cooperatives.queries.desk_record import (
    RecordView,
    SubmissionView,
    list_submissions_for,
    record_for,
    submission_for,
)
from app.core.access import Access, Actor, current_actor
from app.core.codes import RECEIPT_PATTERN, RECORD_PATTERN, tidy_code
from app.core.errors import not_found
from app.registry.deciding_rules import why_not_decide


@dataclass(frozen=True)
class Subject:
    """The record (None for a lost receipt), what was sent about it, and the submission that is on the screen."""

    code: str
    record: RecordView | None
    submissions: list[SubmissionView]
    current: SubmissionView | None

    @property
    def title(self) -> str:
        """Its name."""
        if self.record is not None:
            return self.record.name
        return self.current.title if self.current else self.code

    @property
    def place(self) -> str:
        """Where it is."""
        if self.record is not None:
            return self.record.place
        return self.current.place if self.current else ""

    def may_contact(self, actor: Actor) -> bool:
        """Whether this person may be shown telephone numbers of it."""
        if not actor.may(Access.CONTACT_COOPERATIVE):
            return False
        codes = {self.record.kecamatan_code} if self.record else set()
        codes |= {s.handled_kecamatan_code for s in self.submissions if s.handled_kecamatan_code}
        return actor.everywhere or any(actor.covers(code) for code in codes)

    def may_decide(self, actor: Actor) -> bool:
        """Whether this person may decide on the submission on the screen."""
        return self.current is not None and why_not_decide(actor, self.current.matter) is None


def subject_or_404(code: str, number: str | None = None) -> Subject:
    """The subject with this code, as the running person may see it. Not there and not theirs look the same.

    ``number``: receipt number of the submission that is meant; else the oldest that waits, else the latest.
    """
    found = _find(current_actor(), code, tidy_code(number or ""))
    if found is None:
        not_found()
    return found


def _find(actor: Actor, code: str, number: str) -> Subject | None:
    if RECEIPT_PATTERN.fullmatch(code):
        submission = submission_for(actor, code)
        if submission is None:
            return None
        if submission.record_code is None:
            return Subject(code, None, [submission], submission)
        code, number = submission.record_code, code
    if not RECORD_PATTERN.fullmatch(code):
        return None
    record = record_for(actor, code)
    if record is None:
        return None
    submissions = list_submissions_for(actor, record)
    return Subject(code, record, submissions, _current(submissions, number))


def _current(submissions: list[SubmissionView], number: str) -> SubmissionView | None:
    named = next((s for s in submissions if s.receipt_number == number), None)
    if named is not None:
        return named
    first_open = next((s for s in submissions if s.open), None)
    return first_open or (submissions[-1] if submissions else None)
