"""The replay of the Ethereum side notices each kind of fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.genuine.replay import replay
from tests.genuine.test_genuine import SCRIPTS, Document, first, flipped, written
from tests.genuine.test_genuine import read as read_document

#: The storage key of System.Number.
NUMBER = "26aa394eea5630e07c48ae0c9558cef702a5c1b19ab7a04f536c519aca4983ac"
STATE_ROOT, TRANSFERS, CONTRACTS = (
    SCRIPTS / f"evm_{name}.json.gz" for name in ("state_root", "transfers", "contracts")
)


def last_block(document: Document) -> Document:
    """Return the last block, which has the end of its parent."""
    found: Document = first(document, lambda step: "block" in step)["blocks"][-1]
    return found


def last_transaction(document: Document) -> Document:
    """Return the last transaction that has a receipt."""
    return first(document, lambda step: step.get("receipt") is not None)


def changed(path: tuple[str, ...], text: str | None = None) -> Callable[[Document], None]:
    """Return a change of one part of a record: its last bit, or to other text."""

    def change(record: Document) -> None:
        *above, name = path
        for key in above:
            record = record[key]
        value = record[name]
        record[name] = (
            text
            if text is not None
            else not value
            if isinstance(value, bool)
            else value + 1
            if isinstance(value, int)
            else flipped(value)
        )

    return change


BLOCK = [
    (("finalized", "eth", "rlp"), "block rlp"),
    (("finalized", "eth", "hash"), "block hash"),
    (("finalized", "eth", "transactions_root"), "block transactions_root"),
    (("finalized", "eth", "receipts_root"), "block receipts_root"),
    (("finalized", "eth", "logs_bloom"), "block logs_bloom"),
    (("finalized", "eth", "beneficiary"), "block beneficiary"),
    (("finalized", "eth", "timestamp"), "block timestamp"),
    (("finalized", "eth", "scale_len"), "block scale_len"),
    (("finalized", "eth", "block_rlp_len"), "block block_rlp_len"),
    (("finalized", "eth", "hash_if_state_root_zero"), "block hash_if_state_root_zero"),
    (("finalized", "fees", "elasticity"), "fees"),
]
TRANSACTION = [
    (("call",), "call"),
    (("xt_len",), "length"),
    (("canonical",), "canonical"),
    (("info", "class"), "info"),
    (("fees", "elasticity"), "fees"),
    (("pool",), "validity"),
    (("receipt", "raw"), "receipt raw"),
    (("receipt", "status"), "receipt status"),
    (("receipt", "type"), "receipt type"),
    (("receipt", "bloom"), "receipt bloom"),
    (("status", "transaction_hash"), "status transaction_hash"),
    (("status", "from"), "status from"),
    (("gas_used",), "gas"),
]


def noticed(path: Path, change: Callable[[Document], None], folder: Path) -> Counter[str]:
    """Return the differences that a change of a script adds."""
    document = read_document(path)
    change(document)
    return replay(written(document, folder)).kinds - replay(path).kinds


@pytest.mark.parametrize(("path", "kind"), BLOCK, ids=lambda value: value if isinstance(value, str) else "")
def test_a_changed_part_of_a_block_is_one_difference(path: tuple[str, ...], kind: str, tmp_path: Path) -> None:
    assert noticed(STATE_ROOT, lambda document: changed(path)(last_block(document)), tmp_path) == {kind: 1}


@pytest.mark.parametrize(("path", "kind"), TRANSACTION, ids=lambda value: value if isinstance(value, str) else "")
def test_a_changed_part_of_a_transaction_is_one_difference(path: tuple[str, ...], kind: str, tmp_path: Path) -> None:
    text = "Mandatory" if path[-1] == "class" else None
    change = changed(
        path, str(int(last_transaction(read_document(STATE_ROOT))["gas_used"]) + 1) if path == ("gas_used",) else text
    )
    assert noticed(STATE_ROOT, lambda document: change(last_transaction(document)), tmp_path) == {kind: 1}


def change_digest(document: Document) -> None:
    digest = last_block(document)["finalized"]["digest"]
    digest[0] = flipped(digest[0])


def change_weight(document: Document) -> None:
    last_transaction(document)["weight"]["normal"][1] += 1


def change_log(document: Document) -> None:
    step = first(document, lambda step: bool((step.get("receipt") or {}).get("logs")))
    step["receipt"]["logs"][0]["data"] += "00"


def change_undecodable(document: Document) -> None:
    """Another transaction in place of one that does not decode."""
    raw = last_transaction(document)["eth"]
    first(document, lambda step: isinstance(step.get("result"), dict) and "eth" in step)["eth"] = raw


def change_storage(document: Document) -> None:
    step = first(document, lambda step: "state_at_root" in step)
    del step["state_at_root"]["kv"][NUMBER]


def change_root(document: Document) -> None:
    step = first(document, lambda step: "state_at_root" in step)["state_at_root"]
    step["state_root"] = flipped(step["state_root"])


def change_output(document: Document) -> None:
    step = first(document, lambda step: "run" in step and bool(step["answer"].get("output")))
    step["answer"]["output"] = flipped(step["answer"]["output"])


def change_gas(document: Document) -> None:
    step = first(document, lambda step: "run" in step and "gas" in step["answer"])
    step["answer"]["gas"]["standard"] += "0"


def change_account(document: Document) -> None:
    step = first(document, lambda step: "account" in step)
    step["answer"]["nonce"] += "0"


@pytest.mark.parametrize(
    ("change", "kind", "path"),
    [
        (change_digest, "digest of the header", STATE_ROOT),
        (change_log, "receipt logs", CONTRACTS),
        (change_undecodable, "result", TRANSFERS),
        (change_storage, "storage System.Number", STATE_ROOT),
        (change_root, "storage root", STATE_ROOT),
        (change_output, "answer output", CONTRACTS),
        (change_gas, "answer gas", CONTRACTS),
        (change_account, "account", TRANSFERS),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_fault_is_one_difference_of_its_kind(
    change: Callable[[Document], None], kind: str, path: Path, tmp_path: Path
) -> None:
    assert noticed(path, change, tmp_path) == {kind: 1}


def test_a_changed_weight_is_a_difference_now_and_at_the_end_of_the_block(tmp_path: Path) -> None:
    assert noticed(CONTRACTS, change_weight, tmp_path) == {"block weight": 2}


def test_a_changed_transaction_is_noticed(tmp_path: Path) -> None:
    """One bit of the value: another call, hash, sender and so on."""

    def change(document: Document) -> None:
        step = last_transaction(document)
        step["eth"] = step["eth"].replace("0de0b6b3a7640000", "0de0b6b3a7640001")

    assert noticed(STATE_ROOT, change, tmp_path)["call"] == 1
