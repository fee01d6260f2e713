"""Lists brought in by tests: made, tried, brought in, looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import LargeBinary, func, select, update
from sqlalchemy.orm import Session

from app.accounts.models import SignInSession
from app.cooperatives.models import Cooperative, RatMeeting
from app.core.access import Actor, Role, Section
from app.core.clock import now
from app.core.crypt import unseal
from app.core.db import Base, db
from app.core.transaction import atomically
from app.imports import jobs, staging
from app.imports.queries.batches import BatchView, get_batch
from app.imports.queries.rows import RowView, list_rows
from app.imports.rules import Outcome
from app.registry.models import PublicTally, SearchPosting, SearchVariant, SearchWord
from tests.imports.files import make_csv

OFFICE: Final = Actor(name="Petugas uji", role=Role.OFFICER, section=Section.KPK, everywhere=True)
HEADS: Final = (
    *("Nama Koperasi", "No Badan Hukum", "NIK Koperasi", "Kecamatan", "Desa", "Alamat", "No HP"),
    *("Anggota Pria", "Anggota Wanita", "Status", "Jenis Koperasi", "Keterangan"),
)
CANARY: Final = "081298765432"


def row(name: str = "", *, place: str = "Nanggung", desa: str = "Nanggung", **cells: Any) -> list[Any]:
    """One row under HEADS; keywords: number, nik, address, phone, men, women, status, kind, remark."""
    given = {"kecamatan": place, "desa": desa, **cells}
    names = (
        "number",
        "nik",
        "kecamatan",
        "desa",
        "address",
        "phone",
        "men",
        "women",
        "status",
        "kind",
        "remark",
    )
    return [name, *(given.get(key) for key in names)]


def make_list(
    folder: Path, *rows: Sequence[Any], heads: Sequence[str] = HEADS, name: str = "daftar.csv"
) -> Path:
    """A list of ``rows`` under ``heads``, the heading in row 1."""
    return make_csv(folder / name, [list(heads), *rows])


def dry_run(path: Path, *, as_of: date | None = None, actor: Actor = OFFICE) -> BatchView:
    """The file, read and judged."""
    with path.open("rb") as stream:
        batch_id, found = staging.take_file(
            stream, file_name=path.name, kind="cooperatives", as_of=as_of, actor=actor
        )
    staging.read_file(batch_id, found)
    return look(batch_id)


def bring_in(path: Path, *, as_of: date | None = None, actor: Actor = OFFICE) -> BatchView:
    """The file, read and brought in."""
    return commit(dry_run(path, as_of=as_of, actor=actor), actor=actor)


def commit(batch: BatchView, *, actor: Actor = OFFICE) -> BatchView:
    """The batch, brought in."""
    jobs.begin_commit(batch.id, actor)
    jobs.commit(batch.id, actor)
    return look(batch.id)


def undo(batch: BatchView, *, actor: Actor = OFFICE) -> BatchView:
    """The batch, taken back."""
    jobs.begin_undo(batch.id, actor)
    jobs.undo(batch.id, actor)
    return look(batch.id)


def look(batch_id: int) -> BatchView:
    """The batch as it stands."""
    db.session.rollback()
    return get_batch(batch_id)


def rows_of(batch: BatchView) -> list[RowView]:
    """All rows in the order of the file."""
    db.session.rollback()
    return list_rows(batch.id, None, limit=100_000)


def outcomes(batch: BatchView) -> list[str]:
    """Outcome of each row."""
    return [r.outcome.value for r in rows_of(batch)]


def counts(batch: BatchView) -> dict[str, int]:
    """Rows per outcome, those that occur."""
    return {name: n for name, n in batch.counts.items() if n}


def said(batch: BatchView, number: int, field: str | None = None) -> str:
    """What is said about the row with this number (of one field)."""
    found = next(r for r in rows_of(batch) if r.ref.number == number)
    return " ".join(r["words"] for r in found.reasons if field is None or r["field"] == field)


def only_row(batch: BatchView) -> RowView:
    """The single row of the list."""
    (found,) = rows_of(batch)
    return found


def records() -> list[Cooperative]:
    """All records."""
    db.session.rollback()
    return list(db.session.scalars(select(Cooperative).order_by(Cooperative.id)))


def record(name: str) -> Cooperative:
    """The record called so."""
    (found,) = [r for r in records() if r.name == name]
    return found


def phone_of(found: Cooperative) -> str | None:
    """Its number in clear."""
    return unseal(found.phone_sealed, place=f"cooperative.phone:{found.code}") if found.phone_sealed else None


_BOOKKEEPING: Final = {"id", "version", "updated_at", "phone_sealed", "contact_name_sealed"}


def state() -> dict[str, list[Any]]:
    """What the registry says: records (phones opened), meetings, counts, words. Equal states are equal values.

    Left out: numbers of rows, how often a record was written and when.
    """
    columns = [c.key for c in Cooperative.__table__.columns if c.key not in _BOOKKEEPING]
    found = records()
    codes = {r.id: r.code for r in found}
    words = {w.id: w.word for w in db.session.scalars(select(SearchWord).where(SearchWord.records > 0))}
    select_all = db.session.execute
    return {
        "records": sorted(
            [(*(repr(getattr(r, c)) for c in columns), phone_of(r)) for r in found], key=lambda r: r[0]
        ),
        "meetings": sorted(
            (codes[i], year, str(source))
            for i, year, source in select_all(
                select(RatMeeting.cooperative_id, RatMeeting.book_year, RatMeeting.source)
            )
        ),
        "counts": sorted(
            (place, desa, n)
            for place, desa, n in select_all(
                select(PublicTally.kecamatan_code, PublicTally.desa_code, PublicTally.records)
            )
            if n
        ),
        "words": sorted(
            (w.word, w.records) for w in db.session.scalars(select(SearchWord).where(SearchWord.records > 0))
        ),
        "postings": sorted(
            (words[w], weight, codes[i])
            for w, weight, i in select_all(
                select(SearchPosting.word_id, SearchPosting.weight, SearchPosting.record_id)
            )
        ),
        "variants": sorted(
            (variant, words[w])
            for variant, w in select_all(select(SearchVariant.variant, SearchVariant.word_id))
            if w in words
        ),
    }


def still_signed_in() -> None:
    """Everybody's sessions, though the clock was moved; the second factor is as old as it is."""
    later = {"last_seen_at": now(), "expires_at": now() + timedelta(hours=9)}

    def prolong(session: Session) -> None:
        session.execute(update(SignInSession).values(**later))

    atomically(prolong)


def in_clear(text: str) -> list[str]:
    """Tables and columns in which ``text`` stands readable, sealed ones included."""
    db.session.rollback()
    found = []
    for table in Base.metadata.sorted_tables:
        for stored in db.session.execute(select(table)).mappings():
            for column in table.columns:
                value = stored[column.key]
                readable = value.decode("latin-1") if isinstance(value, bytes) else str(value)
                if text in readable:
                    found.append(f"{table.name}.{column.key}")
    return sorted(set(found))


def sealed_cells() -> int:
    """How many sealed parts of staged rows there are."""
    table = Base.metadata.tables["import_row"]
    sealed = [c for c in table.columns if isinstance(c.type, LargeBinary)]
    return sum(int(db.session.scalar(select(func.count(c))) or 0) for c in sealed)


def count_of(batch: BatchView, outcome: Outcome) -> int:
    """Rows with this outcome."""
    return batch.counts.get(outcome.value, 0)
