"""Storage items of the pallet, in tables by subject; `order` fixes the order of all items, which is the chain's.

* `networks`: existence, ownership, price, mechanisms and symbols of subnets.
* `hyperparameters`: parameters of consensus, size and immunity, set by a subnet's owner or by root.
* `registration`: price and limits of neuron registrations.
* `neurons`: uids, and the results of the last epoch by uid.
* `weights`: weights and commits.
* `tempo`: timing of epochs.
* `pools`: reserves and prices of TAO and alpha.
* `emission`: emission of each block, its split among subnets, and amounts pending until the next epoch.
* `staking`: ownership of hotkeys, and their stake in alpha and in shares.
* `locks`: locked stake and its conviction.
* `delegation`: takes, parents and children.
* `swaps`: announced swaps of coldkeys, and swaps of hotkeys.
* `root`: dividends of stake on root, and their claims.
* `rate_limits`: rate limits, and the blocks of the last actions.
* `serving`: identities, and endpoints of neurons.
* `leases`: subnets paid for by a crowdloan.
* `voting`: voting power, a moving average of stake.
* `migrations`: items of migrations and of former rules.
* `after_425`: items of later runtimes that newer clients read.

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
