"""Each view returns what storage or the pallet's own views hold, for 625 gas a read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pysubtensor.runtime.crypto.accounts import pallet_sub_account
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.subtensor import storage
from pysubtensor.runtime.pallets.subtensor.declared.types import AxonInfo

from tests.runtime.pallets.evm.precompiles.frame import call_function
from tests.runtime.pallets.evm.precompiles.world import (
    CALLER,
    CAP,
    DEPOSIT,
    END,
    HOT,
    LEASE_END,
    LEASED,
    NETUID,
    OF_LEASE,
    OPEN,
    OTHER,
    OTHER_HOT,
    OTHER_NETUID,
    OWNER,
    SECOND,
)
from tests.runtime.pallets.subtensor.pools import bought, give_stake, set_reserves, sold
from tests.vectors import load
from tests.world import TAO, account

READ = 625
KEY = account(9)
#: One TAO in wei.
ONE = 10**18


RETURNS = {
    (int(index), each["signature"]): each["returns"]
    for index, functions in load("interface/precompiles_425").items()
    for each in functions
}


def view(ctx: Context, index: int, signature: str, *arguments: Any) -> tuple[Any, float]:
    """Return the answer of a view in a static call, and the number of reads that it costs."""
    outcome = call_function(ctx, index, signature, *arguments, is_static=True)
    assert outcome.exit == "Returned"
    return outcome.values(RETURNS[index, signature]), outcome.gas / READ


#: Views of one item of SubtensorModule on a subnet, with a value that differs from the default.
ITEMS: list[tuple[int, str, str, Any]] = [
    (2050, "getUidCount", "SubnetworkN", 7),
    (2051, "getNetworkRegistrationBlock", "NetworkRegisteredAt", 2**40),
    (2051, "getServingRateLimit", "ServingRateLimit", 2**40),
    (2051, "getMinDifficulty", "MinDifficulty", 2**40),
    (2051, "getMaxDifficulty", "MaxDifficulty", 2**40),
    (2051, "getWeightsVersionKey", "WeightsVersionKey", 2**40),
    (2051, "getWeightsSetRateLimit", "WeightsSetRateLimit", 2**40),
    (2051, "getAdjustmentAlpha", "AdjustmentAlpha", 2**40),
    (2051, "getImmunityPeriod", "ImmunityPeriod", 777),
    (2051, "getMinAllowedWeights", "MinAllowedWeights", 777),
    (2051, "getKappa", "Kappa", 777),
    (2051, "getRho", "Rho", 777),
    (2051, "getActivityCutoff", "ActivityCutoff", 777),
    (2051, "getNetworkRegistrationAllowed", "NetworkRegistrationAllowed", False),
    (2051, "getNetworkPowRegistrationAllowed", "NetworkPowRegistrationAllowed", True),
    (2051, "getMinBurn", "MinBurn", 2**40),
    (2051, "getMaxBurn", "MaxBurn", 2**40),
    (2051, "getDifficulty", "Difficulty", 2**40),
    (2051, "getBondsMovingAverage", "BondsMovingAverage", 2**40),
    (2051, "getCommitRevealWeightsEnabled", "CommitRevealWeightsEnabled", False),
    (2051, "getLiquidAlphaEnabled", "LiquidAlphaOn", True),
    (2051, "getYuma3Enabled", "Yuma3On", True),
    (2051, "getBondsResetEnabled", "BondsResetOn", True),
    (2051, "getCommitRevealWeightsInterval", "RevealPeriodEpochs", 2**40),
    (2056, "getTaoInPool", "SubnetTAO", 2**40),
    (2056, "getAlphaInPool", "SubnetAlphaIn", 2**40),
    (2056, "getAlphaOutPool", "SubnetAlphaOut", 2**40),
    (2056, "getSubnetMechanism", "SubnetMechanism", 1),
    (2056, "getEMAPriceHalvingBlocks", "EMAPriceHalvingBlocks", 2**40),
    (2056, "getSubnetVolume", "SubnetVolume", 2**100),
    (2056, "getTaoInEmission", "SubnetTaoInEmission", 2**40),
    (2056, "getAlphaInEmission", "SubnetAlphaInEmission", 2**40),
    (2056, "getAlphaOutEmission", "SubnetAlphaOutEmission", 2**40),
    (2061, "isVotingPowerTrackingEnabled", "VotingPowerTrackingEnabled", True),
    (2061, "getVotingPowerDisableAtBlock", "VotingPowerDisableAtBlock", 2**40),
    (2061, "getVotingPowerEmaAlpha", "VotingPowerEmaAlpha", 2**40),
]


@pytest.mark.parametrize(("index", "name", "item", "value"), ITEMS)
def test_views_of_an_item(ctx: Context, index: int, name: str, item: str, value: Any) -> None:
    getattr(storage, item).put(ctx, OTHER_NETUID, value)
    assert view(ctx, index, f"{name}(uint16)", OTHER_NETUID) == (value, 1)


#: Arrays by uid.
ARRAYS: list[tuple[str, str, Any]] = [
    ("getConsensus", "Consensus", np.uint16),
    ("getIncentive", "Incentive", np.uint16),
    ("getDividends", "Dividends", np.uint16),
    ("getEmission", "Emission", np.uint64),
    ("getVtrust", "ValidatorTrust", np.uint16),
    ("getValidatorStatus", "ValidatorPermit", np.bool_),
    ("getLastUpdate", "LastUpdate", np.uint64),
    ("getIsActive", "Active", np.bool_),
]


@pytest.mark.parametrize(("name", "item", "kind"), ARRAYS)
def test_views_of_a_neuron(ctx: Context, name: str, item: str, kind: Any) -> None:
    getattr(storage, item).put(ctx, NETUID, np.array([0, 1, 0], dtype=kind))
    signature = f"{name}(uint16,uint16)"
    assert view(ctx, 2050, signature, NETUID, 1) == (1, 1)
    assert view(ctx, 2050, signature, NETUID, 3) == (0, 1)


AXON = AxonInfo(block=5, version=6, ip=2**127, port=7, ip_type=6, protocol=8, placeholder1=9)


def test_views_of_a_neurons_keys(ctx: Context) -> None:
    storage.Axons.put(ctx, NETUID, HOT, AXON)
    assert view(ctx, 2050, "getHotkey(uint16,uint16)", NETUID, 1) == (HOT, 1)
    assert view(ctx, 2050, "getColdkey(uint16,uint16)", NETUID, 1) == (OWNER, 2)
    assert view(ctx, 2050, "getAxon(uint16,uint16)", NETUID, 1) == ((5, 6, 2**127, 7, 6, 8), 2)
    assert view(ctx, 2050, "getAxon(uint16,uint16)", NETUID, 2) == ((0, 0, 0, 0, 0, 0), 2)
    for name, error in (("Hotkey", "InvalidRange"), ("Coldkey", "InvalidRange"), ("Axon", "hotkey not found")):
        assert call_function(ctx, 2050, f"get{name}(uint16,uint16)", NETUID, 3).exit == error
    assert call_function(ctx, 2050, "getStake(uint16,uint16)", NETUID, 3).exit == "InvalidRange"


@pytest.mark.parametrize("name", ["getRank", "getTrust"])
def test_rank_and_trust_are_zero(ctx: Context, name: str) -> None:
    assert view(ctx, 2050, f"{name}(uint16,uint16)", NETUID, 1) == (0, 0)


# --- stake and prices --------------------------------------------------------------------------------------------


@pytest.fixture
def even(ctx: Context) -> Context:
    """Pools with 10,000 TAO and 20,000 alpha each."""
    for netuid in (NETUID, OTHER_NETUID):
        set_reserves(ctx, netuid, 10_000 * TAO, 20_000 * TAO)
    return ctx


def test_stake(even: Context) -> None:
    # HOT has 5,000 alpha on two subnets, at 0.5 TAO.
    assert view(even, 2053, "getTotalHotkeyStake(bytes32)", HOT) == (5_000 * TAO, 2)
    assert view(even, 2049, "getTotalHotkeyStake(bytes32)", HOT) == (5_000 * ONE, 2)
    assert view(even, 2050, "getStake(uint16,uint16)", NETUID, 1) == (5_000 * TAO, 2)
    assert view(even, 2053, "getStake(bytes32,bytes32,uint256)", HOT, OWNER, NETUID) == (5_000 * TAO, 2)
    assert view(even, 2049, "getStake(bytes32,bytes32,uint256)", HOT, OWNER, NETUID) == (5_000 * ONE, 2)
    assert view(even, 2053, "getTotalAlphaStaked(bytes32,uint256)", HOT, NETUID) == (5_000 * TAO, 2)


def test_the_worth_of_a_coldkeys_stake_includes_slippage(even: Context) -> None:
    # 2,000 alpha each; the fee is counted as if it were sold at the price before the sale.
    fee = 2_000 * TAO * 33 // 65535
    worth = sold(10_000 * TAO, 20_000 * TAO, 2_000 * TAO) + fee // 2
    on_subnet, reads = view(even, 2053, "getTotalColdkeyStakeOnSubnet(bytes32,uint256)", OTHER, NETUID)
    assert (on_subnet, reads) == (pytest.approx(worth, abs=2), 2)
    assert view(even, 2053, "getTotalColdkeyStake(bytes32)", OTHER) == (2 * on_subnet, 2)
    assert view(even, 2049, "getTotalColdkeyStake(bytes32)", OTHER) == (2 * on_subnet * TAO, 2)
    assert view(even, 2053, "getTotalColdkeyStakeOnSubnet(bytes32,uint256)", OTHER, 9) == (0, 2)


def test_the_coldkeys_of_a_hotkey(ctx: Context) -> None:
    give_stake(ctx, HOT, OTHER, NETUID, TAO)
    signature = "getAlphaStakedValidators(bytes32,uint256)"
    # HOT has three stakes: two of its owner, one of the other account.
    assert view(ctx, 2053, signature, HOT, NETUID) == (sorted([OWNER, OTHER]), 3)
    assert view(ctx, 2053, signature, HOT, OTHER_NETUID) == ([OWNER], 3)
    assert view(ctx, 2053, signature, KEY, NETUID) == ([], 0)


def test_the_least_stake_of_a_nominator(ctx: Context) -> None:
    storage.NominatorMinRequiredStake.put(ctx, 3_000_000)
    # Three times the least stake of all, 2,000,000 rao.
    assert view(ctx, 2053, "getNominatorMinRequiredStake()") == (6_000_000, 2)


def test_prices(even: Context) -> None:
    storage.SubnetMovingPrice.put(even, NETUID, 1 << 30)
    assert view(even, 2056, "getAlphaPrice(uint16)", NETUID) == (ONE // 2, 4)
    assert view(even, 2056, "getMovingAlphaPrice(uint16)", NETUID) == (ONE // 4, 2)
    assert view(even, 2056, "getAlphaPrice(uint16)", 0) == (ONE, 4)


def test_the_sum_of_prices_has_those_below_one(even: Context) -> None:
    set_reserves(even, OTHER_NETUID, 20_000 * TAO, 20_000 * TAO)
    storage.NetworksAdded.remove(even, LEASED)
    assert view(even, 2056, "getSumAlphaPrice()") == (ONE // 2, 1 + 128)
    storage.SubnetLimit.put(even, 3)
    assert view(even, 2056, "getSumAlphaPrice()") == (ONE // 2, 1 + 10)


def test_simulated_trades(even: Context) -> None:
    bought_alpha = bought(10_000 * TAO, 20_000 * TAO, TAO)
    sold_tao = sold(10_000 * TAO, 20_000 * TAO, TAO)
    buy, sell = "simSwapTaoForAlpha(uint16,uint64)", "simSwapAlphaForTao(uint16,uint64)"
    assert view(even, 2056, buy, NETUID, TAO) == (pytest.approx(bought_alpha, abs=2), 9)
    assert view(even, 2056, sell, NETUID, TAO) == (pytest.approx(sold_tao, abs=2), 9)
    assert call_function(even, 2056, sell, NETUID, 2**64 - 1).exit == "SwapInputTooLarge"


def test_amounts_of_alpha_and_global_parameters(ctx: Context) -> None:
    storage.SubnetAlphaIn.put(ctx, NETUID, 2**63)
    storage.SubnetAlphaOut.put(ctx, NETUID, 5)
    storage.TaoWeight.put(ctx, 2**40)
    storage.CKBurn.put(ctx, 2**41)
    assert view(ctx, 2056, "getAlphaIssuance(uint16)", NETUID) == (2**63 + 5, 2)
    assert view(ctx, 2056, "getTaoWeight()") == (2**40, 1)
    assert view(ctx, 2056, "getCKBurn()") == (2**41, 1)
    assert view(ctx, 2056, "getRootNetuid()") == (0, 0)


# --- parameters of another form ----------------------------------------------------------------------------------


def test_other_parameters_of_a_subnet(ctx: Context) -> None:
    storage.AlphaValues.put(ctx, NETUID, (5, 6))
    storage.AlphaSigmoidSteepness.put(ctx, NETUID, -2)
    storage.ActivityCutoffFactorMilli.put(ctx, NETUID, 70_000)
    assert view(ctx, 2051, "getAlphaValues(uint16)", NETUID) == ((5, 6), 1)
    assert view(ctx, 2051, "getAlphaSigmoidSteepness(uint16)", NETUID) == (65_534, 1)
    assert view(ctx, 2051, "getActivityCutoffFactor(uint16)", NETUID) == (70_000, 0)
    assert view(ctx, 2051, "getMaxWeightLimit(uint16)", NETUID) == (65_535, 0)


# --- loans, leases, proxies --------------------------------------------------------------------------------------


def test_crowdloans(ctx: Context) -> None:
    funds = pallet_sub_account(b"bt/cloan", OPEN.to_bytes(4, "little"))
    expected = OWNER, DEPOSIT, TAO, END, CAP, funds, 110 * TAO, True, OTHER, False, 2
    assert view(ctx, 2057, "getCrowdloan(uint32)", OPEN) == (expected, 1)
    info, _ = view(ctx, 2057, "getCrowdloan(uint32)", OF_LEASE)
    assert info[6:] == (CAP, False, bytes(32), True, 2)
    assert view(ctx, 2057, "getContribution(uint32,bytes32)", OPEN, OTHER) == (100 * TAO, 1)
    assert call_function(ctx, 2057, "getCrowdloan(uint32)", 9).exit == "Crowdloan not found"
    missing = call_function(ctx, 2057, "getContribution(uint32,bytes32)", OPEN, KEY)
    assert missing.exit == "Crowdloan or contribution not found"


def test_leases(ctx: Context) -> None:
    info, reads = view(ctx, 2058, "getLease(uint32)", 0)
    cost = info[7]
    assert (info[0], info[3:7], reads) == (OWNER, (30, True, LEASE_END, LEASED), 1)
    assert 0 < cost < CAP
    assert storage.SubnetOwner.get(ctx, LEASED) == info[1]
    # Shares are those of the cap, the beneficiary's deposit left out.
    share, reads = view(ctx, 2058, "getContributorShare(uint32,bytes32)", 0, OTHER)
    assert (share[0], share[1] / 2**64, reads) == (0, pytest.approx((CAP - DEPOSIT) / CAP), 1)
    assert view(ctx, 2058, "getLeaseIdForSubnet(uint16)", LEASED) == (0, 1)
    assert call_function(ctx, 2058, "getLease(uint32)", 1).exit == "Lease not found"
    assert call_function(ctx, 2058, "getLeaseIdForSubnet(uint16)", NETUID).exit == "Lease not found for netuid"


def test_proxies(ctx: Context) -> None:
    call_function(ctx, 2059, "addProxy(bytes32,uint8,uint32)", KEY, 12, 7)
    expected = sorted([(OTHER, 0, 0), (KEY, 12, 7)])
    assert view(ctx, 2059, "getProxies(bytes32)", OWNER) == (expected, 1)
    assert view(ctx, 2059, "getProxies(bytes32)", KEY) == ([], 1)


# --- keys, votes -------------------------------------------------------------------------------------------------


def test_the_account_of_an_address(ctx: Context) -> None:
    # The account of 2051 in the genuine tests.
    expected = bytes.fromhex("3a8618fbbb1bbc478664ff5346180c35d09fac26f2027085b31c56c1063c1cd3")
    assert view(ctx, 2060, "addressMapping(address)", bytes(18) + b"\x08\x03") == (expected, 0)


def test_neurons_of_an_address(ctx: Context) -> None:
    for uid, (address, block) in enumerate([(CALLER, 30), (SECOND, 20), (CALLER, 10)]):
        storage.AssociatedEvmAddress.put(ctx, NETUID, uid, (address, block))
    signature = "uidLookup(uint16,address,uint16)"
    assert view(ctx, 2054, signature, NETUID, CALLER, 100) == ([(2, 10), (0, 30)], 100)
    assert view(ctx, 2054, signature, NETUID, CALLER, 0) == ([], 0)
    # The limit counts all associations, in the order of storage.
    first = next(uid for uid, _ in storage.AssociatedEvmAddress.under(ctx, NETUID))
    address = SECOND if first == 1 else CALLER
    found, reads = view(ctx, 2054, signature, NETUID, address, 1)
    assert ([uid for uid, _ in found], reads) == ([first], 1)


def test_voting_power(ctx: Context) -> None:
    for hotkey, power in ((HOT, 5), (OTHER_HOT, 2**64 - 3)):
        storage.VotingPower.put(ctx, NETUID, hotkey, power)
    assert view(ctx, 2061, "getVotingPower(uint16,bytes32)", NETUID, HOT) == (5, 1)
    assert view(ctx, 2061, "getVotingPower(uint16,bytes32)", NETUID, KEY) == (0, 1)
    assert view(ctx, 2061, "getTotalVotingPower(uint16)", NETUID) == (2**64 - 1, 2)
    assert view(ctx, 2061, "getTotalVotingPower(uint16)", OTHER_NETUID) == (0, 0)
