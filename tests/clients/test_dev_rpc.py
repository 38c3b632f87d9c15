"""Each `dev_*` method from JavaScript, as Chopsticks' users call theirs, and an account without a key in the SDK."""

from __future__ import annotations

from pathlib import Path

import pytest
from pysubtensor.chain.cheats.impersonation import impersonate
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.server import running
from pysubtensor.runtime.crypto import Keypair

from tests.clients.environments import CACHE
from tests.clients.visits import PATIENCE_S, interpreter, run_driver

pytestmark = [
    pytest.mark.clients,
    pytest.mark.timeout(2 * PATIENCE_S),
    pytest.mark.lawless("dev_setStorage writes balances from nothing"),
]

NODE, SDK = "polkadot-js", "bittensor-11.3"
WHALE = "5Fc3qszVcAXHAmjjm61KcxqvV1kh91jpydE476NjjnJneNdP"
#: The beacon's signature of round 1000.
PULSE = "0xb44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"


def test_javascript_calls_each_dev_method(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    program = interpreter(NODE)
    with (
        Chain.dev() as chain,
        running(chain, engine=LocalEngine(chain, Sealing.MANUAL)) as node,
        Chain.dev() as other,
        running(other) as source,
    ):
        other.produce(3)
        task = {"url": node.url, "environment": str(CACHE / NODE), "pulse": PULSE, "timeout": PATIENCE_S // 3}
        task["source"] = source.url
        seen = run_driver(NODE, program, "dev_rpc.mjs", task, tmp_path)
    assert sorted(seen["called"]) == sorted(seen["listed"])
    assert (seen["whale"], seen["limit"], seen["balance"]) == ("5000000000000", 7, 7_000_000_000_005)
    assert (seen["netuid"], seen["uid"], seen["former"], seen["epoch"]) == (2, 1, {"tempo": 5}, 0)
    assert seen["stake"] in (10**9, 10**9 - 1)
    assert (seen["made"], seen["time"], seen["mode"]) == (5, 1_924_992_000_000, "manual")
    assert (seen["snapshots"], seen["reverted"], seen["back"], seen["dropped"]) == (["here"], True, 0, True)
    assert (seen["nonce"], seen["pool"], seen["gone"]) == (1, 1, 1)
    assert "bad signature" in seen["refused"]
    ok, (old, new) = seen["dry"]
    assert (ok, new - old) == (True, 1000)
    assert seen["traced"] == ["Balances.transfer_keep_alive", 5]
    assert (seen["pulse"], seen["reset"], seen["loaded"], seen["other"]) == (66, 0, True, True)
    assert seen["fork"] == [2, True]
    assert seen["error"] == [-32602, "-32602: Invalid params: rao is missing"]


def test_the_sdk_acts_as_an_account_whose_key_it_does_not_have(tmp_path: Path) -> None:
    """It signs with //Bob's key, as it always does, and asks for the nonce of that key."""
    program = interpreter(SDK)
    with Chain.dev() as chain:
        chain.fund(WHALE, "100tao")
        impersonate(chain, WHALE, signer="//Bob")
        with running(chain, engine=LocalEngine(chain, Sealing.INSTANT)) as node:
            task = {"url": node.url, "dest": Keypair.from_uri("//Dave").address, "tao": 5}
            seen = run_driver(SDK, program, "impersonated_bittensor.py", task, tmp_path)
        fees = [fee for success, fee in seen["results"] if success]
        assert len(fees) == 2
        assert chain.query("System.Account", WHALE).data.free == 90 * 10**9 - sum(fees)
        assert chain.query("System.Account", "//Dave").data.free == 2_010 * 10**9
        assert (chain.nonce(WHALE), chain.nonce("//Bob")) == (2, 0)
        assert chain.query("System.Account", "//Bob").data.free == 1_000_000 * 10**9
