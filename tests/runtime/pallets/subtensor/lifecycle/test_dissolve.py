"""The dissolution of a subnet: the payment of its TAO, recycling, and the removal of its storage."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from pysubtensor.consensus.safe_float import SafeFloat
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.origin import ROOT_ORIGIN
from pysubtensor.runtime.frame.storage import StorageNMap, StorageValue
from pysubtensor.runtime.pallets.balances.declared import TotalIssuance as BalancesIssuance
from pysubtensor.runtime.pallets.balances.fungible import mint_into
from pysubtensor.runtime.pallets.commitments import calls as commitments
from pysubtensor.runtime.pallets.subtensor import calls as subtensor
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.events import NetworkRemoved, SubnetIdentityRemoved
from pysubtensor.runtime.pallets.subtensor.declared.types import SubnetIdentityV3
from pysubtensor.runtime.pallets.subtensor.ledger.subnet_accounts import get_subnet_account_id
from pysubtensor.runtime.pallets.subtensor.ledger.tao import get_coldkey_balance
from pysubtensor.runtime.pallets.subtensor.lifecycle.dissolve import dissolve_network, root_dissolve_network
from pysubtensor.runtime.pallets.subtensor.storage import leases
from pysubtensor.runtime.pallets.subtensor.storage.emission import SubnetOwnerCut, TotalIssuance
from pysubtensor.runtime.pallets.subtensor.storage.migrations import TaoInRefundDeploymentBlock
from pysubtensor.runtime.pallets.subtensor.storage.networks import (
    MechanismCountCurrent,
    NetworkRegisteredAt,
    NetworkRegistrationStartBlock,
    NetworksAdded,
    RegisteredSubnetCounter,
    SubnetLocked,
    SubnetOwner,
    TotalNetworks,
)
from pysubtensor.runtime.pallets.subtensor.storage.pools import (
    SubnetAlphaIn,
    SubnetAlphaOut,
    SubnetProtocolAlpha,
    SubnetTAO,
)
from pysubtensor.runtime.pallets.subtensor.storage.root import RootClaimable
from pysubtensor.runtime.pallets.subtensor.storage.serving import SubnetIdentitiesV3
from pysubtensor.runtime.pallets.subtensor.storage.staking import (
    Alpha,
    AlphaV2,
    TotalHotkeyAlpha,
    TotalHotkeySharesV2,
    TotalStake,
)
from pysubtensor.runtime.pallets.subtensor.storage.weights import Weights
from pysubtensor.runtime.pallets.system import Account
from pysubtensor.runtime.scale import Reader

from tests.world import TAO, U64_MAX, AddDynamicNetwork, Dispatch, Events, RefusedCall, account

DEPOSIT = 500
PRICE = 100 * TAO
OWNER, OWNER_HOTKEY = account(10), account(20)


@pytest.fixture
def netuid(ctx: Context, add_dynamic_network: AddDynamicNetwork) -> int:
    """A subnet without stake and without alpha in its pool, whose price is not refunded."""
    TotalIssuance.put(ctx, BalancesIssuance.get(ctx))
    netuid = add_dynamic_network(OWNER_HOTKEY, OWNER)
    SubnetAlphaIn.put(ctx, netuid, 0)
    SubnetLocked.put(ctx, netuid, 0)
    return netuid


def coldkey(number: int) -> bytes:
    return bytes([100 + number]) * 32


def hotkey(number: int) -> bytes:
    return bytes([200 + number]) * 32


def stake(ctx: Context, netuid: int, *amounts: int) -> list[bytes]:
    """Add stakes of one coldkey each, on its own hotkey; return the coldkeys, which have a deposit of 500 rao."""
    for number, alpha in enumerate(amounts):
        AlphaV2.put(ctx, (hotkey(number), coldkey(number), netuid), SafeFloat.from_u64(alpha))
        TotalHotkeySharesV2.put(ctx, hotkey(number), netuid, SafeFloat.from_u64(alpha))
        TotalHotkeyAlpha.put(ctx, hotkey(number), netuid, alpha)
        mint_into(ctx, coldkey(number), DEPOSIT)
        TotalIssuance.mutate(ctx, lambda issued: issued + DEPOSIT)
    return [coldkey(number) for number in range(len(amounts))]


def gains(ctx: Context, coldkeys: list[bytes]) -> list[int]:
    return [get_coldkey_balance(ctx, each) - DEPOSIT for each in coldkeys]


# --- who may, and what is gone -------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", [root_dissolve_network.call, lambda netuid: dissolve_network.call(OWNER, netuid)])
def test_root_dissolves_subnets(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, netuid: int, call: Callable[[int], object]
) -> None:
    refused(OWNER, call(netuid), BadOrigin())
    dispatch(ROOT_ORIGIN, call(netuid))
    assert not NetworksAdded.get(ctx, netuid)
    assert (TotalNetworks.get(ctx), RegisteredSubnetCounter.get(ctx, netuid)) == (0, 1)


@pytest.mark.parametrize("netuid", [0, 9_999])
def test_root_and_missing_subnets_cannot_be_dissolved(ctx: Context, refused: RefusedCall, netuid: int) -> None:
    NetworksAdded.put(ctx, 0, True)
    refused(ROOT_ORIGIN, root_dissolve_network.call(netuid), Error.SubnetNotExists)


def test_the_identity_is_removed_with_its_subnet(ctx: Context, dispatch: Dispatch, events: Events, netuid: int) -> None:
    SubnetIdentitiesV3.put(ctx, netuid, SubnetIdentityV3(subnet_name=b"mine"))
    events()
    dispatch(ROOT_ORIGIN, root_dissolve_network.call(netuid))
    assert events()[-2:] == [SubnetIdentityRemoved(netuid), NetworkRemoved(netuid)]


#: Items that the chain does not remove, and that the next subnet with the netuid inherits.
LEFT_BEHIND = {
    "MinChildkeyTakePerSubnet",
    "RootAlphaDividendsPerSubnet",
    "RootProp",
    "SubnetEmissionEnabled",
    "AutoStakeDestination",
    "AutoStakeDestinationColdkeys",
    "OwnerCutEnabled",
    "RegisteredSubnetCounter",
    "RecycleOrBurn",
    "MinAllowedUids",
    "MaxWeightsLimit",
    "AdjustmentInterval",
    "AdjustmentAlpha",
    "VotingPower",
    "VotingPowerTrackingEnabled",
    "VotingPowerDisableAtBlock",
    "VotingPowerEmaAlpha",
    "RootClaimableThreshold",
    "MinNonImmuneUids",
    *("SubnetEpochConsensus", "CollateralLockShare"),  # of a later runtime: only this test writes them
}


def test_all_storage_of_a_subnet_is_removed(ctx: Context, dispatch: Dispatch) -> None:
    """Every item with a netuid among its keys gets an entry of zeros for netuid 7; all other keys are 7 or zeros."""
    written = {}
    items = [*subtensor.pallet.storage.values(), *commitments.pallet.storage.values()]
    for item in items:
        if isinstance(item, StorageValue) or "u16" not in {codec.name for codec in item.keys_codec}:
            continue
        parts = [7 if codec.name == "u16" else codec.read(Reader(bytes(64))) for codec in item.keys_codec]
        key = item.key(tuple(parts)) if isinstance(item, StorageNMap) else item.key(*parts)
        reader = Reader(bytes(512))
        item.codec.read(reader)
        ctx.state.put(key, bytes(reader.at))
        written[item.name] = key
    assert len(written) > 130
    NetworksAdded.put(ctx, 7, True)
    MechanismCountCurrent.put(ctx, 7, 1)
    SubnetTAO.put(ctx, 7, 1)
    dispatch(ROOT_ORIGIN, root_dissolve_network.call(7))
    assert {name for name, key in written.items() if ctx.state.exists(key)} == LEFT_BEHIND


def test_the_lease_of_a_subnet_ends_with_it(ctx: Context, dispatch: Dispatch, netuid: int) -> None:
    """What is stored under the lease's number goes, another lease stays."""
    of_leases = [leases.SubnetLeases, leases.AccumulatedLeaseDividends]
    for lease in (3, 4):
        for item in of_leases:
            reader = Reader(bytes(512))
            item.codec.read(reader)
            ctx.state.put(item.key(lease), bytes(reader.at))
        leases.SubnetLeaseShares.put(ctx, lease, account(5), 1 << 64)
    leases.SubnetUidToLeaseId.put(ctx, netuid, 3)
    leases.SubnetUidToLeaseId.put(ctx, netuid + 1, 4)
    dispatch(ROOT_ORIGIN, root_dissolve_network.call(netuid))
    assert [[item.contains(ctx, lease) for lease in (3, 4)] for item in of_leases] == [[False, True]] * 2
    assert [lease for (lease, _), _ in leases.SubnetLeaseShares.items(ctx)] == [4]
    assert dict(leases.SubnetUidToLeaseId.items(ctx)) == {netuid + 1: 4}


