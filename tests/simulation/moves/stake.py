"""Moves of stake: buying and selling alpha, at any price or up to a limit, moving and destroying it."""

from __future__ import annotations

from pysubtensor.runtime.pallets.subtensor.genesis import GENESIS_NETUID
from pysubtensor.runtime.pallets.subtensor.subnets.networks import get_all_subnet_netuids

from tests.world import TAO

from ..players import Move, Players, move


@move(40)
def add_stake(players: Players) -> Move:
    netuid = 0 if players.random.random() < 0.2 else players.netuid()
    hotkey = players.neuron(netuid) or players.hotkey()
    arguments = {"hotkey": hotkey.account, "netuid": netuid, "amount_staked": players.amount()}
    return players.coldkey(), "SubtensorModule.add_stake", arguments


@move(8)
def add_stake_limit(players: Players) -> Move:
    netuid = players.netuid()
    hotkey = players.neuron(netuid) or players.hotkey()
    arguments = {"hotkey": hotkey.account, "netuid": netuid, "amount_staked": players.amount()}
    limit = {"limit_price": players.price(netuid, 0.95, 1.5), "allow_partial": players.random.random() < 0.7}
    return players.coldkey(), "SubtensorModule.add_stake_limit", arguments | limit


@move(12)
def remove_stake(players: Players) -> Move:
    if (found := players.stake()) is None:
        return None
    hotkey, coldkey, netuid, alpha = found
    arguments = {"hotkey": hotkey.account, "netuid": netuid, "amount_unstaked": alpha}
    return coldkey, "SubtensorModule.remove_stake", arguments


@move(8)
def remove_stake_limit(players: Players) -> Move:
    if (found := players.stake()) is None:
        return None
    hotkey, coldkey, netuid, alpha = found
    arguments = {"hotkey": hotkey.account, "netuid": netuid, "amount_unstaked": alpha}
    limit = {"limit_price": players.price(netuid, 0.6, 1.05), "allow_partial": players.random.random() < 0.7}
    return coldkey, "SubtensorModule.remove_stake_limit", arguments | limit


@move(3)
def remove_stake_full_limit(players: Players) -> Move:
    if (found := players.stake()) is None:
        return None
    hotkey, coldkey, netuid, _ = found
    limit = players.random.choice([None, players.price(netuid, 0.5, 1)])
    arguments = {"hotkey": hotkey.account, "netuid": netuid, "limit_price": limit}
    return coldkey, "SubtensorModule.remove_stake_full_limit", arguments


@move(1)
def unstake_all(players: Players) -> Move:
    found = players.stake()
    return found and (found[1], "SubtensorModule.unstake_all", {"hotkey": found[0].account})


@move(2)
def unstake_all_alpha(players: Players) -> Move:
    found = players.stake()
    return found and (found[1], "SubtensorModule.unstake_all_alpha", {"hotkey": found[0].account})


def other_netuid(players: Players, netuid: int) -> int:
    """Return root, the same or another subnet."""
    return players.random.choice([0, netuid, players.netuid(), players.netuid()])


def third_netuid(players: Players, netuid: int) -> int:
    """Return root or another subnet, if there is one."""
    others = [other for other in get_all_subnet_netuids(players.ctx) if other not in (netuid, GENESIS_NETUID)]
    return players.random.choice(others or [netuid])


@move(8)
def move_stake(players: Players) -> Move:
    if (found := players.stake()) is None:
        return None
    hotkey, coldkey, netuid, alpha = found
    destination = other_netuid(players, netuid)
    taker = players.neuron(destination) or hotkey
    arguments = {"origin_hotkey": hotkey.account, "destination_hotkey": taker.account, "origin_netuid": netuid}
    arguments |= {"destination_netuid": destination, "alpha_amount": alpha}
    return coldkey, "SubtensorModule.move_stake", arguments


@move(8)
def transfer_stake(players: Players) -> Move:
    if (found := players.stake()) is None:
        return None
    hotkey, coldkey, netuid, alpha = found
    arguments = {"destination_coldkey": players.coldkey().account, "hotkey": hotkey.account, "origin_netuid": netuid}
    arguments |= {"destination_netuid": other_netuid(players, netuid), "alpha_amount": alpha}
    return coldkey, "SubtensorModule.transfer_stake", arguments


@move(5)
def swap_stake(players: Players) -> Move:
    if (found := players.stake()) is None:
        return None
    hotkey, coldkey, netuid, alpha = found
    arguments = {"hotkey": hotkey.account, "origin_netuid": netuid, "alpha_amount": alpha}
    return coldkey, "SubtensorModule.swap_stake", arguments | {"destination_netuid": third_netuid(players, netuid)}


@move(5)
def swap_stake_limit(players: Players) -> Move:
    if (found := players.stake()) is None:
        return None
    hotkey, coldkey, netuid, alpha = found
    destination = third_netuid(players, netuid)
    ratio = players.price(netuid, 0.6, 1.05) * TAO // max(players.price(destination, 1, 1), 1)
    arguments = {"hotkey": hotkey.account, "origin_netuid": netuid, "destination_netuid": destination}
    limit = {"alpha_amount": alpha, "limit_price": ratio, "allow_partial": players.random.random() < 0.7}
    return coldkey, "SubtensorModule.swap_stake_limit", arguments | limit


@move(3)
def recycle_alpha(players: Players) -> Move:
    return destroy(players, "SubtensorModule.recycle_alpha")


@move(3)
def burn_alpha(players: Players) -> Move:
    return destroy(players, "SubtensorModule.burn_alpha")


def destroy(players: Players, name: str) -> Move:
    if (found := players.stake(on_root=False)) is None:
        return None
    hotkey, coldkey, netuid, alpha = found
    return coldkey, name, {"hotkey": hotkey.account, "amount": min(alpha, players.amount()), "netuid": netuid}


@move(3)
def add_stake_burn(players: Players) -> Move:
    netuid = players.netuid()
    hotkey = players.neuron(netuid) or players.hotkey()
    arguments = {"hotkey": hotkey.account, "netuid": netuid, "amount": players.amount()}
    limit = players.random.choice([None, players.price(netuid, 1, 2)])
    return players.coldkey(), "SubtensorModule.add_stake_burn", arguments | {"limit": limit}
