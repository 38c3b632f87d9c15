"""Where the pulses of the drand beacon come from."""

from __future__ import annotations

from collections.abc import Iterable

from ...runtime.beacon import Pulse, is_local, set_local_beacon
from ...runtime.frame.context import Context
from ..chain import Blockchain
from ..errors import ChainError
from ..pulses import LocalPulses
from .editing import editing

MODES = ("mock", "offline", "live")


class NoPulses:
    """A source without pulses."""

    def due(self, ctx: Context, timestamp_ms: int) -> Iterable[Pulse]:
        return ()


def set_pulses(chain: Blockchain, mode: str) -> None:
    """Let blocks have the pulses of the local beacon ("mock", which becomes the chain's beacon), or none ("offline").

    "live" keeps the source that the node was started with; ChainError if that is none.
    """
    chain.require_open()
    if mode == "offline":
        chain.pulses = NoPulses()
    elif mode == "mock":
        if not is_local(chain.context()):
            with editing(chain) as ctx:
                set_local_beacon(ctx)
        chain.pulses = LocalPulses()
    elif isinstance(chain.pulses, NoPulses | LocalPulses):
        raise ChainError("expected a node that fetches pulses: start it with --drand and the address of drand's API")
