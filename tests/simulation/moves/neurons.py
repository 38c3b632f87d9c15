"""Moves that register subnets and neurons."""

from __future__ import annotations

from ..players import Move, Players, move


@move(2)
def register_network(players: Players) -> Move:
    coldkey, hotkey = players.pair()
    return coldkey, "SubtensorModule.register_network", {"hotkey": hotkey}


@move(8)
def start_call(players: Players) -> Move:
    netuid = players.netuid()
    return players.owner(netuid), "SubtensorModule.start_call", {"netuid": netuid}


@move(30)
def burned_register(players: Players) -> Move:
    coldkey, hotkey = players.pair()
    return coldkey, "SubtensorModule.burned_register", {"netuid": players.netuid(), "hotkey": hotkey}


@move(5)
def register_limit(players: Players) -> Move:
    coldkey, hotkey = players.pair()
    arguments = {"netuid": players.netuid(), "hotkey": hotkey, "limit_price": players.amount()}
    return coldkey, "SubtensorModule.register_limit", arguments


@move(5)
def root_register(players: Players) -> Move:
    coldkey, hotkey = players.pair()
    return coldkey, "SubtensorModule.root_register", {"hotkey": hotkey}


@move(4)
def serve_axon(players: Players) -> Move:
    netuid = players.netuid()
    neuron = players.neuron(netuid)
    where = {"ip": 0x08080808, "port": 8091, "ip_type": 4, "protocol": 0, "placeholder1": 0, "placeholder2": 0}
    return neuron and (neuron, "SubtensorModule.serve_axon", {"netuid": netuid, "version": 1, **where})
