"""The version of the runtime and the limits of its blocks, as in spec 425. Clients read them from metadata."""

from __future__ import annotations

from typing import Annotated

from ..consensus.integers import U64_MAX
from .frame.weight import Weight
from .scale import Bytes8, Compact, SourceName, Struct, newtype, u8, u32, u64
from .scale.codec import TEXT, AnyCodec
from .scale.containers import Vec
from .scale.resolve import codec_of

SPEC_NAME = "node-subtensor"
SPEC_VERSION = 425
TRANSACTION_VERSION = 1
#: State roots in version 1, extrinsics roots in version 0.
SYSTEM_VERSION = 1
STATE_VERSION = 1

CowStr = Annotated[str, newtype(TEXT, "Cow", params=(("T", TEXT),), type_name=None), SourceName("Cow<'static, str>")]
_APIS: AnyCodec = Vec(codec_of(tuple[Bytes8, u32]))
Apis = Annotated[
    list[tuple[bytes, int]], newtype(_APIS, "Cow", params=(("T", _APIS),), type_name=None), SourceName("ApisVec")
]


class RuntimeVersion(Struct, path="sp_version::RuntimeVersion"):
    """The versions by which clients choose their encoding; `apis` are (id, version) of the runtime APIs."""

    spec_name: CowStr
    impl_name: CowStr
    authoring_version: u32
    spec_version: u32
    impl_version: u32
    apis: Apis
    transaction_version: u32
    system_version: u8


class LastRuntimeUpgradeInfo(Struct, path="frame_system::LastRuntimeUpgradeInfo"):
    """The version whose migrations have run."""

    spec_version: Annotated[Compact[u32], SourceName("codec::Compact<u32>")]
    spec_name: CowStr


class RuntimeDbWeight(Struct, path="sp_weights::RuntimeDbWeight"):
    """The reference time of one database access, in picoseconds."""

    read: u64
    write: u64


class WeightsPerClass(Struct, path="frame_system::limits::WeightsPerClass"):
    """The limits of one dispatch class; None stands for no limit."""

    base_extrinsic: Weight
    max_extrinsic: Weight | None
    max_total: Weight | None
    reserved: Weight | None


class LimitsPerClass(Struct, path="frame_support::dispatch::PerDispatchClass", params=[("T", WeightsPerClass)]):
    """The weight limits of all dispatch classes."""

    normal: WeightsPerClass
    operational: WeightsPerClass
    mandatory: WeightsPerClass


class LengthPerClass(Struct, path="frame_support::dispatch::PerDispatchClass", params=[("T", u32)]):
    """The length limits of all dispatch classes, in bytes."""

    normal: u32
    operational: u32
    mandatory: u32


class BlockWeights(Struct, path="frame_system::limits::BlockWeights"):
    """The weight limits of a block: 4 s of reference time, three quarters of it for normal calls."""

    base_block: Weight
    max_block: Weight
    per_class: LimitsPerClass


class BlockLength(Struct, path="frame_system::limits::BlockLength"):
    """The limits of the extrinsics in a block, in bytes."""

    max: LengthPerClass


BASE_EXTRINSIC = Weight(108_157_000, 0)
_NORMAL_PROOF, _OPERATIONAL_RESERVE = 13_835_058_055_282_163_711, 4_611_686_018_427_387_904

BLOCK_WEIGHTS = BlockWeights(
    base_block=Weight(431_614_000, 0),
    max_block=Weight(4_000_000_000_000, U64_MAX),
    per_class=LimitsPerClass(
        normal=WeightsPerClass(
            BASE_EXTRINSIC,
            Weight(2_599_891_843_000, 11_990_383_647_911_208_550),
            Weight(3_000_000_000_000, _NORMAL_PROOF),
            Weight(0, 0),
        ),
        operational=WeightsPerClass(
            BASE_EXTRINSIC,
            Weight(3_599_891_843_000, 16_602_069_666_338_596_454),
            Weight(4_000_000_000_000, U64_MAX),
            Weight(1_000_000_000_000, _OPERATIONAL_RESERVE),
        ),
        mandatory=WeightsPerClass(BASE_EXTRINSIC, None, None, None),
    ),
)
BLOCK_LENGTH = BlockLength(LengthPerClass(7_864_320, 10_485_760, 10_485_760))
