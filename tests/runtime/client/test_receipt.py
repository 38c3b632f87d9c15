"""What events say of a transaction: its error, by name, and its fee."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.client.receipt import error_in, explain
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
from pysubtensor.runtime.pallets import sudo, system
from pysubtensor.runtime.scale.types import Err, Ok

INFO = DispatchEventInfo(Weight(1, 0), DispatchClass.Normal, Pays.Yes)


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
    assert error_in([done]) is None
    assert error_in([sudo.Sudid(Ok(None)), done]) is None
    assert error_in([sudo.Sudid(Err(BadOrigin())), done]) == BadOrigin()
    assert error_in([system.ExtrinsicFailed(Token(TokenError.Frozen), INFO)]) == Token(TokenError.Frozen)
