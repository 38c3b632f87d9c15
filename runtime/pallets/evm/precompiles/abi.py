"""Solidity's ABI as Frontier's `precompile-utils` reads and writes it.

A value has a head of 32 bytes, or of several words for a tuple of static size. The head of a value of dynamic size is
the offset of its content, from the beginning of the sequence that it stands in. Reading is more lenient than
Solidity's: a bool is any word, an address any 20 bytes with 12 before them, and contents may overlap.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

WORD = 32
#: Largest offset and length that the chain's runtime, a program of 32 bits, can use.
USIZE_MAX = 2**32 - 1


class ReadError(Exception):
    """The input does not encode the expected type."""

    def __init__(self, reason: str, path: str = "") -> None:
        super().__init__(reason)
        self.reason, self.path = reason, path

    def inside(self, part: str) -> ReadError:
        """Return the error with one more part of its path in front: a name of an argument, or an index."""
        return ReadError(self.reason, part + self.path)

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason


def out_of_bounds(what: str) -> ReadError:
    """Return the error of reading beyond the end of the input."""
    return ReadError(f"Tried to read {what} out of bounds")


def too_large(what: str) -> ReadError:
    """Return the error of a number that does not fit its type."""
    return ReadError(f"Value is too large for {what}")


class Reader:
    """A position in the input; offsets count from `start`."""

    def __init__(self, data: bytes, start: int) -> None:
        self.data, self.start, self.at = data, start, start

    def expect_arguments(self, count: int) -> None:
        """Raise ReadError unless there are `count` words left."""
        if len(self.data) < self.at + count * WORD:
            raise ReadError(f"Expected at least {count} arguments")

    def word(self, what: str) -> bytes:
        """Read 32 bytes."""
        at = self.at
        self.at = at + WORD
        if self.at > len(self.data):
            raise out_of_bounds(what)
        return self.data[at : self.at]

    def number(self, what: str) -> int:
        """Read a number of 256 bits."""
        return int.from_bytes(self.word(what), "big")

    def pointed(self) -> Reader:
        """Read an offset and return a reader of what is there."""
        offset = self.number("pointer")
        if offset > USIZE_MAX:
            raise too_large("pointer")
        if offset >= len(self.data) - self.start:
            raise ReadError("Pointer points to out of bound")
        return Reader(self.data, self.start + offset)

    def length(self, most: int) -> int:
        """Read the number of items or bytes that follow; raise ReadError above `most`."""
        length = self.number("length")
        if length > most:
            raise too_large("length")
        return length


class Type(Protocol):
    """A type of Solidity."""

    @property
    def name(self) -> str:
        """Its name in signatures and errors."""

    @property
    def is_static(self) -> bool:
        """Whether all values have the same size."""

    def read(self, reader: Reader) -> Any:
        """Read a value: its head, and its content where it is of dynamic size. Raises ReadError."""

    def encode(self, value: Any) -> bytes:
        """Return the encoding of a value, without the offset to it."""


@dataclass(frozen=True, slots=True)
class Uint:
    """Unsigned integers of `bits` bits."""

    bits: int
    is_static = True

    @property
    def name(self) -> str:
        return f"uint{self.bits}"

    def read(self, reader: Reader) -> int:
        value = reader.number(self.name)
        if value >> self.bits:
            raise too_large(self.name)
        return value

    def encode(self, value: int) -> bytes:
        return int(value).to_bytes(WORD, "big")


@dataclass(frozen=True, slots=True)
class Word:
    """Types of one word that any bytes are a value of."""

    name: str
    decode: Callable[[bytes], Any]
    encode_word: Callable[[Any], bytes]
    is_static = True

    def read(self, reader: Reader) -> Any:
        return self.decode(reader.word(self.name))

    def encode(self, value: Any) -> bytes:
        return self.encode_word(value)


@dataclass(frozen=True, slots=True)
class Packed:
    """`bytes` and `string`, both as bytes, of at most `most` bytes."""

    name: str
    most: int = USIZE_MAX
    is_static = False

    def read(self, reader: Reader) -> bytes:
        content = reader.pointed()
        length = content.length(self.most)
        end = content.at + length
        if end > len(content.data):
            raise out_of_bounds(self.name)
        return content.data[content.at : end]

    def encode(self, value: bytes) -> bytes:
        return len(value).to_bytes(WORD, "big") + value + bytes(-len(value) % WORD)


@dataclass(frozen=True, slots=True)
class Array:
    """Arrays of any length."""

    item: Type
    is_static = False

    @property
    def name(self) -> str:
        return f"{self.item.name}[]"

    def read(self, reader: Reader) -> list[Any]:
        content = reader.pointed()
        length = content.length(USIZE_MAX)
        items = Reader(content.data, content.at)
        values: list[Any] = []
        try:
            for _ in range(length):
                values.append(self.item.read(items))
        except ReadError as error:
            raise error.inside(f"[{len(values)}]") from None
        return values

    def encode(self, value: Sequence[Any]) -> bytes:
        return len(value).to_bytes(WORD, "big") + encode_sequence([self.item] * len(value), value)


@dataclass(frozen=True, slots=True)
class Tuple:
    """Tuples and structs; read as an argument, only of static size."""

    items: tuple[Type, ...]

    @property
    def name(self) -> str:
        return f"({','.join(item.name for item in self.items)})"

    @property
    def is_static(self) -> bool:
        return all(item.is_static for item in self.items)

    def read(self, reader: Reader) -> tuple[Any, ...]:
        source, values = reader if self.is_static else reader.pointed(), []
        try:
            for item in self.items:
                values.append(item.read(source))
        except ReadError as error:
            raise error.inside(f".{len(values)}") from None
        return tuple(values)

    def encode(self, value: Sequence[Any]) -> bytes:
        return encode_sequence(self.items, value)


BYTES = Packed("bytes")


def encode_sequence(types: Sequence[Type], values: Sequence[Any]) -> bytes:
    """Return the heads of values, then the contents of those of dynamic size."""
    encoded = [(type_.is_static, type_.encode(value)) for type_, value in zip(types, values, strict=True)]
    end = sum(len(content) if is_static else WORD for is_static, content in encoded)
    heads, contents = [], []
    for is_static, content in encoded:
        heads.append(content if is_static else end.to_bytes(WORD, "big"))
        if not is_static:
            contents.append(content)
            end += len(content)
    return b"".join(heads + contents)


def encode_result(type_: Type, value: Any) -> bytes:
    """Return what a function returns for its one value; the items of a tuple are returned as several values."""
    return type_.encode(value) if isinstance(type_, Tuple) else encode_sequence([type_], [value])


_WORDS: dict[str, Type] = {
    "bool": Word("bool", lambda word: any(word), lambda value: int(bool(value)).to_bytes(WORD, "big")),
    "address": Word("address", lambda word: word[12:], lambda value: bytes(12) + value),
    "bytes32": Word("bytes32", bytes, bytes),
    "bytes": BYTES,
    "string": Packed("string"),
}


def parse_type(text: str) -> Type:
    """Return the type that Solidity writes so, as `uint16[]`; raise ValueError for one that no precompile uses."""
    if text.endswith("[]"):
        return Array(parse_type(text[:-2]))
    if text.startswith("("):
        return Tuple(tuple(map(parse_type, split_types(text))))
    if text.startswith("uint"):
        return Uint(int(text[4:]))
    if text not in _WORDS:
        raise ValueError(f"expected a type of Solidity, got {text}")
    return _WORDS[text]


def split_types(text: str) -> list[str]:
    """Split "(uint16,(bool,bytes)[],…)" at its own commas; an empty list for "()"."""
    parts, depth = [""], 0
    for character in text[1:-1]:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return parts if parts != [""] else []
