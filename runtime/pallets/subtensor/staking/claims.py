"""Dividends of stake on root: what it has earned on each subnet, and how its owners come by it.

A hotkey has one rate for each subnet (`RootClaimable`): the alpha that one rao of stake on root with it has ever
earned there. What a coldkey is owed is its stake times the rate, less what it has claimed (`RootClaimed`); stake that
comes or goes shifts the latter, so that it earns from then on only. Claims pay in alpha, or in TAO staked on root;
each block some coldkeys are picked, for which it is claimed.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from .....consensus.fixed import I96F32
from .....consensus.integers import saturate_u128, saturating_add_u64, saturating_sub
from ....frame.context import Context
from ....frame.errors import DispatchFailed
from ....frame.storage import StorageNMap, StorageValue
from ... import swap
from ...shared.types import ROOT_NETUID
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..declared.limits import ALPHA_MAP_BATCH_SIZE
from ..declared.types import Keep, KeepSubnets, RootClaimTypeEnum
from ..ledger import share_pool
from ..ledger.subnet_accounts import get_subnet_account_id
from ..ledger.subnet_emissions import record_protocol_outflow
from ..ledger.tao import transfer_tao_from_subnet
from ..ledger.trading import swap_alpha_for_tao

#: Stakes by hotkey, coldkey and netuid, and where among them the last look ended.
Shares = StorageNMap[tuple[bytes, bytes, int], Any, Any]
LastKey = StorageValue[bytes | None, bytes | None]
#: What keys of shares in stake on root end with: root's netuid.
ROOT_AT_END = ROOT_NETUID.to_bytes(2, "little")


# --- what has been earned ------------------------------------------------------------------------------------------


def increase_root_claimable_for_hotkey_and_subnet(ctx: Context, hotkey: bytes, netuid: int, amount: int) -> None:
    """Let the stake on root with a hotkey earn `amount` of a subnet's alpha.

    More alpha than there is stake would give a rate above one: then the hotkey's owner gets it as stake.
    """
    if not amount and netuid in storage.RootClaimable.get(ctx, hotkey):
        return
    stake = share_pool.get_stake_for_hotkey_on_subnet(ctx, hotkey, ROOT_NETUID)
    if amount > stake:
        share_pool.increase_stake_for_hotkey_and_coldkey_on_subnet(
            ctx, hotkey, storage.Owner.get(ctx, hotkey), netuid, amount
        )
        return
    increment = I96F32.safe_div(I96F32.from_int(amount), I96F32.from_int(stake))
    rates = storage.RootClaimable.get(ctx, hotkey)
    if increment or netuid not in rates:
        rates = {**rates, netuid: I96F32.saturating_add(rates.get(netuid, 0), increment)}
        storage.RootClaimable.put(ctx, hotkey, dict(sorted(rates.items())))


def get_root_claimable_for_hotkey_coldkey(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int) -> int:
    """What a coldkey's present stake would ever have earned of a subnet's alpha, I96F32."""
    stake = share_pool.get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, ROOT_NETUID)
    return I96F32.saturating_mul(storage.RootClaimable.get(ctx, hotkey).get(netuid, 0), I96F32.from_int(stake))


def get_root_owed_for_hotkey_coldkey_float(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int) -> int:
    """What a coldkey may claim, I96F32; below zero when roundings have taken too much already."""
    claimable = get_root_claimable_for_hotkey_coldkey(ctx, hotkey, coldkey, netuid)
    return I96F32.saturating_sub(claimable, I96F32.from_int(storage.RootClaimed.get(ctx, (netuid, hotkey, coldkey))))


# --- stake comes and goes ------------------------------------------------------------------------------------------


def _earned_by(ctx: Context, hotkey: bytes, amount: int) -> Iterator[tuple[int, int]]:
    """For each subnet, the alpha that `amount` rao of stake on root would ever have earned."""
    for netuid, rate in storage.RootClaimable.get(ctx, hotkey).items():
        yield netuid, I96F32.to_int(I96F32.saturating_mul(rate, I96F32.from_int(amount)), 128)


def add_stake_adjust_root_claimed_for_hotkey_and_coldkey(
    ctx: Context, hotkey: bytes, coldkey: bytes, amount: int
) -> None:
    """New stake on root has not earned what the hotkey's rates say: count it as claimed."""
    for netuid, earned in _earned_by(ctx, hotkey, amount):
        key = netuid, hotkey, coldkey
        storage.RootClaimed.put(ctx, key, saturate_u128(storage.RootClaimed.get(ctx, key) + earned))