def test_other_subnets_are_unchanged(
    ctx: Context, dispatch: Dispatch, add_dynamic_network: AddDynamicNetwork, netuid: int
) -> None:
    other = add_dynamic_network(account(21), account(11))
    stake(ctx, other, 1_000)
    before = {key: value for key, value in ctx.state.items(b"") if other.to_bytes(2, "little") in key[32:]}
    dispatch(ROOT_ORIGIN, root_dissolve_network.call(netuid))
    assert len(before) > 20
    assert {key: ctx.state.get(key) for key in before} == before


def test_all_mechanisms_of_a_subnet_are_removed(ctx: Context, dispatch: Dispatch, netuid: int) -> None:
    MechanismCountCurrent.put(ctx, netuid, 2)
    pairs = np.array([[0, 1]], np.uint16)
    for index in (netuid, 4_096 + netuid, 4_096 + netuid + 1):
        Weights.put(ctx, index, 0, pairs)
    dispatch(ROOT_ORIGIN, root_dissolve_network.call(netuid))
    assert [index for (index, _), _ in Weights.items(ctx)] == [4_096 + netuid + 1]


def test_weights_of_root_validators_on_it_are_removed(ctx: Context, dispatch: Dispatch, netuid: int) -> None:
    Weights.put(ctx, 0, 5, np.array([[netuid, 9], [netuid + 1, 8]], np.uint16))
    dispatch(ROOT_ORIGIN, root_dissolve_network.call(netuid))
    assert Weights.get(ctx, 0, 5).tolist() == [[netuid, 0], [netuid + 1, 8]]


