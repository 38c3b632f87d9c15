"""The distribution of pending alpha after an epoch. Numbers are those of the real pallet's tests (`coinbase.rs`)."""

from __future__ import annotations

import pytest
from pysubtensor.consensus.emission import Dividends
from pysubtensor.consensus.fixed import U96F32
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.alpha_assets import AlphaBurned, AlphaRecycled
from pysubtensor.runtime.pallets.subtensor.coinbase import distribution
from pysubtensor.runtime.pallets.subtensor.coinbase.distribution import distribute_emission
from pysubtensor.runtime.pallets.subtensor.coinbase.run_coinbase import Pending
from pysubtensor.runtime.pallets.subtensor.declared.events import AutoStakeAdded
from pysubtensor.runtime.pallets.subtensor.declared.types import RecycleOrBurnEnum
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import (
    get_stake_for_hotkey_and_coldkey_on_subnet,
    get_stake_for_hotkey_on_subnet,
    increase_stake_for_hotkey_and_coldkey_on_subnet,
)
from pysubtensor.runtime.pallets.subtensor.storage.delegation import (
    ChildKeys,
    ChildkeyTake,
    CKBurn,
    Delegates,
    ParentKeys,
)
from pysubtensor.runtime.pallets.subtensor.storage.emission import MinerBurned
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import RecycleOrBurn
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubnetOwner, SubnetOwnerHotkey
from pysubtensor.runtime.pallets.subtensor.storage.neurons import BlockAtRegistration
from pysubtensor.runtime.pallets.subtensor.storage.root import RootClaimable
from pysubtensor.runtime.pallets.subtensor.storage.staking import (
    AlphaDividendsPerSubnet,
    AutoStakeDestination,
    RootAlphaDividendsPerSubnet,
    TaoWeight,
    TotalHotkeyAlphaLastEpoch,
)
from pysubtensor.runtime.pallets.subtensor.storage.tempo import LastMechansimStepBlock

from tests.world import TAO, U64_MAX, AddNetwork, AddNeuron, Events, account

ROOT, NETUID = 0, 1
HOT, HOT2, COLD, OWNER_HOT, OWNER_COLD, NOMINATOR = (account(number) for number in range(1, 7))
#: Half of one alpha for miners, half for validators.
ONE_ALPHA = Pending(TAO // 2, TAO // 2, 0, 0)
NO_DIVIDENDS = Dividends({}, {})


@pytest.fixture(autouse=True)
def subnet(add_network: AddNetwork) -> None:
    add_network(NETUID, 65_534)


def stake_on_root(ctx: Context, hotkey: bytes, amount: int) -> None:
    increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, COLD, ROOT, amount)


def stake_of(ctx: Context, hotkey: bytes, netuid: int = NETUID) -> int:
    return get_stake_for_hotkey_on_subnet(ctx, hotkey, netuid)


# Validators and nominators


def test_unregistered_hotkeys_earn_nothing(ctx: Context) -> None:
    increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT, COLD, NETUID, TAO)
    distribute_emission(ctx, NETUID, ONE_ALPHA)
    assert stake_of(ctx, HOT) == TAO


def test_without_miners_validators_earn_everything(ctx: Context, add_neuron: AddNeuron) -> None:
    add_neuron(NETUID, HOT, COLD, TAO)
    distribute_emission(ctx, NETUID, ONE_ALPHA)
    assert stake_of(ctx, HOT) == pytest.approx(2 * TAO, abs=10)


