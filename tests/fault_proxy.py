"""A bad network between a phone and the running server: a proxy on loopback that does what villages' signal does.

``with fault_proxy(server) as proxy:`` answers at ``proxy.address`` with whatever the server says, until told
otherwise:

    proxy.next(Fault.RESET_AFTER_COMMIT, Fault.PORTAL)        the next two matching requests, then as before
    proxy.always(Fault.BAD_GATEWAY)                           every matching one, until ``proxy.well()``
    proxy.mixture(seed=7, share=0.6)                          a seeded random six of ten, all kinds of faults
    proxy.only("POST", "/koperasi")                           which requests match; at first: every POST
    proxy.close_door() / proxy.open_door()                    nobody gets in: connections are refused
    proxy.counts[Fault.PORTAL], proxy.seen                    what was done to which request

The host stays what the browser asked for, so the rules against other sites see one site. Connections to the
client are kept open as a server keeps them: this is where browsers send a POST a second time by themselves.
"""

from __future__ import annotations

import contextlib
import enum
import http.client
import random
import socket
import struct
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from tests.servers import RunningServer, free_port

RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER: close() sends RST
HOP_BY_HOP: Final = {"connection", "keep-alive", "transfer-encoding", "content-length"}
CHUNK: Final = 65536
HALF_ARRIVES_SECONDS: Final = 0.05  # a reset throws away what the other side has not read yet


class Fault(enum.StrEnum):
    """What happens to one request. "After commit": the server did its work, the answer is lost."""

    PASS = "pass"
    RESET_BEFORE = "reset before it arrives"
    RESET_AFTER_COMMIT = "reset after commit"
    FIN_AFTER_COMMIT = "closed after commit"
    HALF_BODY = "half a body, then reset"
    SILENT_AFTER_COMMIT = "silence after commit"
    BLACK_HOLE = "black hole"
    REFUSE = "refused for a moment"
    PORTAL = "captive portal, 200 HTML"
    PORTAL_REDIRECT = "302 to a portal"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503 with Retry-After"
    TOO_MANY = "429 with Retry-After"


COMMITTED: Final = {
    Fault.PASS,
    Fault.RESET_AFTER_COMMIT,
    Fault.FIN_AFTER_COMMIT,
    Fault.HALF_BODY,
    Fault.SILENT_AFTER_COMMIT,
}
MIXTURE: Final = tuple(fault for fault in Fault if fault is not Fault.PASS)
PORTAL_PAGE: Final = b"<!DOCTYPE html><title>Selamat datang di Wi-Fi Pasar</title><h1>Silakan masuk</h1>"


@dataclass(frozen=True)
class Canned:
    """An answer that the network invents."""

    status: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = PORTAL_PAGE

    def bytes_out(self) -> bytes:
        """As it travels."""
        lines = [f"HTTP/1.1 {self.status}", *(f"{name}: {value}" for name, value in self.headers)]
        lines += ["Content-Type: text/html", f"Content-Length: {len(self.body)}", "", ""]
        return "\r\n".join(lines).encode() + self.body


CANNED: Final = {
    Fault.PORTAL: Canned("200 OK"),
    Fault.PORTAL_REDIRECT: Canned("302 Found", (("Location", "/hotspot-pasar/masuk"),)),
    Fault.BAD_GATEWAY: Canned("502 Bad Gateway", body=b"<h1>502</h1>"),
    Fault.UNAVAILABLE: Canned("503 Service Unavailable", (("Retry-After", "1"),), b"<h1>503</h1>"),
    Fault.TOO_MANY: Canned("429 Too Many Requests", (("Retry-After", "1"),), b"<h1>429</h1>"),
}


@dataclass(frozen=True)
class Asked:
    """One request as the phone sent it."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """First header of that name, lower case, or nothing."""
        return next((v for n, v in self.headers if n.lower() == name), "")


@dataclass(frozen=True)
class Seen:
    """What became of it. ``status`` is the server's, 0 when it never heard of it; ``at`` is when it had answered."""

    method: str
    target: str
    fault: Fault
    status: int
    body: bytes
    at: float


class Cut(Exception):
    """This connection is over. ``reset``: with RST, else with FIN."""

    def __init__(self, *, reset: bool) -> None:
        super().__init__(reset)
        self.reset = reset


