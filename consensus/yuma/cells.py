"""The layout of an epoch's matrices: flat arrays of cells, column after column, with one layout for all of them.

The matrices of an epoch (weights, clipped weights, old and new bonds) have their entries in nearly the same places.
The union of these places is laid out once, and every formula is then arithmetic on aligned flat arrays. There are two
layouts with the same methods: `Grid` has a cell for each column and each row in use, for matrices that are mostly full;
`Scattered` has a cell for each entry only, so that its cost grows with the number of weights and not with the square
of the number of neurons.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..fixed.arrays import I64, U64
from .scratch import Scratch
from .types import SparseRows

#: A grid is used while it has at most this many cells for each entry of the fuller matrix.
GRID_CELLS_PER_ENTRY = 3


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of a matrix as stored: row after row, each row in its stored order."""

    columns: NDArray[np.uint16]
    values: NDArray[Any]
    #: Entries of each row.
    lengths: I64

    @classmethod
    def of(cls, matrix: SparseRows, kept: NDArray[np.bool_] | None = None) -> Entries:
        """Return the entries of all rows, or of the kept ones."""
        lengths = matrix.lengths
        columns, values = matrix.uids, matrix.values
        if kept is not None and (lengths[~kept] > 0).any():
            inside = np.repeat(kept, lengths)
            columns, values = columns[inside], values[inside]
            lengths = np.where(kept, lengths, 0)
        return cls(columns, values, lengths)

    def within(self, n: int) -> Entries:
        """Return the entries without targets beyond the last uid."""
        if not self.columns.size or self.columns.max() < n:
            return self
        inside = self.columns < n
        lengths = np.bincount(self.rows[inside], minlength=len(self.lengths))
        return Entries(self.columns[inside], self.values[inside], lengths)

    @property
    def rows(self) -> I64:
        """The row of each entry."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @property
    def starts(self) -> I64:
        """The index of each row's first entry, and the end."""
        return starts_of(self.lengths)

    @property
    def ascending(self) -> bool:
        """Whether every row is sorted by target."""
        places = self._places
        return bool((places[1:] > places[:-1]).all())

    @property
    def _places(self) -> I64:
        return self.rows << 16 | self.columns

    def met_in_order(self, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which kept entries have a target above all kept ones before them (see `reference.in_order`)."""
        places = self._places[kept]
        # Rows ascend, so the greatest place of one row is below the first place of the next.
        furthest = np.maximum.accumulate(places)
        met = np.zeros(len(kept), bool)
        met[kept] = np.concatenate([places[:1] >= 0, places[1:] > furthest[:-1]])
        return met

    def to_rows(self, values: U64) -> SparseRows:
        """Return rows with other values for these entries, in the same order, without the zeros."""
        filled = values > 0
        lengths = np.bincount(self.rows[filled], minlength=len(self.lengths))
        return SparseRows(starts_of(lengths), self.columns[filled], values[filled])


def starts_of(lengths: I64) -> I64:
    """Return the index of each row's first entry for rows of these lengths, and the end."""
    starts = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts


class Cells(Protocol):
    """The methods of a layout. "Cells" are arrays with one value per cell; vectors have one value per uid."""

    n: int

    def empty(self, dtype: type = np.uint64) -> NDArray[Any]:
        """Return cells of undefined content, valid until the end of the epoch."""

    def place_weights(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return cells with the values of the weights' entries, zero elsewhere."""

    def place_bonds(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return cells with the values of the bonds' entries, zero elsewhere."""

    def at_weights(self, cells: NDArray[Any]) -> NDArray[Any]:
        """Return the values in the cells of the weights' entries, in the order of the entries."""

    def by_column(self, vector: NDArray[Any]) -> NDArray[Any]:
        """Return the value of each cell's column, in a shape that broadcasts with cells."""

    def by_row(self, vector: NDArray[Any]) -> NDArray[Any]:
        """Return the value of each cell's row, in a shape that broadcasts with cells."""

    def column_sums(self, cells: U64) -> U64:
        """Return the sum of each column, by uid."""

    def column_maxima(self, cells: U64) -> U64:
        """Return the largest value of each column, by uid."""

    def row_sums(self, cells: U64) -> U64:
        """Return the sum of each row, by uid."""

    def ballots(self, weights: U64, voters: I64, scratch: Scratch) -> tuple[U64, I64, I64]:
        """Return sorted keys (weight << bits | index of the voter), column after column; with the number of keys of
        each column that has any, and the uids of these columns."""

    def to_rows(self, cells: U64) -> SparseRows:
        """Return the cells above zero as rows, sorted by target."""


def lay_out(n: int, weights: Entries, bonds: Entries, scratch: Scratch) -> Cells:
    """Return the layout for two matrices whose targets are all below n."""
    rows = np.flatnonzero((weights.lengths > 0) | (bonds.lengths > 0))
    entries = max(len(weights.columns), len(bonds.columns))
    if 0 < n * len(rows) <= GRID_CELLS_PER_ENTRY * entries:
        return Grid(n, rows, weights, bonds, scratch)
    return Scattered(n, weights, bonds, scratch)


def index_bits(count: int) -> int:
    """Return the number of bits of an index below `count`."""
    return max(1, (count - 1).bit_length())


class Grid:
    """A layout with a cell for each column and each row in use: a table to which vectors broadcast."""

    def __init__(self, n: int, rows: I64, weights: Entries, bonds: Entries, scratch: Scratch) -> None:
        self.n = n
        self._rows = rows
        self._shape = (n, len(rows))
        self._weights, self._bonds = weights, bonds
        self._scratch = scratch

    def empty(self, dtype: type = np.uint64) -> NDArray[Any]:
        return self._scratch.empty(self._shape, dtype)

    def place_weights(self, values: NDArray[Any]) -> NDArray[Any]:
        return self._place(self._weights, values)

    def place_bonds(self, values: NDArray[Any]) -> NDArray[Any]:
        return self._place(self._bonds, values)

    def _place(self, entries: Entries, values: NDArray[Any]) -> NDArray[Any]:
        table = self.empty(values.dtype.type)
        table.fill(0)
        with Scratch() as scratch:
            table.ravel()[self._cells_of(entries, scratch)] = values
        return table

    def at_weights(self, cells: NDArray[Any]) -> NDArray[Any]:
        with Scratch() as scratch:
            values: NDArray[Any] = cells.ravel()[self._cells_of(self._weights, scratch)]
        return values

    def _cells_of(self, entries: Entries, scratch: Scratch) -> I64:
        cells = scratch.empty(entries.columns.shape, np.int64)
        np.multiply(entries.columns, len(self._rows), out=cells, dtype=np.int64)
        cells += np.repeat(np.arange(len(self._rows), dtype=np.uint16), entries.lengths[self._rows])
        return cells

    def by_column(self, vector: NDArray[Any]) -> NDArray[Any]:
        return vector[:, None]

    def by_row(self, vector: NDArray[Any]) -> NDArray[Any]:
        values: NDArray[Any] = vector[self._rows]
        return values

    def column_sums(self, cells: U64) -> U64:
        sums: U64 = cells.sum(axis=1, dtype=np.uint64)
        return sums

    def column_maxima(self, cells: U64) -> U64:
        largest: U64 = cells.max(axis=1)
        return largest

    def row_sums(self, cells: U64) -> U64:
        sums = np.zeros(self.n, np.uint64)
        sums[self._rows] = cells.sum(axis=0, dtype=np.uint64)
        return sums

    def ballots(self, weights: U64, voters: I64, scratch: Scratch) -> tuple[U64, I64, I64]:
        index = np.full(self.n, -1)
        index[voters] = np.arange(len(voters))
        index = index[self._rows]
        voting = index >= 0
        votes = weights if voting.all() else weights[:, voting]
        keys = scratch.empty(votes.shape)
        np.left_shift(votes, np.uint64(index_bits(len(voters))), out=keys)
        keys |= index[voting].view(np.uint64)
        keys.sort(axis=1)
        return keys.ravel(), np.full(self.n, keys.shape[1]), np.arange(self.n)

    def to_rows(self, cells: U64) -> SparseRows:
        with Scratch() as scratch:
            table = scratch.empty(cells.T.shape)
            for first in range(0, self.n, 256):  # a transposition by blocks stays in the processor's cache
                block = slice(first, first + 256)
                table[:, block] = cells[block].T
            filled = table > 0
            values = table[filled]
        lengths = np.zeros(self.n, np.int64)
        lengths[self._rows] = filled.sum(axis=1)
        uids = np.broadcast_to(np.arange(self.n, dtype=np.uint16), filled.shape)[filled]
        return SparseRows(starts_of(lengths), uids, values)


class Scattered:
    """A layout with a cell for each entry of either matrix."""

    def __init__(self, n: int, weights: Entries, bonds: Entries, scratch: Scratch) -> None:
        self.n = n
        self._scratch = scratch
        places = np.concatenate([_places(weights), _places(bonds)])
        # Sorting place and entry number as one integer is several times faster than sorting indices.
        places <<= 32
        places |= np.arange(len(places))
        places.sort()
        entries = places & 0xFFFFFFFF
        places >>= 32
        first = np.concatenate([places[:1] >= 0, places[1:] != places[:-1]])
        cells = np.empty(len(places), np.int64)
        cells[entries] = np.cumsum(first) - 1
        self._weight_cells, self._bond_cells = np.split(cells, [len(weights.columns)])
        places = places[first]
        self._rows = places & 0xFFFF
        self._lengths = np.bincount(places >> 16, minlength=n)
        self._columns = np.flatnonzero(self._lengths)
        self._starts = (np.cumsum(self._lengths) - self._lengths)[self._columns]

    def empty(self, dtype: type = np.uint64) -> NDArray[Any]:
        return self._scratch.empty(self._rows.shape, dtype)

    def place_weights(self, values: NDArray[Any]) -> NDArray[Any]:
        return self._place(self._weight_cells, values)

    def place_bonds(self, values: NDArray[Any]) -> NDArray[Any]:
        return self._place(self._bond_cells, values)

    def _place(self, cells: I64, values: NDArray[Any]) -> NDArray[Any]:
        placed = self.empty(values.dtype.type)
        placed.fill(0)
        placed[cells] = values
        return placed

    def at_weights(self, cells: NDArray[Any]) -> NDArray[Any]:
        return cells[self._weight_cells]

    def by_column(self, vector: NDArray[Any]) -> NDArray[Any]:
        return np.repeat(vector, self._lengths)

    def by_row(self, vector: NDArray[Any]) -> NDArray[Any]:
        values: NDArray[Any] = vector.take(self._rows)
        return values

    def column_sums(self, cells: U64) -> U64:
        return self._of_columns(np.add, cells)

    def column_maxima(self, cells: U64) -> U64:
        return self._of_columns(np.maximum, cells)

    def _of_columns(self, reduction: np.ufunc, cells: U64) -> U64:
        result = np.zeros(self.n, np.uint64)
        if cells.size:
            result[self._columns] = reduction.reduceat(cells, self._starts)
        return result

    def row_sums(self, cells: U64) -> U64:
        sums = np.zeros(self.n, np.uint64)
        np.add.at(sums, self._rows, cells)
        return sums

    def ballots(self, weights: U64, voters: I64, scratch: Scratch) -> tuple[U64, I64, I64]:
        index = np.full(self.n, -1)
        index[voters] = np.arange(len(voters))
        index = self.by_row(index)
        voting = index >= 0
        lengths = np.bincount(self.by_column(np.arange(self.n))[voting], minlength=self.n)
        columns = np.flatnonzero(lengths)
        lengths = lengths[columns]
        bits = np.uint64(index_bits(len(voters)))
        keys = weights[voting] << bits
        keys |= index[voting].view(np.uint64)
        # A column number above the 33 bits of a weight keeps the columns apart: one sort for all.
        above = np.repeat(np.arange(len(columns), dtype=np.uint64) << (bits + np.uint64(33)), lengths)
        keys |= above
        keys.sort()
        keys ^= above
        return keys, lengths, columns

    def to_rows(self, cells: U64) -> SparseRows:
        filled = np.flatnonzero(cells)
        rows = self._rows[filled].astype(np.uint16)
        order = filled[np.argsort(rows, kind="stable")]
        columns = self.by_column(np.arange(self.n, dtype=np.uint16))
        return SparseRows(starts_of(np.bincount(rows, minlength=self.n)), columns[order], cells[order])


def _places(entries: Entries) -> I64:
    return entries.columns.astype(np.int64) << 16 | entries.rows
