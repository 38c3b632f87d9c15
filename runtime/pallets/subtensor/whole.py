"""SubtensorModule with everything that belongs to it: the files that have calls and hooks are loaded.

The package itself gives the declarations alone (see there); the runtime takes the pallet from here.
"""

from . import (
    account,
    add_stake,
    commit_reveal,
    dissolve,
    evm,
    faucet,
    hooks,
    identity,
    network_registration,
    registration,
    remove_stake,
    root,
    serving,
    symbols,
    tempo,
    voting_power,
    weights,
)
from .pallet import pallet

__all__ = [
    "account",
    "add_stake",
    "commit_reveal",
    "dissolve",
    "evm",
    "faucet",
    "hooks",
    "identity",
    "network_registration",
    "pallet",
    "registration",
    "remove_stake",
    "root",
    "serving",
    "symbols",
    "tempo",
    "voting_power",
    "weights",
]
