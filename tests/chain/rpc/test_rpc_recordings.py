"""Replays of real clients' requests: every request has a response of the recorded kind of JSON.

The recordings are of another chain, so hashes of blocks become the head's, and values differ.
"""

from __future__ import annotations

import json

import pytest
from pysubtensor.chain.rpc.params import to_hash
from pysubtensor.chain.rpc.table import METHODS

from tests.vectors import FOLDER, load

from .conftest import Client

RECORDINGS = sorted(path.name.removesuffix(".json.gz") for path in (FOLDER / "recordings").glob("*.json.gz"))
#: Groups of methods that this server does not have, according to `rpc_methods`.
ABSENT = ("chainHead_v1_", "chainSpec_v1_", "transaction_v1_")
#: Requests about another chain's accounts, transactions and subscriptions: sent, but their answers are not compared.
FOREIGN = ("author_", "state_unsubscribe", "chain_unsubscribe", "state_getStorage", "state_getKeys")


def kind(text: str) -> str:
    """Return the kind of JSON of a text, by its first characters; hex is a kind of its own."""
    if text.startswith('"'):
        return "hex" if text.startswith('"0x') else "text"
    return {"{": "map", "[": "list", "n": "null", "t": "flag", "f": "flag"}.get(text[0], "number")


def test_there_are_recordings() -> None:
    assert len(RECORDINGS) == 13


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_recorded_client_is_understood(client: Client, name: str) -> None:
    head = client.ask("chain_getHead")
    answered = 0
    for exchange in load(f"recordings/{name}"):
        method, params, result = exchange["method"], exchange["params"], exchange["result"]
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