def test_its_root_dividends_can_no_longer_be_claimed(ctx: Context, dispatch: Dispatch, netuid: int) -> None:
    RootClaimable.put(ctx, OWNER_HOTKEY, {netuid: 5, netuid + 1: 6})
    dispatch(ROOT_ORIGIN, root_dissolve_network.call(netuid))
    assert RootClaimable.get(ctx, OWNER_HOTKEY) == {netuid + 1: 6}


# --- who gets the TAO ----------------------------------------------------------------------------------------------


def test_a_holder_of_all_alpha_receives_all_tao(ctx: Context, dispatch: Dispatch, netuid: int) -> None:
    stakers = stake(ctx, netuid, 5_000)
    SubnetTAO.put(ctx, netuid, 99_999)
    dispatch(ROOT_ORIGIN, root_dissolve_network.call(netuid))
    assert gains(ctx, stakers) == [99_999]
    assert list(AlphaV2.items(ctx)) == []
    assert not SubnetTAO.contains(ctx, netuid)


@pytest.mark.parametrize(
    ("alpha", "pot", "paid"),
    [
        ((300, 700), 10_000, [3_000, 7_000]),
        # One rao: the larger remainder gets it.
        ((3, 2), 1, [1, 0]),
        ((2, 3), 1, [0, 1]),
        # Parts of 333 1/3 each, one rao remains: the first one gets it.
        ((1, 1, 1), 1_000, [334, 333, 333]),
        ((1, 1, 1), 1_001, [334, 334, 333]),
        ((1, 2, 4), 100, [14, 29, 57]),
        # Nothing to divide.
        ((1_000, 5), 0, [0, 0]),
    ],
)
def test_tao_is_divided_by_alpha_to_the_last_rao(
    ctx: Context, dispatch: Dispatch, netuid: int, alpha: tuple[int, ...], pot: int, paid: list[int]
) -> None:
    stakers = stake(ctx, netuid, *alpha)
    by_hash = [bytes([hot[0] - 100]) * 32 for (hot, _), _ in TotalHotkeyAlpha.items(ctx)]
    SubnetTAO.put(ctx, netuid, pot)
    dispatch(ROOT_ORIGIN, root_dissolve_network.call(netuid))
    if len(set(alpha)) == 1:
        # Of equal remainders, the first in the order of hashed keys get the rao.
        assert gains(ctx, by_hash) == paid
    else:
        assert gains(ctx, stakers) == paid


def test_stake_of_former_kinds_counts(ctx: Context, dispatch: Dispatch, netuid: int) -> None:
    stakers = stake(ctx, netuid, 1_000, 1_000)
    AlphaV2.remove(ctx, (hotkey(0), coldkey(0), netuid))
    Alpha.put(ctx, (hotkey(0), coldkey(0), netuid), 1_000 << 64)
    SubnetTAO.put(ctx, netuid, 500)
    dispatch(ROOT_ORIGIN, root_dissolve_network.call(netuid))
    assert gains(ctx, stakers) == [250, 250]
    assert list(Alpha.items(ctx)) == []


def test_payments_below_the_existential_deposit_are_not_made(ctx: Context, dispatch: Dispatch, netuid: int) -> None:
    """A payment below the existential deposit creates no account, and the other payments are made nevertheless."""
    (poor, other) = stake(ctx, netuid, 400, 600)
    Account.remove(ctx, poor)
    BalancesIssuance.mutate(ctx, lambda issued: issued - DEPOSIT)
    TotalIssuance.mutate(ctx, lambda issued: issued - DEPOSIT)
    SubnetTAO.put(ctx, netuid, 1_000)
    dispatch(ROOT_ORIGIN, root_dissolve_network.call(netuid))
    assert get_coldkey_balance(ctx, poor) == 0
    assert gains(ctx, [other]) == [600]
    assert TotalIssuance.get(ctx) == BalancesIssuance.get(ctx)


