"""Uids: appending, replacing and trimming neurons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import DispatchFailed, PalletError
from pysubtensor.runtime.frame.storage import StorageMap
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.types import AxonInfo, NeuronCertificate, PrometheusInfo
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import create_account_if_non_existent
from pysubtensor.runtime.pallets.subtensor.neurons.immunity import get_immune_owner_uids
from pysubtensor.runtime.pallets.subtensor.neurons.uids import (
    append_neuron,
    get_hotkey_for_net_and_uid,
    get_last_update,
    get_registered_networks_for_hotkey,
    get_uid_for_net_and_hotkey,
    is_hotkey_registered_on_any_network,
    is_hotkey_registered_on_network,
    is_uid_exist_on_network,
    replace_neuron,
    set_active_for_uid,
    set_last_update_for_uid,
    trim_to_max_allowed_uids,
)
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import (
    ImmuneOwnerUidsLimit,
    ImmunityPeriod,
    MaxAllowedUids,
    MinAllowedUids,
)
from pysubtensor.runtime.pallets.subtensor.storage.networks import MechanismCountCurrent, SubnetOwner, SubnetOwnerHotkey
from pysubtensor.runtime.pallets.subtensor.storage.neurons import (
    Active,
    BlockAtRegistration,
    Bonds,
    Consensus,
    Dividends,
    Emission,
    Incentive,
    IsNetworkMember,
    Keys,
    LastUpdate,
    StakeWeight,
    SubnetworkN,
    Uids,
    ValidatorPermit,
    ValidatorTrust,
)
from pysubtensor.runtime.pallets.subtensor.storage.serving import (
    AssociatedEvmAddress,
    Axons,
    NeuronCertificates,
    Prometheus,
)
from pysubtensor.runtime.pallets.subtensor.storage.staking import (
    AlphaDividendsPerSubnet,
    LastHotkeyEmissionOnNetuid,
    OwnedHotkeys,
)
from pysubtensor.runtime.pallets.subtensor.storage.weights import Weights
from pysubtensor.runtime.pallets.subtensor.subnets.mechanism import get_mechanism_storage_index

from tests.world import AddNetwork, GoTo, u256

NETUID, OTHER_NETUID = 1, 2
EVM_ADDRESS = b"\1" * 20
ARRAYS: list[StorageMap[int, Any, Any]] = [Emission, Consensus, Dividends, ValidatorTrust, ValidatorPermit]


HOTKEY, COLDKEY, NEW_HOTKEY = u256(1), u256(1234), u256(2)


def fails_with(error: PalletError) -> Any:
    return pytest.raises(DispatchFailed, match=str(error))


def add_neuron(ctx: Context, netuid: int, hotkey: bytes, coldkey: bytes = COLDKEY) -> int:
    """Make a hotkey the next neuron of a subnet; return its uid."""
    create_account_if_non_existent(ctx, coldkey, hotkey)
    append_neuron(ctx, netuid, hotkey, ctx.block.number)
    return get_uid_for_net_and_hotkey(ctx, netuid, hotkey)


# --- append --------------------------------------------------------------------------------------------------------


def test_a_new_neuron_gets_the_next_uid_and_an_entry_in_each_array(ctx: Context, add_network: AddNetwork) -> None:
    add_network(NETUID, 13)
    assert [add_neuron(ctx, NETUID, u256(i)) for i in range(1, 4)] == [0, 1, 2]
    assert SubnetworkN.get(ctx, NETUID) == 3
    assert get_hotkey_for_net_and_uid(ctx, NETUID, 2) == u256(3)
    assert is_uid_exist_on_network(ctx, NETUID, 2)
    assert not is_uid_exist_on_network(ctx, NETUID, 3)
    assert BlockAtRegistration.get(ctx, NETUID, 1) == ctx.block.number == 1
    assert Active.get(ctx, NETUID).tolist() == [True] * 3
    for item in ARRAYS:
        assert item.get(ctx, NETUID).tolist() == [0] * 3
    assert Incentive.get(ctx, NETUID).tolist() == [0] * 3
    assert LastUpdate.get(ctx, NETUID).tolist() == [1] * 3
    assert not StakeWeight.contains(ctx, NETUID)


def test_a_new_neuron_gets_an_entry_for_each_mechanism(ctx: Context, add_network: AddNetwork) -> None:
    add_network(NETUID, 13)
    MechanismCountCurrent.put(ctx, NETUID, 3)
    add_neuron(ctx, NETUID, HOTKEY)
    for mechanism in range(3):
        index = get_mechanism_storage_index(NETUID, mechanism)
        assert Incentive.get(ctx, index).tolist() == [0]
        assert LastUpdate.get(ctx, index).tolist() == [1]


def test_last_update_grows_to_the_size_of_the_subnet(ctx: Context, add_network: AddNetwork) -> None:
    add_network(NETUID, 13)
    SubnetworkN.put(ctx, NETUID, 3)
    LastUpdate.remove(ctx, NETUID)
    assert get_last_update(ctx, NETUID).tolist() == [0, 0, 0]
    append_neuron(ctx, NETUID, HOTKEY, 7)
    assert LastUpdate.get(ctx, NETUID).tolist() == [0, 0, 0, 7]


def test_last_update_of_an_unknown_uid_is_not_written(ctx: Context, add_network: AddNetwork) -> None:
    add_network(NETUID, 13)
    add_neuron(ctx, NETUID, HOTKEY)
    set_last_update_for_uid(ctx, NETUID, 1, 99)
    assert LastUpdate.get(ctx, NETUID).tolist() == [1]


def test_unregistered_hotkeys_have_no_uid(ctx: Context, add_network: AddNetwork) -> None:
    add_network(NETUID, 13)
    with fails_with(Error.HotKeyNotRegisteredInSubNet):
        get_uid_for_net_and_hotkey(ctx, NETUID, HOTKEY)
    with fails_with(Error.HotKeyNotRegisteredInSubNet):
        get_hotkey_for_net_and_uid(ctx, NETUID, 0)
    assert not is_hotkey_registered_on_any_network(ctx, HOTKEY)


# --- replace -------------------------------------------------------------------------------------------------------


def test_all_storage_of_a_replaced_neuron_is_removed(ctx: Context, add_network: AddNetwork) -> None:
    add_network(NETUID, 13)
    uid = add_neuron(ctx, NETUID, HOTKEY)
    for item in (*ARRAYS, StakeWeight):
        item.put(ctx, NETUID, [1] if item is ValidatorPermit else [5])
    Incentive.put(ctx, NETUID, np.array([5]))
    Active.put(ctx, NETUID, np.array([False]))
    Bonds.put(ctx, NETUID, uid, np.array([(0, 1)]))
    Weights.put(ctx, NETUID, uid, np.array([(0, 1)]))
    Axons.put(ctx, NETUID, HOTKEY, AxonInfo())
    NeuronCertificates.put(ctx, NETUID, HOTKEY, NeuronCertificate())
    Prometheus.put(ctx, NETUID, HOTKEY, PrometheusInfo())
    AssociatedEvmAddress.put(ctx, NETUID, uid, (EVM_ADDRESS, 1))

    replace_neuron(ctx, NETUID, uid, NEW_HOTKEY, 123)

    assert not is_hotkey_registered_on_network(ctx, NETUID, HOTKEY)
    assert not is_hotkey_registered_on_any_network(ctx, HOTKEY)
    assert not IsNetworkMember.contains(ctx, HOTKEY, NETUID)
    assert get_hotkey_for_net_and_uid(ctx, NETUID, uid) == NEW_HOTKEY
    assert get_uid_for_net_and_hotkey(ctx, NETUID, NEW_HOTKEY) == uid
    assert IsNetworkMember.contains(ctx, NEW_HOTKEY, NETUID)
    for item in (*ARRAYS, StakeWeight, Incentive):
        assert item.get(ctx, NETUID).tolist() == [0]
    assert Active.get(ctx, NETUID).tolist() == [True]
    assert not Bonds.contains(ctx, NETUID, uid)
    assert not Weights.contains(ctx, NETUID, uid)
    for published in (Axons, NeuronCertificates, Prometheus):
        assert not published.contains(ctx, NETUID, HOTKEY)
    assert AssociatedEvmAddress.get(ctx, NETUID, uid) is None
    assert BlockAtRegistration.get(ctx, NETUID, uid) == 123
    assert SubnetworkN.get(ctx, NETUID) == 1


def test_a_replaced_neurons_last_update_is_its_registration(ctx: Context, add_network: AddNetwork) -> None:
    add_network(NETUID, 13)
    uid = add_neuron(ctx, NETUID, HOTKEY)
    LastUpdate.put(ctx, NETUID, np.array([7]))
    replace_neuron(ctx, NETUID, uid, NEW_HOTKEY, 123)
    assert LastUpdate.get(ctx, NETUID).tolist() == [123]


def test_weights_of_others_on_a_replaced_neuron_become_zero(ctx: Context, add_network: AddNetwork) -> None:
    add_network(NETUID, 13)
    MechanismCountCurrent.put(ctx, NETUID, 2)
    for number in range(1, 4):
        add_neuron(ctx, NETUID, u256(number))
    second = get_mechanism_storage_index(NETUID, 1)
    Weights.put(ctx, NETUID, 0, np.array([(1, 10), (2, 20)]))
    Weights.put(ctx, NETUID, 2, np.array([(0, 30)]))
    Weights.put(ctx, second, 0, np.array([(2, 40), (1, 50)]))
    replace_neuron(ctx, NETUID, 1, u256(9), 5)
    assert Weights.get(ctx, NETUID, 0).tolist() == [[1, 0], [2, 20]]
    assert Weights.get(ctx, NETUID, 2).tolist() == [[0, 30]]
    assert Weights.get(ctx, second, 0).tolist() == [[2, 40], [1, 0]]


def test_a_neuron_replaced_on_one_subnet_stays_on_the_other(ctx: Context, add_network: AddNetwork) -> None:
    for netuid in (NETUID, OTHER_NETUID):
        add_network(netuid, 13)
        add_neuron(ctx, netuid, HOTKEY)
    assert get_registered_networks_for_hotkey(ctx, HOTKEY) == [NETUID, OTHER_NETUID]
    replace_neuron(ctx, NETUID, 0, NEW_HOTKEY, 0)
    assert get_registered_networks_for_hotkey(ctx, HOTKEY) == [OTHER_NETUID]
    assert is_hotkey_registered_on_network(ctx, OTHER_NETUID, HOTKEY)


def test_the_subnets_owner_hotkey_keeps_its_uid(ctx: Context, add_network: AddNetwork) -> None:
    owner_hotkey, other_hotkey = u256(123), u256(456)
    add_network(NETUID, 13, owner=COLDKEY)
    SubnetOwnerHotkey.put(ctx, NETUID, owner_hotkey)
    uids = [add_neuron(ctx, NETUID, hotkey) for hotkey in (owner_hotkey, other_hotkey)]
    AssociatedEvmAddress.put(ctx, NETUID, uids[0], (EVM_ADDRESS, 1))

    replace_neuron(ctx, NETUID, uids[0], u256(1000), 1)
    assert Uids.get(ctx, NETUID, owner_hotkey) == uids[0]
    assert Uids.get(ctx, NETUID, u256(1000)) is None
    assert AssociatedEvmAddress.get(ctx, NETUID, uids[0]) is not None

    # Another hotkey of the owner is not immune, unless it is set as the owner hotkey.
    replace_neuron(ctx, NETUID, uids[1], u256(1000), 1)
    assert Uids.get(ctx, NETUID, other_hotkey) is None
    SubnetOwnerHotkey.put(ctx, NETUID, u256(1000))
    replace_neuron(ctx, NETUID, uids[0], u256(1001), 1)
    assert Uids.get(ctx, NETUID, owner_hotkey) is None
    assert Uids.get(ctx, NETUID, u256(1001)) == uids[0]


# --- immunity ------------------------------------------------------------------------------------------------------


@pytest.fixture
def owners_three(ctx: Context, add_network: AddNetwork) -> int:
    """A subnet whose owner has the uids 0, 1 and 2, registered in the blocks 30, 10 and 10."""
    add_network(NETUID, 13, owner=COLDKEY)
    for number, block in zip((9001, 9002, 9003), (30, 10, 10), strict=True):
        create_account_if_non_existent(ctx, COLDKEY, u256(number))
        append_neuron(ctx, NETUID, u256(number), block)
    return NETUID


@pytest.mark.parametrize(("limit", "expected"), [(0, []), (1, [1]), (2, [1, 2]), (3, [1, 2, 0]), (10, [1, 2, 0])])
def test_the_owners_oldest_neurons_are_immune(ctx: Context, owners_three: int, limit: int, expected: list[int]) -> None:
    ImmuneOwnerUidsLimit.put(ctx, owners_three, limit)
    assert get_immune_owner_uids(ctx, owners_three, COLDKEY) == expected


@pytest.mark.parametrize(("limit", "expected"), [(0, []), (1, [0]), (2, [0, 1]), (3, [1, 2, 0])])
def test_the_owner_hotkey_is_immune_before_older_ones(
    ctx: Context, owners_three: int, limit: int, expected: list[int]
) -> None:
    SubnetOwnerHotkey.put(ctx, owners_three, u256(9001))
    ImmuneOwnerUidsLimit.put(ctx, owners_three, limit)
    assert get_immune_owner_uids(ctx, owners_three, COLDKEY) == expected


def test_an_owners_hotkeys_without_uid_are_not_counted(ctx: Context, owners_three: int) -> None:
    OwnedHotkeys.put(ctx, COLDKEY, [u256(77), u256(9003)])
    SubnetOwnerHotkey.put(ctx, owners_three, u256(77))
    ImmuneOwnerUidsLimit.put(ctx, owners_three, 10)
    assert get_immune_owner_uids(ctx, owners_three, COLDKEY) == [2]


# --- trimming ------------------------------------------------------------------------------------------------------

#: Values of the 16 neurons in the real test, and the uids that stay when 8 do: uid 6 is immune, uids 6 and 14 become
#: 2 and 7.
VALUES = [17, 42, 8, 56, 23, 91, 34, 77, 12, 65, 3, 88, 29, 51, 74, 39]
FLAGS = [value in (56, 91, 34, 77, 65, 88, 51, 74) for value in VALUES]
KEPT = [3, 5, 6, 7, 9, 11, 13, 14]
MECHANISMS = 4


@pytest.fixture
def sixteen(ctx: Context, add_network: AddNetwork, go_to: GoTo) -> int:
    """The subnet of the real test: 16 neurons, four mechanisms, weights and bonds between all of them."""
    add_network(NETUID, 10, owner=u256(1))
    SubnetOwnerHotkey.put(ctx, NETUID, u256(2))
    MinAllowedUids.put(ctx, NETUID, 4)
    MechanismCountCurrent.put(ctx, NETUID, MECHANISMS)
    ImmunityPeriod.put(ctx, NETUID, 100)
    for i in range(1, 17):
        add_neuron(ctx, NETUID, u256(1000 * i), u256(1001 * i))
    go_to(200)
    BlockAtRegistration.put(ctx, NETUID, 6, 200)
    for item in (Emission, Consensus, Dividends, ValidatorTrust, StakeWeight):
        item.put(ctx, NETUID, np.array(VALUES))
    for flags in (ValidatorPermit, Active):
        flags.put(ctx, NETUID, np.array(FLAGS))
    for index in mechanisms():
        Incentive.put(ctx, index, np.array(VALUES))
        LastUpdate.put(ctx, index, np.array(VALUES))
        for uid in range(16):
            others = [other for other in range(16) if other != uid]
            Weights.put(ctx, index, uid, np.array([(other, uid + other) for other in others]))
            Bonds.put(ctx, index, uid, np.array([(other, uid * other) for other in others]))
    for uid in (6, 10, 12, 14):
        AssociatedEvmAddress.put(ctx, NETUID, uid, (bytes([uid]) * 20, 200))
    return NETUID


def mechanisms() -> list[int]:
    return [get_mechanism_storage_index(NETUID, mechanism) for mechanism in range(MECHANISMS)]


def test_trimming_keeps_those_that_earn_most_and_those_that_are_immune(ctx: Context, sixteen: int) -> None:
    trim_to_max_allowed_uids(ctx, sixteen, 8)
    assert MaxAllowedUids.get(ctx, sixteen) == SubnetworkN.get(ctx, sixteen) == 8
    expected = [56, 91, 34, 77, 65, 88, 51, 74]
    for item in (Emission, Consensus, Dividends, ValidatorTrust, StakeWeight):
        assert item.get(ctx, sixteen).tolist() == expected
    for flags in (ValidatorPermit, Active):
        assert flags.get(ctx, sixteen).tolist() == [True] * 8
    for index in mechanisms():
        assert Incentive.get(ctx, index).tolist() == LastUpdate.get(ctx, index).tolist() == expected
    hotkeys = [Keys.get(ctx, sixteen, uid) for uid in range(8)]
    assert hotkeys == [u256(1000 * (old + 1)) for old in KEPT]
    assert dict(Uids.under(ctx, sixteen)) == {hotkey: uid for uid, hotkey in enumerate(hotkeys)}
    assert [BlockAtRegistration.get(ctx, sixteen, uid) for uid in range(8)] == [1, 1, 200, 1, 1, 1, 1, 1]
    assert dict(AssociatedEvmAddress.under(ctx, sixteen)) == {2: (b"\6" * 20, 200), 7: (b"\x0e" * 20, 200)}


def test_trimming_renumbers_weights_and_bonds(ctx: Context, sixteen: int) -> None:
    trim_to_max_allowed_uids(ctx, sixteen, 8)
    for index in mechanisms():
        for item, value in ((Weights, int.__add__), (Bonds, int.__mul__)):
            rows = dict(item.under(ctx, index))
            assert rows.keys() == set(range(8))
            for uid, row in rows.items():
                others = [other for other in range(8) if other != uid]
                assert row.tolist() == [[other, value(KEPT[uid], KEPT[other])] for other in others]


def test_trimming_removes_all_storage_of_trimmed_neurons(ctx: Context, sixteen: int) -> None:
    gone, kept = u256(1000), u256(4000)
    for hotkey in (gone, kept):
        Axons.put(ctx, sixteen, hotkey, AxonInfo())
        NeuronCertificates.put(ctx, sixteen, hotkey, NeuronCertificate())
        Prometheus.put(ctx, sixteen, hotkey, PrometheusInfo())
        LastHotkeyEmissionOnNetuid.put(ctx, hotkey, sixteen, 5)
        AlphaDividendsPerSubnet.put(ctx, sixteen, hotkey, 5)
    trim_to_max_allowed_uids(ctx, sixteen, 8)
    for uid in range(8, 16):
        assert not Keys.contains(ctx, sixteen, uid)
        assert not BlockAtRegistration.contains(ctx, sixteen, uid)
    for hotkey, there in ((gone, False), (kept, True)):
        assert Uids.contains(ctx, sixteen, hotkey) is there
        assert IsNetworkMember.contains(ctx, hotkey, sixteen) is there
        assert LastHotkeyEmissionOnNetuid.contains(ctx, hotkey, sixteen) is there
        assert AlphaDividendsPerSubnet.contains(ctx, sixteen, hotkey) is there
        assert Axons.contains(ctx, sixteen, hotkey) is there
        assert NeuronCertificates.contains(ctx, sixteen, hotkey) is there
        assert Prometheus.contains(ctx, sixteen, hotkey) is there


def test_the_highest_uids_are_trimmed_among_equal_emissions(ctx: Context, sixteen: int) -> None:
    Emission.put(ctx, sixteen, np.zeros(16, np.uint64))
    BlockAtRegistration.put(ctx, sixteen, 6, 1)
    trim_to_max_allowed_uids(ctx, sixteen, 8)
    assert [Keys.get(ctx, sixteen, uid) for uid in range(8)] == [u256(1000 * i) for i in range(1, 9)]


def test_lowering_the_limit_of_a_subnet_with_room_keeps_all_neurons(ctx: Context, sixteen: int) -> None:
    trim_to_max_allowed_uids(ctx, sixteen, 16)
    assert MaxAllowedUids.get(ctx, sixteen) == SubnetworkN.get(ctx, sixteen) == 16
    assert Emission.get(ctx, sixteen).tolist() == VALUES


def test_a_subnet_is_trimmed_within_its_bounds(ctx: Context, sixteen: int) -> None:
    with fails_with(Error.SubnetNotExists):
        trim_to_max_allowed_uids(ctx, 42, 8)
    for wrong in (2, 257):
        with fails_with(Error.InvalidValue):
            trim_to_max_allowed_uids(ctx, sixteen, wrong)


def test_trimming_leaves_a_fifth_of_the_neurons_without_immunity(
    ctx: Context, add_network: AddNetwork, go_to: GoTo
) -> None:
    add_network(NETUID, 10, owner=u256(1))
    ImmuneOwnerUidsLimit.put(ctx, NETUID, 2)
    for i in range(1, 6):
        add_neuron(ctx, NETUID, u256(1000 * i), u256(1001 * i))
    OwnedHotkeys.put(ctx, u256(1), [u256(1000), u256(2000)])
    ImmunityPeriod.put(ctx, NETUID, 2)
    go_to(10)
    for uid in (2, 3):
        BlockAtRegistration.put(ctx, NETUID, uid, 10)
    for too_few in (4, 3):
        with fails_with(Error.TrimmingWouldExceedMaxImmunePercentage):
            trim_to_max_allowed_uids(ctx, NETUID, too_few)
    with fails_with(Error.InvalidValue):
        trim_to_max_allowed_uids(ctx, NETUID, 1)
    BlockAtRegistration.put(ctx, NETUID, 3, 1)  # three of four: 75 %
    trim_to_max_allowed_uids(ctx, NETUID, 4)
    assert SubnetworkN.get(ctx, NETUID) == 4
    assert SubnetOwner.get(ctx, NETUID) == u256(1)


def test_activity_is_not_written_for_a_uid_without_an_entry(ctx: Context) -> None:
    set_active_for_uid(ctx, 1, 0, True)
    assert not Active.contains(ctx, 1)
    Active.put(ctx, 1, np.array([False]))
    set_active_for_uid(ctx, 1, 0, True)
    assert Active.get(ctx, 1).tolist() == [True]
