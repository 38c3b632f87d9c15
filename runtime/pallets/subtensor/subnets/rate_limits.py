"""Rate limits: when something was done last, and whether it may be done again.

What is limited (`Act`) is a `TransactionType`, or a `Hyperparameter` when a subnet's owner changes it. Some acts are
counted by their own `RateLimitKey`, all others by hotkey, subnet and type. Block 0 stands for "never".
"""

from __future__ import annotations

from .....consensus.integers import saturating_sub
from ....frame.context import Context
from ...shared.types import ROOT_NETUID
from .. import storage
from ..declared import constants
from ..declared.types import (
    Hyperparameter,
    LastTxBlock,
    LastTxBlockChildKeyTake,
    LastTxBlockDelegateTake,
    NetworkLastRegistered,
    OwnerHyperparamUpdate,
    RateLimitKey,
    SetSNOwnerHotkey,
    TransactionType,
)

Act = TransactionType | Hyperparameter

#: Blocks between two choices of a hotkey's children.
SET_CHILDREN_RATE_LIMIT = 150


# --- how long to wait, in blocks -----------------------------------------------------------------------------------


def rate_limit(ctx: Context, act: Act) -> int:
    """Blocks between two such acts, wherever they are done; 0 when they are not limited."""
    match act:
        case TransactionType.SetChildren:
            return SET_CHILDREN_RATE_LIMIT
        case TransactionType.SetChildkeyTake:
            return storage.TxChildkeyTakeRateLimit.get(ctx)
        case TransactionType.RegisterNetwork:
            return storage.NetworkRateLimit.get(ctx)
        case TransactionType.MechanismCountUpdate:
            return constants.MechanismCountSetRateLimit.get(ctx)
        case TransactionType.MechanismEmission:
            return constants.MechanismEmissionRateLimit.get(ctx)
        case TransactionType.MaxUidsTrimming:
            return constants.MaxUidsTrimmingRateLimit.get(ctx)
    return 0


def rate_limit_on_subnet(ctx: Context, act: Act, netuid: int) -> int:
    """Blocks between two such acts on a subnet: for some of them so many tempos, else as anywhere."""
    match act:
        case Hyperparameter():
            return storage.Tempo.get(ctx, netuid) * storage.OwnerHyperparamRateLimit.get(ctx)
        case TransactionType.SetWeightsVersionKey:
            return min(storage.Tempo.get(ctx, netuid) * storage.WeightsVersionKeyRateLimit.get(ctx), (1 << 64) - 1)
        case TransactionType.SetSNOwnerHotkey:
            return constants.DefaultSetSNOwnerHotkeyRateLimit.get(ctx)
        case TransactionType.AddStakeBurn:
            return storage.Tempo.get(ctx, netuid)
        case TransactionType.TempoUpdate:
            return constants.MinTempo.get(ctx)
    return rate_limit(ctx, act)


def check_passes_rate_limit(limit: int, block: int, last_block: int) -> bool:
    """Whether `limit` blocks have passed, or it is the first time."""
    return last_block == 0 or saturating_sub(block, last_block) >= limit


def passes_rate_limit(ctx: Context, act: Act, key: bytes) -> bool:
    """Whether `key` may do this now, by the limit that holds everywhere."""
    return check_passes_rate_limit(rate_limit(ctx, act), ctx.block.number, last_block(ctx, act, key))


def passes_rate_limit_on_subnet(ctx: Context, act: Act, hotkey: bytes, netuid: int) -> bool:
    """Whether `hotkey` may do this on the subnet now."""
    limit = rate_limit_on_subnet(ctx, act, netuid)
    return check_passes_rate_limit(limit, ctx.block.number, last_block_on_subnet(ctx, act, hotkey, netuid))


# --- when it was done last -----------------------------------------------------------------------------------------


def _own_key(act: Act, netuid: int) -> RateLimitKey | None:
    """The key of acts that are counted apart from who does them."""
    if isinstance(act, Hyperparameter):
        return OwnerHyperparamUpdate(netuid, act)
    if act is TransactionType.RegisterNetwork:
        return NetworkLastRegistered()
    return SetSNOwnerHotkey(netuid) if act is TransactionType.SetSNOwnerHotkey else None


