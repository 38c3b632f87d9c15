"""Metadata: what a runtime tells clients of itself, in the three versions that clients ask for.

All of it is derived from the declarations of pallets, extensions and runtime APIs; nothing is written here twice.
`Runtime.metadata` keeps what was built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import v14, v15, v16
from .parts import MAGIC

if TYPE_CHECKING:
    from ..runtime import Runtime

VERSIONS = (14, 15, 16)


def encode_metadata(runtime: Runtime, version: int) -> bytes:
    """The runtime's metadata with magic and version byte; ValueError for a version other than 14, 15 and 16."""
    if version == 14:
        body = v14.MetadataV14.scale.encode(v14.build(runtime))
    elif version == 15:
        body = v15.MetadataV15.scale.encode(v15.build(runtime))
    elif version == 16:
        body = v16.MetadataV16.scale.encode(v16.build(runtime))
    else:
        raise ValueError(f"expected metadata version 14, 15 or 16, got {version}")
    return MAGIC + bytes((version,)) + body


__all__ = ["MAGIC", "VERSIONS", "encode_metadata"]
