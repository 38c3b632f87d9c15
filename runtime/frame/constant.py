"""Constants: values that a pallet is compiled with on the real chain, and that a configuration may change here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from ..scale import Codec
    from .context import Context

T = TypeVar("T")


class Constant(Generic[T]):
    """A constant of a pallet. A chain's configuration may give it another value (`Runtime(constants=…)`).

    `shown` tells whether clients read it from metadata: the real chain keeps some of its parameters to itself.
    """

    def __init__(self, pallet: str, name: str, codec: Codec[T], default: T, docs: str, shown: bool = True) -> None:
        self.pallet, self.codec, self.default, self.docs, self.shown = pallet, codec, default, docs, shown
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """Give the constant its name on the chain. `id` is what configurations call it: "Pallet.Name"."""
        self.name, self.id = name, f"{self.pallet}.{name}"

    def get(self, ctx: Context) -> T:
        value: T = ctx.runtime.constant_values[self]
        return value

    def __repr__(self) -> str:
        return f"<constant {self.id}>"


#: What the constants are on one chain (`Runtime.constant_values`).
ConstantValues = Mapping[Constant[Any], Any]
