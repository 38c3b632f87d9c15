"""AdminUtils (index 19): setters of parameters, for root and for the owners of subnets.

* `pallet`: the pallet object, events, errors and storage. `rules`: conditions that calls share.
* `chain_by_root`: block authors, finality voters, EVM. `parameters`: parameters of the whole chain, by root.
* `subnet_by_root`: parameters of one subnet that root alone sets.
* `consensus_by_owner`, `subnet_by_owner`: parameters of one subnet that its owner or root sets.

A call checks its conditions and writes the storage item of its name. Where `subtensor.subnets.hyperparameters` has a
setter for the item, the call uses it, and the setter deposits the event.
"""

from . import chain_by_root, consensus_by_owner, parameters, subnet_by_owner, subnet_by_root
from .pallet import pallet

__all__ = ["chain_by_root", "consensus_by_owner", "pallet", "parameters", "subnet_by_owner", "subnet_by_root"]
