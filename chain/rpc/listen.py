"""The sockets on which the server listens."""

from __future__ import annotations

import errno
import ipaddress
import socket

LOCAL = ("127.0.0.1", "::1")
#: How often a free port of one address family is looked for until it is free in the other one, too.
ATTEMPTS = 20
#: What binding says where IPv6 is there in name only.
UNAVAILABLE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


def is_local(host: str | None) -> bool:
    """Return whether only the machine itself can connect to `host`."""
    if host is None or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str | None, port: int) -> list[socket.socket]:
    """Sockets bound to `host`, or to the machine itself over IPv4 and IPv6; port 0 takes one that is free in both.

    Raises OSError when the port is taken. A machine without IPv6 does without.
    """
    if host is not None and host != "localhost":
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return [bound(family, host, port)]
    for attempt in range(ATTEMPTS):
        first = bound(socket.AF_INET, LOCAL[0], port)
        try:
            return [first, *second(first.getsockname()[1])]
        except OSError:
            first.close()
            if port != 0 or attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("the last attempt returns or raises")


def second(port: int) -> list[socket.socket]:
    """Return the IPv6 twin of an IPv4 socket; none where there is no IPv6."""
    try:
        return [bound(socket.AF_INET6, LOCAL[1], port)]
    except OSError as error:
        if error.errno in UNAVAILABLE:
            return []
        raise


def bound(family: int, host: str, port: int) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1 if host == LOCAL[1] else 0)
        made.bind((host, port))
    except OSError:
        made.close()
        raise
    return made
