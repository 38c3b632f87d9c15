"""What became of a transaction, from the statuses and events that tell it."""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.cli.client import NodeError
from pysubtensor.cli.outcome import block_of
from pysubtensor.runtime.frame.errors import (
    Arithmetic,
    ArithmeticFault,
    BadOrigin,
    DispatchError,
    Module,
    ModuleError,
    Token,
    TokenError,
)
from pysubtensor.runtime.frame.weight import DispatchClass, DispatchEventInfo, Pays, Weight
from pysubtensor.runtime.outcome import explain, problem_in
from pysubtensor.runtime.pallets import sudo, system
from pysubtensor.runtime.scale.types import Err, Ok

HASH = "0x" + "12" * 32
INFO = DispatchEventInfo(Weight(1, 0), DispatchClass.Normal, Pays.Yes)


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


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (BadOrigin(), "BadOrigin"),
        (Token(TokenError.FundsUnavailable), "Token.FundsUnavailable"),
        (Arithmetic(ArithmeticFault.Underflow), "Arithmetic.Underflow"),
        (Module(ModuleError(12, bytes(4))), "Sudo.RequireSudo"),
        (Module(ModuleError(12, b"\xff\0\0\0")), "Module 12, error 0xff000000"),
        (Module(ModuleError(255, bytes(4))), "Module 255, error 0x00000000"),
    ],
)
def test_errors_have_names(error: DispatchError, name: str) -> None:
    assert explain(error)[0] == name


def test_an_error_is_found_in_the_call_and_in_what_it_did_for_others() -> None:
    done = system.ExtrinsicSuccess(INFO)
    assert problem_in([done]) is None
    assert problem_in([sudo.Sudid(Ok(None)), done]) is None
    assert problem_in([sudo.Sudid(Err(BadOrigin())), done]) == BadOrigin()
    assert problem_in([system.ExtrinsicFailed(Token(TokenError.Frozen), INFO)]) == Token(TokenError.Frozen)
