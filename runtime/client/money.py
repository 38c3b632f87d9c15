"""Which numbers of the chain are amounts, and of what: TAO in rao, or alpha in billionths."""

from __future__ import annotations

import re
from typing import Any

from ..frame.storage import StorageItem
from ..scale import AnyCodec
from ..scale.codec import Compact, Integer
from ..scale.describe import FieldInfo
from ..units import ALPHA, TAO
from .text import core, short_name

#: Types of the source that hold amounts, by the words in their names.
_TAO_TYPES, _ALPHA_TYPES = re.compile(r"\b(TaoBalance|Balance|BalanceOf)\b"), re.compile(r"\bAlphaBalance\b")
#: Arguments of type u64 that are amounts of TAO in spite of their type.
_TAO_ARGUMENTS = ("limit_price", "min_stake")


def unit_of(field: FieldInfo) -> str | None:
    """Return the unit of a field's amount, "tao" or "alpha"; None if it is no amount."""
    name = field.type_name or ""
    if _ALPHA_TYPES.search(name):
        return ALPHA
    if (_TAO_TYPES.search(name) and _is_u64(field.codec)) or (name == "u64" and field.name in _TAO_ARGUMENTS):
        return TAO
    return None


def unit_of_item(item: StorageItem[Any, Any]) -> str | None:
    """Return the unit of a storage item's amounts, which its documentation states; None for other items."""
    if short_name(item.codec) not in ("u64", "u128", "i64"):
        return None
    if re.search(r"\bin billionths\b", item.docs):
        return ALPHA
    return TAO if re.search(r"\bin rao\b", item.docs) else None


def _is_u64(codec: AnyCodec) -> bool:
    """Return whether values are integers of 64 bits, compact or not."""
    inner = core(codec)
    inner = inner.item if isinstance(inner, Compact) else inner
    return isinstance(inner, Integer) and inner.size == 8
