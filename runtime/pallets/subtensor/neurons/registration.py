"""Becoming a neuron: a coldkey pays the subnet's price, and its hotkey gets a uid, a free one or that of the worst.

The price goes into the subnet's pool, the alpha that it buys is burned. It rises with each registration and falls with
each block (`consensus.burn_price`). Proof of work is no longer asked for: `register` takes it and pays all the same.
"""

from __future__ import annotations

from .....consensus.burn_price import clamp, decay_factor_q32, mul_by_q32, raised
from .....consensus.integers import saturate_u16, saturating_add_u64, saturating_sub
from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from ....frame.weight import weight_of
from ....scale import AccountId, u64
from ...shared.types import ROOT_NETUID, NetUid
from ...swap import MAX_PRICE
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..ledger.accounts import coldkey_owns_hotkey, create_account_if_non_existent
from ..ledger.subnet_emissions import record_tao_inflow
from ..ledger.tao import can_remove_balance_from_coldkey_account, transfer_tao_to_subnet
from ..ledger.trading import swap_tao_for_alpha
from ..subnets.hyperparameters import set_rao_recycled
from ..subnets.networks import get_all_subnet_netuids, if_subnet_exist
from ..subnets.tempo import should_run_epoch
from . import uids
from .immunity import get_immune_owner_uids, get_neuron_block_at_registration, get_neuron_is_immune

# --- a uid for a hotkey --------------------------------------------------------------------------------------------


def get_neuron_to_prune(ctx: Context, netuid: int) -> int | None:
    """The uid that a newcomer to a full subnet gets; None when nobody can be replaced.

    The neuron of the lowest emission goes, of equals the one registered first, then the lowest uid. The owner's own
    are spared. New neurons are spared while more than `MinNonImmuneUids` others remain; after that they alone go.
    """
    spared = get_immune_owner_uids(ctx, netuid, storage.SubnetOwner.get(ctx, netuid))
    emissions = storage.Emission.get(ctx, netuid).tolist()
    mature: list[tuple[int, int, int]] = []
    immune: list[tuple[int, int, int]] = []
    for uid in range(uids.get_subnetwork_n(ctx, netuid)):
        if uid in spared or not uids.is_uid_exist_on_network(ctx, netuid, uid):
            continue
        emission = emissions[uid] if uid < len(emissions) else 0
        group = immune if get_neuron_is_immune(ctx, netuid, uid) else mature
        group.append((emission, get_neuron_block_at_registration(ctx, netuid, uid), uid))
    candidates = mature if len(mature) > storage.MinNonImmuneUids.get(ctx, netuid) else immune
    return min(candidates)[2] if candidates else None


def register_neuron(ctx: Context, netuid: int, hotkey: bytes) -> int:
    """Give a hotkey a uid of the subnet: the next one, or that of the neuron that has to go.

    NoNeuronIdAvailable when the subnet is full and nobody can be replaced.
    """
    n, block = uids.get_subnetwork_n(ctx, netuid), ctx.block.number
    if n < storage.MaxAllowedUids.get(ctx, netuid):
        uids.append_neuron(ctx, netuid, hotkey, block)
        return n
    uid = get_neuron_to_prune(ctx, netuid)
    if uid is None:
        raise DispatchFailed(Error.NoNeuronIdAvailable)
    uids.replace_neuron(ctx, netuid, uid, hotkey, block)
    return uid


# --- the price -----------------------------------------------------------------------------------------------------


def update_registration_prices_for_networks(ctx: Context) -> None:
    """At the beginning of a block: let the price of each subnet decay, and count its registrations from zero.

    Registrations on root are also counted by interval, which ends with its epoch.
    """
    block, netuids = ctx.block.number, get_all_subnet_netuids(ctx)
    for netuid, price, half_life, least, greatest in zip(
        netuids,
        storage.Burn.column(ctx, netuids),
        storage.BurnHalfLife.column(ctx, netuids),
        storage.MinBurn.column(ctx, netuids),
        storage.MaxBurn.column(ctx, netuids),
        strict=True,
    ):
        decayed = mul_by_q32(price, decay_factor_q32(half_life)) if block > 1 else price
        decayed = clamp(decayed, least, greatest)
        if decayed != price:
            storage.Burn.put(ctx, netuid, decayed)
    storage.RegistrationsThisBlock.put_column(ctx, netuids, [0] * len(netuids))
    if ROOT_NETUID in netuids and should_run_epoch(ctx, ROOT_NETUID, block):
        storage.RegistrationsThisInterval.put(ctx, ROOT_NETUID, 0)


