"""The yardstick of first paint: the application, and beside it pages as plain bytes, on one and the same server.

``python -m bench.static_beside PORT FOLDER``: /diam/<name> answers with FOLDER/<name>, compressed as the page was.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from waitress import serve

from app import create_app
from app.config import read_settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STILL = "/diam/"


def beside(app: WSGIApplication, folder: Path) -> WSGIApplication:
    """``app``, with the files of ``folder`` under /diam/."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.startswith(STILL):
            return app(environ, start_response)
        body = (folder / Path(path).name).read_bytes()
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "br")]
        start_response(
            "200 OK", [*headers, ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
        )
        return [body]

    return answer


if __name__ == "__main__":
    serve(
        beside(create_app(read_settings()), Path(sys.argv[2])),
        listen=f"127.0.0.1:{sys.argv[1]}",
        threads=8,
        ident=None,
    )
