"""Security and cache headers of every answer, the host check, and the request log line."""

from __future__ import annotations

from flask import Flask, Response, g, request

from app.core.assets import style_hashes

PUBLIC_CACHE_SECONDS = 60


def public_cache(response: Response, seconds: int = PUBLIC_CACHE_SECONDS) -> Response:
    """Let caches keep this public answer. Only for pages that look the same to everybody."""
    g.public_cache = seconds
    return response


def add_headers(response: Response) -> Response:
    """after_request: exact values are asserted by tests for every route."""
    headers = response.headers
    headers["Content-Security-Policy"] = content_security_policy()
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if "Cache-Control" not in headers:
        seconds = g.get("public_cache")
        headers["Cache-Control"] = f"public, max-age={seconds}" if seconds else "no-store"
    return response


def content_security_policy() -> str:
    """Nothing from elsewhere, nothing inline but our one stylesheet, known by its hash."""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self' " + " ".join(f"'{value}'" for value in style_hashes()),
            "img-src 'self' data: blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        )
    )


def install(app: Flask) -> None:
    """Attach the headers."""
    app.after_request(add_headers)
