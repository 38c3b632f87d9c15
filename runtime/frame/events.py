"""Phases of a block, one of which each event belongs to."""

from __future__ import annotations

from ..scale import Sum, u32


class Phase(Sum, path="frame_system::Phase", positional=True):
    """The phase of block execution in which an event was deposited."""


class ApplyExtrinsic(Phase, index=0):
    extrinsic_index: u32


class Finalization(Phase, index=1):
    pass


class Initialization(Phase, index=2):
    pass
