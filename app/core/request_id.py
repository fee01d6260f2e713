"""A short name for each request, shown on error pages and written into every log line."""

from __future__ import annotations

import secrets

from flask import g, has_request_context


def request_id() -> str:
    """The id of the running request ('-' outside one)."""
    if not has_request_context():
        return "-"
    if "request_id" not in g:
        g.request_id = secrets.token_hex(4)
    return str(g.request_id)
