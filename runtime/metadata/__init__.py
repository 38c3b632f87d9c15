"""Metadata: what a runtime tells clients of itself, in the three versions that clients ask for.

All of it is derived from the declarations of pallets, extensions and runtime APIs; nothing is written here twice.
What was built is kept with the runtime.
"""

from __future__ import annotations

from ..frame.runtime import Runtime
from ..version import SPEC_NAME, SPEC_VERSION
from . import v14, v15, v16
from .digest import metadata_digest
from .parts import MAGIC

VERSIONS = (14, 15, 16)


def encoded_metadata(runtime: Runtime, version: int) -> bytes:
    """Return the runtime's metadata, made at the first use; ValueError for a version other than 14, 15 and 16."""
    known = runtime.metadata.get(version)
    if known is None:
        known = runtime.metadata[version] = encode_metadata(runtime, version)
    return known


def digest_of(runtime: Runtime) -> bytes:
    """Return the RFC-78 digest of the runtime's metadata, 32 bytes, made at the first use."""
    known = runtime.metadata.get("digest")
    if known is None:
        known = runtime.metadata["digest"] = metadata_digest(v15.build(runtime), SPEC_VERSION, SPEC_NAME)
    return known


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


__all__ = ["MAGIC", "VERSIONS", "digest_of", "encode_metadata", "encoded_metadata"]
