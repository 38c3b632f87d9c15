"""Weights: the cost of a call to a block, in picoseconds of reference time and bytes of proof."""

from __future__ import annotations

import enum
from functools import cached_property

from ...consensus.integers import U64_MAX, saturate_u64, saturating_mul_u64, saturating_sub
from ..scale import AsCompact, Struct, scale_enum, u64

#: One database access on the chain's reference machine (RocksDB), in picoseconds.
DB_READ, DB_WRITE = 25_000_000, 100_000_000


class Weight(Struct, path="sp_weights::weight_v2::Weight"):
    """Reference time in picoseconds and proof size in bytes; sums saturate at 2^64 - 1."""

    ref_time: AsCompact[u64] = 0
    proof_size: AsCompact[u64] = 0

    def __add__(self, other: Weight) -> Weight:
        ref_time, proof_size = self.ref_time + other.ref_time, self.proof_size + other.proof_size
        if (ref_time | proof_size) <= U64_MAX:  # nearly always
            return Weight(ref_time, proof_size)
        return Weight(saturate_u64(ref_time), saturate_u64(proof_size))

    def __sub__(self, other: Weight) -> Weight:
        return Weight(saturating_sub(self.ref_time, other.ref_time), saturating_sub(self.proof_size, other.proof_size))

    def __mul__(self, times: int) -> Weight:
        return Weight(saturating_mul_u64(self.ref_time, times), saturating_mul_u64(self.proof_size, times))

    def any_gt(self, other: Weight) -> bool:
        """Return whether either part is greater."""
        return self.ref_time > other.ref_time or self.proof_size > other.proof_size

    def larger(self, other: Weight) -> Weight:
        """Return the maximum of each part."""
        return Weight(max(self.ref_time, other.ref_time), max(self.proof_size, other.proof_size))

    def smaller(self, other: Weight) -> Weight:
        """Return the minimum of each part."""
        return Weight(min(self.ref_time, other.ref_time), min(self.proof_size, other.proof_size))


ZERO = Weight()


def weight_of(ref_time: int, proof_size: int = 0, reads: int = 0, writes: int = 0) -> Weight:
    """Return a benchmarked weight (picoseconds, bytes) plus the time of its database accesses."""
    return Weight(ref_time + reads * DB_READ + writes * DB_WRITE, proof_size)


@scale_enum("frame_support::dispatch::DispatchClass")
class DispatchClass(enum.Enum):
    """The class of a call, which determines the share of the block that it may use."""

    __hash__ = object.__hash__  # members are unique; Enum's own hash is a slow one of their names

    Normal = 0
    Operational = 1
    Mandatory = 2


@scale_enum("frame_support::dispatch::Pays")
class Pays(enum.Enum):
    """Whether the caller pays a fee for a call."""

    Yes = 0
    No = 1


class WeightPerClass(Struct, path="frame_support::dispatch::PerDispatchClass", params=[("T", Weight)]):
    """A weight for each dispatch class."""

    normal: Weight = ZERO
    operational: Weight = ZERO
    mandatory: Weight = ZERO

    def total(self) -> Weight:
        """Return the sum of all classes."""
        return self.normal + self.operational + self.mandatory


class DispatchInfo(Struct, path="frame_support::dispatch::DispatchInfo"):
    """The declared cost of a call, before it runs."""

    call_weight: Weight
    extension_weight: Weight
    class_: DispatchClass
    pays_fee: Pays

    @cached_property
    def total_weight(self) -> Weight:
        return self.call_weight + self.extension_weight


class DispatchEventInfo(Struct, path="frame_system::DispatchEventInfo"):
    """The cost of a call in the events ExtrinsicSuccess and ExtrinsicFailed."""

    weight: Weight
    class_: DispatchClass
    pays_fee: Pays


class PostInfo(Struct, path="frame_support::dispatch::PostDispatchInfo"):
    """The cost that a call reports after it ran; `actual_weight` None means as declared."""

    actual_weight: Weight | None = None
    pays_fee: Pays = Pays.Yes


#: The report of a call that cost what was declared.
AS_DECLARED = PostInfo()
