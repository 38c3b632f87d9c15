"""The fields of commitments: data in 137 forms."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from ....consensus.internal import InternalError
from ...scale import Bytes32, MaxLen, Sum, u64
from ...scale.codec import FixedBytes
from ...scale.declare import SumCodec
from ...scale.describe import Description, FieldInfo, Variant, VariantInfo

PATH = "pallet_commitments::types"
#: The largest number of bytes of a field `Raw0` to `Raw128`, of a `BigRaw`, and of an encrypted field.
MAX_RAW, MAX_BIG_RAW, MAX_TIMELOCK = 128, 512, 1024


class Data(Sum, path=f"{PATH}::Data", positional=True):
    """One field of a commitment. `Raw0` to `Raw128` hold that number of bytes."""


class _Variants(dict[int, type[Sum]]):
    """The variants by index. The classes of the 129 lengths of raw data are made at first use: making all of them takes
    longer than starting a chain."""

    def __missing__(self, index: int) -> type[Sum]:
        length = index - 1
        if not 0 <= length <= MAX_RAW:
            raise KeyError(index)
        body = {"__annotations__": {"data": Annotated[bytes, FixedBytes(length)]}, "__module__": __name__}
        return type(f"Raw{length}", (Data,), body, index=index, positional=True)

    def get(self, index: int, default: object = None) -> type[Sum] | None:  # type: ignore[override]  # never a default
        try:
            return self[index]
        except KeyError:
            return None


class DataCodec(SumCodec):
    """The codec of `Data`, whose raw variants follow a rule: index n + 1 holds n bytes."""

    RAW = {length + 1: f"Raw{length}" for length in range(MAX_RAW + 1)}

    def __init__(self) -> None:
        super().__init__(f"{PATH}::Data", (), Data.__doc__)
        self.by_index, self.names = _Variants(), dict(self.RAW)

    def add(self, index: int, name: str, cls: type[Sum]) -> None:
        if index in self.by_index or self.names.setdefault(index, name) != name:
            raise TypeError(f"{self.path}: variant {index} ({name}) is declared twice")
        self.by_index[index] = cls
        self.prefixes[cls] = bytes((index,))

    def describe(self) -> Description:
        variants = {
            index: VariantInfo(name, index, (FieldInfo(None, FixedBytes(index - 1)),))
            for index, name in self.RAW.items()
        }
        described = super().describe().shape
        if not isinstance(described, Variant):
            raise InternalError(f"expected variants, got {described}")
        # The source describes this type by hand, without the spelling of its fields.
        variants |= {
            variant.index: replace(variant, fields=tuple(replace(field, type_name=None) for field in variant.fields))
            for variant in described.variants
            if variant.index not in variants
        }
        return Description(Variant(tuple(variants[index] for index in sorted(variants))), self.path, (), self.docs)


Data.scale = DataCodec()


class Nothing(Data, index=0, name="None"):
    pass


class BlakeTwo256(Data, index=130):
    """A hash of data that is stored elsewhere, as the next three variants."""

    hash: Bytes32


class Sha256(Data, index=131):
    hash: Bytes32


class Keccak256(Data, index=132):
    hash: Bytes32


class ShaThree256(Data, index=133):
    hash: Bytes32


class TimelockEncrypted(Data, index=134, positional=False):
    """Data that can be decrypted with the signature of a drand round."""

    encrypted: Annotated[bytes, MaxLen(MAX_TIMELOCK)]
    reveal_round: u64


class ResetBondsFlag(Data, index=135):
    """Resets the bonds that validators hold in the neuron of the hotkey."""


class BigRaw(Data, index=136):
    """Up to 512 bytes."""

    data: Annotated[bytes, MaxLen(MAX_BIG_RAW)]


def raw(data: bytes) -> Data:
    """Return up to 128 bytes as a field of a commitment; ValueError for more."""
    if len(data) > MAX_RAW:
        raise ValueError(f"expected at most {MAX_RAW} bytes, got {len(data)}; use BigRaw for up to {MAX_BIG_RAW}")
    field = Data.scale.decode(bytes((len(data) + 1,)) + data)
    if not isinstance(field, Data):
        raise InternalError(f"expected a field of a commitment, got {field}")
    return field


def count_bytes(field: Data) -> int:
    """Return the number of bytes of a field that count against the rate limit: its data, hash or ciphertext."""
    for name in ("data", "hash", "encrypted"):
        content = getattr(field, name, None)
        if content is not None:
            return len(content)
    return 0
