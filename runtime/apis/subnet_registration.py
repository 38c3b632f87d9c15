"""SubnetRegistrationRuntimeApi: the price of a new subnet."""

from __future__ import annotations

from ..frame.context import Context
from ..frame.runtime_api import RuntimeApi
from ..pallets.shared.types import TaoBalance
from ..pallets.subtensor.subnets.networks import get_network_lock_cost

api = RuntimeApi("SubnetRegistrationRuntimeApi", 1, docs="Reads the price of registering a subnet.")


@api.method
def get_network_registration_cost(ctx: Context) -> TaoBalance:
    """Return the price of the next subnet, in rao."""
    return get_network_lock_cost(ctx)
