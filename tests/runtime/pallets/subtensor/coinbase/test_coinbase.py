"""Emission: the TAO of pools, pending alpha, and the schedule of epochs. Numbers are from the real tests
(`coinbase.rs`)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pysubtensor.consensus.emission import SubnetTerms
from pysubtensor.consensus.fixed import I96F32, U64F64, U96F32
from pysubtensor.consensus.reserves import HALF, Trade
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets import swap
from pysubtensor.runtime.pallets.alpha_assets import AlphaRecycled, TotalAlphaIssuance
from pysubtensor.runtime.pallets.balances.declared import TotalIssuance as BalancesTotalIssuance
from pysubtensor.runtime.pallets.subtensor.coinbase import run_coinbase
from pysubtensor.runtime.pallets.subtensor.coinbase.distribution import distribute_emissions_to_subnets
from pysubtensor.runtime.pallets.subtensor.coinbase.injection import PoolInBlock
from pysubtensor.runtime.pallets.subtensor.coinbase.run_coinbase import Pending
from pysubtensor.runtime.pallets.subtensor.declared.events import EpochDeferred, EpochSkipped
from pysubtensor.runtime.pallets.subtensor.ledger import block_emission
from pysubtensor.runtime.pallets.subtensor.ledger.subnet_emissions import (
    get_shares,
    get_subnet_block_emissions,
    get_subnets_to_emit_to,
    record_protocol_outflow,
    record_tao_inflow,
    record_tao_outflow,
)
from pysubtensor.runtime.pallets.subtensor.ledger.tao import mint_tao
from pysubtensor.runtime.pallets.subtensor.storage import emission, networks, pools
from pysubtensor.runtime.pallets.subtensor.storage.neurons import Keys
from pysubtensor.runtime.pallets.subtensor.storage.registration import NetworkRegistrationAllowed
from pysubtensor.runtime.pallets.subtensor.storage.staking import TaoWeight, TotalStake
from pysubtensor.runtime.pallets.subtensor.storage.tempo import (
    BlocksSinceLastStep,
    LastEpochBlock,
    LastMechansimStepBlock,
    MaxEpochsPerBlock,
    PendingEpochAt,
    SubnetEpochIndex,
    Tempo,
)

from tests.world import TAO, U64_MAX, AddNetwork, Events, account

ROOT, NETUID = 0, 1
ONE = U96F32.one


@pytest.fixture
def add_pool(ctx: Context, add_network: AddNetwork) -> Callable[..., int]:
    """Add a subnet with a pool of these reserves and this moving price, whose next epoch is distant."""

    def add(netuid: int, tao: int, alpha: int, moving_price: float = 1) -> int:
        add_network(netuid, 10_000)
        networks.SubnetMechanism.put(ctx, netuid, 1)
        pools.SubnetTAO.put(ctx, netuid, tao)
        pools.SubnetAlphaIn.put(ctx, netuid, alpha)
        pools.SubnetMovingPrice.put(ctx, netuid, int(moving_price * I96F32.one))
        emission.SubnetEmissionEnabled.put(ctx, netuid, True)
        return netuid

    return add


@pytest.fixture
def much_on_root(ctx: Context) -> None:
    """Add stake to root until its proportion is nearly one, so that injection is hardly limited."""
    pools.SubnetTAO.put(ctx, ROOT, 10**18)
    TaoWeight.put(ctx, U64_MAX)


def emit(ctx: Context, credit: int) -> None:
    """Distribute a credit of TAO to the subnets that emit."""
    run_coinbase.emit(ctx, get_subnets_to_emit_to(ctx, run_coinbase.subnets_without_root(ctx)), credit)


def coinbase(ctx: Context, tao: int) -> None:
    """Mint TAO and run all steps of the coinbase."""
    emit(ctx, mint_tao(ctx, tao))
    drained = run_coinbase.drain_pending(ctx, run_coinbase.subnets_without_root(ctx), ctx.block.number)
    distribute_emissions_to_subnets(ctx, drained)


def emissions(ctx: Context, subnets: list[int], tao: int) -> dict[int, int]:
    """Return the TAO of each subnet, in rao."""
    parts = get_subnet_block_emissions(ctx, subnets, tao)
    return {netuid: U96F32.to_int(part, 64) for netuid, part in parts.items()}


# The emission of a block


def test_the_last_block_emission_is_stored(ctx: Context) -> None:
    assert block_emission.get_block_emission_for_issuance(ctx, 10_500_000 * TAO) == TAO // 2
    assert emission.BlockEmission.get(ctx) == TAO // 2
    assert block_emission.get_block_emission_for_issuance(ctx, 21_000_000 * TAO) == 0
    assert emission.BlockEmission.get(ctx) == TAO // 2  # after the last halving nothing is stored


def test_minted_tao_counts_as_issued_everywhere(ctx: Context) -> None:
    counts = (emission.TotalIssuance, BalancesTotalIssuance)
    before = [count.get(ctx) for count in counts]
    assert block_emission.get_block_emission(ctx) == TAO
    assert [count.get(ctx) for count in counts] == [issued + TAO for issued in before]


def test_without_subnets_the_credit_is_recycled(ctx: Context) -> None:
    before = BalancesTotalIssuance.get(ctx)
    coinbase(ctx, TAO)
    assert BalancesTotalIssuance.get(ctx) == before


# Which subnets emit, and how much


def test_only_started_and_open_subnets_emit_and_root_never(ctx: Context, add_network: AddNetwork) -> None:
    add_network(1, 10)
    assert get_subnets_to_emit_to(ctx, [ROOT, 1]) == [1]
    NetworkRegistrationAllowed.put(ctx, 1, False)
    assert get_subnets_to_emit_to(ctx, [1]) == []
    NetworkRegistrationAllowed.put(ctx, 1, True)
    networks.SubtokenEnabled.put(ctx, 1, False)
    assert get_subnets_to_emit_to(ctx, [1]) == []
    networks.SubtokenEnabled.put(ctx, 1, True)
    networks.FirstEmissionBlockNumber.remove(ctx, 1)
    assert get_subnets_to_emit_to(ctx, [1]) == []


def test_subnets_share_by_moving_price(ctx: Context, add_pool: Callable[..., int]) -> None:
    subnets = [add_pool(1, TAO, TAO, 0.1), add_pool(2, TAO, TAO, 0.2)]
    parts = emissions(ctx, subnets, 100_000_000)
    assert abs(parts[1] - 33_333_333) < 10
    assert abs(parts[2] - 66_666_666) < 10


def test_a_disabled_subnets_tao_goes_to_the_others(ctx: Context, add_network: AddNetwork) -> None:
    subnets = [add_network(netuid, 1) for netuid in (1, 2, 3)]
    for netuid, enabled in ((1, True), (2, False), (3, True)):
        emission.SubnetEmissionEnabled.put(ctx, netuid, enabled)
    parts = emissions(ctx, subnets, 3_333_333)
    assert (parts[2], abs(parts[1] - 1_666_666) < 2, abs(parts[3] - 1_666_666) < 2) == (0, True, True)


def test_the_root_proportion_does_not_change_shares(ctx: Context, add_pool: Callable[..., int]) -> None:
    subnets = [add_pool(1, TAO, TAO), add_pool(2, TAO, TAO)]
    emission.RootProp.put(ctx, 1, ONE)
    emission.RootProp.put(ctx, 2, ONE // 10)
    assert get_shares(ctx, subnets) == {1: 1 << 63, 2: 1 << 63}


def test_withheld_rewards_of_miners_lower_the_share(ctx: Context, add_pool: Callable[..., int]) -> None:
    subnets = [add_pool(1, TAO, TAO), add_pool(2, TAO, TAO)]
    emission.MinerBurned.put(ctx, 1, ONE // 2)
    shares = get_shares(ctx, subnets)
    assert abs(shares[1] / U64F64.one - 1 / 3) < 1e-9
    assert abs(shares[2] / U64F64.one - 2 / 3) < 1e-9


# Injection


@pytest.mark.usefixtures("much_on_root")
def test_a_single_subnet_gets_all_tao(ctx: Context, add_pool: Callable[..., int]) -> None:
    add_pool(NETUID, 10 * TAO, 10 * TAO)
    before = emission.TotalIssuance.get(ctx), TotalStake.get(ctx)
    coinbase(ctx, 1_234_567)
    assert pools.SubnetTAO.get(ctx, NETUID) == 10 * TAO + 1_234_567
    assert (emission.TotalIssuance.get(ctx), TotalStake.get(ctx)) == (before[0] + 1_234_567, before[1] + 1_234_567)
    assert emission.SubnetTaoInEmission.get(ctx, NETUID) == 1_234_567


@pytest.mark.usefixtures("much_on_root")
def test_alpha_is_injected_at_the_price(ctx: Context, add_pool: Callable[..., int]) -> None:
    add_pool(1, 1_000_000, 1_000_000, 1)
    add_pool(2, 2_000_000, 1_000_000, 2)
    issued, staked = emission.TotalIssuance.get(ctx), TotalStake.get(ctx)
    coinbase(ctx, 1_000_000)
    assert [emission.SubnetTaoInEmission.get(ctx, netuid) for netuid in (1, 2)] == [333_333, 666_666]
    assert (emission.TotalIssuance.get(ctx), TotalStake.get(ctx)) == (issued + 999_999, staked + 999_999)
    assert pools.SubnetAlphaIn.get(ctx, 1) == 1_333_333
    assert pools.SubnetAlphaIn.get(ctx, 2) == 1_333_333
    assert emission.SubnetAlphaOutEmission.get(ctx, 1) == TAO


@pytest.mark.usefixtures("much_on_root")
def test_a_disabled_subnet_shows_no_emission_of_earlier_blocks(ctx: Context, add_network: AddNetwork) -> None:
    for netuid in (1, 2, 3):
        add_network(netuid, 10_000)
        emission.SubnetEmissionEnabled.put(ctx, netuid, True)
    coinbase(ctx, 3_000_000)
    assert [emission.SubnetTaoInEmission.get(ctx, n) for n in (1, 2, 3)] == [pytest.approx(1_000_000, abs=2)] * 3
    emission.SubnetEmissionEnabled.put(ctx, 2, False)
    emission.SubnetExcessTao.put(ctx, 2, 123)
    coinbase(ctx, 3_000_000)
    shown = [emission.SubnetTaoInEmission.get(ctx, n) for n in (1, 2, 3)]
    assert shown == [pytest.approx(1_500_000, abs=2), 0, pytest.approx(1_500_000, abs=2)]
    assert (emission.SubnetAlphaInEmission.get(ctx, 2), emission.SubnetExcessTao.get(ctx, 2)) == (0, 0)
    assert emission.SubnetAlphaOutEmission.get(ctx, 2) == TAO


def test_without_moving_prices_nothing_is_injected(ctx: Context, add_pool: Callable[..., int]) -> None:
    for netuid in (1, 2):
        add_pool(netuid, 1_000_000, 1_000_000, 0)
    coinbase(ctx, 1_000_000)
    assert [pools.SubnetAlphaIn.get(ctx, netuid) for netuid in (1, 2)] == [1_000_000] * 2


def test_on_an_old_subnet_alpha_is_bought_instead(ctx: Context, add_pool: Callable[..., int]) -> None:
    add_pool(NETUID, 1_000_000, 100_000_000_000)
    supply = 21_000_000 * TAO
    pools.SubnetAlphaOut.put(ctx, NETUID, supply)
    before = swap.current_price(ctx, NETUID)
    coinbase(ctx, 1_000_000)
    bought = pools.SubnetProtocolAlpha.get(ctx, NETUID)
    assert bought > 0
    assert pools.SubnetAlphaIn.get(ctx, NETUID) == 100_000_000_000 - bought
    assert pools.SubnetAlphaOut.get(ctx, NETUID) == supply + bought  # there is no further emission
    assert emission.SubnetExcessTao.get(ctx, NETUID) == 1_000_000
    assert emission.SubnetProtocolFlow.get(ctx, NETUID) == 1_000_000
    assert swap.current_price(ctx, NETUID) > before


def test_a_purchase_takes_at_most_63_bits_from_the_reserve() -> None:
    """As purchases of stakers do: `paid_out_reserve_delta_i64` of the genuine `swap-interface`."""
    pool = PoolInBlock(NETUID, dynamic=True, is_new=False, tao=1_000_000, alpha=U64_MAX, weight=HALF)
    pool.take_alpha(TAO, Trade(TAO, (1 << 63) + 5, 0, 0))
    assert (pool.tao, pool.alpha, pool.bought) == (1_000_000 + TAO, (1 << 63) - 1, (1 << 63) + 5)


def test_injection_and_purchase_hardly_change_the_price(ctx: Context, add_pool: Callable[..., int]) -> None:
    add_pool(NETUID, 1_000_000 * TAO, 1_000_000 * TAO)
    terms = {NETUID: SubnetTerms(tao_in=123 * ONE, alpha_in=456 * ONE, excess_tao=789_100 * ONE)}
    run_coinbase.inject_and_maybe_swap(ctx, [NETUID], terms, mint_tao(ctx, 123 + 789_100))
    tao, alpha = pools.SubnetTAO.get(ctx, NETUID), pools.SubnetAlphaIn.get(ctx, NETUID)
    assert tao == 1_000_000 * TAO + 123 + 789_100
    assert abs(swap.current_price(ctx, NETUID) / U64F64.one - tao / alpha) < 1e-6


def test_the_chains_own_flow_counts_apart_from_stakers(ctx: Context) -> None:
    record_tao_inflow(ctx, NETUID, 70)
    record_tao_outflow(ctx, NETUID, 100)
    record_protocol_outflow(ctx, NETUID, 5)
    assert emission.SubnetTaoFlow.get(ctx, NETUID) == -30
    assert emission.SubnetProtocolFlow.get(ctx, NETUID) == -5


# What waits for an epoch


def test_the_owners_cut_is_taken_first(ctx: Context, add_pool: Callable[..., int]) -> None:
    add_pool(NETUID, 1_000 * TAO, 1_000 * TAO)
    emission.SubnetOwnerCut.put(ctx, 0)
    coinbase(ctx, 0)
    assert emission.PendingOwnerCut.get(ctx, NETUID) == 0
    emission.SubnetOwnerCut.put(ctx, 65_535)
    coinbase(ctx, 0)
    assert emission.PendingOwnerCut.get(ctx, NETUID) == TAO


def test_a_disabled_owner_cut_goes_to_the_others(ctx: Context, add_pool: Callable[..., int]) -> None:
    add_pool(NETUID, 1_000 * TAO, 1_000 * TAO)
    emission.SubnetOwnerCut.put(ctx, 65_535)
    emission.OwnerCutEnabled.put(ctx, NETUID, False)
    coinbase(ctx, 0)
    assert emission.PendingOwnerCut.get(ctx, NETUID) == 0
    assert emission.PendingServerEmission.get(ctx, NETUID) == TAO // 2


@pytest.mark.parametrize("sells", [True, False])
def test_root_dividends_need_prices_that_add_up_to_more_than_one(
    ctx: Context, add_pool: Callable[..., int], sells: bool
) -> None:
    add_pool(NETUID, 1_000_000, 2 * TAO, 2 if sells else 1)
    pools.SubnetTAO.put(ctx, ROOT, TAO)
    TaoWeight.put(ctx, U64_MAX)
    coinbase(ctx, 0)  # root's TAO is then a quarter of all: 1 of 1 + 3
    assert emission.PendingServerEmission.get(ctx, NETUID) == 500_000_000
    assert abs(emission.PendingValidatorEmission.get(ctx, NETUID) - 375_000_000) <= 1
    waits, recycled = emission.PendingRootAlphaDivs.get(ctx, NETUID), AlphaRecycled.get(ctx, NETUID)
    assert abs((waits if sells else recycled) - 125_000_000) <= 1
    assert (recycled if sells else waits) == 0
    assert pools.SubnetAlphaOut.get(ctx, NETUID) == TAO - recycled == TotalAlphaIssuance.get(ctx, NETUID)


def test_a_subnet_that_has_not_been_started_emits_nothing(ctx: Context, add_pool: Callable[..., int]) -> None:
    add_pool(NETUID, 10 * TAO, TAO, 2)
    networks.FirstEmissionBlockNumber.remove(ctx, NETUID)
    coinbase(ctx, TAO)
    waiting = (emission.PendingServerEmission, emission.PendingValidatorEmission, emission.PendingRootAlphaDivs)
    assert [item.get(ctx, NETUID) for item in waiting] == [0, 0, 0]
    assert pools.SubnetTAO.get(ctx, NETUID) == 10 * TAO


# Whose turn it is


def test_blocks_since_the_last_epoch_are_counted(ctx: Context, add_network: AddNetwork) -> None:
    add_network(NETUID, 100)
    BlocksSinceLastStep.put(ctx, NETUID, 41)
    LastEpochBlock.put(ctx, NETUID, 1)
    assert run_coinbase.drain_pending(ctx, [NETUID], 2) == {}
    assert BlocksSinceLastStep.get(ctx, NETUID) == 42


def test_an_epoch_drains_the_pending_emission(ctx: Context, add_network: AddNetwork) -> None:
    add_network(NETUID, 100)
    LastMechansimStepBlock.put(ctx, NETUID, 12345)
    PendingEpochAt.put(ctx, NETUID, 102)
    waiting = Pending(123_434_534, 111_111, 12_222_222, 12_345_678)
    items = (
        emission.PendingServerEmission,
        emission.PendingValidatorEmission,
        emission.PendingRootAlphaDivs,
        emission.PendingOwnerCut,
    )
    for item, amount in zip(items, waiting, strict=True):
        item.put(ctx, NETUID, amount)
    assert run_coinbase.drain_pending(ctx, [NETUID], 102) == {NETUID: waiting}
    assert [item.get(ctx, NETUID) for item in items] == [0] * 4
    assert (BlocksSinceLastStep.get(ctx, NETUID), LastEpochBlock.get(ctx, NETUID)) == (0, 102)
    assert (PendingEpochAt.get(ctx, NETUID), SubnetEpochIndex.get(ctx, NETUID)) == (0, 1)
    assert LastMechansimStepBlock.get(ctx, NETUID) == 12345  # written when the epoch has run


def test_epochs_beyond_the_limit_are_deferred_to_the_next_block(
    ctx: Context, add_network: AddNetwork, events: Events
) -> None:
    MaxEpochsPerBlock.put(ctx, 1)
    for netuid in (1, 2):
        add_network(netuid, 10)
    events()
    assert list(run_coinbase.drain_pending(ctx, [1, 2], 20)) == [1]
    assert events() == [EpochDeferred(2, 20, 21)]
    assert (PendingEpochAt.get(ctx, 2), SubnetEpochIndex.get(ctx, 2)) == (21, 0)
    Tempo.put(ctx, 2, 1_000)
    assert list(run_coinbase.drain_pending(ctx, [1, 2], 21)) == [2]


def test_the_epoch_of_an_inconsistent_subnet_is_skipped_and_its_emission_stays_pending(
    ctx: Context, add_network: AddNetwork, events: Events
) -> None:
    add_network(NETUID, 10)
    for uid in (0, 1):
        Keys.put(ctx, NETUID, uid, account(7))
    emission.PendingServerEmission.put(ctx, NETUID, 5)
    events()
    assert run_coinbase.drain_pending(ctx, [NETUID], 20) == {}
    assert events() == [EpochSkipped(NETUID, 20)]
    assert (LastEpochBlock.get(ctx, NETUID), SubnetEpochIndex.get(ctx, NETUID)) == (20, 1)
    assert (emission.PendingServerEmission.get(ctx, NETUID), BlocksSinceLastStep.get(ctx, NETUID)) == (5, 1)


def test_root_sales_are_counted_per_block(ctx: Context) -> None:
    emission.SubnetRootSellTao.put(ctx, NETUID, 7)
    emit(ctx, 0)
    assert not emission.SubnetRootSellTao.contains(ctx, NETUID)
