"""Vectors of compact numbers as NumPy arrays, for results of runtime APIs about the neurons of a subnet.

The lowest two bits of a compact number are its form: one, two or four bytes with the value above those bits, or a byte
with a length and then the value.
"""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from .arrays import NumericVec
from .codec import U8, U16, U64, Bytes, Compact, Integer, type_error
from .containers import read_count
from .describe import Description, SequenceOf
from .reader import Reader, encode_compact

#: The least values of the forms of two bytes, of four bytes and with a length.
TWO_BYTES, FOUR_BYTES, LONG = 1 << 6, 1 << 14, 1 << 30
#: Lowest bits of the forms of one, two and four bytes, and of the form with a length.
ONE_FORM, TWO_FORM, FOUR_FORM, LONG_FORM = range(4)
#: Bytes of the longest form of a u64.
WIDEST = 9


def encode_compacts(values: NDArray[np.uint64]) -> bytes:
    """Return the shortest compact forms of numbers (shape (n,)), one after the other."""
    form = np.zeros(len(values), np.uint64)
    for bound in (TWO_BYTES, FOUR_BYTES, LONG):
        form += values >= bound
    padded = np.zeros((len(values), WIDEST), np.uint8)
    padded[:, :8] = _bytes_of(values << np.uint64(2) | form)
    sizes = np.array((1, 2, 4, 0))[form]
    (long,) = np.nonzero(form == LONG_FORM)
    if len(long):
        significant = _bytes_of(values[long])
        lengths = 8 - (significant[:, ::-1] != 0).argmax(axis=1)
        lengths = np.maximum(lengths, 4)
        padded[long, 0] = (lengths - 4) << 2 | LONG_FORM
        padded[long, 1:] = significant
        sizes[long] = lengths + 1
    return padded[np.arange(WIDEST) < sizes[:, None]].tobytes()


def _bytes_of(values: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Return the little-endian bytes of numbers, shape (n, 8)."""
    return values.astype("<u8").view(np.uint8).reshape(-1, 8)


class CompactVec(NumericVec):
    """`Vec<Compact<uN>>`, or `Vec<(Compact<uN>, …)>` as an array with one row for each tuple; N is at most 64."""

    def __init__(self, number: Integer, columns: int = 1) -> None:
        self.compact = Compact(number)
        super().__init__(self.compact, f"<u{number.size}", columns)

    def encode(self, value: NDArray[Any]) -> bytes:
        rows = self._checked(value)
        return encode_compact(len(rows)) + encode_compacts(rows.astype(np.uint64).ravel())

    def read(self, reader: Reader) -> NDArray[Any]:
        count = read_count(reader, self.columns)
        if reader.bounded:
            reader.allocate(count, self.row_size)
        flat = np.array([self.compact.read(reader) for _ in range(count * self.columns)], self.dtype)
        flat.flags.writeable = False
        return flat if self.columns == 1 else flat.reshape(count, self.columns)


class CompactText(Bytes):
    """`Vec<Compact<u8>>` as `bytes`; each of them takes one or two bytes."""

    name = "Vec<Compact<u8>>"

    def encode(self, value: bytes) -> bytes:
        if not isinstance(value, bytes):
            raise type_error("bytes", value)
        return encode_compact(len(value)) + b"".join(map(encode_compact, value))

    def read(self, reader: Reader) -> bytes:
        codec, count = Compact(U8), read_count(reader, 1)
        if reader.bounded:
            reader.allocate(count, 1)
        return bytes(codec.read(reader) for _ in range(count))

    def describe(self) -> Description:
        return Description(SequenceOf(Compact(U8)))


VecCompactU8 = Annotated[bytes, CompactText()]
VecCompactU16 = Annotated[NDArray[Any], CompactVec(U16)]
VecCompactU64 = Annotated[NDArray[Any], CompactVec(U64)]
VecCompactU16Pairs = Annotated[NDArray[Any], CompactVec(U16, columns=2)]
