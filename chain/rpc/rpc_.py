"""`rpc_methods`: what this node serves. Clients decide by it what they ask for."""

from __future__ import annotations

from .methods import method
from .node import Node


@method()
def rpc_methods(node: Node) -> dict[str, list[str]]:
    """The names of all methods, aliases included, in order."""
    return {"methods": sorted(node.methods)}
