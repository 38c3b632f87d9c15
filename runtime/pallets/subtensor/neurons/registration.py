"""Registration of neurons: a coldkey pays the price of the subnet, and its hotkey gets a uid.

The uid is a free one, or that of the neuron with the lowest emission. The price goes into the pool of the subnet,
and the alpha that it buys is burned. It rises with each registration and decays with each block
(`consensus.burn_price`). Proof of work has no effect any more: `register` accepts it and pays the same price.
"""

from __future__ import annotations

from .....consensus.burn_price import ONE, clamp, decay_factor_q32, mul_by_q32, raise_price
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

# --- assigning a uid -----------------------------------------------------------------------------------------------


def get_neuron_to_prune(ctx: Context, netuid: int) -> int | None:
    """Return the uid that the next registration on a full subnet replaces; None when none can be replaced.

    It is the neuron with the lowest emission; among equals the one registered first, then the lowest uid. Immune
    neurons of the owner are never chosen. Neurons within their immunity period are chosen only when at most
    `MinNonImmuneUids` others remain, and then exclusively.
    """
    immune_of_owner = get_immune_owner_uids(ctx, netuid, storage.SubnetOwner.get(ctx, netuid))
    emissions = storage.Emission.get(ctx, netuid).tolist()
    mature: list[tuple[int, int, int]] = []
    immune: list[tuple[int, int, int]] = []
    for uid in range(uids.get_subnetwork_n(ctx, netuid)):
        if uid in immune_of_owner or not uids.is_uid_exist_on_network(ctx, netuid, uid):
            continue
        emission = emissions[uid] if uid < len(emissions) else 0
        group = immune if get_neuron_is_immune(ctx, netuid, uid) else mature
        group.append((emission, get_neuron_block_at_registration(ctx, netuid, uid), uid))
    candidates = mature if len(mature) > storage.MinNonImmuneUids.get(ctx, netuid) else immune
    return min(candidates)[2] if candidates else None


