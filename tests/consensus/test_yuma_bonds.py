"""Columns of bonds on both layouts, where sums are as small as they can be."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from pysubtensor.consensus.yuma.bonds import normalise_columns
from pysubtensor.consensus.yuma.cells import Entries, Grid, Scattered
from pysubtensor.consensus.yuma.scratch import Scratch
from pysubtensor.consensus.yuma.types import SparseRows

#: Two rows of (uid, value): a column with the sum 1, one with 2, one with 15, and one without entries.
ROWS = [[(0, 1), (1, 1), (2, 5)], [(1, 1), (2, 10)], [], []]
SUMS = {0: 1, 1: 2, 2: 15}


@pytest.mark.parametrize("layout", [Grid, Scattered])
def test_each_column_becomes_its_share_of_one(layout: type[Grid | Scattered]) -> None:
    matrix = SparseRows.from_rows(ROWS)
    entries = Entries.of(matrix)
    with Scratch() as scratch:
        cells = (
            Grid(4, np.array([0, 1]), entries, entries, scratch)
            if layout is Grid
            else Scattered(4, entries, entries, scratch)
        )
        placed = cells.place_bonds(matrix.values.astype(np.uint64))
        shares = cells.at_weights(normalise_columns(cells, placed)).tolist()
    expected = [int(Fraction(value << 32, SUMS[uid])) for row in ROWS for uid, value in row]
    assert shares == expected
