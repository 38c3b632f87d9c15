"""Events: what happened in a block, and in which part of it."""

from __future__ import annotations

from ..scale import Sum, u32


class Phase(Sum, path="frame_system::Phase", positional=True):
    """The part of a block that an event belongs to."""


class ApplyExtrinsic(Phase, index=0):
    extrinsic_index: u32


class Finalization(Phase, index=1):
    pass


class Initialization(Phase, index=2):
    pass
