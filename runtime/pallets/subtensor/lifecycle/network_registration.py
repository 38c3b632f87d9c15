"""How a subnet begins: its registration and price, what a new subnet starts out with, its start, its owner's hotkey.

Who registers a subnet pays its price into the subnet's pool and becomes its owner, with uid 0. When there are as many
subnets as there may be, the one of the lowest moving price makes room.
"""

from __future__ import annotations

from .....consensus.fixed import U64F64
from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from ....frame.weight import weight_of
from ....scale import AccountId
from ...shared.types import NetUid
from ...swap import DYNAMIC
from ..declared.constants import InitialTempo
from ..declared.errors import Error
from ..declared.events import (
    FirstEmissionBlockNumberSet,
    NetworkAdded,
    SubnetIdentitySet,
    SubnetOwnerHotkeySet,
)
from ..declared.limits import NEURON_BURN_COST
from ..declared.pallet import pallet
from ..declared.types import SubnetIdentityOf, SubnetIdentityV3, TransactionType
from ..ledger.accounts import coldkey_owns_hotkey, create_account_if_non_existent, hotkey_account_exists
from ..ledger.prices import get_median_subnet_alpha_price
from ..ledger.share_pool import increase_total_stake
from ..ledger.tao import can_remove_balance_from_coldkey_account, transfer_tao_to_subnet
from ..neurons.identity import is_valid_subnet_identity
from ..neurons.uids import append_neuron
from ..staking.childkeys import do_set_root_validators_for_subnet
from ..storage.emission import SubnetEmissionEnabled
from ..storage.hyperparameters import ActivityCutoff, Kappa, Yuma3On
from ..storage.networks import (
    FirstEmissionBlockNumber,
    NetworkLastLockCost,
    NetworkMinLockCost,
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
from ..storage.neurons import SubnetworkN
from ..storage.pools import (
    SubnetAlphaIn,
    SubnetAlphaOut,
    SubnetTAO,
    SubnetVolume,
)
from ..storage.registration import Burn, RAORecycledForRegistration, RegistrationsThisInterval
from ..storage.serving import SubnetIdentitiesV3
from ..storage.tempo import LastEpochBlock, Tempo
from ..subnets.hyperparameters import (
    set_immunity_period,
    set_max_allowed_uids,
    set_max_allowed_validators,
    set_min_allowed_weights,
    set_network_registration_allowed,
)
from ..subnets.networks import (
    count_subnets,
    get_network_lock_cost,
    get_network_to_prune,
    get_next_netuid,
    if_subnet_exist,
    is_subnet_account_id,
    set_network_last_lock_block,
)
from ..subnets.owner_rules import ensure_subnet_owner, ensure_subnet_owner_or_root
from ..subnets.rate_limits import passes_rate_limit, passes_rate_limit_on_subnet, set_last_block_on_subnet
from ..subnets.symbols import get_next_available_symbol
from .dissolve import do_dissolve_network

#: What new subnets get whatever the defaults are: neurons, validators, weights, blocks of immunity.
NEW_MAX_UIDS, NEW_MAX_VALIDATORS, NEW_MIN_WEIGHTS, NEW_IMMUNITY_PERIOD = 256, 64, 1, 5_000
U16_MAX, U64_MAX = (1 << 16) - 1, (1 << 64) - 1


def do_register_network(
    ctx: Context, coldkey: bytes, hotkey: bytes, mechanism: int, identity: SubnetIdentityV3 | None
) -> None:
    """Register a subnet, paid and owned by `coldkey`, with `hotkey` as its first neuron."""
    _ensure_may_register(ctx, coldkey, hotkey, mechanism)
    pruned = _make_room(ctx)
    lock = get_network_lock_cost(ctx)
    ensure(can_remove_balance_from_coldkey_account(ctx, coldkey, lock), Error.CannotAffordLockCost)
    if pruned is not None:
        do_dissolve_network(ctx, pruned)
    netuid = get_next_netuid(ctx) if pruned is None else pruned
    price = get_median_subnet_alpha_price(ctx)
    init_new_network(ctx, netuid, InitialTempo.get(ctx))
    paid = transfer_tao_to_subnet(ctx, netuid, coldkey, lock)
    NetworkLastLockCost.put(ctx, paid)
    set_network_last_lock_block(ctx, ctx.block.number)
    create_account_if_non_existent(ctx, coldkey, hotkey)
    append_neuron(ctx, netuid, hotkey, ctx.block.number)
    _set_birth(ctx, netuid, mechanism)
    _fill_pool(ctx, netuid, paid, price)
    SubnetOwner.put(ctx, netuid, coldkey)
    set_subnet_owner_hotkey(ctx, netuid, hotkey)
    SubnetLocked.put(ctx, netuid, paid)
    if identity is not None:
        ensure(is_valid_subnet_identity(identity), Error.InvalidIdentity)
        SubnetIdentitiesV3.put(ctx, netuid, identity)
        ctx.deposit(SubnetIdentitySet(netuid))
    do_set_root_validators_for_subnet(ctx, netuid)
    ctx.deposit(NetworkAdded(netuid, mechanism))
    # Its pool receives emission once root says so.
    SubnetEmissionEnabled.put(ctx, netuid, False)


def _ensure_may_register(ctx: Context, coldkey: bytes, hotkey: bytes, mechanism: int) -> None:
    free = not hotkey_account_exists(ctx, hotkey) or coldkey_owns_hotkey(ctx, coldkey, hotkey)
    ensure(free, Error.NonAssociatedColdKey)
    ensure(is_subnet_account_id(ctx, hotkey) is None, Error.CannotUseSystemAccount)
    ensure(mechanism == DYNAMIC, Error.MechanismDoesNotExist)
    ensure(ctx.block.number >= NetworkRegistrationStartBlock.get(ctx), Error.SubNetRegistrationDisabled)
    in_time = passes_rate_limit(ctx, TransactionType.RegisterNetwork, coldkey)
    ensure(in_time, Error.NetworkTxRateLimitExceeded)


def _make_room(ctx: Context) -> int | None:
    """The subnet that has to go, None when there is room; SubnetLimitReached when none may go."""
    if count_subnets(ctx) < SubnetLimit.get(ctx):
        return None
    netuid = get_network_to_prune(ctx)
    if netuid is None:
        raise DispatchFailed(Error.SubnetLimitReached)
    return netuid


def _set_birth(ctx: Context, netuid: int, mechanism: int) -> None:
    """What tells a subnet apart: its mechanism, when it was registered, how often its netuid was given, its sign."""
    SubnetMechanism.put(ctx, netuid, mechanism)
    NetworkRegisteredAt.put(ctx, netuid, ctx.block.number)
    RegisteredSubnetCounter.mutate(ctx, netuid, lambda count: min(count + 1, U64_MAX))
    TokenSymbol.put(ctx, netuid, get_next_available_symbol(ctx, netuid))


def _fill_pool(ctx: Context, netuid: int, paid: int, price: int) -> None:
    """Give a subnet its pool: what was paid for it, and as much alpha as makes the price (U64F64) the others' median.

    Nobody gets alpha for it. If less was paid than the least price, the pool counts that instead.
    """
    tao = max(paid, NetworkMinLockCost.get(ctx))
    SubnetTAO.put(ctx, netuid, tao)
    SubnetAlphaIn.put(ctx, netuid, U64F64.to_int(U64F64.safe_div(U64F64.from_int(tao), price), 64))
    SubnetAlphaOut.put(ctx, netuid, 0)
    SubnetVolume.put(ctx, netuid, 0)
    RAORecycledForRegistration.put(ctx, netuid, 0)
    if tao:
        increase_total_stake(ctx, tao)


def init_new_network(ctx: Context, netuid: int, tempo: int) -> None:
    """A subnet without neurons, owner or pool. Epochs of different subnets begin at different blocks of a tempo."""
    SubnetworkN.put(ctx, netuid, 0)
    NetworksAdded.put(ctx, netuid, True)
    Tempo.put(ctx, netuid, tempo)
    LastEpochBlock.put(ctx, netuid, max(ctx.block.number - netuid % max(tempo, 1), 0))
    TotalNetworks.mutate(ctx, lambda count: min(count + 1, U16_MAX))
    set_network_registration_allowed(ctx, netuid, True)
    set_max_allowed_uids(ctx, netuid, NEW_MAX_UIDS)
    set_max_allowed_validators(ctx, netuid, NEW_MAX_VALIDATORS)
    set_min_allowed_weights(ctx, netuid, NEW_MIN_WEIGHTS)
    set_immunity_period(ctx, netuid, NEW_IMMUNITY_PERIOD)
    Yuma3On.put(ctx, netuid, True)
    Burn.put(ctx, netuid, NEURON_BURN_COST)
    SubnetEmissionEnabled.put(ctx, netuid, True)
    # Those that a subnet keeps even if the defaults should change some day.
    for item in (Kappa, ActivityCutoff, RegistrationsThisInterval):
        if not item.contains(ctx, netuid):
            item.put(ctx, netuid, item.get(ctx, netuid))


# --- start and owner -----------------------------------------------------------------------------------------------


def do_start_call(ctx: Context, netuid: int) -> None:
    """Start a subnet: its alpha is traded from now on, and it emits from the next block on. Once, by its owner."""
    ensure(if_subnet_exist(ctx, netuid), Error.SubnetNotExists)
    ensure_subnet_owner(ctx, netuid)
    ensure(FirstEmissionBlockNumber.get(ctx, netuid) is None, Error.FirstEmissionBlockNumberAlreadySet)
    earliest = min(NetworkRegisteredAt.get(ctx, netuid) + StartCallDelay.get(ctx), U64_MAX)
    ensure(ctx.block.number >= earliest, Error.NeedWaitingMoreBlocksToStarCall)
    FirstEmissionBlockNumber.put(ctx, netuid, ctx.block.number + 1)
    SubtokenEnabled.put(ctx, netuid, True)
    ctx.deposit(FirstEmissionBlockNumberSet(netuid, ctx.block.number + 1))


def set_subnet_owner_hotkey(ctx: Context, netuid: int, hotkey: bytes) -> None:
    """Name the hotkey of a subnet's owner; CannotUseSystemAccount for the account of a subnet."""
    ensure(is_subnet_account_id(ctx, hotkey) is None, Error.CannotUseSystemAccount)
    SubnetOwnerHotkey.put(ctx, netuid, hotkey)
    ctx.deposit(SubnetOwnerHotkeySet(netuid, hotkey))


def do_set_sn_owner_hotkey(ctx: Context, netuid: int, hotkey: bytes) -> None:
    """Change the hotkey of a subnet's owner, by the owner or root, once a week on each subnet."""
    ensure_subnet_owner_or_root(ctx, netuid)
    ensure(if_subnet_exist(ctx, netuid), Error.SubnetNotExists)
    act = TransactionType.SetSNOwnerHotkey
    ensure(passes_rate_limit_on_subnet(ctx, act, hotkey, netuid), Error.TxRateLimitExceeded)
    set_last_block_on_subnet(ctx, act, hotkey, netuid, ctx.block.number)
    set_subnet_owner_hotkey(ctx, netuid, hotkey)


# --- calls ---------------------------------------------------------------------------------------------------------


@pallet.call(59, weight=weight_of(277_125_000, 9_947, 40, 48))
def register_network(ctx: Context, hotkey: AccountId) -> None:
    """Register a subnet, with `hotkey` as its first neuron. The caller pays its price and owns it."""
    do_register_network(ctx, ctx.ensure_signed(), hotkey, DYNAMIC, None)


@pallet.call(79, weight=weight_of(275_041_000, 9_883, 39, 47))
def register_network_with_identity(ctx: Context, hotkey: AccountId, identity: SubnetIdentityOf | None) -> None:
    """Register a subnet and say what it is."""
    do_register_network(ctx, ctx.ensure_signed(), hotkey, DYNAMIC, identity)


@pallet.call(92, weight=weight_of(39_454_000, 4_583, 5, 2))
def start_call(ctx: Context, netuid: NetUid) -> None:
    """Start a subnet: its alpha is traded and it emits from the next block on. By its owner, once."""
    do_start_call(ctx, netuid)
