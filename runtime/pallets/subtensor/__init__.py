"""SubtensorModule (index 7): subnets, neurons, weights, epochs, emission and stake.

Importing the package gives the declarations alone, so that other pallets can read this one's storage while their own
modules are being loaded. Who works here finds each subject in one file, with its calls, rules and helpers:

Declared
* `pallet`, `constants`, `limits` (fixed numbers), `types`, `events`, `errors`, and `storage` in tables by subject.

Subnets and neurons
* `networks`: which subnets there are, what the next one costs, which makes room. `network_registration`: how one
  begins, its start, its owner. `dissolve`, `remove_network`: how one ends. `mechanism`: several ways to be paid in one.
* `symbols`: signs and names of subnets. `subnet_accounts`, `tao`: where their TAO lies, and how TAO moves.
* `registration`: become a neuron by payment, by proof of work, or on root; price and limits.
* `uids`: who has which uid; append, replace, trim.
* `serving`: axons, certificates, metrics, EVM keys. `identity`: what coldkeys and subnets say of themselves.

Consensus and time
* `weights`: set weights, alone and in batches. `commit_reveal`: commit first, reveal later.
* `tempo`: when an epoch runs, who may trigger one. `epoch`: storage to `consensus.yuma` and back.

Emission
* `coinbase/`: the block step, emission and its split among subnets, injection into pools, distribution after epochs.

Stake
* `stake`: add, remove, move. `share_pool`: stake as shares of a hotkey's whole. `swap`: the way to the pools.
* `takes`, `childkeys`: who shares in dividends. `root`: membership of root. `claims`: dividends of stake on root.
* `locks`: locked stake and conviction. `leasing`: subnets of a crowd. `voting_power`: moving averages of stake.

Keys and limits
* `coldkey_swap`, `hotkey_swap`: one key for another. `rate_limits`: how often. `guards`: what is refused beforehand.

Seen from outside
* `genesis`: what block 0 holds. `views/`: what runtime APIs answer.
"""

from . import storage
from .declared import constants
from .declared.pallet import pallet

__all__ = ["constants", "pallet", "storage"]
