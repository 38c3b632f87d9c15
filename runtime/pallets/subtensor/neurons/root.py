"""Membership of root: validators whose stake earns from all subnets.

Joining is free. When root is full, a new member needs more stake than the member with the least stake, which it
replaces.
"""

from __future__ import annotations

from .....consensus.integers import U64_MAX, saturate_u16
from ....frame.context import Context
from ....frame.errors import ensure
from ....frame.weight import weight_of
from ....scale import AccountId
from ...shared.types import ROOT_NETUID
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..ledger.accounts import create_account_if_non_existent
from ..ledger.share_pool import get_stake_for_hotkey_on_subnet
from ..subnets.networks import if_subnet_exist
from . import uids

#: Take of new members from the dividends of their nominators, a u16 proportion: 18 %.
DEFAULT_TAKE = 11_796


def _join(ctx: Context, hotkey: bytes) -> int:
    """Assign a uid of root to a hotkey and return it.

    Fails with StakeTooLowForRoot when root is full and no member has less stake, and with
    HotKeyNotRegisteredInSubNet when root has no uids at all.
    """
    n, block = uids.get_subnetwork_n(ctx, ROOT_NETUID), ctx.block.number
    if n < storage.MaxAllowedUids.get(ctx, ROOT_NETUID):
        uids.append_neuron(ctx, ROOT_NETUID, hotkey, block)
        return n
    least, uid = _least_root_validator(ctx)
    uids.get_hotkey_for_net_and_uid(ctx, ROOT_NETUID, uid)
    ensure(least < get_stake_for_hotkey_on_subnet(ctx, hotkey, ROOT_NETUID), Error.StakeTooLowForRoot)
    uids.replace_neuron(ctx, ROOT_NETUID, uid, hotkey, block)
    return uid


def _least_root_validator(ctx: Context) -> tuple[int, int]:
    """Return stake, in rao, and uid of the member with the least stake.

    Among equals it is the first in the order of storage.
    """
    stakes = [
        (get_stake_for_hotkey_on_subnet(ctx, member, ROOT_NETUID), uid)
        for uid, member in storage.Keys.under(ctx, ROOT_NETUID)
    ]
    return min(stakes, key=lambda entry: entry[0], default=(U64_MAX, 0))


@pallet.call(62, weight=weight_of(103_934_000, 4981, reads=19, writes=16))
def root_register(ctx: Context, hotkey: AccountId) -> None:
    """Make a hotkey of the signer a validator on root, and a delegate with a take of 18 %.

    When root is full, the hotkey replaces the member with the least stake. Fails with TooManyRegistrationsThisBlock,
    TooManyRegistrationsThisInterval, HotKeyAlreadyRegisteredInSubNet, CannotUseSystemAccount and StakeTooLowForRoot.
    """
    ensure(if_subnet_exist(ctx, ROOT_NETUID), Error.RootNetworkDoesNotExist)
    coldkey = ctx.ensure_signed()
    in_block = storage.RegistrationsThisBlock.get(ctx, ROOT_NETUID)
    in_interval = storage.RegistrationsThisInterval.get(ctx, ROOT_NETUID)
    ensure(in_block < storage.MaxRegistrationsPerBlock.get(ctx, ROOT_NETUID), Error.TooManyRegistrationsThisBlock)
    limit = saturate_u16(3 * storage.TargetRegistrationsPerInterval.get(ctx, ROOT_NETUID))
    ensure(in_interval < limit, Error.TooManyRegistrationsThisInterval)
    ensure(not storage.Uids.contains(ctx, ROOT_NETUID, hotkey), Error.HotKeyAlreadyRegisteredInSubNet)
    create_account_if_non_existent(ctx, coldkey, hotkey)

    uid = _join(ctx, hotkey)
    if not storage.Delegates.contains(ctx, hotkey):
        storage.Delegates.put(ctx, hotkey, DEFAULT_TAKE)
    storage.RegistrationsThisInterval.put(ctx, ROOT_NETUID, in_interval + 1)
    storage.RegistrationsThisBlock.put(ctx, ROOT_NETUID, in_block + 1)
    ctx.deposit(events.NeuronRegistered(ROOT_NETUID, uid, hotkey))
