"""The call that chooses on which hotkey the incentive of a coldkey's miners is staked."""

from __future__ import annotations

from ....frame.context import Context
from ....frame.errors import ensure
from ....frame.weight import weight_of
from ....scale import AccountId
from ...shared.types import NetUid
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..subnets.networks import if_subnet_exist


@pallet.call(114, weight=weight_of(33_853_000, 4274, reads=4, writes=2))
def set_coldkey_auto_stake_hotkey(ctx: Context, netuid: NetUid, hotkey: AccountId) -> None:
    """Choose the hotkey on which the incentive of the signer's miners on a subnet is staked.

    Fails with SubnetNotExists, HotKeyNotRegisteredInSubNet, and SameAutoStakeHotkeyAlreadySet.
    """
    coldkey = ctx.ensure_signed()
    ensure(if_subnet_exist(ctx, netuid), Error.SubnetNotExists)
    ensure(storage.Uids.contains(ctx, netuid, hotkey), Error.HotKeyNotRegisteredInSubNet)
    former = storage.AutoStakeDestination.get(ctx, coldkey, netuid)
    ensure(former != hotkey, Error.SameAutoStakeHotkeyAlreadySet)
    users = storage.AutoStakeDestinationColdkeys
    if former is not None:
        users.put(ctx, former, netuid, [each for each in users.get(ctx, former, netuid) if each != coldkey])
    storage.AutoStakeDestination.put(ctx, coldkey, netuid, hotkey)
    present = users.get(ctx, hotkey, netuid)
    users.put(ctx, hotkey, netuid, present if coldkey in present else [*present, coldkey])
    ctx.deposit(events.AutoStakeDestinationSet(coldkey, netuid, hotkey))
