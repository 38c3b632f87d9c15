"""StakeInfoRuntimeApi: the stake of coldkeys, fees of moving it, locks on it."""

from __future__ import annotations

from ..frame.context import Context
from ..frame.runtime_api import RuntimeApi
from ..pallets.shared.types import NetUid
from ..pallets.subtensor.declared.types import LockState
from ..pallets.subtensor.lifecycle.succession import hotkey_conviction, subnet_king
from ..pallets.subtensor.views import lock_info
from ..pallets.subtensor.views import stake_info as views
from ..pallets.subtensor.views.stake_info import Place, StakeAvailability, StakeInfo
from ..scale import AccountId, u64
from ..scale.fixed_types import U64F64

api = RuntimeApi("StakeInfoRuntimeApi", 1, docs="Reads stake, fees of stake and locks.")


@api.method
def get_stake_info_for_coldkey(ctx: Context, coldkey_account: AccountId) -> list[StakeInfo]:
    """Return all stake of a coldkey."""
    return views.get_stake_info_for_coldkey(ctx, coldkey_account)


@api.method
def get_stake_info_for_coldkeys(
    ctx: Context, coldkey_accounts: list[AccountId]
) -> list[tuple[AccountId, list[StakeInfo]]]:
    """Return all stake of several coldkeys."""
    return views.get_stake_info_for_coldkeys(ctx, coldkey_accounts)


@api.method
def get_stake_info_for_hotkey_coldkey_netuid(
    ctx: Context, hotkey_account: AccountId, coldkey_account: AccountId, netuid: NetUid
) -> StakeInfo | None:
    """Return a coldkey's stake on a hotkey of a subnet, also when it is zero."""
    return views.get_stake_info_for_hotkey_coldkey_netuid(ctx, hotkey_account, coldkey_account, netuid)


@api.method
def get_stake_availability_for_coldkeys(
    ctx: Context, coldkey_accounts: list[AccountId], netuids: list[NetUid] | None
) -> dict[AccountId, dict[NetUid, StakeAvailability]]:
    """Return the stake that coldkeys can remove, by subnet."""
    return views.get_stake_availability_for_coldkeys(ctx, coldkey_accounts, netuids)


@api.method
def get_stake_fee(
    ctx: Context,
    origin: Place | None,
    origin_coldkey_account: AccountId,
    destination: Place | None,
    destination_coldkey_account: AccountId,
    amount: u64,
) -> u64:
    """Return the approximate fee of moving stake; None as origin or destination stands for the free balance."""
    return views.get_stake_fee(ctx, origin, destination, amount)


@api.method
def get_coldkey_lock(ctx: Context, coldkey: AccountId, netuid: NetUid) -> LockState | None:
    """Return a coldkey's lock on a subnet, as of the current block."""
    return lock_info.get_coldkey_lock(ctx, coldkey, netuid)


@api.method
def get_hotkey_conviction(ctx: Context, hotkey: AccountId, netuid: NetUid) -> U64F64:
    """Return the conviction of all locks to a hotkey on a subnet, as of the current block."""
    return hotkey_conviction(ctx, hotkey, netuid)


@api.method
def get_most_convicted_hotkey_on_subnet(ctx: Context, netuid: NetUid) -> AccountId | None:
    """Return the hotkey with the largest conviction on a subnet."""
    return subnet_king(ctx, netuid)
