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
* `migrations`: left by migrations and former rules.
* `after_425`: what only later runtimes have, and newer clients ask for.

Each item is an attribute of the package: `storage.NetworksAdded`.
"""

from ..declared.pallet import pallet
from .after_425 import *
from .delegation import *
from .emission import *
from .hyperparameters import *
from .leases import *
from .locks import *
from .migrations import *
from .networks import *
from .neurons import *
from .pools import *
from .rate_limits import *
from .registration import *
from .root import *
from .serving import *
from .staking import *
from .swaps import *
from .tempo import *
from .voting import *
from .weights import *
from .order import ORDER

pallet.arrange(ORDER)
