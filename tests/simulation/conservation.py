"""The count of alpha from block to block: none appears.

Of what is outstanding on a subnet, some is staked, pending for the next epoch, burned, or owed to stake on root. The
rest belongs to none: dividends that no hotkey received, claims that their owner gave up, and what was lost by rounding.
It grows, but does not shrink: then somebody would have alpha that was never emitted or bought.
"""

from __future__ import annotations

from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.invariants.alpha import PENDING, owed_to_root
from pysubtensor.runtime.pallets.alpha_assets import AlphaBurned
from pysubtensor.runtime.pallets.shared.types import ROOT_NETUID
from pysubtensor.runtime.pallets.subtensor import storage

#: By how much rounding may exceed the exact amounts in one block, in billionths of an alpha.
ROUNDING = 200


def unowned_alpha(ctx: Context) -> dict[tuple[int, int], int]:
    """Return the alpha of each subnet that belongs to none, by netuid and block of registration."""
    rest, owed = dict(storage.SubnetAlphaOut.items(ctx)), owed_to_root(ctx)
    rest.pop(ROOT_NETUID, None)
    for (_, netuid), alpha in storage.TotalHotkeyAlpha.items(ctx):
        if netuid in rest:
            rest[netuid] -= alpha
    for netuid in rest:
        rest[netuid] -= owed[netuid] + AlphaBurned.get(ctx, netuid) + sum(item.get(ctx, netuid) for item in PENDING)
    return {(netuid, storage.NetworkRegisteredAt.get(ctx, netuid)): alpha for netuid, alpha in rest.items()}


class AlphaCount:
    """The alpha that belongs to none after the last block."""

    def __init__(self, ctx: Context) -> None:
        self.unowned = unowned_alpha(ctx)

    def check(self, ctx: Context) -> None:
        """Raise AssertionError when there is less of it on a subnet than before."""
        former, self.unowned = self.unowned, unowned_alpha(ctx)
        for subnet, alpha in self.unowned.items():
            appeared = former.get(subnet, alpha) - alpha
            assert appeared <= ROUNDING, f"{appeared} alpha of subnet {subnet[0]} have appeared"