def last_block(ctx: Context, act: Act, key: bytes) -> int:
    """Block in which `key` last did this, by the limit that holds everywhere (kept as if it were root's)."""
    return last_block_on_subnet(ctx, act, key, ROOT_NETUID)


def last_block_on_subnet(ctx: Context, act: Act, hotkey: bytes, netuid: int) -> int:
    """Block in which `hotkey` (or, for some acts, anybody) last did this on the subnet."""
    own = _own_key(act, netuid)
    if own is not None:
        return get_rate_limited_last_block(ctx, own)
    return storage.TransactionKeyLastBlock.get(ctx, (hotkey, netuid, act.value))


def set_last_block_on_subnet(ctx: Context, act: Act, key: bytes, netuid: int, block: int) -> None:
    """Remember that `key` did this on the subnet in `block`."""
    own = _own_key(act, netuid)
    if own is not None:
        set_rate_limited_last_block(ctx, own, block)
    else:
        storage.TransactionKeyLastBlock.put(ctx, (key, netuid, act.value), block)


def get_rate_limited_last_block(ctx: Context, key: RateLimitKey) -> int:
    return storage.LastRateLimitedBlock.get(ctx, key)


def set_rate_limited_last_block(ctx: Context, key: RateLimitKey, block: int) -> None:
    storage.LastRateLimitedBlock.put(ctx, key, block)


def remove_rate_limited_last_block(ctx: Context, key: RateLimitKey) -> None:
    storage.LastRateLimitedBlock.remove(ctx, key)


# --- swaps and takes -----------------------------------------------------------------------------------------------


def get_last_tx_block(ctx: Context, key: bytes) -> int:
    """Block of a coldkey's last hotkey swap."""
    return get_rate_limited_last_block(ctx, LastTxBlock(key))


def set_last_tx_block(ctx: Context, key: bytes, block: int) -> None:
    set_rate_limited_last_block(ctx, LastTxBlock(key), block)


def remove_last_tx_block(ctx: Context, key: bytes) -> None:
    remove_rate_limited_last_block(ctx, LastTxBlock(key))


def get_last_tx_block_delegate_take(ctx: Context, key: bytes) -> int:
    """Block in which a hotkey's take last changed."""
    return get_rate_limited_last_block(ctx, LastTxBlockDelegateTake(key))


def set_last_tx_block_delegate_take(ctx: Context, key: bytes, block: int) -> None:
    set_rate_limited_last_block(ctx, LastTxBlockDelegateTake(key), block)


def remove_last_tx_block_delegate_take(ctx: Context, key: bytes) -> None:
    remove_rate_limited_last_block(ctx, LastTxBlockDelegateTake(key))


def get_last_tx_block_childkey_take(ctx: Context, key: bytes) -> int:
    """Block in which a hotkey's childkey take last changed."""
    return get_rate_limited_last_block(ctx, LastTxBlockChildKeyTake(key))


def set_last_tx_block_childkey(ctx: Context, key: bytes, block: int) -> None:
    set_rate_limited_last_block(ctx, LastTxBlockChildKeyTake(key), block)


def remove_last_tx_block_childkey(ctx: Context, key: bytes) -> None:
    remove_rate_limited_last_block(ctx, LastTxBlockChildKeyTake(key))


def _exceeds(limit: int, previous: int, current: int) -> bool:
    """These limits count one block more than the others: exactly `limit` blocks later is still too soon."""
    return limit != 0 and previous != 0 and saturating_sub(current, previous) <= limit


def exceeds_tx_rate_limit(ctx: Context, prev_tx_block: int, current_block: int) -> bool:
    """Whether a hotkey swap would come too soon after the last one."""
    return _exceeds(storage.TxRateLimit.get(ctx), prev_tx_block, current_block)


def exceeds_tx_delegate_take_rate_limit(ctx: Context, prev_tx_block: int, current_block: int) -> bool:
    """Whether an increase of a take would come too soon after the last one."""
    return _exceeds(storage.TxDelegateTakeRateLimit.get(ctx), prev_tx_block, current_block)
