"""What is wrong with a node, in words, with what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..errors import ChainError
from . import guard
from .binary import EngineMissing, find_engine
from .home import Home

#: Blocks by which a node may be behind its engine while it works.
BEHIND = 3


def examine(home: Home, state: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a node. `state` is what it and its engine say: None for what does not answer."""
    name = home.folder.name
    yield from (f"{name}: {problem}" for problem in _files(home))
    if state["supervisor"] is None:
        yield f"{name}: it does not run: `pysubtensor network start {home.folder}`"
        return
    if state["rpc"] is None:
        yield f"{name}: its application does not answer: see {home.folder}/node.log"
    if state["engine"] is None:
        yield f"{name}: its engine does not answer: see {home.folder}/cometbft.log"
        return
    yield from (f"{name}: {problem}" for problem in _engine(home, state))


def _engine(home: Home, state: Mapping[str, Any]) -> Iterator[str]:
    if not state["peers"]:
        yield (
            "its engine has no peers: are they started, and are they where persistent_peers says, in "
            f"{home.config}/config.toml?"
        )
    if state["syncing"]:
        yield f"it is still fetching blocks, at {state['engine']}: wait"
    if state["block"] is not None and state["engine"] - state["block"] > BEHIND:
        yield f"its application is at block {state['block']}, its engine at {state['engine']}: see node.log"
    if home.author_key.exists() and not state["power"]:
        yield "it has the keys of a validator, but no vote: name them by sudo (docs/network.md)"


def _files(home: Home) -> Iterator[str]:
    try:
        find_engine()
    except EngineMissing as error:
        yield str(error)
    for path in (home.author_key, home.validator_key, home.config / "node_key.json"):
        yield from _mode(path)
    try:
        if (home.folder / "bound.json").exists():
            guard.check(home)
        else:
            guard.last_signed(home)
    except ChainError as error:
        yield str(error)


def _mode(path: Path) -> Iterator[str]:
    if path.exists() and (mode := path.stat().st_mode & 0o777) & 0o077:
        yield f"{path} is a secret that other users can read ({mode:o}): chmod 600 {path}"


def rebind(home: Home) -> None:
    """Let a copied node belong to the place where it is; raises CopiedState without what it signed last."""
    guard.note(home)
