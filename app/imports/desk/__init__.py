"""Officers' door of the imports: upload, dry run, corrected columns, words about rows, commit, report, undo."""

from app.imports.desk import batch, columns, deeds, reports, rows, upload

__all__ = ["batch", "columns", "deeds", "reports", "rows", "upload"]
