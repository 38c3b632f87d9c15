"""Values of derived commands: text as a value of the type that the runtime declares."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from ...runtime.client.errors import PlainError, expected
from ...runtime.client.from_plain import from_plain
from ...runtime.client.names import find_call, find_item
from ...runtime.client.text import core, is_amount
from ...runtime.composition import PALLETS, spec_425
from ...runtime.frame.runtime import Runtime
from ...runtime.scale import AnyCodec
from ...runtime.scale.codec import Bool, Bytes, Compact, FixedBytes, Integer, Text
from ...runtime.scale.containers import Option
from ...runtime.units import ALPHA, written_amount
from .arguments import Place
from .words import LISTED

#: Text that begins with one of these is JSON, for types without another form.
JSON_STARTS = ("{", "[", '"')


@cache
def runtime() -> Runtime:
    """Return the runtime from whose declarations the commands are derived."""
    return spec_425()


def codec_at(place: Place) -> AnyCodec:
    """Return the type that is declared at a place."""
    if place.kind == "calls":
        return find_call(PALLETS, place.pallet, place.name).args[place.position].codec
    codec: AnyCodec = find_item(PALLETS, place.pallet, place.name).keys_codec[place.position]
    return codec


def read_text(place: Place, text: str, unit: str | None) -> Any:
    """Return the value of a text; PlainError states what was expected. An amount is in `unit`, if there is one."""
    return read_value(codec_at(place), text, unit)


def read_value(codec: AnyCodec, text: str, unit: str | None = None) -> Any:
    """Return the value of a type from text, as `read_text`."""
    inner = core(codec)
    if unit is None and isinstance(inner, Integer | Compact) and is_amount(text):
        raise expected("an integer without a unit: this is no amount", text)
    if unit == ALPHA:
        text = _without_alpha(text)
    return from_plain(codec, plain_of_text(codec, text), runtime(), amounts=unit is not None)


def _without_alpha(text: str) -> str:
    """Return an amount of alpha as an integer in billionths, and other text unchanged; refuse TAO."""
    amount = written_amount(text.strip())
    if amount is not None and amount.unit == ALPHA and amount.is_exact:
        return str(amount.rao)
    if is_amount(text):
        raise expected("alpha, such as 20alpha, or an integer in billionths", text)
    return text


def plain_of_text(codec: AnyCodec, text: str) -> Any:
    """Return the plain value of a text: the text itself, a list separated by commas, none, or parsed JSON."""
    if isinstance(codec, Option) and text.lower() in ("none", "null"):
        return None
    inner = core(codec)
    if isinstance(inner, LISTED) and not text.startswith("["):
        return [plain_of_text(inner.item, part.strip()) for part in text.split(",")] if text else []
    as_text = (Bytes, FixedBytes, Text, Integer, Compact, Bool)
    if isinstance(inner, as_text) or not text.startswith(JSON_STARTS):
        return text
    try:
        return json.loads(text)
    except ValueError as error:
        raise PlainError(f"expected JSON: {error}") from None
