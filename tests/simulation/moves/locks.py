"""Moves about locked stake."""

from __future__ import annotations

from pysubtensor.runtime.pallets.subtensor.storage.locks import Lock, MaturityRate, UnlockRate

from ..players import Move, Players, by_root, move


@move(10)
def lock_stake(players: Players) -> Move:
    if (found := players.stake(on_root=False)) is None:
        return None
    hotkey, coldkey, netuid, _ = found
    locked = next((to for (to,), _ in Lock.under(players.ctx, coldkey.account, netuid)), hotkey.account)
    arguments = {"hotkey": locked, "netuid": netuid, "amount": players.amount()}
    return coldkey, "SubtensorModule.lock_stake", arguments


def find_lock(players: Players) -> tuple[bytes, int, bytes] | None:
    """Return the coldkey, the subnet and the hotkey of one of the locks."""
    locks = [key for key, _ in Lock.items(players.ctx) if key[0] in players.keys]
    return players.random.choice(locks) if locks else None


@move(5)
def move_lock(players: Players) -> Move:
    if (found := find_lock(players)) is None:
        return None
    coldkey, netuid, _ = found
    hotkey = players.neuron(netuid) or players.hotkey()
    arguments = {"destination_hotkey": hotkey.account, "netuid": netuid}
    return players.keys[coldkey], "SubtensorModule.move_lock", arguments


@move(4)
def set_perpetual_lock(players: Players) -> Move:
    if (found := find_lock(players)) is None:
        return None
    arguments = {"netuid": found[1], "enabled": players.random.random() < 0.5}
    return players.keys[found[0]], "SubtensorModule.set_perpetual_lock", arguments


@move(4)
def set_reject_locked_alpha(players: Players) -> Move:
    return players.coldkey(), "SubtensorModule.set_reject_locked_alpha", {"enabled": players.random.random() < 0.3}


@move(2)
def let_locks_run_out(players: Players) -> Move:
    """Root writes other rates, for which there is no call: locks run out within some blocks instead of months."""
    rates = {item: players.random.choice([20, 300, 934_866]) for item in (MaturityRate, UnlockRate)}
    pairs = [(item.key_of(()), item.codec.encode(rate)) for item, rate in rates.items()]
    return by_root(players, "System.set_storage", {"items": pairs})
