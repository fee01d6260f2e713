"""Tables of staged imports: the batch and its rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.audit import BigId
from app.core.db import Base, choice
from app.imports.rules import BatchStatus, Decision, Outcome


class ImportBatch(Base):
    """One file brought in. ``mapping`` (staging.SheetColumns by sheet) is correctable before the commit.

    ``data_as_of`` is '' where nobody said of which day the list is. ``acting_by`` started the running work.
    ``forgotten_at``: the cells are gone, so the batch can no longer be undone.
    """

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[BatchStatus] = mapped_column(choice(BatchStatus, "status"))
    sentence: Mapped[str] = mapped_column(Text, default="")
    mapping: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    counts: Mapped[dict[str, int] | None] = mapped_column(JSON)
    rows_done: Mapped[int] = mapped_column(default=0)
    rows_total: Mapped[int] = mapped_column(default=0)
    data_as_of: Mapped[str] = mapped_column(String(40), default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    acting_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    committed_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]


class ImportRow(Base):
    """One row of the file, staged. Cells, values and changes are sealed: they hold phones of persons.

    ``record_code``: the record it made or changes, or the one it resembles. ``twin_*``: the earlier row of the
    file that it may repeat. ``decision``: an officer's word about a conflict.
    """

    __tablename__ = "import_row"
    __table_args__ = (
        Index("ix_import_row_batch", "batch_id", "outcome", "id"),
        Index("ix_import_row_number", "batch_id", "row_number"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    sheet: Mapped[str] = mapped_column(String(80))
    row_number: Mapped[int]
    name: Mapped[str] = mapped_column(String(200), default="")
    cells_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    values_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome, "outcome"))
    reasons: Mapped[list[dict[str, str]] | None] = mapped_column(JSON)
    record_code: Mapped[str | None] = mapped_column(String(12))
    twin_sheet: Mapped[str | None] = mapped_column(String(80))
    twin_row: Mapped[int | None]
    changes_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    decision: Mapped[Decision | None] = mapped_column(choice(Decision, "decision"))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    applied: Mapped[bool] = mapped_column(Boolean, server_default=false(), default=False)
    undone: Mapped[bool] = mapped_column(Boolean, server_default=false(), default=False)
