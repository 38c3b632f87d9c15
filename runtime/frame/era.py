"""Eras: the range of blocks in which a signed transaction is valid.

A mortal era is a period (a power of two, 4 to 65536 blocks) and a phase in it, packed into 16 bits.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...consensus.integers import saturating_sub
from ..scale import Reader, ScaleError
from ..scale.codec import U8, Codec, type_error
from ..scale.describe import Description, FieldInfo, Variant, VariantInfo

MIN_PERIOD, MAX_PERIOD = 4, 1 << 16


@dataclass(slots=True, unsafe_hash=True)
class Era:
    """The range of blocks from `birth(n)` to before `death(n)`; period 0 is immortal."""

    period: int = 0
    phase: int = 0

    @classmethod
    def mortal(cls, period: int, current: int) -> Era:
        """Return the era of `period` blocks, rounded up to a power of two, that begins at or just before `current`."""
        period = min(max(1 << saturating_sub(period, 1).bit_length(), MIN_PERIOD), MAX_PERIOD)
        quantum = max(period >> 12, 1)
        return cls(period, current % period // quantum * quantum)

    @property
    def is_immortal(self) -> bool:
        return self.period == 0

    @property
    def is_encodable(self) -> bool:
        """Return whether two bytes can hold the era: immortal, or a power of two and a phase in it."""
        if self.is_immortal:
            return self.phase == 0
        is_power = self.period & (self.period - 1) == 0 and MIN_PERIOD <= self.period <= MAX_PERIOD
        return is_power and 0 <= self.phase < self.period and self.phase % max(self.period >> 12, 1) == 0

    def birth(self, current: int) -> int:
        """Return the first block of the era that contains block `current`."""
        if self.is_immortal:
            return 0
        return (max(current, self.phase) - self.phase) // self.period * self.period + self.phase

    def death(self, current: int) -> int:
        """Return the first block after that era; 2^64 - 1 when immortal."""
        return (1 << 64) - 1 if self.is_immortal else self.birth(current) + self.period


IMMORTAL = Era()


class EraCodec(Codec[Era]):
    """00 for immortal, else two bytes: the period's exponent in the low four bits, the quantised phase above."""

    name = "sp_runtime::generic::era::Era"

    def encode(self, value: Era) -> bytes:
        if not isinstance(value, Era):
            raise type_error("an Era", value)
        if not value.is_encodable:
            raise ScaleError(
                f"expected a period that is a power of two from 4 to 65536, and a phase in it, got {value}"
            )
        if value.is_immortal:
            return b"\0"
        exponent = min(max(value.period.bit_length() - 2, 1), 15)
        quantum = max(value.period >> 12, 1)
        return (exponent | value.phase // quantum << 4).to_bytes(2, "little")

    def read(self, reader: Reader) -> Era:
        at = reader.at
        first = reader.byte()
        if first == 0:
            return IMMORTAL
        packed = first | reader.byte() << 8
        period = 2 << (packed & 15)
        phase = (packed >> 4) * max(period >> 12, 1)
        if period < MIN_PERIOD or phase >= period:
            raise ScaleError(f"an era of period {period} has no phase {phase}", at)
        return Era(period, phase)

    def describe(self) -> Description:
        mortal = tuple(VariantInfo(f"Mortal{i}", i, (FieldInfo(None, U8),)) for i in range(1, 256))
        return Description(Variant((VariantInfo("Immortal", 0), *mortal)), self.name)
