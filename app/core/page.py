"""Pages and their fragments: one template, whole or in part.

A request of HTMX whose target names one of the page's fragments gets that block alone; everybody else, and a
restored history entry, gets the whole page. Both carry Vary, or a cache would serve a fragment as a page.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response, current_app, make_response, render_template, request
from htmx_flask.requests import HtmxHeaders


def wanted_fragment(fragments: Iterable[str]) -> str | None:
    """The fragment that the running request asks for, if it is one of ``fragments``."""
    htmx = HtmxHeaders(request.headers)
    if not htmx or htmx.boosted or htmx.history_restore_request:
        return None
    return htmx.target if htmx.target in set(fragments) else None


def page(template: str, *, fragments: Iterable[str] = (), status: int = 200, **context: Any) -> Response:
    """Render ``template``, or one of its ``fragments`` (block name = element id) when HTMX asks for it."""
    fragment = wanted_fragment(fragments)
    if fragment is None:
        body = render_template(template, **context)
    else:
        body = _render_block(template, fragment, context)
    response = make_response(body, status)
    response.vary.update(("HX-Request", "HX-Target"))
    return response


def _render_block(template: str, block: str, context: dict[str, Any]) -> str:
    app = current_app
    app.update_template_context(context)
    loaded = app.jinja_env.get_template(template)
    render = loaded.blocks[block]
    return "".join(render(loaded.new_context(context)))