def register_neuron(ctx: Context, netuid: int, hotkey: bytes) -> int:
    """Assign a uid of the subnet to a hotkey and return it: the next one, or that of a neuron it replaces.

    Fails with NoNeuronIdAvailable when the subnet is full and no neuron can be replaced.
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
    """Let the price of each subnet decay and reset its count of registrations, at the beginning of a block.

    The registrations on root are also counted for an interval, which ends with root's epoch.
    """
    block, netuids = ctx.block.number, get_all_subnet_netuids(ctx)
    prices, half_lives = storage.Burn.column(ctx, netuids), storage.BurnHalfLife.column(ctx, netuids)
    factors = [decay_factor_q32(half_life) for half_life in half_lives] if block > 1 else [ONE] * len(netuids)
    bounds = zip(storage.MinBurn.column(ctx, netuids), storage.MaxBurn.column(ctx, netuids), strict=True)
    decayed = {
        netuid: clamp(mul_by_q32(price, factor), least, greatest)
        for netuid, price, factor, (least, greatest) in zip(netuids, prices, factors, bounds, strict=True)
    }
    changed = [netuid for netuid, price in zip(netuids, prices, strict=True) if decayed[netuid] != price]
    storage.Burn.put_column(ctx, changed, [decayed[netuid] for netuid in changed])
    storage.RegistrationsThisBlock.put_column(ctx, netuids, [0] * len(netuids))
    if ROOT_NETUID in netuids and should_run_epoch(ctx, ROOT_NETUID, block):
        storage.RegistrationsThisInterval.put(ctx, ROOT_NETUID, 0)


def bump_registration_price_after_registration(ctx: Context, netuid: int) -> None:
    """Raise the price for the next registration, within its bounds. Root has no price."""
    if netuid != ROOT_NETUID:
        price = raise_price(storage.Burn.get(ctx, netuid), storage.BurnIncreaseMult.get(ctx, netuid))
        storage.Burn.put(ctx, netuid, clamp(price, storage.MinBurn.get(ctx, netuid), storage.MaxBurn.get(ctx, netuid)))


# --- calls ---------------------------------------------------------------------------------------------------------


def _ensure_subnet_but_root(ctx: Context, netuid: int) -> None:
    """Refuse root (RegistrationNotPermittedOnRootSubnet) and subnets that do not exist (SubnetNotExists)."""
    ensure(netuid != ROOT_NETUID, Error.RegistrationNotPermittedOnRootSubnet)
    ensure(if_subnet_exist(ctx, netuid), Error.SubnetNotExists)


def do_register(ctx: Context, netuid: int, hotkey: bytes) -> None:
    """Register a hotkey of the signer, its coldkey, for the present price. The order of the checks is the chain's.

    Fails with RegistrationNotPermittedOnRootSubnet, SubnetNotExists, SubNetRegistrationDisabled,
    HotKeyAlreadyRegisteredInSubNet, NotEnoughBalanceToStake, CannotUseSystemAccount, NonAssociatedColdKey when
    another coldkey owns the hotkey, and NoNeuronIdAvailable.
    """
    coldkey = ctx.ensure_signed()
    _ensure_subnet_but_root(ctx, netuid)
    ensure(storage.NetworkRegistrationAllowed.get(ctx, netuid), Error.SubNetRegistrationDisabled)
    ensure(not storage.Uids.contains(ctx, netuid, hotkey), Error.HotKeyAlreadyRegisteredInSubNet)
    price = storage.Burn.get(ctx, netuid)
    ensure(can_remove_balance_from_coldkey_account(ctx, coldkey, price), Error.NotEnoughBalanceToStake)
    create_account_if_non_existent(ctx, coldkey, hotkey)
    ensure(coldkey_owns_hotkey(ctx, coldkey, hotkey), Error.NonAssociatedColdKey)
    max_n = storage.MaxAllowedUids.get(ctx, netuid)
    full = uids.get_subnetwork_n(ctx, netuid) >= max_n
    ensure(max_n != 0 and not (full and get_neuron_to_prune(ctx, netuid) is None), Error.NoNeuronIdAvailable)

    paid = _pay(ctx, netuid, coldkey, price)
    uid = register_neuron(ctx, netuid, hotkey)
    bump_registration_price_after_registration(ctx, netuid)
    storage.RegistrationsThisBlock.mutate(ctx, netuid, lambda count: saturate_u16(count + 1))
    recycled = saturating_add_u64(storage.RAORecycledForRegistration.get(ctx, netuid), price)
    set_rao_recycled(ctx, netuid, recycled)
    record_tao_inflow(ctx, netuid, paid)
    ctx.deposit(events.NeuronRegistered(netuid, uid, hotkey))


def _pay(ctx: Context, netuid: int, coldkey: bytes, price: int) -> int:
    """Buy alpha of the subnet for the price, burn it, and return the rao paid.

    The coldkey keeps the existential deposit, so the payment can be less than the price.
    """
    paid = transfer_tao_to_subnet(ctx, netuid, coldkey, price)
    bought = swap_tao_for_alpha(ctx, netuid, paid, MAX_PRICE).amount_paid_out
    storage.SubnetAlphaOut.mutate(ctx, netuid, lambda out: saturating_sub(out, bought))
    return paid


@pallet.call(6, weight=weight_of(349_872_000, 6148, reads=34, writes=29))
def register(
    ctx: Context, netuid: NetUid, block_number: u64, nonce: u64, work: bytes, hotkey: AccountId, coldkey: AccountId
) -> None:
    """Register a hotkey of the signer on a subnet for the present price in TAO, which is burned as alpha.

    `block_number`, `nonce`, `work` and `coldkey` have no effect: proof of work no longer counts. Fails as
    `burned_register`.
    """
    do_register(ctx, netuid, hotkey)


@pallet.call(7, weight=weight_of(336_815_000, 6148, reads=34, writes=29))
def burned_register(ctx: Context, netuid: NetUid, hotkey: AccountId) -> None:
    """Register a hotkey of the signer on a subnet for the present price in TAO, which is burned as alpha.

    The signer becomes the owner of a hotkey without owner. Fails with RegistrationNotPermittedOnRootSubnet,
    SubnetNotExists, SubNetRegistrationDisabled, HotKeyAlreadyRegisteredInSubNet, NotEnoughBalanceToStake,
    NonAssociatedColdKey when another coldkey owns the hotkey, and NoNeuronIdAvailable when all neurons are immune.
    """
    do_register(ctx, netuid, hotkey)


@pallet.call(134, weight=weight_of(354_200_000, reads=47, writes=40))
def register_limit(ctx: Context, netuid: NetUid, hotkey: AccountId, limit_price: u64) -> None:
    """Register a hotkey of the signer on a subnet, if the present price is at most `limit_price` rao.

    Fails with RegistrationPriceLimitExceeded above it, and as `burned_register`.
    """
    ctx.ensure_signed()
    _ensure_subnet_but_root(ctx, netuid)
    ensure(storage.Burn.get(ctx, netuid) <= limit_price, Error.RegistrationPriceLimitExceeded)
    do_register(ctx, netuid, hotkey)
