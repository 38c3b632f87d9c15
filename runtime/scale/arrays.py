"""Vectors of numbers as NumPy arrays, so that an epoch does not loop over weights in Python.

Decoded arrays are read-only views of the decoded bytes.
"""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from .codec import BOOL, U16, U64, AnyCodec, Codec
from .containers import Tuple
from .describe import Description, SequenceOf
from .reader import Reader, ScaleError, encode_compact


class NumericVec(Codec[NDArray[Any]]):
    """`Vec<uN>` as an array of shape (n,), or `Vec<(uN, …)>` as (n, columns). Lists can be encoded too."""

    #: A written value may be a list or a writable array; a read value is a read-only array.
    immutable = False

    def __init__(self, item: AnyCodec, dtype: str, columns: int = 1) -> None:
        self.item = item if columns == 1 else Tuple((item,) * columns)
        self.dtype = np.dtype(dtype)
        self.columns = columns
        self.row_size = self.dtype.itemsize * columns
        #: The shape of one row, () for single numbers.
        self._row = () if columns == 1 else (columns,)
        self.name = f"Vec<{self.item.name}>"
        self._empty = np.zeros((0, *self._row), self.dtype)
        self._empty.flags.writeable = False

    def encode(self, value: NDArray[Any]) -> bytes:
        rows = self._checked(value)
        return encode_compact(len(rows)) + rows.tobytes()

    def _checked(self, value: Any) -> NDArray[Any]:
        if isinstance(value, np.ndarray) and value.dtype == self.dtype and value.ndim and value.shape[1:] == self._row:
            return value
        array = np.asarray(value)
        if array.size == 0:
            array = array.reshape(0, *([self.columns] if self.columns > 1 else []))
        if array.ndim != (1 if self.columns == 1 else 2) or (self.columns > 1 and array.shape[1] != self.columns):
            raise ScaleError(f"expected {self.name}, got an array of shape {array.shape}")
        if array.dtype == self.dtype:
            return array
        if array.size and array.dtype.kind not in "iub":
            raise ScaleError(f"expected integers ({self.name}), got {array.dtype}")
        limit = np.iinfo(self.dtype).max if self.dtype.kind == "u" else 1
        if array.size and (array.min() < 0 or int(array.max()) > limit):
            raise ScaleError(f"expected 0 to {limit} ({self.name}), got {array.min()} to {array.max()}")
        return array.astype(self.dtype)

    def read(self, reader: Reader) -> NDArray[Any]:
        at = reader.at
        count = reader.compact()
        if count * self.row_size > reader.end - reader.at:
            raise ScaleError(f"{count} items cannot fit in the {reader.end - reader.at} bytes that are left", at)
        if count == 0:
            return self._empty
        if reader.bounded:
            reader.allocate(count * self.row_size, 1)
        start, reader.at = reader.at, reader.at + count * self.row_size
        flat = np.frombuffer(reader.data, self.dtype, count * self.columns, start)
        return flat if self.columns == 1 else flat.reshape(count, self.columns)

    def decode(self, data: bytes, scope: Any = None) -> NDArray[Any]:
        return self._empty if data == b"\0" else super().decode(data)

    def describe(self) -> Description:
        return Description(SequenceOf(self.item))


class BoolVec(NumericVec):
    """`Vec<bool>`: bytes 00 and 01."""

    def __init__(self) -> None:
        super().__init__(BOOL, "bool")

    def read(self, reader: Reader) -> NDArray[Any]:
        at = reader.at
        count = reader.compact()
        if reader.bounded and count <= reader.end - reader.at:
            reader.allocate(count, 1)
        flags = np.frombuffer(reader.take(count), np.uint8)
        if count and flags.max() > 1:
            raise ScaleError(f"expected bools (00 or 01), got {flags.max():02x}", at)
        return flags.view(np.bool_)


VecU16 = Annotated[NDArray[np.uint16], NumericVec(U16, "<u2")]
VecU64 = Annotated[NDArray[np.uint64], NumericVec(U64, "<u8")]
VecU16Pairs = Annotated[NDArray[np.uint16], NumericVec(U16, "<u2", columns=2)]
VecBool = Annotated[NDArray[np.bool_], BoolVec()]
