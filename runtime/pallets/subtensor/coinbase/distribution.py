"""Payments after an epoch: the pending alpha becomes stake of owner, miners, validators, their parents and nominators.

An epoch determines how miners share their half, and the proportions in which validators share theirs. The part of a
validator is first divided between its parents and itself, by the stake that each contributed, then the part of each
hotkey into what its stake on the subnet and what its stake on root has earned. From both the hotkey keeps its take.
The rest raises the value of all stake on it, or for root the amount that this stake can claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .....consensus import emission as rules
from .....consensus.emission import Contribution, Dividends
from .....consensus.fixed import U96F32
from .....consensus.integers import U16_MAX, saturate_u64, saturating_add_u64
from ....frame.context import Context
from ...shared.types import ROOT_NETUID
from .. import storage
from ..declared import events
from ..declared.types import RecycleOrBurnEnum
from ..ledger import share_pool
from ..ledger.accounts import get_owning_coldkey_for_hotkey
from ..ledger.alpha import burn_subnet_alpha, recycle_subnet_alpha
from ..ledger.stake_columns import StakeIncrease, increase_stakes_on_subnet
from ..lifecycle.leases import distribute_leased_network_dividends
from ..staking.childkeys import Edges, get_childkey_take, get_children
from ..staking.claims import increase_root_claimable_for_hotkey_and_subnet
from ..staking.conviction import auto_lock_owner_cut
from ..staking.stake_weights import get_ck_burn, get_tao_weight, part_of_u64
from .epoch import HotkeyEmission, epoch_with_mechanisms
from .run_coinbase import Pending


def distribute_emissions_to_subnets(ctx: Context, emissions_to_distribute: Mapping[int, Pending]) -> None:
    """Run the epochs of this block and pay the alpha that was pending for them."""
    for netuid, pending in emissions_to_distribute.items():
        distribute_emission(ctx, netuid, pending)
        storage.LastMechansimStepBlock.put(ctx, netuid, ctx.block.number)


def distribute_emission(ctx: Context, netuid: int, pending: Pending) -> None:
    """Run an epoch and pay the pending alpha. If no miner earns anything, validators get the miners' half too."""
    hotkey_emission = epoch_with_mechanisms(
        ctx, netuid, saturating_add_u64(pending.server + pending.validator, pending.root)
    )
    validator_alpha = pending.validator
    if not any(each.incentive for each in hotkey_emission):
        validator_alpha = saturating_add_u64(validator_alpha, pending.server)
    dividends = get_dividends(ctx, netuid, hotkey_emission)
    stakes = get_stake_map(ctx, netuid, dividends)
    shared = rules.split_dividends(dividends, stakes, validator_alpha, pending.root, get_tao_weight(ctx))
    incentives = {each.hotkey: each.incentive for each in hotkey_emission}
    distribute_dividends_and_incentives(ctx, netuid, pending.owner_cut, incentives, shared)


# --- dividends -----------------------------------------------------------------------------------------------------


def get_dividends(ctx: Context, netuid: int, hotkey_emission: Iterable[HotkeyEmission]) -> dict[bytes, int]:
    """Return the dividends of each hotkey, with those from its children, U96F32, in the order of hotkeys."""
    earned, dividends = list(hotkey_emission), dict[bytes, int]()
    parents = storage.ParentKeys.column(ctx, [each.hotkey for each in earned], netuid)
    for (hotkey, _, dividend), its_parents in zip(earned, parents, strict=True):
        shared = share_with_parents(ctx, hotkey, netuid, dividend, its_parents) if its_parents else [(hotkey, dividend)]
        for receiver, part in shared:
            dividends[receiver] = U96F32.saturating_add(dividends.get(receiver, 0), U96F32.from_int(part))
    return dict(sorted(dividends.items()))


def share_with_parents(
    ctx: Context, hotkey: bytes, netuid: int, dividends: int, parents: Edges
) -> list[tuple[bytes, int]]:
    """Return the dividends of a hotkey divided by the stake contributed: the parts of its parents, then its own.

    From parents with another coldkey the hotkey keeps its childkey take, and a part may be recycled.
    """
    owner, tao_weight = get_owning_coldkey_for_hotkey(ctx, hotkey), get_tao_weight(ctx)
    contributions = [
        Contribution(
            parent,
            get_contribution(ctx, parent, netuid, part_of_u64(proportion), tao_weight),
            get_owning_coldkey_for_hotkey(ctx, parent) == owner,
        )
        for proportion, parent in parents
    ]
    take = U96F32.safe_div(U96F32.from_int(get_childkey_take(ctx, hotkey, netuid)), U96F32.from_int(U16_MAX))
    own = get_self_contribution(ctx, hotkey, netuid)
    shared = rules.share_with_parents(dividends, own, contributions, take, get_ck_burn(ctx))
    for burned in shared.burned:
        recycle_subnet_alpha(ctx, netuid, burned)
    return [*shared.parents, (hotkey, shared.own)]


