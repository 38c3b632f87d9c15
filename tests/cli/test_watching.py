"""Following a transaction through the statuses that a node sends."""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.cli.client import NodeError
from pysubtensor.cli.watching import block_of

HASH = "0x" + "12" * 32


@pytest.mark.parametrize(
    ("statuses", "wanted"),
    [
        (["ready", {"inBlock": HASH}], "inBlock"),
        (["future", "ready", {"inBlock": "0x00"}, {"finalized": HASH}], "finalized"),
        (["ready", {"broadcast": []}, {"finalized": HASH}], "inBlock"),
    ],
)
def test_a_transaction_is_followed_until_it_is_where_it_should_be(statuses: list[Any], wanted: str) -> None:
    assert block_of(iter(statuses), wanted) == bytes([0x12]) * 32


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ("invalid", "became invalid"),
        ("dropped", "was dropped by the pool"),
        ({"usurped": HASH}, "was replaced by another one"),
        ({"retracted": HASH}, "no longer part of the chain"),
        ({"finalityTimeout": HASH}, "was not finalized in time"),
    ],
)
def test_a_transaction_that_gets_lost_is_told_how(last: Any, words: str) -> None:
    with pytest.raises(NodeError, match=words):
        block_of(iter(["ready", last]), "finalized")


def test_a_person_in_a_terminal_is_told_once_what_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from pysubtensor.cli import watching

    said: list[str] = []
    monkeypatch.setattr(watching, "print_progress", said.append)
    statuses: list[object] = [
        "ready",
        {"broadcast": []},
        "ready",
        {"inBlock": "0x" + "11" * 32},
        {"finalized": "0x" + "22" * 32},
    ]
    assert watching.block_of(iter(statuses), "finalized", watching.Progress()) == b"\x22" * 32
    assert said == ["In the pool: waiting for a block …", "In a block: waiting until it is final …"]
