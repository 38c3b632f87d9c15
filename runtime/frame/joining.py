"""Checks and tables of the pallets that a runtime joins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..scale import ScaleError, codec_of
from .constant import Constant
from .pallet import Pallet
from .runtime_types import (
    ORIGIN_CALLER,
    RUNTIME_EVENT,
    RUNTIME_FREEZE_REASON,
    RUNTIME_HOLD_REASON,
    OuterEnumCodec,
    OuterVariant,
    Variants,
)


def require_fit(constant: Constant[Any], value: Any) -> None:
    """Raise ValueError, of which ScaleError is one, when a value does not have the type of its constant."""
    try:
        constant.codec.encode(value)
    except ScaleError as error:
        raise error.inside(constant.id) from None


def index_pallets(pallets: Sequence[Pallet]) -> dict[int, Pallet]:
    """Return the pallets by index, with the codecs of all arguments resolved: a missing codec raises TypeError here."""
    by_index: dict[int, Pallet] = {}
    for pallet in pallets:
        if not isinstance(pallet, Pallet):
            raise TypeError(f"expected pallets, got {pallet!r:.80}: a pallet's module has it as `pallet`")
        if pallet.index in by_index:
            raise TypeError(f"{pallet.name} and {by_index[pallet.index].name} share the index {pallet.index}")
        if pallet.name in {other.name for other in by_index.values()}:
            raise TypeError(f"two pallets have the name {pallet.name}, from which storage keys are derived")
        by_index[pallet.index] = pallet
        if pallet.unnamed:
            raise TypeError(f"{pallet.name}: expected name_declared() after the last of {pallet.unnamed} declarations")
        for call in pallet.calls.values():
            call.args  # noqa: B018  # resolves the codecs
    return by_index


def outer_enums(pallets: Sequence[Pallet], origins: Mapping[int, type[Any]]) -> dict[OuterEnumCodec, Variants]:
    """Return the variants of each enum that has a variant for each pallet."""

    def joined(attribute: str) -> Variants:
        declared = [(pallet, getattr(pallet, attribute)) for pallet in pallets]
        return {
            pallet.index: OuterVariant(pallet.name, codec_of(type_), pallet.spell(codec_of(type_)))
            for pallet, type_ in declared
            if type_ is not None
        }

    return {
        RUNTIME_EVENT: joined("event"),
        RUNTIME_HOLD_REASON: joined("hold_reason"),
        RUNTIME_FREEZE_REASON: {},
        ORIGIN_CALLER: {
            index: OuterVariant(type_.pallet_name, codec_of(type_), type_.type_name) for index, type_ in origins.items()
        },
    }
