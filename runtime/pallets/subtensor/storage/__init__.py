"""The pallet's storage, in tables by subject; `order` pins the chain's order of all items.

* `networks`: which subnets there are, whose they are, what they cost, their mechanisms and symbols.
* `hyperparameters`: what a subnet's owner or root sets for consensus, sizes and immunity.
* `registration`: what becoming a neuron costs, and how many may.
* `neurons`: who has which uid, and the results of the last epoch, one entry for each uid.
* `weights`: weights, and the commits that become weights.
* `tempo`: when epochs run.
* `pools`: the pools of TAO and alpha, and their prices.
* `emission`: what each block emits, how subnets share it, and what waits for the next epoch.
* `staking`: whose hotkey is whose, and how much stake lies on each, in alpha and in shares of it.
* `locks`: locked stake and the conviction that grows from it.
* `delegation`: takes, parents and children: who shares in whose dividends.
* `swaps`: swaps of coldkeys, announced beforehand, and of hotkeys.
* `root`: dividends of stake on root, and how they are claimed.
* `rate_limits`: how often something may be done, and when it was done last.
* `serving`: who hotkeys and subnets say they are, and where they can be reached.
* `leases`: subnets that a crowd paid for.
* `voting`: voting power, a moving average of stake.
* `upkeep`: left by migrations and former rules.
* `later`: what only later runtimes have, and newer clients ask for.
"""

from ..declared.pallet import pallet
from . import (
    after_425 as later,
)
from . import (
    delegation,
    emission,
    hyperparameters,
    leases,
    locks,
    networks,
    neurons,
    pools,
    rate_limits,
    registration,
    root,
    serving,
    staking,
    swaps,
    tempo,
    voting,
    weights,
)
from . import (
    migrations as upkeep,
)
from .order import ORDER

pallet.arrange(ORDER)

__all__ = [
    "delegation",
    "emission",
    "hyperparameters",
    "later",
    "leases",
    "locks",
    "networks",
    "neurons",
    "pools",
    "rate_limits",
    "registration",
    "root",
    "serving",
    "staking",
    "swaps",
    "tempo",
    "upkeep",
    "voting",
    "weights",
]
