"""DelegateInfo: delegates (hotkeys with stake of other coldkeys), their nominators and their returns."""

from __future__ import annotations

from .....consensus.fixed import U64F64
from .....consensus.integers import U16_MAX
from ....frame.context import Context
from ....scale import AccountId, Compact, Struct, u16, u64
from ...shared.types import ROOT_NETUID, AlphaBalance, NetUid
from .. import storage
from ..declared.limits import BLOCKS_PER_DAY
from ..ledger.share_pool import (
    get_alpha_share_pool,
    get_stake_for_hotkey_and_coldkey_on_subnet,
    get_stake_for_hotkey_on_subnet,
)
from ..neurons.uids import get_registered_networks_for_hotkey
from ..staking.helpers import alpha_iter_prefix, alpha_iter_single_prefix
from ..subnets.networks import get_all_subnet_netuids

#: A thousand TAO in rao.
THOUSAND_TAO = 10**12


class DelegateInfo(
    Struct, path="pallet_subtensor::rpc_info::delegate_info::DelegateInfo", params=[("AccountId", AccountId)]
):
    """A delegate: its nominators with their alpha by subnet, and the subnets of its neurons and validator permits.

    `take` is a u16 proportion. Amounts of alpha are in billionths, and so are the daily returns, which extrapolate the
    last epochs of its neurons; `return_per_1000` is the return on a thousand TAO staked on root.
    """

    delegate_ss58: AccountId
    take: Compact[u16]
    nominators: list[tuple[AccountId, list[tuple[Compact[NetUid], Compact[u64]]]]]
    owner_ss58: AccountId
    registrations: list[Compact[NetUid]]
    validator_permits: list[Compact[NetUid]]
    return_per_1000: Compact[u64]
    total_daily_return: Compact[u64]


#: A delegate without its nominators, and the subnet and amount of a coldkey's stake on it.
Delegated = tuple[DelegateInfo, tuple[Compact[NetUid], Compact[AlphaBalance]]]


# --- returns ---------------------------------------------------------------------------------------------------------


def return_per_1000_tao(take: int, total_stake: int, emissions_per_day: int) -> int:
    """Return the daily return on a thousand TAO of stake after the take.

    `take` is a u16 proportion; `total_stake` (rao), `emissions_per_day` and the result are U64F64.
    """
    without_take = U64F64.one - U64F64.safe_div(U64F64.from_int(take), U64F64.from_int(U16_MAX))
    stake_in_thousands = U64F64.safe_div(total_stake, U64F64.from_int(THOUSAND_TAO))
    return U64F64.safe_div(U64F64.saturating_mul(emissions_per_day, without_take), stake_in_thousands)


def _emissions_per_day(ctx: Context, hotkey: bytes, netuids: list[int]) -> int:
    """Return what the hotkey's neurons earn in a day if every epoch is like the last one, U64F64."""
    total = 0
    for netuid in netuids:
        uid, tempo = storage.Uids.get(ctx, netuid, hotkey), storage.Tempo.get(ctx, netuid)
        emissions = storage.Emission.get(ctx, netuid)
        if uid is not None and uid < len(emissions) and tempo:
            epochs = U64F64.safe_div(U64F64.from_int(BLOCKS_PER_DAY), U64F64.from_int(tempo))
            earned = U64F64.saturating_mul(U64F64.from_int(int(emissions[uid])), epochs)
            total = U64F64.saturating_add(total, earned)
    return total


def _has_permit(ctx: Context, hotkey: bytes, netuid: int) -> bool:
    uid, permits = storage.Uids.get(ctx, netuid, hotkey), storage.ValidatorPermit.get(ctx, netuid)
    return uid is not None and uid < len(permits) and bool(permits[uid])


# --- nominators ------------------------------------------------------------------------------------------------------


def _nominators(ctx: Context, hotkey: bytes) -> list[tuple[bytes, list[tuple[int, int]]]]:
    """Return each coldkey's alpha by subnet.

    The chain uses the netuid as an index into the list of all subnets. Where a lower netuid is free, the amounts
    are therefore computed from another subnet's share pool, and those of the highest netuids are missing.
    """
    pools = [get_alpha_share_pool(ctx, hotkey, netuid) for netuid in get_all_subnet_netuids(ctx)]
    nominators: dict[bytes, list[tuple[int, int]]] = {}
    for coldkey, netuid, share in alpha_iter_single_prefix(ctx, hotkey):
        if not share.is_zero() and netuid < len(pools):
            nominators.setdefault(coldkey, []).append((netuid, pools[netuid].value_of(share)))
    return list(nominators.items())


# --- answers ---------------------------------------------------------------------------------------------------------


def _build_delegate_info(ctx: Context, hotkey: bytes, *, skip_nominators: bool = False) -> DelegateInfo:
    registrations, take = get_registered_networks_for_hotkey(ctx, hotkey), storage.Delegates.get(ctx, hotkey)
    per_day = _emissions_per_day(ctx, hotkey, registrations)
    on_root = U64F64.from_int(get_stake_for_hotkey_on_subnet(ctx, hotkey, ROOT_NETUID))
    return DelegateInfo(
        delegate_ss58=hotkey,
        take=take,
        nominators=[] if skip_nominators else _nominators(ctx, hotkey),
        owner_ss58=storage.Owner.get(ctx, hotkey),
        registrations=registrations,
        validator_permits=[netuid for netuid in registrations if _has_permit(ctx, hotkey, netuid)],
        return_per_1000=U64F64.to_int(return_per_1000_tao(take, on_root, per_day), 64),
        total_daily_return=U64F64.to_int(per_day, 64),
    )


def get_delegate(ctx: Context, delegate: bytes) -> DelegateInfo | None:
    """Return the delegate with this hotkey, None when the hotkey is not a delegate."""
    return _build_delegate_info(ctx, delegate) if storage.Delegates.contains(ctx, delegate) else None


def get_delegates(ctx: Context) -> list[DelegateInfo]:
    """Return all delegates, in the order of the storage keys."""
    return [_build_delegate_info(ctx, hotkey) for hotkey in storage.Delegates.keys(ctx)]


def get_delegated(ctx: Context, delegatee: bytes) -> list[Delegated]:
    """Return a coldkey's stake on delegates: the delegate without its nominators, the subnet and the alpha."""
    delegated: list[Delegated] = []
    for hotkey in storage.Delegates.keys(ctx):
        for netuid, _ in alpha_iter_prefix(ctx, hotkey, delegatee):
            stake = get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, delegatee, netuid)
            delegated.append((_build_delegate_info(ctx, hotkey, skip_nominators=True), (netuid, stake)))
    return delegated
