"""Stake as it is stored: a hotkey's alpha on a subnet is a pool in which coldkeys own shares (`consensus.share_pool`).

On root the alpha is TAO. Shares written by earlier versions of the chain (`Alpha`, `TotalHotkeyShares`) hold until they
are changed; then `AlphaV2` and `TotalHotkeySharesV2` hold. What is zero is not stored.
"""

from __future__ import annotations

from .....consensus.integers import saturate_u64, saturating_add_u64, saturating_sub
from .....consensus.safe_float import SafeFloat
from .....consensus.share_pool import SharePool
from ....frame.context import Context
from .. import storage

# --- the pool ------------------------------------------------------------------------------------------------------


def get_alpha_share_pool(ctx: Context, hotkey: bytes, netuid: int) -> SharePool:
    """A hotkey's alpha on a subnet, and all shares in it."""
    return SharePool(storage.TotalHotkeyAlpha.get(ctx, hotkey, netuid), _denominator(ctx, hotkey, netuid))


def _has_former_denominator(ctx: Context, hotkey: bytes, netuid: int) -> bool:
    # On most chains nothing is stored in the former way, and that is known at once.
    return not storage.TotalHotkeyShares.is_empty(ctx) and storage.TotalHotkeyShares.contains(ctx, hotkey, netuid)


def _has_former_share(ctx: Context, key: tuple[bytes, bytes, int]) -> bool:
    return not storage.Alpha.is_empty(ctx) and storage.Alpha.contains(ctx, key)


def has_former_shares(ctx: Context) -> bool:
    """Whether any shares are stored in the former way: only then a change of nothing may change something."""
    return not (storage.TotalHotkeyShares.is_empty(ctx) and storage.Alpha.is_empty(ctx))


def _denominator(ctx: Context, hotkey: bytes, netuid: int) -> SafeFloat:
    if _has_former_denominator(ctx, hotkey, netuid):
        return SafeFloat.from_u64f64(storage.TotalHotkeyShares.get(ctx, hotkey, netuid))
    return storage.TotalHotkeySharesV2.get(ctx, hotkey, netuid)


def _share(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int) -> SafeFloat:
    key = hotkey, coldkey, netuid
    if _has_former_share(ctx, key):
        return SafeFloat.from_u64f64(storage.Alpha.get(ctx, key))
    return storage.AlphaV2.get(ctx, key)


def _set_value(ctx: Context, hotkey: bytes, netuid: int, value: int) -> None:
    if value:
        storage.TotalHotkeyAlpha.put(ctx, hotkey, netuid, value)
    else:
        storage.TotalHotkeyAlpha.remove(ctx, hotkey, netuid)


def _set_denominator(ctx: Context, hotkey: bytes, netuid: int, denominator: SafeFloat) -> None:
    if _has_former_denominator(ctx, hotkey, netuid):
        storage.TotalHotkeyShares.remove(ctx, hotkey, netuid)
    if denominator.is_zero():
        storage.TotalHotkeySharesV2.remove(ctx, hotkey, netuid)
    else:
        storage.TotalHotkeySharesV2.put(ctx, hotkey, netuid, denominator)


def _set_share(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int, share: SafeFloat) -> None:
    key = hotkey, coldkey, netuid
    if _has_former_share(ctx, key):
        storage.Alpha.remove(ctx, key)
    if share.is_zero():
        storage.AlphaV2.remove(ctx, key)
    else:
        storage.AlphaV2.put(ctx, key, share)


def _update_value_for_one(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int, update: int) -> None:
    if not update and _is_unmoved_by_nothing(ctx, hotkey, coldkey, netuid):
        return
    pool = get_alpha_share_pool(ctx, hotkey, netuid)
    pool, share = pool.changed_for_one(_share(ctx, hotkey, coldkey, netuid), update)
    _set_denominator(ctx, hotkey, netuid, pool.denominator)
    _set_share(ctx, hotkey, coldkey, netuid, share)
    _set_value(ctx, hotkey, netuid, pool.value)