def get_contribution(ctx: Context, hotkey: bytes, netuid: int, proportion: int, tao_weight: int) -> int:
    """Return a part (U96F32) of the stake of a hotkey on a subnet and, weighted, on root: U96F32 rao."""
    alpha = U96F32.from_int(share_pool.get_stake_for_hotkey_on_subnet(ctx, hotkey, netuid))
    root = U96F32.from_int(share_pool.get_stake_for_hotkey_on_subnet(ctx, hotkey, ROOT_NETUID))
    weighted = U96F32.saturating_mul(U96F32.saturating_mul(root, proportion), tao_weight)
    return U96F32.saturating_add(U96F32.saturating_mul(alpha, proportion), weighted)


def get_self_contribution(ctx: Context, hotkey: bytes, netuid: int) -> int:
    """Return the stake of a hotkey that counts for itself, which is not assigned to children, in rao."""
    remaining = U96F32.one
    for proportion, _ in get_children(ctx, hotkey, netuid):
        remaining = U96F32.saturating_sub(remaining, part_of_u64(proportion))
    return U96F32.to_int(get_contribution(ctx, hotkey, netuid, remaining, get_tao_weight(ctx)), 64)


def get_stake_map(ctx: Context, netuid: int, hotkeys: Iterable[bytes]) -> dict[bytes, tuple[int, int]]:
    """Return the stake of each hotkey on the subnet and on root, in rao."""
    hotkeys = list(hotkeys)
    on_subnet, on_root = (storage.TotalHotkeyAlpha.column(ctx, hotkeys, each) for each in (netuid, ROOT_NETUID))
    return dict(zip(hotkeys, zip(on_subnet, on_root, strict=True), strict=True))


# --- payments ------------------------------------------------------------------------------------------------------


def distribute_dividends_and_incentives(
    ctx: Context, netuid: int, owner_cut: int, incentives: Mapping[bytes, int], dividends: Dividends
) -> None:
    """Pay the owner its cut, miners their incentives, validators and nominators their dividends, in this order.

    Cut and incentives are in rao.
    """
    if storage.SubnetOwner.contains(ctx, netuid) and storage.SubnetOwnerHotkey.contains(ctx, netuid):
        hotkey, coldkey = storage.SubnetOwnerHotkey.get(ctx, netuid), storage.SubnetOwner.get(ctx, netuid)
        share_pool.increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid, owner_cut)
        lease_id = storage.SubnetUidToLeaseId.get(ctx, netuid)
        if lease_id is not None:
            distribute_leased_network_dividends(ctx, lease_id, owner_cut)
        auto_lock_owner_cut(ctx, netuid, owner_cut)
    distribute_incentives(ctx, netuid, incentives)
    distribute_alpha_dividends(ctx, netuid, dividends.alpha)
    distribute_root_dividends(ctx, netuid, dividends.root)


def distribute_incentives(ctx: Context, netuid: int, incentives: Mapping[bytes, int]) -> None:
    """Stake the incentives of miners, on the hotkey that their coldkey has chosen or else on their own.

    Incentives of hotkeys of the subnet's owner are burned or recycled, and count as withheld.
    """
    owner_hotkeys = set(get_owner_hotkeys(ctx, netuid, storage.SubnetOwner.get(ctx, netuid)))
    recycle = storage.RecycleOrBurn.get(ctx, netuid) is RecycleOrBurnEnum.Recycle
    withheld = 0
    for hotkey in [hotkey for hotkey in incentives if hotkey in owner_hotkeys]:
        withheld = saturating_add_u64(withheld, incentives[hotkey])
        (recycle_subnet_alpha if recycle else burn_subnet_alpha)(ctx, netuid, incentives[hotkey])
    stake_incentives(ctx, netuid, {hotkey: incentives[hotkey] for hotkey in incentives if hotkey not in owner_hotkeys})
    total = saturate_u64(sum(incentives.values()))
    storage.MinerBurned.put(ctx, netuid, rules.withheld_proportion(withheld, total))


