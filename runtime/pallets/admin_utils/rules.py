"""Conditions that the calls of this pallet share: existence of the subnet, and limits on changes by its owner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ...frame.context import Context
from ...frame.errors import ensure
from ..shared.types import ROOT_NETUID
from ..subtensor.subnets.networks import if_subnet_exist
from ..subtensor.subnets.owner_rules import ensure_sn_owner_or_root_with_limits, record_owner_rl
from ..subtensor.subnets.rate_limits import LimitedAction
from ..subtensor.subnets.tempo import ensure_admin_window_open
from .pallet import Error


@contextmanager
def owner_change(ctx: Context, netuid: int, action: LimitedAction) -> Iterator[bytes | None]:
    """Guard a change by the subnet's owner or by root, and yield the owner (None for root).

    Raise DispatchFailed with BadOrigin, TxRateLimitExceeded or AdminActionProhibitedDuringWeightsWindow. If the body
    succeeds, the block is recorded for the owner's rate limit.
    """
    owner = ensure_sn_owner_or_root_with_limits(ctx, netuid, action)
    ensure_admin_window_open(ctx, netuid)
    yield owner
    record_owner_rl(ctx, owner, netuid, action)


def ensure_subnet(ctx: Context, netuid: int) -> None:
    """Refuse with SubnetDoesNotExist when the subnet does not exist. Root exists."""
    ensure(if_subnet_exist(ctx, netuid), Error.SubnetDoesNotExist)


def ensure_subnet_except_root(ctx: Context, netuid: int) -> None:
    """Refuse with SubnetDoesNotExist when the subnet does not exist, with NotPermittedOnRootSubnet when it is root."""
    ensure_subnet(ctx, netuid)
    ensure(netuid != ROOT_NETUID, Error.NotPermittedOnRootSubnet)
