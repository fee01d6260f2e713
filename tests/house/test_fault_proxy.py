"""The bad network of the tests does to a request exactly what it says."""

from __future__ import annotations

import http.client
import random
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from urllib.parse import urlencode

import pytest

from tests.fault_proxy import COMMITTED, MIXTURE, Fault, FaultProxy, fault_proxy
from tests.load import HEADERS, form_of, looking_into, values
from tests.servers import RunningServer, running_server

pytestmark = pytest.mark.slow
PATH = "/koperasi/daftar"
BROKEN = (OSError, http.client.HTTPException)


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with running_server(settings={"RATE_LIMITS": "off"}) as made:
        yield made


@pytest.fixture
def proxy(server: RunningServer) -> Iterator[FaultProxy]:
    with fault_proxy(server, hole_seconds=0.5) as made:
        yield made


Connect = Callable[[], http.client.HTTPConnection]


@pytest.fixture
def connect(proxy: FaultProxy) -> Iterator[Connect]:
    """Connections to the proxy, closed after the test."""
    with ExitStack() as opened:
        yield lambda: opened.enter_context(
            closing(http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=10))
        )


def post(connection: http.client.HTTPConnection, name: str) -> http.client.HTTPResponse:
    connection.request("POST", PATH, urlencode(form_of(random.Random(1), name, 1), doseq=True), HEADERS)
    return connection.getresponse()


def stored(server: RunningServer) -> set[str]:
    with looking_into(server) as engine:
        return set(values(engine, "SELECT id FROM submission"))


def test_well_it_is_not_noticed(proxy: FaultProxy, connect: Connect, server: RunningServer) -> None:
    connection = connect()
    direct = http.client.HTTPConnection("127.0.0.1", server.port)
    for path in "/hidup", PATH, "/tidak-ada":
        for method in "GET", "HEAD":
            headers = {"Accept-Encoding": "br"}
            connection.request(method, path, headers=headers)
            direct.request(method, path, headers={**headers, "Host": f"127.0.0.1:{proxy.port}"})
            through, straight = connection.getresponse(), direct.getresponse()
            assert (through.status, through.getheader("Content-Encoding")) == (
                straight.status,
                straight.getheader("Content-Encoding"),
            )
            assert bool(through.read()) == bool(straight.read()) == (method == "GET")
    direct.close()


def test_one_connection_serves_many_requests(
    proxy: FaultProxy, connect: Connect, server: RunningServer
) -> None:
    connection, name = connect(), str(uuid.uuid4())
    first = post(connection, name)
    assert (first.status, first.read()[:1]) == (201, b"{")
    socket_before = connection.sock
    again = post(connection, name)
    assert (again.status, again.read()[:1]) == (200, b"{")
    assert connection.sock is socket_before is not None, "kept open"


def test_our_own_pages_are_believed_and_others_not(proxy: FaultProxy, connect: Connect) -> None:
    """The server sees the host that the browser asked for."""
    form = urlencode(form_of(random.Random(1), str(uuid.uuid4()), 1), doseq=True)
    kind = {"Accept": "application/json", "Content-Type": HEADERS["Content-Type"]}
    for origin, status in ((proxy.address, 201), ("http://lain.example", 403)):
        connection = connect()
        connection.request("POST", PATH, form, {**kind, "Origin": origin})
        assert connection.getresponse().status == status


@pytest.mark.parametrize("fault", MIXTURE)
def test_each_fault_keeps_its_word(
    proxy: FaultProxy, connect: Connect, server: RunningServer, fault: Fault
) -> None:
    name = str(uuid.uuid4())
    proxy.next(fault)
    connection = connect()
    began = time.monotonic()
    try:
        answer = post(connection, name)
        outcome: object = (answer.status, answer.getheader("Location"), answer.getheader("Retry-After"))
        if fault is Fault.HALF_BODY:
            with answer, pytest.raises(BROKEN):
                answer.read()
    except BROKEN as broken:
        outcome = type(broken)
    assert (name in stored(server)) == (fault in COMMITTED)
    assert (
        outcome
        == {
            Fault.RESET_BEFORE: ConnectionResetError,
            Fault.RESET_AFTER_COMMIT: ConnectionResetError,
            Fault.FIN_AFTER_COMMIT: http.client.RemoteDisconnected,
            Fault.HALF_BODY: (201, None, None),
            Fault.SILENT_AFTER_COMMIT: ConnectionResetError,
            Fault.BLACK_HOLE: ConnectionResetError,
            Fault.REFUSE: ConnectionResetError,
            Fault.PORTAL: (200, None, None),
            Fault.PORTAL_REDIRECT: (302, "/hotspot-pasar/masuk", None),
            Fault.BAD_GATEWAY: (502, None, None),
            Fault.UNAVAILABLE: (503, None, "1"),
            Fault.TOO_MANY: (429, None, "1"),
        }[fault]
    )
    if fault in {Fault.SILENT_AFTER_COMMIT, Fault.BLACK_HOLE}:
        assert time.monotonic() - began >= 0.5, "it is silent for a while first"
    assert proxy.counts == {fault: 1}


def test_refused_means_nobody_gets_in_until_the_door_opens_again(proxy: FaultProxy, connect: Connect) -> None:
    connection = connect()
    connection.request("GET", "/hidup")
    assert connection.getresponse().read() == b"kop-ukm hidup"
    proxy.close_door()
    with pytest.raises(BROKEN):
        post(connection, "those who were inside are out too")
    with pytest.raises(ConnectionRefusedError):
        connect().request("GET", "/hidup")
    proxy.open_door()
    again = connect()
    again.request("GET", "/hidup")
    assert again.getresponse().read() == b"kop-ukm hidup"


def test_only_what_was_named_is_hit(proxy: FaultProxy, connect: Connect) -> None:
    proxy.always(Fault.PORTAL)
    proxy.only("GET", "/luring")
    for path, body in (("/hidup", b"kop-ukm hidup"), ("/luring", b"<!DOCTYPE html><title>Selamat")):
        connection = connect()
        connection.request("GET", path)
        assert connection.getresponse().read().startswith(body)
    assert [(seen.target, seen.fault) for seen in proxy.seen] == [
        ("/hidup", Fault.PASS),
        ("/luring", Fault.PORTAL),
    ]


def test_the_same_seed_brings_the_same_weather(proxy: FaultProxy, connect: Connect) -> None:
    def weather(seed: int) -> list[Fault]:
        proxy.seen.clear()
        proxy.mixture(seed, 0.5, (Fault.BAD_GATEWAY, Fault.PORTAL, Fault.TOO_MANY))
        proxy.only("GET")
        connection = connect()
        for _ in range(40):
            connection.request("GET", "/hidup")
            connection.getresponse().read()
        return [seen.fault for seen in proxy.seen]

    first = weather(7)
    assert first == weather(7) != weather(8)
    assert 10 <= first.count(Fault.PASS) <= 30
