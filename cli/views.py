"""`pysubtensor status`, `subnets` and `metagraph`: what a running chain looks like, for people."""

from __future__ import annotations

import click

from .options import url_option
from .output import json_option, rao_option


@click.command()
@url_option
@json_option
def status(url: str) -> None:
    """Show a node at a glance: its chain, head, finality, transactions that wait, subnets and accounts."""
    from .views_output import show_status

    show_status(url)


@click.command()
@url_option
@rao_option
@json_option
def subnets(url: str) -> None:
    """List all subnets, with the prices of their alpha, the contents of their pools, and the time of the next epoch."""
    from .views_output import show_subnets

    show_subnets(url)


@click.command()
@click.argument("netuid", metavar="SUBNET")
@url_option
@rao_option
@json_option
def metagraph(netuid: str, url: str) -> None:
    """Show the neurons of SUBNET (netuid or name): keys, stake, and the results of the last epoch."""
    from .views_output import show_metagraph

    show_metagraph(netuid, url)
