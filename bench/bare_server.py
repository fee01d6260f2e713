"""The yardstick: a bare Flask page, nothing but a Jinja template as long as ours, on the same kind of server.

``python -m bench.bare_server PORT BYTES``
"""

from __future__ import annotations

import sys

from flask import Flask
from waitress import serve

_ROW = "<li class='card'><h2><a href='/koperasi/{{ row.code }}'>{{ row.name }}</a></h2><p>{{ row.words }}</p></li>\n"
_PAGE = (
    "<!DOCTYPE html><html lang='id'><title>{{ title }}</title><h1>{{ title }}</h1><ul>{% for row in rows %}"
    + _ROW
)


def bare_app(length: int) -> Flask:
    """A page of about ``length`` bytes with twenty rows."""
    app = Flask("bare")
    template = app.jinja_env.from_string(_PAGE + "{% endfor %}</ul></html>")
    filler = "x" * max(0, length // 20 - 90)
    rows = [{"code": f"K-{i:07d}", "name": f"Koperasi {i}", "words": filler} for i in range(20)]

    @app.get("/")
    def page() -> str:
        return template.render(rows=rows, title="Koperasi")

    return app


if __name__ == "__main__":
    serve(
        bare_app(int(sys.argv[2])),
        listen=f"127.0.0.1:{sys.argv[1]}",
        threads=8,
        connection_limit=1000,
        _quiet=True,
    )
