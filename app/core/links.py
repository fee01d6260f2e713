"""Addresses for the world outside: QR codes, paper, WhatsApp texts."""

from __future__ import annotations

from flask import current_app, request


def outside_url(path: str) -> str:
    """``path`` with the public address of this site; never what a Host header claims when PUBLIC_URL is set."""
    base = current_app.config["SETTINGS"].public_url or request.host_url.rstrip("/")
    return f"{base}{path}"
