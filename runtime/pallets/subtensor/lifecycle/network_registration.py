"""Registration of a subnet, its initial parameters, its start, and the hotkey of its owner.

The registering coldkey pays the price into the pool of the subnet and becomes its owner; its hotkey gets uid 0. When
the number of subnets is at its limit, the one with the lowest moving price is dissolved.
"""

from __future__ import annotations

from .....consensus.fixed import U64F64
from .....consensus.integers import saturate_u16, saturating_add_u64, saturating_sub
from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from ....frame.weight import weight_of
from ....scale import AccountId
from ...shared.types import NetUid
from ...swap import DYNAMIC
from .. import storage
from ..declared import constants, events
from ..declared.errors import Error
from ..declared.limits import NEURON_BURN_COST
from ..declared.pallet import pallet
from ..declared.types import NetworkLastRegistered, SubnetIdentityOf, SubnetIdentityV3, TransactionType
from ..ledger.accounts import coldkey_owns_hotkey, create_account_if_non_existent, hotkey_account_exists
from ..ledger.prices import get_median_subnet_alpha_price
from ..ledger.share_pool import increase_total_stake
from ..ledger.subnet_accounts import is_subnet_account_id
from ..ledger.tao import can_remove_balance_from_coldkey_account, transfer_tao_to_subnet
from ..neurons.identity import is_valid_subnet_identity
from ..neurons.uids import append_neuron
from ..staking.childkeys import do_set_root_validators_for_subnet
from ..subnets import hyperparameters, networks
from ..subnets.owner_rules import ensure_subnet_owner, ensure_subnet_owner_or_root
from ..subnets.rate_limits import passes_rate_limit, passes_rate_limit_on_subnet, set_last_block_on_subnet
from ..subnets.symbols import get_next_available_symbol
from .dissolve import do_dissolve_network

#: Parameters of new subnets that do not follow the defaults: maximum of neurons and of validators, minimum of weights,
#: blocks of immunity.
NEW_MAX_UIDS, NEW_MAX_VALIDATORS, NEW_MIN_WEIGHTS, NEW_IMMUNITY_PERIOD = 256, 64, 1, 5_000


def do_register_network(
    ctx: Context, coldkey: bytes, hotkey: bytes, mechanism: int, identity: SubnetIdentityV3 | None
) -> None:
    """Register a subnet, paid and owned by `coldkey`, with `hotkey` as its first neuron.

    Fails with NonAssociatedColdKey, CannotUseSystemAccount, MechanismDoesNotExist, SubNetRegistrationDisabled,
    NetworkTxRateLimitExceeded, SubnetLimitReached, CannotAffordLockCost and InvalidIdentity.
    """
    _ensure_may_register(ctx, coldkey, hotkey, mechanism)
    pruned = _subnet_to_replace(ctx)
    lock = networks.get_network_lock_cost(ctx)
    ensure(can_remove_balance_from_coldkey_account(ctx, coldkey, lock), Error.CannotAffordLockCost)
    if pruned is not None:
        do_dissolve_network(ctx, pruned)
    netuid = networks.get_next_netuid(ctx) if pruned is None else pruned
    price = get_median_subnet_alpha_price(ctx)
    init_new_network(ctx, netuid, constants.InitialTempo.get(ctx))
    paid = transfer_tao_to_subnet(ctx, netuid, coldkey, lock)
    storage.NetworkLastLockCost.put(ctx, paid)
    storage.LastRateLimitedBlock.put(ctx, NetworkLastRegistered(), ctx.block.number)
    create_account_if_non_existent(ctx, coldkey, hotkey)
    append_neuron(ctx, netuid, hotkey, ctx.block.number)
    _init_registration(ctx, netuid, mechanism)
    _fill_pool(ctx, netuid, paid, price)
    storage.SubnetOwner.put(ctx, netuid, coldkey)
    set_subnet_owner_hotkey(ctx, netuid, hotkey)
    storage.SubnetLocked.put(ctx, netuid, paid)
    if identity is not None:
        ensure(is_valid_subnet_identity(identity), Error.InvalidIdentity)
        storage.SubnetIdentitiesV3.put(ctx, netuid, identity)
        ctx.deposit(events.SubnetIdentitySet(netuid))
    do_set_root_validators_for_subnet(ctx, netuid)
    ctx.deposit(events.NetworkAdded(netuid, mechanism))
    # The pool receives emission after root has enabled it.
    storage.SubnetEmissionEnabled.put(ctx, netuid, False)


