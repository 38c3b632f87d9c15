"""The sockets of the server: addresses, ports that are free in both families, machines without IPv6."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable

import pytest
from pysubtensor.chain.rpc import listen as module
from pysubtensor.chain.rpc.listen import ATTEMPTS, is_local, listen


def addresses(sockets: list[socket.socket]) -> list[tuple[str, int]]:
    """Close sockets; return what they were bound to."""
    bound = [each.getsockname()[:2] for each in sockets]
    for each in sockets:
        each.close()
    return bound


def failing_twin(monkeypatch: pytest.MonkeyPatch, times: int, error: int) -> list[int]:
    """Let the first IPv6 sockets fail with an error; return the list of the ports that they were asked for."""
    asked: list[int] = []
    bound: Callable[..., socket.socket] = module.bind

    def bind(family: int, host: str, port: int) -> socket.socket:
        if family == socket.AF_INET6:
            asked.append(port)
            if len(asked) <= times:
                raise OSError(error, "no twin")
            return socket.socket()  # a twin that needs no IPv6
        return bound(family, host, port)

    monkeypatch.setattr(module, "bind", bind)
    return asked


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def test_only_loopback_addresses_are_local() -> None:
    assert [is_local(host) for host in (None, "localhost", "127.0.0.1", "127.9.9.9", "::1")] == [True] * 5
    assert [is_local(host) for host in ("0.0.0.0", "::", "192.168.0.1", "example.org", "")] == [False] * 5


@pytest.mark.parametrize("host", [None, "localhost"])
def test_the_machine_itself_is_served_in_both_families_on_one_port(
    host: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = failing_twin(monkeypatch, 0, 0)
    (address, port), _ = addresses(listen(host, 0))
    assert address == "127.0.0.1"
    assert asked == [port] != [0]


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_an_address_has_one_socket_on_the_port_that_is_asked_for(host: str) -> None:
    port = free_port()
    assert addresses(listen(host, port)) == [(host, port)]


def test_a_free_port_is_looked_for_until_it_is_free_in_both_families(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = failing_twin(monkeypatch, ATTEMPTS - 1, errno.EADDRINUSE)
    (_, port), _ = addresses(listen(None, 0))
    assert port == asked[-1]
    assert len(asked) == ATTEMPTS == 20


def test_the_search_for_a_free_port_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = failing_twin(monkeypatch, ATTEMPTS, errno.EADDRINUSE)
    with pytest.raises(OSError, match="no twin"):
        listen(None, 0)
    assert len(asked) == ATTEMPTS


def test_a_port_that_is_asked_for_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    asked = failing_twin(monkeypatch, 1, errno.EADDRINUSE)
    with pytest.raises(OSError, match="no twin"):
        listen(None, port)
    assert asked == [port]
    assert addresses(listen("127.0.0.1", port)) == [("127.0.0.1", port)]  # the IPv4 socket was closed


@pytest.mark.parametrize("error", [errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT])
def test_a_machine_without_ipv6_is_served_over_ipv4(monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    asked = failing_twin(monkeypatch, 1, error)
    assert addresses(listen(None, 0)) == [("127.0.0.1", asked[0])]


def test_a_port_can_be_bound_again_at_once() -> None:
    (made,) = listen("127.0.0.1", 0)
    assert made.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) == 1
    made.close()


@pytest.mark.parametrize(("host", "only"), [("::1", 1), ("::", 0)])
def test_all_addresses_of_ipv6_include_those_of_ipv4(monkeypatch: pytest.MonkeyPatch, host: str, only: int) -> None:
    options: list[tuple[int, int, int]] = []

    class Recorder(socket.socket):
        """A socket that is not bound, so that the machine needs no IPv6."""

        def __init__(self, family: int, kind: int) -> None:
            super().__init__(socket.AF_INET, kind)

        def setsockopt(self, *option: int) -> None:  # type: ignore[override]  # integers alone
            options.append(option)  # type: ignore[arg-type]  # three of them

        def bind(self, address: object) -> None:
            pass

    monkeypatch.setattr(module.socket, "socket", Recorder)
    module.bind(socket.AF_INET6, host, 1).close()
    assert options == [
        (socket.SOL_SOCKET, socket.SO_REUSEADDR, 1),
        (socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only),
    ]
