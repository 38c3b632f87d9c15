"""StakeInfo: what coldkeys have staked, on which hotkeys and subnets, and how much of it is free."""

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
    """A coldkey's alpha on a hotkey of a subnet, and the hotkey's dividends of the last epoch.

    `locked`, `tao_emission` and `drain` are no longer reckoned: 0.
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
    """A coldkey's alpha on a subnet: all of it, what is locked, and what can be unstaked."""

    total: Compact[AlphaBalance]
    locked: Compact[AlphaBalance]
    available: Compact[AlphaBalance]


#: A hotkey on a subnet, from where or to where stake goes; none: a coldkey's free balance.
Place = tuple[AccountId, NetUid]


def get_stake_info_for_hotkey_coldkey_netuid(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int) -> StakeInfo:
    """Also where there is no such stake, or no such subnet."""
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
    """All stake of a coldkey, by subnet in the chain's order, then by hotkey in the order of its first stakes."""
    hotkeys, found = storage.StakingHotkeys.get(ctx, coldkey), []
    for netuid in get_all_subnet_netuids(ctx):
        for hotkey in hotkeys:
            info = get_stake_info_for_hotkey_coldkey_netuid(ctx, hotkey, coldkey, netuid)
            if info.stake:
                found.append(info)
    return found


def get_stake_info_for_coldkeys(ctx: Context, coldkeys: Iterable[bytes]) -> list[tuple[bytes, list[StakeInfo]]]:
    """The same of several coldkeys."""
    return [(coldkey, get_stake_info_for_coldkey(ctx, coldkey)) for coldkey in coldkeys]


def get_stake_availability_for_coldkeys(
    ctx: Context, coldkeys: Iterable[bytes], netuids: Iterable[int] | None
) -> dict[bytes, dict[int, StakeAvailability]]:
    """What coldkeys can unstake, on these subnets or (None) all; subnets without stake and lock are left out.

    Asked about no subnet at all, or about more than there are, it answers that nobody has anything.
    """
    existing = get_all_subnet_netuids(ctx)
    wanted = set(existing if netuids is None else netuids)
    if netuids is not None and len(wanted) > len(existing):
        wanted = set()
    subnets = [netuid for netuid in sorted(wanted) if if_subnet_exist(ctx, netuid)]
    return {coldkey: _availability(ctx, coldkey, subnets) for coldkey in coldkeys}


def _availability(ctx: Context, coldkey: bytes, netuids: list[int]) -> dict[int, StakeAvailability]:
    found = {netuid: StakeAvailability(*stake_availability(ctx, coldkey, netuid)) for netuid in netuids}
    return {netuid: each for netuid, each in found.items() if each.total or each.locked}


def get_stake_fee(ctx: Context, origin: Place | None, destination: Place | None, amount: int) -> int:
    """About what a move of stake costs, in the unit of `amount`: the fee of the destination's pool, or of the origin's
    when the stake leaves; 0 from a place to itself."""
    if origin == destination:
        return 0
    place = destination or origin
    return approx_fee_amount(ctx, place[1] if place else ROOT_NETUID, amount)
