"""The rights to change a subnet's parameters, tested by calls of AdminUtils, as in the real pallet's tests."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin, DispatchFailed
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN, signed
from pysubtensor.runtime.pallets.admin_utils.consensus_by_owner import (
    sudo_set_bonds_moving_average,
    sudo_set_commit_reveal_weights_interval,
    sudo_set_rho,
)
from pysubtensor.runtime.pallets.admin_utils.pallet import Error
from pysubtensor.runtime.pallets.admin_utils.parameters import sudo_set_admin_freeze_window
from pysubtensor.runtime.pallets.admin_utils.subnet_by_owner import sudo_set_min_burn
from pysubtensor.runtime.pallets.admin_utils.subnet_by_root import sudo_set_subtoken_enabled
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error as SubtensorError
from pysubtensor.runtime.pallets.subtensor.storage.tempo import LastEpochBlock, PendingEpochAt, Tempo
from pysubtensor.runtime.pallets.subtensor.subnets.owner_rules import ensure_subnet_owner, ensure_subnet_owner_or_root
from pysubtensor.runtime.pallets.subtensor.subnets.tempo import set_tempo_unchecked

from tests.world import BOB, CHARLIE, Dispatch, GoTo, RefusedCall

OWNER, OTHER = BOB, CHARLIE
NETUID = 1


pytestmark = pytest.mark.usefixtures("owned_subnet")


def test_only_the_owner_of_the_subnet_is_its_owner(ctx: Context) -> None:
    assert ensure_subnet_owner(ctx.with_origin(signed(OWNER)), NETUID) == OWNER
    assert ensure_subnet_owner_or_root(ctx.with_origin(signed(OWNER)), NETUID) == OWNER
    assert ensure_subnet_owner_or_root(ctx.with_origin(ROOT_ORIGIN), NETUID) is None
    for origin, netuid in ((signed(OTHER), NETUID), (signed(OWNER), 2), (NONE, NETUID)):
        for ensure in (ensure_subnet_owner, ensure_subnet_owner_or_root):
            with pytest.raises(DispatchFailed) as failure:
                ensure(ctx.with_origin(origin), netuid)
            assert failure.value.error == BadOrigin()
    with pytest.raises(DispatchFailed):
        ensure_subnet_owner(ctx.with_origin(ROOT_ORIGIN), NETUID)


def test_parameters_are_frozen_in_the_window_before_an_epoch(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo
) -> None:
    dispatch(ROOT_ORIGIN, sudo_set_admin_freeze_window.call(3))
    LastEpochBlock.put(ctx, NETUID, 0)
    go_to(7)
    dispatch(ROOT_ORIGIN, sudo_set_min_burn.call(NETUID, 123))
    go_to(8)
    error = SubtensorError.AdminActionProhibitedDuringWeightsWindow
    refused(ROOT_ORIGIN, sudo_set_min_burn.call(NETUID, 123), error)
    refused(OWNER, sudo_set_commit_reveal_weights_interval.call(NETUID, 77), error)
    refused(ROOT_ORIGIN, sudo_set_subtoken_enabled.call(NETUID, False), error)


def test_parameters_are_frozen_until_a_triggered_epoch(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo
) -> None:
    PendingEpochAt.put(ctx, NETUID, 5)
    go_to(4)
    refused(ROOT_ORIGIN, sudo_set_rho.call(NETUID, 1), SubtensorError.AdminActionProhibitedDuringWeightsWindow)
    go_to(5)
    dispatch(ROOT_ORIGIN, sudo_set_rho.call(NETUID, 1))


def test_without_epochs_parameters_are_never_frozen(ctx: Context, dispatch: Dispatch, go_to: GoTo) -> None:
    Tempo.put(ctx, NETUID, 0)
    PendingEpochAt.put(ctx, NETUID, 50)
    go_to(10)
    dispatch(ROOT_ORIGIN, sudo_set_rho.call(NETUID, 1))


def test_each_parameter_has_a_rate_limit_of_its_own(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo
) -> None:
    set_tempo_unchecked(ctx, NETUID, 1)
    dispatch(ROOT_ORIGIN, sudo_set_admin_freeze_window.call(0))
    dispatch(OWNER, sudo_set_rho.call(NETUID, 10))
    refused(OWNER, sudo_set_rho.call(NETUID, 11), SubtensorError.TxRateLimitExceeded)
    dispatch(OWNER, sudo_set_bonds_moving_average.call(NETUID, 5))
    go_to(2)
    for call in (sudo_set_rho.call(NETUID, 12), sudo_set_bonds_moving_average.call(NETUID, 6)):
        refused(OWNER, call, SubtensorError.TxRateLimitExceeded)
    go_to(3)
    for call in (sudo_set_rho.call(NETUID, 13), sudo_set_bonds_moving_average.call(NETUID, 7)):
        dispatch(OWNER, call)


def test_a_refused_change_does_not_count_for_the_rate_limit(dispatch: Dispatch, refused: RefusedCall) -> None:
    refused(OWNER, sudo_set_min_burn.call(NETUID, 10**10), Error.ValueNotInBounds)
    dispatch(OWNER, sudo_set_min_burn.call(NETUID, 1))
