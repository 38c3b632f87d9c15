"""`pysubtensor explorer`: the chain in a browser.

This file has only the options; the command imports what it needs when it runs.
"""

from __future__ import annotations

import click

from .options import url_option

DEFAULT_PORT = 9980

#: Where the pages are served.
port_option = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help="Port of the pages; 0 picks a free one.",
)


@click.command()
@url_option
@port_option
@click.option(
    "--host",
    default="localhost",
    show_default=True,
    help="Address to listen on. On others than those of this machine alone, nothing can be changed through the pages.",
)
@click.option("--until-input-ends", is_flag=True, hidden=True, help="Stop when standard input ends.")
def explorer(url: str, port: int, host: str, until_input_ends: bool) -> None:
    """Show a chain in a browser: blocks, transactions, accounts, storage, and subnets with their weights and pools.

    It reads any node by JSON-RPC and by the node's own metadata, a genuine node too. On development nodes it can
    also fund accounts, make blocks, go back to snapshots, and send any call. The pages need no other host. Needs the
    extra: pip install 'pysubtensor[explorer]'.
    """
    from .explorer_tasks import serve_pages

    serve_pages(url, host, port, until_input_ends=until_input_ends)
