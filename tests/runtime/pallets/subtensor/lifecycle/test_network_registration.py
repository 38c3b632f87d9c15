"""Registration of subnets, what a new one begins with, its start, and the owner's hotkey."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin, DispatchFailed
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN, signed
from pysubtensor.runtime.pallets.balances.declared import ExistentialDeposit, Transfer
from pysubtensor.runtime.pallets.balances.fungible import mint_into
from pysubtensor.runtime.pallets.subtensor.declared import events as e
from pysubtensor.runtime.pallets.subtensor.declared.constants import InitialStartCallDelay
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.types import SubnetIdentityV3
from pysubtensor.runtime.pallets.subtensor.ledger.prices import get_median_subnet_alpha_price
from pysubtensor.runtime.pallets.subtensor.ledger.subnet_accounts import get_subnet_account_id
from pysubtensor.runtime.pallets.subtensor.ledger.tao import get_coldkey_balance
from pysubtensor.runtime.pallets.subtensor.lifecycle.network_registration import (
    do_set_sn_owner_hotkey,
    init_new_network,
    register_network,
    register_network_with_identity,
    start_call,
)
from pysubtensor.runtime.pallets.subtensor.storage.delegation import AutoParentDelegationEnabled, ChildKeys, ParentKeys
from pysubtensor.runtime.pallets.subtensor.storage.emission import SubnetEmissionEnabled
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import (
    ImmunityPeriod,
    MaxAllowedUids,
    MaxAllowedValidators,
    MinAllowedWeights,
    Yuma3On,
)
from pysubtensor.runtime.pallets.subtensor.storage.networks import (
    FirstEmissionBlockNumber,
    NetworkImmunityPeriod,
    NetworkLastLockCost,
    NetworkRateLimit,
    NetworkRegisteredAt,
    NetworkRegistrationStartBlock,
    NetworksAdded,
    RegisteredSubnetCounter,
    StartCallDelay,
    SubnetLimit,
    SubnetLocked,
    SubnetMechanism,
    SubnetOwner,
    SubnetOwnerHotkey,
    SubtokenEnabled,
    TokenSymbol,
    TotalNetworks,
)
from pysubtensor.runtime.pallets.subtensor.storage.neurons import Keys, SubnetworkN, Uids
from pysubtensor.runtime.pallets.subtensor.storage.pools import (
    SubnetAlphaIn,
    SubnetAlphaOut,
    SubnetMovingPrice,
    SubnetTAO,
)
from pysubtensor.runtime.pallets.subtensor.storage.registration import Burn, NetworkRegistrationAllowed
from pysubtensor.runtime.pallets.subtensor.storage.serving import SubnetIdentitiesV3
from pysubtensor.runtime.pallets.subtensor.storage.staking import OwnedHotkeys, Owner, TotalHotkeyAlpha, TotalStake
from pysubtensor.runtime.pallets.subtensor.storage.tempo import LastEpochBlock, Tempo
from pysubtensor.runtime.pallets.subtensor.subnets.networks import (
    get_network_lock_cost,
    get_owner_uid,
)

from tests.world import (
    ONE,
    TAO,
    U64_MAX,
    AddDynamicNetwork,
    AddNetwork,
    Dispatch,
    Events,
    GoTo,
    RefusedCall,
    account,
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


# --- registration --------------------------------------------------------------------------------------------------


def test_a_new_subnet_has_the_price_in_its_pool_and_the_owner_as_neuron_0(
    ctx: Context, dispatch: Dispatch, events: Events, rich: bytes
) -> None:
    dispatch(rich, register_network.call(HOTKEY))
    assert SubnetOwner.get(ctx, 1) == rich
    assert SubnetOwnerHotkey.get(ctx, 1) == HOTKEY
    assert (SubnetTAO.get(ctx, 1), SubnetAlphaIn.get(ctx, 1), SubnetAlphaOut.get(ctx, 1)) == (PRICE, PRICE, 0)
    assert (SubnetLocked.get(ctx, 1), TotalStake.get(ctx)) == (PRICE, PRICE)
    assert (Keys.get(ctx, 1, 0), Uids.get(ctx, 1, HOTKEY), SubnetworkN.get(ctx, 1)) == (HOTKEY, 0, 1)
    assert get_owner_uid(ctx, 1) == 0
    assert (Owner.get(ctx, HOTKEY), OwnedHotkeys.get(ctx, rich)) == (rich, [HOTKEY])
    assert TotalHotkeyAlpha.get(ctx, HOTKEY, 1) == 0
    assert (NetworkRegisteredAt.get(ctx, 1), TotalNetworks.get(ctx), SubnetMechanism.get(ctx, 1)) == (1, 1, 1)
    assert TokenSymbol.get(ctx, 1) == "α".encode()
    assert not SubnetEmissionEnabled.get(ctx, 1)
    assert get_coldkey_balance(ctx, rich) == 900 * TAO
    subnet = get_subnet_account_id(ctx, 1)
    assert subnet is not None
    assert get_coldkey_balance(ctx, subnet) == PRICE
    own = [event for event in events() if isinstance(event, e.Event | Transfer)]
    assert own == [
        e.RegistrationAllowed(1, True),
        e.MaxAllowedUidsSet(1, 256),
        e.MaxAllowedValidatorsSet(1, 64),
        e.MinAllowedWeightSet(1, 1),
        e.ImmunityPeriodSet(1, 5_000),
        Transfer(rich, subnet, PRICE),
        e.SubnetOwnerHotkeySet(1, HOTKEY),
        e.NetworkAdded(1, 1),
    ]


def test_the_next_subnet_costs_twice_as_much(ctx: Context, dispatch: Dispatch, rich: bytes) -> None:
    dispatch(rich, register_network.call(HOTKEY))
    assert NetworkLastLockCost.get(ctx) == PRICE
    assert get_network_lock_cost(ctx) == 2 * PRICE


def test_the_alpha_of_a_new_pool_follows_the_median_price(
    ctx: Context, dispatch: Dispatch, add_dynamic_network: AddDynamicNetwork, rich: bytes
) -> None:
    for number, tao in ((1, 500), (2, 200)):
        netuid = add_dynamic_network(account(number), account(10 + number))
        SubnetTAO.put(ctx, netuid, tao)
        SubnetAlphaIn.put(ctx, netuid, 100)
    assert get_median_subnet_alpha_price(ctx) == 7 * ONE // 2
    price = get_network_lock_cost(ctx)
    dispatch(rich, register_network.call(HOTKEY))
    assert (SubnetTAO.get(ctx, 3), SubnetAlphaIn.get(ctx, 3)) == (price, 2 * price // 7)


def test_the_existential_deposit_is_kept_from_the_price(ctx: Context, dispatch: Dispatch) -> None:
    deposit = ExistentialDeposit.get(ctx)
    mint_into(ctx, COLDKEY, PRICE)
    dispatch(COLDKEY, register_network.call(HOTKEY))
    assert SubnetLocked.get(ctx, 1) == NetworkLastLockCost.get(ctx) == PRICE - deposit
    # The pool nevertheless contains the least price.
    assert SubnetTAO.get(ctx, 1) == PRICE


def test_root_validators_become_parents_of_the_owners_hotkey(ctx: Context, dispatch: Dispatch, rich: bytes) -> None:
    willing, unwilling = account(5), account(6)
    for uid, hotkey in enumerate((willing, unwilling)):
        Keys.put(ctx, 0, uid, hotkey)
        Owner.put(ctx, hotkey, account(50 + uid))
    AutoParentDelegationEnabled.put(ctx, unwilling, False)
    dispatch(rich, register_network.call(HOTKEY))
    assert ChildKeys.get(ctx, willing, 1) == [(U64_MAX, HOTKEY)]
    assert ParentKeys.get(ctx, HOTKEY, 1) == [(U64_MAX, willing)]
    assert ChildKeys.get(ctx, unwilling, 1) == []


def test_the_registration_can_set_an_identity(ctx: Context, dispatch: Dispatch, events: Events, rich: bytes) -> None:
    identity = SubnetIdentityV3(subnet_name=b"mine")
    dispatch(rich, register_network_with_identity.call(HOTKEY, identity))
    assert SubnetIdentitiesV3.get(ctx, 1) == identity
    assert e.SubnetIdentitySet(1) in events()


def test_without_an_identity_none_is_stored(ctx: Context, dispatch: Dispatch, rich: bytes) -> None:
    dispatch(rich, register_network_with_identity.call(HOTKEY, None))
    assert SubnetIdentitiesV3.get(ctx, 1) is None


def test_a_subnet_whose_identity_is_too_long_is_not_registered(refused: RefusedCall, rich: bytes) -> None:
    identity = SubnetIdentityV3(subnet_name=b"x" * 257)
    refused(rich, register_network_with_identity.call(HOTKEY, identity), Error.InvalidIdentity)


def test_the_price_must_be_available(ctx: Context, refused: RefusedCall) -> None:
    refused(STRANGER, register_network.call(HOTKEY), Error.CannotAffordLockCost)
    mint_into(ctx, COLDKEY, PRICE - 1)
    refused(COLDKEY, register_network.call(HOTKEY), Error.CannotAffordLockCost)


@pytest.mark.parametrize("origin", [NONE, ROOT_ORIGIN])
def test_registration_must_be_signed(refused: RefusedCall, origin: object) -> None:
    refused(origin, register_network.call(HOTKEY), BadOrigin())


def test_a_foreign_hotkey_is_refused(ctx: Context, refused: RefusedCall, rich: bytes) -> None:
    Owner.put(ctx, HOTKEY, STRANGER)
    refused(rich, register_network.call(HOTKEY), Error.NonAssociatedColdKey)


def test_the_account_of_a_subnet_is_refused_as_a_hotkey(ctx: Context, refused: RefusedCall, rich: bytes) -> None:
    account_of_root = get_subnet_account_id(ctx, 0)
    assert account_of_root is not None
    refused(rich, register_network.call(account_of_root), Error.CannotUseSystemAccount)


def test_registrations_start_at_a_configured_block(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo, rich: bytes
) -> None:
    NetworkRegistrationStartBlock.put(ctx, 100)
    go_to(99)
    refused(rich, register_network.call(HOTKEY), Error.SubNetRegistrationDisabled)
    go_to(100)
    dispatch(rich, register_network.call(HOTKEY))
    assert NetworksAdded.get(ctx, 1)


def test_registrations_are_rate_limited_for_all_accounts(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo, rich: bytes
) -> None:
    NetworkRateLimit.put(ctx, 50)
    mint_into(ctx, STRANGER, 1_000 * TAO)
    go_to(10)
    dispatch(rich, register_network.call(HOTKEY))
    go_to(59)
    refused(STRANGER, register_network.call(account(7)), Error.NetworkTxRateLimitExceeded)
    go_to(60)
    dispatch(STRANGER, register_network.call(account(7)))
    assert SubnetOwner.get(ctx, 2) == STRANGER


def test_registrations_of_a_netuid_are_counted(ctx: Context, add_dynamic_network: AddDynamicNetwork) -> None:
    for number in (1, 2):
        add_dynamic_network(account(number), account(10 + number))
    assert [RegisteredSubnetCounter.get(ctx, netuid) for netuid in (0, 1, 2, 3)] == [0, 1, 1, 0]


# --- what a new subnet begins with ---------------------------------------------------------------------------------


def test_a_new_subnet_has_initial_parameters(ctx: Context) -> None:
    init_new_network(ctx, 7, 360)
    assert (Tempo.get(ctx, 7), MaxAllowedUids.get(ctx, 7), MaxAllowedValidators.get(ctx, 7)) == (360, 256, 64)
    assert (MinAllowedWeights.get(ctx, 7), ImmunityPeriod.get(ctx, 7), Burn.get(ctx, 7)) == (1, 5_000, TAO)
    assert (Yuma3On.get(ctx, 7), NetworkRegistrationAllowed.get(ctx, 7)) == (True, True)
    assert (SubnetworkN.get(ctx, 7), TotalNetworks.get(ctx)) == (0, 1)


@pytest.mark.parametrize(
    ("netuid", "tempo", "block"), [(7, 360, 993), (367, 360, 993), (360, 360, 1_000), (7, 0, 1_000)]
)
def test_epochs_of_subnets_are_staggered(ctx: Context, go_to: GoTo, netuid: int, tempo: int, block: int) -> None:
    go_to(1_000)
    init_new_network(ctx, netuid, tempo)
    assert LastEpochBlock.get(ctx, netuid) == block


# --- start ---------------------------------------------------------------------------------------------------------


def test_a_started_subnet_trades_and_emits_from_the_next_block(
    ctx: Context, dispatch: Dispatch, events: Events, go_to: GoTo
) -> None:
    init_new_network(ctx, 5, 360)
    SubnetOwner.put(ctx, 5, COLDKEY)
    events()
    go_to(1_234)
    dispatch(COLDKEY, start_call.call(5))
    assert (FirstEmissionBlockNumber.get(ctx, 5), SubtokenEnabled.get(ctx, 5)) == (1_235, True)
    assert events() == [e.FirstEmissionBlockNumberSet(5, 1_235)]


def test_a_subnet_cannot_be_started_before_the_delay(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo
) -> None:
    init_new_network(ctx, 5, 360)
    SubnetOwner.put(ctx, 5, COLDKEY)
    NetworkRegisteredAt.put(ctx, 5, 100)
    StartCallDelay.put(ctx, 30)
    go_to(129)
    refused(COLDKEY, start_call.call(5), Error.NeedWaitingMoreBlocksToStarCall)
    go_to(130)
    dispatch(COLDKEY, start_call.call(5))
    assert SubtokenEnabled.get(ctx, 5)


def test_by_default_a_subnet_can_be_started_at_once(ctx: Context) -> None:
    assert InitialStartCallDelay.get(ctx) == StartCallDelay.get(ctx) == 0


def test_a_subnet_is_started_once_by_its_owner(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    refused(COLDKEY, start_call.call(5), Error.SubnetNotExists)
    init_new_network(ctx, 5, 360)
    SubnetOwner.put(ctx, 5, COLDKEY)
    refused(STRANGER, start_call.call(5), BadOrigin())
    refused(ROOT_ORIGIN, start_call.call(5), BadOrigin())
    dispatch(COLDKEY, start_call.call(5))
    refused(COLDKEY, start_call.call(5), Error.FirstEmissionBlockNumberAlreadySet)


# --- owners and the limit ---------------------------------------------------------------------------------------------


def test_an_owners_hotkey_changes_once_a_week(ctx: Context, go_to: GoTo, add_network: AddNetwork) -> None:
    week = 7 * 7_200
    add_network(5, 360, COLDKEY)
    owner = ctx.with_origin(signed(COLDKEY))
    go_to(10)
    do_set_sn_owner_hotkey(owner, 5, HOTKEY)
    assert SubnetOwnerHotkey.get(ctx, 5) == HOTKEY
    go_to(10 + week - 1)
    with pytest.raises(DispatchFailed) as failure:
        do_set_sn_owner_hotkey(owner, 5, STRANGER)
    assert failure.value.reason is Error.TxRateLimitExceeded
    go_to(10 + week)
    do_set_sn_owner_hotkey(owner, 5, STRANGER)
    assert SubnetOwnerHotkey.get(ctx, 5) == STRANGER


def test_at_the_limit_without_a_subnet_to_prune_none_is_registered(
    ctx: Context, refused: RefusedCall, add_dynamic_network: AddDynamicNetwork, rich: bytes
) -> None:
    SubnetLimit.put(ctx, 1)
    add_dynamic_network(account(1), account(2))
    refused(rich, register_network.call(HOTKEY), Error.SubnetLimitReached)


def test_a_registration_that_cannot_be_paid_prunes_no_subnet(
    ctx: Context, refused: RefusedCall, go_to: GoTo, add_dynamic_network: AddDynamicNetwork
) -> None:
    SubnetLimit.put(ctx, 1)
    add_dynamic_network(account(1), account(2))
    go_to(NetworkImmunityPeriod.get(ctx) + 10)
    refused(COLDKEY, register_network.call(HOTKEY), Error.CannotAffordLockCost)


def test_at_the_limit_a_new_subnet_replaces_the_cheapest(
    ctx: Context,
    dispatch: Dispatch,
    events: Events,
    go_to: GoTo,
    add_dynamic_network: AddDynamicNetwork,
    rich: bytes,
) -> None:
    SubnetLimit.put(ctx, 2)
    first, second = (add_dynamic_network(account(n), account(10 + n)) for n in (1, 2))
    SubnetMovingPrice.put(ctx, second, ONE_32)
    go_to(NetworkImmunityPeriod.get(ctx) + 100)
    events()
    dispatch(rich, register_network.call(HOTKEY))
    assert (SubnetOwner.get(ctx, first), SubnetOwnerHotkey.get(ctx, first)) == (rich, HOTKEY)
    assert SubnetOwner.get(ctx, second) == account(12)
    assert (TotalNetworks.get(ctx), RegisteredSubnetCounter.get(ctx, first)) == (2, 2)
    own = [event for event in events() if isinstance(event, e.NetworkAdded | e.NetworkRemoved)]
    assert own == [e.NetworkRemoved(first), e.NetworkAdded(first, 1)]
