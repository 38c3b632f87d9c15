"""Registration: its conditions, its price, and the replacement of neurons."""

from __future__ import annotations

import numpy as np
import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.origin import NONE
from pysubtensor.runtime.frame.origin import ROOT_ORIGIN as ROOT_ORIGIN
from pysubtensor.runtime.frame.weight import DispatchClass, Pays, weight_of
from pysubtensor.runtime.pallets.balances.accounts import account_data
from pysubtensor.runtime.pallets.balances.declared import Transfer
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.events import NeuronRegistered, RAORecycledForRegistrationSet
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import (
    create_account_if_non_existent,
    get_owning_coldkey_for_hotkey,
)
from pysubtensor.runtime.pallets.subtensor.ledger.tao import mint_tao, spend_tao
from pysubtensor.runtime.pallets.subtensor.lifecycle.network_registration import register_network
from pysubtensor.runtime.pallets.subtensor.neurons.registration import (
    bump_registration_price_after_registration,
    burned_register,
    get_neuron_to_prune,
    register,
    register_limit,
    update_registration_prices_for_networks,
)
from pysubtensor.runtime.pallets.subtensor.neurons.uids import append_neuron
from pysubtensor.runtime.pallets.subtensor.storage.emission import SubnetTaoFlow
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import (
    ImmuneOwnerUidsLimit,
    ImmunityPeriod,
    MaxAllowedUids,
    MinNonImmuneUids,
)
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubnetMechanism, SubnetOwner, SubnetOwnerHotkey
from pysubtensor.runtime.pallets.subtensor.storage.neurons import BlockAtRegistration, Emission, Keys, SubnetworkN, Uids
from pysubtensor.runtime.pallets.subtensor.storage.pools import SubnetAlphaIn, SubnetAlphaOut, SubnetTAO
from pysubtensor.runtime.pallets.subtensor.storage.registration import (
    Burn,
    BurnHalfLife,
    BurnIncreaseMult,
    MaxBurn,
    MinBurn,
    NetworkRegistrationAllowed,
    RAORecycledForRegistration,
    RegistrationsThisBlock,
    RegistrationsThisInterval,
)
from pysubtensor.runtime.pallets.subtensor.storage.staking import OwnedHotkeys, Owner, TotalStake
from pysubtensor.runtime.pallets.subtensor.storage.tempo import LastEpochBlock
from pysubtensor.runtime.pallets.swap import Side, sim_swap

from tests.costs import own_info
from tests.world import ALICE, BOB, ONE, U64_MAX, AddNetwork, Blocks, Dispatch, Events, GoTo, RefusedCall, u256

ROOT, NETUID = 0, 1
RESERVE = 10**12
#: The existential deposit, in rao.
EXISTENTIAL_DEPOSIT = 500


HOTKEY, COLDKEY = u256(1), u256(667)


def fund(ctx: Context, coldkey: bytes, amount: int) -> None:
    """Mint TAO for a coldkey, in rao."""
    assert spend_tao(ctx, coldkey, mint_tao(ctx, amount), amount) == 0


@pytest.fixture
def subnet(ctx: Context, add_network: AddNetwork) -> int:
    """A subnet with large reserves, on which registration costs 1,000 rao."""
    add_network(NETUID, 13)
    SubnetTAO.put(ctx, NETUID, RESERVE)
    SubnetAlphaIn.put(ctx, NETUID, RESERVE)
    MinBurn.put(ctx, NETUID, 0)
    MaxBurn.put(ctx, NETUID, U64_MAX)
    Burn.put(ctx, NETUID, 1_000)
    return NETUID


# --- who may register ----------------------------------------------------------------------------------------------


def test_a_registered_hotkey_gets_a_uid_for_its_price(
    ctx: Context, subnet: int, dispatch: Dispatch, events: Events
) -> None:
    fund(ctx, COLDKEY, 50_000)
    events()
    dispatch(COLDKEY, burned_register.call(subnet, HOTKEY))
    assert SubnetworkN.get(ctx, subnet) == 1
    assert Uids.get(ctx, subnet, HOTKEY) == 0
    assert get_owning_coldkey_for_hotkey(ctx, HOTKEY) == COLDKEY
    assert account_data(ctx, COLDKEY).free == 49_000
    assert SubnetTaoFlow.get(ctx, subnet) == 1_000
    assert RegistrationsThisBlock.get(ctx, subnet) == 1
    assert events()[-2:] == [RAORecycledForRegistrationSet(subnet, 1_000), NeuronRegistered(subnet, 0, HOTKEY)]


