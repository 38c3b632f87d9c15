"""Core and Metadata: what every runtime answers: its version, its blocks, its description."""

from __future__ import annotations

import enum
from typing import Annotated

from .. import executive
from ..frame.block_types import Block
from ..frame.context import Context
from ..frame.digest import DigestItem, PreRuntime
from ..frame.header import Header
from ..frame.runtime import runtime_of
from ..frame.runtime_api import RuntimeApi
from ..frame.validity import Refused
from ..metadata import VERSIONS, encoded_metadata
from ..pallets import system
from ..scale import newtype, scale_enum, u32
from ..scale.codec import BYTES
from ..state.build import root_of
from ..state.overlay import State
from ..version import STATE_VERSION, RuntimeVersion

OpaqueMetadata = Annotated[bytes, newtype(BYTES, "sp_core::OpaqueMetadata")]


@scale_enum("sp_runtime::ExtrinsicInclusionMode")
class ExtrinsicInclusionMode(enum.Enum):
    """Which extrinsics a block may hold."""

    AllExtrinsics = 0
    OnlyInherents = 1


core = RuntimeApi("Core", 5, docs="What every runtime does: it tells its version and executes blocks.")


@core.method
def version(ctx: Context) -> RuntimeVersion:
    """The version of the runtime."""
    return system.Version.get(ctx)


@core.method
def execute_block(ctx: Context, block: Block) -> None:
    """Execute a whole block (without seal) on top of its parent; panics unless all of its header comes out."""
    header = block.header
    initialize_block(ctx, header)
    executive.check_order(runtime_of(ctx), block.extrinsics)
    for extrinsic in block.extrinsics:
        try:
            executive.apply_extrinsic(ctx, extrinsic)
        except Refused as refused:
            raise AssertionError(f"extrinsic {len(ctx.block.extrinsics)} is not applicable: {refused}") from None
    made = executive.finalize_block(ctx, state_root)
    assert header.digest == made.digest, "Digest item must match that calculated."
    assert header.state_root == made.state_root, "Storage root must match that calculated."
    assert header.extrinsics_root == made.extrinsics_root, "Transaction trie root must be valid."


@core.method
def initialize_block(ctx: Context, header: Header) -> ExtrinsicInclusionMode:
    """Begin a block with this header; the context is in that block afterwards."""
    claimed: list[DigestItem] = [item for item in header.digest.logs if isinstance(item, PreRuntime)]
    begun = executive.initialize_block(runtime_of(ctx), ctx.state, header.number, header.parent_hash, claimed)
    ctx.block = begun.block
    return ExtrinsicInclusionMode.AllExtrinsics


def state_root(state: State) -> bytes:
    """The root of a state, from all that is in it: slow and without a trie at hand."""
    return root_of(state.items(b""), STATE_VERSION)


metadata_api = RuntimeApi("Metadata", 2, docs="How a runtime describes itself.")


@metadata_api.method
def metadata(ctx: Context) -> OpaqueMetadata:
    """The metadata in version 14."""
    return encoded_metadata(runtime_of(ctx), 14)


@metadata_api.method
def metadata_at_version(ctx: Context, version: u32) -> OpaqueMetadata | None:
    """The metadata in a version, none when that version is not served."""
    return encoded_metadata(runtime_of(ctx), version) if version in VERSIONS else None


@metadata_api.method
def metadata_versions(ctx: Context) -> list[u32]:
    """The versions of metadata that are served."""
    return list(VERSIONS)
