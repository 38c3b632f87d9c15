"""Grandpa's voters, as the runtime tells them."""

from __future__ import annotations

from ...runtime.apis import call_api
from ...runtime.frame.context import Context
from ...runtime.frame.runtime import runtime_of
from ...runtime.scale import Bytes32, codec_of, u64
from ..chain import Blockchain

_VOTERS = codec_of(list[tuple[Bytes32, u64]])


def voters_in(ctx: Context) -> list[tuple[bytes, int]]:
    """Return the ed25519 keys of Grandpa's voters in a state, with their weights."""
    with ctx.state.anchor():
        found: list[tuple[bytes, int]] = _VOTERS.decode(
            call_api(runtime_of(ctx), ctx, "GrandpaApi_grandpa_authorities", b"")
        )
    return found


def voters_of(chain: Blockchain) -> list[tuple[bytes, int]]:
    """Return Grandpa's voters at the head."""
    return voters_in(chain.context())
