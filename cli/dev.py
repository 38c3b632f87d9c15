"""`pysubtensor epoch`, `warp`, `snapshot` and `fund`: what a development node can do besides (its `dev_*` methods)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import click

from .accounts import AddressType
from .amounts import TaoType
from .groups import Commands
from .options import ParamType, url_option
from .output import json_option

_SPAN = re.compile(r"([0-9]{1,9})\s*(ms|s|m|h|d)?")
_MS = {"ms": 1, "s": 1000, None: 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
MAX_BLOCKS = 1_000_000


class Moment(ParamType):
    """A span to advance by (90s, 15m, 2h, 3d), or a time to go to (2026-01-31T12:00:00Z); in milliseconds."""

    name = "time"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "SPAN|TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        """Return the method that does it, and its argument."""
        if not isinstance(value, str):
            return ("", 0)
        match = _SPAN.fullmatch(value.strip())
        if match is not None:
            return "dev_increaseTime", int(match[1]) * _MS[match[2]]
        try:
            time = datetime.fromisoformat(value.strip())
        except ValueError:
            wanted = "a span such as 90s, 15m, 2h or 3d, or a time such as 2026-01-31T12:00:00Z"
            self.fail(f"expected {wanted}, got {value!r:.60}", param, ctx)
        return "dev_timeTravel", int(time.timestamp()) * 1000


@click.command()
@click.argument("netuid", metavar="SUBNET", type=click.IntRange(0, 65535))
@click.option("--count", type=click.IntRange(1, 1000), default=1, show_default=True, help="How many epochs to run.")
@url_option
@json_option
def epoch(netuid: int, count: int, url: str) -> None:
    """Make blocks until SUBNET (its netuid) has had its next epoch."""
    from .dev_output import head_after

    head_after(url, "dev_mineUntilEpoch", netuid, count)


@click.command()
@click.option("--blocks", type=click.IntRange(1, MAX_BLOCKS), help="How many blocks to make at once.")
@click.option("--time", "moment", type=Moment(), help="How far to advance the clock of the chain, or to which time.")
@url_option
@json_option
def warp(blocks: int | None, moment: tuple[str, int] | None, url: str) -> None:
    """Make many blocks at once, or advance the clock of the chain.

    \b
    pysubtensor warp --blocks 7200
    pysubtensor warp --time 2d
    """
    from .dev_output import head_after

    if (blocks is None) == (moment is None):
        raise click.UsageError("expected --blocks or --time, one of them")
    if moment is not None:
        head_after(url, *moment)
    else:
        head_after(url, "dev_skipBlocks", blocks)


@click.command()
@click.argument("account", type=AddressType(), metavar="ACCOUNT")
@click.argument("amount", type=TaoType(), metavar="AMOUNT")
@url_option
@json_option
def fund(account: bytes, amount: int, url: str) -> None:
    """Give ACCOUNT an AMOUNT of TAO, out of nothing.

    Example: pysubtensor fund //Miner1 100tao
    """
    from .dev_output import fund_account

    fund_account(url, account, amount)


@click.group(cls=Commands)
def snapshot() -> None:
    """Take snapshots of the whole chain, and go back to them, at any length."""


@snapshot.command()
@click.argument("label", required=False)
@url_option
@json_option
def take(label: str | None, url: str) -> None:
    """Take a snapshot of blocks, state, pool and clock; print its id. LABEL is for people."""
    from .dev_output import take_snapshot

    take_snapshot(url, label)


@snapshot.command()
@click.argument("id_", metavar="ID")
@click.option("--keep", is_flag=True, help="Keep the snapshot, to go back to it again.")
@url_option
@json_option
def revert(id_: str, keep: bool, url: str) -> None:
    """Go back to the snapshot ID; it ends, and all later ones."""
    from .dev_output import revert_to

    revert_to(url, id_, keep)


@snapshot.command("list")
@url_option
@json_option
def list_(url: str) -> None:
    """List the snapshots to which the chain can go back."""
    from .dev_output import list_snapshots

    list_snapshots(url)


@snapshot.command()
@click.argument("id_", metavar="ID")
@url_option
@json_option
def drop(id_: str, url: str) -> None:
    """End the snapshot ID without going back."""
    from .dev_output import drop_snapshot

    drop_snapshot(url, id_)
