"""The sockets on which the server listens."""

from __future__ import annotations

import errno
import ipaddress
import socket
from urllib.parse import urlsplit

from ..chain import Blockchain

LOCAL = ("127.0.0.1", "::1")
#: Attempts to find a port that is free for IPv4 and IPv6.
ATTEMPTS = 20
#: Errors of binding on a machine without usable IPv6.
UNAVAILABLE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


def is_local(host: str | None) -> bool:
    """Return whether only this machine can connect to `host`."""
    if host is None or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Ports:
    """The ports on which a chain is served."""

    def __init__(self, chain: Blockchain) -> None:
        self.open: set[int] = set()

    @classmethod
    def of(cls, chain: Blockchain) -> Ports:
        """Return the ports of a chain."""
        return chain.attached(cls)

    def has(self, url: str) -> bool:
        """Return whether a URL leads to one of them: this port, on an address of the loopback."""
        try:
            parts = urlsplit(url)
            port = parts.port or {"ws": 80, "http": 80}.get(parts.scheme, 443)
            if port not in self.open:
                return False
            found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        except (ValueError, OSError):
            return False  # no URL, or no such host: the connection says so
        addresses = [ipaddress.ip_address(str(address[0]).partition("%")[0]) for *_, address in found]
        return any(address.is_loopback or address.is_unspecified for address in addresses)


def listen(host: str | None, port: int) -> list[socket.socket]:
    """Return sockets bound to `host`; None: to localhost over IPv4 and, if available, IPv6. Port 0: a free port.

    Raises OSError if the port is taken.
    """
    if host is not None and host != "localhost":
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return [bind(family, host, port)]
    for attempt in range(ATTEMPTS):
        first = bind(socket.AF_INET, LOCAL[0], port)
        try:
            return [first, *bind_ipv6(first.getsockname()[1])]
        except OSError:
            first.close()
            if port != 0 or attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("the last attempt returns or raises")


def bind_ipv6(port: int) -> list[socket.socket]:
    """Return the IPv6 socket of this port; none without IPv6."""
    try:
        return [bind(socket.AF_INET6, LOCAL[1], port)]
    except OSError as error:
        if error.errno in UNAVAILABLE:
            return []
        raise


def bind(family: int, host: str, port: int) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1 if host == LOCAL[1] else 0)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener
