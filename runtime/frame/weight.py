"""Weights: what a call costs a block, in picoseconds of reference time and bytes of proof."""

from __future__ import annotations

import enum
from functools import cached_property

from ...consensus.integers import saturating_add_u64, saturating_mul_u64, saturating_sub
from ..scale import AsCompact, Struct, scale_enum, u64

#: One database access on the chain's reference machine (RocksDB), in picoseconds.
DB_READ, DB_WRITE = 25_000_000, 100_000_000


class Weight(Struct, path="sp_weights::weight_v2::Weight"):
    """Reference time in picoseconds and proof size in bytes; sums saturate at 2^64 - 1."""

    ref_time: AsCompact[u64] = 0
    proof_size: AsCompact[u64] = 0

    def __add__(self, other: Weight) -> Weight:
        return Weight(
            saturating_add_u64(self.ref_time, other.ref_time), saturating_add_u64(self.proof_size, other.proof_size)
        )

    def __sub__(self, other: Weight) -> Weight:
        return Weight(saturating_sub(self.ref_time, other.ref_time), saturating_sub(self.proof_size, other.proof_size))

    def __mul__(self, times: int) -> Weight:
        return Weight(saturating_mul_u64(self.ref_time, times), saturating_mul_u64(self.proof_size, times))

    def any_gt(self, other: Weight) -> bool:
        """Whether either part is greater."""
        return self.ref_time > other.ref_time or self.proof_size > other.proof_size

    def larger(self, other: Weight) -> Weight:
        """Each part the larger of both."""
        return Weight(max(self.ref_time, other.ref_time), max(self.proof_size, other.proof_size))

    def smaller(self, other: Weight) -> Weight:
        """Each part the smaller of both."""
        return Weight(min(self.ref_time, other.ref_time), min(self.proof_size, other.proof_size))


ZERO = Weight()


def weight_of(ref_time: int, proof_size: int = 0, reads: int = 0, writes: int = 0) -> Weight:
    """A benchmarked weight plus its database accesses."""
    return Weight(ref_time + reads * DB_READ + writes * DB_WRITE, proof_size)


@scale_enum("frame_support::dispatch::DispatchClass")
class DispatchClass(enum.Enum):
    """Which share of the block a call may use."""

    __hash__ = object.__hash__  # members are unique; Enum's own hash is a slow one of their names

    Normal = 0
    Operational = 1
    Mandatory = 2


@scale_enum("frame_support::dispatch::Pays")
class Pays(enum.Enum):
    """Whether the caller pays a fee."""

    Yes = 0
    No = 1


class WeightPerClass(Struct, path="frame_support::dispatch::PerDispatchClass", params=[("T", Weight)]):
    """A weight for each dispatch class."""

    normal: Weight = ZERO
    operational: Weight = ZERO
    mandatory: Weight = ZERO

    def total(self) -> Weight:
        return self.normal + self.operational + self.mandatory


class DispatchInfo(Struct, path="frame_support::dispatch::DispatchInfo"):
    """What is known of a call before it runs."""

    call_weight: Weight
    extension_weight: Weight
    class_: DispatchClass
    pays_fee: Pays

    @cached_property
    def total_weight(self) -> Weight:
        return self.call_weight + self.extension_weight


class DispatchEventInfo(Struct, path="frame_system::DispatchEventInfo"):
    """What the events ExtrinsicSuccess and ExtrinsicFailed tell of a call's cost."""

    weight: Weight
    class_: DispatchClass
    pays_fee: Pays


class PostInfo(Struct, path="frame_support::dispatch::PostDispatchInfo"):
    """What a call says of its cost afterwards; None means: as declared."""

    actual_weight: Weight | None = None
    pays_fee: Pays = Pays.Yes


#: Of a call that cost what was declared.
AS_DECLARED = PostInfo()