@dataclass
class FaultProxy:
    """See the words at the top of this file."""

    server_port: int
    port: int = field(default_factory=free_port)  # the door opens again at the same one
    hole_seconds: float = 60.0  # how long nothing is heard before the connection ends after all
    refuse_seconds: float = 0.3
    delay_seconds: float = 0.0  # before each matching request
    counts: Counter[Fault] = field(default_factory=Counter)
    seen: list[Seen] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._queue: deque[Fault] = deque()
        self._rule: Callable[[Asked], Fault] = lambda _asked: Fault.PASS
        self._matches: Callable[[Asked], bool] = lambda asked: asked.method == "POST"
        self._over = threading.Event()
        self._open: set[socket.socket] = set()
        self._condemned: set[socket.socket] = set()
        self._door: socket.socket | None = None
        self.open_door()

    @property
    def address(self) -> str:
        """Like http://127.0.0.1:8711."""
        return f"http://127.0.0.1:{self.port}"

    # What to do

    def next(self, *faults: Fault) -> None:
        """These happen to the next matching requests, one each."""
        with self._lock:
            self._queue.extend(faults)

    def always(self, fault: Fault) -> None:
        """This happens to every matching request from now on."""
        self._rule = lambda _asked: fault

    def well(self) -> None:
        """The network is good again; what is queued is forgotten."""
        with self._lock:
            self._queue.clear()
        self.always(Fault.PASS)
        self.open_door()

    def mixture(self, seed: int, share: float = 0.6, faults: tuple[Fault, ...] = MIXTURE) -> None:
        """From now on ``share`` of the matching requests meet one of ``faults``, by a chance of that seed."""
        chance = random.Random(seed)

        def draw(_asked: Asked) -> Fault:
            with self._lock:
                return chance.choice(faults) if chance.random() < share else Fault.PASS

        self._rule = draw

    def only(self, method: str = "", path: str = "") -> None:
        """Faults happen to this method and to targets that begin with ``path``; "" is any."""
        self._matches = lambda asked: (
            asked.method == (method or asked.method) and asked.target.startswith(path)
        )

    def close_door(self) -> None:
        """Refuse connections, and end those there are."""
        with self._lock:
            if self._door is not None:
                with contextlib.suppress(OSError):
                    self._door.shutdown(socket.SHUT_RDWR)  # wakes accept()
                self._door.close()
                self._door = None
        self.cut_all()

    def open_door(self) -> None:
        """Listen, on the same port as before."""
        with self._lock:
            if self._door is not None or self._over.is_set():
                return
            door = socket.create_server(("127.0.0.1", self.port), backlog=256)
            self.port, self._door = door.getsockname()[1], door
        threading.Thread(target=self._accept, args=(door,), daemon=True).start()

    def cut_all(self) -> None:
        """Reset every connection that is open now."""
        with self._lock:
            self._condemned |= self._open
            for client in self._open:
                with contextlib.suppress(OSError):
                    client.shutdown(socket.SHUT_RD)  # wakes the thread that waits for its next request

    def end(self) -> None:
        """No more."""
        self._over.set()
        self.close_door()

    # How it is done

    def _accept(self, door: socket.socket) -> None:
        while True:
            try:
                client, _ = door.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open.add(client)
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        reset = False
        try:
            with client.makefile("rb") as reader:
                while (asked := _read_request(reader)) is not None:
                    self._turn_out_if_condemned(
                        client
                    )  # what came after shutdown(SHUT_RD) is read all the same
                    self._treat(client, asked)
                    if asked.header("connection").lower() == "close":
                        break
        except Cut as cut:
            reset = cut.reset
        except (OSError, ValueError, http.client.HTTPException):
            reset = True
        finally:
            with self._lock:
                reset = reset or client in self._condemned
                self._open.discard(client)
                self._condemned.discard(client)
            _end(client, reset=reset)

    def _turn_out_if_condemned(self, client: socket.socket) -> None:
        with self._lock:
            if client in self._condemned:
                raise Cut(reset=True)

    def _treat(self, client: socket.socket, asked: Asked) -> None:
        fault = self._choose(asked)
        if fault in COMMITTED:
            status, head, body = self._pass_on(asked)
            self._note(asked, fault, status)
            self._give_back(client, fault, head, body)
            return
        self._note(asked, fault, 0)
        if fault in CANNED:
            client.sendall(CANNED[fault].bytes_out())
        else:
            self._swallow(client, fault)

    def _note(self, asked: Asked, fault: Fault, status: int) -> None:
        with self._lock:
            self.counts[fault] += 1
            self.seen.append(Seen(asked.method, asked.target, fault, status, asked.body, time.time()))

    def _choose(self, asked: Asked) -> Fault:
        if not self._matches(asked):
            return Fault.PASS
        if self.delay_seconds:
            time.sleep(self.delay_seconds)
        with self._lock:
            return self._queue.popleft() if self._queue else self._rule(asked)

    def _pass_on(self, asked: Asked) -> tuple[int, bytes, bytes]:
        """Ask the server on a connection of its own. Its status, its head as we send it, its body."""
        upstream = http.client.HTTPConnection("127.0.0.1", self.server_port, timeout=120)
        try:
            upstream.putrequest(asked.method, asked.target, skip_host=True, skip_accept_encoding=True)
            for name, value in asked.headers:
                if name.lower() not in HOP_BY_HOP:
                    upstream.putheader(name, value)
            upstream.putheader("Connection", "close")
            if asked.body or asked.method not in {"GET", "HEAD"}:
                upstream.putheader("Content-Length", str(len(asked.body)))
            upstream.endheaders(asked.body or None)
            answer = upstream.getresponse()
            body = answer.read()
            return answer.status, _head(answer, asked, body), body
        finally:
            upstream.close()

    def _give_back(self, client: socket.socket, fault: Fault, head: bytes, body: bytes) -> None:
        if fault is Fault.PASS:
            client.sendall(head + body)
        elif fault is Fault.HALF_BODY:
            client.sendall(head + body[: len(body) // 2])
            time.sleep(HALF_ARRIVES_SECONDS)
            raise Cut(reset=True)
        elif fault is Fault.SILENT_AFTER_COMMIT:
            self._say_nothing(client)
        else:  # reset or closed after commit
            raise Cut(reset=fault is Fault.RESET_AFTER_COMMIT)

    def _swallow(self, client: socket.socket, fault: Fault) -> None:
        """The server never hears of it."""
        if fault is Fault.BLACK_HOLE:
            self._say_nothing(client)
        if fault is Fault.REFUSE:
            self.close_door()
            threading.Timer(self.refuse_seconds, self.open_door).start()
        raise Cut(reset=True)

    def _say_nothing(self, client: socket.socket) -> None:
        """Until the client gives up or the time is over."""
        client.settimeout(0.1)
        until = time.monotonic() + self.hole_seconds
        while time.monotonic() < until and not self._over.is_set():
            try:
                if not client.recv(CHUNK, socket.MSG_PEEK):
                    break
                time.sleep(0.1)
            except TimeoutError:
                continue
        raise Cut(reset=True)


def _read_request(reader: BinaryIO) -> Asked | None:
    """The next request of a connection, or None at its end."""
    line = reader.readline(CHUNK)
    if not line.strip():
        return None
    method, target, _ = line.decode("latin-1").split(" ", 2)
    headers: list[tuple[str, str]] = []
    while (raw := reader.readline(CHUNK).decode("latin-1").strip("\r\n")) != "":
        name, value = raw.split(":", 1)
        headers.append((name, value.strip()))
    length = int(next((v for n, v in headers if n.lower() == "content-length"), "0"))
    body = reader.read(length) if length else b""
    return Asked(method, target, tuple(headers), body)


def _head(answer: http.client.HTTPResponse, asked: Asked, body: bytes) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
    lines += [f"{name}: {value}" for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP]
    length = answer.getheader("Content-Length", "0") if asked.method == "HEAD" else str(len(body))
    if answer.status not in {204, 304}:
        lines.append(f"Content-Length: {length}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _end(client: socket.socket, *, reset: bool) -> None:
    with client, contextlib.suppress(OSError):
        if reset:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        else:
            client.shutdown(socket.SHUT_WR)


@contextmanager
def fault_proxy(server: RunningServer, *, hole_seconds: float = 60.0) -> Iterator[FaultProxy]:
    """A proxy in front of ``server``, well at first, ended afterwards."""
    proxy = FaultProxy(server.port, hole_seconds=hole_seconds)
    try:
        yield proxy
    finally:
        proxy.end()
