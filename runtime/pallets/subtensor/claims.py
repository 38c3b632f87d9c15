"""Dividends of stake on root: each rao staked with a hotkey earns alpha of each subnet, which its coldkey may claim.

`RootClaimable` is what a rao staked from the beginning could claim; `RootClaimed` is what a staker cannot, for it was
claimed or earned before its stake came. Stakers are numbered without gaps, so that each block can claim for some.
"""

from __future__ import annotations

from ....consensus.fixed import I96F32
from ...frame.context import Context
from ..common_types import ROOT
from .share_pool import (
    get_stake_for_hotkey_and_coldkey_on_subnet,
    get_stake_for_hotkey_on_subnet,
    increase_stake_for_hotkey_and_coldkey_on_subnet,
)
from .storage.root import NumStakingColdkeys, RootClaimable, RootClaimed, StakingColdkeys, StakingColdkeysByIndex
from .storage.staking import Owner, StakingHotkeys

U64_MAX, U128_MAX = (1 << 64) - 1, (1 << 128) - 1


def increase_root_claimable_for_hotkey_and_subnet(ctx: Context, hotkey: bytes, netuid: int, amount: int) -> None:
    """Let who has stake on root with a hotkey share `amount` of a subnet's alpha.

    With less stake on root than alpha, the owner of the hotkey gets it all, as stake.
    """
    total = I96F32.from_int(get_stake_for_hotkey_on_subnet(ctx, hotkey, ROOT))
    if amount > I96F32.to_int(total, 64):
        increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, Owner.get(ctx, hotkey), netuid, amount)
        return
    claimable = RootClaimable.get(ctx, hotkey)
    claimable[netuid] = I96F32.saturating_add(claimable.get(netuid, 0), I96F32.safe_div(I96F32.from_int(amount), total))
    RootClaimable.put(ctx, hotkey, claimable)


# --- stake that comes and goes -------------------------------------------------------------------------------------


def _earned(rate: int, stake: int) -> int:
    """What so many rao could claim at this rate, in alpha."""
    return I96F32.to_int(I96F32.saturating_mul(rate, I96F32.from_int(stake)), 128)


def add_stake_adjust_root_claimed_for_hotkey_and_coldkey(
    ctx: Context, hotkey: bytes, coldkey: bytes, amount: int
) -> None:
    """New stake on root earns from now on: what it could claim counts as claimed."""
    for netuid, rate in RootClaimable.get(ctx, hotkey).items():
        key = netuid, hotkey, coldkey
        RootClaimed.put(ctx, key, min(RootClaimed.get(ctx, key) + _earned(rate, amount), U128_MAX))


def remove_stake_adjust_root_claimed_for_hotkey_and_coldkey(
    ctx: Context, hotkey: bytes, coldkey: bytes, amount: int
) -> None:
    """Stake that leaves root takes with it what counts as claimed for it."""
    for netuid, rate in RootClaimable.get(ctx, hotkey).items():
        if netuid != ROOT:
            key = netuid, hotkey, coldkey
            RootClaimed.put(ctx, key, max(RootClaimed.get(ctx, key) - _earned(rate, amount), 0))


# --- the numbers of stakers ----------------------------------------------------------------------------------------


def coldkey_has_root_stake(ctx: Context, coldkey: bytes) -> bool:
    """Whether a coldkey has any stake on root."""
    return any(
        get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, ROOT)
        for hotkey in StakingHotkeys.get(ctx, coldkey)
    )


def maybe_add_coldkey_index(ctx: Context, coldkey: bytes) -> None:
    """Give a coldkey the next number, unless it has one."""
    if not StakingColdkeys.contains(ctx, coldkey):
        number = NumStakingColdkeys.get(ctx)
        StakingColdkeysByIndex.put(ctx, number, coldkey)
        StakingColdkeys.put(ctx, coldkey, number)
        NumStakingColdkeys.put(ctx, min(number + 1, U64_MAX))


def maybe_remove_coldkey_index(ctx: Context, coldkey: bytes) -> None:
    """Take a coldkey's number; the last coldkey gets it, so that no gap stays."""
    number = StakingColdkeys.take(ctx, coldkey)
    if number is None:
        return
    last = max(NumStakingColdkeys.get(ctx) - 1, 0)
    moved = StakingColdkeysByIndex.take(ctx, last) if number != last else None
    if moved is None:
        StakingColdkeysByIndex.remove(ctx, number)
    else:
        StakingColdkeysByIndex.put(ctx, number, moved)
        StakingColdkeys.put(ctx, moved, number)
    NumStakingColdkeys.put(ctx, last)
