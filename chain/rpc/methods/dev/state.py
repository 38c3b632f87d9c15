"""The whole chain: written into a file, read from one, begun anew."""

from __future__ import annotations

from pathlib import Path

from ....cheats.config_json import changed_config
from ....cheats.dump import dump, dump_bytes, parse_dump, read_dump
from ....cheats.instance import Instance
from ....cheats.replacing import begin_anew, replace_by
from ....errors import ChainError
from ...node import Node
from ...shapes import to_hex
from .declare import Flag, Object, Text, dev, to_octets

#: How the names of files end that clients may write: a web page must not write others.
SUFFIX = ".chain"


def path_of(text: str) -> Path:
    """Return the path of a file that a client may write or read; ChainError for another name."""
    path = Path(text)
    if path.suffix != SUFFIX:
        raise ChainError(f"expected the name of a file that ends with {SUFFIX}, got {text!r:.60}")
    return path


@dev
def dev_dumpState(node: Node, path: Text | None, history: Flag | None) -> str:
    """Write the chain into a file on the node's machine and return its path; without one return its bytes in hex.

    The blocks and states that the chain keeps are always part of it.
    """
    if path is None:
        return to_hex(dump_bytes(node.chain))
    return str(dump(node.chain, path_of(path)))


@dev
def dev_loadState(node: Node, source: Text) -> str:
    """Let the chain be the one in a file of `dev_dumpState`, or in its bytes in hex; return the hash of its head."""
    in_hex = source.startswith("0x")
    replace_by(node.chain, parse_dump(to_octets(source), "the given bytes") if in_hex else read_dump(path_of(source)))
    return to_hex(node.chain.head.hash)


@dev
def dev_reset(node: Node, genesis: Object | None) -> str:
    """Begin the chain anew, with other parameters if `genesis` has some, and return the new id of the instance."""
    config = changed_config(node.chain.config, genesis or {})
    begin_anew(node.chain, config)
    return Instance.of(node.chain).id
