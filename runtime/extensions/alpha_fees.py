"""Fees in alpha: an account without enough TAO for the fee of a call that removes stake may pay from that stake."""

from __future__ import annotations

from typing import NamedTuple

from ..frame.call import Call
from ..frame.context import Context
from ..frame.errors import DispatchFailed
from ..frame.validity import Payment, Refused
from ..pallets.shared.types import ROOT_NETUID
from ..pallets.subtensor import storage
from ..pallets.subtensor.declared.pallet import pallet
from ..pallets.subtensor.ledger.share_pool import get_stake_for_hotkey_and_coldkey_on_subnet
from ..pallets.subtensor.staking.stake import unstake_from_subnet
from ..pallets.subtensor.subnets.networks import get_all_subnet_netuids
from ..pallets.swap import alpha_for_tao

#: Calls of SubtensorModule that remove stake from one subnet, and the names of their arguments for hotkey and netuid.
FROM_ONE_SUBNET = {
    "remove_stake": ("hotkey", "netuid"),
    "remove_stake_limit": ("hotkey", "netuid"),
    "remove_stake_full_limit": ("hotkey", "netuid"),
    "move_stake": ("origin_hotkey", "origin_netuid"),
    "transfer_stake": ("hotkey", "origin_netuid"),
    "swap_stake": ("hotkey", "origin_netuid"),
    "swap_stake_limit": ("hotkey", "origin_netuid"),
    "recycle_alpha": ("hotkey", "netuid"),
    "burn_alpha": ("hotkey", "netuid"),
}
#: Calls that remove all stake from a hotkey. The stake pays the fee when it is on a single subnet.
FROM_ALL_SUBNETS = ("unstake_all", "unstake_all_alpha")


class AlphaFee(NamedTuple):
    """A fee paid in alpha of a subnet, and the TAO (rao) for which the alpha was sold."""

    netuid: int
    alpha: int
    tao: int


def fees_in_alpha(ctx: Context, who: bytes, call: Call) -> tuple[bytes, int] | None:
    """Return the hotkey and netuid of the stake from which `who` may pay the call's fee; None when there is none."""
    if call.function.pallet is not pallet:
        return None
    args = {field.name: value for field, value in zip(call.function.args, call.args, strict=True)}
    if names := FROM_ONE_SUBNET.get(call.name):
        hotkey, netuid = (args[name] for name in names)
        return hotkey, netuid
    if call.name in FROM_ALL_SUBNETS:
        netuids = _netuids_with_stake(ctx, who, args["hotkey"])
        return (args["hotkey"], netuids[0]) if len(netuids) == 1 else None
    return None


def _netuids_with_stake(ctx: Context, coldkey: bytes, hotkey: bytes) -> list[int]:
    """Return the subnets with enabled subtoken on which a coldkey has stake on a hotkey."""
    return [
        netuid
        for netuid in get_all_subnet_netuids(ctx)
        if storage.SubtokenEnabled.get(ctx, netuid)
        and get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid)
    ]


def can_withdraw_in_alpha(ctx: Context, who: bytes, call: Call, fee: int) -> bool:
    """Return whether the call's stake is worth a fee of `fee` rao at the current price."""
    stake = fees_in_alpha(ctx, who, call)
    if stake is None:
        return False
    hotkey, netuid = stake
    alpha = get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, who, netuid)
    return alpha >= alpha_for_tao(ctx, netuid, fee)


def withdraw_in_alpha(ctx: Context, who: bytes, call: Call, fee: int) -> AlphaFee:
    """Sell alpha worth `fee` rao to the block's author, or the whole stake where alpha has no price.

    A block without an author takes no fee. Refused with Payment when the pool refuses the sale.
    """
    stake = fees_in_alpha(ctx, who, call)
    if stake is None:
        raise Refused(Payment())
    if ctx.block.author is None:
        return AlphaFee(ROOT_NETUID, 0, 0)
    hotkey, netuid = stake
    owned = get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, who, netuid)
    alpha = min(alpha_for_tao(ctx, netuid, fee) or owned, owned)
    try:
        tao = unstake_from_subnet(ctx, hotkey, who, ctx.block.author, netuid, alpha, 0, drop_fees=True)
    except DispatchFailed:
        raise Refused(Payment()) from None
    return AlphaFee(netuid, alpha, tao)
