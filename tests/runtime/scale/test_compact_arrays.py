"""Vectors of compact numbers against the codec that encodes one number at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysubtensor.runtime.scale import Compact, ScaleError, codec_of, u8, u16, u64
from pysubtensor.runtime.scale.compact_arrays import VecCompactU8, VecCompactU16, VecCompactU16Pairs, VecCompactU64

EDGES = [0, 63, 64, 16383, 16384, 2**30 - 1, 2**30, 2**32 - 1, 2**32, 2**40 - 1, 2**40, 2**56 - 1, 2**56, 2**64 - 1]

fixed = settings(max_examples=60)


def test_compact_lengths_change_at_the_same_numbers_as_for_single_numbers() -> None:
    encoded = codec_of(VecCompactU64).encode(np.array(EDGES, np.uint64))
    assert encoded == codec_of(list[Compact[u64]]).encode(EDGES)
    assert codec_of(VecCompactU64).decode(encoded).tolist() == EDGES


@fixed
@given(st.lists(st.integers(0, 2**64 - 1).flatmap(lambda high: st.integers(0, high))))
def test_numbers_encode_as_one_by_one(values: list[int]) -> None:
    assert codec_of(VecCompactU64).encode(np.array(values, np.uint64)) == codec_of(list[Compact[u64]]).encode(values)


@fixed
@given(st.lists(st.tuples(st.integers(0, 65535), st.integers(0, 65535))))
def test_pairs_encode_as_one_by_one(pairs: list[tuple[int, int]]) -> None:
    rows = np.array(pairs, np.uint16).reshape(-1, 2)
    encoded = codec_of(VecCompactU16Pairs).encode(rows)
    assert encoded == codec_of(list[tuple[Compact[u16], Compact[u16]]]).encode(pairs)
    assert codec_of(VecCompactU16Pairs).decode(encoded).tolist() == rows.tolist()


@fixed
@given(st.binary())
def test_text_is_a_compact_number_for_each_byte(text: bytes) -> None:
    encoded = codec_of(VecCompactU8).encode(text)
    assert encoded == codec_of(list[Compact[u8]]).encode(list(text))
    assert codec_of(VecCompactU8).decode(encoded) == text


@pytest.mark.parametrize("values", [[65536], [-1], [0.5], [[1]]])
def test_values_beyond_the_element_type_are_refused(values: list[object]) -> None:
    with pytest.raises(ScaleError, match="Compact<u16>"):
        codec_of(VecCompactU16).encode(np.array(values))


def test_an_impossible_length_is_refused() -> None:
    with pytest.raises(ScaleError, match="cannot fit"):
        codec_of(VecCompactU64).decode(b"\xfe\xff\xff\xff\x00")


def test_they_have_the_description_of_compact_vectors() -> None:
    assert codec_of(VecCompactU16).name == codec_of(list[Compact[u16]]).name
    assert codec_of(VecCompactU16Pairs).name == codec_of(list[tuple[Compact[u16], Compact[u16]]]).name
    assert codec_of(VecCompactU8).name == codec_of(list[Compact[u8]]).name
