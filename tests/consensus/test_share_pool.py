"""Share pools against the chain's own: known sequences of updates, and the rules of its tests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pysubtensor.consensus.safe_float import ZERO, SafeFloat
from pysubtensor.consensus.share_pool import SharePool

from tests.vectors import load

WALKS = load("pool/shares")["walks"]
ALPHA = 10**9


def whole(value: int) -> SafeFloat:
    return SafeFloat.from_u64(value)


class Stake:
    """A pool and the shares of its owners."""

    def __init__(self) -> None:
        self.pool, self.shares = SharePool(0, ZERO), dict[int, SafeFloat]()

    def share(self, who: int) -> SafeFloat:
        return self.shares.get(who, ZERO)

    def one(self, who: int, update: int) -> None:
        self.pool, self.shares[who] = self.pool.update_value_for_one(self.share(who), update)

    def all(self, update: int) -> None:
        self.pool = self.pool.update_value_for_all(update)

    def value(self, who: int) -> int:
        return self.pool.value_of(self.share(who))


@pytest.mark.parametrize("walk", WALKS, ids=range(len(WALKS)))
def test_updates_are_the_chains_to_the_last_digit(walk: list[tuple[str, str]]) -> None:
    stake = Stake()
    for step, expected in walk:
        kind, *numbers = step.split()
        if kind == "one":
            who, update = map(int, numbers)
            stake.one(who, update)
            total, share = stake.pool.denominator, stake.share(who)
            parts = (stake.pool.value, total.mantissa, total.exponent, share.mantissa, share.exponent, stake.value(who))
            assert " ".join(map(str, parts)) == expected, step
        elif kind == "all":
            stake.all(int(numbers[0]))
            assert str(stake.pool.value) == expected, step
        else:
            assert str(stake.pool.can_take(int(numbers[0]))).lower() == expected, step


def test_the_value_of_shares_is_their_part_of_the_amount() -> None:
    pool = SharePool(100, whole(10))
    assert (pool.value_of(whole(3)), pool.value_of(whole(7))) == (30, 70)


def test_shares_of_an_empty_pool_have_no_value() -> None:
    assert SharePool(100, ZERO).value_of(whole(1)) == 0


def test_the_largest_value_is_shared_exactly() -> None:
    pool = SharePool(2**64 - 1, whole(10))
    assert 2**64 - 1 - (pool.value_of(whole(3)) + pool.value_of(whole(7))) <= 1


def test_the_largest_shares_keep_their_proportion() -> None:
    pool = SharePool(10**9, whole(2**64 - 1))
    assert pool.value_of(whole(2**63 - 1)) in (5 * 10**8 - 1, 5 * 10**8)


def test_the_first_owner_gets_one_share_per_rao() -> None:
    pool, share = SharePool(0, ZERO).update_value_for_one(ZERO, 1000)
    assert (pool, share) == (SharePool(1000, whole(1000)), whole(1000))


def test_one_owners_updates_do_not_change_the_others() -> None:
    stake = Stake()
    stake.one(1, 1000)
    stake.one(1, -990)
    stake.one(2, 1000)
    stake.one(2, -990)
    assert (stake.value(1), stake.value(2)) == (10, 10)


def test_huge_emission_to_tiny_stake_and_back_loses_no_rao() -> None:
    stake = Stake()
    for who in (1, 2):
        stake.one(who, 1)
    stake.all(999_999_999_999_998)
    for who in (1, 2):
        stake.one(who, -499_999_999_999_990)
    stake.all(999_999_999_999_980)
    for who in (1, 2):
        stake.one(who, 1_000 * ALPHA)
    for who in (1, 2):
        assert abs(stake.value(who) - 501_000 * ALPHA) <= 1


def test_a_thousand_small_withdrawals_lose_no_rao() -> None:
    stake = Stake()
    for who in (1, 2):
        stake.one(who, 1)
    stake.all(10**15)
    for _ in range(1000):
        for who in (1, 2):
            stake.one(who, -ALPHA // 2)
    stake.all(10**15)
    for who in (1, 2):
        stake.one(who, 1_000 * ALPHA)
    for who in (1, 2):
        assert abs(stake.value(who) - (1_001_000 * ALPHA - 500 * ALPHA)) <= 1


def test_shares_that_lost_all_their_value_take_no_new_stake() -> None:
    stake = Stake()
    assert stake.pool.can_take(1)
    stake.one(1, 5)
    assert stake.pool.can_take(1)
    stake.all(-5)
    assert not stake.pool.can_take(1)
    stake.one(2, 7)
    assert (stake.pool.value, stake.share(2)) == (7, ZERO)


def test_the_value_stops_at_its_bounds() -> None:
    pool = SharePool(5, whole(1))
    assert pool.update_value_for_all(-6).value == 0
    assert (
        pool.update_value_for_all(2**63 - 1).update_value_for_all(2**63 - 1).update_value_for_all(2**63 - 1).value
        == 2**64 - 1
    )


updates = st.lists(
    st.tuples(st.sampled_from(["stake", "unstake", "dividend"]), st.integers(0, 3), st.integers(1, 21 * 10**15)),
    min_size=1,
    max_size=30,
)


@given(updates)
def test_updates_create_no_value_and_concern_one_owner(steps: list[tuple[str, int, int]]) -> None:
    stake = Stake()
    for kind, who, amount in steps:
        others = {other: stake.value(other) for other in range(4) if other != who}
        if kind == "dividend":
            stake.all(0 if stake.pool.denominator.is_zero() else amount % 10**12)
        else:
            limit = stake.value(who)
            before, update = limit, amount if kind == "stake" else -(amount % (limit + 1))
            stake.one(who, update)
            assert abs(stake.value(who) - (before + update)) <= 1
            for other, value in others.items():
                assert abs(stake.value(other) - value) <= 1
        assert sum(stake.value(owner) for owner in range(4)) <= stake.pool.value
