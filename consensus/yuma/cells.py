"""Where the values of an epoch's matrices lie: one flat array, column after column, that all of them share.

The matrices of an epoch (weights, clipped weights, old and new bonds) have their entries in nearly the same
places. So the union of these places is laid out once, and from then on every formula is arithmetic on
aligned flat arrays. Two layouts answer the same questions: `Grid` has a cell for each column and each row in
use, and suits matrices that are mostly full; `Scattered` has a cell for each entry only, so that its cost
grows with the number of weights and not with the square of the number of neurons.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..fixed.arrays import I64, U64
from .types import SparseRows

#: A grid may have this many cells for each entry of the fuller matrix before cells are laid out singly.
GRID_CELLS_PER_ENTRY = 3


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of a matrix as they are stored: row after row, each row in its own order."""

    rows: I64
    columns: NDArray[np.uint16]
    values: NDArray[Any]
    #: Entries of each row.
    lengths: I64

    @classmethod
    def of(cls, matrix: SparseRows, kept: NDArray[np.bool_] | None = None) -> Entries:
        """The entries of all rows, or of those that are kept."""
        lengths = matrix.lengths
        columns, values = matrix.uids, matrix.values
        if kept is not None and (lengths[~kept] > 0).any():
            inside = np.repeat(kept, lengths)
            columns, values = columns[inside], values[inside]
            lengths = np.where(kept, lengths, 0)
        return cls(np.repeat(np.arange(len(lengths)), lengths), columns, values, lengths)

    def within(self, n: int) -> Entries:
        """These entries without the targets beyond the last uid."""
        inside = self.columns < n
        if inside.all():
            return self
        rows = self.rows[inside]
        lengths = np.bincount(rows, minlength=len(self.lengths))
        return Entries(rows, self.columns[inside], self.values[inside], lengths)

    @property
    def starts(self) -> I64:
        """Where each row starts, and the end."""
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(self.lengths)])

    @property
    def ascending(self) -> bool:
        """Whether every row is in the order of its targets."""
        places = self._places
        return bool((places[1:] > places[:-1]).all())

    @property
    def _places(self) -> I64:
        return self.rows << 16 | self.columns

    def met_in_order(self, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which kept entries lie beyond all kept ones before them in their row (see `reference.in_order`)."""
        places = self._places[kept]
        # Rows ascend, so the furthest place of one row never lies beyond the first of the next.
        furthest = np.maximum.accumulate(places)
        met = np.zeros(len(self.rows), bool)
        met[kept] = np.concatenate([places[:1] >= 0, places[1:] > furthest[:-1]])
        return met

    def to_rows(self, values: U64) -> SparseRows:
        """Other values for these entries, as rows in the same order, without the zeros."""
        filled = values > 0
        lengths = np.bincount(self.rows[filled], minlength=len(self.lengths))
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        return SparseRows(starts, self.columns[filled], values[filled])


class Cells(Protocol):
    """What a layout offers. "Cells" are flat arrays of one value a cell; vectors have one value a uid."""

    n: int
    size: int
    #: The cell of each entry of the two matrices that the layout was made for.
    weight_cells: I64
    bond_cells: I64

    def by_column(self, vector: NDArray[Any]) -> NDArray[Any]:
        """The value of each cell's column."""

    def by_row(self, vector: NDArray[Any]) -> NDArray[Any]:
        """The value of each cell's row."""

    def column_sums(self, cells: U64) -> U64: ...

    def column_maxima(self, cells: U64) -> U64: ...

    def row_sums(self, cells: U64) -> U64: ...

    def ballots(self, weights: U64, voters: I64) -> tuple[U64, I64, I64]:
        """For each column, keys (weight << bits | index of the voter) in ascending order, one column after
        the other; with the columns' numbers of keys and the uids of columns that have any."""

    def to_rows(self, cells: U64) -> SparseRows:
        """The cells above zero as rows, ascending."""


def lay_out(n: int, weights: Entries, bonds: Entries) -> Cells:
    """The cells for two matrices whose targets are all below n."""
    rows = np.flatnonzero((weights.lengths > 0) | (bonds.lengths > 0))
    entries = max(len(weights.rows), len(bonds.rows))
    if 0 < n * len(rows) <= GRID_CELLS_PER_ENTRY * entries:
        return Grid(n, rows, weights, bonds)
    return Scattered(n, weights, bonds)


def fill(size: int, places: I64, values: NDArray[Any]) -> NDArray[Any]:
    """Cells of zero with some values put in their places."""
    cells = np.zeros(size, values.dtype)
    cells[places] = values
    return cells


def index_bits(count: int) -> int:
    """Bits for an index below `count`."""
    return max(1, (count - 1).bit_length())


class Grid:
    """A cell for each column and each row in use."""

    def __init__(self, n: int, rows: I64, weights: Entries, bonds: Entries) -> None:
        self.n, self.rows, self.size = n, rows, n * len(rows)
        self._shape = (n, len(rows))
        self.weight_cells = self._cells_of(weights)
        self.bond_cells = self._cells_of(bonds)

    def _cells_of(self, entries: Entries) -> I64:
        cells = entries.columns.astype(np.int64)
        cells *= len(self.rows)
        cells += np.repeat(np.arange(len(self.rows)), entries.lengths[self.rows])
        return cells

    def by_column(self, vector: NDArray[Any]) -> NDArray[Any]:
        return np.repeat(vector, len(self.rows))

    def by_row(self, vector: NDArray[Any]) -> NDArray[Any]:
        return np.tile(vector[self.rows], self.n)

    def column_sums(self, cells: U64) -> U64:
        return cells.reshape(self._shape).sum(axis=1, dtype=np.uint64)

    def column_maxima(self, cells: U64) -> U64:
        largest: U64 = cells.reshape(self._shape).max(axis=1)
        return largest

    def row_sums(self, cells: U64) -> U64:
        sums = np.zeros(self.n, np.uint64)
        sums[self.rows] = cells.reshape(self._shape).sum(axis=0, dtype=np.uint64)
        return sums

    def ballots(self, weights: U64, voters: I64) -> tuple[U64, I64, I64]:
        table = weights.reshape(self._shape)
        positions = np.searchsorted(self.rows, voters)
        known = positions < len(self.rows)
        known[known] = self.rows[positions[known]] == voters[known]
        if known.sum() != len(self.rows):
            table = table[:, positions[known]]
        keys = table << np.uint64(index_bits(len(voters)))
        keys |= np.flatnonzero(known).astype(np.uint64)
        keys.sort(axis=1)
        return keys.ravel(), np.full(self.n, table.shape[1]), np.arange(self.n)

    def to_rows(self, cells: U64) -> SparseRows:
        table = np.ascontiguousarray(cells.reshape(self._shape).T)
        filled = table > 0
        lengths = np.zeros(self.n, np.int64)
        lengths[self.rows] = filled.sum(axis=1)
        uids = np.broadcast_to(np.arange(self.n, dtype=np.uint16), table.shape)[filled]
        return SparseRows(np.concatenate([[0], np.cumsum(lengths)]), uids, table[filled])


class Scattered:
    """A cell for each entry of either matrix."""

    def __init__(self, n: int, weights: Entries, bonds: Entries) -> None:
        self.n = n
        places = np.concatenate([self._places(weights), self._places(bonds)])
        # Sorting place and entry number as one integer is several times faster than sorting indices.
        keys = np.sort(places << 32 | np.arange(len(places)))
        places, entries = keys >> 32, keys & 0xFFFFFFFF
        first = np.concatenate([places[:1] >= 0, places[1:] != places[:-1]])
        cells = np.empty(len(places), np.int64)
        cells[entries] = np.cumsum(first) - 1
        self.weight_cells, self.bond_cells = np.split(cells, [len(weights.rows)])
        places = places[first]
        self.size = len(places)
        self._rows = places & 0xFFFF
        self._lengths = np.bincount(places >> 16, minlength=n)
        self._columns = np.flatnonzero(self._lengths)
        self._starts = (np.cumsum(self._lengths) - self._lengths)[self._columns]

    @staticmethod
    def _places(entries: Entries) -> I64:
        return entries.columns.astype(np.int64) << 16 | entries.rows

    def by_column(self, vector: NDArray[Any]) -> NDArray[Any]:
        return np.repeat(vector, self._lengths)

    def by_row(self, vector: NDArray[Any]) -> NDArray[Any]:
        return vector.take(self._rows)

    def column_sums(self, cells: U64) -> U64:
        sums = np.zeros(self.n, np.uint64)
        sums[self._columns] = np.add.reduceat(cells, self._starts) if self.size else 0
        return sums

    def column_maxima(self, cells: U64) -> U64:
        maxima = np.zeros(self.n, np.uint64)
        maxima[self._columns] = np.maximum.reduceat(cells, self._starts) if self.size else 0
        return maxima

    def row_sums(self, cells: U64) -> U64:
        sums = np.zeros(self.n, np.uint64)
        np.add.at(sums, self._rows, cells)
        return sums

    def ballots(self, weights: U64, voters: I64) -> tuple[U64, I64, I64]:
        index = np.full(self.n, -1)
        index[voters] = np.arange(len(voters))
        voter = self.by_row(index)
        voting = voter >= 0
        lengths = np.bincount(self.by_column(np.arange(self.n))[voting], minlength=self.n)
        columns = np.flatnonzero(lengths)
        lengths = lengths[columns]
        bits = np.uint64(index_bits(len(voters)))
        keys = weights[voting] << bits
        keys |= voter[voting].astype(np.uint64)
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
        lengths = np.bincount(rows, minlength=self.n)
        return SparseRows(np.concatenate([[0], np.cumsum(lengths)]), columns[order], cells[order])
