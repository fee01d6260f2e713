"""The row report, with numbers of persons covered or, for those who may, in clear."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Response, send_file

from app.accounts.step_up import with_step_up
from app.core import audit
from app.core.access import Access, current_actor
from app.core.sheet_out import MIME_TYPE
from app.core.transaction import atomically
from app.imports import room
from app.imports.desk.entering import batch_or_404
from app.imports.queries.batches import BatchView
from app.imports.reporting import write_row_report


@room.get("/petugas/impor/<int:batch_id>/laporan.xlsx", access=Access.IMPORT_COOPERATIVES)
def report(batch_id: int) -> Response:
    """The rows as they came, each with what it does and why; numbers of persons covered."""
    return _sent(batch_or_404(batch_id), in_clear=False)


@room.post("/petugas/impor/<int:batch_id>/laporan-lengkap", access=Access.EXPORT_PERSONAL)
@with_step_up
def full_report(batch_id: int) -> Response:
    """The same with numbers in clear, so that a mended report can come in again as a list. Noted first."""
    batch = batch_or_404(batch_id)
    actor = current_actor()
    subject = f"impor:{batch_id}"
    atomically(
        lambda s: audit.record_personal_access(
            s, actor=actor, subject=subject, fields="phone, cells", purpose="laporan impor lengkap"
        )
    )
    return _sent(batch, in_clear=True)


def _sent(batch: BatchView, *, in_clear: bool) -> Response:
    with tempfile.NamedTemporaryFile(prefix="laporan-", suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    try:
        write_row_report(batch, path, in_clear=in_clear)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    answer = send_file(
        path,
        mimetype=MIME_TYPE,
        as_attachment=True,
        download_name=f"laporan-impor-{batch.id}.xlsx",
    )
    answer.headers["Cache-Control"] = "no-store"  # send_file would let it be kept
    answer.call_on_close(lambda: path.unlink(missing_ok=True))
    return answer
