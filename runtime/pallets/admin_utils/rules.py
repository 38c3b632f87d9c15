"""What the calls of this pallet have in common: the subnet must exist, and owners change parameters under limits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ...frame.context import Context
from ...frame.errors import ensure
from ..shared.types import ROOT_NETUID
from ..subtensor.subnets.networks import if_subnet_exist
from ..subtensor.subnets.owner_rules import (
    ensure_admin_window_open,
    ensure_sn_owner_or_root_with_limits,
    record_owner_rl,
)
from ..subtensor.subnets.rate_limits import Act
from .pallet import Error


@contextmanager
def owner_change(ctx: Context, netuid: int, act: Act) -> Iterator[bytes | None]:
    """A change by the subnet's owner (given, and held to its rate limit) or by root (None).

    It is refused with BadOrigin, TxRateLimitExceeded or AdminActionProhibitedDuringWeightsWindow. If the body goes
    through, the owner has used its turn.
    """
    owner = ensure_sn_owner_or_root_with_limits(ctx, netuid, act)
    ensure_admin_window_open(ctx, netuid)
    yield owner
    record_owner_rl(ctx, owner, netuid, act)


def ensure_subnet(ctx: Context, netuid: int) -> None:
    """SubnetDoesNotExist unless it does; root is one, too."""
    ensure(if_subnet_exist(ctx, netuid), Error.SubnetDoesNotExist)


def ensure_subnet_beside_root(ctx: Context, netuid: int) -> None:
    """The same, and NotPermittedOnRootSubnet for root."""
    ensure_subnet(ctx, netuid)
    ensure(netuid != ROOT_NETUID, Error.NotPermittedOnRootSubnet)
