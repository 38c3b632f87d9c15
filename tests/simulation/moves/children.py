"""Moves about children, takes, and where incentives are staked."""

from __future__ import annotations

from ..players import Move, Players, by_root, move

WHOLE = (1 << 64) - 1


@move(14)
def set_children(players: Players) -> Move:
    if (found := players.own_pair()) is None:
        return None
    netuid, (coldkey, hotkey) = players.netuid(), found
    children = players.random.sample(players.hotkeys, players.random.randrange(4))
    parts = [int(WHOLE * players.random.uniform(0, 1 / len(children))) for _ in children]
    edges = [(part, child.account) for part, child in zip(parts, children, strict=True)]
    arguments = {"hotkey": hotkey.account, "netuid": netuid, "children": edges}
    return coldkey, "SubtensorModule.set_children", arguments


@move(4)
def set_childkey_take(players: Players) -> Move:
    if (found := players.own_pair()) is None:
        return None
    arguments = {"hotkey": found[1].account, "netuid": players.netuid(), "take": players.random.randrange(12_000)}
    return found[0], "SubtensorModule.set_childkey_take", arguments


@move(2)
def set_auto_parent_delegation_enabled(players: Players) -> Move:
    if (found := players.own_pair()) is None:
        return None
    arguments = {"hotkey": found[1].account, "enabled": players.random.random() < 0.7}
    return found[0], "SubtensorModule.set_auto_parent_delegation_enabled", arguments


@move(3)
def increase_take(players: Players) -> Move:
    return change_take(players, "SubtensorModule.increase_take")


@move(5)
def decrease_take(players: Players) -> Move:
    return change_take(players, "SubtensorModule.decrease_take")


def change_take(players: Players, name: str) -> Move:
    if (found := players.own_pair()) is None:
        return None
    return found[0], name, {"hotkey": found[1].account, "take": players.random.randrange(12_000)}


@move(1)
def set_takes_of_the_chain(players: Players) -> Move:
    """Root changes the bounds of childkey takes, and how long scheduled children wait."""
    name, arguments = players.random.choice(
        [
            ("sudo_set_min_childkey_take", {"take": players.random.randrange(3_000)}),
            ("sudo_set_max_childkey_take", {"take": players.random.randrange(6_000, 12_000)}),
            ("sudo_set_tx_childkey_take_rate_limit", {"tx_rate_limit": players.random.randrange(3)}),
            ("set_pending_childkey_cooldown", {"cooldown": players.random.randrange(8)}),
        ]
    )
    return by_root(players, f"SubtensorModule.{name}", arguments)


@move(5)
def set_coldkey_auto_stake_hotkey(players: Players) -> Move:
    netuid = players.netuid()
    neuron = players.neuron(netuid)
    arguments = {"netuid": netuid, "hotkey": neuron and neuron.account}
    return neuron and (players.coldkey(), "SubtensorModule.set_coldkey_auto_stake_hotkey", arguments)
