"""The yardstick: a bare Flask page that renders an equally long Jinja template, on the same kind of server.

A form, twenty rows of a list with the values ours shows, a head and a foot; no database, no macros, no translation,
no headers of our own. ``python -m bench.bare_server PORT BYTES``
"""

from __future__ import annotations

import sys

from flask import Flask, render_template
from jinja2 import DictLoader
from waitress import serve

_TEMPLATE = """<!DOCTYPE html>
<html lang="{{ language }}"><head><title>{{ title }}</title></head><body>
<form action="/"><label for="q">{{ label }}</label><input id="q" name="cari" value="{{ asked }}">
<select name="kecamatan">{% for code, name in places %}<option value="{{ code }}">{{ name }}</option>{% endfor %}</select>
</form>
<h1>{{ title }}</h1><p>{{ total }}</p>
<ul>
{% for row in rows %}
<li data-record="{{ row.code }}"><h2><a href="/koperasi/{{ row.code }}">{{ row.name }}</a></h2>
<p>{{ row.place }}</p><p>{{ row.kind }}</p><p><b>{{ row.activity }}</b> <small>{{ row.source }}, {{ row.on }}</small></p></li>
{% endfor %}
</ul>
<p>{{ filler }}</p></body></html>
"""


def bare_app(length: int) -> Flask:
    """A page of ``length`` bytes."""
    app = Flask("bare")
    app.jinja_loader = DictLoader({"page.html": _TEMPLATE})
    rows = [
        {
            "code": f"K-{i:07d}",
            "name": f"Koperasi Sumber Rejeki {i}",
            "place": "Desa Karadenan, Kec. Cibinong",
            "kind": "Simpan pinjam",
            "activity": "Aktif",
            "source": "menurut kementerian",
            "on": "31 Des 2024",
        }
        for i in range(20)
    ]
    values = {
        "language": "id",
        "title": "Daftar koperasi",
        "label": "Nama koperasi",
        "asked": "sumber",
        "total": "1.000 koperasi",
        "places": [(f"32.01.{i:02d}", f"Kecamatan {i}") for i in range(1, 41)],
        "rows": rows,
        "filler": "",
    }
    with app.app_context():
        values["filler"] = "x" * max(0, length - len(render_template("page.html", **values)))

    @app.get("/")
    def page() -> str:
        return render_template("page.html", **values)

    return app


if __name__ == "__main__":
    serve(
        bare_app(int(sys.argv[2])),
        listen=f"127.0.0.1:{sys.argv[1]}",
        threads=8,
        connection_limit=1000,
        _quiet=True,
    )
