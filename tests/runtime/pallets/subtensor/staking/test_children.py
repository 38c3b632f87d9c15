"""Children and parents, and inherited stake: rules and numbers of the real tests (`children.rs`)."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import DispatchFailed
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.events import SetChildren, SetChildrenScheduled
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import increase_stake_for_hotkey_and_coldkey_on_subnet
from pysubtensor.runtime.pallets.subtensor.staking.childkeys import (
    Edges,
    do_schedule_children,
    do_set_pending_children,
    do_set_root_validators_for_subnet,
    get_childkey_take,
    get_children,
    get_parents,
)
from pysubtensor.runtime.pallets.subtensor.staking.stake_weights import (
    get_stake_weights_for_hotkey_on_subnet,
    get_stake_weights_for_network,
)
from pysubtensor.runtime.pallets.subtensor.storage.delegation import (
    AutoParentDelegationEnabled,
    ChildKeys,
    ChildkeyTake,
    MinChildkeyTake,
    MinChildkeyTakePerSubnet,
    ParentKeys,
    PendingChildKeyCooldown,
    PendingChildKeys,
)
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubnetOwnerHotkey, SubtokenEnabled
from pysubtensor.runtime.pallets.subtensor.storage.staking import TaoWeight
from pysubtensor.runtime.pallets.subtensor.storage.weights import StakeThreshold

from tests.world import ONE, U64_MAX, AddNetwork, AddNeuron, GoTo, account

ROOT, NETUID = 0, 1
PARENT, PARENT2, CHILD, CHILD2, STRANGER, COLD = (account(number) for number in range(1, 7))


@pytest.fixture(autouse=True)
def subnet(add_network: AddNetwork, add_neuron: AddNeuron) -> None:
    """Root and a subnet, where each hotkey but the stranger's is a neuron of the one coldkey."""
    add_network(ROOT, 0)
    add_network(NETUID, 13)
    for hotkey in (PARENT, PARENT2, CHILD, CHILD2):
        add_neuron(NETUID, hotkey, COLD)


def relate(ctx: Context, parent: bytes, *children: tuple[int, bytes]) -> None:
    """Set children, effective at once."""
    SubtokenEnabled.put(ctx, NETUID, False)
    do_schedule_children(ctx, COLD, parent, NETUID, list(children))


def stake(ctx: Context, hotkey: bytes, amount: int, netuid: int = NETUID) -> None:
    increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, COLD, netuid, amount)


def inherited(ctx: Context, *hotkeys: bytes) -> list[int]:
    return [get_stake_weights_for_hotkey_on_subnet(ctx, hotkey, NETUID)[1] >> 64 for hotkey in hotkeys]


# --- what is inherited ---------------------------------------------------------------------------------------------


def test_stake_without_relations_is_the_hotkeys_own(ctx: Context) -> None:
    stake(ctx, PARENT, 1_000)
    stake(ctx, PARENT, 2_000)
    assert inherited(ctx, PARENT) == [3_000]


def test_a_child_with_the_whole_proportion_inherits_all_stake(ctx: Context) -> None:
    stake(ctx, PARENT, 1_000_000_000)
    relate(ctx, PARENT, (U64_MAX, CHILD))
    assert inherited(ctx, PARENT, CHILD) == [0, 1_000_000_000]


