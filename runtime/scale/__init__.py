"""SCALE: types that encode, decode and describe themselves.

Declarations use the names of `types` (`u64`, `Compact[u64]`, `AccountId`) and the classes of `declare` (`Struct`,
`Sum`, `scale_enum`); `codec_of(annotation)` returns the codec. `codec`, `containers`, `arrays` and `compact_arrays`
have the codecs, `describe` their descriptions for metadata, `source_names` the source spelling of types, `reader` the
input side and `ScaleError`, `layout` the sizes of types by which decoded memory is counted.
"""

from .arrays import VecBool, VecU16, VecU16Pairs, VecU64
from .codec import AnyCodec, Codec
from .declare import Struct, Sum, scale_enum, scale_record
from .markers import SourceName
from .reader import BoundedReader, Reader, ScaleError, encode_compact
from .resolve import codec_of
from .types import (
    H160,
    H256,
    AccountId,
    AsCompact,
    Box,
    Bytes4,
    Bytes8,
    Bytes32,
    Compact,
    Err,
    FixedLen,
    FixedU128,
    MaxLen,
    Ok,
    Percent,
    Perquintill,
    Result,
    i8,
    i16,
    i32,
    i64,
    i128,
    newtype,
    u8,
    u16,
    u32,
    u64,
    u128,
    u256,
)

__all__ = [
    "H160",
    "H256",
    "AccountId",
    "AnyCodec",
    "AsCompact",
    "BoundedReader",
    "Box",
    "Bytes4",
    "Bytes8",
    "Bytes32",
    "Codec",
    "Compact",
    "Err",
    "FixedLen",
    "FixedU128",
    "MaxLen",
    "Ok",
    "Percent",
    "Perquintill",
    "Reader",
    "Result",
    "ScaleError",
    "SourceName",
    "Struct",
    "Sum",
    "VecBool",
    "VecU16",
    "VecU16Pairs",
    "VecU64",
    "codec_of",
    "encode_compact",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "newtype",
    "scale_enum",
    "scale_record",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "u256",
]
