"""Extrinsics and blocks as types: arguments of runtime APIs, and what metadata says of them.

Like the types in `runtime_types`, they are known in full only when the runtime is composed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from ..scale import AnyCodec, Reader, Struct, codec_of
from ..scale.codec import BYTES, Codec, type_error
from ..scale.containers import Tuple
from ..scale.describe import Composite, Description, FieldInfo
from .extension import ExtensionCodec, TransactionExtension, WrapperCodec
from .extrinsic import Extrinsic, ExtrinsicCodec, MultiAddress, MultiSignature
from .header import Header
from .runtime_types import RUNTIME_CALL


class UncheckedExtrinsicCodec(Codec[Extrinsic]):
    """An extrinsic with its length before it, signature not yet looked at. `compose` says which extensions it has."""

    name = "fp_self_contained::unchecked_extrinsic::UncheckedExtrinsic"
    min_size = 2
    immutable = False

    def __init__(self) -> None:
        self.extrinsics: ExtrinsicCodec | None = None
        self.extensions: list[ExtensionCodec] = []
        self.extra: AnyCodec = Tuple(())
        self.inner = _Opaque(self)

    def compose(self, extrinsics: ExtrinsicCodec, groups: Sequence[Sequence[TransactionExtension]]) -> None:
        """The extensions, in the nested tuples in which the chain lists them; a group of one is no tuple."""
        tuples: list[AnyCodec] = []
        for group in groups:
            codecs = [ExtensionCodec(extension) for extension in group]
            shown: list[AnyCodec] = [WrapperCodec(c) if c.extension.wrapper_path else c for c in codecs]
            self.extensions += codecs
            tuples.append(Tuple(tuple(shown)) if len(shown) > 1 else shown[0])
        self.extrinsics, self.extra = extrinsics, Tuple(tuple(tuples))

    @property
    def params(self) -> list[tuple[str, AnyCodec | None]]:
        address, signature = codec_of(MultiAddress), codec_of(MultiSignature)
        return [("Address", address), ("Call", RUNTIME_CALL), ("Signature", signature), ("Extra", self.extra)]

    def encode(self, value: Extrinsic) -> bytes:
        if not isinstance(value, Extrinsic):
            raise type_error("an Extrinsic", value)
        return value.raw

    def read(self, reader: Reader) -> Extrinsic:
        assert self.extrinsics is not None, "extrinsics are read before the runtime is composed"
        start = reader.at
        reader.take(reader.compact())
        return self.extrinsics.decode(reader.data[start : reader.at])

    def describe(self) -> Description:
        return Description(Composite((FieldInfo(None, self.inner),)), self.name, self.params)


class _Opaque(Codec[Any]):
    """The generic extrinsic inside: bytes, as far as metadata is concerned."""

    name = "sp_runtime::generic::unchecked_extrinsic::UncheckedExtrinsic"

    def __init__(self, outer: UncheckedExtrinsicCodec) -> None:
        self.outer = outer

    def describe(self) -> Description:
        return Description(Composite((FieldInfo(None, BYTES),)), self.name, self.outer.params)


RUNTIME_EXTRINSIC = UncheckedExtrinsicCodec()
UncheckedExtrinsic = Annotated[Extrinsic, RUNTIME_EXTRINSIC]


class Block(
    Struct,
    path="sp_runtime::generic::block::Block",
    params=[("Header", Header), ("Extrinsic", UncheckedExtrinsic)],
):
    """A whole block."""

    header: Header
    extrinsics: list[UncheckedExtrinsic]
