"""Fixtures with subnets and the parameters of the real pallet's tests, so that their numbers apply here."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import AnyError, as_dispatch_error
from pysubtensor.runtime.frame.origin import signed
from pysubtensor.runtime.frame.runtime import Runtime
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances.declared import ExistentialDeposit
from pysubtensor.runtime.pallets.balances.fungible import mint_into
from pysubtensor.runtime.pallets.subtensor import calls as subtensor
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import AdminFreezeWindow
from pysubtensor.runtime.pallets.subtensor.storage.networks import (
    FirstEmissionBlockNumber,
    SubnetOwner,
    SubtokenEnabled,
)
from pysubtensor.runtime.pallets.subtensor.storage.registration import BurnHalfLife, BurnIncreaseMult

from tests.world import (
    BOB,
    ONE,
    U64_MAX,
    AddDynamicNetwork,
    AddNetwork,
    AddNeuron,
    Dispatch,
    GoTo,
    RefusedUnguarded,
    Unguarded,
    accounted,
    unchanged,
)

#: The configuration of the real pallet's tests, where it differs from the chain's.
CONSTANTS = {
    "InitialMinAllowedWeights": 0,
    "InitialRho": 30,
    "InitialImmunityPeriod": 2,
    "InitialMinAllowedUids": 2,
    "InitialMinDelegateTake": 5_898,
    "InitialServingRateLimit": 0,
    "InitialTxRateLimit": 0,
    "InitialTxDelegateTakeRateLimit": 1,
    "InitialTxChildKeyTakeRateLimit": 1,
    "InitialBurn": 0,
    "InitialMaxBurn": 1_000_000_000,
    "InitialValidatorPruneLen": 0,
    "InitialMaxAllowedValidators": 100,
    "InitialDifficulty": 10_000,
    "InitialMaxRegistrationsPerBlock": 3,
    "InitialMinDifficulty": 1,
    "InitialMaxDifficulty": U64_MAX,
    "InitialNetworkMinLockCost": 100_000_000_000,
    "InitialSubnetOwnerCut": 0,
    "InitialNetworkLockReductionInterval": 2,
    "InitialNetworkRateLimit": 0,
    "KeySwapCost": 1_000_000_000,
    "InitialColdkeySwapAnnouncementDelay": 50,
    "InitialColdkeySwapReannouncementDelay": 10,
    "InitialTaoWeight": 0,
    "KeySwapOnSubnetCost": 10_000_000,
    "HotkeySwapOnSubnetInterval": 15,
    "EvmKeyAssociateRateLimit": 10,
    "InitialMaxEpochsPerBlock": 32,
}


@pytest.fixture(scope="session")
def runtime() -> Runtime:
    """The runtime, with the constants of the real pallet's tests."""
    runtime = spec_425()
    constants = subtensor.pallet.constants
    assert CONSTANTS.keys() <= constants.keys()
    runtime.constant_values |= {each: CONSTANTS.get(each.name, each.default) for each in constants.values()}
    return runtime


@pytest.fixture
def go_to(ctx: Context) -> GoTo:
    """Set the block number, without executing the blocks between."""

    def jump(number: int) -> None:
        ctx.block.number = number
        system.Number.put(ctx, number)

    return jump


@pytest.fixture
def add_network(ctx: Context) -> AddNetwork:
    """Add a started subnet without neurons or pool, with a constant price of registration; return its netuid."""
    from pysubtensor.runtime.pallets.subtensor.lifecycle.network_registration import init_new_network

    def add(netuid: int, tempo: int, owner: bytes | None = None) -> int:
        init_new_network(ctx, netuid, tempo)
        FirstEmissionBlockNumber.put(ctx, netuid, 1)
        SubtokenEnabled.put(ctx, netuid, True)
        BurnHalfLife.put(ctx, netuid, 1)
        BurnIncreaseMult.put(ctx, netuid, ONE)
        if owner is not None:
            SubnetOwner.put(ctx, netuid, owner)
        return netuid

    return add


@pytest.fixture
def owned_subnet(ctx: Context, add_network: AddNetwork) -> int:
    """Subnet 1 with a tempo of ten, owned by Bob, whose parameters AdminUtils can change.

    They are frozen only in the last block of a tempo, as in the tests of the real AdminUtils.
    """
    AdminFreezeWindow.put(ctx, 1)
    return add_network(1, 10, owner=BOB)


@pytest.fixture
def add_dynamic_network(ctx: Context, dispatch: Dispatch) -> AddDynamicNetwork:
    """Register a started subnet with a pool, paid by the coldkey; return its netuid."""
    from pysubtensor.runtime.pallets.subtensor.lifecycle.network_registration import register_network
    from pysubtensor.runtime.pallets.subtensor.storage.emission import TotalIssuance
    from pysubtensor.runtime.pallets.subtensor.subnets.networks import get_network_lock_cost, get_next_netuid

    def add(hotkey: bytes, coldkey: bytes) -> int:
        netuid, cost = get_next_netuid(ctx), get_network_lock_cost(ctx)
        # The price, and the existential deposit.
        mint_into(ctx, coldkey, cost + ExistentialDeposit.get(ctx))
        TotalIssuance.mutate(ctx, lambda issued: issued + cost + ExistentialDeposit.get(ctx))
        dispatch(coldkey, register_network.call(hotkey))
        FirstEmissionBlockNumber.put(ctx, netuid, 0)
        SubtokenEnabled.put(ctx, netuid, True)
        BurnHalfLife.put(ctx, netuid, 1)
        BurnIncreaseMult.put(ctx, netuid, ONE)
        return netuid

    return add


@pytest.fixture
def add_neuron(ctx: Context) -> AddNeuron:
    """Add a neuron registered in block 0, with stake of its own coldkey; return its uid."""
    from pysubtensor.runtime.pallets.subtensor.ledger.accounts import create_account_if_non_existent
    from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import increase_stake_for_hotkey_and_coldkey_on_subnet
    from pysubtensor.runtime.pallets.subtensor.neurons.uids import append_neuron, get_uid_for_net_and_hotkey

    def add(netuid: int, hotkey: bytes, coldkey: bytes, stake: int = 0) -> int:
        create_account_if_non_existent(ctx, coldkey, hotkey)
        append_neuron(ctx, netuid, hotkey, 0)
        if stake:
            increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid, stake)
        return get_uid_for_net_and_hotkey(ctx, netuid, hotkey)

    return add


@pytest.fixture
def unguarded(ctx: Context) -> Unguarded:
    """Dispatch a signed call without filters and guards, to test the checks of the call itself."""

    def run(who: bytes, call: Call) -> None:
        with accounted(ctx, call):
            ctx.runtime.dispatch_bypass_filter(ctx.with_origin(signed(who)), call)

    return run


@pytest.fixture
def refused_unguarded(ctx: Context, unguarded: Unguarded) -> RefusedUnguarded:
    """Assert that a call without guards fails with this error, changes no state and deposits no event."""

    def run(who: bytes, call: Call, error: AnyError) -> None:
        with unchanged(ctx) as failure:
            unguarded(who, call)
        assert failure.value.error == as_dispatch_error(error)

    return run
