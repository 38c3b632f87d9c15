"""Ethereum's precompiles and the verification of signatures, against answers of the genuine ones."""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.evm.exits import ExitReason
from pysubtensor.runtime.scale import AnyCodec, codec_of

from tests.runtime.pallets.evm.precompiles.frame import call
from tests.vectors import load

ANSWERS: list[dict[str, Any]] = load("ethereum/precompiles")
EXIT: AnyCodec = codec_of(ExitReason)


def exit_text(encoded: str) -> str:
    """Return a genuine exit as `Outcome.exit` names it."""
    reason = EXIT.decode(bytes.fromhex(encoded))
    inner = getattr(reason, "error", None) or reason.reason
    return getattr(inner, "text", None) or getattr(inner, "name", None) or type(inner).__name__


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer["note"])
def test_the_genuine_answer(ctx: Context, answer: dict[str, Any]) -> None:
    outcome = call(ctx, answer["index"], bytes.fromhex(answer["input"]), gas=answer["gas"])
    assert (outcome.exit, outcome.output.hex(), outcome.gas) == (
        exit_text(answer["exit"]),
        answer["output"],
        answer["used"],
    )


def numbers(*parts: int) -> bytes:
    return b"".join(part.to_bytes(32, "big") for part in parts)


@pytest.mark.parametrize(
    ("lengths", "gas"),
    [
        # Words² × rounds / 3; at least 200; 20 times as much for an even modulus.
        ((32, 1, 32), 200),
        ((1024, 1024, 1024), 128**2 * (8 * 992 + 255) // 3),
        ((0, 32, 1), 200),
        ((1, 33, 0), 0),
    ],
)
def test_modular_exponentiation_costs_by_the_lengths(ctx: Context, lengths: tuple[int, int, int], gas: int) -> None:
    data = numbers(*lengths) + b"\xff" * sum(lengths)
    assert call(ctx, 5, data, gas=10**8).gas == gas
    if lengths[2]:
        assert call(ctx, 5, data[:-1] + b"\xfe", gas=10**9).gas == 20 * gas


def test_modular_exponentiation_is_paid_before_it_is_computed(ctx: Context) -> None:
    assert call(ctx, 5, numbers(1024, 1024, 1024) + b"\xff" * 3072).exit == "OutOfGas"
    for at, name in enumerate(["base", "exponent", "modulus"]):
        lengths = [1025 if at == index else 1 for index in range(3)]
        assert call(ctx, 5, numbers(*lengths)).exit == f"unreasonably large {name} length"


def test_pairings_are_paid_before_they_are_computed(ctx: Context) -> None:
    assert call(ctx, 8, bytes(192 * 1000)).exit == "OutOfGas"
    assert call(ctx, 8, bytes(192), gas=79_000).output == numbers(1)
    assert call(ctx, 8, bytes(191)).exit == "bad elliptic curve pairing size"


def test_a_linear_cost_may_use_all_gas(ctx: Context) -> None:
    assert call(ctx, 4, bytes(33), gas=21).gas == 21
    assert call(ctx, 4, bytes(33), gas=20).exit == "OutOfGas"
