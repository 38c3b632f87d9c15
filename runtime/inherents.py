"""Inherents: what a block's author puts into it by itself, before all transactions."""

from __future__ import annotations

from collections.abc import Mapping

from .frame.context import Context
from .frame.extrinsic import ExtrinsicCodec
from .pallets.timestamp import set_
from .scale import Reader, codec_of, u64

TIMESTAMP = b"timstap0"


def inherent_data(now_ms: int) -> dict[bytes, bytes]:
    """What an author tells the runtime before a block is filled: the time, in milliseconds since 1970."""
    return {TIMESTAMP: codec_of(u64).encode(now_ms)}


def create_inherents(ctx: Context, data: Mapping[bytes, bytes]) -> list[bytes]:
    """The inherents of the block begun in `ctx`, encoded, in the order of their pallets."""
    now = codec_of(u64).read(Reader(data[TIMESTAMP]))
    return [ExtrinsicCodec.bare(set_.call(now))]
