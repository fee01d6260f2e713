"""The web manifest: what a phone shows when the application is put on its home screen."""

from __future__ import annotations

from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from app.core.assets import STATIC_URL, built
from app.core.language import DEFAULT_LANGUAGE
from app.core.on_phone import on_phone

THEME_COLOUR = "#0a4b43"
BACKGROUND_COLOUR = "#fbf4e3"


def manifest() -> dict[str, Any]:
    """The manifest as plain values; the same for everybody, hence in Indonesian."""
    with force_locale(DEFAULT_LANGUAGE):
        return {
            "id": "/",
            "name": "Kop-UKM Kabupaten Bogor",
            "short_name": "Kop-UKM",
            "description": _("Koperasi dan UMKM Kabupaten Bogor: cari, daftar, tanya."),
            "lang": DEFAULT_LANGUAGE,
            "dir": "ltr",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "theme_color": THEME_COLOUR,
            "background_color": BACKGROUND_COLOUR,
            "icons": _icons(),
            "screenshots": _screenshots(),
            "shortcuts": _shortcuts(),
            "share_target": {
                "action": "/bagikan",
                "method": "GET",
                "enctype": "application/x-www-form-urlencoded",
                "params": {"title": "judul", "text": "teks", "url": "tautan"},
            },
        }


def _icons() -> list[dict[str, str]]:
    """The drawing at any size, and the pictures for phones that want them, as far as the build makes them."""
    icons = [{"src": STATIC_URL + built().files["icon.svg"], "sizes": "any", "type": "image/svg+xml"}]
    for size in ("192", "512"):
        name = built().files.get(f"icon-{size}.png")
        if name:
            icons.append({"src": STATIC_URL + name, "sizes": f"{size}x{size}", "type": "image/png"})
    masked = built().files["icon-maskable-512.png"]
    icons.append({"src": STATIC_URL + masked, "sizes": "512x512", "type": "image/png", "purpose": "maskable"})
    return icons


def _shortcuts() -> list[dict[str, str]]:
    """What the rooms offer (core/on_phone.py)."""
    doors = sorted(on_phone().shortcuts, key=lambda door: door.order)
    return [{"name": str(door.text), "url": door.url} for door in doors]


def _screenshots() -> list[dict[str, str]]:
    """Pictures of the store-like sheet that phones and desks show before they install (tools/screenshots.py)."""
    shown = (
        ("screenshot-home.png", "360x720", "narrow", _("Halaman depan")),
        ("screenshot-form.png", "360x720", "narrow", _("Daftarkan koperasi")),
        ("screenshot-list.png", "1280x720", "wide", _("Daftar koperasi")),
    )
    return [
        {
            "src": STATIC_URL + built().files[name],
            "sizes": size,
            "type": "image/png",
            "form_factor": form,
            "label": label,
        }
        for name, size, form, label in shown
    ]
