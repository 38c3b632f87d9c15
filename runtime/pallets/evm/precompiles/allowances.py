"""Allowances: how much of its stake on a subnet an account lets another one transfer.

They are in storage outside of all pallets, and in no metadata. A registration of the subnet's id for another subnet
ends them: the number of registrations is part of the key.
"""

from __future__ import annotations

from ....frame.context import Context
from ....frame.hashers import Blake2_128Concat
from ....frame.storage import StorageDoubleMap
from ....scale import H160, u16, u64, u256
from ...subtensor import storage
from .errors import reverted
from .numbers import U256_MAX

#: Spender, subnet, registrations of the subnet's id.
AllowanceKey = tuple[bytes, int, int]

Allowances: StorageDoubleMap[bytes, AllowanceKey, int, int] = StorageDoubleMap(
    "EvmPrecompileStaking",
    "Allowances",
    [(Blake2_128Concat, H160), (Blake2_128Concat, tuple[H160, u16, u64])],
    u256,
    0,
    "Alpha that a spender may transfer, by the address that allows it.",
)


def allowance_key(ctx: Context, spender: bytes, netuid: int) -> AllowanceKey:
    """Return the second key of an allowance for the present registration of a subnet."""
    return spender, netuid, storage.RegisteredSubnetCounter.get(ctx, netuid)


def set_allowance(ctx: Context, approver: bytes, key: AllowanceKey, amount: int) -> None:
    """Write an allowance, at most 2^256 - 1; remove it when it is zero or less."""
    if amount > 0:
        Allowances.put(ctx, approver, key, min(amount, U256_MAX))
    else:
        Allowances.remove(ctx, approver, key)


def change_allowance(ctx: Context, approver: bytes, key: AllowanceKey, change: int) -> None:
    """Raise or lower an allowance, within 0 and 2^256 - 1."""
    set_allowance(ctx, approver, key, Allowances.get(ctx, approver, key) + change)


def consume_allowance(ctx: Context, approver: bytes, key: AllowanceKey, amount: int) -> None:
    """Lower an allowance; revert when it is too low."""
    if Allowances.get(ctx, approver, key) < amount:
        raise reverted("trying to spend more than allowed")
    change_allowance(ctx, approver, key, -amount)
