"""`pysubtensor stake`: stake, unstake and move stake with a preview, in TAO and alpha; list stake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from .accounts import AddressType
from .amounts import ALL, Amount, AmountType, ToleranceType
from .errors import Misused
from .groups import Commands
from .options import url_option
from .output import json_option, rao_option
from .secret import SecretCommand
from .send_options import Sending, proposal_options

F = TypeVar("F", bound=Callable[..., Any])
ADDRESS = AddressType()

netuid_option = click.option("--netuid", required=True, metavar="SUBNET", help="Netuid or name of the subnet; 0: root.")
tolerance_option = click.option(
    "--tolerance",
    type=ToleranceType(),
    default="5%",
    show_default=True,
    help="By how much the trade itself may move the price to your disadvantage before it fails; any: without a bound.",
)
partial_option = click.option(
    "--partial", is_flag=True, help="Trade what the tolerance allows, instead of failing when that is not everything."
)


def hotkey_option(purpose: str) -> Callable[[F], F]:
    """Return the option for a hotkey."""
    return click.option("--hotkey", type=ADDRESS, required=True, help=f"Hotkey {purpose}.")


@click.group(cls=Commands)
def stake() -> None:
    """Stake TAO, unstake it, move stake, and list stake; each transaction is shown before it is signed.

    \b
    pysubtensor stake add --netuid 1 --hotkey //Bob --amount 1.5tao --from //Alice
    pysubtensor stake remove --netuid 1 --hotkey //Bob --amount all --tolerance 1% --from //Alice
    pysubtensor stake move --netuid 1 --hotkey //Bob --amount 20alpha --to-netuid 2 --from //Alice
    pysubtensor stake list //Alice

    The preview has what the trade pays and gives at the present price, the fees, and the limit of the price; --dry-run
    shows it and sends nothing. Stake on subnets is in alpha, stake on root (netuid 0) in TAO. Everything else that can
    be done with stake is in `pysubtensor tx subtensor-module`.
    """


@stake.command("add", cls=SecretCommand)
@netuid_option
@hotkey_option("to stake on: the validator's")
@click.option("--amount", type=AmountType("tao"), required=True, help=f"TAO to stake; {ALL}: all but 0.01 TAO.")
@tolerance_option
@partial_option
@proposal_options
def add_(
    netuid: str, hotkey: bytes, amount: Amount | None, tolerance: int | None, partial: bool, yes: bool, **sending: Any
) -> None:
    """Stake TAO of the signer on a hotkey of a subnet."""
    from .stake_plans import Trade, add

    add(Sending(**sending), yes, Trade(netuid, hotkey, amount, tolerance, partial))


@stake.command("remove", cls=SecretCommand)
@netuid_option
@hotkey_option("that has the stake")
@click.option("--amount", type=AmountType("alpha", "tao"), required=True, help="Alpha (on root: TAO) to unstake.")
@tolerance_option
@partial_option
@proposal_options
def remove_(
    netuid: str, hotkey: bytes, amount: Amount | None, tolerance: int | None, partial: bool, yes: bool, **sending: Any
) -> None:
    """Unstake alpha of the signer from a hotkey of a subnet, for TAO."""
    from .stake_plans import Trade, remove

    remove(Sending(**sending), yes, Trade(netuid, hotkey, amount, tolerance, partial))


@stake.command("move", cls=SecretCommand)
@netuid_option
@hotkey_option("that has the stake")
@click.option("--amount", type=AmountType("alpha", "tao"), required=True, help="Alpha (on root: TAO) to move.")
@click.option("--to-netuid", metavar="SUBNET", help="Netuid or name of another subnet.")
@click.option("--to-hotkey", type=ADDRESS, help="Another hotkey.")
@click.option("--to-coldkey", type=ADDRESS, help="Another coldkey, which owns the stake then.")
@tolerance_option
@partial_option
@proposal_options
def move_(
    netuid: str,
    hotkey: bytes,
    amount: Amount | None,
    to_netuid: str | None,
    to_hotkey: bytes | None,
    to_coldkey: bytes | None,
    tolerance: int | None,
    partial: bool,
    yes: bool,
    **sending: Any,
) -> None:
    """Move stake of the signer to another subnet, to another hotkey (with it, if both are given), or another coldkey.

    Between subnets the stake passes both pools. The chain bounds the price only where the hotkey and the coldkey stay
    the same: other moves between subnets need `--tolerance any`.
    """
    if to_hotkey is not None and to_coldkey is not None:
        raise Misused("expected --to-hotkey or --to-coldkey, got both; move the stake twice")
    if to_netuid is None and to_hotkey is None and to_coldkey is None:
        raise Misused("expected where the stake goes: --to-netuid, --to-hotkey or --to-coldkey")
    from .stake_plans import Destination, Trade, move

    trade = Trade(netuid, hotkey, amount, tolerance, partial)
    move(Sending(**sending), yes, trade, Destination(to_netuid, to_hotkey, to_coldkey))


@stake.command("list")
@click.argument("coldkey", type=ADDRESS)
@url_option
@rao_option
@json_option
def list_(coldkey: bytes, url: str) -> None:
    """List the stake of COLDKEY by subnet and hotkey, with its value in TAO at the present price."""
    from .stake_plans import list_stake

    list_stake(coldkey, url)
