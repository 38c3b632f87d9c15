"""Core and Metadata: the runtime's version, executing its blocks, its metadata."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Annotated

from .. import block_execution, executive
from ..frame.block_types import Block
from ..frame.context import Context
from ..frame.digest import pre_runtime_items
from ..frame.header import Header
from ..frame.runtime import runtime_of
from ..frame.runtime_api import RuntimeApi
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


core = RuntimeApi("Core", 5, docs="Reads the version of the runtime and executes blocks.")


@core.method
def version(ctx: Context) -> RuntimeVersion:
    """Return the version of the runtime."""
    return system.Version.get(ctx)


@core.method
def execute_block(ctx: Context, block: Block) -> None:
    """Execute a block (without seal) on top of its parent; panic unless the computed header is the block's."""
    header = block.header
    initialize_block(ctx, header)
    block_execution.apply_body(ctx, block.extrinsics)
    block_execution.check_result(header, executive.finalize_block(ctx, state_root))


@core.method
def initialize_block(ctx: Context, header: Header) -> ExtrinsicInclusionMode:
    """Begin a block with this header. Afterwards the context is inside the block."""
    digest = pre_runtime_items(header.digest.logs)
    new_ctx = executive.initialize_block(runtime_of(ctx), ctx.state, header.number, header.parent_hash, digest)
    ctx.block = new_ctx.block
    return ExtrinsicInclusionMode.AllExtrinsics


def state_root(state: State, also: Mapping[bytes, bytes]) -> bytes:
    """Return the root of a state and values besides, computed from all entries, without a cached trie: slow."""
    return root_of({**dict(state.items(b"")), **also}, STATE_VERSION)


metadata_api = RuntimeApi("Metadata", 2, docs="Reads the metadata of the runtime.")


@metadata_api.method
def metadata(ctx: Context) -> OpaqueMetadata:
    """Return the metadata in version 14."""
    return encoded_metadata(runtime_of(ctx), 14)


@metadata_api.method
def metadata_at_version(ctx: Context, version: u32) -> OpaqueMetadata | None:
    """Return the metadata in a version, None when that version is not supported."""
    return encoded_metadata(runtime_of(ctx), version) if version in VERSIONS else None


@metadata_api.method
def metadata_versions(ctx: Context) -> list[u32]:
    """Return the supported versions of metadata."""
    return list(VERSIONS)
