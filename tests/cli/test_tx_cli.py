"""`pysubtensor tx`, against a node: every call is a command, and its result is reported by name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pysubtensor.cli.derived.index import kebab
from pysubtensor.runtime.composition import PALLETS
from pysubtensor.runtime.pallets import preimage

from tests.world import ALICE_ADDRESS, BOB_ADDRESS, TAO

if TYPE_CHECKING:
    from pysubtensor.chain.rpc.server import Running

    from .conftest import Shell

TRANSFER = ("tx", "balances", "transfer-keep-alive", "--dest", "//Bob", "--from", "//Alice")


def free(online: Shell, account: str) -> int:
    balance: int = online.json("query", "system", "account", account)["data"]["free"]
    return balance


def test_every_call_of_every_pallet_is_a_command_with_its_arguments(shell: Shell) -> None:
    for pallet in PALLETS:
        for call in pallet.calls.values():
            text = shell("tx", kebab(pallet.name), kebab(call.name), "--help").stdout
            assert all(kebab(str(field.name)) in text for field in call.args), call


def test_a_transfer_moves_the_amount_and_costs_the_reported_fee(online: Shell) -> None:
    before = free(online, "//Alice"), free(online, "//Bob")
    done = online.json(*TRANSFER, "--value", "1.5tao")
    assert done["success"]
    assert done["error"] is None
    moved = {"from": ALICE_ADDRESS, "to": BOB_ADDRESS, "amount": 3 * TAO // 2}
    assert {"Balances": {"Transfer": moved}} in done["events"]
    # //Alice authors the blocks of this chain, so that the fee comes back to her.
    assert (free(online, "//Alice"), free(online, "//Bob")) == (before[0] - 3 * TAO // 2, before[1] + 3 * TAO // 2)
    assert done["fee_rao"] > 0


def test_events_are_printed_to_stdout_and_the_block_to_stderr(online: Shell) -> None:
    done = online(*TRANSFER, "--value", "10rao", "--wait", "inblock")
    assert "ExtrinsicSuccess" in done.stdout
    assert done.stderr.startswith("In block ")


def test_a_failing_call_names_its_error_and_ends_with_1(online: Shell) -> None:
    failed = online(*TRANSFER, "--value", "2000000tao", code=1)
    assert "ExtrinsicFailed" in failed.stdout
    assert "the transaction failed with Token.FundsUnavailable. Try a smaller amount, or fund" in failed.stderr


def test_a_call_for_root_is_told_of_sudo(online: Shell) -> None:
    failed = online(
        "tx", "balances", "force-set-balance", "--who", "//Eve", "--new-free", "7tao", "--from", "//Bob", code=1
    )
    assert "failed with BadOrigin. Try signing as the account that may make this call; as root, wrap" in failed.stderr
    assert "--sudo" in failed.stderr


def test_the_documentation_of_a_pallets_error_is_shown(online: Shell) -> None:
    failed = online("tx", "preimage", "unnote-preimage", "--hash", "0x" + "00" * 32, "--from", "//Bob", code=1)
    assert f"Preimage.NotNoted: {preimage.Error.NotNoted.docs}" in failed.stderr


def test_sudo_wraps_the_call_and_reports_its_error(online: Shell) -> None:
    done = online.json(
        "tx", "balances", "force-set-balance", "--who", "//Eve", "--new-free", "7tao", "--sudo", "--from", "//Alice"
    )
    assert done["success"]
    assert free(online, "//Eve") == 7 * TAO
    failed = online.json(
        "tx", "balances", "force-transfer", "--source", "//Eve", "--dest", "//Bob", "--value", "8tao", "--sudo",
        "--from", "//Alice", code=1,
    )  # fmt: skip
    assert failed["error"]["name"] == "Token.FundsUnavailable"
    assert any("Sudid" in event.get("Sudo", {}) for event in failed["events"])


def test_calls_within_calls_and_lists_are_written_as_json(online: Shell) -> None:
    done = online.json(
        "tx", "utility", "batch", "--from", "//Alice", "--calls",
        '["System.remark_with_event({\\"remark\\": \\"hi\\"})", {"System": {"remark": {"remark": "0x00"}}}]',
    )  # fmt: skip
    assert [event["Utility"] for event in done["events"] if "Utility" in event] == [
        "ItemCompleted",
        "ItemCompleted",
        "BatchCompleted",
    ]
    assert sum("Remarked" in event.get("System", {}) for event in done["events"]) == 1


def test_a_list_of_accounts_may_be_written_with_commas(online: Shell) -> None:
    done = online.json(
        "tx", "multisig", "as-multi-threshold-1", "--from", "//Alice", "--other-signatories", "//Bob",
        "--call", '{"System": {"remark": {"remark": "x"}}}',
    )  # fmt: skip
    assert done["success"]


def test_a_dry_run_sends_nothing(online: Shell) -> None:
    before = free(online, "//Bob")
    trial = online.json(*TRANSFER, "--value", "1tao", "--dry-run")
    assert trial["call"].startswith("0x0503008eaf04")
    assert trial["payment"]["partial_fee"] > 0
    assert trial["validity"]["Ok"]["propagate"] is True
    assert free(online, "//Bob") == before
    online(*TRANSFER, "--value", "1tao")
    stale = online.json(*TRANSFER, "--value", "1tao", "--dry-run", "--nonce", "0")
    assert stale["validity"] == {"Err": {"Invalid": "Stale"}}


@pytest.mark.parametrize("scheme", ["ed25519", "ecdsa"])
def test_other_schemes_sign_too(online: Shell, scheme: str) -> None:
    address = online.json("keys", "inspect", "//Signer", "--scheme", scheme)["address"]
    assert online.json("tx", "balances", "transfer-keep-alive", "--dest", address, "--value", "5tao", "--from", "//Bob")
    done = online.json(
        "tx",
        "system",
        "remark-with-event",
        "--remark",
        "x",
        "--from",
        "//Signer",
        "--scheme",
        scheme,
        "--era",
        "immortal",
    )
    assert done["success"]


def test_without_waiting_only_the_hash_is_printed(online: Shell) -> None:
    sent = online.json("tx", "system", "remark", "--remark", "x", "--from", "//Charlie", "--wait", "none")
    assert list(sent) == ["extrinsic_hash"]
    assert len(sent["extrinsic_hash"]) == 66


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--value", "1.2.3"], "Invalid value for '--value': expected an integer (u64) or an amount such as 1.5tao"),
        (["--value", "-1"], "Invalid value for '--value': -1 does not fit u64"),
        (["--value", "0.0000000001tao"], "expected at most nine decimals of TAO"),
        ([], "Missing option '--value'"),
        (["--value", "1", "--era", "3"], "expected 4 to 65536 blocks, or immortal, got '3'"),
        (["--value", "1", "--wait", "forever"], "'forever' is not one of"),
        (["--value", "1", "--from", ALICE_ADDRESS], "expected"),
        (["--value", "1", "--dest", "//"], "expected a secret URI"),
        (["--value", "1", "--url", "http://localhost"], "expected a URL that begins with ws:// or wss://"),
    ],
)
def test_invalid_arguments_exit_with_2(shell: Shell, arguments: list[str], message: str) -> None:
    result = shell(*TRANSFER, *arguments, code=2)
    assert result.stdout == ""
    assert message in result.stderr


def test_a_sender_is_needed(shell: Shell) -> None:
    assert "Missing option '--from'" in shell("tx", "system", "remark", "--remark", "x", code=2).stderr


def test_an_unreachable_node_exits_with_1(shell: Shell) -> None:
    result = shell(*TRANSFER, "--value", "1", "--url", "ws://127.0.0.1:1", code=1)
    assert result.stdout == ""
    assert "cannot talk to ws://127.0.0.1:1" in result.stderr


def test_a_refused_transaction_reports_the_reason(online: Shell) -> None:
    poor = online("tx", "system", "remark", "--remark", "x", "--from", "//Unfunded", code=1)
    assert "Inability to pay some fees" in poor.stderr
    assert "Try funding the signer first" in poor.stderr
    online(*TRANSFER, "--value", "1")
    stale = online(*TRANSFER, "--value", "1", "--nonce", "0", code=1)
    assert "Transaction is outdated" in stale.stderr


def test_a_node_with_another_runtime_is_refused(online: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    from pysubtensor.cli import remote

    monkeypatch.setattr(remote, "SPEC_VERSION", 426)
    result = online(*TRANSFER, "--value", "1", code=1)
    assert "this program supports node-subtensor 426, " in result.stderr
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")  # nothing was verified before
    monkeypatch.setattr(remote, "index", lambda: {"digest": "00" * 32})
    assert "with other types than this program" in online(*TRANSFER, "--value", "1", code=1).stderr


def test_a_runtime_is_compared_once(online: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from pysubtensor.runtime.metadata import digest as rfc_78

    compared: list[int] = []
    digest = rfc_78.metadata_digest
    monkeypatch.setattr(rfc_78, "metadata_digest", lambda *given: compared.append(1) or digest(*given))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for _ in range(2):
        online("query", "system", "number")
    assert len(compared) == 1
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")  # where nothing can be remembered
    for _ in range(2):
        online("query", "system", "number")
    assert len(compared) == 3


def test_a_watch_without_a_block_ends_in_time(node: Running, online: Shell) -> None:
    result = online(*TRANSFER, "--value", "1", "--nonce", "1000", "--timeout", "0.3", code=1)
    assert "did not answer within 0.3 s" in result.stderr
    node.call(node.server.node.chain.pool.clear)