def _ensure_may_register(ctx: Context, coldkey: bytes, hotkey: bytes, mechanism: int) -> None:
    """Refuse a registration by its accounts, its mechanism and the block."""
    free = not hotkey_account_exists(ctx, hotkey) or coldkey_owns_hotkey(ctx, coldkey, hotkey)
    ensure(free, Error.NonAssociatedColdKey)
    ensure(is_subnet_account_id(ctx, hotkey) is None, Error.CannotUseSystemAccount)
    ensure(mechanism == DYNAMIC, Error.MechanismDoesNotExist)
    ensure(ctx.block.number >= storage.NetworkRegistrationStartBlock.get(ctx), Error.SubNetRegistrationDisabled)
    in_time = passes_rate_limit(ctx, TransactionType.RegisterNetwork, coldkey)
    ensure(in_time, Error.NetworkTxRateLimitExceeded)


def _subnet_to_replace(ctx: Context) -> int | None:
    """Return the subnet that has to make room, None below the limit.

    Fails with SubnetLimitReached when all subnets are immune.
    """
    if networks.count_subnets(ctx) < storage.SubnetLimit.get(ctx):
        return None
    netuid = networks.get_network_to_prune(ctx)
    if netuid is None:
        raise DispatchFailed(Error.SubnetLimitReached)
    return netuid


def _init_registration(ctx: Context, netuid: int, mechanism: int) -> None:
    """Store mechanism, block of registration and symbol of a subnet, and count the registrations of its netuid."""
    storage.SubnetMechanism.put(ctx, netuid, mechanism)
    storage.NetworkRegisteredAt.put(ctx, netuid, ctx.block.number)
    storage.RegisteredSubnetCounter.mutate(ctx, netuid, lambda count: saturating_add_u64(count, 1))
    storage.TokenSymbol.put(ctx, netuid, get_next_available_symbol(ctx, netuid))


def _fill_pool(ctx: Context, netuid: int, paid: int, price: int) -> None:
    """Fill the pool of a subnet: the TAO paid, and the alpha that makes its price `price` (U64F64).

    No account gets alpha. If less was paid than `NetworkMinLockCost`, the pool counts that instead.
    """
    tao = max(paid, storage.NetworkMinLockCost.get(ctx))
    storage.SubnetTAO.put(ctx, netuid, tao)
    storage.SubnetAlphaIn.put(ctx, netuid, U64F64.to_int(U64F64.safe_div(U64F64.from_int(tao), price), 64))
    storage.SubnetAlphaOut.put(ctx, netuid, 0)
    storage.SubnetVolume.put(ctx, netuid, 0)
    storage.RAORecycledForRegistration.put(ctx, netuid, 0)
    if tao:
        increase_total_stake(ctx, tao)


def init_new_network(ctx: Context, netuid: int, tempo: int) -> None:
    """Create a subnet without neurons, owner or pool. Its first epoch falls on a block that depends on the netuid."""
    storage.SubnetworkN.put(ctx, netuid, 0)
    storage.NetworksAdded.put(ctx, netuid, True)
    storage.Tempo.put(ctx, netuid, tempo)
    storage.LastEpochBlock.put(ctx, netuid, saturating_sub(ctx.block.number, netuid % max(tempo, 1)))
    storage.TotalNetworks.mutate(ctx, lambda count: saturate_u16(count + 1))
    hyperparameters.set_network_registration_allowed(ctx, netuid, True)
    hyperparameters.set_max_allowed_uids(ctx, netuid, NEW_MAX_UIDS)
    hyperparameters.set_max_allowed_validators(ctx, netuid, NEW_MAX_VALIDATORS)
    hyperparameters.set_min_allowed_weights(ctx, netuid, NEW_MIN_WEIGHTS)
    hyperparameters.set_immunity_period(ctx, netuid, NEW_IMMUNITY_PERIOD)
    storage.Yuma3On.put(ctx, netuid, True)
    storage.Burn.put(ctx, netuid, NEURON_BURN_COST)
    storage.SubnetEmissionEnabled.put(ctx, netuid, True)
    # Stored, so that a later change of the defaults does not affect the subnet.
    for item in (storage.Kappa, storage.ActivityCutoff, storage.RegistrationsThisInterval):
        if not item.contains(ctx, netuid):
            item.put(ctx, netuid, item.get(ctx, netuid))


