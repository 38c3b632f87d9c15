"""The steps of a block, in their order, and the pallet's hook. Numbers are those of the real pallet's tests."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.weight import weight_of
from pysubtensor.runtime.pallets.subtensor.coinbase import block_step, hooks
from pysubtensor.runtime.pallets.subtensor.coinbase.block_step import BLOCK_STEPS, BlockWork, run_block_step
from pysubtensor.runtime.pallets.subtensor.declared.events import RootClaimed as RootClaimedEvent
from pysubtensor.runtime.pallets.subtensor.declared.types import Keep
from pysubtensor.runtime.pallets.subtensor.ledger.prices import get_moving_alpha_price
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import increase_stake_for_hotkey_and_coldkey_on_subnet
from pysubtensor.runtime.pallets.subtensor.staking.claims import increase_root_claimable_for_hotkey_and_subnet
from pysubtensor.runtime.pallets.subtensor.storage import emission, networks, pools, registration
from pysubtensor.runtime.pallets.subtensor.storage.delegation import ChildKeys, PendingChildKeys
from pysubtensor.runtime.pallets.subtensor.storage.root import RootClaimType, StakingColdkeys
from pysubtensor.runtime.pallets.subtensor.storage.staking import TaoWeight, TotalHotkeyAlpha
from pysubtensor.runtime.pallets.subtensor.storage.swaps import LastHotkeySwapOnNetuid
from pysubtensor.runtime.pallets.subtensor.storage.tempo import (
    BlocksSinceLastStep,
    LastEpochBlock,
    LastMechansimStepBlock,
    MaxEpochsPerBlock,
    PendingEpochAt,
    SubnetEpochIndex,
)
from pysubtensor.runtime.pallets.subtensor.storage.weights import TimelockedWeightCommits
from pysubtensor.runtime.pallets.subtensor.subnets.mechanism import get_mechanism_storage_index

from tests.world import TAO, U64_MAX, AddNetwork, AddNeuron, Events, GoTo, account

NETUID, ROOT = 1, 0
HOT, COLD = account(1), account(2)


@pytest.fixture
def subnet(ctx: Context, add_network: AddNetwork, add_neuron: AddNeuron, go_to: GoTo) -> None:
    """Return a subnet with a pool at half a TAO for one alpha, one neuron with stake, and an epoch due in block 12."""
    go_to(11)
    add_network(NETUID, 10)
    networks.SubnetMechanism.put(ctx, NETUID, 1)
    pools.SubnetTAO.put(ctx, NETUID, 50 * TAO)
    pools.SubnetAlphaIn.put(ctx, NETUID, 100 * TAO)
    pools.SubnetMovingAlpha.put(ctx, 1 << 32)
    pools.SubnetTAO.put(ctx, ROOT, 1_000 * TAO)
    TaoWeight.put(ctx, U64_MAX)
    LastEpochBlock.put(ctx, NETUID, 2)
    add_neuron(NETUID, HOT, COLD, TAO)


@pytest.mark.usefixtures("subnet")
def test_prices_and_root_proportions_are_updated_after_emission(ctx: Context) -> None:
    run_block_step(ctx, until=block_step.update_moving_prices)
    assert emission.SubnetAlphaOutEmission.get(ctx, NETUID) == TAO
    assert get_moving_alpha_price(ctx, NETUID) == 0
    assert not emission.RootProp.contains(ctx, NETUID)
    run_block_step(ctx)
    assert get_moving_alpha_price(ctx, NETUID) > 0
    assert emission.RootProp.get(ctx, NETUID) > 0


@pytest.mark.usefixtures("subnet")
def test_an_epoch_distributes_the_pending_alpha(ctx: Context, go_to: GoTo) -> None:
    run_block_step(ctx)
    assert TotalHotkeyAlpha.get(ctx, HOT, NETUID) == TAO
    go_to(12)
    work = run_block_step(ctx, until=block_step.run_epochs)
    assert list(work.epochs) == [NETUID]
    waited = sum(work.epochs[NETUID])
    assert emission.PendingServerEmission.get(ctx, NETUID) == 0
    assert (BlocksSinceLastStep.get(ctx, NETUID), LastMechansimStepBlock.get(ctx, NETUID)) == (0, 0)
    block_step.run_epochs(ctx, work)
    assert TotalHotkeyAlpha.get(ctx, HOT, NETUID) == pytest.approx(TAO + waited, abs=2)
    assert LastMechansimStepBlock.get(ctx, NETUID) == 12


def test_each_step_has_a_name_and_runs_once(ctx: Context) -> None:
    names = [step.__name__ for step in BLOCK_STEPS]
    assert len(set(names)) == len(names)
    assert names.index("reveal_crv3_commits") < names.index("emit_to_subnets") < names.index("run_epochs")
    assert run_block_step(ctx, until=BLOCK_STEPS[0]).credit == 0
    assert run_block_step(ctx, until=block_step.reveal_crv3_commits).credit == TAO


@pytest.mark.usefixtures("subnet")
def test_a_block_finds_stake_on_root_and_pays_what_it_is_owed(ctx: Context, events: Events) -> None:
    increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT, COLD, ROOT, TAO)
    run_block_step(ctx)
    assert dict(StakingColdkeys.items(ctx)) == {COLD: 0}
    RootClaimType.put(ctx, COLD, Keep())
    increase_root_claimable_for_hotkey_and_subnet(ctx, HOT, NETUID, TAO)
    events()
    run_block_step(ctx)
    assert RootClaimedEvent(COLD) in events()


@pytest.mark.usefixtures("subnet")
def test_scheduled_children_come_into_effect_in_the_block_of_an_epoch(ctx: Context, go_to: GoTo) -> None:
    PendingChildKeys.put(ctx, NETUID, HOT, ([(U64_MAX, COLD)], 5))
    run_block_step(ctx)
    assert ChildKeys.get(ctx, HOT, NETUID) == []
    go_to(12)
    run_block_step(ctx)
    assert ChildKeys.get(ctx, HOT, NETUID) == [(U64_MAX, COLD)]


@pytest.mark.usefixtures("subnet")
def test_prices_of_registrations_decay_in_each_block(ctx: Context) -> None:
    registration.Burn.put(ctx, NETUID, 2 * TAO)
    registration.BurnHalfLife.put(ctx, NETUID, 1)
    run_block_step(ctx)
    assert registration.Burn.get(ctx, NETUID) == TAO


def test_commits_are_not_revealed_when_the_epoch_is_deferred(ctx: Context, add_network: AddNetwork) -> None:
    limit, subnets = 2, [1, 2, 3, 4]
    MaxEpochsPerBlock.put(ctx, limit)
    for netuid in subnets:
        add_network(netuid, 100)
        PendingEpochAt.put(ctx, netuid, 1)
        SubnetEpochIndex.put(ctx, netuid, 10)
        # A commit of epoch 0 has expired long before, and is removed at the next reveal.
        TimelockedWeightCommits.put(ctx, get_mechanism_storage_index(netuid, 0), 0, [(HOT, 0, b"", 0)])
    block_step.reveal_crv3_commits(ctx, BlockWork())
    assert [netuid for netuid in subnets if TimelockedWeightCommits.contains(ctx, netuid, 0)] == [3, 4]
    for netuid in (1, 2):
        PendingEpochAt.put(ctx, netuid, 0)
        LastEpochBlock.put(ctx, netuid, 1)
    block_step.reveal_crv3_commits(ctx, BlockWork())
    assert not any(TimelockedWeightCommits.contains(ctx, netuid, 0) for netuid in subnets)


# The hook


def test_the_block_step_has_a_fixed_weight(ctx: Context, add_network: AddNetwork) -> None:
    step = weight_of(110_634_229_000, reads=8304, writes=110)
    assert hooks.on_initialize(ctx) == step + weight_of(0, reads=2)
    add_network(NETUID, 10)
    assert hooks.on_initialize(ctx) == step + weight_of(0, reads=3)


def test_records_of_hotkey_swaps_are_removed_once_per_interval(
    ctx: Context, add_network: AddNetwork, go_to: GoTo
) -> None:
    add_network(NETUID, 10)  # the interval is 15 blocks
    LastHotkeySwapOnNetuid.put(ctx, NETUID, HOT, 15)
    LastHotkeySwapOnNetuid.put(ctx, NETUID, COLD, 16)
    go_to(32)
    assert hooks.clean_up_hotkey_swap_records(ctx) == weight_of(0, reads=3)
    go_to(31)
    assert hooks.clean_up_hotkey_swap_records(ctx) == weight_of(0, reads=5, writes=1)
    assert [coldkey for coldkey, _ in LastHotkeySwapOnNetuid.under(ctx, NETUID)] == [COLD]
