"""`chainSpec_v1_*`: what does not change while a chain exists."""

from __future__ import annotations

from typing import Any

from ..namespace import Namespace
from ..node import Node
from ..shapes import to_hex
from .system import system_chain, system_properties

namespace = Namespace()


@namespace.method()
def chainSpec_v1_chainName(node: Node) -> str:
    """Return the chain's name."""
    return system_chain(node)


@namespace.method()
def chainSpec_v1_genesisHash(node: Node) -> str:
    """Return the hash of block 0."""
    return to_hex(node.chain.genesis_hash)


@namespace.method()
def chainSpec_v1_properties(node: Node) -> dict[str, Any]:
    """Return the format of addresses, and the token's name and decimals."""
    return system_properties(node)
