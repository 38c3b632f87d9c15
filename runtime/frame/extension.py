"""Transaction extensions: the checks and charges around every signed extrinsic, in the runtime's order.

An extension may have an explicit value, which the extrinsic carries, and an implicit one, which signer and chain both
compute and which is signed but not sent. Its steps: `validate`, `prepare` (charge, count up a nonce) right before
dispatch, `post_dispatch` afterwards.
"""

from __future__ import annotations

from typing import Any, ClassVar

from ..scale import AnyCodec
from ..scale.codec import UNIT, Codec
from ..scale.describe import Composite, Description, FieldInfo
from ..scale.resolve import generic_name
from .context import Context
from .errors import DispatchError
from .extrinsic import Extrinsic
from .runtime_types import RUNTIME_TYPE
from .validity import Validity
from .weight import ZERO, DispatchInfo, PostInfo, Weight


class TransactionExtension:
    """The base class: an extension without effect. Subclasses override the steps that they take part in.

    `value` is the explicit value from the extrinsic. The result of `validate` is passed to `prepare`, that of
    `prepare` to `post_dispatch`.
    """

    identifier: ClassVar[str]
    path: ClassVar[str]
    #: The explicit value as a field in metadata, None for an extension without one.
    field: ClassVar[FieldInfo | None] = None
    implicit_codec: ClassVar[AnyCodec] = UNIT
    #: Name of the only pallet whose calls it validates; None: all calls.
    only_pallet: ClassVar[str | None] = None
    #: Whether metadata names the runtime as the type's parameter (it is erased otherwise).
    names_runtime: ClassVar[bool] = False
    #: Path of the struct that wraps the extension in the type of extrinsics, "" for none.
    wrapper_path: ClassVar[str] = ""
    #: The encoded implicit value where it is the same for all transactions of all chains; else override `implicit`.
    fixed_implicit: ClassVar[bytes | None] = None
    #: The weight that does not depend on the transaction; `weight` returns the rest.
    fixed_weight: ClassVar[Weight] = ZERO

    def implicit(self, ctx: Context, value: Any) -> Any:
        """Return the implicit value; raise Refused when it is not available."""
        return None

    def weight(self, extrinsic: Extrinsic, value: Any) -> Weight:
        """Return the weight in addition to `fixed_weight`."""
        return ZERO

    def validate(self, ctx: Context, extrinsic: Extrinsic, value: Any, info: DispatchInfo, validity: Validity) -> Any:
        """Raise Refused, or add to the transaction's validity and return what `prepare` needs.

        `ctx.origin` is the signer.
        """

    def prepare(self, ctx: Context, extrinsic: Extrinsic, validated: Any, info: DispatchInfo) -> Any:
        """Change the state right before dispatch; raise Refused to keep the extrinsic out of the block."""

    def post_dispatch(
        self,
        ctx: Context,
        extrinsic: Extrinsic,
        prepared: Any,
        info: DispatchInfo,
        post: PostInfo,
        error: DispatchError | None,
    ) -> None:
        """Settle after dispatch; `post` has the actual weight of the call and its extensions."""


class ExtensionCodec(Codec[Any]):
    """The type of an extension in metadata: a struct around the explicit value, or an empty struct."""

    def __init__(self, extension: TransactionExtension) -> None:
        self.extension = extension
        self.parameter = RUNTIME_TYPE if extension.names_runtime else None
        self.name = generic_name(extension.path, [("T", self.parameter)])

    def describe(self) -> Description:
        field = self.extension.field
        return Description(Composite((field,) if field else ()), self.extension.path, [("T", self.parameter)])


class WrapperCodec(Codec[Any]):
    """The type of a struct that wraps an extension; it adds no bytes."""

    def __init__(self, inner: ExtensionCodec) -> None:
        self.inner = inner
        self.name = inner.extension.wrapper_path

    def describe(self) -> Description:
        return Description(
            Composite((FieldInfo("inner", self.inner, f"{self.inner.extension.identifier}<T>"),)),
            self.name,
            [("T", None)],
        )


def overrides(extension: TransactionExtension, method: str) -> bool:
    """Return whether an extension overrides a method; steps that are not overridden are not run."""
    return getattr(type(extension), method) is not getattr(TransactionExtension, method)
