"""The hotkey on which incentives are staked; rules of the chain's `auto_stake_hotkey.rs`."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.subtensor.coinbase.distribution import stake_incentives
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.events import AutoStakeAdded, AutoStakeDestinationSet
from pysubtensor.runtime.pallets.subtensor.staking.auto_stake import set_coldkey_auto_stake_hotkey
from pysubtensor.runtime.pallets.subtensor.storage.staking import AutoStakeDestination, AutoStakeDestinationColdkeys

from tests.runtime.pallets.subtensor.pools import stake_of
from tests.world import ALICE, BOB, AddNetwork, AddNeuron, Dispatch, RefusedCall, account

MINER, VALIDATOR, OTHER, UNREGISTERED = (account(number) for number in range(1, 5))


@pytest.fixture
def netuid(add_network: AddNetwork, add_neuron: AddNeuron) -> int:
    """Subnet 1 with Alice's miner and two neurons of Bob."""
    netuid = add_network(1, 13)
    add_neuron(netuid, MINER, ALICE)
    for hotkey in (VALIDATOR, OTHER):
        add_neuron(netuid, hotkey, BOB)
    return netuid


def test_the_destination_must_be_a_neuron_of_an_existing_subnet(netuid: int, refused: RefusedCall) -> None:
    refused(ALICE, set_coldkey_auto_stake_hotkey.call(999, VALIDATOR), Error.SubnetNotExists)
    refused(ALICE, set_coldkey_auto_stake_hotkey.call(netuid, UNREGISTERED), Error.HotKeyNotRegisteredInSubNet)


def test_a_coldkey_chooses_any_neuron_as_destination(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    assert AutoStakeDestination.get(ctx, ALICE, netuid) is None
    dispatch(ALICE, set_coldkey_auto_stake_hotkey.call(netuid, VALIDATOR))
    assert AutoStakeDestination.get(ctx, ALICE, netuid) == VALIDATOR
    assert AutoStakeDestinationColdkeys.get(ctx, VALIDATOR, netuid) == [ALICE]
    assert ctx.block.events[-1] == AutoStakeDestinationSet(ALICE, netuid, VALIDATOR)


def test_the_same_destination_again_is_refused(netuid: int, dispatch: Dispatch, refused: RefusedCall) -> None:
    dispatch(ALICE, set_coldkey_auto_stake_hotkey.call(netuid, VALIDATOR))
    refused(ALICE, set_coldkey_auto_stake_hotkey.call(netuid, VALIDATOR), Error.SameAutoStakeHotkeyAlreadySet)


def test_a_new_destination_replaces_the_former(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    dispatch(ALICE, set_coldkey_auto_stake_hotkey.call(netuid, VALIDATOR))
    dispatch(ALICE, set_coldkey_auto_stake_hotkey.call(netuid, OTHER))
    assert AutoStakeDestination.get(ctx, ALICE, netuid) == OTHER
    assert AutoStakeDestinationColdkeys.get(ctx, VALIDATOR, netuid) == []
    assert AutoStakeDestinationColdkeys.get(ctx, OTHER, netuid) == [ALICE]


def test_incentives_are_staked_on_the_destination(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    dispatch(ALICE, set_coldkey_auto_stake_hotkey.call(netuid, VALIDATOR))
    stake_incentives(ctx, netuid, {MINER: 10_000, OTHER: 5_000})
    assert stake_of(ctx, MINER, ALICE, netuid) == 0
    assert stake_of(ctx, VALIDATOR, ALICE, netuid) == 10_000
    assert stake_of(ctx, OTHER, BOB, netuid) == 5_000
    assert ctx.block.events[-1] == AutoStakeAdded(netuid, VALIDATOR, MINER, ALICE, 10_000)
