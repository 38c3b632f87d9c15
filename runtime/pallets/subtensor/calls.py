"""The pallet with all its calls and hooks: importing this file loads the files that declare them.

The runtime takes the pallet from here. Other pallets import declarations and storage without this file.
"""

from .coinbase import hooks
from .declared.pallet import pallet
from .ledger import accounts as account
from .lifecycle import dissolve, network_registration
from .neurons import evm, faucet, identity, registration, root, serving
from .staking import add as add_stake
from .staking import remove as remove_stake
from .staking import voting_power
from .subnets import symbols, tempo
from .weights import commit_reveal
from .weights import set_weights as weights

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
