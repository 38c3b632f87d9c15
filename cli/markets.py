"""Subnets by netuid or name, their prices, and simulated trades, read from a node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..consensus.fixed import U64F64
from ..consensus.reserves import Reserves, Side
from ..consensus.reserves import price as pool_price
from ..runtime.client.names import find_api
from ..runtime.pallets.subtensor import storage
from ..runtime.pallets.swap import DYNAMIC, FeeRate, SwapBalancer
from ..runtime.units import RAO_PER_TAO
from .amounts import MILLION, Amount
from .errors import Misused
from .remote import Remote

ROOT = 0
#: Rates of fees are in parts of this.
PARTS = 65_535


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet, and its price: rao for one alpha. Root's stake is TAO, at a price of one."""

    netuid: int
    name: str
    symbol: str
    price: int

    @property
    def unit(self) -> str:
        return "alpha" if self.netuid else "tao"

    def __str__(self) -> str:
        return f"{self.netuid} ({self.name})" if self.name else str(self.netuid)


@dataclass(frozen=True, slots=True)
class Quote:
    """A simulated trade: what is paid out, the pool's fee in the unit that is paid in, and the slippage."""

    received: Amount
    fee: Amount
    #: The difference to what would be paid out at the price before the trade.
    slippage: int
    #: The price after the trade, in rao.
    price_after: int


def ask(remote: Remote, method: str, *values: Any) -> Any:
    """Return the answer of a runtime API, "Api.method"."""
    return remote.ask(find_api(remote.runtime.api_methods, method), values)


def subnets(remote: Remote) -> list[Subnet]:
    """Return all subnets by netuid."""
    infos = [info for info in ask(remote, "SubnetInfoRuntimeApi.get_all_dynamic_info") if info is not None]
    prices = {each.netuid: each.price for each in ask(remote, "SwapRuntimeApi.current_alpha_price_all")}
    return [subnet_of(info, prices[info.netuid]) for info in infos]


def subnet_of(info: Any, price: int) -> Subnet:
    """Return a subnet from its DynamicInfo; the name of its identity, if it has one, takes precedence."""
    identity = info.subnet_identity
    named = bytes(identity.subnet_name) if identity is not None and identity.subnet_name else bytes(info.subnet_name)
    return Subnet(info.netuid, named.decode(errors="replace"), bytes(info.token_symbol).decode(errors="replace"), price)


def find_subnet(found: Sequence[Subnet], wanted: str) -> Subnet:
    """Return the subnet with a netuid or a name, in any case; Misused when there is none or there are several."""
    by_name = [each for each in found if wanted in (str(each.netuid), each.symbol)]
    by_name = by_name or [each for each in found if each.name.casefold() == wanted.casefold()]
    if not by_name:
        raise Misused(f"expected the netuid or the name of a subnet, got {wanted!r}; `pysubtensor subnets` lists them")
    if len(by_name) > 1:
        netuids = ", ".join(str(each.netuid) for each in by_name)
        raise Misused(f"expected a subnet, got the name {wanted!r} of several: {netuids}; give the netuid")
    return by_name[0]


def quote_buy(remote: Remote, subnet: Subnet, rao: int) -> Quote:
    """Return what staking `rao` gives."""
    found = ask(remote, "SwapRuntimeApi.sim_swap_tao_for_alpha", subnet.netuid, rao)
    after = price_after(remote, subnet, Side.BUY, found.tao_amount, found.alpha_amount)
    return Quote(Amount(found.alpha_amount, subnet.unit), Amount(found.tao_fee, "tao"), found.alpha_slippage, after)


def quote_buy_without_fee(remote: Remote, subnet: Subnet, rao: int) -> Quote:
    """Return what `rao` buy where the pool takes no fee: as much as the amount of which a fee leaves `rao`.

    Root, and a subnet without a pool, never take one.
    """
    quote = quote_buy(remote, subnet, rao)
    if quote.fee.rao == 0:
        return quote
    rate = remote.storage(FeeRate, (subnet.netuid,))
    return quote_buy(remote, subnet, rao * PARTS // (PARTS - rate))


def quote_sell(remote: Remote, subnet: Subnet, alpha: int) -> Quote:
    """Return what unstaking `alpha` gives."""
    found = ask(remote, "SwapRuntimeApi.sim_swap_alpha_for_tao", subnet.netuid, alpha)
    after = price_after(remote, subnet, Side.SELL, found.alpha_amount, found.tao_amount, found.alpha_fee)
    return Quote(Amount(found.tao_amount, "tao"), Amount(found.alpha_fee, subnet.unit), found.tao_slippage, after)


def price_after(remote: Remote, subnet: Subnet, side: Side, paid_in: int, paid_out: int, fee: int = 0) -> int:
    """Return the price, in rao, after a trade of these amounts. Where there is no pool, the price stays.

    The fee of a sale, in alpha, is sold as well, for the author of the block.
    """
    key = (subnet.netuid,)
    if subnet.netuid == ROOT or remote.storage(storage.SubnetMechanism, key) != DYNAMIC:
        return subnet.price
    tao, alpha = (remote.storage(item, key) for item in (storage.SubnetTAO, storage.SubnetAlphaIn))
    reserves = Reserves(tao, alpha, remote.storage(SwapBalancer, key).quote).after(side, paid_in, paid_out)
    if fee:
        reserves = reserves.after(side, fee, reserves.paid_out(side, fee))
    return pool_price(reserves) * RAO_PER_TAO // U64F64.one


def most(price: int, tolerance: int) -> int:
    """Return the highest price that is accepted, in rao; the tolerance is in parts of a million."""
    return price * (MILLION + tolerance) // MILLION


def least(price: int, tolerance: int) -> int:
    """Return the lowest price that is accepted, in rao; the tolerance is in parts of a million."""
    return -(-price * (MILLION - tolerance) // MILLION)


def ratio(origin: int, destination: int) -> int:
    """Return the price of the origin's alpha in the destination's, times 10^9, from their prices in rao."""
    return origin * RAO_PER_TAO // destination if destination else 0
