"""Stake as it is stored: the alpha on a hotkey is a pool for each subnet, in which coldkeys own shares.

The arithmetic is in `consensus.share_pool`. On root the alpha is TAO. Shares that earlier versions of the chain
wrote (`Alpha`, `TotalHotkeyShares`) are valid until they change; the change moves them to `AlphaV2` and
`TotalHotkeySharesV2`. Zeros are not stored.

Changes are signed 64-bit numbers, so amounts from 2^63 on have the opposite effect. Only a pool whose reserves root
has set in storage pays so much: otherwise all alpha of a subnet is at most 2.1 * 10^16.
"""

from __future__ import annotations

from .....consensus.integers import saturate_u64, saturating_add_u64, saturating_sub, wrap_i64
from .....consensus.safe_float import SafeFloat
from .....consensus.share_pool import SharePool
from ....frame.context import Context
from .. import storage

# --- the pool --------------------------------------------------------------------------------------------------------


def get_alpha_share_pool(ctx: Context, hotkey: bytes, netuid: int) -> SharePool:
    """Return the alpha on a hotkey on a subnet and the sum of all shares in it."""
    return SharePool(storage.TotalHotkeyAlpha.get(ctx, hotkey, netuid), _read_denominator(ctx, hotkey, netuid))


def _has_old_denominator(ctx: Context, hotkey: bytes, netuid: int) -> bool:
    # Most chains have no old shares at all; the test for an empty map is cheap.
    return not storage.TotalHotkeyShares.is_empty(ctx) and storage.TotalHotkeyShares.contains(ctx, hotkey, netuid)


def _has_old_share(ctx: Context, key: tuple[bytes, bytes, int]) -> bool:
    return not storage.Alpha.is_empty(ctx) and storage.Alpha.contains(ctx, key)


def has_former_shares(ctx: Context) -> bool:
    """Return whether any shares are stored in old items: only then can a change of zero change something."""
    return not (storage.TotalHotkeyShares.is_empty(ctx) and storage.Alpha.is_empty(ctx))


def _read_denominator(ctx: Context, hotkey: bytes, netuid: int) -> SafeFloat:
    if _has_old_denominator(ctx, hotkey, netuid):
        return SafeFloat.from_u64f64(storage.TotalHotkeyShares.get(ctx, hotkey, netuid))
    return storage.TotalHotkeySharesV2.get(ctx, hotkey, netuid)


def _read_share(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int) -> SafeFloat:
    key = hotkey, coldkey, netuid
    if _has_old_share(ctx, key):
        return SafeFloat.from_u64f64(storage.Alpha.get(ctx, key))
    return storage.AlphaV2.get(ctx, key)


def _set_value(ctx: Context, hotkey: bytes, netuid: int, value: int) -> None:
    if value:
        storage.TotalHotkeyAlpha.put(ctx, hotkey, netuid, value)
    else:
        storage.TotalHotkeyAlpha.remove(ctx, hotkey, netuid)


def _set_denominator(ctx: Context, hotkey: bytes, netuid: int, denominator: SafeFloat) -> None:
    if _has_old_denominator(ctx, hotkey, netuid):
        storage.TotalHotkeyShares.remove(ctx, hotkey, netuid)
    if denominator.is_zero():
        storage.TotalHotkeySharesV2.remove(ctx, hotkey, netuid)
    else:
        storage.TotalHotkeySharesV2.put(ctx, hotkey, netuid, denominator)


def _set_share(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int, share: SafeFloat) -> None:
    key = hotkey, coldkey, netuid
    if _has_old_share(ctx, key):
        storage.Alpha.remove(ctx, key)
    if share.is_zero():
        storage.AlphaV2.remove(ctx, key)
    else:
        storage.AlphaV2.put(ctx, key, share)


def _update_value_for_one(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int, update: int) -> None:
    if not update and _is_unmoved_by_zero(ctx, hotkey, coldkey, netuid):
        return
    pool = get_alpha_share_pool(ctx, hotkey, netuid)
    pool, share = pool.update_value_for_one(_read_share(ctx, hotkey, coldkey, netuid), update)
    _set_denominator(ctx, hotkey, netuid, pool.denominator)
    _set_share(ctx, hotkey, coldkey, netuid, share)
    _set_value(ctx, hotkey, netuid, pool.value)


