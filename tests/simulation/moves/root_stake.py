"""Moves about dividends of stake on root."""

from __future__ import annotations

from pysubtensor.runtime.pallets.subtensor.subnets.networks import get_all_subnet_netuids

from tests.world import TAO

from ..players import Move, Players, by_root, move


@move(8)
def add_stake_on_root(players: Players) -> Move:
    """Stake on root with a validator of a subnet, or of root, so that the stake earns something."""
    hotkey = players.neuron(players.random.choice([0, players.netuid()]))
    arguments = {"hotkey": hotkey and hotkey.account, "netuid": 0, "amount_staked": players.amount(20_000 * TAO)}
    return hotkey and (players.coldkey(), "SubtensorModule.add_stake", arguments)


@move(12)
def claim_root(players: Players) -> Move:
    found, netuids = players.stake(netuid=0), get_all_subnet_netuids(players.ctx)
    subnets = players.random.sample(netuids, players.random.randint(1, min(5, len(netuids))))
    return found and (found[1], "SubtensorModule.claim_root", {"subnets": subnets})


@move(4)
def set_root_claim_type(players: Players) -> Move:
    keep = {"KeepSubnets": {"subnets": [players.netuid()]}}
    chosen = players.random.choice(["Swap", "Swap", "Keep", keep])
    return players.coldkey(), "SubtensorModule.set_root_claim_type", {"new_root_claim_type": chosen}


@move(3)
def set_claims_of_root(players: Players) -> Move:
    """Root changes how many claims the chain makes in a block, or the least amount of a claim."""
    if players.random.random() < 0.5:
        arguments = {"new_value": players.random.choice([0, 1, 5, 50])}
        return by_root(players, "SubtensorModule.sudo_set_num_root_claims", arguments)
    threshold = {"netuid": players.netuid(), "new_value": players.random.choice([0, 1_000, 500_000])}
    return by_root(players, "SubtensorModule.sudo_set_root_claim_threshold", threshold)
