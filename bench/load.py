"""A small driver: some connections kept open, one request after the other on each, for a counted number of requests."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """Requests per second and how many answers were not 200."""

    per_second: float
    failures: int
    seconds: list[float] = field(default_factory=list)


def drive(
    port: int, paths: Sequence[str], *, requests: int, clients: int = 4, headers: Sequence[str] = ()
) -> Outcome:
    """Ask ``paths`` in turn, ``requests`` in all, over ``clients`` connections to loopback; ``headers``: more of them."""
    share = requests // clients
    results: list[tuple[int, list[float]]] = [(0, [])] * clients
    head = "\r\n".join((f"Host: 127.0.0.1:{port}", *headers))
    threads = [
        threading.Thread(target=_client, args=(port, paths[i::clients] or paths, head, share, results, i))
        for i in range(clients)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    failures = sum(bad for bad, _times in results)
    return Outcome(share * clients / took, failures, [t for _bad, times in results for t in times])


def _client(
    port: int,
    paths: Sequence[str],
    head: str,
    requests: int,
    results: list[tuple[int, list[float]]],
    number: int,
) -> None:
    bad, times = 0, []
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for n in range(requests):
            began = time.perf_counter()
            path = paths[n % len(paths)]
            connection.sendall(f"GET {path} HTTP/1.1\r\n{head}\r\n\r\n".encode())
            bad += not _read_answer(connection)
            times.append(time.perf_counter() - began)
    results[number] = (bad, times)


def _read_answer(connection: socket.socket) -> bool:
    """Read one answer with a Content-Length; True when it was 200."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connection)
    head, body = data.split(b"\r\n\r\n", 1)
    length = next(
        int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
    )
    while len(body) < length:
        body += _more(connection)
    return head.startswith(b"HTTP/1.1 200")


def _more(connection: socket.socket) -> bytes:
    block = connection.recv(1 << 16)
    if not block:
        raise ConnectionError("the server closed the connection")
    return block
