"""Mechanisms of a subnet: their storage indices, their number, and their shares of the emission."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import DispatchFailed, PalletError
from pysubtensor.runtime.pallets.subtensor import calls as subtensor
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import MaxAllowedUids
from pysubtensor.runtime.pallets.subtensor.storage.networks import (
    MaxMechanismCount,
    MechanismCountCurrent,
    MechanismEmissionSplit,
    NetworksAdded,
)
from pysubtensor.runtime.pallets.subtensor.storage.neurons import Bonds, Incentive, LastUpdate
from pysubtensor.runtime.pallets.subtensor.storage.weights import TimelockedWeightCommits, WeightCommits, Weights
from pysubtensor.runtime.pallets.subtensor.subnets.mechanism import (
    clear_all_mechanisms,
    do_set_emission_split,
    do_set_max_mechanism_count,
    do_set_mechanism_count,
    ensure_mechanism_exists,
    get_mechanism_storage_index,
    get_netuid,
    get_netuid_and_subid,
    split_emissions,
    update_mechanism_counts_if_needed,
)

from tests.vectors import load
from tests.world import account

NETUID = 42
HOTKEY = account(7)


def fails(error: PalletError, act: Callable[[], object]) -> None:
    with pytest.raises(DispatchFailed) as failure:
        act()
    assert failure.value.reason is error


@pytest.fixture
def ctx(ctx: Context) -> Context:
    """With a subnet that has room for many mechanisms."""
    NetworksAdded.put(ctx, NETUID, True)
    MaxAllowedUids.put(ctx, NETUID, 16)
    MaxMechanismCount.put(ctx, 8)
    return ctx


def shares(*values: int) -> np.ndarray:
    return np.array(values, np.uint16)


# --- storage indices -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("netuid", "mechanism", "index"),
    [(0, 0, 0), (2048, 1, 6_144), (2048, 15, 63_488), (4095, 1, 8_191), (4095, 15, 65_535), (NETUID, 0, NETUID)],
)
def test_a_mechanisms_storage_index_is_its_number_times_4096_and_the_netuid(
    netuid: int, mechanism: int, index: int
) -> None:
    assert get_mechanism_storage_index(netuid, mechanism) == index
    assert get_netuid(index) == netuid


@pytest.mark.parametrize("index", [0, 1, 14, 17, 4095, 4096, 4097, 32_767, 65_534, 65_535])
def test_a_storage_index_identifies_subnet_and_mechanism(ctx: Context, index: int) -> None:
    netuid, mechanism = index % 4096, index // 4096
    NetworksAdded.put(ctx, netuid, True)
    MechanismCountCurrent.put(ctx, netuid, mechanism + 1)
    assert get_netuid_and_subid(ctx, index) == (netuid, mechanism)


def test_a_mechanism_exists_below_its_subnets_count(ctx: Context) -> None:
    MechanismCountCurrent.put(ctx, NETUID, 3)
    ensure_mechanism_exists(ctx, NETUID, 2)
    fails(Error.MechanismDoesNotExist, lambda: ensure_mechanism_exists(ctx, NETUID, 3))
    fails(Error.MechanismDoesNotExist, lambda: ensure_mechanism_exists(ctx, NETUID + 1, 0))
    fails(Error.MechanismDoesNotExist, lambda: get_netuid_and_subid(ctx, 3 * 4096 + NETUID))


# --- how many ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("netuid", "count", "error"),
    [
        (NETUID + 1, 1, Error.MechanismDoesNotExist),
        (NETUID, 0, Error.InvalidValue),
        (NETUID, 9, Error.InvalidValue),
    ],
)
def test_the_number_of_mechanisms_has_limits(ctx: Context, netuid: int, count: int, error: PalletError) -> None:
    fails(error, lambda: do_set_mechanism_count(ctx, netuid, count))


def test_neurons_times_mechanisms_are_at_most_what_a_subnet_may_have(ctx: Context) -> None:
    MaxAllowedUids.put(ctx, NETUID, 64)
    do_set_mechanism_count(ctx, NETUID, 4)
    fails(Error.TooManyUIDsPerMechanism, lambda: do_set_mechanism_count(ctx, NETUID, 5))
    assert MechanismCountCurrent.get(ctx, NETUID) == 4


def test_the_number_of_mechanisms_is_limited_by_their_indices(ctx: Context) -> None:
    MaxMechanismCount.put(ctx, 20)
    do_set_mechanism_count(ctx, NETUID, 16)
    MaxAllowedUids.put(ctx, NETUID, 1)
    fails(Error.InvalidValue, lambda: do_set_mechanism_count(ctx, NETUID, 17))


@pytest.mark.parametrize("count", [0, 17])
def test_the_most_mechanisms_of_all_subnets_are_from_1_to_16(ctx: Context, count: int) -> None:
    fails(Error.InvalidValue, lambda: do_set_max_mechanism_count(ctx, count))
    do_set_max_mechanism_count(ctx, 16)
    assert MaxMechanismCount.get(ctx) == 16


def test_lowering_the_count_removes_storage_of_further_mechanisms(ctx: Context) -> None:
    MechanismCountCurrent.put(ctx, NETUID, 5)
    MechanismEmissionSplit.put(ctx, NETUID, shares(13_107, 13_107, 13_107, 13_107, 13_107))
    kept, gone = (get_mechanism_storage_index(NETUID, mechanism) for mechanism in (2, 3))
    for index in (kept, gone):
        Weights.put(ctx, index, 0, np.array([[0, 1]], np.uint16))
        Bonds.put(ctx, index, 0, np.array([[0, 1]], np.uint16))
        Incentive.put(ctx, index, shares(1))
        LastUpdate.put(ctx, index, np.array([1], np.uint64))
        WeightCommits.put(ctx, index, HOTKEY, [(bytes(32), 1, 2, 3)])
        TimelockedWeightCommits.put(ctx, index, 1, [(HOTKEY, 1, b"", 2)])
    update_mechanism_counts_if_needed(ctx, NETUID, 3)
    for item, key in ((Weights, 0), (Bonds, 0), (WeightCommits, HOTKEY), (TimelockedWeightCommits, 1)):
        assert item.contains(ctx, kept, key)
        assert not item.contains(ctx, gone, key)
    for vector in (Incentive, LastUpdate):
        assert vector.contains(ctx, kept)
        assert not vector.contains(ctx, gone)
    assert MechanismCountCurrent.get(ctx, NETUID) == 3
    assert MechanismEmissionSplit.get(ctx, NETUID) is None


def test_everything_that_mechanisms_store_can_be_removed(ctx: Context) -> None:
    """All items whose first key is a mechanism's index, for each mechanism of the subnet and for no other subnet."""
    (genuine,) = (pallet for pallet in load("interface/runtime_425")["pallets"] if pallet["name"] == "SubtensorModule")
    names = [item["name"] for item in genuine["storage"] if item["keys"][:1] == ["NetUidStorageIndex"]]
    indexed = [subtensor.pallet.storage[name] for name in names]
    assert len(indexed) == 8
    MechanismCountCurrent.put(ctx, NETUID, 2)
    MechanismEmissionSplit.put(ctx, NETUID, [1, 65_534])
    stems = {item.name: {index: item.key_of((index,)) for index in (42, 4_138, 43)} for item in indexed}
    for item in indexed:
        for stem in stems[item.name].values():
            ctx.state.put(stem if len(item.keys_codec) == 1 else stem + b"key", b"")
    clear_all_mechanisms(ctx, NETUID)
    left = {name: [index for index, stem in of.items() if list(ctx.state.keys(stem))] for name, of in stems.items()}
    assert left == {item.name: [43] for item in indexed}
    assert not MechanismCountCurrent.contains(ctx, NETUID)
    assert not MechanismEmissionSplit.contains(ctx, NETUID)


