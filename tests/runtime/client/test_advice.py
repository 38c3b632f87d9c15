"""Advice is for errors that exist, and names calls, items and parameters that exist."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from pysubtensor.genesis.config import ChainConfig
from pysubtensor.runtime.client.advice import ADVICE, REFUSALS, advice, advice_on_refusal
from pysubtensor.runtime.client.receipt import describe_error
from pysubtensor.runtime.composition import PALLETS
from pysubtensor.runtime.extensions.subtensor import CustomTransactionError
from pysubtensor.runtime.frame.errors import Arithmetic, ArithmeticFault, DispatchError, TokenError
from pysubtensor.runtime.pallets.grandpa import Error as GrandpaError
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error

from pysubtensor import Chain, Rejected, TransactionFailed, tao

TEXTS = [*ADVICE.values(), *REFUSALS.values()]


def test_each_error_exists() -> None:
    known = {f"{error.pallet_name}.{error.name}" for pallet in PALLETS for error in (pallet.error or ())}
    known |= {f"Token.{error.name}" for error in TokenError} | {f"Arithmetic.{error.name}" for error in ArithmeticFault}
    known |= set(DispatchError.scale.names.values())
    assert set(ADVICE) <= known


def test_named_custom_errors_exist() -> None:
    names = {error.name for error in CustomTransactionError}
    assert {part for part in REFUSALS if " " not in part} <= names


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_what_an_advice_names_exists(text: str) -> None:
    by_name = {pallet.name: pallet for pallet in PALLETS}
    for pallet, name in re.findall(r"\b([A-Z]\w+)\.(\w+)", text):
        declared = by_name[pallet]
        assert name in {call.name for call in declared.calls.values()} | set(declared.storage), text
    parameters = {field.name for field in fields(ChainConfig)}
    assert set(re.findall(r"\b(\w+)=\d", text)) <= parameters


def test_an_error_without_advice_has_none() -> None:
    assert advice("BadOrigin") is not None
    assert advice("Grandpa.PauseFailed") is None
    assert advice_on_refusal("Invalid Transaction: Transaction is outdated") is not None
    assert advice_on_refusal("something else") is None


def test_an_error_is_described_by_name_documentation_and_advice() -> None:
    assert describe_error(Error.SubtokenDisabled.as_dispatch_error()) == (
        "SubtensorModule.SubtokenDisabled: The subnet's token is disabled: its alpha is not traded yet. "
        "Try start_call by the subnet's owner; for subnet 1 of a local chain, "
        "AdminUtils.sudo_set_subtoken_enabled as root."
    )
    assert describe_error(Arithmetic(ArithmeticFault.Underflow)).startswith(
        "Arithmetic.Underflow. Try a smaller amount"
    )
    assert "Try" not in describe_error(GrandpaError.PauseFailed.as_dispatch_error())


def test_failures_and_refusals_say_what_to_try() -> None:
    with Chain.dev() as chain:
        with pytest.raises(TransactionFailed, match="Try a smaller amount, or fund the signer first") as failed:
            chain.tx.Balances.transfer_keep_alive(dest="bob", value=tao(10**7), signer="alice")
        assert failed.value.name == "Arithmetic.Underflow"
        with pytest.raises(Rejected, match=r"Inability to pay some fees.* Try funding the signer first"):
            chain.tx.System.remark(remark=b"", signer="//Stranger")
        names = ("version", "protocol", "placeholder1", "placeholder2")
        axon = {"netuid": 1, "ip": 0x01020304, "port": 8091, "ip_type": 4, **dict.fromkeys(names, 0)}
        with pytest.raises(Rejected, match=r"error: 10 \(HotKeyNotRegisteredInNetwork\). Try registering it first"):
            chain.execute("SubtensorModule.serve_axon", "bob", **axon)