def _is_unmoved_by_nothing(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int) -> bool:
    """Return whether a change by 0 rao changes nothing of what is stored.

    It turns shares that are stored in the former way into the present one. In a pool without a denominator it is the
    first to enter, with a share of 0, and what was stored for it is removed.
    """
    if _has_former_denominator(ctx, hotkey, netuid) or _has_former_share(ctx, (hotkey, coldkey, netuid)):
        return False
    return not storage.TotalHotkeySharesV2.get(ctx, hotkey, netuid).is_zero()


# --- what it is worth ----------------------------------------------------------------------------------------------


def get_stake_for_hotkey_and_coldkey_on_subnet(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int) -> int:
    """A coldkey's stake on a hotkey, in alpha, rounded down."""
    share = _share(ctx, hotkey, coldkey, netuid)
    return 0 if share.is_zero() else get_alpha_share_pool(ctx, hotkey, netuid).value_of(share)


def get_stake_for_hotkey_on_subnet(ctx: Context, hotkey: bytes, netuid: int) -> int:
    """All stake on a hotkey, whosever it is, in alpha."""
    return storage.TotalHotkeyAlpha.get(ctx, hotkey, netuid)


def total_coldkey_alpha_on_subnet(ctx: Context, coldkey: bytes, netuid: int) -> int:
    """A coldkey's stake on all hotkeys of a subnet, in alpha."""
    stakes = (
        get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid)
        for hotkey in storage.StakingHotkeys.get(ctx, coldkey)
    )
    return saturate_u64(sum(stakes))


# --- more and less of it -------------------------------------------------------------------------------------------


def increase_stake_for_hotkey_on_subnet(ctx: Context, hotkey: bytes, netuid: int, amount: int) -> None:
    """Give alpha to all who have stake on the hotkey, each in proportion."""
    if amount:
        _set_value(ctx, hotkey, netuid, get_alpha_share_pool(ctx, hotkey, netuid).changed_for_all(amount).value)


def increase_stake_for_hotkey_and_coldkey_on_subnet(
    ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int, amount: int
) -> None:
    """Give a coldkey more stake on the hotkey, in alpha."""
    if amount:
        add_staking_hotkey(ctx, coldkey, hotkey)
    _update_value_for_one(ctx, hotkey, coldkey, netuid, amount)


def try_increase_stake_for_hotkey_and_coldkey_on_subnet(ctx: Context, hotkey: bytes, netuid: int, amount: int) -> bool:
    """Whether more stake on the hotkey would be worth a share: not where the pool's shares have lost their alpha."""
    return get_alpha_share_pool(ctx, hotkey, netuid).can_take(amount)


def decrease_stake_for_hotkey_and_coldkey_on_subnet(
    ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int, amount: int
) -> None:
    """Take stake of a coldkey from the hotkey, in alpha; nothing happens when it has less."""
    key = hotkey, coldkey, netuid
    known = storage.Alpha.contains(ctx, key) or storage.AlphaV2.contains(ctx, key)
    if known and get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid) >= amount:
        _update_value_for_one(ctx, hotkey, coldkey, netuid, -amount)


def add_staking_hotkey(ctx: Context, coldkey: bytes, hotkey: bytes) -> None:
    """Remember that the coldkey may have stake on the hotkey."""
    hotkeys = storage.StakingHotkeys.get(ctx, coldkey)
    if hotkey not in hotkeys:
        storage.StakingHotkeys.put(ctx, coldkey, [*hotkeys, hotkey])


# --- the sum of all TAO staked -------------------------------------------------------------------------------------


def increase_total_stake(ctx: Context, increment: int) -> None:
    """Count more rao as staked."""
    storage.TotalStake.put(ctx, saturating_add_u64(storage.TotalStake.get(ctx), increment))


def decrease_total_stake(ctx: Context, decrement: int) -> None:
    """Count less rao as staked."""
    storage.TotalStake.put(ctx, saturating_sub(storage.TotalStake.get(ctx), decrement))