def remove_stake_adjust_root_claimed_for_hotkey_and_coldkey(
    ctx: Context, hotkey: bytes, coldkey: bytes, amount: int
) -> None:
    """Stake that leaves root no longer counts in what has been claimed."""
    for netuid, earned in _earned_by(ctx, hotkey, amount):
        if netuid != ROOT_NETUID:
            key = netuid, hotkey, coldkey
            storage.RootClaimed.put(ctx, key, saturating_sub(storage.RootClaimed.get(ctx, key), earned))


# --- claims --------------------------------------------------------------------------------------------------------


def root_claim_on_subnet(
    ctx: Context,
    hotkey: bytes,
    coldkey: bytes,
    netuid: int,
    root_claim_type: RootClaimTypeEnum,
    ignore_minimum_condition: bool,
) -> None:
    """Pay a coldkey what it is owed of a subnet's alpha; nothing below the threshold, unless that is to be ignored."""
    owed = get_root_owed_for_hotkey_coldkey_float(ctx, hotkey, coldkey, netuid)
    alpha = I96F32.to_int(owed, 64)
    if alpha == 0 or (not ignore_minimum_condition and owed < storage.RootClaimableThreshold.get(ctx, netuid)):
        return
    if keeps_alpha(root_claim_type, netuid):
        share_pool.increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid, alpha)
    else:
        with ctx.state.transaction():
            _sell_for_root_stake(ctx, hotkey, coldkey, netuid, alpha)
    storage.RootClaimed.mutate(ctx, (netuid, hotkey, coldkey), lambda claimed: saturate_u128(claimed + alpha))


def keeps_alpha(root_claim_type: RootClaimTypeEnum, netuid: int) -> bool:
    """Whether a coldkey of this choice wants a subnet's alpha itself."""
    if isinstance(root_claim_type, KeepSubnets):
        return netuid in root_claim_type.subnets
    return isinstance(root_claim_type, Keep)


def _sell_for_root_stake(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int, alpha: int) -> None:
    """Sell alpha that nobody holds yet, and stake the TAO on root."""
    tao = swap_alpha_for_tao(ctx, netuid, alpha, swap.MIN_PRICE, drop_fees=True).amount_paid_out
    account = get_subnet_account_id(ctx, ROOT_NETUID)
    if account is None:
        raise DispatchFailed(Error.RootNetworkDoesNotExist)
    transfer_tao_from_subnet(ctx, netuid, account, tao)
    storage.SubnetRootSellTao.mutate(ctx, netuid, lambda total: saturating_add_u64(total, tao))
    record_protocol_outflow(ctx, netuid, tao)
    share_pool.increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, ROOT_NETUID, tao)
    for pool in (storage.SubnetTAO, storage.SubnetAlphaOut):
        pool.mutate(ctx, ROOT_NETUID, lambda total: saturating_add_u64(total, tao))
    share_pool.increase_total_stake(ctx, tao)
    add_stake_adjust_root_claimed_for_hotkey_and_coldkey(ctx, hotkey, coldkey, tao)


def root_claim_all(ctx: Context, hotkey: bytes, coldkey: bytes, subnets: frozenset[int] | None) -> int:
    """Claim through one hotkey, on these subnets or on all; gives on how many it has earned anything."""
    root_claim_type, claims = storage.RootClaimType.get(ctx, coldkey), 0
    for netuid in storage.RootClaimable.get(ctx, hotkey):
        if subnets is None or netuid in subnets:
            root_claim_on_subnet(ctx, hotkey, coldkey, netuid, root_claim_type, ignore_minimum_condition=False)
            claims += 1
    return claims


