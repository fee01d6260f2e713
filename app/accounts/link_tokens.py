"""The unguessable part of a one-time link: 256 bits, kept only as SHA-256."""

from __future__ import annotations

import hashlib
import secrets

from flask import current_app

PATH = "/tautan/"


def new_link_token() -> str:
    """A new token for the address."""
    return secrets.token_urlsafe(32)


def link_digest(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_address(token: str) -> str:
    """The whole address, usable where no request is at hand (commands)."""
    settings = current_app.config["SETTINGS"]
    base = settings.public_url or f"http://{_host_in_address(settings.host)}:{settings.port}"
    return f"{base}{PATH}{token}"


def _host_in_address(host: str) -> str:
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound: "everywhere" is no address to open
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
