"""Takes of delegates and of children; rules and numbers of the chain's `staking.rs` and `children.rs`."""

from __future__ import annotations

import pytest
from pysubtensor.consensus.integers import U16_MAX
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.origin import ROOT_ORIGIN
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.events import ChildKeyTakeSet, TakeDecreased, TakeIncreased
from pysubtensor.runtime.pallets.subtensor.staking.childkeys import get_childkey_take
from pysubtensor.runtime.pallets.subtensor.staking.helpers import get_hotkey_take
from pysubtensor.runtime.pallets.subtensor.staking.takes import (
    decrease_take,
    increase_take,
    set_childkey_take,
    sudo_set_max_childkey_take,
    sudo_set_min_childkey_take,
    sudo_set_tx_childkey_take_rate_limit,
)
from pysubtensor.runtime.pallets.subtensor.storage.delegation import (
    ChildkeyTake,
    Delegates,
    MaxChildkeyTake,
    MinChildkeyTake,
    MinChildkeyTakePerSubnet,
)
from pysubtensor.runtime.pallets.subtensor.storage.rate_limits import TxChildkeyTakeRateLimit
from pysubtensor.runtime.pallets.subtensor.subnets.hyperparameters import get_effective_min_childkey_take

from tests.world import ALICE, BOB, AddNetwork, AddNeuron, Dispatch, GoTo, RefusedCall, account

HOT = account(1)
#: The least take of a delegate in the genuine tests, 9 %, and the greatest, 18 %.
LEAST, GREATEST = 5_898, 11_796


@pytest.fixture
def netuid(ctx: Context, add_network: AddNetwork, add_neuron: AddNeuron) -> int:
    """Subnet 1 with Alice's neuron, a delegate with the least take."""
    netuid = add_network(1, 13)
    add_neuron(netuid, HOT, ALICE)
    Delegates.put(ctx, HOT, LEAST)
    return netuid


# --- of delegates --------------------------------------------------------------------------------------------------


