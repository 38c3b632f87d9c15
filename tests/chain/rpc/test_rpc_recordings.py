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
#: Requests about another chain's accounts, transactions and subscriptions: sent, but their answers are not compared.
FOREIGN = ("author_", "state_unsubscribe", "chain_unsubscribe", "state_getStorage", "state_getKeys")
#: Requests that end what the recorded chain began.
ENDING = ("chainHead_v1_unpin", "transaction_v1_stop")


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
    answered, own_ids = 0, dict[str, str]()
    for exchange in load(f"recordings/{name}"):
        method, params, result = exchange["method"], exchange["params"], exchange["result"]
        if method in ENDING:
            continue
        params = [own_ids.get(each, each) if isinstance(each, str) else each for each in params]
        takes = METHODS[method].params
        for position, (convert, _) in enumerate(takes[: len(params)]):
            if convert is to_hash and params[position] is not None:
                params[position] = head
        answer = client.send(json.dumps({"jsonrpc": "2.0", "id": "x1", "method": method, "params": params}))
        if method == "state_call" and "error" in answer:
            assert answer["error"]["code"] == 4003, "an API or a call that this runtime has not"
        elif not method.startswith(FOREIGN):
            got = json.dumps(answer["result"])
            is_id = "subscribe" in method or method in ("chainHead_v1_follow", "transaction_v1_broadcast")
            expected = "hex" if is_id else kind(result)
            if '"started"' in result:
                assert answer["result"]["result"] == "started", (method, params)
            above_the_head = method == "chain_getBlockHash" and got == "null"
            assert kind(got) == expected or above_the_head, (method, params, got)
            if method == "chainHead_v1_follow":
                own_ids[json.loads(result)] = answer["result"]
        else:
            assert answer.get("error", {}).get("code") not in (-32601, -32602, -32603), answer
        answered += 1
    assert answered