def stake_incentives(ctx: Context, netuid: int, incentives: Mapping[bytes, int]) -> None:
    """Stake the incentives of miners, in rao, on the hotkey that their coldkey has chosen or else on their own."""
    coldkeys, increases = storage.Owner.column(ctx, list(incentives)), []
    destinations = storage.AutoStakeDestination.column(ctx, coldkeys, netuid)
    for (hotkey, incentive), coldkey, chosen in zip(incentives.items(), coldkeys, destinations, strict=True):
        if chosen is not None:
            ctx.deposit(events.AutoStakeAdded(netuid, chosen, hotkey, coldkey, incentive))
        increases.append(StakeIncrease(chosen or hotkey, coldkey, incentive))
    increase_stakes_on_subnet(ctx, netuid, increases)


def get_owner_hotkeys(ctx: Context, netuid: int, coldkey: bytes) -> list[bytes]:
    """Return the neurons of a subnet's owner, youngest first.

    The owner hotkey comes before them when it is a neuron of another coldkey.
    """
    found = []
    for hotkey in storage.OwnedHotkeys.get(ctx, coldkey):
        uid = storage.Uids.get(ctx, netuid, hotkey)
        if uid is not None:
            found.append((-storage.BlockAtRegistration.get(ctx, netuid, uid), uid, hotkey))
    hotkeys = [hotkey for _, _, hotkey in sorted(found)]
    owner = storage.SubnetOwnerHotkey.get(ctx, netuid)
    if (
        owner not in hotkeys
        and storage.SubnetOwnerHotkey.contains(ctx, netuid)
        and storage.Uids.contains(ctx, netuid, owner)
    ):
        hotkeys.insert(0, owner)
    return hotkeys


def split_takes(ctx: Context, dividends: Mapping[bytes, int]) -> tuple[list[int], list[int]]:
    """Split the U96F32 dividends of hotkeys; return the takes of the delegates and the rests for all stake, in rao."""
    takes = storage.Delegates.column(ctx, list(dividends))
    parts = [
        rules.after_take(dividend, U96F32.safe_div(U96F32.from_int(take), U96F32.from_int(U16_MAX)))
        if dividend
        else (0, 0)  # as most hotkeys have none
        for dividend, take in zip(dividends.values(), takes, strict=True)
    ]
    return [taken for taken, _ in parts], [rest for _, rest in parts]


def distribute_alpha_dividends(ctx: Context, netuid: int, dividends: Mapping[bytes, int]) -> None:
    """Stake each hotkey's take for its owner; the rest goes to all stake on the hotkey in proportion."""
    storage.AlphaDividendsPerSubnet.keep_under(ctx, netuid, dividends)  # removes those of the last epoch
    takes, rests = split_takes(ctx, dividends)
    increases: list[StakeIncrease] = []
    for hotkey, owner, take, rest in zip(
        dividends, storage.Owner.column(ctx, list(dividends)), takes, rests, strict=True
    ):
        increases += StakeIncrease(hotkey, owner, take), StakeIncrease(hotkey, None, rest)
    increase_stakes_on_subnet(ctx, netuid, increases)
    storage.AlphaDividendsPerSubnet.put_row(ctx, netuid, dividends, rests)
    storage.TotalHotkeyAlphaLastEpoch.put_column(
        ctx, dividends, netuid, storage.TotalHotkeyAlpha.column(ctx, dividends, netuid)
    )


def distribute_root_dividends(ctx: Context, netuid: int, dividends: Mapping[bytes, int]) -> None:
    """Stake each hotkey's take for its owner on the subnet.

    The rest becomes claimable by stake on root with the hotkey.
    """
    storage.RootAlphaDividendsPerSubnet.keep_under(ctx, netuid, dividends)
    takes, rests = split_takes(ctx, dividends)
    increases: list[StakeIncrease] = []
    for hotkey, owner, take, rest in zip(
        dividends, storage.Owner.column(ctx, list(dividends)), takes, rests, strict=True
    ):
        increases.append(StakeIncrease(hotkey, owner, take))
        if not increase_root_claimable_for_hotkey_and_subnet(ctx, hotkey, netuid, rest):
            increases.append(StakeIncrease(hotkey, owner, rest))
    increase_stakes_on_subnet(ctx, netuid, increases)
    storage.RootAlphaDividendsPerSubnet.put_row(ctx, netuid, dividends, rests)
