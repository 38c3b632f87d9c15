"""Subnets: price, netuids, owners, which is pruned, and parameters of all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.balances.fungible import mint_into
from pysubtensor.runtime.pallets.subtensor.declared import events as e
from pysubtensor.runtime.pallets.subtensor.declared.types import NetworkLastRegistered
from pysubtensor.runtime.pallets.subtensor.storage.emission import SubnetOwnerCut, TotalIssuance
from pysubtensor.runtime.pallets.subtensor.storage.networks import (
    NetworkImmunityPeriod,
    NetworkLastLockCost,
    NetworkLockReductionInterval,
    NetworkMinLockCost,
    NetworkRateLimit,
    NetworkRegisteredAt,
    NetworksAdded,
    StartCallDelay,
    SubnetMechanism,
    SubnetOwnerHotkey,
)
from pysubtensor.runtime.pallets.subtensor.storage.pools import (
    SubnetMovingPrice,
)
from pysubtensor.runtime.pallets.subtensor.storage.rate_limits import LastRateLimitedBlock
from pysubtensor.runtime.pallets.subtensor.subnets import hyperparameters as setters
from pysubtensor.runtime.pallets.subtensor.subnets.networks import (
    get_all_subnet_netuids,
    get_float_subnet_owner_cut,
    get_lock_reduction_interval,
    get_network_lock_cost,
    get_network_to_prune,
    get_next_netuid,
    get_owner_uid,
)
from pysubtensor.runtime.scale import Sum

from tests.world import (
    TAO,
    AddNetwork,
    Events,
    u256,
)

#: The least price in these tests.
PRICE = 100 * TAO
#: One as a U64F64 and as an I96F32.
ONE_32 = 1 << 32


COLDKEY, HOTKEY, STRANGER = u256(1_001), u256(1_002), u256(1_003)


@pytest.fixture
def rich(ctx: Context) -> bytes:
    """A coldkey with 1,000 TAO."""
    mint_into(ctx, COLDKEY, 1_000 * TAO)
    return COLDKEY


# --- price ---------------------------------------------------------------------------------------------------------


def test_the_first_subnet_costs_the_least_price(ctx: Context) -> None:
    assert get_network_lock_cost(ctx) == PRICE


def test_the_price_doubles_and_falls_by_the_last_price_in_each_interval(ctx: Context) -> None:
    NetworkLockReductionInterval.put(ctx, 1_000)
    NetworkLastLockCost.put(ctx, 300 * TAO)
    LastRateLimitedBlock.put(ctx, NetworkLastRegistered(), 500)
    prices = {}
    for block in (500, 501, 1_000, 1_500, 1_834, 100_000):
        ctx.block.number = block
        prices[block] = get_network_lock_cost(ctx)
    assert prices == {
        500: 600 * TAO,
        501: 600 * TAO - 300 * TAO // 1_000,
        1_000: 450 * TAO,
        1_500: 300 * TAO,
        1_834: 600 * TAO - 300_000_000 * 1_334,
        100_000: PRICE,
    }


def test_the_price_falls_faster_after_a_halving_of_the_emission(ctx: Context) -> None:
    NetworkLockReductionInterval.put(ctx, 1_000)
    assert get_lock_reduction_interval(ctx) == 1_000
    TotalIssuance.put(ctx, 10_500_000 * TAO)
    assert get_lock_reduction_interval(ctx) == 500


def test_a_price_without_an_interval_stays(ctx: Context) -> None:
    NetworkLockReductionInterval.put(ctx, 0)
    LastRateLimitedBlock.put(ctx, NetworkLastRegistered(), 1)
    ctx.block.number = 10_000
    assert get_network_lock_cost(ctx) == 2 * PRICE


def test_a_new_subnet_gets_the_smallest_free_netuid_above_root(ctx: Context) -> None:
    assert get_next_netuid(ctx) == 1
    for netuid in (0, 1, 2, 4):
        NetworksAdded.put(ctx, netuid, True)
    assert get_next_netuid(ctx) == 3


def test_subnets_are_listed_by_low_byte_then_by_high_byte(ctx: Context) -> None:
    for netuid in (1, 2, 256, 257):
        NetworksAdded.put(ctx, netuid, True)
    assert get_all_subnet_netuids(ctx) == [256, 1, 257, 2]


# --- owners --------------------------------------------------------------------------------------------------------


def test_an_owner_without_registered_hotkey_has_no_uid(ctx: Context, add_network: AddNetwork) -> None:
    add_network(5, 360, COLDKEY)
    assert get_owner_uid(ctx, 5) is None
    SubnetOwnerHotkey.put(ctx, 5, HOTKEY)
    assert get_owner_uid(ctx, 5) is None


def test_the_owners_cut_is_a_part_of_65535(ctx: Context) -> None:
    SubnetOwnerCut.put(ctx, 11_796)
    assert get_float_subnet_owner_cut(ctx) == 11_796 * ONE_32 // 65_535
    SubnetOwnerCut.put(ctx, 65_535)
    assert get_float_subnet_owner_cut(ctx) == ONE_32


# --- which makes room ----------------------------------------------------------------------------------------------


@pytest.fixture
def priced(ctx: Context) -> Callable[[dict[int, tuple[int, int]]], None]:
    """Add subnets with pools: netuid, price in TAO, block of registration."""

    def make(subnets: dict[int, tuple[int, int]]) -> None:
        for netuid, (price, block) in subnets.items():
            NetworksAdded.put(ctx, netuid, True)
            SubnetMechanism.put(ctx, netuid, 1)
            SubnetMovingPrice.put(ctx, netuid, price * ONE_32)
            NetworkRegisteredAt.put(ctx, netuid, block)

    return make


def test_without_subnets_none_is_pruned(ctx: Context) -> None:
    NetworksAdded.put(ctx, 0, True)
    ctx.block.number = 10_000_000
    assert get_network_to_prune(ctx) is None


@pytest.mark.parametrize(
    ("subnets", "pruned"),
    [
        ({1: (1, 0), 2: (10, 0)}, 1),
        ({1: (10, 0), 2: (1, 0)}, 2),
        ({1: (5, 0), 2: (1, 999_000)}, 1),
        ({1: (7, 1), 2: (7, 0)}, 2),
        ({1: (25, 0), 2: (25, 0), 3: (100, 1), 4: (25, 2)}, 1),
        ({1: (0, 999_000), 2: (0, 999_001)}, None),
    ],
    ids=["lowest price", "lowest price later", "immune", "older of equal price", "first of equals", "all immune"],
)
def test_the_cheapest_subnet_that_is_not_immune_is_pruned(
    ctx: Context, priced: Callable[..., None], subnets: dict[int, tuple[int, int]], pruned: int | None
) -> None:
    priced(subnets)
    NetworkImmunityPeriod.put(ctx, 1_000)
    ctx.block.number = 999_999
    assert get_network_to_prune(ctx) == pruned


def test_immunity_ends_after_its_period(ctx: Context, priced: Callable[..., None]) -> None:
    priced({1: (1, 500)})
    NetworkImmunityPeriod.put(ctx, 1_000)
    ctx.block.number = 1_499
    assert get_network_to_prune(ctx) is None
    ctx.block.number = 1_500
    assert get_network_to_prune(ctx) == 1


# --- parameters ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("set_value", "item", "event"),
    [
        (setters.set_network_rate_limit, NetworkRateLimit, e.NetworkRateLimitSet),
        (setters.set_network_immunity_period, NetworkImmunityPeriod, e.NetworkImmunityPeriodSet),
        (setters.set_start_call_delay, StartCallDelay, e.StartCallDelaySet),
        (setters.set_network_min_lock, NetworkMinLockCost, e.NetworkMinLockCostSet),
        (
            setters.set_lock_reduction_interval,
            NetworkLockReductionInterval,
            e.NetworkLockCostReductionIntervalSet,
        ),
    ],
)
def test_parameters_of_all_subnets_are_announced_as_they_are_set(
    ctx: Context, events: Events, set_value: Callable[..., None], item: object, event: Callable[[int], Sum]
) -> None:
    set_value(ctx, 77)
    assert item.get(ctx) == 77  # type: ignore[attr-defined]  # any stored value
    assert events() == [event(77)]
