"""SubtensorModule with everything that belongs to it: the files that have calls and hooks are loaded.

The package itself gives the declarations alone (see there); the runtime takes the pallet from here.
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
