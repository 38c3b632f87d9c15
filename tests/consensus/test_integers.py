"""Two's complement, beside `struct`, which packs and unpacks the same bytes."""

from __future__ import annotations

import struct

import pytest
from pysubtensor.consensus.integers import U64_MAX, wrap_i64


@pytest.mark.parametrize("value", [0, 1, -1, (1 << 63) - 1, 1 << 63, -(1 << 63), -(1 << 63) - 1, U64_MAX, -U64_MAX])
def test_wrap_i64_reads_the_low_64_bits_as_a_signed_number(value: int) -> None:
    assert struct.pack("<q", wrap_i64(value)) == struct.pack("<Q", value % (1 << 64))
