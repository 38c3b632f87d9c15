"""Subnets and neurons through the calls that register them, without their price and their limits."""

from __future__ import annotations

from typing import Any

from ...consensus.integers import U16_MAX
from ..frame.call import Call
from ..frame.context import Context
from ..frame.errors import ensure
from ..frame.origin import ROOT_ORIGIN, signed
from ..frame.storage import StorageItem
from ..pallets.balances.accounts import account_data
from ..pallets.shared.types import ROOT_NETUID
from ..pallets.subtensor import storage
from ..pallets.subtensor.coinbase.epoch import epoch_with_mechanisms
from ..pallets.subtensor.declared.errors import Error
from ..pallets.subtensor.ledger import share_pool
from ..pallets.subtensor.ledger.accounts import create_account_if_non_existent
from ..pallets.subtensor.lifecycle.network_registration import register_network, start_call
from ..pallets.subtensor.neurons.registration import burned_register
from ..pallets.subtensor.neurons.uids import get_uid_for_net_and_hotkey
from ..pallets.subtensor.staking.add import add_stake
from ..pallets.subtensor.staking.conviction import get_current_locked
from ..pallets.subtensor.staking.stake import stake_into_subnet, unstake_from_subnet
from ..pallets.subtensor.subnets.epoch_schedule import get_next_epoch_start_block
from ..pallets.subtensor.subnets.networks import get_all_subnet_netuids, get_network_lock_cost, if_subnet_exist
from ..pallets.swap import MAX_PRICE, MIN_PRICE
from .balances import paid_for, set_balance
from .limits import kept

#: The limits of registrations, and what a registration records for the price and the limit of the next one.
WAIVED: tuple[StorageItem[Any, Any], ...] = (
    storage.NetworkRateLimit,
    storage.NetworkRegistrationStartBlock,
    storage.SubnetLimit,
    storage.StartCallDelay,
    storage.NetworkLastLockCost,
    storage.LastRateLimitedBlock,
)


def dispatch_as(ctx: Context, who: bytes | None, call: Call) -> None:
    """Run a call as an account, or as root for None, without a fee; its error raises DispatchFailed."""
    ctx.runtime.dispatch(ctx.with_origin(ROOT_ORIGIN if who is None else signed(who)), call)


def register_subnet(ctx: Context, owner: bytes, hotkey: bytes) -> int:
    """Register and start a subnet, and return its netuid; the owner pays nothing, and the next one costs the same.

    The pool gets the present price all the same. No subnet has to make room. Fails as `register_network`.
    """
    before, restore = set(get_all_subnet_netuids(ctx)), kept(ctx, WAIVED)
    price = get_network_lock_cost(ctx)
    storage.NetworkRateLimit.put(ctx, 0)
    storage.NetworkRegistrationStartBlock.put(ctx, 0)
    storage.SubnetLimit.put(ctx, U16_MAX)
    storage.StartCallDelay.put(ctx, 0)
    with paid_for(ctx, owner, price):
        dispatch_as(ctx, owner, register_network.call(hotkey))
        (netuid,) = set(get_all_subnet_netuids(ctx)) - before
        dispatch_as(ctx, owner, start_call.call(netuid))
    restore(ctx)
    _date_back(ctx, netuid, 0)
    return netuid


def register_neuron(ctx: Context, netuid: int, hotkey: bytes, coldkey: bytes) -> int:
    """Register a hotkey, which the coldkey owns, and return its uid; the coldkey pays nothing.

    The price does not rise by it. Fails as `burned_register`.
    """
    price = storage.Burn.get(ctx, netuid)
    with paid_for(ctx, coldkey, price):
        dispatch_as(ctx, coldkey, burned_register.call(netuid, hotkey))
    if price:
        storage.Burn.put(ctx, netuid, price)
    uid = get_uid_for_net_and_hotkey(ctx, netuid, hotkey)
    _date_back(ctx, netuid, uid)
    return uid


def _date_back(ctx: Context, netuid: int, uid: int) -> None:
    """Let a neuron be registered in the head, so that weights count that are set in the next block."""
    storage.BlockAtRegistration.put(ctx, netuid, uid, ctx.block.number - 1)


def buy_stake(ctx: Context, netuid: int, hotkey: bytes, coldkey: bytes, tao: int) -> None:
    """Stake `tao` rao of nothing on a hotkey, at the market price; fails as `add_stake`."""
    with paid_for(ctx, coldkey, tao):
        dispatch_as(ctx, coldkey, add_stake.call(hotkey, netuid, tao))


def set_stake(ctx: Context, netuid: int, hotkey: bytes, coldkey: bytes, alpha: int) -> int:
    """Let a coldkey have `alpha` on a hotkey (on root: rao), and return what it has, which rounding may make 1 less.

    The alpha comes from nothing, or is burned, at no price; a hotkey without an owner gets the coldkey as its owner.
    Stake on root is bought and sold by the calls, for TAO from nothing. Fails with SubnetNotExists, and with
    StakeUnavailable below what the coldkey has locked.
    """
    ensure(if_subnet_exist(ctx, netuid), Error.SubnetNotExists)
    create_account_if_non_existent(ctx, coldkey, hotkey)
    present = share_pool.get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid)
    rest = share_pool.total_coldkey_alpha_on_subnet(ctx, coldkey, netuid) - present + alpha
    ensure(rest >= get_current_locked(ctx, coldkey, netuid), Error.StakeUnavailable)
    if netuid == ROOT_NETUID:
        _set_root_stake(ctx, hotkey, coldkey, alpha - present)
    elif alpha > present:
        share_pool.increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid, alpha - present)
        storage.SubnetAlphaOut.mutate(ctx, netuid, lambda out: out + alpha - present)
    else:
        share_pool.decrease_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid, present - alpha)
        storage.SubnetAlphaOut.mutate(ctx, netuid, lambda out: out - (present - alpha))
    return share_pool.get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid)


def _set_root_stake(ctx: Context, hotkey: bytes, coldkey: bytes, more: int) -> None:
    if more > 0:
        with paid_for(ctx, coldkey, more):
            stake_into_subnet(ctx, hotkey, coldkey, ROOT_NETUID, more, MAX_PRICE, drop_fees=True)
    elif more < 0:
        free = account_data(ctx, coldkey).free
        unstake_from_subnet(ctx, hotkey, coldkey, coldkey, ROOT_NETUID, -more, MIN_PRICE, drop_fees=True)
        set_balance(ctx, coldkey, free)


def grant_permits(ctx: Context, netuid: int) -> None:
    """Give validator permits by the present stake, as the next epoch would: an epoch that has nothing to pay."""
    epoch_with_mechanisms(ctx, netuid, 0)


def next_epoch_block(ctx: Context, netuid: int) -> int | None:
    """Return the block in which the next epoch is due; None for a subnet without epochs, or that does not exist."""
    if netuid not in get_all_subnet_netuids(ctx):
        return None
    return get_next_epoch_start_block(ctx, netuid)


def epochs(ctx: Context, netuid: int) -> int:
    """Return how many epochs of a subnet were due so far."""
    return storage.SubnetEpochIndex.get(ctx, netuid)
