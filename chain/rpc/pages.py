"""Which web pages may use the server: the checks of the headers `Origin` and `Host`.

A browser names the page behind a request in `Origin`; other programs send none. `Host` names the server as the page
knows it: a name other than its own is a page that let its domain point at this machine (DNS rebinding).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from .listen import is_local

#: The origins that the genuine node allows by default, and those of this machine over IPv6; `*` is any port.
LOCAL_ORIGINS = (
    "http://localhost:*",
    "http://127.0.0.1:*",
    "http://[::1]:*",
    "https://localhost:*",
    "https://127.0.0.1:*",
    "https://[::1]:*",
    "https://polkadot.js.org",
)
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
WILDCARDS = ("0.0.0.0", "::")

# The texts of jsonrpsee, the genuine node's library.
WRONG_ORIGIN = "Origin of the request is not whitelisted.\n"
WRONG_HOST = "Provided Host header is not whitelisted.\n"


@dataclass(frozen=True, slots=True)
class PagePolicy:
    """The origins and hosts that are allowed; None: any.

    As on the genuine node, any host is allowed if any origin is. Ports of hosts do not count, so that tunnels work.
    """

    origins: tuple[str, ...] | None = None
    hosts: tuple[str, ...] | None = None

    @classmethod
    def of(cls, origins: Sequence[str] | None, host: str | None) -> PagePolicy:
        """Return the policy of a server that listens on `host`; on all interfaces it cannot know its names."""
        if origins is None:
            return cls()
        own = () if host is None or is_local(host) else (f"[{host}]" if ":" in host else host,)
        return cls(tuple(origins), None if host in WILDCARDS else (*LOCAL_HOSTS, *own))

    def refusal(self, request: web.BaseRequest) -> str | None:
        """Return why a request is refused; None if it is allowed."""
        if self.hosts is not None and not all(
            host_name(each) in self.hosts for each in request.headers.getall("Host", [""])
        ):
            return WRONG_HOST
        if self.origins is not None and not all(matches(each, self.origins) for each in origins_of(request)):
            return WRONG_ORIGIN
        return None

    def is_foreign(self, request: web.BaseRequest) -> bool:
        """Return whether a request comes from a web page of another machine that was not named."""
        known = (*LOCAL_ORIGINS, *(self.origins or ()))
        return not all(matches(each, known) for each in origins_of(request))

    def headers(self, request: web.BaseRequest) -> dict[str, str]:
        """Return the headers by which a browser lets a page read the response."""
        allowed = {"Access-Control-Allow-Methods": "POST, GET, OPTIONS", "Access-Control-Allow-Headers": "*"}
        if self.origins is None:
            return {"Access-Control-Allow-Origin": "*", **allowed}
        found = origins_of(request)
        if found and self.refusal(request) is None:
            return {"Access-Control-Allow-Origin": found[0], "Vary": "Origin", **allowed}
        return {"Vary": "Origin"}


def origins_of(request: web.BaseRequest) -> list[str]:
    return request.headers.getall("Origin", [])


def host_name(host: str) -> str:
    """Return the header `Host` without the port."""
    name, _, port = host.lower().rpartition(":")
    return name if name and port.isdecimal() else host.lower()


def matches(origin: str, patterns: Sequence[str]) -> bool:
    """Return whether an origin is one of these, where `:*` at the end of one is any port or none."""
    origin = origin.lower()
    return any(
        origin == each or (each.endswith(":*") and (origin == each[:-2] or has_port(origin, each[:-1])))
        for each in patterns
    )


def has_port(origin: str, beginning: str) -> bool:
    return origin.startswith(beginning) and origin[len(beginning) :].isdecimal()
