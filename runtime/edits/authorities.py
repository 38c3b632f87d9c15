"""Other authorities, for a chain that goes on as that of a network with validators of its own."""

from __future__ import annotations

from collections.abc import Iterable

from ..frame.context import Context
from ..pallets import aura, grandpa


def replace_authorities(ctx: Context, authorities: Iterable[tuple[bytes, bytes]]) -> None:
    """Replace the authors of blocks and the voters on finality: pairs of an sr25519 and an ed25519 key, 32 bytes each.

    A pending change of the voters is dropped.
    """
    pairs = list(authorities)
    aura.Authorities.put(ctx, [author for author, _ in pairs])
    grandpa.Authorities.put(ctx, [(voter, 1) for _, voter in pairs])
    grandpa.PendingChange.kill(ctx)
    grandpa.CurrentSetId.put(ctx, grandpa.CurrentSetId.get(ctx) + 1)
