"""Amounts of TAO become rao without rounding."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from pysubtensor.runtime.client.amounts import tao
from pysubtensor.runtime.client.from_plain import from_plain
from pysubtensor.runtime.client.money import unit_of
from pysubtensor.runtime.pallets.subtensor.calls import pallet
from pysubtensor.runtime.scale import codec_of, u16, u64

AMOUNTS: list[tuple[Any, int]] = [
    (1.5, 1_500_000_000),
    (2, 2_000_000_000),
    (0.1, 100_000_000),
    (np.float64(0.3), 300_000_000),
    (1e-9, 1),
    (21e6, 21_000_000 * 10**9),
    ("1.000000001", 1_000_000_001),
    ("1.5tao", 1_500_000_000),
    ("7rao", 7),
    (Decimal("0.000000001"), 1),
    (Decimal(10) ** 30, 10**39),
    (0, 0),
]


@pytest.mark.parametrize(("amount", "rao"), AMOUNTS, ids=[repr(amount) for amount, _ in AMOUNTS])
def test_an_amount_is_exact(amount: Any, rao: int) -> None:
    assert tao(amount) == rao


@pytest.mark.parametrize("amount", [0.1 + 0.2, 1e-10, "0.0000000001", 1.0000000001, "1e-999999999"], ids=repr)
def test_more_than_nine_decimals_are_refused(amount: Any) -> None:
    with pytest.raises(ValueError, match=r"expected at most nine decimals of TAO, got"):
        tao(amount)


@pytest.mark.parametrize("amount", [-1, "-0.5", float("nan"), float("inf"), "much", "", True, None, [1], "1e999999999"])
def test_what_is_no_amount_is_refused(amount: Any) -> None:
    with pytest.raises(ValueError, match="expected an amount of TAO"):
        tao(amount)


def test_the_chain_declares_which_numbers_are_amounts() -> None:
    money = {f"{call.name}.{arg.name}" for call in pallet.calls.values() for arg in call.args if unit_of(arg)}
    assert {"add_stake.amount_staked", "remove_stake_full_limit.limit_price"} <= money
    assert not {"set_weights.version_key", "add_stake.netuid", "register.block_number"} & money


def test_small_integers_are_no_amounts() -> None:
    assert from_plain(codec_of(u64), "2 rao", amounts=True) == 2
    with pytest.raises(ValueError, match=r"expected an integer \(u16\), got '2rao'"):
        from_plain(codec_of(u16), "2rao", amounts=True)
