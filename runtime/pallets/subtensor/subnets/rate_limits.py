"""Rate limits: the block in which an action was last done, and whether it may be done again.

A limited action is a `TransactionType`, or a `Hyperparameter` that the owner of a subnet changes. The last block of
some actions is stored under a `RateLimitKey` of their own, that of the others by hotkey, subnet and type. Block 0
stands for "never".
"""

from __future__ import annotations

from .....consensus.integers import saturating_mul_u64, saturating_sub
from ....frame.context import Context
from ...shared.types import ROOT_NETUID
from .. import storage
from ..declared import constants
from ..declared.types import (
    Hyperparameter,
    NetworkLastRegistered,
    OwnerHyperparamUpdate,
    RateLimitKey,
    SetSNOwnerHotkey,
    TransactionType,
)

LimitedAction = TransactionType | Hyperparameter

#: Blocks between two changes of the children of a hotkey.
SET_CHILDREN_RATE_LIMIT = 150


# --- limits, in blocks ---------------------------------------------------------------------------------------------


def rate_limit(ctx: Context, action: LimitedAction) -> int:
    """Return the blocks between two such actions where the subnet does not matter; 0 for no limit."""
    match action:
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


def rate_limit_on_subnet(ctx: Context, action: LimitedAction, netuid: int) -> int:
    """Return the blocks between two such actions on a subnet; for some it is a number of tempos."""
    match action:
        case Hyperparameter():
            return storage.Tempo.get(ctx, netuid) * storage.OwnerHyperparamRateLimit.get(ctx)
        case TransactionType.SetWeightsVersionKey:
            return saturating_mul_u64(storage.Tempo.get(ctx, netuid), storage.WeightsVersionKeyRateLimit.get(ctx))
        case TransactionType.SetSNOwnerHotkey:
            return constants.DefaultSetSNOwnerHotkeyRateLimit.get(ctx)
        case TransactionType.AddStakeBurn:
            return storage.Tempo.get(ctx, netuid)
        case TransactionType.TempoUpdate:
            return constants.MinTempo.get(ctx)
    return rate_limit(ctx, action)


def check_passes_rate_limit(limit: int, block: int, last_block: int) -> bool:
    """Return whether `limit` blocks have passed since `last_block`, or there was no last block."""
    return last_block == 0 or saturating_sub(block, last_block) >= limit


def passes_rate_limit(ctx: Context, action: LimitedAction, key: bytes) -> bool:
    """Return whether `key` may do this in this block, by the limit that does not depend on the subnet."""
    return check_passes_rate_limit(rate_limit(ctx, action), ctx.block.number, last_block(ctx, action, key))


def passes_rate_limit_on_subnet(ctx: Context, action: LimitedAction, hotkey: bytes, netuid: int) -> bool:
    """Return whether `hotkey` may do this on the subnet in this block."""
    limit = rate_limit_on_subnet(ctx, action, netuid)
    return check_passes_rate_limit(limit, ctx.block.number, last_block_on_subnet(ctx, action, hotkey, netuid))


# --- the last block ------------------------------------------------------------------------------------------------


def _shared_key(action: LimitedAction, netuid: int) -> RateLimitKey | None:
    """Return the key of an action that is limited for all accounts together; None for other actions."""
    if isinstance(action, Hyperparameter):
        return OwnerHyperparamUpdate(netuid, action)
    if action is TransactionType.RegisterNetwork:
        return NetworkLastRegistered()
    return SetSNOwnerHotkey(netuid) if action is TransactionType.SetSNOwnerHotkey else None


def last_block(ctx: Context, action: LimitedAction, key: bytes) -> int:
    """Return the block in which `key` last did this, for actions without a subnet (stored under root)."""
    return last_block_on_subnet(ctx, action, key, ROOT_NETUID)


def last_block_on_subnet(ctx: Context, action: LimitedAction, hotkey: bytes, netuid: int) -> int:
    """Return the block in which `hotkey`, or for some actions any account, last did this on the subnet."""
    shared = _shared_key(action, netuid)
    if shared is not None:
        return storage.LastRateLimitedBlock.get(ctx, shared)
    return storage.TransactionKeyLastBlock.get(ctx, (hotkey, netuid, action.value))


def set_last_block_on_subnet(ctx: Context, action: LimitedAction, key: bytes, netuid: int, block: int) -> None:
    """Record that `key` did this on the subnet in `block`."""
    shared = _shared_key(action, netuid)
    if shared is not None:
        storage.LastRateLimitedBlock.put(ctx, shared, block)
    else:
        storage.TransactionKeyLastBlock.put(ctx, (key, netuid, action.value), block)
