"""Constants of pallets. They are compiled in on the real chain; here the configuration of a chain may replace them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from ..scale import Codec
    from .context import Context

T = TypeVar("T")


class Constant(Generic[T]):
    """A constant of a pallet with its default value; `Runtime(constants=…)` replaces the value for one chain.

    `in_metadata` is False for parameters of the real chain that are not part of its metadata.
    """

    def __init__(
        self, pallet: str, name: str, codec: Codec[T], default: T, docs: str, in_metadata: bool = True
    ) -> None:
        self.pallet, self.codec, self.default, self.docs = pallet, codec, default, docs
        self.in_metadata = in_metadata
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """Set the constant's name on the chain, and `id`, its name in configurations: "Pallet.Name"."""
        self.name, self.id = name, f"{self.pallet}.{name}"

    def get(self, ctx: Context) -> T:
        """Return the value on the chain of this context."""
        value: T = ctx.runtime.constant_values[self]
        return value

    def __repr__(self) -> str:
        return f"<constant {self.id}>"


#: The values of all constants on one chain (`Runtime.constant_values`).
ConstantValues = Mapping[Constant[Any], Any]
