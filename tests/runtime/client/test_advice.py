"""Advice names errors, calls, items, APIs and parameters that exist."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from pysubtensor.genesis.config import ChainConfig
from pysubtensor.runtime.client.advice import ADVICE, advice_for
from pysubtensor.runtime.client.receipt import describe_error
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.extensions.subtensor import CustomTransactionError
from pysubtensor.runtime.frame.errors import Arithmetic, ArithmeticFault, BadOrigin, DispatchError, TokenError
from pysubtensor.runtime.frame.validity import InvalidTransaction
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error

from pysubtensor import Chain, Rejected, TransactionFailed, tao

RUNTIME = spec_425()
ERRORS = {error.name for pallet in RUNTIME.pallets for error in pallet.error or ()}
OTHERS = [*DispatchError.scale.names.values(), *InvalidTransaction.scale.names.values()]
MEMBERS = [*TokenError.__members__, *ArithmeticFault.__members__, *CustomTransactionError.__members__]
NAMED = {
    f"{pallet.name}.{name}"
    for pallet in RUNTIME.pallets
    for name in [*(call.name for call in pallet.calls.values()), *pallet.storage, *pallet.constants]
} | {f"{api.name}.{method}" for api in RUNTIME.apis for method in api.methods}


def test_each_name_is_that_of_an_error() -> None:
    assert {name.rpartition(".")[2] for name in ADVICE} <= ERRORS | {*OTHERS, *MEMBERS}


@pytest.mark.parametrize("name", ADVICE)
def test_advice_names_what_exists(name: str) -> None:
    advice = ADVICE[name]
    assert advice.endswith(".")
    assert set(re.findall(r"\b[A-Z]\w+\.[A-Za-z_]\w+", advice)) - {"Chain.dev"} <= NAMED
    parameters = {field.name for field in fields(ChainConfig)}
    assert set(re.findall(r"\b(\w+)=0", advice)) <= parameters


def test_an_error_is_described_by_name_documentation_and_advice() -> None:
    assert describe_error(Error.SubtokenDisabled.as_dispatch_error()) == (
        "SubtensorModule.SubtokenDisabled: The subnet's token is disabled: its alpha is not traded yet. "
        "The owner starts a subnet with SubtensorModule.start_call; root starts its own and the first one with "
        "AdminUtils.sudo_set_subtoken_enabled."
    )
    assert describe_error(Arithmetic(ArithmeticFault.Overflow)) == "Arithmetic.Overflow"
    assert "`sudo=True`, `--sudo`" in describe_error(BadOrigin())
    assert advice_for("Swap.SubtokenDisabled") == advice_for("SubtensorModule.SubtokenDisabled") != ""
    assert advice_for("SubtensorModule.InvalidSeal") == ""


def test_failures_and_refusals_say_what_to_try() -> None:
    with Chain.dev() as chain:
        with pytest.raises(TransactionFailed, match="that it is taken from: move TAO there first") as failed:
            chain.tx.Balances.transfer_keep_alive(dest="bob", value=tao(10**7), signer="alice")
        assert failed.value.name == "Arithmetic.Underflow"
        with pytest.raises(Rejected, match=r"Inability to pay some fees.*: Move TAO to the account first"):
            chain.tx.System.remark(remark=b"", signer="//Stranger")
        names = ("version", "protocol", "placeholder1", "placeholder2")
        axon = {"netuid": 1, "ip": 0x01020304, "port": 8091, "ip_type": 4, **dict.fromkeys(names, 0)}
        with pytest.raises(Rejected, match=r"error: 10 \(HotKeyNotRegisteredInNetwork\): Register the hotkey with"):
            chain.execute("SubtensorModule.serve_axon", "bob", **axon)
