"""Limits that a test waives: of how often something may be done, and of when.

Where the chain has a parameter for a limit it is set to 0. Limits that are constants (children, mechanisms, trimming,
the owner's hotkey, the tempo, `add_stake_burn`) hold against a stored block of the last action; that is removed, which
means "never", so they have to be waived again after each block.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..frame.context import Context
from ..frame.storage import StorageItem
from ..pallets.subtensor import storage
from ..pallets.subtensor.declared.types import NetworkLastRegistered
from ..pallets.subtensor.subnets.networks import get_all_subnet_netuids

#: The limits of which a test speaks, and the parameters that hold them, for the chain and for each subnet.
KINDS: dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
    "rate limits": (
        (
            storage.NetworkRateLimit,
            storage.TxRateLimit,
            storage.TxDelegateTakeRateLimit,
            storage.TxChildkeyTakeRateLimit,
            storage.OwnerHyperparamRateLimit,
            storage.WeightsVersionKeyRateLimit,
        ),
        (storage.ServingRateLimit, storage.WeightsSetRateLimit),
    ),
    "freeze window": ((storage.AdminFreezeWindow,), ()),
    "start delay": ((storage.StartCallDelay,), ()),
}
RATE_LIMITS = "rate limits"


def lift(ctx: Context, kind: str) -> None:
    """Set the limits of a kind to 0, and forget when limited actions were last done."""
    whole, by_subnet = KINDS[kind]
    for item in whole:
        item.put(ctx, 0)
    for item in by_subnet:
        for netuid in get_all_subnet_netuids(ctx):
            item.put(ctx, netuid, 0)
    if kind == RATE_LIMITS:
        _forget_actions(ctx)


def _forget_actions(ctx: Context) -> None:
    ctx.state.clear_prefix(storage.TransactionKeyLastBlock.prefix)
    # The price of the next subnet follows from this block, and its limit is a parameter.
    spared = storage.LastRateLimitedBlock.key_of([NetworkLastRegistered()])
    for key in ctx.state.first_keys(storage.LastRateLimitedBlock.prefix, None):
        if key != spared:
            ctx.state.put(key, None)


def saved(ctx: Context, kind: str) -> Callable[[Context], None]:
    """Return a function that sets the limits of a kind to their present values."""
    whole, by_subnet = KINDS[kind]
    return kept(ctx, [*whole, *by_subnet])


def kept(ctx: Context, items: Sequence[StorageItem[Any, Any]]) -> Callable[[Context], None]:
    """Return a function that gives items, and all entries of maps, their present values."""
    former = {item.prefix: dict(ctx.state.items(item.prefix)) for item in items}

    def restore(now: Context) -> None:
        for prefix, values in former.items():
            for key in {*now.state.first_keys(prefix, None), *values}:
                now.state.put(key, values.get(key))

    return restore


def values(ctx: Context, kind: str) -> dict[str, Any]:
    """Return the limits of a kind by the name of their parameter; those of subnets by netuid."""
    whole, by_subnet = KINDS[kind]
    return {item.name: item.get(ctx) for item in whole} | {
        item.name: {netuid: item.get(ctx, netuid) for netuid in get_all_subnet_netuids(ctx)} for item in by_subnet
    }