def test_two_validators_of_equal_stake_earn_the_same(ctx: Context, add_neuron: AddNeuron) -> None:
    for hotkey in (HOT, HOT2):
        add_neuron(NETUID, hotkey, COLD, TAO)
    distribute_emission(ctx, NETUID, ONE_ALPHA)
    assert [stake_of(ctx, hotkey) for hotkey in (HOT, HOT2)] == [pytest.approx(TAO + TAO // 2, abs=10)] * 2


@pytest.mark.parametrize("tao_weight", [U64_MAX, U64_MAX // 2])
def test_alpha_is_shared_by_stake_on_the_subnet_and_not_on_root(
    ctx: Context, add_neuron: AddNeuron, tao_weight: int
) -> None:
    TaoWeight.put(ctx, tao_weight)
    for hotkey, root_stake in ((HOT, 2 * TAO), (HOT2, TAO)):
        Delegates.put(ctx, hotkey, 0)
        add_neuron(NETUID, hotkey, COLD, TAO)
        stake_on_root(ctx, hotkey, root_stake)
    distribute_emission(ctx, NETUID, ONE_ALPHA)
    assert [stake_of(ctx, hotkey) for hotkey in (HOT, HOT2)] == [pytest.approx(TAO + TAO // 2, abs=10)] * 2


def test_nominators_share_the_rest_after_the_delegates_take(ctx: Context, add_neuron: AddNeuron) -> None:
    Delegates.put(ctx, HOT, 65_535 // 5)
    add_neuron(NETUID, HOT, COLD, TAO)
    increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT, NOMINATOR, NETUID, TAO)
    distribute_emission(ctx, NETUID, ONE_ALPHA)
    own, nominated = (
        get_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT, coldkey, NETUID) for coldkey in (COLD, NOMINATOR)
    )
    # A fifth of one alpha as take; the new stake already shares the rest: 800 of 2,200 for each 1,000.
    assert own == pytest.approx(1_636_363_636, abs=10)
    assert nominated == pytest.approx(1_363_636_363, abs=10)


def test_the_earnings_of_each_hotkey_are_stored_for_clients(ctx: Context, add_neuron: AddNeuron) -> None:
    Delegates.put(ctx, HOT, 0)
    add_neuron(NETUID, HOT, COLD, TAO)
    add_neuron(NETUID, HOT2, COLD)
    AlphaDividendsPerSubnet.put(ctx, NETUID, OWNER_HOT, 5)  # of an earlier epoch
    distribute_emission(ctx, NETUID, ONE_ALPHA)
    earned = dict(AlphaDividendsPerSubnet.under(ctx, NETUID))
    assert earned == {HOT: pytest.approx(TAO, abs=10), HOT2: 0}
    assert TotalHotkeyAlphaLastEpoch.get(ctx, HOT, NETUID) == stake_of(ctx, HOT)


# Root


def test_dividends_of_root_become_claimable(ctx: Context, add_neuron: AddNeuron) -> None:
    TaoWeight.put(ctx, U64_MAX)
    Delegates.put(ctx, HOT, 0)
    add_neuron(NETUID, HOT, COLD, TAO)
    stake_on_root(ctx, HOT, 2 * TAO)
    distribute_emission(ctx, NETUID, Pending(TAO // 2, TAO // 2, TAO, 0))
    assert stake_of(ctx, HOT) == pytest.approx(2 * TAO, abs=10)
    assert stake_of(ctx, HOT, ROOT) == 2 * TAO
    claimable = RootAlphaDividendsPerSubnet.get(ctx, NETUID, HOT)
    assert claimable == pytest.approx(TAO, abs=10)
    assert RootClaimable.get(ctx, HOT) == {NETUID: (claimable << 32) // (2 * TAO)}


def test_the_delegates_take_of_root_dividends_becomes_stake(ctx: Context, add_neuron: AddNeuron) -> None:
    TaoWeight.put(ctx, U64_MAX)
    Delegates.put(ctx, HOT, 65_535 // 4)
    add_neuron(NETUID, HOT, COLD)
    stake_on_root(ctx, HOT, 2 * TAO)
    distribution.distribute_root_dividends(ctx, NETUID, {HOT: U96F32.from_int(TAO)})
    assert stake_of(ctx, HOT) == pytest.approx(TAO // 4, rel=1e-4)
    assert RootAlphaDividendsPerSubnet.get(ctx, NETUID, HOT) == pytest.approx(TAO * 3 // 4, rel=1e-4)


# Parents and children


@pytest.mark.parametrize("burn", [0, U64_MAX // 2])
def test_a_child_keeps_its_take_of_its_parents_dividends(ctx: Context, add_neuron: AddNeuron, burn: int) -> None:
    CKBurn.put(ctx, burn)
    for hotkey in (HOT, HOT2):
        Delegates.put(ctx, hotkey, 0)
    increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT, OWNER_COLD, NETUID, TAO)
    add_neuron(NETUID, HOT2, COLD)
    ChildKeys.put(ctx, HOT, NETUID, [(U64_MAX, HOT2)])
    ParentKeys.put(ctx, HOT2, NETUID, [(U64_MAX, HOT)])
    ChildkeyTake.put(ctx, HOT2, NETUID, 65_535 // 10)
    distribute_emission(ctx, NETUID, ONE_ALPHA)
    # The remaining dividends divide the alpha: 90 % and 10 %, or 40 % and 10 % of a half.
    child = TAO // 10 if burn == 0 else TAO // 5
    assert stake_of(ctx, HOT2) == pytest.approx(child, abs=20_000)
    assert stake_of(ctx, HOT) == pytest.approx(TAO + TAO - child, abs=20_000)
    assert AlphaRecycled.get(ctx, NETUID) == pytest.approx(0 if burn == 0 else TAO // 2, abs=10)


def test_a_child_takes_nothing_from_a_parent_of_the_same_coldkey(ctx: Context, add_neuron: AddNeuron) -> None:
    add_neuron(NETUID, HOT, COLD, 3 * TAO)
    add_neuron(NETUID, HOT2, COLD, TAO)
    ParentKeys.put(ctx, HOT2, NETUID, [(U64_MAX // 3, HOT)])
    ChildKeys.put(ctx, HOT, NETUID, [(U64_MAX // 3, HOT2)])
    ChildkeyTake.put(ctx, HOT2, NETUID, 65_535)
    shared = distribution.share_with_parents(ctx, HOT2, NETUID, 1_000, [(U64_MAX // 3, HOT)])
    assert shared == [(HOT, 499), (HOT2, 500)]
    assert distribution.get_self_contribution(ctx, HOT, NETUID) == 2 * TAO


# Miners and the owner


@pytest.fixture
def owned(ctx: Context, add_neuron: AddNeuron) -> None:
    """Set the owner of the subnet, whose hotkey is a neuron."""
    SubnetOwner.put(ctx, NETUID, OWNER_COLD)
    SubnetOwnerHotkey.put(ctx, NETUID, OWNER_HOT)
    add_neuron(NETUID, OWNER_HOT, OWNER_COLD)


@pytest.mark.usefixtures("owned")
def test_the_owner_gets_its_cut_as_stake(ctx: Context) -> None:
    distribution.distribute_dividends_and_incentives(ctx, NETUID, 500, {}, NO_DIVIDENDS)
    assert stake_of(ctx, OWNER_HOT) == 500


@pytest.mark.usefixtures("owned")
@pytest.mark.parametrize("choice", [None, RecycleOrBurnEnum.Burn, RecycleOrBurnEnum.Recycle])
def test_incentives_of_the_owners_hotkeys_are_withheld(
    ctx: Context, add_neuron: AddNeuron, choice: RecycleOrBurnEnum | None
) -> None:
    if choice is not None:
        RecycleOrBurn.put(ctx, NETUID, choice)
    add_neuron(NETUID, HOT, OWNER_COLD)
    add_neuron(NETUID, HOT2, COLD)
    incentives = {HOT: 10_000_000, HOT2: 20_000_000, OWNER_HOT: 10_000_000}
    distribution.distribute_incentives(ctx, NETUID, incentives)
    assert [stake_of(ctx, hotkey) for hotkey in incentives] == [0, 20_000_000, 0]
    assert MinerBurned.get(ctx, NETUID) == U96F32.one // 2
    recycled = choice is RecycleOrBurnEnum.Recycle
    assert (AlphaRecycled.get(ctx, NETUID), AlphaBurned.get(ctx, NETUID)) == (
        (20_000_000, 0) if recycled else (0, 20_000_000)
    )


@pytest.mark.usefixtures("owned")
def test_the_owners_neurons_come_youngest_first(ctx: Context, add_neuron: AddNeuron) -> None:
    for hotkey, block in ((HOT, 2), (HOT2, 1), (NOMINATOR, 1)):
        uid = add_neuron(NETUID, hotkey, OWNER_COLD)
        BlockAtRegistration.put(ctx, NETUID, uid, block)
    neurons = distribution.get_owner_hotkeys(ctx, NETUID, OWNER_COLD)
    assert neurons == [HOT, HOT2, NOMINATOR, OWNER_HOT]
    SubnetOwner.put(ctx, NETUID, COLD)
    assert distribution.get_owner_hotkeys(ctx, NETUID, COLD) == [OWNER_HOT]


def test_a_miners_rewards_are_staked_to_the_chosen_hotkey(ctx: Context, add_neuron: AddNeuron, events: Events) -> None:
    add_neuron(NETUID, HOT, COLD)
    distribution.distribute_incentives(ctx, NETUID, {HOT: 7})
    assert stake_of(ctx, HOT) == 7
    AutoStakeDestination.put(ctx, COLD, NETUID, HOT2)
    events()
    distribution.distribute_incentives(ctx, NETUID, {HOT: 10})
    assert (stake_of(ctx, HOT), stake_of(ctx, HOT2)) == (7, 10)
    assert events() == [AutoStakeAdded(NETUID, HOT2, HOT, COLD, 10)]


def test_the_block_of_the_epoch_is_stored(ctx: Context, add_neuron: AddNeuron) -> None:
    add_neuron(NETUID, HOT, COLD, TAO)
    distribution.distribute_emissions_to_subnets(ctx, {NETUID: ONE_ALPHA})
    assert LastMechansimStepBlock.get(ctx, NETUID) == ctx.block.number


def test_without_emission_an_epoch_changes_no_stake(ctx: Context, add_neuron: AddNeuron) -> None:
    add_neuron(NETUID, HOT, COLD, TAO)
    distribute_emission(ctx, NETUID, Pending(0, 0, 0, 0))
    assert stake_of(ctx, HOT) == TAO