def test_registration_must_be_signed(subnet: int, refused: RefusedCall) -> None:
    for origin in (NONE, ROOT_ORIGIN):
        refused(origin, burned_register.call(subnet, HOTKEY), BadOrigin())
        refused(origin, register_limit.call(subnet, HOTKEY, 10_000), BadOrigin())


def test_subnets_can_close_registration(ctx: Context, subnet: int, refused: RefusedCall) -> None:
    NetworkRegistrationAllowed.put(ctx, subnet, False)
    refused(ALICE, burned_register.call(subnet, HOTKEY), Error.SubNetRegistrationDisabled)
    refused(ALICE, register.call(subnet, 0, 0, b"", HOTKEY, ALICE), Error.SubNetRegistrationDisabled)


def test_registration_needs_a_subnet_other_than_root(subnet: int, refused: RefusedCall) -> None:
    for netuid, error in ((ROOT, Error.RegistrationNotPermittedOnRootSubnet), (9, Error.SubnetNotExists)):
        refused(ALICE, burned_register.call(netuid, HOTKEY), error)
        refused(ALICE, register_limit.call(netuid, HOTKEY, 0), error)


def test_the_coldkey_must_be_able_to_pay(ctx: Context, subnet: int, refused: RefusedCall) -> None:
    Burn.put(ctx, subnet, 10_000)
    fund(ctx, COLDKEY, 9_999)
    refused(COLDKEY, burned_register.call(subnet, HOTKEY), Error.NotEnoughBalanceToStake)


def test_anothers_hotkey_cannot_be_registered(ctx: Context, subnet: int, refused: RefusedCall) -> None:
    Owner.put(ctx, HOTKEY, u256(111))
    refused(ALICE, burned_register.call(subnet, HOTKEY), Error.NonAssociatedColdKey)


def test_a_subnet_without_uids_refuses_registrations(ctx: Context, subnet: int, refused: RefusedCall) -> None:
    MaxAllowedUids.put(ctx, subnet, 0)
    refused(ALICE, burned_register.call(subnet, HOTKEY), Error.NoNeuronIdAvailable)


