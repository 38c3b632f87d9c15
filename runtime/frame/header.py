"""Block headers and their hashes."""

from __future__ import annotations

from ..crypto.hashing import blake2_256
from ..scale import H256, Compact, Struct, u32
from .digest import Digest


class Header(Struct, path="sp_runtime::generic::header::Header", params=[("Number", u32), ("Hash", None)]):
    """A block's header. Its hash covers all of it, the seal included."""

    parent_hash: H256
    number: Compact[u32]
    state_root: H256
    extrinsics_root: H256
    digest: Digest

    @property
    def hash(self) -> bytes:
        return blake2_256(self.encode())

    def encode(self) -> bytes:
        return Header.scale.encode(self)

    @staticmethod
    def decode(data: bytes) -> Header:
        """The header of these bytes; ScaleError when they are none."""
        header: Header = Header.scale.decode(data)
        return header
