"""Dry runs and traces: what a call would do, and what a block has done."""

from __future__ import annotations

import pytest
from pysubtensor.chain.cheats.changes import nested
from pysubtensor.chain.cheats.dry_run import dry_run_extrinsic
from pysubtensor.chain.cheats.trace import trace_transaction
from pysubtensor.runtime.crypto.hashing import blake2_256

from pysubtensor import Chain, ChainError, Keypair

TAO = 10**9
ALICE, BOB = Keypair.from_uri("//Alice"), Keypair.from_uri("//Bob")


def test_a_dry_run_says_what_the_call_then_does() -> None:
    with Chain.dev() as chain:
        call = chain.call("Balances.transfer_keep_alive", dest=BOB, value=TAO)
        found = chain.dry_run(call, ALICE.address)
        assert chain.state.changes() == {}
        receipt = chain.execute(call, ALICE)
        assert (found.ok, found.error, found.refused, found.fee) == (True, None, False, receipt.fee)
        assert found.events[:-2] == receipt.events[: len(found.events) - 2]
        by_name = {(change.name, change.keys): (change.old, change.new) for change in found.changes}
        old, new = by_name["System.Account", (BOB.address,)]
        assert (old["data"]["free"], new["data"]["free"]) == (1_000_000 * TAO, 1_000_001 * TAO)
        assert by_name["System.Account", (ALICE.address,)][1]["nonce"] == 1
        assert nested(list(found.changes), "new")["system"]["account"][BOB.address]["data"]["free"] == 1_000_001 * TAO


def test_a_dry_run_says_why_a_call_would_fail() -> None:
    with Chain.dev() as chain:
        too_much = chain.dry_run(chain.call("Balances.transfer_keep_alive", dest=BOB, value=10**18), "//Alice")
        assert (too_much.error, too_much.refused, too_much.fee is None) == ("Arithmetic.Underflow", False, False)
        poor = chain.dry_run(chain.call("Balances.transfer_keep_alive", dest=BOB, value=1), bytes(range(32)))
        assert (poor.ok, poor.refused, poor.changes) == (False, True, ())
        rights = chain.dry_run(chain.call("AdminUtils.sudo_set_tx_rate_limit", tx_rate_limit=5), "//Alice")
        assert rights.error == "BadOrigin"
        root = chain.dry_run(chain.call("AdminUtils.sudo_set_tx_rate_limit", tx_rate_limit=5), None)
        assert [str(change) for change in root.changes] == ["SubtensorModule.TxRateLimit: None -> 5"]
        wrong = chain.dry_run(chain.call("AdminUtils.sudo_set_kappa", netuid=99, kappa=1), None)
        assert wrong.error == "AdminUtils.SubnetDoesNotExist: The subnet does not exist."


def test_a_dry_run_is_on_any_block_and_with_the_edits_of_the_head() -> None:
    with Chain.dev() as chain:
        chain.produce(2)
        chain.fund("//Poor", TAO)
        call = chain.call("Balances.transfer_keep_alive", dest=BOB, value=1000)
        assert chain.dry_run(call, "//Poor").ok
        assert chain.dry_run(call, "//Poor", at=1).refused
        raw = chain.sign(call, "//Poor")
        found = dry_run_extrinsic(chain, raw)
        (old,) = [change.old for change in found.changes if change.keys == (Keypair.from_uri("//Poor").address,)]
        assert old["data"]["free"] == TAO
        wrong = raw[:50] + bytes([raw[50] ^ 1]) + raw[51:]
        assert dry_run_extrinsic(chain, wrong).error == "Transaction has a bad signature"


def test_a_trace_has_what_each_step_of_a_block_read_and_wrote() -> None:
    with Chain.dev() as chain:
        chain.produce(2)
        chain.subnet()
        receipt = chain.execute("Balances.transfer_keep_alive", ALICE, dest=BOB, value=TAO)
        chain.produce(2)
        trace = chain.trace(receipt)
        assert [step.name for step in trace.steps] == [
            "Initialization",
            "Timestamp.set",
            "MevShield.announce_next_key",
            "Balances.transfer_keep_alive",
            "Finalization",
        ]
        step = trace.step(receipt.index)
        assert step.events == receipt.events
        written = {(change.name, change.keys[:1]) for change in step.writes}
        assert {("System.Account", (ALICE.address,)), ("System.Account", (BOB.address,))} <= written
        read = {change.name for change in step.reads}
        assert {"System.Account", "SafeMode.EnteredUntil", "Balances.TotalIssuance"} <= read
        assert "SubtensorModule.Burn" not in read
        keys = {change.key for step in trace.steps for change in step.writes}
        changed = set(chain.history.records.changed(receipt.block_number))
        assert changed <= keys | set(chain.history.records.edits(receipt.block_number))
        block = chain.block(receipt.block_hash)
        assert block is not None
        assert trace_transaction(chain, blake2_256(block.body[receipt.index])).writes == step.writes


def test_a_trace_knows_the_edits_before_its_block_and_impersonated_accounts() -> None:
    with Chain.dev() as chain:
        chain.fund(bytes(range(32)), TAO)
        receipt = chain.execute("System.remark", chain.as_account(bytes(range(32))), remark=b"")
        assert chain.trace(receipt.block_number).step(receipt.index).name == "System.remark"


def test_there_are_traces_of_executed_blocks_only() -> None:
    with Chain.dev() as chain:
        chain.produce(1)
        with pytest.raises(ChainError, match="expected a block that was executed, got block 0"):
            chain.trace(0)
        with pytest.raises(ChainError, match="expected the hash of an extrinsic in a kept block, got 0x00"):
            trace_transaction(chain, bytes(32))
        with pytest.raises(ChainError, match=r"expected a block: its hash .* or its number, got 'x'"):
            chain.trace("x")