def test_a_child_inherits_from_each_parent(ctx: Context) -> None:
    stake(ctx, PARENT, 1_000)
    stake(ctx, PARENT2, 2_000)
    for parent in (PARENT, PARENT2):
        relate(ctx, parent, (U64_MAX // 2, CHILD))
    # Half of 2^64 - 1, floored to 32 bits, is a little less than one half.
    assert inherited(ctx, PARENT, PARENT2, CHILD) == [500, 1_000, 1_499]


def test_a_parent_keeps_the_rest_of_its_stake(ctx: Context) -> None:
    stake(ctx, PARENT, 3_000)
    relate(ctx, PARENT, (U64_MAX // 3, CHILD), (U64_MAX // 3, CHILD2))
    # A third, floored to 32 bits, of 3000 is 999.9999…: children get 999 and the parent keeps 1000.
    assert inherited(ctx, PARENT, CHILD, CHILD2) == [1_000, 999, 999]


def test_a_child_with_a_proportion_of_zero_inherits_nothing(ctx: Context) -> None:
    stake(ctx, PARENT, 1_000)
    relate(ctx, PARENT, (0, CHILD), (U64_MAX, CHILD2))
    assert inherited(ctx, PARENT, CHILD, CHILD2) == [0, 0, 1_000]


def test_grandchildren_do_not_inherit_from_grandparents(ctx: Context) -> None:
    stake(ctx, PARENT, 1_000)
    ChildKeys.put(ctx, PARENT, NETUID, [(U64_MAX, CHILD)])
    ParentKeys.put(ctx, CHILD, NETUID, [(U64_MAX, PARENT)])
    ChildKeys.put(ctx, CHILD, NETUID, [(U64_MAX, CHILD2)])
    ParentKeys.put(ctx, CHILD2, NETUID, [(U64_MAX, CHILD)])
    assert inherited(ctx, PARENT, CHILD, CHILD2) == [0, 1_000, 0]


def test_root_stake_is_inherited_by_the_relations_of_the_subnet(ctx: Context) -> None:
    stake(ctx, PARENT, 4_000, ROOT)
    relate(ctx, PARENT, (U64_MAX // 4, CHILD))
    weights = [get_stake_weights_for_hotkey_on_subnet(ctx, hotkey, NETUID) for hotkey in (PARENT, CHILD)]
    assert [tao >> 64 for _, _, tao in weights] == [3_000, 999]
    assert get_stake_weights_for_hotkey_on_subnet(ctx, PARENT, ROOT)[1] >> 64 == 4_000


def test_weight_is_alpha_and_tao_times_its_weight(ctx: Context) -> None:
    stake(ctx, PARENT, 1_000)
    stake(ctx, PARENT, 4_000, ROOT)
    TaoWeight.put(ctx, U64_MAX // 4 + 1)
    total, alpha, tao = get_stake_weights_for_hotkey_on_subnet(ctx, PARENT, NETUID)
    assert (total, alpha, tao) == (2_000 * ONE, 1_000 * ONE, 4_000 * ONE)
    assert get_stake_weights_for_network(ctx, NETUID) == (
        [2_000 * ONE, 0, 0, 0],
        [1_000 * ONE, 0, 0, 0],
        [4_000 * ONE, 0, 0, 0],
    )


# --- choosing children ---------------------------------------------------------------------------------------------


def test_scheduled_children_wait_for_the_cooldown(ctx: Context, go_to: GoTo) -> None:
    PendingChildKeyCooldown.put(ctx, 100)
    children: Edges = [(1_000, CHILD)]
    do_schedule_children(ctx, COLD, PARENT, NETUID, children)
    assert ctx.block.events[-1] == SetChildrenScheduled(PARENT, NETUID, 101, children)
    assert get_children(ctx, PARENT, NETUID) == []
    for block, holds in ((101, []), (102, children)):
        go_to(block)
        do_set_pending_children(ctx, NETUID)
        assert get_children(ctx, PARENT, NETUID) == holds
    assert get_parents(ctx, CHILD, NETUID) == [(1_000, PARENT)]
    assert ctx.block.events[-1] == SetChildren(PARENT, NETUID, children)
    assert not PendingChildKeys.contains(ctx, NETUID, PARENT)


def test_children_are_effective_at_once_before_the_subnet_starts(ctx: Context) -> None:
    relate(ctx, PARENT, (1_000, CHILD))
    assert ctx.block.events[-1] == SetChildren(PARENT, NETUID, [(1_000, CHILD)])
    assert get_children(ctx, PARENT, NETUID) == [(1_000, CHILD)]


def test_new_children_replace_the_old_ones(ctx: Context, go_to: GoTo) -> None:
    relate(ctx, PARENT, (1_000, CHILD), (2_000, CHILD2))
    go_to(1_000)
    relate(ctx, PARENT, (500, CHILD2), (700, STRANGER))
    assert get_children(ctx, PARENT, NETUID) == [(500, CHILD2), (700, STRANGER)]
    assert not ParentKeys.contains(ctx, CHILD, NETUID)
    assert get_parents(ctx, CHILD2, NETUID) == [(500, PARENT)]
    go_to(2_000)
    relate(ctx, PARENT)
    assert not ChildKeys.contains(ctx, PARENT, NETUID)
    assert not ParentKeys.contains(ctx, CHILD2, NETUID)


def test_children_that_have_become_parents_are_dropped(ctx: Context, go_to: GoTo) -> None:
    PendingChildKeys.put(ctx, NETUID, PARENT, ([(1_000, CHILD)], 5))
    relate(ctx, CHILD, (1_000, PARENT))
    go_to(6)
    do_set_pending_children(ctx, NETUID)
    assert get_children(ctx, PARENT, NETUID) == []
    assert not PendingChildKeys.contains(ctx, NETUID, PARENT)


SIX = [(1, account(number)) for number in range(20, 26)]


@pytest.mark.parametrize(
    ("coldkey", "hotkey", "netuid", "children", "error"),
    [
        (COLD, PARENT, ROOT, [(1, CHILD)], Error.RegistrationNotPermittedOnRootSubnet),
        (COLD, PARENT, 99, [(1, CHILD)], Error.SubnetNotExists),
        (STRANGER, PARENT, NETUID, [(1, CHILD)], Error.NonAssociatedColdKey),
        (COLD, PARENT, NETUID, [(1, CHILD), (2, CHILD)], Error.DuplicateChild),
        (COLD, PARENT, NETUID, [(1, PARENT)], Error.InvalidChild),
        (COLD, PARENT, NETUID, SIX, Error.TooManyChildren),
        (COLD, PARENT, NETUID, [(U64_MAX, CHILD), (1, CHILD2)], Error.ProportionOverflow),
        (COLD, PARENT, NETUID, [(1, PARENT2)], Error.ChildParentInconsistency),
    ],
)
def test_invalid_children_are_refused(
    ctx: Context, coldkey: bytes, hotkey: bytes, netuid: int, children: Edges, error: Error
) -> None:
    ParentKeys.put(ctx, PARENT, NETUID, [(1, PARENT2)])
    before = ctx.state.changes()
    with pytest.raises(DispatchFailed) as failure:
        do_schedule_children(ctx, coldkey, hotkey, netuid, children)
    assert failure.value.reason is error
    assert ctx.state.changes() == before


def test_setting_children_is_rate_limited(ctx: Context) -> None:
    relate(ctx, PARENT, (1, CHILD))
    with pytest.raises(DispatchFailed) as failure:
        relate(ctx, PARENT, (2, CHILD))
    assert failure.value.reason is Error.TxRateLimitExceeded


def test_parents_need_the_stake_threshold_unless_they_are_the_owners(ctx: Context) -> None:
    StakeThreshold.put(ctx, 1_000)
    stake(ctx, PARENT, 999)
    with pytest.raises(DispatchFailed) as failure:
        relate(ctx, PARENT, (1, CHILD))
    assert failure.value.reason is Error.NotEnoughStakeToSetChildkeys
    SubnetOwnerHotkey.put(ctx, NETUID, PARENT)
    relate(ctx, PARENT, (1, CHILD))
    stake(ctx, PARENT2, 1_000)
    relate(ctx, PARENT2, (1, CHILD))
    assert get_parents(ctx, CHILD, NETUID) == [(1, PARENT), (1, PARENT2)]


def test_the_take_is_at_least_the_minimum(ctx: Context) -> None:
    MinChildkeyTake.put(ctx, 300)
    MinChildkeyTakePerSubnet.put(ctx, NETUID, 500)
    assert get_childkey_take(ctx, CHILD, NETUID) == 500
    ChildkeyTake.put(ctx, CHILD, NETUID, 800)
    assert get_childkey_take(ctx, CHILD, NETUID) == 800


def test_the_owner_of_a_new_subnet_is_child_of_the_root_validators_that_let_it(
    ctx: Context, add_neuron: AddNeuron
) -> None:
    for validator in (PARENT, PARENT2, CHILD):
        add_neuron(ROOT, validator, COLD)
    AutoParentDelegationEnabled.put(ctx, PARENT2, False)
    SubnetOwnerHotkey.put(ctx, NETUID, CHILD)
    SubtokenEnabled.put(ctx, NETUID, False)
    do_set_root_validators_for_subnet(ctx, NETUID)
    assert get_parents(ctx, CHILD, NETUID) == [(U64_MAX, PARENT)]
    assert get_children(ctx, PARENT, NETUID) == [(U64_MAX, CHILD)]
    assert get_children(ctx, PARENT2, NETUID) == get_children(ctx, CHILD, NETUID) == []
