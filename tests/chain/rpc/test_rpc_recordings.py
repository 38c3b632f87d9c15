"""What real clients sent, sent again: every request is understood, and answered by JSON of the recorded kind.

The recordings are of another chain, so hashes of blocks become the head's, and values differ.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pysubtensor.chain.rpc.methods import METHODS
from pysubtensor.chain.rpc.params import to_hash

from .conftest import Client

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "spec" / "recordings"
RECORDINGS = sorted(FOLDER.glob("*.txt"))
REQUEST = re.compile(r"^\[conn \d+\] id=(\S+) (\w+) (\[.*\])$")
#: Groups of methods that this server leaves out, as `rpc_methods` tells.
ABSENT = ("chainHead_v1_", "chainSpec_v1_", "transaction_v1_")
#: Requests about another chain's accounts, transactions and subscriptions: sent, but their answers are not compared.
FOREIGN = ("author_", "state_unsubscribe", "chain_unsubscribe", "state_getStorage", "state_getKeys")


class Exchange(NamedTuple):
    method: str
    params: list[Any]
    result: str


def exchanges(path: Path) -> Iterator[Exchange]:
    """The requests of a recording that are written out whole, with the beginning of their results."""
    lines = path.read_text().splitlines()
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        found = REQUEST.match(line)
        if found and "…" not in line and after.startswith("      = "):
            yield Exchange(found[2], json.loads(found[3]), after[8:])


def kind(text: str) -> str:
    """What sort of JSON a text is, by how it begins; hex is a sort of its own."""
    if text.startswith('"'):
        return "hex" if text.startswith('"0x') else "text"
    return {"{": "map", "[": "list", "n": "null", "t": "flag", "f": "flag"}.get(text[0], "number")


@pytest.mark.skipif(not RECORDINGS, reason=f"there are no recordings in {FOLDER}")
@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_recorded_client_is_understood(client: Client, path: Path) -> None:
    head = client.ask("chain_getHead")
    answered = 0
    for method, params, result in exchanges(path):
        if method.startswith(ABSENT):
            assert method not in METHODS
            continue
        takes = METHODS[method].params
        for position, (convert, _) in enumerate(takes[: len(params)]):
            if convert is to_hash and params[position] is not None:
                params[position] = head
        answer = client.send(json.dumps({"jsonrpc": "2.0", "id": "x1", "method": method, "params": params}))
        if method == "state_call" and "error" in answer:
            assert answer["error"]["code"] == 4003, "an API or a call that this runtime has not"
        elif not method.startswith(FOREIGN):
            got = json.dumps(answer["result"])
            expected = "hex" if "subscribe" in method else kind(result)
            above_the_head = method == "chain_getBlockHash" and got == "null"
            assert kind(got) == expected or above_the_head, (method, params, got)
        else:
            assert answer.get("error", {}).get("code") not in (-32601, -32602, -32603), answer
        answered += 1
    assert answered
