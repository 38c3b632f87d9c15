"""AdminUtils (index 19): how parameters are set, by root, and by the owners of subnets for their own.

`rules` has the conditions that calls share. The calls: `chain` (authorities, EVM), `parameters` (of the whole chain),
`subnet_by_root` (of one subnet, by root alone), `consensus_by_owner` and `subnet_by_owner` (by its owner or root).
Each checks, sets the item that its name says through `subtensor.hyperparameters`, and leaves that setter's event.
"""

from . import chain_by_root as chain
from . import consensus_by_owner, parameters, subnet_by_owner, subnet_by_root
from .pallet import pallet

__all__ = ["chain", "consensus_by_owner", "pallet", "parameters", "subnet_by_owner", "subnet_by_root"]
