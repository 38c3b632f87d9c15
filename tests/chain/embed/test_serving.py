"""A chain that is served goes on being used by the program: its methods run between the requests of clients."""

from __future__ import annotations

import json
import threading
from typing import Any
from urllib.request import Request, urlopen

import pytest

from pysubtensor import Chain, ChainError

TAO = 10**9


def ask(url: str, method: str, *params: Any) -> Any:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    request = Request(url.replace("ws:", "http:"), body, {"Content-Type": "application/json"})
    with urlopen(request) as answer:
        return json.load(answer)["result"]


def test_a_served_chain_is_used_by_its_program_and_by_clients() -> None:
    with Chain.dev() as chain:
        seen: list[int] = []
        chain.listeners.append(lambda block: seen.append(threading.get_ident()))
        with chain.serve(sealing="embedded") as server:
            chain.produce(2)
            assert ask(server.url, "chain_getHeader")["number"] == "0x2"
            raw = chain.sign(chain.call("System.remark", remark=b""), "//Alice")
            ask(server.url, "author_submitExtrinsic", "0x" + raw.hex())
            assert raw in chain.produce_block().extrinsics
            chain.fund("//Poor", TAO)
            with chain.anchor():
                chain.produce(3)
            assert ask(server.url, "chain_getHeader")["number"] == "0x3"
        assert threading.get_ident() not in seen, "blocks are made in the server's thread"
        chain.produce(1)
        assert seen[-1] == threading.get_ident()


def test_clients_see_what_the_program_wrote_since_the_head() -> None:
    with Chain.dev() as chain, chain.serve(sealing="embedded") as server:
        chain.produce(1)
        before = ask(server.url, "state_getReadProof", ["0x3a636f6465"])
        chain.set_storage("SubtensorModule.Tempo", 1, value=77)
        prefix = "0x" + _prefix(chain).hex()
        (entry,) = ask(server.url, "state_getKeysPaged", prefix, 10, None)[1:]
        assert ask(server.url, "state_getStorage", entry) == "0x4d00"
        assert ask(server.url, "state_getStorage", entry, ask(server.url, "chain_getBlockHash", 1)) == "0x4d00"
        assert ask(server.url, "state_getStorage", entry, ask(server.url, "chain_getBlockHash", 0)) == "0x6400"
        assert ask(server.url, "state_getPairs", prefix)[1:] == [[entry, "0x4d00"]]
        assert ask(server.url, "state_getReadProof", ["0x3a636f6465"]) == before, "proofs are those of the header"


def _prefix(chain: Chain) -> bytes:
    (pallet,) = [pallet for pallet in chain.runtime.pallets if pallet.name == "SubtensorModule"]
    return pallet.storage["Tempo"].prefix


def test_a_chain_is_served_once_at_a_time_and_in_modes_that_it_has() -> None:
    with Chain.dev() as chain:
        with chain.serve() as server, pytest.raises(ChainError, match=f"this one is at {server.url}"):
            chain.serve().__enter__()
        with pytest.raises(ChainError, match="expected a sealing mode of instant, manual, embedded, got 'interval'"):
            chain.serve(sealing="interval").__enter__()
        with chain.serve(sealing="manual"):
            chain.produce(2)
            assert chain.finalized.number == 0
        chain.produce(1)
        assert chain.finalized.number == 3
