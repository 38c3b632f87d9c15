"""Blocks with their extrinsics, events, fees and errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...runtime.client.advice import advice
from ..node.connection import NodeError
from ..node.extrinsics import Event, Extrinsic, decode_extrinsic, errors_in, events_of, fee_in
from ..node.node import Node, from_hex

#: Extrinsics of a block that are decoded; a block has far less.
MOST_EXTRINSICS = 5_000
#: Calls that authors add to each block.
OF_AUTHORS = {"Timestamp.set", "MevShield.announce_next_key", "Drand.write_pulse"}


@dataclass(frozen=True, slots=True)
class Failure:
    """An error of an extrinsic: its name, its documentation, and what to try."""

    name: str
    docs: str
    advice: str


@dataclass(frozen=True, slots=True)
class Included:
    """An extrinsic in a block with its events; the fee is in rao, None for none."""

    block: int
    block_hash: str
    index: int
    extrinsic: Extrinsic
    events: tuple[Event, ...]
    fee: int | None
    failure: Failure | None

    @property
    def is_of_author(self) -> bool:
        """Whether the block's author added it."""
        return self.extrinsic.signer is None and self.extrinsic.name in OF_AUTHORS

    @property
    def link(self) -> str:
        """Its page."""
        return f"/extrinsic/{self.block}-{self.index}"


@dataclass(frozen=True, slots=True)
class Block:
    """A block. `time_ms` is its timestamp (Unix time), None where it has none; `events` are those of no extrinsic."""

    number: int
    hash: str
    parent: str
    state_root: str
    extrinsics_root: str
    digest: tuple[str, ...]
    time_ms: int | None
    extrinsics: tuple[Included, ...]
    events: tuple[Event, ...]
    #: Why there are no events: the node does not keep the state.
    problem: str
    spec_version: int

    @property
    def transactions(self) -> list[Included]:
        """The extrinsics that were submitted."""
        return [each for each in self.extrinsics if not each.is_of_author]

    @property
    def event_count(self) -> int:
        """The number of all events."""
        return len(self.events) + sum(len(each.events) for each in self.extrinsics)


async def read_block(node: Node, block_hash: str) -> Block | None:
    """Return a block by its hash; None if the node does not have it."""
    answer = await node.call("chain_getBlock", block_hash)
    if answer is None:
        return None
    interface = await node.interface(block_hash)
    problem = ""
    try:
        events = events_of(interface, await node.storage("System", "Events", at=block_hash))
    except NodeError as error:
        events, problem = [], str(error)
    try:
        header, raws = answer["block"]["header"], answer["block"]["extrinsics"][:MOST_EXTRINSICS]
        number = int(header["number"], 16)
        decoded = [decode_extrinsic(interface, from_hex(raw)) for raw in raws]
        parent, *roots = (str(header[name]) for name in ("parentHash", "stateRoot", "extrinsicsRoot"))
        logs = tuple(str(log) for log in header["digest"]["logs"])
    except (KeyError, TypeError, ValueError):
        raise NodeError("expected a block from the node") from None
    by_index: dict[int | None, list[Event]] = {}
    for event in events:
        by_index.setdefault(event.extrinsic, []).append(event)
    included = tuple(
        _included(interface.error, (number, block_hash, index), each, tuple(by_index.get(index, ())))
        for index, each in enumerate(decoded)
    )
    return Block(
        number=number,
        hash=block_hash,
        parent=parent,
        state_root=roots[0],
        extrinsics_root=roots[1],
        digest=logs,
        time_ms=_time(decoded),
        extrinsics=included,
        events=tuple(by_index.get(None, ())),
        problem=problem,
        spec_version=interface.spec_version,
    )


def _included(explain: Any, place: tuple[int, str, int], extrinsic: Extrinsic, events: tuple[Event, ...]) -> Included:
    error = next(errors_in(events), None)
    failure = None
    if error is not None:
        name, docs = explain(error)
        failure = Failure(name, docs, advice(name) or "")
    return Included(*place, extrinsic, events, fee_in(events), failure)


def _time(extrinsics: list[Extrinsic]) -> int | None:
    """Return the time that `Timestamp.set` states."""
    for each in extrinsics:
        if each.name == "Timestamp.set" and each.arguments and isinstance(each.arguments[0].value, int):
            return each.arguments[0].value
    return None
