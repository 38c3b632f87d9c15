"""Edits of a state keep its invariants, and give back what they borrowed."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.edits import balances, height, limits, subnets
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import ArithmeticFault, DispatchFailed, TokenError
from pysubtensor.runtime.invariants import find_violations
from pysubtensor.runtime.pallets import system, timestamp
from pysubtensor.runtime.pallets.subtensor import storage
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error

from tests.world import ALICE, BOB, CHARLIE, FUNDS, TAO, empty_context, fund

#: The 21 million TAO that there will ever be.
SUPPLY = 21_000_000 * TAO


@pytest.fixture
def ctx() -> Context:
    made = empty_context(spec_425(), number=5)
    fund(made)
    return made


def test_what_is_lent_is_given_back(ctx: Context) -> None:
    before = balances.account_data(ctx, BOB)
    with balances.paid_for(ctx, BOB, 7 * TAO):
        balances.add_free(ctx, BOB, -7 * TAO)
        balances.add_free(ctx, ALICE, 7 * TAO)
    assert balances.account_data(ctx, BOB) == before
    assert balances.account_data(ctx, ALICE).free == FUNDS + 7 * TAO
    assert not list(find_violations(ctx))


def test_no_more_is_minted_than_there_will_ever_be(ctx: Context) -> None:
    left = balances.mintable(ctx)
    assert left == SUPPLY - 6 * FUNDS
    with pytest.raises(DispatchFailed) as failed:
        balances.add_balance(ctx, BOB, left + 1)
    assert failed.value.reason is ArithmeticFault.Overflow
    assert balances.add_balance(ctx, BOB, left) == FUNDS + left
    with pytest.raises(DispatchFailed) as failed:
        balances.set_balance(ctx, b"new".ljust(32), 499)
    assert failed.value.reason is TokenError.BelowMinimum


def test_subnets_and_neurons_cost_nothing_and_count_from_the_head(ctx: Context) -> None:
    storage.NetworkMinLockCost.put(ctx, 100 * TAO)
    storage.SubnetLimit.put(ctx, 0)
    netuid = subnets.register_subnet(ctx, ALICE, b"\1" * 32)
    assert subnets.register_neuron(ctx, netuid, b"\2" * 32, BOB) == 1
    assert [storage.BlockAtRegistration.get(ctx, netuid, uid) for uid in (0, 1)] == [4, 4]
    assert storage.SubtokenEnabled.get(ctx, netuid)
    assert storage.SubnetLimit.get(ctx) == 0
    assert storage.SubnetTAO.get(ctx, netuid) >= 100 * TAO
    assert [balances.account_data(ctx, who).free for who in (ALICE, BOB)] == [FUNDS, FUNDS]
    with pytest.raises(DispatchFailed) as failed:
        subnets.register_neuron(ctx, netuid, b"\2" * 32, CHARLIE)
    assert failed.value.reason is Error.HotKeyAlreadyRegisteredInSubNet
    assert not list(find_violations(ctx))


def test_the_next_epoch_is_that_of_a_subnet_that_exists(ctx: Context) -> None:
    netuid = subnets.register_subnet(ctx, ALICE, b"\1" * 32)
    storage.Tempo.put(ctx, netuid, 7)
    storage.LastEpochBlock.put(ctx, netuid, 3)
    assert subnets.next_epoch_block(ctx, netuid) == 10
    assert subnets.next_epoch_block(ctx, 77) is None
    assert subnets.epochs(ctx, netuid) == 0


def test_limits_that_are_lifted_come_back_as_they_were(ctx: Context) -> None:
    netuid = subnets.register_subnet(ctx, ALICE, b"\1" * 32)
    storage.TxRateLimit.put(ctx, 77)
    before = dict(ctx.state.items(b""))
    restores = [limits.saved(ctx, kind) for kind in limits.KINDS]
    for kind in limits.KINDS:
        limits.lift(ctx, kind)
    assert limits.values(ctx, "rate limits")["TxRateLimit"] == 0
    assert limits.values(ctx, "rate limits")["WeightsSetRateLimit"][netuid] == 0
    assert limits.values(ctx, "freeze window") == {"AdminFreezeWindow": 0}
    for restore in restores:
        restore(ctx)
    assert dict(ctx.state.items(b"")) == before


def test_what_counts_blocks_and_time_is_of_the_head() -> None:
    assert height.is_of_the_head(system.Number.prefix)
    assert height.is_of_the_head(system.BlockHash.key_of([5]))
    assert height.is_of_the_head(timestamp.Now.prefix)
    assert not height.is_of_the_head(system.Account.key_of([BOB]))
    assert not height.is_of_the_head(storage.Tempo.key_of([1]))
