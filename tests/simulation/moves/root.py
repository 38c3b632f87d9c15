"""Moves of root and of owners: parameters of subnets and of the chain."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from tests.world import TAO

from ..players import Move, Players, by_root, move

#: Parameters of subnets and values that they may take.
PARAMETERS: dict[str, Callable[[Random], dict[str, Any]]] = {
    "sudo_set_tempo": lambda chance: {"tempo": chance.randint(2, 12)},
    "sudo_set_weights_set_rate_limit": lambda chance: {"weights_set_rate_limit": chance.choice([0, 1, 5])},
    "sudo_set_max_allowed_uids": lambda chance: {"max_allowed_uids": chance.choice([64, 70, 100, 256])},
    "sudo_trim_to_max_allowed_uids": lambda chance: {"max_n": chance.choice([16, 64, 100])},
    "sudo_set_immunity_period": lambda chance: {"immunity_period": chance.choice([0, 5, 100])},
    "sudo_set_yuma3_enabled": lambda chance: {"enabled": chance.random() < 0.5},
    "sudo_set_liquid_alpha_enabled": lambda chance: {"enabled": chance.random() < 0.5},
    "sudo_set_bonds_penalty": lambda chance: {"bonds_penalty": chance.choice([0, 32767, 65535])},
    "sudo_set_mechanism_count": lambda chance: {"mechanism_count": chance.randint(1, 2)},
    "sudo_set_subtoken_enabled": lambda chance: {"subtoken_enabled": chance.random() < 0.97},
    "sudo_set_recycle_or_burn": lambda chance: {"recycle_or_burn": chance.choice(["Burn", "Recycle"])},
    "sudo_set_owner_cut_enabled": lambda chance: {"enabled": chance.random() < 0.7},
    "sudo_set_owner_cut_auto_lock_enabled": lambda chance: {"enabled": chance.random() < 0.5},
    "sudo_set_max_allowed_validators": lambda chance: {"max_allowed_validators": chance.choice([1, 4, 64])},
    "sudo_set_min_burn": lambda chance: {"min_burn": chance.randrange(TAO)},
    "sudo_set_max_burn": lambda chance: {"max_burn": chance.randrange(TAO // 5, 100 * TAO)},
    "sudo_set_network_registration_allowed": lambda chance: {"registration_allowed": chance.random() < 0.97},
    "sudo_set_subnet_emission_enabled": lambda chance: {"enabled": chance.random() < 0.97},
    "sudo_set_ema_price_halving_period": lambda chance: {"ema_halving": chance.choice([1, 1_000])},
    "sudo_set_kappa": lambda chance: {"kappa": chance.choice([0, 32767, 65535])},
}
#: Parameters of the whole chain.
OF_THE_CHAIN: dict[str, Callable[[Random], dict[str, Any]]] = {
    "sudo_set_stake_threshold": lambda chance: {"min_stake": chance.choice([0, 0, 0, TAO // 100])},
    "sudo_set_subnet_owner_cut": lambda chance: {"subnet_owner_cut": chance.choice([0, 11_796, 30_000])},
    "sudo_set_nominator_min_required_stake": lambda chance: {"min_stake": chance.choice([0, TAO // 10])},
    "sudo_set_subnet_limit": lambda chance: {"max_subnets": chance.randint(3, 5)},
    "sudo_set_subnet_moving_alpha": lambda chance: {"alpha": (1 << 32) // chance.choice([1, 300])},
}


@move(8)
def set_parameter(players: Players) -> Move:
    name = players.random.choice(list(PARAMETERS))
    return by_root(players, f"AdminUtils.{name}", {"netuid": players.netuid(), **PARAMETERS[name](players.random)})


@move(6)
def let_weights_come(players: Players) -> Move:
    """Remove the limits on setting and committing weights."""
    netuid, hidden = players.netuid(), players.random.random() < 0.5
    calls = [
        players.chain.call("AdminUtils.sudo_set_commit_reveal_weights_enabled", netuid=netuid, enabled=hidden),
        players.chain.call("AdminUtils.sudo_set_weights_set_rate_limit", netuid=netuid, weights_set_rate_limit=0),
    ]
    return by_root(players, "Utility.batch_all", {"calls": calls})


@move(3)
def set_parameter_of_the_chain(players: Players) -> Move:
    name = players.random.choice(list(OF_THE_CHAIN))
    return by_root(players, f"AdminUtils.{name}", OF_THE_CHAIN[name](players.random))


@move(5)
def let_root_earn(players: Players) -> Move:
    """Start root, and let moving prices follow at once.

    Stake on root earns dividends when the moving prices of all subnets add up to a TAO.
    """
    calls = [
        players.chain.call("AdminUtils.sudo_set_subtoken_enabled", netuid=0, subtoken_enabled=True),
        players.chain.call("AdminUtils.sudo_set_subnet_moving_alpha", alpha=1 << 32),
        players.chain.call("AdminUtils.sudo_set_ema_price_halving_period", netuid=players.netuid(), ema_halving=1),
    ]
    return by_root(players, "Utility.batch_all", {"calls": calls})


@move(1)
def dissolve_network(players: Players) -> Move:
    if players.random.random() < 0.6:
        return None
    return by_root(players, "SubtensorModule.root_dissolve_network", {"netuid": players.netuid()})
