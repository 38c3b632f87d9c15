"""Extrinsics and blocks as SCALE types: arguments of runtime APIs, and their description in metadata.

The types depend on the runtime (its calls and extensions), which is passed as the scope of reading and describing.
"""

from __future__ import annotations

from typing import Annotated, Any

from ..scale import AnyCodec, Reader, Struct, codec_of
from ..scale.codec import BYTES, ScopedCodec, type_error
from ..scale.describe import Composite, Description, FieldInfo
from .call import RUNTIME_CALL
from .extrinsic import Extrinsic, MultiAddress, MultiSignature
from .header import Header

#: Source spelling of the generic extrinsic inside the runtime's own type.
INNER = "generic::UncheckedExtrinsic<Address, Call, Signature, Extension>"


class UncheckedExtrinsicCodec(ScopedCodec[Extrinsic]):
    """An extrinsic behind its length prefix; the signature is not checked. The scope is the `Runtime` that reads it."""

    name = "fp_self_contained::unchecked_extrinsic::UncheckedExtrinsic"
    min_size = 2

    def __init__(self) -> None:
        self.inner = _GenericExtrinsic(self)

    def params_in(self, scope: Any) -> dict[str, AnyCodec]:
        """Return the codecs of an extrinsic's parts by generic parameter: Address, Call, Signature, Extra."""
        address, signature = codec_of(MultiAddress), codec_of(MultiSignature)
        return {"Address": address, "Call": RUNTIME_CALL, "Signature": signature, "Extra": scope.extra}

    def encode(self, value: Extrinsic) -> bytes:
        if not isinstance(value, Extrinsic):
            raise type_error("an Extrinsic", value)
        return value.raw

    def read(self, reader: Reader) -> Extrinsic:
        if reader.scope is None:
            raise self.without_runtime()
        start = reader.at
        reader.take(reader.compact())
        extrinsic: Extrinsic = reader.scope.decode(reader.data[start : reader.at])
        return extrinsic

    def describe_in(self, scope: Any) -> Description:
        params = [*self.params_in(scope).items()]
        return Description(Composite((FieldInfo(None, self.inner, INNER),)), self.name, params)


class _GenericExtrinsic(ScopedCodec[Any]):
    """The generic extrinsic inside, which metadata describes as bytes."""

    name = "sp_runtime::generic::unchecked_extrinsic::UncheckedExtrinsic"

    def __init__(self, outer: UncheckedExtrinsicCodec) -> None:
        self.outer = outer

    def describe_in(self, scope: Any) -> Description:
        params = [*self.outer.params_in(scope).items()]
        return Description(Composite((FieldInfo(None, BYTES),)), self.name, params)


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
