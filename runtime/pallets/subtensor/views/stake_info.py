"""StakeInfo: stake of coldkeys by hotkey and subnet, its availability, and the fee of moving it."""

from __future__ import annotations

from collections.abc import Iterable

from ....frame.context import Context
from ....scale import AccountId, Compact, Struct, u64
from ...shared.types import ROOT_NETUID, AlphaBalance, NetUid, TaoBalance
from ...swap import approx_fee_amount
from .. import storage
from ..ledger.share_pool import get_stake_for_hotkey_and_coldkey_on_subnet
from ..neurons.uids import is_hotkey_registered_on_network
from ..staking.conviction import stake_availability
from ..subnets.networks import get_all_subnet_netuids, if_subnet_exist

PATH = "pallet_subtensor::rpc_info::stake_info"


class StakeInfo(Struct, path=f"{PATH}::StakeInfo", params=[("AccountId", AccountId)]):
    """A coldkey's stake on a hotkey of a subnet, in billionths of alpha.

    `emission` are the hotkey's dividends of the last epoch. `locked`, `tao_emission` and `drain` are obsolete: 0.
    """

    hotkey: AccountId
    coldkey: AccountId
    netuid: Compact[NetUid]
    stake: Compact[AlphaBalance]
    locked: Compact[u64]
    emission: Compact[AlphaBalance]
    tao_emission: Compact[TaoBalance]
    drain: Compact[u64]
    is_registered: bool


class StakeAvailability(Struct, path=f"{PATH}::StakeAvailability"):
    """A coldkey's alpha on a subnet, in billionths: the total, the locked part, and the part that can be unstaked."""

    total: Compact[AlphaBalance]
    locked: Compact[AlphaBalance]
    available: Compact[AlphaBalance]


#: Origin or destination of stake: a hotkey on a subnet. None in its place is the free balance of a coldkey.
Place = tuple[AccountId, NetUid]


def get_stake_info_for_hotkey_coldkey_netuid(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int) -> StakeInfo:
    """Return a coldkey's stake on a hotkey of a subnet, also when there is no such stake or subnet."""
    return StakeInfo(
        hotkey=hotkey,
        coldkey=coldkey,
        netuid=netuid,
        stake=get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid),
        locked=0,
        emission=storage.AlphaDividendsPerSubnet.get(ctx, netuid, hotkey),
        tao_emission=0,
        drain=0,
        is_registered=is_hotkey_registered_on_network(ctx, netuid, hotkey),
    )


def get_stake_info_for_coldkey(ctx: Context, coldkey: bytes) -> list[StakeInfo]:
    """Return all stake of a coldkey: by subnet in the order of the storage keys, then by hotkey, first stakes first."""
    hotkeys, stakes = storage.StakingHotkeys.get(ctx, coldkey), []
    for netuid in get_all_subnet_netuids(ctx):
        for hotkey in hotkeys:
            info = get_stake_info_for_hotkey_coldkey_netuid(ctx, hotkey, coldkey, netuid)
            if info.stake:
                stakes.append(info)
    return stakes


def get_stake_info_for_coldkeys(ctx: Context, coldkeys: Iterable[bytes]) -> list[tuple[bytes, list[StakeInfo]]]:
    """Return all stake of several coldkeys."""
    return [(coldkey, get_stake_info_for_coldkey(ctx, coldkey)) for coldkey in coldkeys]


def get_stake_availability_for_coldkeys(
    ctx: Context, coldkeys: Iterable[bytes], netuids: Iterable[int] | None
) -> dict[bytes, dict[int, StakeAvailability]]:
    """Return what coldkeys can unstake, on these subnets or (None) on all; subnets without stake or lock are omitted.

    With more netuids than there are subnets, or with none, every coldkey has an empty answer.
    """
    existing = get_all_subnet_netuids(ctx)
    selected = set(existing if netuids is None else netuids)
    if netuids is not None and len(selected) > len(existing):
        selected = set()
    subnets = [netuid for netuid in sorted(selected) if if_subnet_exist(ctx, netuid)]
    return {coldkey: _availability(ctx, coldkey, subnets) for coldkey in coldkeys}


def _availability(ctx: Context, coldkey: bytes, netuids: list[int]) -> dict[int, StakeAvailability]:
    by_netuid = {netuid: StakeAvailability(*stake_availability(ctx, coldkey, netuid)) for netuid in netuids}
    return {netuid: stake for netuid, stake in by_netuid.items() if stake.total or stake.locked}


def get_stake_fee(ctx: Context, origin: Place | None, destination: Place | None, amount: int) -> int:
    """Return the approximate fee of moving stake, in the unit of `amount`; 0 when origin and destination are equal.

    The fee is that of the destination's pool, or of the origin's pool when the stake becomes free balance.
    """
    if origin == destination:
        return 0
    place = destination or origin
    return approx_fee_amount(ctx, place[1] if place else ROOT_NETUID, amount)