def bump_registration_price_after_registration(ctx: Context, netuid: int) -> None:
    """Raise the price for whoever comes next. Root has none."""
    if netuid != ROOT_NETUID:
        price = raised(storage.Burn.get(ctx, netuid), storage.BurnIncreaseMult.get(ctx, netuid))
        storage.Burn.put(ctx, netuid, clamp(price, storage.MinBurn.get(ctx, netuid), storage.MaxBurn.get(ctx, netuid)))


def increase_rao_recycled(ctx: Context, netuid: int, amount: int) -> None:
    """Add to what registrations have cost on the subnet so far."""
    set_rao_recycled(ctx, netuid, saturating_add_u64(storage.RAORecycledForRegistration.get(ctx, netuid), amount))


# --- calls ---------------------------------------------------------------------------------------------------------


def _ensure_subnet_but_root(ctx: Context, netuid: int) -> None:
    ensure(netuid != ROOT_NETUID, Error.RegistrationNotPermittedOnRootSubnet)
    ensure(if_subnet_exist(ctx, netuid), Error.SubnetNotExists)


def do_register(ctx: Context, netuid: int, hotkey: bytes) -> None:
    """Register a hotkey of the signer, its coldkey, for the present price. Checks stand in the chain's order."""
    coldkey = ctx.ensure_signed()
    _ensure_subnet_but_root(ctx, netuid)
    ensure(storage.NetworkRegistrationAllowed.get(ctx, netuid), Error.SubNetRegistrationDisabled)
    ensure(not storage.Uids.contains(ctx, netuid, hotkey), Error.HotKeyAlreadyRegisteredInSubNet)
    price = storage.Burn.get(ctx, netuid)
    ensure(can_remove_balance_from_coldkey_account(ctx, coldkey, price), Error.NotEnoughBalanceToStake)
    create_account_if_non_existent(ctx, coldkey, hotkey)
    ensure(coldkey_owns_hotkey(ctx, coldkey, hotkey), Error.NonAssociatedColdKey)
    places = storage.MaxAllowedUids.get(ctx, netuid)
    full = uids.get_subnetwork_n(ctx, netuid) >= places
    ensure(places != 0 and not (full and get_neuron_to_prune(ctx, netuid) is None), Error.NoNeuronIdAvailable)

    paid = _pay(ctx, netuid, coldkey, price)
    uid = register_neuron(ctx, netuid, hotkey)
    bump_registration_price_after_registration(ctx, netuid)
    storage.RegistrationsThisBlock.mutate(ctx, netuid, lambda count: saturate_u16(count + 1))
    increase_rao_recycled(ctx, netuid, price)
    record_tao_inflow(ctx, netuid, paid)
    ctx.deposit(events.NeuronRegistered(netuid, uid, hotkey))


def _pay(ctx: Context, netuid: int, coldkey: bytes, price: int) -> int:
    """Buy the subnet's alpha for the price and burn it. Gives what was paid: the coldkey keeps the existential deposit,
    so it can be less than the price."""
    paid = transfer_tao_to_subnet(ctx, netuid, coldkey, price)
    bought = swap_tao_for_alpha(ctx, netuid, paid, MAX_PRICE).amount_paid_out
    storage.SubnetAlphaOut.mutate(ctx, netuid, lambda out: saturating_sub(out, bought))
    return paid


def do_register_limit(ctx: Context, netuid: int, hotkey: bytes, limit_price: int) -> None:
    """The same, RegistrationPriceLimitExceeded when the price is above the limit, in rao."""
    ctx.ensure_signed()
    _ensure_subnet_but_root(ctx, netuid)
    ensure(storage.Burn.get(ctx, netuid) <= limit_price, Error.RegistrationPriceLimitExceeded)
    do_register(ctx, netuid, hotkey)


@pallet.call(6, weight=weight_of(349_872_000, 6148, reads=34, writes=29))
def register(
    ctx: Context, netuid: NetUid, block_number: u64, nonce: u64, work: bytes, hotkey: AccountId, coldkey: AccountId
) -> None:
    """Register a hotkey of the signer on a subnet for the present price; proof of work is not looked at any more."""
    do_register(ctx, netuid, hotkey)


@pallet.call(7, weight=weight_of(336_815_000, 6148, reads=34, writes=29))
def burned_register(ctx: Context, netuid: NetUid, hotkey: AccountId) -> None:
    """Register a hotkey of the signer on a subnet for the present price."""
    do_register(ctx, netuid, hotkey)


@pallet.call(134, weight=weight_of(354_200_000, reads=47, writes=40))
def register_limit(ctx: Context, netuid: NetUid, hotkey: AccountId, limit_price: u64) -> None:
    """Register a hotkey of the signer on a subnet, if the present price is at most `limit_price` rao."""
    do_register_limit(ctx, netuid, hotkey, limit_price)
