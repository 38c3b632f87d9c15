"""Dividends of stake on root: what it has earned on each subnet, and how coldkeys claim it.

A hotkey has one rate for each subnet (`RootClaimable`): the alpha that one rao staked on root with this hotkey would
have earned there since the beginning. A coldkey is owed its stake times the rate, less what it has claimed
(`RootClaimed`). Stake that comes or goes changes the claimed amount as well, so that it earns from then on only.
Claims pay alpha, or TAO staked on root. In each block the chain claims for some coldkeys.
"""

from __future__ import annotations

from collections.abc import Iterator
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

#: Stakes by hotkey, coldkey and netuid, and the key at which the last batch ended.
Shares = StorageNMap[tuple[bytes, bytes, int], Any, Any]
LastKey = StorageValue[bytes | None, bytes | None]
#: What keys of shares in stake on root end with: root's netuid.
ROOT_AT_END = ROOT_NETUID.to_bytes(2, "little")


# --- earnings ------------------------------------------------------------------------------------------------------


def increase_root_claimable_for_hotkey_and_subnet(ctx: Context, hotkey: bytes, netuid: int, amount: int) -> bool:
    """Credit `amount` alpha of a subnet to the stake on root with a hotkey, by raising its rate.

    Return False, and do nothing, when there is less stake than alpha, which would need a rate above one: then the
    caller gives the alpha to the hotkey's owner as stake.
    """
    rates = storage.RootClaimable.get(ctx, hotkey)
    if not amount and netuid in rates:
        return True
    stake = share_pool.get_stake_for_hotkey_on_subnet(ctx, hotkey, ROOT_NETUID)
    if amount > stake:
        return False
    increment = I96F32.safe_div(I96F32.from_int(amount), I96F32.from_int(stake))
    if increment or netuid not in rates:
        rates = {**rates, netuid: I96F32.saturating_add(rates.get(netuid, 0), increment)}
        storage.RootClaimable.put(ctx, hotkey, dict(sorted(rates.items())))
    return True


def get_root_claimable_for_hotkey_coldkey(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int) -> int:
    """Return what the present stake of a coldkey would have earned since the beginning, I96F32 alpha."""
    stake = share_pool.get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, ROOT_NETUID)
    return I96F32.saturating_mul(storage.RootClaimable.get(ctx, hotkey).get(netuid, 0), I96F32.from_int(stake))


def get_root_owed_for_hotkey_coldkey_float(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int) -> int:
    """Return what a coldkey may claim, I96F32 alpha; below zero when rounding has paid too much already."""
    claimable = get_root_claimable_for_hotkey_coldkey(ctx, hotkey, coldkey, netuid)
    return I96F32.saturating_sub(claimable, I96F32.from_int(storage.RootClaimed.get(ctx, (netuid, hotkey, coldkey))))


# --- changes of stake ----------------------------------------------------------------------------------------------


def _compute_earnings(ctx: Context, hotkey: bytes, amount: int) -> Iterator[tuple[int, int]]:
    """Yield for each subnet the alpha that `amount` rao of stake on root would have earned since the beginning."""
    for netuid, rate in storage.RootClaimable.get(ctx, hotkey).items():
        yield netuid, I96F32.to_int(I96F32.saturating_mul(rate, I96F32.from_int(amount)), 128)


def add_stake_adjust_root_claimed_for_hotkey_and_coldkey(
    ctx: Context, hotkey: bytes, coldkey: bytes, amount: int
) -> None:
    """Count what new stake on root would have earned before it came as claimed."""
    for netuid, earned in _compute_earnings(ctx, hotkey, amount):
        key = netuid, hotkey, coldkey
        storage.RootClaimed.put(ctx, key, saturate_u128(storage.RootClaimed.get(ctx, key) + earned))


def remove_stake_adjust_root_claimed_for_hotkey_and_coldkey(
    ctx: Context, hotkey: bytes, coldkey: bytes, amount: int
) -> None:
    """Subtract what stake that leaves root has earned from what is claimed."""
    for netuid, earned in _compute_earnings(ctx, hotkey, amount):
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
    """Pay a coldkey what it is owed of the alpha of a subnet.

    Do nothing when that is below `RootClaimableThreshold`, unless `ignore_minimum_condition`. Fails when the sale
    for TAO fails, without effect.
    """
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
    """Return whether a coldkey with this choice claims the alpha of the subnet itself, instead of TAO."""
    if isinstance(root_claim_type, KeepSubnets):
        return netuid in root_claim_type.subnets
    return isinstance(root_claim_type, Keep)


def _sell_for_root_stake(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int, alpha: int) -> None:
    """Sell alpha that no account holds yet, and stake the TAO on root for the coldkey."""
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
    """Claim through one hotkey, on `subnets` or on all; return the number of subnets where it has a rate."""
    root_claim_type, claims = storage.RootClaimType.get(ctx, coldkey), 0
    for netuid in storage.RootClaimable.get(ctx, hotkey):
        if subnets is None or netuid in subnets:
            root_claim_on_subnet(ctx, hotkey, coldkey, netuid, root_claim_type, ignore_minimum_condition=False)
            claims += 1
    return claims


