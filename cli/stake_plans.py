"""Plans of `pysubtensor stake`: calls with their previews, and the list of an account's stake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..runtime.client.to_plain import to_plain
from ..runtime.pallets.system import Account
from ..runtime.scale import AccountId, codec_of
from ..runtime.units import RAO_PER_TAO
from .amounts import ANY, Amount, emit_amount_rows, percent
from .client import Client
from .errors import Misused
from .markets import (
    ROOT,
    Quote,
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
from .output import print_message, wants_json
from .proposals import Proposal, call_named, propose
from .remote import Remote
from .send_options import Sending

#: What an account keeps when all of its TAO is staked: the existential deposit, and more than any fee of the call.
KEPT = 10_000_000


@dataclass(frozen=True, slots=True)
class Trade:
    """What is traded: an amount (None: all) of a hotkey's stake on a subnet, and by how much its price may change."""

    netuid: str
    hotkey: bytes
    amount: Amount | None
    tolerance: int | None
    partial: bool


@dataclass(frozen=True, slots=True)
class Destination:
    """Where stake moves: to another subnet, hotkey or coldkey."""

    netuid: str | None
    hotkey: bytes | None
    coldkey: bytes | None


def add(how: Sending, yes: bool, trade: Trade) -> None:
    """Stake TAO of the signer."""

    def plan(remote: Remote, account: bytes) -> Proposal:
        subnet = find_subnet(subnets(remote), trade.netuid)
        paid = trade.amount or Amount(spendable(remote, account), "tao")
        quote = quote_buy(remote, subnet, paid.rao)
        limit = None if trade.tolerance is None else most(subnet.price, trade.tolerance)
        terms = {"hotkey": trade.hotkey, "netuid": subnet.netuid, "amount_staked": paid.rao}
        call = limited("add_stake", terms, limit, trade.partial)
        return Proposal(call, trade_preview(subnet, paid, quote, limit))

    propose(how, yes, plan)


def remove(how: Sending, yes: bool, trade: Trade) -> None:
    """Unstake alpha of the signer, for TAO."""

    def plan(remote: Remote, account: bytes) -> Proposal:
        subnet = find_subnet(subnets(remote), trade.netuid)
        paid = staked(remote, account, trade.hotkey, subnet, trade.amount)
        quote = quote_sell(remote, subnet, paid.rao)
        limit = None if trade.tolerance is None else least(subnet.price, trade.tolerance)
        terms = {"hotkey": trade.hotkey, "netuid": subnet.netuid, "amount_unstaked": paid.rao}
        call = limited("remove_stake", terms, limit, trade.partial)
        if trade.amount is None and not trade.partial:  # all that there is when the call runs, dividends included
            call = call_named("remove_stake_full_limit", hotkey=trade.hotkey, netuid=subnet.netuid, limit_price=limit)
        return Proposal(call, trade_preview(subnet, paid, quote, limit))

    propose(how, yes, plan)


def move(how: Sending, yes: bool, trade: Trade, to: Destination) -> None:
    """Move stake of the signer to another subnet, hotkey or coldkey."""

    def plan(remote: Remote, account: bytes) -> Proposal:
        found = subnets(remote)
        origin = find_subnet(found, trade.netuid)
        destination = origin if to.netuid is None else find_subnet(found, to.netuid)
        moved = staked(remote, account, trade.hotkey, origin, trade.amount)
        limit = move_limit(origin, destination, trade.tolerance, to.hotkey is None and to.coldkey is None)
        places = {"origin_netuid": origin.netuid, "destination_netuid": destination.netuid}
        keys = {"hotkey": trade.hotkey, "origin_hotkey": trade.hotkey, "destination_hotkey": to.hotkey}
        terms = {**places, **keys, "destination_coldkey": to.coldkey, "alpha_amount": moved.rao}
        name = "move_stake" if to.hotkey else "transfer_stake" if to.coldkey else "swap_stake"
        call = limited(name, terms, limit, trade.partial)
        return Proposal(call, move_preview(remote, origin, destination, moved, limit))

    propose(how, yes, plan)


def list_stake(coldkey: bytes, url: str) -> None:
    """Print the stake of a coldkey by subnet and hotkey."""
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


def row_of(subnet: Subnet, info: Any, available: int) -> dict[str, Any]:
    """Return a row of the list; `available` of the coldkey's stake on the subnet is not locked."""
    return {
        "netuid": subnet.netuid,
        "subnet": subnet.name,
        "hotkey": to_plain(codec_of(AccountId), info.hotkey),
        "stake": Amount(info.stake, subnet.unit),
        "value": Amount(info.stake * subnet.price // RAO_PER_TAO, "tao"),
        "emission": Amount(info.emission, subnet.unit),
        "unlocked_on_subnet": Amount(available, subnet.unit),
    }


def spendable(remote: Remote, account: bytes) -> int:
    """Return the TAO of an account that can be staked, in rao."""
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
    return least(ratio(origin.price, destination.price), tolerance)


def trade_preview(subnet: Subnet, paid: Amount, quote: Quote, limit: int | None) -> dict[str, Any]:
    """Return the preview of a trade with one pool."""
    return {
        "subnet": str(subnet),
        "pays": paid,
        "receives": quote.received,
        "pool fee": quote.fee,
        "price": Amount(subnet.price, "tao"),
        "price after": Amount(quote.price_after, "tao"),
        "slippage": percent(quote.slippage, quote.received.rao + quote.slippage),
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
        "price": Amount(ratio(origin.price, destination.price), destination.unit),
        "price after": Amount(ratio(sale.price_after, purchase.price_after), destination.unit),
        "price limit": None if limit is None else Amount(limit, destination.unit),
    }