def test_raising_the_count_resets_the_shares(ctx: Context) -> None:
    MechanismCountCurrent.put(ctx, NETUID, 2)
    MechanismEmissionSplit.put(ctx, NETUID, shares(65_535))
    update_mechanism_counts_if_needed(ctx, NETUID, 3)
    assert MechanismEmissionSplit.get(ctx, NETUID) is None


def test_the_same_number_of_mechanisms_keeps_their_shares(ctx: Context) -> None:
    MechanismCountCurrent.put(ctx, NETUID, 2)
    MechanismEmissionSplit.put(ctx, NETUID, shares(65_535))
    update_mechanism_counts_if_needed(ctx, NETUID, 2)
    assert MechanismEmissionSplit.get(ctx, NETUID) is not None


# --- emission ------------------------------------------------------------------------------------------------------


def test_mechanisms_share_equally_by_default(ctx: Context) -> None:
    MechanismCountCurrent.put(ctx, NETUID, 5)
    assert split_emissions(ctx, NETUID, 25) == [5, 5, 5, 5, 5]


def test_the_remainder_goes_to_mechanism_0(ctx: Context) -> None:
    MechanismCountCurrent.put(ctx, NETUID, 4)
    assert split_emissions(ctx, NETUID, 10) == [4, 2, 2, 2]


def test_shares_divide_the_emission(ctx: Context) -> None:
    MechanismCountCurrent.put(ctx, NETUID, 5)
    MechanismEmissionSplit.put(ctx, NETUID, shares(3_450, 6_899, 10_348, 17_247, 27_594))
    assert split_emissions(ctx, NETUID, 19) == [1, 2, 3, 5, 8]


def test_mechanisms_without_a_share_get_nothing(ctx: Context) -> None:
    MechanismCountCurrent.put(ctx, NETUID, 3)
    do_set_emission_split(ctx, NETUID, shares(32_767, 32_768))
    assert split_emissions(ctx, NETUID, 1_000_000_000) == [499_992_371, 500_007_629, 0]


@pytest.mark.parametrize("split", [(), (65_534,), (65_535, 1), (65_535, 65_535, 1), (1, 1, 65_533)])
def test_shares_are_for_existing_mechanisms_and_sum_to_65535(ctx: Context, split: tuple[int, ...]) -> None:
    MechanismCountCurrent.put(ctx, NETUID, 2)
    fails(Error.InvalidValue, lambda: do_set_emission_split(ctx, NETUID, shares(*split)))
    fails(Error.MechanismDoesNotExist, lambda: do_set_emission_split(ctx, NETUID + 1, shares(*split)))


def test_no_shares_mean_equal_shares(ctx: Context) -> None:
    do_set_emission_split(ctx, NETUID, shares(65_535))
    do_set_emission_split(ctx, NETUID, None)
    assert MechanismEmissionSplit.get(ctx, NETUID) is None
