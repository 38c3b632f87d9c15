"""Values as types from metadata decode them, and their text.

Numbers, truth values and tuples are Python's. Bytes are `bytes`, accounts `Account`, records dicts by field, variants
of enums `Variant`; an option is None or the value, a record with one nameless field that field.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, NamedTuple

import orjson

from ...runtime.crypto import ss58_encode

#: Characters of text from a node that a page shows, and items of a list.
TEXT_LENGTH, LIST_LENGTH, DEPTH = 10_000, 256, 24
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


class Account(bytes):
    """An account, 32 bytes."""

    @property
    def address(self) -> str:
        """Its SS58 address."""
        return ss58_encode(bytes(self))


class Variant(NamedTuple):
    """A variant of an enum. Its value is None without fields, that of the one nameless field, a tuple or a dict."""

    name: str
    value: Any = None


def clean(text: str, length: int = TEXT_LENGTH) -> str:
    """Return text of at most this many characters, with control characters and marks of direction made visible."""
    cut = text if len(text) <= length else text[: length - 1] + "…"
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", cut)


def bytes_text(data: bytes, length: int = TEXT_LENGTH) -> str:
    """Return bytes as text if they are text, else as 0x and digits."""
    if len(data) > 4 * length:
        data = data[: 4 * length]
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return clean("0x" + data.hex(), length)
    if text and not any(unicodedata.category(each) in ("Cc", "Cn", "Co") for each in text if each not in "\n\t"):
        return clean(text, length)
    return clean("0x" + data.hex(), length)


def plain(value: Any, depth: int = 0) -> Any:
    """Return a value made of what JSON has; long lists end with the number of what is left out."""
    if depth > DEPTH:
        return "…"
    if isinstance(value, Account):
        return value.address
    if isinstance(value, bytes):
        return bytes_text(value)
    if isinstance(value, Variant):
        return value.name if value.value is None else {value.name: plain(value.value, depth + 1)}
    if isinstance(value, dict):
        return {str(key): plain(part, depth + 1) for key, part in list(value.items())[:LIST_LENGTH]}
    if isinstance(value, list | tuple):
        shown = [plain(part, depth + 1) for part in value[:LIST_LENGTH]]
        return shown if len(value) <= LIST_LENGTH else [*shown, f"… {len(value) - LIST_LENGTH} more"]
    if isinstance(value, int) and not isinstance(value, bool) and value >> 63 not in (0, -1):
        return str(value)
    return clean(value) if isinstance(value, str) else value


def text_of(value: Any, length: int = TEXT_LENGTH, *, indent: bool = False) -> str:
    """Return the text of a value, in bounded length."""
    found = plain(value)
    if isinstance(found, str):
        return clean(found, length)
    return clean(orjson.dumps(found, option=orjson.OPT_INDENT_2 if indent else None).decode(), length)
