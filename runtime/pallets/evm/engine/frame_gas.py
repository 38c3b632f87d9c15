"""`FrameGas`: the gas of a precompile's frame, and the weight of its transaction."""

from __future__ import annotations

from ..precompiles.errors import out_of_gas
from .errors import OutOfGas
from .metering import WeightMeter


class FrameGas:
    """Gas and weight as a precompile uses them (see `Gas` of the precompiles)."""

    __slots__ = ("_meter", "limit", "remaining")

    def __init__(self, limit: int, meter: WeightMeter | None) -> None:
        self.limit = self.remaining = limit
        self._meter = meter

    def charge(self, amount: int) -> None:
        """Use gas; raise PrecompileFailed (OutOfGas) when there is too little."""
        if amount > self.remaining:
            raise out_of_gas()
        self.remaining -= amount

    def record_weight(self, ref_time: int, proof_size: int) -> None:
        """Use weight where it is metered; raise PrecompileFailed (OutOfGas) beyond the limit."""
        if self._meter is None:
            return
        try:
            self._meter.record_time(ref_time)
            self._meter.record_proof(proof_size)
        except OutOfGas:
            raise out_of_gas() from None

    def refund_weight(self, ref_time: int, proof_size: int) -> None:
        """Return weight that was recorded but not used."""
        if self._meter is not None:
            self._meter.refund(ref_time, proof_size)
