"""polkadot-api, whose versions 1 and 2 use the new JSON-RPC specification alone: what others do not do."""

from __future__ import annotations

import pytest

from tests.clients.environments import PAPI
from tests.clients.test_real_clients import RICH, TRANSFER_FEE
from tests.clients.visits import AMOUNT, PATIENCE_S, Visit, receive

pytestmark = [pytest.mark.clients, pytest.mark.timeout(2 * PATIENCE_S)]


@pytest.fixture(scope="module", params=PAPI)
def papi(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """The visit of each version."""
    return receive(request.param, tmp_path_factory.mktemp(request.param))


def test_it_knows_the_chain(papi: Visit) -> None:
    properties = {"ss58Format": 42, "tokenDecimals": 9, "tokenSymbol": "TAO"}
    assert (papi.seen["chain"]["name"], papi.seen["chain"]["properties"]) == ("Bittensor", properties)
    assert papi.seen["chain"]["genesisHash"] == papi.seen["blocks"][0][1]


def test_it_reads_constants_and_runtime_apis(papi: Visit) -> None:
    existential_deposit, prefix = 500, 42
    assert papi.seen["constants"] == [existential_deposit, prefix]
    assert {name: papi.seen["hyperparams"][name] for name in ("rho", "kappa", "tempo")} == {
        "rho": 10,
        "kappa": 32767,
        "tempo": 100,
    }
    assert papi.seen["nonce"] == 0
    assert papi.seen["estimate"] == TRANSFER_FEE


def test_it_tracks_its_transaction_to_its_final_block(papi: Visit) -> None:
    assert papi.seen["transfer"]["ok"] is True
    assert papi.seen["transfer"]["states"] == ["signed", "broadcasted", "inBestBlock", "finalized"]
    assert papi.seen["index"] == 2, "after two inherents"


def test_it_watches_final_blocks_and_an_entry(papi: Visit) -> None:
    numbers, hashes, parents = (list(each) for each in zip(*papi.seen["blocks"], strict=True))
    assert numbers == [0, 1, 2, 3]
    assert parents == ["0x" + "00" * 32, *hashes[:-1]]
    assert papi.seen["changes"] == [RICH, RICH + AMOUNT]


def test_it_reads_the_body_and_the_header_of_a_block(papi: Visit) -> None:
    assert len(papi.seen["body"]) == 3, "two inherents and a transaction"
    assert papi.seen["body"][0].startswith("0x280502"), "the time"
    assert papi.seen["header"] == {"number": 3, "parentHash": papi.seen["blocks"][2][1]}
