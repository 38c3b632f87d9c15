"""The `evm` commands of `bittensor` 11's `btcli`, unmodified: a localnet made ready, keys, money, a contract, stake."""

from __future__ import annotations

from pathlib import Path

import pytest
from pysubtensor.chain.cheats.subnets import register_subnet
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.server import running
from pysubtensor.genesis.accounts import authority
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.crypto import Keypair, evm_account, ss58_encode

from tests.clients.test_ethereum import ADDRESS, KEY, OTHER, TAO, compiled
from tests.clients.visits import PATIENCE_S, interpreter, run_driver

pytestmark = [pytest.mark.clients, pytest.mark.timeout(3 * PATIENCE_S)]

CLIENT = "bittensor-11.3"
#: The secret of //Alice, and one of a hotkey.
ALICE, HOTKEY = "0xe5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a", "0x" + "22" * 32
ALICE_ADDRESS = "0xd43593c715fdd31c61141abd04a99fd6822c8558"
RAO, KEPT = 10**9, 500


def test_the_evm_commands_of_btcli(tmp_path: Path) -> None:
    program, contract = interpreter(CLIENT), compiled("Counter", tmp_path)
    config = dev(authorities=(authority("One"),), evm_key_associate_rate_limit=1)
    with Chain(config) as chain:
        netuid = register_subnet(chain, "//Alice", Keypair.from_seed(bytes.fromhex(HOTKEY[2:])).account)
        chain.produce()
        with running(chain, engine=LocalEngine(chain, Sealing.INSTANT)) as node:
            task = {
                "url": node.url,
                "http": node.url.replace("ws://", "http://"),
                "home": str(tmp_path),
                "seed": ALICE,
                "hotkey_seed": HOTKEY,
                "key": KEY,
                "address": "0x" + ADDRESS.hex(),
                "to": OTHER,
                "netuid": netuid,
                "ss58": Keypair.from_uri("//Dave").address,
                "timeout": PATIENCE_S // 3,
            }
            seen = run_driver(CLIENT, program, "evm_btcli_11.py", task | contract, tmp_path)
        assert chain.query("System.Account", "//Dave").data.free == 2_002 * RAO
        deposited = chain.query("System.Account", evm_account(bytes.fromhex(ALICE_ADDRESS[2:])))
        assert deposited.data.free == 1 * RAO
        assert chain.query("SubtensorModule.AssociatedEvmAddress", netuid, 0)[0] == ADDRESS
    assert seen["setup"]["success"]
    assert seen["key"]["ss58_mirror"] == seen["mirror"]["ss58_mirror"] == ss58_encode(evm_account(ADDRESS))
    assert seen["balance"]["balance_wei"] == 100 * TAO - KEPT * RAO
    assert (seen["doctor"]["chain id"], seen["doctor"]["nonce"]) == (945, 0)
    assert (seen["sent"]["success"], seen["sent"]["gas_used"]) == (True, 21_000)
    assert seen["deployed"]["success"]
    assert (seen["added"]["success"], seen["count"]["value"]) == (True, 5)
    assert seen["staked"]["success"]
    assert 9 * RAO < seen["stake"]["stake_rao"] <= 10 * RAO
    assert seen["deposit"]["evm_deposit_address"] == ALICE_ADDRESS
    assert [seen[name]["success"] for name in ("to_ss58", "claimed", "associated")] == [True] * 3