def test_a_full_subnet_of_immune_owner_neurons_refuses_registrations(
    ctx: Context, subnet: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    SubnetOwner.put(ctx, subnet, BOB)
    dispatch(BOB, burned_register.call(subnet, u256(2)))
    MaxAllowedUids.put(ctx, subnet, 1)
    refused(ALICE, burned_register.call(subnet, HOTKEY), Error.NoNeuronIdAvailable)


def test_a_hotkey_is_registered_once(subnet: int, dispatch: Dispatch, refused: RefusedCall) -> None:
    dispatch(ALICE, burned_register.call(subnet, HOTKEY))
    refused(ALICE, burned_register.call(subnet, HOTKEY), Error.HotKeyAlreadyRegisteredInSubNet)


def test_proof_of_work_registrations_pay_the_price_too(ctx: Context, subnet: int, dispatch: Dispatch) -> None:
    before = account_data(ctx, ALICE).free
    dispatch(ALICE, register.call(subnet, 99, 0, b"no work at all", HOTKEY, BOB))
    assert Uids.get(ctx, subnet, HOTKEY) == 0
    assert get_owning_coldkey_for_hotkey(ctx, HOTKEY) == ALICE
    assert account_data(ctx, ALICE).free == before - 1_000


def test_a_price_above_the_limit_is_not_paid(subnet: int, dispatch: Dispatch, refused: RefusedCall) -> None:
    refused(ALICE, register_limit.call(subnet, HOTKEY, 999), Error.RegistrationPriceLimitExceeded)
    dispatch(ALICE, register_limit.call(subnet, HOTKEY, 1_000))


def test_the_price_limit_is_checked_first(ctx: Context, subnet: int, refused: RefusedCall) -> None:
    NetworkRegistrationAllowed.put(ctx, subnet, False)
    refused(ALICE, register_limit.call(subnet, HOTKEY, 999), Error.RegistrationPriceLimitExceeded)
    refused(ALICE, register_limit.call(subnet, HOTKEY, 1_000), Error.SubNetRegistrationDisabled)


def test_weights_of_registration_calls() -> None:
    for call, weight in (
        (burned_register.call(1, HOTKEY), weight_of(336_815_000, 6148, 34, 29)),
        (register.call(1, 0, 0, b"", HOTKEY, ALICE), weight_of(349_872_000, 6148, 34, 29)),
        (register_limit.call(1, HOTKEY, 0), weight_of(354_200_000, 0, 47, 40)),
    ):
        info = own_info(call)
        assert (info.call_weight, info.class_, info.pays_fee) == (weight, DispatchClass.Normal, Pays.Yes)


# --- where the price goes ------------------------------------------------------------------------------------------


def test_the_price_buys_alpha_that_is_burned(ctx: Context, subnet: int, dispatch: Dispatch) -> None:
    SubnetMechanism.put(ctx, subnet, 1)
    SubnetAlphaOut.put(ctx, subnet, 5_000)
    Burn.put(ctx, subnet, 10**9)
    bought = sim_swap(ctx, subnet, Side.BUY, 10**9)
    dispatch(ALICE, burned_register.call(subnet, HOTKEY))
    assert SubnetTAO.get(ctx, subnet) == RESERVE + bought.amount_paid_in
    assert SubnetAlphaIn.get(ctx, subnet) == RESERVE - bought.amount_paid_out
    assert SubnetAlphaOut.get(ctx, subnet) == 5_000
    assert TotalStake.get(ctx) == 10**9


def test_a_price_that_would_reap_the_coldkey_is_reduced(ctx: Context, subnet: int, dispatch: Dispatch) -> None:
    Burn.put(ctx, subnet, 10_000)
    fund(ctx, COLDKEY, 10_000)
    dispatch(COLDKEY, burned_register.call(subnet, HOTKEY))
    assert account_data(ctx, COLDKEY).free == EXISTENTIAL_DEPOSIT
    assert SubnetTaoFlow.get(ctx, subnet) == 10_000 - EXISTENTIAL_DEPOSIT
    assert RAORecycledForRegistration.get(ctx, subnet) == 10_000


def test_a_registration_without_price_costs_nothing(ctx: Context, subnet: int, dispatch: Dispatch) -> None:
    Burn.put(ctx, subnet, 0)
    before = account_data(ctx, ALICE).free
    dispatch(ALICE, burned_register.call(subnet, HOTKEY))
    assert account_data(ctx, ALICE).free == before
    assert Uids.get(ctx, subnet, HOTKEY) == 0


def test_paid_prices_are_summed_up(ctx: Context, subnet: int, dispatch: Dispatch) -> None:
    dispatch(ALICE, burned_register.call(subnet, HOTKEY))
    Burn.put(ctx, subnet, 500)
    dispatch(ALICE, burned_register.call(subnet, u256(2)))
    assert RAORecycledForRegistration.get(ctx, subnet) == 1_500


# --- how the price moves -------------------------------------------------------------------------------------------


def step(ctx: Context, go_to: GoTo, blocks: int = 1) -> None:
    """Begin a number of blocks, as far as prices are concerned."""
    for _ in range(blocks):
        go_to(ctx.block.number + 1)
        update_registration_prices_for_networks(ctx)


def test_the_price_rises_at_once_and_then_decays(ctx: Context, subnet: int, dispatch: Dispatch, go_to: GoTo) -> None:
    BurnHalfLife.put(ctx, subnet, 1_000)
    BurnIncreaseMult.put(ctx, subnet, 2 * ONE)
    dispatch(ALICE, burned_register.call(subnet, HOTKEY))
    assert Burn.get(ctx, subnet) == 2_000
    step(ctx, go_to)
    assert Burn.get(ctx, subnet) == 1_998


def test_the_price_halves_every_half_life(ctx: Context, subnet: int, go_to: GoTo) -> None:
    BurnHalfLife.put(ctx, subnet, 2)
    Burn.put(ctx, subnet, 1_024)
    step(ctx, go_to, 2)
    assert Burn.get(ctx, subnet) == 511
    step(ctx, go_to, 2)
    assert Burn.get(ctx, subnet) == 255


def test_the_price_stays_within_its_bounds(ctx: Context, subnet: int, dispatch: Dispatch, go_to: GoTo) -> None:
    BurnHalfLife.put(ctx, subnet, 1)
    BurnIncreaseMult.put(ctx, subnet, 2 * ONE)
    MinBurn.put(ctx, subnet, 100_000)
    MaxBurn.put(ctx, subnet, 150_000)
    Burn.put(ctx, subnet, 1)
    step(ctx, go_to)
    assert Burn.get(ctx, subnet) == 100_000
    dispatch(ALICE, burned_register.call(subnet, HOTKEY))
    assert Burn.get(ctx, subnet) == 150_000
    for _ in range(2):
        step(ctx, go_to)
        assert Burn.get(ctx, subnet) == 100_000


def test_prices_do_not_decay_in_the_first_block(ctx: Context, subnet: int, go_to: GoTo) -> None:
    BurnHalfLife.put(ctx, subnet, 1)
    go_to(0)
    step(ctx, go_to)
    assert Burn.get(ctx, subnet) == 1_000
    step(ctx, go_to)
    assert Burn.get(ctx, subnet) == 500


def test_a_registration_multiplies_the_price(ctx: Context, subnet: int) -> None:
    BurnIncreaseMult.put(ctx, subnet, 3 * ONE)
    bump_registration_price_after_registration(ctx, subnet)
    assert Burn.get(ctx, subnet) == 3_000


def test_registrations_do_not_raise_the_price_of_root(ctx: Context, add_network: AddNetwork) -> None:
    add_network(ROOT, 13)
    BurnIncreaseMult.put(ctx, ROOT, 3 * ONE)
    before = Burn.get(ctx, ROOT)
    bump_registration_price_after_registration(ctx, ROOT)
    assert Burn.get(ctx, ROOT) == before


def test_each_block_counts_its_registrations_from_zero(ctx: Context, subnet: int, go_to: GoTo) -> None:
    RegistrationsThisBlock.put(ctx, subnet, 3)
    RegistrationsThisInterval.put(ctx, subnet, 3)
    step(ctx, go_to)
    assert RegistrationsThisBlock.get(ctx, subnet) == 0
    assert RegistrationsThisInterval.get(ctx, subnet) == 3


def test_the_interval_of_root_ends_with_its_epoch(ctx: Context, add_network: AddNetwork, go_to: GoTo) -> None:
    add_network(ROOT, 2)
    LastEpochBlock.put(ctx, ROOT, 1)
    RegistrationsThisInterval.put(ctx, ROOT, 5)
    step(ctx, go_to)
    assert (ctx.block.number, RegistrationsThisInterval.get(ctx, ROOT)) == (2, 5)
    step(ctx, go_to)
    assert (ctx.block.number, RegistrationsThisInterval.get(ctx, ROOT)) == (3, 0)


# --- who has to go -------------------------------------------------------------------------------------------------


def seat(ctx: Context, netuid: int, blocks: list[int], emissions: list[int], owner: bytes = COLDKEY) -> None:
    """Neurons registered in these blocks with these emissions; their hotkeys are 1, 2, 3 …, all of one coldkey."""
    for number, block in enumerate(blocks, 1):
        create_account_if_non_existent(ctx, owner, u256(number))
        append_neuron(ctx, netuid, u256(number), block)
    Emission.put(ctx, netuid, np.array(emissions, np.uint64))
    MinNonImmuneUids.put(ctx, netuid, 0)
    ImmuneOwnerUidsLimit.put(ctx, netuid, 0)


@pytest.mark.parametrize(
    ("blocks", "emissions", "expected"),
    [
        ([850, 800, 990], [10, 10, 1], 1),  # of equals the oldest; the third, immune, earns less and stays
        ([850, 800, 850], [10, 11, 12], 0),  # the least emission, at any age
        ([0, 0, 0], [10, 10, 10], 0),  # of equals of the same age the lowest uid
        ([0, 1, 2], [10, 10, 10], 0),
        ([0, 1, 2], [10, 10], 2),  # without an entry: earns nothing
        ([990, 990, 990], [3, 2, 1], 2),  # all immune: one is replaced nevertheless
        ([901, 900, 902], [0, 5, 0], 1),  # immune for less than 100 blocks
    ],
)
def test_the_neuron_with_the_least_emission_is_replaced_the_oldest_of_equals(
    ctx: Context, subnet: int, go_to: GoTo, blocks: list[int], emissions: list[int], expected: int
) -> None:
    seat(ctx, subnet, blocks, emissions)
    ImmunityPeriod.put(ctx, subnet, 100)
    go_to(1_000)
    assert get_neuron_to_prune(ctx, subnet) == expected


def test_an_empty_subnet_has_no_neuron_to_replace(ctx: Context, subnet: int) -> None:
    assert get_neuron_to_prune(ctx, subnet) is None


@pytest.mark.parametrize(("floor", "expected"), [(2, 0), (3, 3), (4, 3)])
def test_the_last_neurons_without_immunity_stay(
    ctx: Context, subnet: int, go_to: GoTo, floor: int, expected: int
) -> None:
    seat(ctx, subnet, [1, 2, 3, 1_010], [0, 0, 0, 0])
    ImmunityPeriod.put(ctx, subnet, 1_000)
    MinNonImmuneUids.put(ctx, subnet, floor)
    go_to(1_010)
    assert get_neuron_to_prune(ctx, subnet) == expected


@pytest.mark.parametrize("floor", [3, 4])
def test_the_floor_of_mature_neurons_prevents_a_replacement(ctx: Context, subnet: int, go_to: GoTo, floor: int) -> None:
    seat(ctx, subnet, [1, 2, 3], [0, 0, 0])
    MinNonImmuneUids.put(ctx, subnet, floor)
    go_to(10_000)
    assert get_neuron_to_prune(ctx, subnet) is None


@pytest.mark.parametrize(
    ("limit", "owner_hotkey", "expected"),
    [(1, u256(1), 1), (1, u256(2), 0), (2, u256(1), 2), (0, u256(1), 0)],
)
def test_the_owners_neurons_stay_up_to_their_limit(
    ctx: Context, subnet: int, go_to: GoTo, limit: int, owner_hotkey: bytes, expected: int
) -> None:
    seat(ctx, subnet, [1, 2, 3], [0, 0, 1])
    SubnetOwner.put(ctx, subnet, COLDKEY)
    SubnetOwnerHotkey.put(ctx, subnet, owner_hotkey)
    OwnedHotkeys.put(ctx, COLDKEY, [u256(1), u256(2)])
    ImmuneOwnerUidsLimit.put(ctx, subnet, limit)
    ImmunityPeriod.put(ctx, subnet, 1)
    go_to(10)
    assert get_neuron_to_prune(ctx, subnet) == expected


def test_a_new_neuron_among_immune_owner_neurons_is_replaced(ctx: Context, subnet: int, go_to: GoTo) -> None:
    seat(ctx, subnet, [12, 11, 10], [0, 0, 1])
    SubnetOwner.put(ctx, subnet, COLDKEY)
    OwnedHotkeys.put(ctx, COLDKEY, [u256(1), u256(2)])
    ImmuneOwnerUidsLimit.put(ctx, subnet, 2)
    ImmunityPeriod.put(ctx, subnet, 100)
    go_to(20)
    assert get_neuron_to_prune(ctx, subnet) == 2


def test_immune_owner_neurons_are_not_replaced(ctx: Context, subnet: int) -> None:
    seat(ctx, subnet, [1, 1, 1], [0, 0, 0])
    SubnetOwner.put(ctx, subnet, COLDKEY)
    ImmuneOwnerUidsLimit.put(ctx, subnet, 10)
    assert get_neuron_to_prune(ctx, subnet) is None


def test_a_new_neuron_gets_the_uid_of_the_replaced_one(
    ctx: Context, subnet: int, dispatch: Dispatch, go_to: GoTo
) -> None:
    seat(ctx, subnet, [850, 800, 990], [10, 10, 1])
    MaxAllowedUids.put(ctx, subnet, 3)
    ImmunityPeriod.put(ctx, subnet, 100)
    go_to(1_000)
    dispatch(ALICE, burned_register.call(subnet, u256(40_000)))
    assert SubnetworkN.get(ctx, subnet) == 3
    assert [Keys.get(ctx, subnet, uid) for uid in range(3)] == [u256(1), u256(40_000), u256(3)]
    assert Uids.get(ctx, subnet, u256(2)) is None
    assert BlockAtRegistration.get(ctx, subnet, 1) == 1_000
    assert Emission.get(ctx, subnet).tolist() == [10, 0, 1]


# --- in whole blocks -----------------------------------------------------------------------------------------------


def test_the_first_price_is_one_tao_and_decays_with_each_block(blocks: Blocks) -> None:
    blocks.begin()
    blocks.send("Alice", register_network.call(u256(1)))
    blocks.end()
    ctx = blocks.to(8)
    new_events = blocks.send("Bob", burned_register.call(NETUID, u256(2)))
    paid = [event.amount for event in new_events if isinstance(event, Transfer)]
    assert abs(paid[0] - 10**9 / 2 ** (7 / 360)) < 10  # a factor is exact to 2^-32, seven of them to some rao
    assert Keys.get(ctx, NETUID, 1) == u256(2)
    blocks.end()
