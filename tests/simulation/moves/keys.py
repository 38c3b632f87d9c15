"""Moves that replace a hotkey or a coldkey by another."""

from __future__ import annotations

from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.crypto.hashing import blake2_256
from pysubtensor.runtime.pallets.shared.types import ROOT_NETUID
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import get_stake_for_hotkey_and_coldkey_on_subnet
from pysubtensor.runtime.pallets.subtensor.storage.locks import LockingColdkeys
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubnetOwnerHotkey
from pysubtensor.runtime.pallets.subtensor.storage.root import RootClaimable, RootClaimed
from pysubtensor.runtime.pallets.subtensor.storage.staking import StakingHotkeys
from pysubtensor.runtime.pallets.subtensor.storage.swaps import ColdkeySwapAnnouncements, ColdkeySwapDisputes

from ..players import Move, Players, by_root, move


@move(4)
def swap_hotkey(players: Players) -> Move:
    return change_hotkey(players, "SubtensorModule.swap_hotkey")


@move(3)
def swap_hotkey_v2(players: Players) -> Move:
    made = change_hotkey(players, "SubtensorModule.swap_hotkey_v2")
    return made and (made[0], made[1], made[2] | {"keep_stake": players.random.random() < 0.5})


def change_hotkey(players: Players, name: str) -> Move:
    if (found := players.own_pair()) is None:
        return None
    coldkey, hotkey = found
    own = [key for key in players.owned(coldkey) if not has_sum_of_locks(players, key)]
    new = players.unused_hotkey() if not own or players.random.random() < 0.8 else players.random.choice(own)
    netuid = players.random.choice([None, 0, players.netuid(), players.netuid()])
    return coldkey, name, {"hotkey": hotkey.account, "new_hotkey": new.account, "netuid": netuid}


def has_sum_of_locks(players: Players, hotkey: Keypair) -> bool:
    """Return whether there may be a sum of locks to a hotkey: the genuine swap of another for it would replace that."""
    locked = any(key[1] == hotkey.account for key, _ in LockingColdkeys.items(players.ctx))
    return locked or any(owner == hotkey.account for _, owner in SubnetOwnerHotkey.items(players.ctx))


def next_coldkey(players: Players, coldkey: Keypair) -> Keypair:
    """Return the coldkey that follows one: its other key, by turns."""
    half, at = len(players.all_coldkeys) // 2, players.all_coldkeys.index(coldkey)
    return players.all_coldkeys[(at + half) % len(players.all_coldkeys)]


def forgets_claims(players: Players, coldkey: Keypair) -> bool:
    """Return whether the swap of a coldkey would leave claims of root dividends behind, so that they can be repeated.

    The genuine swap takes along what was claimed of a subnet's alpha only where the coldkey has stake with the same
    hotkey on that subnet. The chain may claim on its own before the swap.
    """
    ctx, who = players.ctx, coldkey.account
    claims = {key[:2] for key, alpha in RootClaimed.items(ctx) if alpha and key[2] == who}
    for hotkey in StakingHotkeys.get(ctx, who):
        if get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, who, ROOT_NETUID):
            claims |= {(netuid, hotkey) for netuid in RootClaimable.get(ctx, hotkey)}
    stakes = (get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, who, netuid) for netuid, hotkey in claims)
    return not all(stakes)


@move(5)
def announce_coldkey_swap(players: Players) -> Move:
    coldkey = players.coldkey()
    if coldkey == players.root or forgets_claims(players, coldkey):
        return None
    new = next_coldkey(players, coldkey).account
    return coldkey, "SubtensorModule.announce_coldkey_swap", {"new_coldkey_hash": blake2_256(new)}


def announced(players: Players) -> Keypair | None:
    """Return a coldkey whose swap is announced."""
    found = [coldkey for coldkey, _ in ColdkeySwapAnnouncements.items(players.ctx) if coldkey in players.keys]
    return players.keys[players.random.choice(found)] if found else None


@move(12)
def swap_coldkey_announced(players: Players) -> Move:
    coldkey = announced(players)
    if coldkey is None or forgets_claims(players, coldkey):
        return None
    new = next_coldkey(players, coldkey).account
    return coldkey, "SubtensorModule.swap_coldkey_announced", {"new_coldkey": new}


@move(4)
def dispute_coldkey_swap(players: Players) -> Move:
    coldkey = announced(players)
    return coldkey and (coldkey, "SubtensorModule.dispute_coldkey_swap", {})


@move(8)
def clear_coldkey_swap_announcement(players: Players) -> Move:
    coldkey = announced(players)
    return coldkey and (coldkey, "SubtensorModule.clear_coldkey_swap_announcement", {})


@move(4)
def decide_dispute(players: Players) -> Move:
    """Root ends a dispute: it removes the announcement, or swaps the coldkey itself."""
    disputed = [players.keys[coldkey] for coldkey, _ in ColdkeySwapDisputes.items(players.ctx)]
    if not disputed:
        return None
    coldkey = players.random.choice(disputed)
    new = next_coldkey(players, coldkey)
    if (
        forgets_claims(players, coldkey)
        or StakingHotkeys.get(players.ctx, new.account)
        or players.random.random() < 0.5
    ):
        return by_root(players, "SubtensorModule.reset_coldkey_swap", {"coldkey": coldkey.account})
    arguments = {"old_coldkey": coldkey.account, "new_coldkey": new.account, "swap_cost": 0}
    return by_root(players, "SubtensorModule.swap_coldkey", arguments)
