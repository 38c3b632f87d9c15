"""Moves that set, commit and reveal weights."""

from __future__ import annotations

import numpy as np
from pysubtensor.runtime.pallets.subtensor.storage.tempo import SubnetEpochIndex
from pysubtensor.runtime.pallets.subtensor.weights.commit_reveal import get_commit_hash

from ..players import Move, Players, move


@move(40)
def set_weights(players: Players) -> Move:
    netuid = players.netuid()
    neuron, (uids, weights) = players.neuron(netuid), players.weights(netuid)
    arguments = {"netuid": netuid, "dests": uids, "weights": weights, "version_key": 0}
    return neuron and (neuron, "SubtensorModule.set_weights", arguments)


@move(20)
def commit_weights(players: Players) -> Move:
    netuid = players.netuid()
    neuron, (uids, values) = players.neuron(netuid), players.weights(netuid)
    if neuron is None:
        return None
    given = [np.array(part, np.uint16) for part in (uids, values, [players.random.randrange(65536)])]
    commit = get_commit_hash(neuron.account, netuid, *given, 0)
    uids, values, salt = (part.tolist() for part in given)
    reveal = {"netuid": netuid, "uids": uids, "values": values, "salt": salt, "version_key": 0}
    players.secrets.append((neuron, SubnetEpochIndex.get(players.chain.context(), netuid), reveal))
    return neuron, "SubtensorModule.commit_weights", {"netuid": netuid, "commit_hash": commit}


@move(25)
def reveal_weights(players: Players) -> Move:
    ctx = players.chain.context()
    due = [
        (neuron, reveal)
        for neuron, epoch, reveal in players.secrets[-40:]
        if SubnetEpochIndex.get(ctx, reveal["netuid"]) == epoch + 1
    ]
    neuron, reveal = players.random.choice(due or [(players.hotkeys[0], None)])
    return reveal and (neuron, "SubtensorModule.reveal_weights", reveal)


@move(6)
def commit_timelocked_weights(players: Players) -> Move:
    netuid = players.netuid()
    neuron = players.neuron(netuid)
    sealed = {"commit": players.random.randbytes(50), "reveal_round": 1_000, "commit_reveal_version": 4}
    return neuron and (neuron, "SubtensorModule.commit_timelocked_weights", {"netuid": netuid, **sealed})