@pytest.mark.parametrize(
    ("registered", "paid"),
    [(100, 100), (101, 50)],
    ids=["older subnets count what the chain bought", "newer ones their pool's alpha, too"],
)
def test_the_protocols_alpha_gets_its_part_of_the_tao(
    ctx: Context, dispatch: Dispatch, netuid: int, registered: int, paid: int
) -> None:
    TaoInRefundDeploymentBlock.put(ctx, 100)
    NetworkRegisteredAt.put(ctx, netuid, registered)
    SubnetAlphaIn.put(ctx, netuid, 100)
    SubnetProtocolAlpha.put(ctx, netuid, 50)
    stakers = stake(ctx, netuid, 50)
    SubnetTAO.put(ctx, netuid, 200)
    owner = get_coldkey_balance(ctx, OWNER)
    dispatch(ROOT_ORIGIN, root_dissolve_network.call(netuid))
    assert gains(ctx, stakers) == [paid]
    assert get_coldkey_balance(ctx, OWNER) == owner
    assert not SubnetProtocolAlpha.contains(ctx, netuid)


def test_the_rest_on_the_subnets_account_is_recycled(ctx: Context, dispatch: Dispatch, netuid: int) -> None:
    issued, staked = TotalIssuance.get(ctx), TotalStake.get(ctx)
    assert staked == SubnetTAO.get(ctx, netuid) == PRICE
    account = get_subnet_account_id(ctx, netuid)
    assert account is not None
    dispatch(ROOT_ORIGIN, root_dissolve_network.call(netuid))
    assert get_coldkey_balance(ctx, account) == DEPOSIT
    assert TotalIssuance.get(ctx) == BalancesIssuance.get(ctx) == issued - (PRICE - DEPOSIT)
    assert TotalStake.get(ctx) == 0


# --- the owner's refund --------------------------------------------------------------------------------------------


@pytest.fixture
def old(ctx: Context, netuid: int) -> int:
    """The subnet, registered before prices were put into pools."""
    NetworkRegistrationStartBlock.put(ctx, NetworkRegisteredAt.get(ctx, netuid) + 1)
    return netuid


def test_owners_of_old_subnets_get_the_price_back(ctx: Context, dispatch: Dispatch, old: int) -> None:
    SubnetTAO.put(ctx, old, 0)
    SubnetLocked.put(ctx, old, 1_000_000)
    before = get_coldkey_balance(ctx, OWNER)
    dispatch(ROOT_ORIGIN, root_dissolve_network.call(old))
    assert get_coldkey_balance(ctx, OWNER) == before + 1_000_000


def test_owners_of_new_subnets_get_no_refund(ctx: Context, dispatch: Dispatch, netuid: int) -> None:
    SubnetLocked.put(ctx, netuid, 1_000_000)
    before = get_coldkey_balance(ctx, OWNER)
    dispatch(ROOT_ORIGIN, root_dissolve_network.call(netuid))
    assert get_coldkey_balance(ctx, OWNER) == before


@pytest.mark.parametrize(
    ("cut", "refund"),
    [(0, 2_000), (11_796, 2_000 - 1_439), (65_535, 0)],
    ids=["no cut", "18 %", "more than the price"],
)
def test_the_owners_earnings_are_subtracted_from_the_refund(
    ctx: Context, dispatch: Dispatch, old: int, cut: int, refund: int
) -> None:
    """8,000 alpha at the price of one: 18 % of them are 1,439.96, floored."""
    SubnetOwnerCut.put(ctx, cut)
    SubnetLocked.put(ctx, old, 2_000)
    SubnetAlphaIn.put(ctx, old, 1_000)
    SubnetTAO.put(ctx, old, 1_000)
    SubnetAlphaOut.put(ctx, old, 7_000)
    before = get_coldkey_balance(ctx, OWNER)
    dispatch(ROOT_ORIGIN, root_dissolve_network.call(old))
    assert get_coldkey_balance(ctx, OWNER) == before + refund


def test_a_refund_is_limited_by_the_subnets_account(ctx: Context, dispatch: Dispatch, old: int) -> None:
    SubnetTAO.put(ctx, old, 0)
    SubnetLocked.put(ctx, old, U64_MAX)
    before = get_coldkey_balance(ctx, OWNER)
    dispatch(ROOT_ORIGIN, root_dissolve_network.call(old))
    assert get_coldkey_balance(ctx, OWNER) == before + PRICE
    assert SubnetOwner.get(ctx, old) == bytes(32)