def do_root_claim(ctx: Context, coldkey: bytes, subnets: frozenset[int] | None) -> tuple[int, int]:
    """Claim through all hotkeys with stake of the coldkey; if one claim fails, all are undone.

    Returns the number of hotkeys and of claims, which determine the weight.
    """
    with ctx.state.transaction():
        hotkeys = storage.StakingHotkeys.get(ctx, coldkey)
        claims = sum(root_claim_all(ctx, hotkey, coldkey, subnets) for hotkey in hotkeys)
        ctx.deposit(events.RootClaimed(coldkey))
    return len(hotkeys), claims


# --- automatic claims ----------------------------------------------------------------------------------------------


def maybe_add_coldkey_index(ctx: Context, coldkey: bytes) -> None:
    """Give a coldkey the next index in the list for automatic claims, unless it has one."""
    if not storage.StakingColdkeys.contains(ctx, coldkey):
        index = storage.NumStakingColdkeys.get(ctx)
        storage.StakingColdkeysByIndex.put(ctx, index, coldkey)
        storage.StakingColdkeys.put(ctx, coldkey, index)
        storage.NumStakingColdkeys.put(ctx, saturating_add_u64(index, 1))


def maybe_remove_coldkey_index(ctx: Context, coldkey: bytes) -> None:
    """Remove a coldkey from the list for automatic claims; the last coldkey moves to its index."""
    index = storage.StakingColdkeys.take(ctx, coldkey)
    if index is None:
        return
    last = saturating_sub(storage.NumStakingColdkeys.get(ctx), 1)
    moved = storage.StakingColdkeysByIndex.take(ctx, last) if index != last else None
    if moved is None:
        storage.StakingColdkeysByIndex.remove(ctx, index)
    else:
        storage.StakingColdkeysByIndex.put(ctx, index, moved)
        storage.StakingColdkeys.put(ctx, moved, index)
    storage.NumStakingColdkeys.put(ctx, last)


def coldkey_has_root_stake(ctx: Context, coldkey: bytes) -> bool:
    """Return whether a coldkey has stake on root with any hotkey."""
    return any(
        share_pool.get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, ROOT_NETUID)
        for hotkey in storage.StakingHotkeys.get(ctx, coldkey)
    )


def populate_root_coldkey_staking_maps(ctx: Context) -> None:
    """Look at the next batch of stakes, and list the coldkeys that have some on root for automatic claims.

    Stakes are visited in the order of their keys, again and again from the beginning.
    """
    for shares, last_key in ((storage.Alpha, storage.AlphaMapLastKey), (storage.AlphaV2, storage.AlphaV2MapLastKey)):
        _index_root_stakers(ctx, shares, last_key)


def _index_root_stakers(ctx: Context, shares: Shares, last_key: LastKey) -> None:
    """Look at one batch after `last_key`. A batch that is not full, or empty, ends a round."""
    last = last_key.get(ctx)
    batch = shares.keys_after(ctx, last, ALPHA_MAP_BATCH_SIZE)
    if last is None and not batch:
        return
    for key in batch:
        if key.endswith(ROOT_AT_END):  # the netuid comes last and is not hashed
            _, coldkey, _ = shares.parts_of(key)
            maybe_add_coldkey_index(ctx, coldkey)
    last_key.put(ctx, batch[-1] if len(batch) == ALPHA_MAP_BATCH_SIZE else None)


def block_hash_to_indices(block_hash: bytes, k: int, n: int) -> list[int]:
    """Return up to k indices below n, sorted, of a pseudo-random walk.

    Its start is the first of the hash's four words (u64, big endian); its steps are the four words in turn.
    """
    words = [int.from_bytes(block_hash[at : at + 8], "big") for at in range(0, 32, 8)]
    index, indices = words[0], set()
    for i in range(k):
        index = saturating_add_u64(index, words[i % 4]) % n if n else 0
        indices.add(index)
    return sorted(indices)


def run_auto_claim_root_divs(ctx: Context, last_block_hash: bytes) -> None:
    """Claim for the coldkeys that the hash of the parent block selects.

    A failed claim changes nothing and leaves no event.
    """
    count, listed = storage.NumRootClaim.get(ctx), storage.NumStakingColdkeys.get(ctx)
    for index in block_hash_to_indices(last_block_hash, count, listed):
        coldkey = storage.StakingColdkeysByIndex.get(ctx, index)
        if coldkey is not None:
            mark = ctx.block.mark()
            try:
                do_root_claim(ctx, coldkey, None)
            except DispatchFailed:
                ctx.block.rewind(mark)
