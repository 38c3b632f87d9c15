"""Origins of calls that change a subnet: its owner, within rate limits, or root without limits."""

from __future__ import annotations

from ....frame.context import Context
from ....frame.errors import BadOrigin, DispatchFailed, ensure
from .. import storage
from ..declared.errors import Error
from .rate_limits import LimitedAction, passes_rate_limit_on_subnet, set_last_block_on_subnet


def ensure_subnet_owner(ctx: Context, netuid: int) -> bytes:
    """Return the signer. Fails with BadOrigin unless it is the owner of the subnet."""
    who = ctx.ensure_signed()
    if storage.SubnetOwner.get(ctx, netuid) != who:
        raise DispatchFailed(BadOrigin())
    return who


def ensure_subnet_owner_or_root(ctx: Context, netuid: int) -> bytes | None:
    """Return the subnet's owner when it signed, None for root. Fails with BadOrigin for other origins."""
    return None if ctx.origin.is_root else ensure_subnet_owner(ctx, netuid)


def ensure_sn_owner_or_root_with_limits(ctx: Context, netuid: int, action: LimitedAction) -> bytes | None:
    """Return what `ensure_subnet_owner_or_root` does, and hold the owner to the rate limit of `action`.

    Fails with BadOrigin, and with TxRateLimitExceeded when the owner did the same too few blocks ago.
    """
    owner = ensure_subnet_owner_or_root(ctx, netuid)
    if owner is not None:
        ensure(passes_rate_limit_on_subnet(ctx, action, owner, netuid), Error.TxRateLimitExceeded)
    return owner


def record_owner_rl(ctx: Context, owner: bytes | None, netuid: int, action: LimitedAction) -> None:
    """Record that the owner did this in this block, for its rate limit; `owner` is None for root, which has none."""
    if owner is not None:
        set_last_block_on_subnet(ctx, action, owner, netuid, ctx.block.number)
