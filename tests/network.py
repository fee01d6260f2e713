"""No test reaches beyond this machine: every other connection fails, also where the error is swallowed."""

from __future__ import annotations

import socket
from typing import Any

from app.config import is_loopback

attempts: list[str] = []

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex


class ReachedOut(RuntimeError):
    """A test tried to reach another machine."""


def _refuse_far(self: socket.socket, address: Any) -> None:
    if self.family not in (socket.AF_INET, socket.AF_INET6) or is_loopback(str(address[0])):
        return
    attempts.append(str(address))
    raise ReachedOut(f"a connection to {address}")


def close() -> None:
    """Let sockets of this process reach loopback and local files only."""

    def connect(self: socket.socket, address: Any) -> None:
        _refuse_far(self, address)
        _connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_far(self, address)
        return _connect_ex(self, address)

    socket.socket.connect = connect  # type: ignore[method-assign, assignment]
    socket.socket.connect_ex = connect_ex  # type: ignore[method-assign, assignment]
