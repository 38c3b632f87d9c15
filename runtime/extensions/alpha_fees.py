"""Fees in alpha: who has no TAO to spare for the fee of a call that takes stake away may pay from that very stake."""

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

#: Calls of SubtensorModule that take stake from one subnet, and which arguments are its hotkey and netuid.
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
#: Those that take all stake from a hotkey: it pays when it is on a single subnet.
FROM_ALL_SUBNETS = ("unstake_all", "unstake_all_alpha")


class AlphaFee(NamedTuple):
    """Alpha of a subnet that paid a fee, and the rao for which it was sold."""

    netuid: int
    alpha: int
    tao: int


def fees_in_alpha(ctx: Context, who: bytes, call: Call) -> tuple[bytes, int] | None:
    """The stake of `who` from which the call's fee may be paid, as hotkey and netuid; None when there is no such."""
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
    return [
        netuid
        for netuid in get_all_subnet_netuids(ctx)
        if storage.SubtokenEnabled.get(ctx, netuid)
        and get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid)
    ]


def can_withdraw_in_alpha(ctx: Context, who: bytes, call: Call, fee: int) -> bool:
    """Whether the call's stake is worth the fee of so many rao at the current price."""
    stake = fees_in_alpha(ctx, who, call)
    if stake is None:
        return False
    hotkey, netuid = stake
    alpha = get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, who, netuid)
    return alpha >= alpha_for_tao(ctx, netuid, fee)


def withdraw_in_alpha(ctx: Context, who: bytes, call: Call, fee: int) -> AlphaFee:
    """Sell alpha worth the fee for the block's author, and all there is where alpha has no price.

    A block without author takes no fee. Refused with Payment when the pool does not buy.
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
