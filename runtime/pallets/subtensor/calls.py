"""The complete pallet: importing this module loads every module that declares calls or hooks.

Their decorators add the calls to `pallet`, so the runtime takes the pallet from here. `declared.pallet` alone has
errors, events and the storage and constants loaded so far, but no calls. A new module with calls is added to the
list below.
"""

from .coinbase import hooks
from .declared.pallet import pallet
from .keys import swap_coldkey, swap_hotkey
from .ledger import accounts
from .lifecycle import dissolve, leases, network_registration
from .neurons import evm, faucet, identity, registration, root, serving
from .staking import add, auto_stake, children, lock_calls, move, recycle, remove, root_claims, takes, voting_power
from .subnets import symbols, tempo
from .weights import commit_reveal, set_weights, timelocked

__all__ = [  # noqa: RUF022 (in the order of the rooms)
    "pallet",
    # ledger
    "accounts",
    # subnets
    "symbols",
    "tempo",
    # neurons
    "registration",
    "root",
    "serving",
    "identity",
    "evm",
    "faucet",
    # staking
    "add",
    "remove",
    "move",
    "recycle",
    "takes",
    "children",
    "auto_stake",
    "root_claims",
    "lock_calls",
    "voting_power",
    # weights
    "set_weights",
    "commit_reveal",
    "timelocked",
    # lifecycle
    "network_registration",
    "dissolve",
    "leases",
    # keys
    "swap_hotkey",
    "swap_coldkey",
    # coinbase
    "hooks",
]
