"""`pysubtensor stake`: stake, unstake and move stake with a preview, in TAO and alpha; list stake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from ..runtime.client.to_plain import to_plain
from ..runtime.scale import AccountId, codec_of
from .amounts import ALL, ANY, Amount, AmountType, ToleranceType, emit_amount_rows, percent
from .errors import Misused
from .markets import (
    ROOT,
    Subnet,
    ask,
    find_subnet,
    least,
    most,
    quote_buy,
    quote_buy_without_fee,
    quote_sell,
    ratio,
    subnets,
)
from .options import url_option
from .output import json_option, print_message, wants_json
from .params import PlainType
from .proposals import PROPOSAL_OPTIONS, Proposal, call_named, propose
from .remote import Remote
from .secret import SecretCommand
from .sending import Sending

F = TypeVar("F", bound=Callable[..., Any])
ADDRESS = PlainType(codec_of(AccountId))
RAO_PER_UNIT = 10**9
#: What an account keeps when all of its TAO is staked: the existential deposit, and more than any fee of the call.
KEPT = 10_000_000

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


def proposal_options(command: F) -> F:
    """Add the options of a transaction that is shown before it is signed."""
    for option in reversed(PROPOSAL_OPTIONS):
        command = option(command)
    return command


@click.group()
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


@stake.command(cls=SecretCommand)
@netuid_option
@hotkey_option("to stake on: the validator's")
@click.option("--amount", type=AmountType("tao"), required=True, help=f"TAO to stake; {ALL}: all but 0.01 TAO.")
@tolerance_option
@partial_option
@proposal_options
def add(
    netuid: str, hotkey: bytes, amount: Amount | None, tolerance: int | None, partial: bool, yes: bool, **sending: Any
) -> None:
    """Stake TAO of the signer on a hotkey of a subnet."""

    def plan(remote: Remote, account: bytes) -> Proposal:
        subnet = find_subnet(subnets(remote), netuid)
        paid = amount or Amount(spendable(remote, account), "tao")
        quote = quote_buy(remote, subnet, paid.rao)
        limit = None if tolerance is None else most(subnet.price, tolerance)
        terms = {"hotkey": hotkey, "netuid": subnet.netuid, "amount_staked": paid.rao}
        call = limited("add_stake", terms, limit, partial)
        return Proposal(call, trade_preview(subnet, paid, quote.received, quote.fee, quote.slippage, limit))

    propose(Sending(**sending), yes, plan)


@stake.command(cls=SecretCommand)
@netuid_option
@hotkey_option("that has the stake")
@click.option("--amount", type=AmountType("alpha", "tao"), required=True, help="Alpha (on root: TAO) to unstake.")
@tolerance_option
@partial_option
@proposal_options
def remove(
    netuid: str, hotkey: bytes, amount: Amount | None, tolerance: int | None, partial: bool, yes: bool, **sending: Any
) -> None:
    """Unstake alpha of the signer from a hotkey of a subnet, for TAO."""

    def plan(remote: Remote, account: bytes) -> Proposal:
        subnet = find_subnet(subnets(remote), netuid)
        paid = staked(remote, account, hotkey, subnet, amount)
        quote = quote_sell(remote, subnet, paid.rao)
        limit = None if tolerance is None else least(subnet.price, tolerance)
        terms = {"hotkey": hotkey, "netuid": subnet.netuid, "amount_unstaked": paid.rao}
        call = limited("remove_stake", terms, limit, partial)
        if amount is None and not partial:  # all that there is when the call runs, dividends until then included
            call = call_named("remove_stake_full_limit", hotkey=hotkey, netuid=subnet.netuid, limit_price=limit)
        return Proposal(call, trade_preview(subnet, paid, quote.received, quote.fee, quote.slippage, limit))

    propose(Sending(**sending), yes, plan)


@stake.command(cls=SecretCommand)
@netuid_option
@hotkey_option("that has the stake")
@click.option("--amount", type=AmountType("alpha", "tao"), required=True, help="Alpha (on root: TAO) to move.")
@click.option("--to-netuid", metavar="SUBNET", help="Netuid or name of another subnet.")
@click.option("--to-hotkey", type=ADDRESS, help="Another hotkey.")
@click.option("--to-coldkey", type=ADDRESS, help="Another coldkey, which owns the stake then.")
@tolerance_option
@partial_option
@proposal_options
def move(
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

    def plan(remote: Remote, account: bytes) -> Proposal:
        found = subnets(remote)
        origin = find_subnet(found, netuid)
        destination = origin if to_netuid is None else find_subnet(found, to_netuid)
        moved = staked(remote, account, hotkey, origin, amount)
        limit = move_limit(origin, destination, tolerance, to_hotkey is None and to_coldkey is None)
        places = {"origin_netuid": origin.netuid, "destination_netuid": destination.netuid}
        keys = {"hotkey": hotkey, "origin_hotkey": hotkey, "destination_hotkey": to_hotkey}
        terms = {**places, **keys, "destination_coldkey": to_coldkey, "alpha_amount": moved.rao}
        name = "move_stake" if to_hotkey else "transfer_stake" if to_coldkey else "swap_stake"
        return Proposal(limited(name, terms, limit, partial), move_preview(remote, origin, destination, moved, limit))

    propose(Sending(**sending), yes, plan)


@stake.command("list")
@click.argument("coldkey", type=ADDRESS)
@url_option
@json_option
def list_stake(coldkey: bytes, url: str) -> None:
    """List the stake of COLDKEY by subnet and hotkey, with its value in TAO at the present price."""
    from .client import Client

    with Client(url) as client:
        remote = Remote(client)
        remote.check()
        known = {each.netuid: each for each in subnets(remote)}
        infos = ask(remote, "StakeInfoRuntimeApi.get_stake_info_for_coldkey", coldkey)
        available = ask(remote, "StakeInfoRuntimeApi.get_stake_availability_for_coldkeys", [coldkey], None)[coldkey]
    rows = [row_of(known[info.netuid], info, available[info.netuid].available) for info in infos]
    if rows or wants_json():
        emit_amount_rows(rows)
    else:
        print_message("No stake.")


# --- plans -----------------------------------------------------------------------------------------------------


def row_of(subnet: Subnet, info: Any, available: int) -> dict[str, Any]:
    """Return a row of the list; `available` of the coldkey's stake on the subnet is not locked."""
    return {
        "netuid": subnet.netuid,
        "subnet": subnet.name,
        "hotkey": to_plain(codec_of(AccountId), info.hotkey),
        "stake": Amount(info.stake, subnet.unit),
        "value": Amount(info.stake * subnet.price // RAO_PER_UNIT, "tao"),
        "emission": Amount(info.emission, subnet.unit),
        "unlocked_on_subnet": Amount(available, subnet.unit),
    }


def spendable(remote: Remote, account: bytes) -> int:
    """Return the TAO of an account that can be staked, in rao."""
    from ..runtime.pallets.system import Account

    free = remote.storage(Account, (account,)).data.free
    if free <= KEPT:
        raise Misused(f"expected more than {Amount(KEPT, 'tao')} on the account, it has {Amount(free, 'tao')}")
    return int(free - KEPT)


def staked(remote: Remote, coldkey: bytes, hotkey: bytes, subnet: Subnet, amount: Amount | None) -> Amount:
    """Return the stake to take: `amount`, or all; Misused in the wrong unit, or when there is less."""
    if amount is not None and amount.unit != subnet.unit:
        raise Misused(f"expected an amount of {subnet.unit} of subnet {subnet}, got {amount}")
    place = hotkey, coldkey, subnet.netuid
    owned = Amount(
        ask(remote, "StakeInfoRuntimeApi.get_stake_info_for_hotkey_coldkey_netuid", *place).stake, subnet.unit
    )
    if owned.rao == 0 or (amount is not None and amount.rao > owned.rao):
        raise Misused(f"expected {amount or 'some stake'} on this hotkey of subnet {subnet}, there is {owned}")
    return amount or owned


def limited(name: str, terms: dict[str, Any], limit: int | None, partial: bool) -> Any:
    """Return a call, in its form with a limit of the price if there is one."""
    if limit is None:
        return call_named(name, **terms)
    return call_named(f"{name}_limit", **terms, limit_price=limit, allow_partial=partial)


def move_limit(origin: Subnet, destination: Subnet, tolerance: int | None, same_keys: bool) -> int | None:
    """Return the least price of the origin's alpha in the destination's; None for a move without a trade or bound."""
    if origin.netuid == destination.netuid or tolerance is None:
        return None
    if not same_keys:
        raise Misused(f"expected --tolerance {ANY}: the chain cannot bound the price of a move to other keys")
    return least(ratio(origin, destination), tolerance)


def trade_preview(
    subnet: Subnet, paid: Amount, received: Amount, fee: Amount, slippage: int, limit: int | None
) -> dict[str, Any]:
    """Return the preview of a trade with one pool."""
    return {
        "subnet": str(subnet),
        "pays": paid,
        "receives": received,
        "pool fee": fee,
        "price": Amount(subnet.price, "tao"),
        "slippage": percent(slippage, received.rao + slippage),
        "price limit": None if limit is None else Amount(limit, "tao"),
    }


def move_preview(
    remote: Remote, origin: Subnet, destination: Subnet, moved: Amount, limit: int | None
) -> dict[str, Any]:
    """Return the preview of a move: between subnets it is a sale, and a purchase with its proceeds.

    Only the first pool takes a fee.
    """
    if origin.netuid == destination.netuid:
        return {"subnet": str(origin), "moves": moved}
    sale = quote_sell(remote, origin, moved.rao)
    buy = quote_buy if origin.netuid == ROOT else quote_buy_without_fee
    purchase = buy(remote, destination, sale.received.rao)
    return {
        "from": str(origin),
        "to": str(destination),
        "pays": moved,
        "receives": Amount(purchase.received.rao, destination.unit),
        "pool fee": sale.fee if origin.netuid != ROOT else purchase.fee,
        "price": Amount(ratio(origin, destination), destination.unit),
        "price limit": None if limit is None else Amount(limit, destination.unit),
    }
