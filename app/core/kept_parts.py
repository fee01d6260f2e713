"""Parts of pages that say the same to many: rendered once, kept as text.

In a template: ``{% call kept_part("foot") %} ... {% endcall %}``. The part may use the language and links, which carry
the address's language on; whatever else it depends on is named after it, or it would show somebody else's:
``kept_part("button", size)``. Nobody's own data belong into one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from flask import Flask, current_app, has_request_context, request
from markupsafe import Markup

from app.core.language import chosen_language, page_language

EXTENSION: Final = "kop_ukm_kept_parts"
MOST_PARTS: Final = 200

Part = Callable[[], Markup]


def kept_parts() -> Callable[..., Markup]:
    """``kept_part`` for the running page."""
    root = request.script_root if has_request_context() else None
    like = (page_language(), chosen_language(), root)
    parts = cast("dict[object, Markup]", current_app.extensions[EXTENSION])
    fresh = current_app.jinja_env.auto_reload

    def kept_part(name: str, *depends: object, caller: Part) -> Markup:
        """The part ``name`` as it was rendered for the same language and the same ``depends``."""
        key = (name, like, depends)
        found = parts.get(key)
        if found is None or fresh:
            if len(parts) >= MOST_PARTS:
                parts.clear()
            found = parts[key] = caller()
        return found

    return kept_part


def install(app: Flask) -> None:
    """A place for the parts of this application."""
    app.extensions[EXTENSION] = {}
