"""RLP, the encoding of Ethereum's transactions and blocks: byte strings and lists of them.

The core encodes by these few lines, because importing a library would delay every start. `View` reads as the crate
`rlp` 0.6 of the genuine node does, which takes more than the canonical encoding in some places: what follows the last
item of a list is read as long as it has the form of items.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

#: An integer is written as its big-endian bytes without leading zeros.
Item = bytes | int | Sequence["Item"]

#: The longest content whose length is in the first byte.
SHORT = 55
STRING, LIST = 0x80, 0xC0


class RlpError(ValueError):
    """Raised for bytes that do not encode what is expected."""


def encode(item: Item) -> bytes:
    """Return the encoding of a byte string, an integer that is not negative, or a list."""
    if isinstance(item, int):
        item = item.to_bytes((item.bit_length() + 7) // 8, "big")
    if isinstance(item, bytes):
        return item if len(item) == 1 and item[0] < STRING else _head(len(item), STRING) + item
    content = b"".join([encode(part) for part in item])
    return _head(len(content), LIST) + content


def _head(length: int, base: int) -> bytes:
    """Return the bytes before a content."""
    if length <= SHORT:
        return bytes((base + length,))
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((base + SHORT + len(size),)) + size


class View:
    """One item in `data`, which begins there and may be followed by other bytes."""

    __slots__ = ("_last", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        #: Index and offset of the item read last: the next one is looked for from there to the end of `data`.
        self._last: tuple[int, int] | None = None

    @property
    def is_list(self) -> bool:
        """Whether the first byte begins a list."""
        return bool(self.data) and self.data[0] >= LIST

    def at(self, index: int) -> View:
        """Return the item at this index of a list; raise RlpError without one.

        Reading forward continues behind the item read last, at most to the end of all bytes; other reads begin at the
        list's first item, and end with the list.
        """
        if not self.is_list:
            raise RlpError("expected a list")
        if self._last is not None and self._last[0] <= index:
            position, offset = self._last
            end = len(self.data)
        else:
            offset, length = _measure(self.data, 0, len(self.data))
            position, end = 0, offset + length
        while True:
            head, length = _measure(self.data, offset, end)
            if position == index:
                break
            offset, position = offset + head + length, position + 1
        self._last = (index, offset)
        return View(self.data[offset : offset + head + length])

    def __iter__(self) -> Iterator[View]:
        """Return the items as far as they can be read."""
        index = 0
        while True:
            try:
                item = self.at(index)
            except RlpError:
                return
            yield item
            index += 1

    def require_length(self, length: int) -> None:
        """Raise RlpError unless this is a list with this number of items."""
        if not self.is_list:
            raise RlpError("expected a list")
        if (count := sum(1 for _ in self)) != length:
            raise RlpError(f"expected a list of {length} items, got {count}")

    def content(self) -> bytes:
        """Return the content of a byte string."""
        if not self.data or self.data[0] >= LIST:
            raise RlpError("expected a byte string")
        head, length = _measure(self.data, 0, len(self.data))
        if head == 1 and length == 1 and self.data[1] < STRING:
            raise RlpError("expected a byte below 0x80 as itself")
        return self.data[head : head + length]

    def fixed(self, length: int) -> bytes:
        """Return a byte string of this length."""
        content = self.content()
        if len(content) != length:
            raise RlpError(f"expected {length} bytes, got {len(content)}")
        return content

    def integer(self, length: int) -> int:
        """Return an integer of at most this many bytes, which begins with no zero."""
        content = self.content()
        if len(content) > length:
            raise RlpError(f"expected at most {length} bytes, got {len(content)}")
        if content[:1] == b"\0":
            raise RlpError("expected an integer without leading zeros")
        return int.from_bytes(content, "big")

    def flag(self) -> bool:
        """Return a boolean: 0 or 1."""
        value = self.integer(1)
        if value > 1:
            raise RlpError(f"expected 0 or 1, got {value}")
        return bool(value)


def _measure(data: bytes, at: int, end: int) -> tuple[int, int]:
    """Return the lengths of head and content of the item at an offset; raise RlpError where it ends too late."""
    if at >= end:
        raise RlpError("expected one more item")
    first = data[at]
    if first < STRING:
        head, length = 0, 1
    elif first <= STRING + SHORT or LIST <= first <= LIST + SHORT:
        head, length = 1, first - (STRING if first < LIST else LIST)
    else:
        head, length = _long(data, at, end, first - (STRING if first < LIST else LIST) - SHORT)
    if head + length > end - at:
        raise RlpError(f"expected {head + length} bytes, {end - at} are left")
    return head, length


def _long(data: bytes, at: int, end: int, size: int) -> tuple[int, int]:
    """Return the lengths of a head that has the content's length in `size` bytes, and of the content."""
    if at + 1 + size > end or data[at + 1] == 0:
        raise RlpError("expected a length without leading zeros")
    length = int.from_bytes(data[at + 1 : at + 1 + size], "big")
    if length <= SHORT:
        raise RlpError(f"expected a length above {SHORT}, got {length}")
    return 1 + size, length
