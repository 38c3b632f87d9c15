"""Options of a node's RPC server, with the names and defaults of the genuine node, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

import click

from .options import F, ParamType

if TYPE_CHECKING:
    from ..chain.engine.engine import Engine
    from ..chain.rpc.server import Options

UNSAFE = {"auto": None, "safe": False, "unsafe": True}


class RpcOptions(TypedDict):
    """The values of the options."""

    rpc_cors: tuple[str, ...] | None
    rpc_methods: str
    rpc_max_connections: int


class Origins(ParamType):
    """Origins of web pages, separated by commas; `all` (None) for any."""

    name = "origins"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...] | None:
        """Return the origins in lower case."""
        if value == "all":
            return None
        origins = tuple(each.strip().rstrip("/").lower() for each in value.split(",") if each.strip())
        for each in origins:
            if each != "null" and "://" not in each:
                self.fail(f"expected all, null, or origins such as http://localhost:3000, got {each!r}", param, ctx)
        return origins


def rpc_options(command: F) -> F:
    """Add the options of the server; `server_options` takes their values."""
    for option in (
        click.option(
            "--rpc-max-connections",
            type=click.IntRange(min=1),
            default=100,
            show_default=True,
            metavar="COUNT",
            help="Open connections, HTTP and WebSocket together.",
        ),
        click.option(
            "--rpc-methods",
            type=click.Choice(list(UNSAFE)),
            default="auto",
            show_default=True,
            help="Who may call the methods for operators, such as engine_createBlock or author_removeExtrinsic. "
            "auto: programs on this machine, and web pages on it or on polkadot.js.org, if no other machine can "
            "connect; safe: no client; unsafe: every client.",
        ),
        click.option(
            "--rpc-cors",
            type=Origins(),
            default="all",
            show_default=True,
            metavar="ORIGINS",
            help="Web pages that may connect: all, or a list such as http://localhost:*,https://polkadot.js.org. "
            "With a list the header Host must name this machine, too.",
        ),
    ):
        command = option(command)
    return command


def server_options(given: RpcOptions, engine: Engine) -> Options:
    """Return the options of the server of an engine's chain."""
    from ..chain.rpc.node import ServerLimits

    return {
        "engine": engine,
        "cors": given["rpc_cors"],
        "unsafe": UNSAFE[given["rpc_methods"]],
        "limits": ServerLimits(connections=given["rpc_max_connections"]),
    }
