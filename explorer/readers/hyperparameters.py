"""The hyperparameters of a subnet, and what each means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..node.node import Node
from ..node.values import Variant, bytes_text, text_of
from .text import WHOLE, amount, share

#: What each hyperparameter means, in a sentence.
MEANINGS = {
    "rho": "Not used by present epochs.",
    "kappa": "The part of the stake that must support a weight: the consensus of a miner is the highest weight that "
    "validators with more than this part of the stake give it.",
    "immunity_period": "Blocks after its registration during which a neuron is not replaced by newcomers.",
    "min_allowed_weights": "How many miners a validator has to give weights to.",
    "max_weights_limit": "The highest part of its weights that a validator may give to one miner.",
    "tempo": "Blocks from one epoch to the next.",
    "weights_version": "The version key that weights must state, or a greater one.",
    "weights_rate_limit": "Blocks that a validator waits between two settings of its weights.",
    "activity_cutoff": "Blocks without new weights after which a validator no longer counts.",
    "activity_cutoff_factor": "The same as a multiple of the tempo, in thousandths.",
    "registration_allowed": "Whether neurons can be registered.",
    "pow_registration_allowed": "Whether neurons can be registered by work.",
    "target_regs_per_interval": "Registrations wanted in an adjustment interval; three times as many are possible.",
    "adjustment_interval": "Blocks from one adjustment of the price of registrations to the next.",
    "adjustment_alpha": "How much of the old price of registrations an adjustment keeps.",
    "min_burn": "The lowest price of a registration.",
    "max_burn": "The highest price of a registration.",
    "min_difficulty": "The lowest difficulty of a registration by work.",
    "max_difficulty": "The highest difficulty of a registration by work.",
    "difficulty": "The difficulty of a registration by work.",
    "burn_half_life": "Blocks in which the price of a registration falls to a half.",
    "burn_increase_mult": "By how much each registration multiplies the price of the next.",
    "bonds_moving_avg": "How much of the old bonds an epoch keeps, in parts of 1,000,000.",
    "max_regs_per_block": "The most registrations in one block.",
    "serving_rate_limit": "Blocks that a neuron waits between two announcements of its address.",
    "max_validators": "How many neurons with the most stake get a validator permit.",
    "commit_reveal_period": "Epochs from the commit of weights to their reveal.",
    "commit_reveal_weights_enabled": "Whether weights are hidden until their reveal, so that they cannot be copied.",
    "alpha_high": "Liquid alpha: the highest part of new bonds that an epoch takes.",
    "alpha_low": "Liquid alpha: the lowest part of new bonds that an epoch takes.",
    "liquid_alpha_enabled": "Whether the speed of bonds depends on how far weights are from the consensus.",
    "alpha_sigmoid_steepness": "Liquid alpha: how abruptly the speed of bonds changes with that distance.",
    "yuma_version": "The version of Yuma Consensus: 3 keeps bonds relative to each miner, 2 to the sum of all.",
    "subnet_is_active": "Whether the owner has started the subnet, so that it can receive emission.",
    "transfers_enabled": "Whether stake can be transferred to other coldkeys.",
    "bonds_reset_enabled": "Whether a miner that commits metadata loses the bonds on it.",
    "user_liquidity_enabled": "Whether users can add liquidity to the pool; not any more.",
    "owner_cut_enabled": "Whether the owner receives its part of the emission.",
    "owner_cut_auto_lock_enabled": "Whether the owner's part is locked when it is paid.",
    "min_childkey_take": "The lowest part of the dividends that a childkey may keep.",
}
#: Hyperparameters that are parts of 65535, and those that are amounts of TAO.
PARTS = {"kappa", "max_weights_limit", "alpha_high", "alpha_low", "min_childkey_take"}
AMOUNTS = {"min_burn", "max_burn"}
FRACTION_BITS = {"U64F64": 64, "I32F32": 32, "I64F64": 64, "I96F32": 32}
#: Newer versions first: they have more.
METHODS = ("get_subnet_hyperparams_v3", "get_subnet_hyperparams_v2", "get_subnet_hyperparams")


@dataclass(frozen=True, slots=True)
class Hyperparameter:
    """A hyperparameter: `value` as the chain has it, `text` in words."""

    name: str
    value: Any
    text: str
    meaning: str


async def read_hyperparameters(node: Node, netuid: int, at: str | None = None) -> list[Hyperparameter]:
    """Return the hyperparameters of a subnet, by the newest method that the runtime has."""
    for method in METHODS:
        found = await node.ask(f"SubnetInfoRuntimeApi.{method}", netuid, at=at)
        if found:
            return [hyperparameter(name, value) for name, value in pairs(found)]
    return []


def pairs(found: Any) -> list[tuple[str, Any]]:
    """Return names and values from a record, or from a list of names and typed values."""
    if isinstance(found, dict):
        return list(found.items())
    return [(bytes_text(bytes(each["name"]), 80), each["value"]) for each in found]


def hyperparameter(name: str, found: Any) -> Hyperparameter:
    """Return a hyperparameter with its text and meaning."""
    kind, value = (found.name, found.value) if isinstance(found, Variant) else ("", found)
    if isinstance(value, dict) and set(value) == {"bits"}:
        value = value["bits"] / (1 << FRACTION_BITS.get(kind, 32))
        text = f"{value:g}"
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    elif name in PARTS and isinstance(value, int):
        text = f"{value:,} ({share(value / WHOLE)})"
    elif (name in AMOUNTS or kind == "TaoBalance") and isinstance(value, int):
        text = amount(value)
    else:
        text = f"{value:,}" if isinstance(value, int) else text_of(value, 200)
    return Hyperparameter(name, value, text, MEANINGS.get(name, ""))