# --- the owner's hotkey --------------------------------------------------------------------------------------------


def set_subnet_owner_hotkey(ctx: Context, netuid: int, hotkey: bytes) -> None:
    """Set the hotkey of a subnet's owner. Fails with CannotUseSystemAccount for the account of a subnet."""
    ensure(is_subnet_account_id(ctx, hotkey) is None, Error.CannotUseSystemAccount)
    storage.SubnetOwnerHotkey.put(ctx, netuid, hotkey)
    ctx.deposit(events.SubnetOwnerHotkeySet(netuid, hotkey))


def do_set_sn_owner_hotkey(ctx: Context, netuid: int, hotkey: bytes) -> None:
    """Change the hotkey of a subnet's owner, as its owner or root; once a week on each subnet.

    Fails with BadOrigin, SubnetNotExists, TxRateLimitExceeded and CannotUseSystemAccount.
    """
    ensure_subnet_owner_or_root(ctx, netuid)
    ensure(networks.if_subnet_exist(ctx, netuid), Error.SubnetNotExists)
    act = TransactionType.SetSNOwnerHotkey
    ensure(passes_rate_limit_on_subnet(ctx, act, hotkey, netuid), Error.TxRateLimitExceeded)
    set_last_block_on_subnet(ctx, act, hotkey, netuid, ctx.block.number)
    set_subnet_owner_hotkey(ctx, netuid, hotkey)


# --- calls ---------------------------------------------------------------------------------------------------------


@pallet.call(59, weight=weight_of(277_125_000, 9_947, 40, 48))
def register_network(ctx: Context, hotkey: AccountId) -> None:
    """Register a subnet, with `hotkey` as its first neuron; the signer pays its price in TAO and becomes its owner.

    When the number of subnets is at its limit, the subnet with the lowest moving price is dissolved. Fails with
    NonAssociatedColdKey when another coldkey owns the hotkey, CannotUseSystemAccount, SubNetRegistrationDisabled,
    NetworkTxRateLimitExceeded, SubnetLimitReached, and CannotAffordLockCost.
    """
    do_register_network(ctx, ctx.ensure_signed(), hotkey, DYNAMIC, None)


@pallet.call(79, weight=weight_of(275_041_000, 9_883, 39, 47))
def register_network_with_identity(ctx: Context, hotkey: AccountId, identity: SubnetIdentityOf | None) -> None:
    """Register a subnet as `register_network` does, and publish its identity.

    Fails as `register_network`, and with InvalidIdentity for fields that are too long.
    """
    do_register_network(ctx, ctx.ensure_signed(), hotkey, DYNAMIC, identity)


@pallet.call(92, weight=weight_of(39_454_000, 4_583, 5, 2))
def start_call(ctx: Context, netuid: NetUid) -> None:
    """Start a subnet: its alpha is traded from now on, and it receives emission from the next block on.

    Only the owner of the subnet may call it, once. Fails with SubnetNotExists, FirstEmissionBlockNumberAlreadySet,
    and NeedWaitingMoreBlocksToStarCall within `StartCallDelay` blocks after the registration.
    """
    ensure(networks.if_subnet_exist(ctx, netuid), Error.SubnetNotExists)
    ensure_subnet_owner(ctx, netuid)
    ensure(storage.FirstEmissionBlockNumber.get(ctx, netuid) is None, Error.FirstEmissionBlockNumberAlreadySet)
    earliest = saturating_add_u64(storage.NetworkRegisteredAt.get(ctx, netuid), storage.StartCallDelay.get(ctx))
    ensure(ctx.block.number >= earliest, Error.NeedWaitingMoreBlocksToStarCall)
    storage.FirstEmissionBlockNumber.put(ctx, netuid, ctx.block.number + 1)
    storage.SubtokenEnabled.put(ctx, netuid, True)
    ctx.deposit(events.FirstEmissionBlockNumberSet(netuid, ctx.block.number + 1))
