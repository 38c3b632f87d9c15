"""The memory of decoded calls: sizes of types as Rust lays them out, and the limit of 16 MiB.

The sizes are those of `core::mem::size_of` for the source's types with pointers of 32 bits.
"""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.frame.call import RUNTIME_CALL
from pysubtensor.runtime.frame.extrinsic import MultiAddress, prefix_with_length
from pysubtensor.runtime.frame.weight import Weight
from pysubtensor.runtime.pallets import sudo, system, utility
from pysubtensor.runtime.scale import (
    AccountId,
    BoundedReader,
    Compact,
    FixedLen,
    MaxLen,
    Reader,
    ScaleError,
    Struct,
    codec_of,
    encode_compact,
    u8,
    u16,
    u32,
    u64,
    u128,
)
from pysubtensor.runtime.scale.layout import size_of

RUNTIME = spec_425()
MIB = 1024 * 1024
REMARK = system.remark.call(b"").encode()


class Mixed(Struct, path="Mixed"):
    """Three fields whose order in memory differs from that of their declaration."""

    flag: bool
    amount: u64
    count: u16


@pytest.mark.parametrize(
    ("annotation", "size"),
    [
        (u8, 1),
        (bool, 1),
        (u64, 8),
        (Compact[u64], 8),
        (u128, 16),
        (bytes, 12),
        (str, 12),
        (list[u64], 12),
        (frozenset[u16], 12),
        (Annotated[list[u64], MaxLen(5)], 12),
        (Annotated[list[u32], FixedLen(3)], 12),
        (tuple[bytes, bytes], 24),
        (tuple[u16, u16], 4),
        (tuple[u32, u8], 8),
        (u32 | None, 8),
        (bytes | None, 12),
        (bool | None, 1),
        (AccountId, 32),
        (AccountId | None, 33),
        (Weight, 16),
        (MultiAddress, 36),
        (Mixed, 16),
    ],
)
def test_a_type_has_the_size_that_rust_gives_it(annotation: Any, size: int) -> None:
    assert size_of(codec_of(annotation)) == size


def batch(calls: int, each: bytes = REMARK) -> bytes:
    """Return an encoded `Utility.batch`."""
    return utility.batch.prefix + encode_compact(calls) + each * calls


def decode(call: bytes) -> None:
    RUNTIME.decode(prefix_with_length(b"\5" + call))


#: A call takes 304 bytes, and 55,188 of them almost 16 MiB.
MOST_CALLS = 16 * MIB // 304


def test_a_batch_is_decoded_up_to_16_mib_of_calls() -> None:
    decode(batch(MOST_CALLS))
    with pytest.raises(ScaleError, match="Heap memory limit exceeded while decoding"):
        decode(batch(MOST_CALLS + 1))


def test_the_limit_is_found_before_the_items_are_read() -> None:
    reader = BoundedReader(batch(1_000_000), scope=RUNTIME)
    with pytest.raises(ScaleError):
        RUNTIME_CALL.read(reader)
    assert reader.at == len(utility.batch.prefix) + len(encode_compact(1_000_000))


def test_calls_in_boxes_count_once_more() -> None:
    sudo_of_remark = sudo.sudo.prefix + REMARK
    decode(batch(MOST_CALLS // 2, sudo_of_remark))
    with pytest.raises(ScaleError, match="Heap memory"):
        decode(batch(MOST_CALLS // 2 + 1, sudo_of_remark))


def test_bytes_and_pairs_count_with_their_heads() -> None:
    def set_storage(items: int) -> bytes:
        return system.set_storage.prefix + encode_compact(items) + b"\4x\0" * items

    decode(set_storage(16 * MIB // 25))
    with pytest.raises(ScaleError, match="Heap memory"):
        decode(set_storage(16 * MIB // 25 + 1))


def test_values_of_the_state_have_no_limit() -> None:
    items = 2 * MIB
    raw = encode_compact(items) + b"\0" * items
    assert len(codec_of(list[bytes]).read(Reader(raw))) == items


def test_many_items_are_read_with_pauses() -> None:
    pauses = []
    runtime = spec_425()
    runtime.pause = lambda: pauses.append(1)
    runtime.decode(prefix_with_length(b"\5" + batch(10_000)))
    assert 10_000 // 256 <= len(pauses) <= 10_000 // 64
    pauses.clear()
    nested = utility.batch.prefix + encode_compact(200) + batch(200) * 200
    runtime.decode(prefix_with_length(b"\5" + nested))
    assert len(pauses) >= 40_000 // 512
