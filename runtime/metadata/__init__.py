"""Metadata of a runtime in the versions 14, 15 and 16, and its RFC-78 digest.

Both are derived from the declarations of pallets, extensions and runtime APIs, and cached in `Runtime.metadata`. What
derives them is imported at first use: few chains of tests are asked for metadata.
"""

from __future__ import annotations

from ..frame.runtime import Runtime
from ..version import SPEC_NAME, SPEC_VERSION

#: The first bytes of metadata: "meta". The version follows in one byte.
MAGIC = b"meta"
VERSIONS = (14, 15, 16)


def encoded_metadata(runtime: Runtime, version: int) -> bytes:
    """Return the runtime's metadata with magic and version byte; raise ValueError for a version other than 14 to 16."""
    encoded = runtime.metadata.get(version)
    if encoded is None:
        encoded = runtime.metadata[version] = _encode_metadata(runtime, version)
    return encoded


def digest_of(runtime: Runtime) -> bytes:
    """Return the RFC-78 digest of the runtime's metadata, 32 bytes."""
    digest = runtime.metadata.get("digest")
    if digest is None:
        from . import v15
        from .digest import metadata_digest

        digest = runtime.metadata["digest"] = metadata_digest(v15.build(runtime), SPEC_VERSION, SPEC_NAME)
    return digest


def _encode_metadata(runtime: Runtime, version: int) -> bytes:
    from . import v14, v15, v16

    if version == 14:
        body = v14.MetadataV14.scale.encode(v14.build(runtime))
    elif version == 15:
        body = v15.MetadataV15.scale.encode(v15.build(runtime))
    elif version == 16:
        body = v16.MetadataV16.scale.encode(v16.build(runtime))
    else:
        raise ValueError(f"expected metadata version 14, 15 or 16, got {version}")
    return MAGIC + bytes((version,)) + body


__all__ = ["MAGIC", "VERSIONS", "digest_of", "encoded_metadata"]
