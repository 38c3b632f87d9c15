"""Rate limits: their lengths, and the keys under which calls are counted."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.subtensor.declared.types import (
    Hyperparameter,
    NetworkLastRegistered,
    OwnerHyperparamUpdate,
    SetSNOwnerHotkey,
    TransactionType,
)
from pysubtensor.runtime.pallets.subtensor.storage.networks import NetworkRateLimit
from pysubtensor.runtime.pallets.subtensor.storage.rate_limits import (
    LastRateLimitedBlock,
    TransactionKeyLastBlock,
    WeightsVersionKeyRateLimit,
)
from pysubtensor.runtime.pallets.subtensor.storage.tempo import Tempo
from pysubtensor.runtime.pallets.subtensor.subnets.rate_limits import (
    LimitedAction,
    check_passes_rate_limit,
    last_block,
    last_block_on_subnet,
    passes_rate_limit,
    passes_rate_limit_on_subnet,
    rate_limit,
    rate_limit_on_subnet,
    set_last_block_on_subnet,
)

from tests.world import GoTo

HOTKEY, OTHER = b"\1" * 32, b"\2" * 32
NETUID, OTHER_NETUID = 3, 4
TEMPO = 360


@pytest.fixture(autouse=True)
def tempos(ctx: Context) -> None:
    Tempo.put(ctx, NETUID, TEMPO)
    Tempo.put(ctx, OTHER_NETUID, 2 * TEMPO)
    NetworkRateLimit.put(ctx, 7)


@pytest.mark.parametrize(
    ("act", "anywhere", "on_subnet"),
    [
        (TransactionType.SetChildren, 150, 150),
        (TransactionType.SetChildkeyTake, 1, 1),
        (TransactionType.Unknown, 0, 0),
        (TransactionType.RegisterNetwork, 7, 7),
        (TransactionType.SetWeightsVersionKey, 0, 5 * TEMPO),
        (TransactionType.SetSNOwnerHotkey, 0, 50_400),
        (Hyperparameter.Kappa, 0, 2 * TEMPO),
        (TransactionType.MechanismCountUpdate, 7_200, 7_200),
        (TransactionType.MechanismEmission, 7_200, 7_200),
        (TransactionType.MaxUidsTrimming, 216_000, 216_000),
        (TransactionType.AddStakeBurn, 0, TEMPO),
        (TransactionType.TempoUpdate, 0, 360),
    ],
)
def test_each_act_has_its_limit(ctx: Context, act: LimitedAction, anywhere: int, on_subnet: int) -> None:
    assert rate_limit(ctx, act) == anywhere
    assert rate_limit_on_subnet(ctx, act, NETUID) == on_subnet


def test_a_limit_in_epochs_saturates(ctx: Context) -> None:
    WeightsVersionKeyRateLimit.put(ctx, (1 << 64) - 1)
    assert rate_limit_on_subnet(ctx, TransactionType.SetWeightsVersionKey, NETUID) == (1 << 64) - 1


@pytest.mark.parametrize(
    ("limit", "block", "last", "passes"),
    [(10, 5, 0, True), (10, 15, 5, True), (10, 14, 5, False), (0, 5, 5, True), (1, 4, 5, False)],
)
def test_the_first_call_passes_and_later_ones_are_limited(limit: int, block: int, last: int, passes: bool) -> None:
    assert check_passes_rate_limit(limit, block, last) is passes


@pytest.mark.parametrize("act", [TransactionType.SetChildren, TransactionType.TempoUpdate])
def test_acts_are_counted_by_hotkey_subnet_and_type(ctx: Context, go_to: GoTo, act: TransactionType) -> None:
    set_last_block_on_subnet(ctx, act, HOTKEY, NETUID, 5)
    assert list(TransactionKeyLastBlock.items(ctx)) == [((HOTKEY, NETUID, act.value), 5)]
    assert last_block_on_subnet(ctx, act, HOTKEY, NETUID) == 5
    assert last_block_on_subnet(ctx, act, OTHER, NETUID) == 0
    assert last_block_on_subnet(ctx, act, HOTKEY, OTHER_NETUID) == 0
    limit = rate_limit_on_subnet(ctx, act, NETUID)
    go_to(5 + limit - 1)
    assert not passes_rate_limit_on_subnet(ctx, act, HOTKEY, NETUID)
    assert passes_rate_limit_on_subnet(ctx, act, OTHER, NETUID)
    go_to(5 + limit)
    assert passes_rate_limit_on_subnet(ctx, act, HOTKEY, NETUID)


def test_registrations_of_subnets_are_counted_for_all_together(ctx: Context, go_to: GoTo) -> None:
    act = TransactionType.RegisterNetwork
    set_last_block_on_subnet(ctx, act, HOTKEY, NETUID, 5)
    assert list(LastRateLimitedBlock.items(ctx)) == [(NetworkLastRegistered(), 5)]
    assert last_block(ctx, act, OTHER) == 5
    go_to(11)
    assert not passes_rate_limit(ctx, act, OTHER)
    go_to(12)
    assert passes_rate_limit(ctx, act, OTHER)


def test_acts_of_owners_are_counted_by_subnet_and_parameter(ctx: Context) -> None:
    set_last_block_on_subnet(ctx, TransactionType.SetSNOwnerHotkey, HOTKEY, NETUID, 5)
    set_last_block_on_subnet(ctx, Hyperparameter.Kappa, HOTKEY, NETUID, 6)
    assert dict(LastRateLimitedBlock.items(ctx)) == {
        SetSNOwnerHotkey(NETUID): 5,
        OwnerHyperparamUpdate(NETUID, Hyperparameter.Kappa): 6,
    }
    assert last_block_on_subnet(ctx, Hyperparameter.Kappa, OTHER, NETUID) == 6
    assert last_block_on_subnet(ctx, Hyperparameter.Rho, OTHER, NETUID) == 0
    assert last_block_on_subnet(ctx, TransactionType.SetSNOwnerHotkey, OTHER, OTHER_NETUID) == 0


def test_an_act_without_subnet_is_counted_as_roots(ctx: Context) -> None:
    set_last_block_on_subnet(ctx, TransactionType.SetChildkeyTake, HOTKEY, 0, 9)
    assert last_block(ctx, TransactionType.SetChildkeyTake, HOTKEY) == 9
