"""What Commitments stores: fields of data in 137 forms, the commitment of an account, and how much it has committed."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from ...scale import Bytes32, MaxLen, SourceName, Struct, Sum, u64
from ...scale.codec import FixedBytes
from ...scale.declare import SumCodec
from ...scale.describe import Description, FieldInfo, Variant, VariantInfo
from ..shared.types import Balance, BlockNumber

PATH = "pallet_commitments::types"
#: Most bytes of a field that says its length in its variant, of a larger one, and of an encrypted one.
MAX_RAW, MAX_BIG_RAW, MAX_TIMELOCK = 128, 512, 1024
#: Most fields of a commitment.
MAX_FIELDS = 3


class Data(Sum, path=f"{PATH}::Data", positional=True):
    """One field of a commitment. `Raw0` to `Raw128` hold that many bytes: `raw(data)` makes the one that fits."""


class _Variants(dict[int, type[Sum]]):
    """The variants by index. The 129 lengths of raw data are classes only once somebody asks for them: making them
    all takes longer than starting a chain."""

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
    """A Sum whose raw variants come from a rule: index n + 1 holds n bytes."""

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
        others = [variant for variant in _shown(super().describe()) if variant.index not in variants]
        variants |= {variant.index: replace(variant, fields=_unspelled(variant.fields)) for variant in others}
        return Description(Variant(tuple(variants[index] for index in sorted(variants))), self.path, (), self.docs)


def _unspelled(fields: tuple[FieldInfo, ...]) -> tuple[FieldInfo, ...]:
    """The source describes this type by hand, without the spelling of its fields."""
    return tuple(replace(field, type_name=None) for field in fields)


def _shown(description: Description) -> tuple[VariantInfo, ...]:
    assert isinstance(description.shape, Variant)
    return description.shape.variants


Data.scale = DataCodec()


class Nothing(Data, index=0, name="None"):
    pass


class BlakeTwo256(Data, index=130):
    """The hash of data that is kept elsewhere; so the next three."""

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
    """Takes from validators the bonds that they hold in the neuron that commits this."""


class BigRaw(Data, index=136):
    """Up to 512 bytes."""

    data: Annotated[bytes, MaxLen(MAX_BIG_RAW)]


def raw(data: bytes) -> Data:
    """Up to 128 bytes as a field of a commitment."""
    if len(data) > MAX_RAW:
        raise ValueError(f"expected at most {MAX_RAW} bytes, got {len(data)}; BigRaw takes up to {MAX_BIG_RAW}")
    field = Data.scale.decode(bytes((len(data) + 1,)) + data)
    assert isinstance(field, Data)
    return field


def space(field: Data) -> int:
    """Bytes of a field that count against the account's limit: its data, hash or ciphertext."""
    for name in ("data", "hash", "encrypted"):
        content = getattr(field, name, None)
        if content is not None:
            return len(content)
    return 0


class CommitmentInfo(Struct, path=f"{PATH}::CommitmentInfo", params=[("FieldLimit", None)]):
    """The fields of a commitment."""

    fields: Annotated[list[Data], MaxLen(MAX_FIELDS, bound="FieldLimit")]


class Registration(
    Struct,
    path=f"{PATH}::Registration",
    params=[("Balance", Balance), ("MaxFields", None), ("BlockNumber", BlockNumber)],
):
    """A stored commitment."""

    #: Rao that are reserved for it.
    deposit: Balance
    #: The number of the block in which it was made.
    block: BlockNumber
    info: Annotated[CommitmentInfo, SourceName("CommitmentInfo<MaxFields>")]


class UsageTracker(Struct, path=f"{PATH}::UsageTracker"):
    """How much an account has committed in an epoch of the subnet."""

    #: The epoch's number.
    last_epoch: u64 = 0
    #: Bytes.
    used_space: u64 = 0
