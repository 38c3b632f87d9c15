"""Increase stakes on many hotkeys of a subnet at once, as after an epoch.

All pools are read at once, changed as numbers, and written at once. The rules are those of `share_pool`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .....consensus.integers import I64_MAX, saturating_add_u64
from .....consensus.safe_float import SafeFloat
from .....consensus.share_pool import SharePool
from ....frame.context import Context
from .. import storage
from . import share_pool

#: Hotkey, coldkey and netuid.
ShareKey = tuple[bytes, bytes, int]


class StakeIncrease(NamedTuple):
    """Alpha (rao) for the stake of a coldkey on a hotkey; for all stake on it, in proportion, when coldkey is None."""

    hotkey: bytes
    coldkey: bytes | None
    amount: int


def increase_stakes_on_subnet(ctx: Context, netuid: int, increases: Sequence[StakeIncrease]) -> None:
    """Increase stakes on a subnet, one after the other."""
    # From 2^63 on an amount decreases a pool (see `share_pool`), which may lose all of its shares in between.
    if share_pool.has_former_shares(ctx) or any(amount > I64_MAX for _, _, amount in increases):
        _increase_one_by_one(ctx, netuid, increases)
        return
    pools = _Pools.read(ctx, netuid, increases)
    for hotkey, coldkey, amount in increases:
        if coldkey is None:
            pools.increase_for_all(hotkey, amount)
        elif amount:
            share_pool.add_staking_hotkey(ctx, coldkey, hotkey)
            pools.increase_for_one((hotkey, coldkey, netuid), amount)
        elif pools.denominators[hotkey].is_zero():  # else a change of 0 rao changes nothing
            pools.increase_for_one((hotkey, coldkey, netuid), 0)
    pools.write(ctx)


def _increase_one_by_one(ctx: Context, netuid: int, increases: Sequence[StakeIncrease]) -> None:
    for hotkey, coldkey, amount in increases:
        if coldkey is None:
            share_pool.increase_stake_for_hotkey_on_subnet(ctx, hotkey, netuid, amount)
        else:
            share_pool.increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid, amount)


@dataclass(slots=True)
class _Pools:
    """Pools of several hotkeys on a subnet, the shares in them that may change, and the changed ones in order."""

    netuid: int
    values: dict[bytes, int]
    denominators: dict[bytes, SafeFloat]
    shares: dict[ShareKey, SafeFloat]
    moved: dict[bytes, None] = field(default_factory=dict)
    bought: dict[ShareKey, None] = field(default_factory=dict)

    @classmethod
    def read(cls, ctx: Context, netuid: int, increases: Sequence[StakeIncrease]) -> _Pools:
        """Read the pools and shares that these increases may change."""
        hotkeys = list({hotkey: None for hotkey, _, _ in increases})
        denominators = dict(zip(hotkeys, storage.TotalHotkeySharesV2.column(ctx, hotkeys, netuid), strict=True))
        moved = list({hotkey: None for hotkey, _, amount in increases if amount or denominators[hotkey].is_zero()})
        values = dict(zip(moved, storage.TotalHotkeyAlpha.column(ctx, moved, netuid), strict=True))
        keys = [
            (hotkey, coldkey, netuid)
            for hotkey, coldkey, amount in increases
            if coldkey is not None and (amount or denominators[hotkey].is_zero())
        ]
        return cls(netuid, values, denominators, dict(zip(keys, storage.AlphaV2.column(ctx, keys), strict=True)))

    def increase_for_all(self, hotkey: bytes, amount: int) -> None:
        """Add to the value of a hotkey's pool."""
        if amount:
            self.values[hotkey] = saturating_add_u64(self.values[hotkey], amount)
            self.moved[hotkey] = None

    def increase_for_one(self, key: ShareKey, amount: int) -> None:
        """Buy shares in a hotkey's pool for a coldkey."""
        hotkey = key[0]
        pool = SharePool(self.values[hotkey], self.denominators[hotkey])
        pool, self.shares[key] = pool.update_value_for_one(self.shares[key], amount)
        self.values[hotkey], self.denominators[hotkey] = pool.value, pool.denominator
        self.moved[hotkey] = None
        self.bought[key] = None

    def write(self, ctx: Context) -> None:
        """Write what has changed. Zeros are not stored."""
        netuid = self.netuid
        values = {hotkey: self.values[hotkey] for hotkey in self.moved}
        denominators = {hotkey: self.denominators[hotkey] for hotkey, _, _ in self.bought}
        shares = {key: self.shares[key] for key in self.bought}
        for hotkey in [hotkey for hotkey, value in values.items() if not value]:
            storage.TotalHotkeyAlpha.remove(ctx, hotkey, netuid)
            del values[hotkey]
        for hotkey in [hotkey for hotkey, denominator in denominators.items() if denominator.is_zero()]:
            storage.TotalHotkeySharesV2.remove(ctx, hotkey, netuid)
            del denominators[hotkey]
        for key in [key for key, share in shares.items() if share.is_zero()]:
            storage.AlphaV2.remove(ctx, key)
            del shares[key]
        storage.TotalHotkeyAlpha.put_column(ctx, values, netuid, values.values())
        storage.TotalHotkeySharesV2.put_column(ctx, denominators, netuid, denominators.values())
        storage.AlphaV2.put_column(ctx, shares, shares.values())
