"""The cooperatives' kind of import: what the engine asks of this registry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.cooperatives.history_words import value_words
from app.cooperatives.importing.applying import Prepared, apply_rows, prepare_rows
from app.cooperatives.importing.changes import counts_as_other
from app.cooperatives.importing.labels import label_of
from app.cooperatives.importing.matching import CooperativeMatcher, compare_with
from app.cooperatives.importing.undoing import undo_rows
from app.cooperatives.queries.importing import bodies_by_numbers, load_plain_values
from app.cooperatives.sheet_columns import REQUIRED, VOCABULARY
from app.core.access import Actor
from app.core.codes import tidy_code
from app.core.db import db
from app.core.errors import RuleBroken
from app.core.language import formatting_locale, say
from app.core.values import phone_masked
from app.imports.kinds import Applied, BatchFacts, Judgement, Matcher, StagedRow, Values
from app.registry.rules import RecordStatus


class CooperativeKind:
    """Lists of cooperatives (contract: ``kind=cooperatives``)."""

    name = "cooperatives"
    vocabulary = VOCABULARY
    required = REQUIRED
    personal = frozenset({"phone"})
    zero_is_empty = frozenset(
        {"phone", "nik_koperasi", "nib", "npwp", "legal_entity_number", "legal_entity", "annual_turnover"}
    )

    template = (
        *("name", "legal_entity_number", "legal_entity_date", "nik_koperasi", "cooperative_type"),
        *("kecamatan", "desa", "address", "phone", "contact_name", "chair_name"),
        *(
            "members_male",
            "members_female",
            "main_activity",
            "last_rat_date",
            "ministry_status",
            "nib",
            "npwp",
        ),
    )

    def matcher(self, *, as_of: date | None) -> Matcher:
        """A fresh matcher for one batch."""
        return CooperativeMatcher(as_of=as_of)

    def compare(self, code: str, values: Values, *, as_of: date | None) -> Judgement:
        """What the row would do to the record ``code``; a merged one stands for the record it went into."""
        found = bodies_by_numbers([("code", tidy_code(code))]).get(("code", tidy_code(code)))
        if not found:
            raise RuleBroken("code", say("Kode %(code)s tidak ada di catatan kami.", code=code[:20]))
        if found[0].status is RecordStatus.ARCHIVED:
            raise RuleBroken("code", say("Catatan %(code)s sudah diarsipkan.", code=found[0].code))
        stored = load_plain_values(db.session(), [found[0].code])
        return compare_with(found[0].code, stored[found[0].code], values, as_of=as_of)

    def prepare(self, rows: Sequence[StagedRow], batch: BatchFacts) -> Prepared:
        """Everything that needs no database."""
        return prepare_rows(rows, batch)

    def apply(
        self, session: Session, prepared: Prepared, batch: BatchFacts, *, actor: Actor
    ) -> list[Applied]:
        """Imported records count as accepted, with source and date, and are public at once (contract section 4)."""
        return apply_rows(session, prepared, batch, actor=actor)

    def undo(self, session: Session, rows: Sequence[StagedRow], *, actor: Actor, note: str) -> list[Applied]:
        """Take rows back; what was changed since stays and is said."""
        return undo_rows(session, rows, actor=actor, note=note)

    def side_by_side(self, code: str, values: Values) -> list[tuple[str, list[str], bool]]:
        """The record beside the row."""
        stored = load_plain_values(db.session(), [code]).get(code)
        if stored is None:
            return []
        names = [name for name in stored if name in values or stored[name] not in (None, "", [])]
        return [
            (
                self.label(name),
                [self.describe(name, stored[name]), self.describe(name, values.get(name))],
                name in values and counts_as_other(name, stored[name], values[name]),
            )
            for name in names
            if name != "ministry_record"
        ]

    def describe(self, name: str, value: Any) -> str:
        """A value for people."""
        if name == "phone":
            return phone_masked(str(value)) if value else ""
        if isinstance(value, dict):
            return "; ".join(f"{self.label(key)}: {text}" for key, text in value.items())
        return value_words(name, value, formatting_locale())

    def label(self, name: str) -> str:
        """A field for people."""
        return label_of(name)
