"""Transaction extensions: the checks and charges around every signed extrinsic, in the runtime's order.

Each may carry a value in the extrinsic (explicit) and one that both sides know (implicit, signed but not sent). It
is asked to validate, to prepare (charge, count up a nonce) right before dispatch, and to clean up afterwards.
"""

from __future__ import annotations

from typing import Any, ClassVar

from ..scale import AnyCodec
from ..scale.codec import UNIT, Codec
from ..scale.declare import generic_name
from ..scale.describe import Composite, Description, FieldInfo
from .context import Context
from .errors import DispatchError
from .extrinsic import Extrinsic
from .runtime_types import RUNTIME_TYPE
from .validity import Validity
from .weight import ZERO, DispatchInfo, PostInfo, Weight


class TransactionExtension:
    """An extension that does nothing; real ones override what they need.

    `value` is the explicit value that the extrinsic carries. What `prepare` returns is handed to `post_dispatch`.
    """

    identifier: ClassVar[str]
    path: ClassVar[str]
    #: The explicit value as metadata shows it, None when there is none.
    field: ClassVar[FieldInfo | None] = None
    implicit_codec: ClassVar[AnyCodec] = UNIT
    #: The pallet whose calls alone it validates; None: all calls.
    only_pallet: ClassVar[str | None] = None
    #: Whether metadata names the runtime as the type's parameter (it is erased otherwise).
    names_runtime: ClassVar[bool] = False
    #: Path of the record that the runtime wraps around the extension in its extrinsics, "" for none.
    wrapper_path: ClassVar[str] = ""
    #: The implicit value, encoded, where it is the same for all transactions of all chains; else see `implicit`.
    fixed_implicit: ClassVar[bytes | None] = None
    #: What the extension costs, whatever the transaction; see `weight` for one where that depends.
    fixed_weight: ClassVar[Weight] = ZERO

    def implicit(self, ctx: Context, value: Any) -> Any:
        """The value that is signed without being sent; raises Refused when there is none."""
        return None

    def weight(self, extrinsic: Extrinsic, value: Any) -> Weight:
        """What the extension costs besides its fixed weight."""
        return ZERO

    def validate(self, ctx: Context, extrinsic: Extrinsic, value: Any, info: DispatchInfo, validity: Validity) -> Any:
        """Raise Refused, or add to the transaction's validity; gives what `prepare` needs of what was found out.

        `ctx.origin` is the signer's.
        """

    def prepare(self, ctx: Context, extrinsic: Extrinsic, validated: Any, info: DispatchInfo) -> Any:
        """Change the state right before dispatch; raises Refused to keep the extrinsic out of the block."""

    def post_dispatch(
        self,
        ctx: Context,
        extrinsic: Extrinsic,
        prepared: Any,
        info: DispatchInfo,
        post: PostInfo,
        error: DispatchError | None,
    ) -> None:
        """Settle after dispatch; `post` is what the call and its extensions really cost."""


class ExtensionCodec(Codec[Any]):
    """The extension's explicit value as metadata describes it: a record around the value, or an empty one."""

    def __init__(self, extension: TransactionExtension) -> None:
        self.extension = extension
        self.parameter = RUNTIME_TYPE if extension.names_runtime else None
        self.name = generic_name(extension.path, [("T", self.parameter)])

    def describe(self) -> Description:
        field = self.extension.field
        return Description(Composite((field,) if field else ()), self.extension.path, [("T", self.parameter)])


class WrapperCodec(Codec[Any]):
    """The record that the runtime puts around an extension; it adds no bytes."""

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
    """Whether an extension does anything in a step; steps that do nothing are not run."""
    return getattr(type(extension), method) is not getattr(TransactionExtension, method)