def do_root_claim(ctx: Context, coldkey: bytes, subnets: frozenset[int] | None) -> tuple[int, int]:
    """Claim through all hotkeys with stake of the coldkey, or, when one claim fails, through none.

    Gives the number of hotkeys and of claims, by which the work is weighed.
    """
    with ctx.state.transaction():
        hotkeys = storage.StakingHotkeys.get(ctx, coldkey)
        claims = sum(root_claim_all(ctx, hotkey, coldkey, subnets) for hotkey in hotkeys)
        ctx.deposit(events.RootClaimed(coldkey))
    return len(hotkeys), claims


# --- claimed for them ----------------------------------------------------------------------------------------------


def maybe_add_coldkey_index(ctx: Context, coldkey: bytes) -> None:
    """Give a coldkey the next place among those for whom claims are made, unless it has one."""
    if not storage.StakingColdkeys.contains(ctx, coldkey):
        place = storage.NumStakingColdkeys.get(ctx)
        storage.StakingColdkeysByIndex.put(ctx, place, coldkey)
        storage.StakingColdkeys.put(ctx, coldkey, place)
        storage.NumStakingColdkeys.put(ctx, saturating_add_u64(place, 1))


def maybe_remove_coldkey_index(ctx: Context, coldkey: bytes) -> None:
    """Take a coldkey's place away, if it has one; the last coldkey moves into it."""
    place = storage.StakingColdkeys.take(ctx, coldkey)
    if place is None:
        return
    last = saturating_sub(storage.NumStakingColdkeys.get(ctx), 1)
    moved = storage.StakingColdkeysByIndex.take(ctx, last) if place != last else None
    if moved is None:
        storage.StakingColdkeysByIndex.remove(ctx, place)
    else:
        storage.StakingColdkeysByIndex.put(ctx, place, moved)
        storage.StakingColdkeys.put(ctx, moved, place)
    storage.NumStakingColdkeys.put(ctx, last)


def coldkey_has_root_stake(ctx: Context, coldkey: bytes) -> bool:
    """Whether a coldkey has stake on root with any hotkey."""
    return any(
        share_pool.get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, ROOT_NETUID)
        for hotkey in storage.StakingHotkeys.get(ctx, coldkey)
    )


def populate_root_coldkey_staking_maps(ctx: Context) -> None:
    """Look at a few more stakes, in the order of their keys and from the beginning again after the last: who has some
    on root is given a place."""
    for shares, last_key in ((storage.Alpha, storage.AlphaMapLastKey), (storage.AlphaV2, storage.AlphaV2MapLastKey)):
        _look_for_root_stake(ctx, shares, last_key)


def _look_for_root_stake(ctx: Context, shares: Shares, last_key: LastKey) -> None:
    """One batch behind the last key. A batch that is not full is the last one, be it empty."""
    last = last_key.get(ctx)
    if last is None and shares.is_empty(ctx):
        return
    batch = list(islice(ctx.state.keys(shares.prefix, last), ALPHA_MAP_BATCH_SIZE))
    for key in batch:
        if key.endswith(ROOT_AT_END):  # the netuid comes last and is not hashed
            _, coldkey, _ = shares.parts_of(key)
            maybe_add_coldkey_index(ctx, coldkey)
    last_key.put(ctx, batch[-1] if len(batch) == ALPHA_MAP_BATCH_SIZE else None)


def block_hash_to_indices(block_hash: bytes, k: int, n: int) -> list[int]:
    """Up to k places below n, in order: a walk whose steps are the hash's four words (u64, big endian), again and
    again, and which begins at the first of them."""
    words = [int.from_bytes(block_hash[at : at + 8], "big") for at in range(0, 32, 8)]
    at, found = words[0], set()
    for i in range(k):
        at = saturating_add_u64(at, words[i % 4]) % n if n else 0
        found.add(at)
    return sorted(found)


def run_auto_claim_root_divs(ctx: Context, last_block_hash: bytes) -> None:
    """Claim for the coldkeys that the parent's hash picks. Claims that fail change nothing, and nobody is told."""
    for place in block_hash_to_indices(
        last_block_hash, storage.NumRootClaim.get(ctx), storage.NumStakingColdkeys.get(ctx)
    ):
        coldkey = storage.StakingColdkeysByIndex.get(ctx, place)
        if coldkey is not None:
            mark = ctx.block.mark()
            try:
                do_root_claim(ctx, coldkey, None)
            except DispatchFailed:
                ctx.block.rewind(mark)
