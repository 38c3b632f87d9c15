"""`pysubtensor explorer`: the chain in a browser.

This file has only the options; the command imports what it needs when it runs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import TypedDict

import click

from .errors import Failed
from .options import F, url_option

DEFAULT_PORT = 9980
MISSING = "the explorer needs its extra: pip install 'pysubtensor[explorer]'"


class ExplorerOptions(TypedDict):
    """The values of a devnet's options."""

    explorer: bool
    explorer_port: int


def _require_installed(ctx: click.Context, param: click.Parameter, value: bool) -> bool:
    """Refuse an explorer without its packages, before anything starts."""
    if value and find_spec("nicegui") is None:
        raise Failed(MISSING)
    return value


def explorer_options(command: F) -> F:
    """Add the options of a chain that has an explorer beside it."""
    for option in (
        click.option(
            "--explorer-port",
            type=click.IntRange(0, 65535),
            default=DEFAULT_PORT,
            show_default=True,
            help="Port of the explorer; 0 picks a free one.",
        ),
        click.option(
            "--explorer",
            is_flag=True,
            callback=_require_installed,
            help="Show the chain in a browser, too (`pysubtensor explorer`), from a process of its own that ends with "
            "this one. Its address is printed to standard error.",
        ),
    ):
        command = option(command)
    return command


@asynccontextmanager
async def explorer_beside(url: str) -> AsyncIterator[None]:
    """Have an explorer of a node in a process of its own, if the present command has the option."""
    options = click.get_current_context().params
    if not options.get("explorer"):
        yield
        return
    from .explorer_tasks import beside

    async with beside(url, options["explorer_port"]):
        yield


@click.command()
@url_option
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help="Port of the pages; 0 picks a free one.",
)
@click.option(
    "--host",
    default="localhost",
    show_default=True,
    help="Address to listen on. On others than those of this machine alone, nothing can be changed through the pages.",
)
@click.option(
    "--until-input-ends", is_flag=True, hidden=True, help="Stop when standard input ends, as a part of another program."
)
def explorer(url: str, port: int, host: str, until_input_ends: bool) -> None:
    """Show a chain in a browser: blocks, transactions, accounts, storage, and subnets with their weights and pools.

    It reads any node by JSON-RPC and by the node's own metadata, a genuine node too. On development nodes it can
    also fund accounts, make blocks, go back to snapshots, and send any call. The pages need no other host. Needs the
    extra: pip install 'pysubtensor[explorer]'.
    """
    from .explorer_tasks import serve_pages

    serve_pages(url, host, port, until_input_ends=until_input_ends)
