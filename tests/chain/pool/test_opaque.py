"""Opaque extrinsics, at the lengths where their compact length takes another form."""

from __future__ import annotations

import pytest
from pysubtensor.chain.pool.opaque import opaque_extrinsic
from pysubtensor.runtime.scale import ScaleError

#: Lengths of the content, and their compact forms by the definition of SCALE.
LENGTHS = {
    0: b"\x00",
    1: b"\x04",
    63: b"\xfc",
    64: b"\x01\x01",
    65: b"\x05\x01",
    300: b"\xb1\x04",
    16_383: b"\xfd\xff",
    16_384: b"\x02\x00\x01\x00",
    16_385: b"\x06\x00\x01\x00",
}


@pytest.mark.parametrize("length", LENGTHS)
def test_bytes_behind_an_extrinsic_are_ignored_and_missing_ones_refused(length: int) -> None:
    whole = LENGTHS[length] + bytes(range(256)) * 65
    extrinsic = whole[: len(LENGTHS[length]) + length]
    assert opaque_extrinsic(extrinsic) == opaque_extrinsic(extrinsic + b"\0") == opaque_extrinsic(whole) == extrinsic
    with pytest.raises(ScaleError):
        opaque_extrinsic(extrinsic[:-1])


@pytest.mark.parametrize("form", [b"\xfd\x00", b"\xfe\x00\x00\x00", b"\xfe\xff\x00\x00"])
def test_a_length_that_is_not_in_its_shortest_form_is_refused(form: bytes) -> None:
    length = int.from_bytes(form, "little") >> 2
    with pytest.raises(ScaleError, match="shortest"):
        opaque_extrinsic(form + bytes(length))
