"""The whole chain: written into a file, read from one, begun anew, a fork of another one."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from .....genesis.presets import NAMED
from ....cheats.config_json import changed_config
from ....cheats.dump import dump, dump_bytes, parse_dump, read_dump
from ....cheats.instance import Instance
from ....cheats.replacing import begin_anew, fork_into, replace_by
from ....engine.local import LocalEngine
from ....errors import ChainError, SourceFailed
from ....forking import ForkOptions
from ...listen import Ports
from ...node import Node
from ...shapes import to_hex
from .declare import Block, Flag, Object, Text, Texts, dev, folded, to_block, to_octets
from .resolve import number_of

#: How the names of files end that clients may write: a web page must not write others.
SUFFIX = ".chain"

log = logging.getLogger(__name__)


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
    dumped = parse_dump(to_octets(source), "the given bytes") if in_hex else read_dump(path_of(source))
    with _timed(node):
        replace_by(node.chain, dumped)
    return to_hex(node.chain.head.hash)


def to_preset(value: Any) -> str:
    """Return the name of a preset."""
    if value in NAMED:
        return str(value)
    raise ValueError(f"expected one of {', '.join(NAMED)}, got {value!r:.60}")


def to_fork(value: Any) -> tuple[str, bytes | int | None]:
    """Return endpoint and block from {"endpoint": …, "block": …}."""
    if isinstance(value, Mapping):
        given = {folded(str(name)): part for name, part in value.items()}
        endpoint, block = given.pop("endpoint", None), given.pop("block", None)
        if isinstance(endpoint, str) and not given:
            return endpoint, None if block is None else to_block(block)
    raise ValueError(f'expected {{"endpoint": URL, "block": number or hash}}, got {value!r:.60}')


Preset = Annotated[str, to_preset]
Point = Annotated[tuple[str, bytes | int | None], to_fork]


@dev
def dev_reset(node: Node, genesis: Object | None, spec: Preset | None, fork: Point | None) -> str:
    """Begin the chain anew, and return the new id of the instance.

    `genesis` has other parameters, `spec` is a preset in place of the present ones; `fork` names endpoint and block as
    `dev_fork` does, and goes without both.
    """
    if fork is not None:
        if genesis is not None or spec is not None:
            raise ChainError("expected fork alone, got genesis or spec, too: a fork has the rules of its chain")
        fork_node(node, *fork, ForkOptions(dev_accounts=True))
    else:
        config = node.chain.config if spec is None else NAMED[spec]()
        with _timed(node):
            begin_anew(node.chain, changed_config(config, genesis or {}))
    return Instance.of(node.chain).id


@dev
def dev_fork(node: Node, endpoint: Text, block: Block | None, dev_accounts: Flag | None, accept: Texts | None) -> str:
    """Let the chain be a fork of a block (the last one by default) of the node at a URL; return the hash of its head.

    Its state is read when it is needed. Development accounts are funded, //Alice has the sudo key and is the only
    authority, unless `devAccounts` is false; `accept` names items of another layout, which may be misread. A file of
    `dev_dumpState` is loaded instead, and taken back to the block. Snapshots end, and the pool is emptied.
    """
    options = ForkOptions(dev_accounts=dev_accounts is not False, accept=accept or ())
    fork_node(node, endpoint, block, options)
    return to_hex(node.chain.head.hash)


def fork_node(node: Node, endpoint: str, block: bytes | int | None, options: ForkOptions) -> None:
    """Replace the chain by a fork; ChainError for a node's own URL, because it cannot answer itself meanwhile."""
    chain = node.chain
    if "://" not in endpoint:
        with _timed(node):
            replace_by(chain, read_dump(path_of(endpoint)))
        if block is not None:
            chain.rollback_to(number_of(node, block))
        return
    if Ports.of(chain).has(endpoint):
        raise ChainError(f"expected the URL of another node, got {endpoint!r:.80}, which is this one's own")
    if isinstance(block, int) and block < 0:
        raise ChainError(f"expected a block of the other node from 0 on, got {block}")
    logical = chain.config.start_ms is not None
    try:
        with _timed(node):
            fork = fork_into(chain, endpoint, block, replace(options, logical_time=logical))
    except SourceFailed as error:
        raise ChainError(str(error)) from error
    for note in fork.notes:
        log.warning("%s", note)


@contextmanager
def _timed(node: Node) -> Iterator[None]:
    """Let the time between blocks be that of the chain after the `with` block, if it was the chain's before."""
    engine, before = node.engine, node.chain.slot_ms
    yield
    if isinstance(engine, LocalEngine) and engine.block_time_ms == before != node.chain.slot_ms:
        engine.set_sealing(engine.sealing)
