"""An officer at the desk of a running server, who brings a list in by HTTP."""

from __future__ import annotations

import http.client
import re
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from app import create_app
from app.config import read_settings
from app.core.db import db
from app.core.transaction import atomically
from tests.cast import bring_in
from tests.checked_client import CheckedClient
from tests.servers import RunningServer

_signed_in: dict[str, Officer] = {}


@dataclass(frozen=True)
class Officer:
    """Session and form token of somebody signed in."""

    cookie: str
    token: str


def bring_in_by_http(server: RunningServer, path: Path) -> int:
    """Upload, wait for the dry run, commit, wait, fetch the report; how many rows came in."""
    officer = _officer_of(server)
    address = _upload(server, officer, path)
    _wait(server, officer, address, "Siap dimasukkan")
    _send(server, officer, f"{address}/jalankan", urlencode({"csrf_token": officer.token}).encode())
    page = _wait(server, officer, address, "Sudah masuk")
    report = _fetch(server, officer, f"{address}/laporan.xlsx")
    if not report.startswith(b"PK"):
        raise RuntimeError("no report")
    return int(re.findall(r'class="number">([0-9.]+)<', page)[0].replace(".", ""))


def _officer_of(server: RunningServer) -> Officer:
    known = server.environ["DATABASE_URL"]
    if known not in _signed_in:
        app = create_app(read_settings({**server.environ, "PORT": "0"}))
        app.test_client_class = CheckedClient
        with app.app_context():
            person = atomically(lambda s: bring_in(s, "dinas_officer"))
            browser = app.test_client()
            assert isinstance(browser, CheckedClient)
            browser.enter(person.sid)
            token = browser.token()
            db.session.remove()
            db.engine.dispose()
        _signed_in[known] = Officer(f"{app.config['SID_COOKIE']}={person.sid}", token)
    return _signed_in[known]


def _upload(server: RunningServer, officer: Officer, path: Path) -> str:
    """The batch's address."""
    edge = uuid.uuid4().hex
    parts = [_part(edge, "csrf_token", officer.token), _part(edge, "kind", "cooperatives")]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n\r\n'.encode()
    body = b"".join(parts) + head + path.read_bytes() + f"\r\n--{edge}--\r\n".encode()
    answer = _send(server, officer, "/petugas/impor", body, f"multipart/form-data; boundary={edge}")
    return answer.split("?")[0]


def _part(edge: str, name: str, value: str) -> bytes:
    return f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def _send(
    server: RunningServer,
    officer: Officer,
    address: str,
    body: bytes,
    kind: str = "application/x-www-form-urlencoded",
) -> str:
    """POST; where it leads."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Cookie": officer.cookie, "Content-Type": kind, "Sec-Fetch-Site": "same-origin"}
    connection.request("POST", address, body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 303:
        raise RuntimeError(f"POST {address}: {answer.status}")
    return answer.headers["Location"]


def _fetch(server: RunningServer, officer: Officer, address: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    connection.request("GET", address, headers={"Cookie": officer.cookie})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"GET {address}: {answer.status}")
    return body


def _wait(server: RunningServer, officer: Officer, address: str, words: str) -> str:
    """The page, when it says ``words``."""
    for _ in range(1200):
        page = _fetch(server, officer, address).decode()
        if words in page:
            return page
        time.sleep(0.5)
    raise RuntimeError(f"{address} never said {words!r}")