def _is_unmoved_by_zero(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int) -> bool:
    """Return whether a change of 0 rao leaves everything as stored.

    It moves shares from old items to the new ones. In a pool without a denominator it is the first to enter, with a
    share of 0, and what was stored for it is removed.
    """
    if _has_old_denominator(ctx, hotkey, netuid) or _has_old_share(ctx, (hotkey, coldkey, netuid)):
        return False
    return not storage.TotalHotkeySharesV2.get(ctx, hotkey, netuid).is_zero()


# --- reading stake ---------------------------------------------------------------------------------------------------


def get_stake_for_hotkey_and_coldkey_on_subnet(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int) -> int:
    """Return the stake of a coldkey on a hotkey, in alpha, rounded down."""
    share = _read_share(ctx, hotkey, coldkey, netuid)
    return 0 if share.is_zero() else get_alpha_share_pool(ctx, hotkey, netuid).value_of(share)


def get_stake_for_hotkey_on_subnet(ctx: Context, hotkey: bytes, netuid: int) -> int:
    """Return the stake of all coldkeys on a hotkey, in alpha."""
    return storage.TotalHotkeyAlpha.get(ctx, hotkey, netuid)


def total_coldkey_alpha_on_subnet(ctx: Context, coldkey: bytes, netuid: int) -> int:
    """Return the stake of a coldkey on all hotkeys of a subnet, in alpha."""
    stakes = (
        get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid)
        for hotkey in storage.StakingHotkeys.get(ctx, coldkey)
    )
    return saturate_u64(sum(stakes))


# --- changing stake --------------------------------------------------------------------------------------------------


def increase_stake_for_hotkey_on_subnet(ctx: Context, hotkey: bytes, netuid: int, amount: int) -> None:
    """Add `amount` alpha to the stake of all coldkeys on the hotkey, in proportion to their shares."""
    if amount:
        pool = get_alpha_share_pool(ctx, hotkey, netuid).update_value_for_all(wrap_i64(amount))
        _set_value(ctx, hotkey, netuid, pool.value)


def increase_stake_for_hotkey_and_coldkey_on_subnet(
    ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int, amount: int
) -> None:
    """Add `amount` alpha to the stake of a coldkey on the hotkey."""
    if amount:
        add_staking_hotkey(ctx, coldkey, hotkey)
    _update_value_for_one(ctx, hotkey, coldkey, netuid, wrap_i64(amount))


def try_increase_stake_for_hotkey_and_coldkey_on_subnet(ctx: Context, hotkey: bytes, netuid: int, amount: int) -> bool:
    """Return whether `amount` more alpha on the hotkey would be worth a share.

    It would not where the shares of the pool have lost their alpha.
    """
    return get_alpha_share_pool(ctx, hotkey, netuid).can_take(wrap_i64(amount))


def decrease_stake_for_hotkey_and_coldkey_on_subnet(
    ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int, amount: int
) -> None:
    """Take `amount` alpha from the stake of a coldkey on the hotkey; do nothing when it has less."""
    key = hotkey, coldkey, netuid
    exists = storage.Alpha.contains(ctx, key) or storage.AlphaV2.contains(ctx, key)
    if exists and get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid) >= amount:
        _update_value_for_one(ctx, hotkey, coldkey, netuid, wrap_i64(-amount))


def add_staking_hotkey(ctx: Context, coldkey: bytes, hotkey: bytes) -> None:
    """Add the hotkey to those on which the coldkey may have stake."""
    hotkeys = storage.StakingHotkeys.get(ctx, coldkey)
    if hotkey not in hotkeys:
        storage.StakingHotkeys.put(ctx, coldkey, [*hotkeys, hotkey])


# --- the sum of all TAO staked ---------------------------------------------------------------------------------------


def increase_total_stake(ctx: Context, increment: int) -> None:
    """Add rao to the sum of all TAO staked; saturates."""
    storage.TotalStake.put(ctx, saturating_add_u64(storage.TotalStake.get(ctx), increment))


def decrease_total_stake(ctx: Context, decrement: int) -> None:
    """Subtract rao from the sum of all TAO staked; stops at 0."""
    storage.TotalStake.put(ctx, saturating_sub(storage.TotalStake.get(ctx), decrement))
