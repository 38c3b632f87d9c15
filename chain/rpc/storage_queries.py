"""Queries of storage in the new specification: values, hashes, all descendants of a key, and Merkle values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from ...consensus.internal import InternalError
from ...runtime.crypto.hashing import blake2_256
from ...runtime.state.merkle import closest_descendant
from ..history.proofs import read_proof
from .errors import clipped
from .node import Node
from .params import BadParameter, invalid_type, invalid_value, to_bytes, to_list, to_text
from .shapes import to_hex
from .slices import pause

VALUE, HASH, MERKLE = "value", "hash", "closestDescendantMerkleValue"
DESCENDANTS_VALUES, DESCENDANTS_HASHES = "descendantsValues", "descendantsHashes"
KINDS = (VALUE, HASH, MERKLE, DESCENDANTS_VALUES, DESCENDANTS_HASHES)
#: Most results that are found in one piece, and bytes of their keys and values after which no more are added.
RESULTS_AT_ONCE, BYTES_AT_ONCE = 256, 32 * 1024

#: Bytes of memory of a query besides its key.
QUERY_BYTES = 256

NO_PLAIN_DIGIT = re.compile(r"[^0-9a-fA-F]")

#: A result: the key, and a value, a hash or a Merkle value by its name, in hex.
Found = dict[str, str]


@dataclass(frozen=True, slots=True)
class Query:
    """A query about a key, which is hex that is not converted yet: `kind` is one of `KINDS`."""

    key: str
    kind: str


def to_query(value: Any) -> Query:
    """Return a query from `{"key": …, "type": …}`; other fields are ignored."""
    fields = to_fields(value, "StorageQuery", "key", "type")
    return Query(to_text(fields["key"]), to_variant(fields["type"], KINDS))


def to_fields(value: Any, struct: str, *names: str) -> dict[str, Any]:
    """Return an object that has these fields."""
    if not isinstance(value, dict):
        raise invalid_type(value, f"struct {struct}")
    for name in names:
        if name not in value:
            raise invalid_value(value, f"missing field `{name}`")
    return value


def to_variant(value: Any, variants: Sequence[str]) -> str:
    """Return one of these words."""
    if not isinstance(value, str):
        raise (
            BadParameter("expected value", 1) if not isinstance(value, dict | list) else invalid_type(value, "variant")
        )
    if value not in variants:
        names = [f"`{each}`" for each in variants]
        expected = " or ".join(names) if len(names) == 2 else f"one of {', '.join(names)}"
        raise invalid_value(value, f"unknown variant `{clipped(value)}`, expected {expected}")
    return value


def size_of(keys: Sequence[str]) -> int:
    """Return the memory in bytes that queries of these keys take."""
    return sum(len(key) + QUERY_BYTES for key in keys)


def plain_hex(text: str, error: Callable[[str], Exception]) -> bytes:
    """Return bytes from hex, with `0x` or without; raise `error(text)` for anything else."""
    digits = text.removeprefix("0x")
    if len(digits) % 2 or NO_PLAIN_DIGIT.search(digits):
        raise error(text)
    return to_bytes(digits)


Queries = Annotated[list[Query], to_list(to_query)]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query whose key is converted."""

    key: bytes
    kind: str


def results(node: Node, block: bytes, queries: Sequence[Asked]) -> Iterator[list[Found]]:
    """Yield what is found in the main trie after a block, in the order of the queries, a bounded list at a time.

    Each list takes one step, in slices. Raises what reads of past states raise, and ProofTooLarge.
    """
    found, size = list[Found](), 0
    for each in found_one_by_one(node, block, queries):
        found.append(each)
        size += sum(map(len, each.values()))
        if len(found) == RESULTS_AT_ONCE or size >= BYTES_AT_ONCE:
            yield found
            found, size = [], 0
    if found:
        yield found


def found_one_by_one(node: Node, block: bytes, queries: Sequence[Asked]) -> Iterator[Found]:
    """Yield the results of `results`."""
    state = node.context(block).state
    merkle: dict[bytes, bytes | None] | None = None
    for query in queries:
        pause()
        match query.kind:
            case "value" | "hash":
                value = state.peek(query.key)
                if value is not None:
                    yield result(query.key, query.kind, value)
            case "descendantsValues" | "descendantsHashes":
                kind = VALUE if query.kind == DESCENDANTS_VALUES else HASH
                for key, value in state.items(query.key):
                    yield result(key, kind, value)
            case "closestDescendantMerkleValue":
                if merkle is None:
                    merkle = merkle_values(node, block, [each.key for each in queries if each.kind == MERKLE])
                closest = merkle[query.key]
                if closest is not None:
                    yield {"key": to_hex(query.key), MERKLE: to_hex(closest)}
            case other:
                raise InternalError(f"expected a kind of query, got {other}")


def result(key: bytes, kind: str, value: bytes) -> Found:
    """Return the result of a key and its value, or the value's BLAKE2b-256 hash."""
    return {"key": to_hex(key), kind: to_hex(value if kind == VALUE else blake2_256(value))}


def merkle_values(node: Node, block: bytes, keys: Sequence[bytes]) -> dict[bytes, bytes | None]:
    """Return the Merkle values of the nodes closest below keys, from one proof."""
    header = node.chain.header(block)
    if header is None:
        raise InternalError("expected the header of a block whose state is kept")
    proof = read_proof(node.chain.history, block, keys, pause, node.limits.response_bytes // 2)
    nodes = {blake2_256(each): each for each in proof}
    return {key: closest_descendant(nodes, header.state_root, key) for key in keys}