def test_a_take_can_be_decreased_to_the_minimum(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    Delegates.put(ctx, HOT, U16_MAX // 10)
    dispatch(ALICE, decrease_take.call(HOT, LEAST))
    assert get_hotkey_take(ctx, HOT) == LEAST
    assert ctx.block.events[-1] == TakeDecreased(ALICE, HOT, LEAST)


def test_a_take_cannot_be_decreased_below_the_minimum(netuid: int, refused: RefusedCall) -> None:
    refused(ALICE, decrease_take.call(HOT, U16_MAX // 20), Error.DelegateTakeTooLow)


@pytest.mark.parametrize("take", [LEAST, GREATEST])
def test_a_take_cannot_be_increased_or_kept_by_a_decrease(netuid: int, refused: RefusedCall, take: int) -> None:
    refused(ALICE, decrease_take.call(HOT, take), Error.DelegateTakeTooLow)


@pytest.mark.parametrize("take", [U16_MAX // 8, GREATEST])
def test_a_take_can_be_increased_up_to_the_maximum(ctx: Context, netuid: int, dispatch: Dispatch, take: int) -> None:
    dispatch(ALICE, increase_take.call(HOT, take))
    assert get_hotkey_take(ctx, HOT) == take
    assert ctx.block.events[-1] == TakeIncreased(ALICE, HOT, take)


def test_a_take_cannot_be_increased_above_the_maximum(netuid: int, refused: RefusedCall) -> None:
    refused(ALICE, increase_take.call(HOT, GREATEST + 1), Error.DelegateTakeTooHigh)


@pytest.mark.parametrize("take", [U16_MAX // 20, LEAST])
def test_a_take_cannot_be_decreased_or_kept_by_an_increase(netuid: int, refused: RefusedCall, take: int) -> None:
    refused(ALICE, increase_take.call(HOT, take), Error.DelegateTakeTooLow)


def test_increases_are_limited_in_time(
    ctx: Context, netuid: int, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo
) -> None:
    """The limit of the genuine tests is one block; the increase must come later than that."""
    dispatch(ALICE, increase_take.call(HOT, LEAST + 1))
    refused(ALICE, increase_take.call(HOT, LEAST + 2), Error.DelegateTxRateLimitExceeded)
    go_to(2)
    refused(ALICE, increase_take.call(HOT, LEAST + 2), Error.DelegateTxRateLimitExceeded)
    go_to(3)
    dispatch(ALICE, increase_take.call(HOT, LEAST + 2))
    assert get_hotkey_take(ctx, HOT) == LEAST + 2


def test_an_increase_right_after_a_decrease_is_refused(
    ctx: Context, netuid: int, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo
) -> None:
    """So that no delegate lowers its take for a moment only. Decreases are not limited."""
    Delegates.put(ctx, HOT, LEAST + 2)
    dispatch(ALICE, decrease_take.call(HOT, LEAST + 1))
    dispatch(ALICE, decrease_take.call(HOT, LEAST))
    refused(ALICE, increase_take.call(HOT, LEAST + 1), Error.DelegateTxRateLimitExceeded)
    go_to(3)
    dispatch(ALICE, increase_take.call(HOT, LEAST + 1))
    assert get_hotkey_take(ctx, HOT) == LEAST + 1


@pytest.mark.parametrize("call", [decrease_take, increase_take])
def test_only_the_owner_of_an_existing_hotkey_changes_its_take(
    netuid: int, refused: RefusedCall, call: type[decrease_take]
) -> None:
    refused(BOB, call.call(HOT, LEAST), Error.NonAssociatedColdKey)
    refused(ALICE, call.call(account(9), LEAST), Error.HotKeyAccountNotExists)


# --- of children ---------------------------------------------------------------------------------------------------


def test_a_childkey_take_lies_between_the_bounds(
    ctx: Context, netuid: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    most = MaxChildkeyTake.get(ctx)
    assert get_childkey_take(ctx, HOT, netuid) == MinChildkeyTake.get(ctx) == 0
    dispatch(ALICE, set_childkey_take.call(HOT, netuid, most // 2))
    assert get_childkey_take(ctx, HOT, netuid) == most // 2
    assert ctx.block.events[-1] == ChildKeyTakeSet(HOT, most // 2)
    refused(ALICE, set_childkey_take.call(HOT, netuid, most + 1), Error.InvalidChildkeyTake)
    refused(BOB, set_childkey_take.call(HOT, netuid, most // 2), Error.NonAssociatedColdKey)


def test_a_subnet_may_raise_the_minimum_of_childkey_takes(
    ctx: Context, netuid: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    least = MaxChildkeyTake.get(ctx) // 2
    MinChildkeyTakePerSubnet.put(ctx, netuid, least)
    assert get_effective_min_childkey_take(ctx, netuid) == get_childkey_take(ctx, HOT, netuid) == least
    refused(ALICE, set_childkey_take.call(HOT, netuid, least - 1), Error.InvalidChildkeyTake)
    dispatch(ALICE, set_childkey_take.call(HOT, netuid, least))
    ChildkeyTake.put(ctx, HOT, netuid, least - 1)
    assert get_childkey_take(ctx, HOT, netuid) == least, "a stored take below the minimum counts as the minimum"


def test_raises_of_a_childkey_take_are_limited_in_time(
    ctx: Context, netuid: int, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo
) -> None:
    TxChildkeyTakeRateLimit.put(ctx, 100)
    dispatch(ALICE, set_childkey_take.call(HOT, netuid, 500))
    refused(ALICE, set_childkey_take.call(HOT, netuid, 600), Error.TxChildkeyTakeRateLimitExceeded)
    go_to(99)
    refused(ALICE, set_childkey_take.call(HOT, netuid, 650), Error.TxChildkeyTakeRateLimitExceeded)
    go_to(101)
    dispatch(ALICE, set_childkey_take.call(HOT, netuid, 700))
    dispatch(ALICE, set_childkey_take.call(HOT, netuid, 400))
    assert get_childkey_take(ctx, HOT, netuid) == 400, "lowering it is not limited"


def test_each_subnet_has_its_own_childkey_take_and_limit(
    ctx: Context, netuid: int, add_network: AddNetwork, dispatch: Dispatch, refused: RefusedCall
) -> None:
    for subnet in range(1, 10):
        if subnet > 1:
            add_network(subnet, 13)
        dispatch(ALICE, set_childkey_take.call(HOT, subnet, (subnet + 1) * 100))
    assert [get_childkey_take(ctx, HOT, subnet) for subnet in range(1, 10)] == list(range(200, 1_100, 100))
    refused(ALICE, set_childkey_take.call(HOT, 1, 1_100), Error.TxChildkeyTakeRateLimitExceeded)


@pytest.mark.parametrize(
    ("call", "item"),
    [
        (sudo_set_min_childkey_take, MinChildkeyTake),
        (sudo_set_max_childkey_take, MaxChildkeyTake),
        (sudo_set_tx_childkey_take_rate_limit, TxChildkeyTakeRateLimit),
    ],
    ids=["minimum", "maximum", "rate limit"],
)
def test_only_root_sets_the_bounds_of_childkey_takes(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, call: type[increase_take], item: type[MinChildkeyTake]
) -> None:
    refused(ALICE, call.call(123), BadOrigin())
    dispatch(ROOT_ORIGIN, call.call(123))
    assert item.get(ctx) == 123
