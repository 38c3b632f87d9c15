"""Block headers and their hashes."""

from __future__ import annotations

from typing import Annotated

from ..crypto.hashing import blake2_256
from ..scale import H256, AsCompact, SourceName, Struct, u32
from .digest import Digest

HashOutput = Annotated[H256, SourceName("Hash::Output")]


class Header(Struct, path="sp_runtime::generic::header::Header", params=[("Number", u32), ("Hash", None)]):
    """A block's header. Its hash covers all fields, the seal in the digest included."""

    parent_hash: HashOutput
    number: AsCompact[u32]
    state_root: HashOutput
    extrinsics_root: HashOutput
    digest: Digest

    @property
    def hash(self) -> bytes:
        return blake2_256(self.encode())

    def encode(self) -> bytes:
        return Header.scale.encode(self)

    @staticmethod
    def decode(data: bytes) -> Header:
        """Return the header that these bytes encode; raise ScaleError when they encode none."""
        header: Header = Header.scale.decode(data)
        return header
