"""Stake that comes to many hotkeys at once, against the same increases one by one."""

from __future__ import annotations

import random
from itertools import product

import pytest
from pysubtensor.consensus.safe_float import SafeFloat
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.subtensor.ledger import share_pool
from pysubtensor.runtime.pallets.subtensor.ledger.stake_columns import StakeIncrease, increase_stakes_on_subnet
from pysubtensor.runtime.pallets.subtensor.storage.staking import Alpha, AlphaV2, TotalHotkeyAlpha, TotalHotkeyShares

from tests.world import account

NETUID = 1
HOTKEYS, COLDKEYS = [account(n) for n in range(1, 5)], [account(n) for n in range(10, 13)]


def increase_one_by_one(ctx: Context, increases: list[StakeIncrease]) -> None:
    for hotkey, coldkey, amount in increases:
        if coldkey is None:
            share_pool.increase_stake_for_hotkey_on_subnet(ctx, hotkey, NETUID, amount)
        else:
            share_pool.increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, NETUID, amount)


@pytest.mark.parametrize("former", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_as_one_by_one(ctx: Context, seed: int, former: bool) -> None:
    chance = random.Random(seed)
    for hotkey, coldkey in product(HOTKEYS[:2], COLDKEYS):
        share_pool.increase_stake_for_hotkey_and_coldkey_on_subnet(
            ctx, hotkey, coldkey, NETUID, chance.randrange(10**9)
        )
    if former:
        Alpha.put(ctx, (HOTKEYS[2], COLDKEYS[0], NETUID), 5 << 64)
        TotalHotkeyShares.put(ctx, HOTKEYS[2], NETUID, 7 << 64)
        TotalHotkeyAlpha.put(ctx, HOTKEYS[2], NETUID, 1_000)
    increases = [
        StakeIncrease(chance.choice(HOTKEYS), chance.choice([None, *COLDKEYS]), chance.choice([0, 1, 10**6, 10**19]))
        for _ in range(30)
    ]
    with ctx.state.anchor():
        increase_one_by_one(ctx, increases)
        expected = ctx.state.changes()
    increase_stakes_on_subnet(ctx, NETUID, increases)
    assert ctx.state.changes() == expected


def test_a_share_in_a_pool_without_shares_is_removed_by_an_increase_of_nothing(ctx: Context) -> None:
    """As by the first to enter such a pool, who gets a share of 0."""
    key = HOTKEYS[0], COLDKEYS[0], NETUID
    AlphaV2.put(ctx, key, SafeFloat.from_u64(5))
    increase_stakes_on_subnet(ctx, NETUID, [StakeIncrease(*key[:2], 0)])
    assert not AlphaV2.contains(ctx, key)
