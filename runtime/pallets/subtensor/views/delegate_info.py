"""DelegateInfo: hotkeys that take stake of others, who gave it, and what it returns."""

from __future__ import annotations

from collections.abc import Iterator

from .....consensus.fixed import U64F64
from .....consensus.integers import U16_MAX
from .....consensus.safe_float import SafeFloat
from ....frame.context import Context
from ....scale import AccountId, Compact, Struct, u16, u64
from ...shared.types import ROOT_NETUID, AlphaBalance, NetUid
from .. import storage
from ..ledger.share_pool import (
    get_alpha_share_pool,
    get_stake_for_hotkey_and_coldkey_on_subnet,
    get_stake_for_hotkey_on_subnet,
)
from ..neurons.uids import get_registered_networks_for_hotkey
from ..subnets.networks import get_all_subnet_netuids

#: Blocks of a day.
BLOCKS_PER_DAY = 7_200
#: A thousand TAO in rao.
THOUSAND_TAO = 10**12


class DelegateInfo(
    Struct, path="pallet_subtensor::rpc_info::delegate_info::DelegateInfo", params=[("AccountId", AccountId)]
):
    """A delegate: who nominates it with how much alpha by subnet, where it is registered and where a validator.

    The daily return is that of its neurons' last epochs, in billionths; `take` is a u16 proportion.
    """

    delegate_ss58: AccountId
    take: Compact[u16]
    nominators: list[tuple[AccountId, list[tuple[Compact[NetUid], Compact[u64]]]]]
    owner_ss58: AccountId
    registrations: list[Compact[NetUid]]
    validator_permits: list[Compact[NetUid]]
    return_per_1000: Compact[u64]
    total_daily_return: Compact[u64]


Delegated = tuple[DelegateInfo, tuple[Compact[NetUid], Compact[AlphaBalance]]]


# --- what a delegate returns -----------------------------------------------------------------------------------------


def return_per_1000_tao(take: int, total_stake: int, emissions_per_day: int) -> int:
    """What a thousand TAO of the stake return in a day after the take (a u16 proportion). All others U64F64."""
    without_take = U64F64.one - U64F64.safe_div(U64F64.from_int(take), U64F64.from_int(U16_MAX))
    thousands = U64F64.safe_div(total_stake, U64F64.from_int(THOUSAND_TAO))
    return U64F64.safe_div(U64F64.saturating_mul(emissions_per_day, without_take), thousands)


def _emissions_per_day(ctx: Context, hotkey: bytes, netuids: list[int]) -> int:
    """What the hotkey's neurons would earn in a day of epochs like the last one, U64F64."""
    total = 0
    for netuid in netuids:
        uid, tempo, emissions = (
            storage.Uids.get(ctx, netuid, hotkey),
            storage.Tempo.get(ctx, netuid),
            storage.Emission.get(ctx, netuid),
        )
        if uid is not None and uid < len(emissions) and tempo:
            epochs = U64F64.safe_div(U64F64.from_int(BLOCKS_PER_DAY), U64F64.from_int(tempo))
            earned = U64F64.saturating_mul(U64F64.from_int(int(emissions[uid])), epochs)
            total = U64F64.saturating_add(total, earned)
    return total


def _has_permit(ctx: Context, hotkey: bytes, netuid: int) -> bool:
    uid, permits = storage.Uids.get(ctx, netuid, hotkey), storage.ValidatorPermit.get(ctx, netuid)
    return uid is not None and uid < len(permits) and bool(permits[uid])


# --- who gave it -----------------------------------------------------------------------------------------------------


def alpha_iter_single_prefix(ctx: Context, hotkey: bytes) -> Iterator[tuple[bytes, int, SafeFloat]]:
    """All shares in a hotkey's stake: coldkey, netuid and share, by account and netuid. New shares go before former."""
    shares = {key: SafeFloat.from_u64f64(share) for key, share in storage.Alpha.under(ctx, hotkey)}
    shares |= dict(storage.AlphaV2.under(ctx, hotkey))
    for (coldkey, netuid), share in sorted(shares.items()):
        yield coldkey, netuid, share


def alpha_iter_prefix(ctx: Context, hotkey: bytes, coldkey: bytes) -> list[int]:
    """The subnets on which a coldkey has shares in a hotkey's stake, by netuid."""
    shares = {netuid: SafeFloat.from_u64f64(share) for (netuid,), share in storage.Alpha.under(ctx, hotkey, coldkey)}
    shares |= {netuid: share for (netuid,), share in storage.AlphaV2.under(ctx, hotkey, coldkey)}
    return sorted(netuid for netuid, share in shares.items() if not share.is_zero())


def _nominators(ctx: Context, hotkey: bytes) -> list[tuple[bytes, list[tuple[int, int]]]]:
    """Each coldkey's alpha by subnet.

    The chain takes the netuid for the position of the subnet among all in its order, so the amounts are those of
    another subnet's pool where a lower netuid is free, and missing for the highest netuids.
    """
    pools = [get_alpha_share_pool(ctx, hotkey, netuid) for netuid in get_all_subnet_netuids(ctx)]
    nominators: dict[bytes, list[tuple[int, int]]] = {}
    for coldkey, netuid, share in alpha_iter_single_prefix(ctx, hotkey):
        if not share.is_zero() and netuid < len(pools):
            nominators.setdefault(coldkey, []).append((netuid, pools[netuid].value_of(share)))
    return list(nominators.items())


# --- the answers -----------------------------------------------------------------------------------------------------


def _delegate(ctx: Context, hotkey: bytes, *, skip_nominators: bool = False) -> DelegateInfo:
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
    """None when the hotkey is no delegate."""
    return _delegate(ctx, delegate) if storage.Delegates.contains(ctx, delegate) else None


def get_delegates(ctx: Context) -> list[DelegateInfo]:
    """All delegates, in the chain's order."""
    return [_delegate(ctx, hotkey) for hotkey in storage.Delegates.keys(ctx)]


def get_delegated(ctx: Context, delegatee: bytes) -> list[Delegated]:
    """Where a coldkey has stake: the delegate, without its nominators, the subnet and the alpha."""
    found: list[Delegated] = []
    for hotkey in storage.Delegates.keys(ctx):
        for netuid in alpha_iter_prefix(ctx, hotkey, delegatee):
            stake = get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, delegatee, netuid)
            found.append((_delegate(ctx, hotkey, skip_nominators=True), (netuid, stake)))
    return found
