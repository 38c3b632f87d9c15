"""The life of a staker through each SDK and btcli, unmodified: amounts, fees and prices are those of their previews."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext

import pytest
from pysubtensor.runtime.crypto import Keypair, ss58_encode

from tests.clients.stakes import (
    DRIVER_OF,
    LEASED,
    MOVED_ALPHA,
    NETUIDS,
    ROOT_TAO,
    STAKE_TAO,
    UNSTAKE_ALPHA,
    Life,
    live,
)
from tests.clients.test_real_clients import VERSIONS, assert_says
from tests.clients.visits import PATIENCE_S
from tests.costs import IMMORTAL_EXTENSIONS, MORTAL_EXTENSIONS

# The driver has its own limit, which says what the client printed.
pytestmark = [pytest.mark.clients, pytest.mark.timeout(2 * PATIENCE_S)]

RAO = 10**9
#: The fee of a pool, in parts of 65535.
POOL_FEE = 33
KEY_SWAP_COST = RAO // 10
#: Of one proxy: 0.06 TAO, and 0.033 TAO for its entry.
PROXY_DEPOSIT = 93_000_000
#: What a mortal transaction costs more than an immortal one: a byte, and weight.
MORTALITY = 1 + (MORTAL_EXTENSIONS.ref_time - IMMORTAL_EXTENSIONS.ref_time) // 2_000
#: By how much each client previews too low a fee: some for an immortal transaction, though they send a mortal one.
FORGOTTEN = {"bittensor-11.3": MORTALITY, "bittensor-11": MORTALITY, "bittensor-10": 0, "btcli": MORTALITY}
#: The commands of btcli for coldkeys send immortal transactions.
FORGOTTEN_IN_SWAPS = {**FORGOTTEN, "btcli": 0}
REFUSED = {
    **dict.fromkeys(("bittensor-11.3", "bittensor-11", "bittensor-10"), "SlippageTooHigh"),
    "btcli": re.compile(r".*`SlippageTooHigh\(Module\)`.*"),
}
DISPUTED = {
    "bittensor-11.3": "ColdkeySwapDisputed",
    "bittensor-11": "Invalid Transaction: Custom error: 21",
    "bittensor-10": re.compile(r".*`Custom error: 21 .*"),
    "btcli": re.compile(r".*`Custom error: 21 .*"),
}


@pytest.fixture(scope="module", params=DRIVER_OF)
def life(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Life:
    """The life of each client's staker, run once for all tests."""
    return live(request.param, tmp_path_factory.mktemp(request.param))


def address(uri: str) -> str:
    return ss58_encode(Keypair.from_uri(uri).public)


def sold(amount: int, pays_in: int, pays_out: int, weight_in: int) -> int:
    """Return what a pool pays for an amount without fee: out × (1 - (in / (in + amount))^(weight in / weight out))."""
    with localcontext() as context:
        context.prec = 60
        exponent = Decimal(weight_in) / (10**18 - weight_in)
        return int(pays_out * (1 - (Decimal(pays_in) / (pays_in + amount)) ** exponent))


def without_fee(amount: int) -> int:
    return amount - amount * POOL_FEE // 65_535


def test_the_client_has_the_pinned_version(life: Life) -> None:
    assert life.seen["version"] == VERSIONS[life.client]


def test_every_rao_is_accounted_for_after_every_block(life: Life) -> None:
    assert len(life.pools) > 100
    assert life.broken == []


def test_staking_gives_what_the_preview_quotes_and_the_pool_sells(life: Life) -> None:
    add = life.seen["add"]
    tao, alpha, weight = life.pools[add["block"] - 1][NETUIDS[0]]
    assert add["alpha"] == add["quoted"]["alpha"]
    assert add["alpha"] == pytest.approx(sold(without_fee(STAKE_TAO * RAO), tao, alpha, weight), abs=2)
    assert add["tao"] == -(STAKE_TAO * RAO + add["fee"] + FORGOTTEN[life.client])


def test_unstaking_gives_what_the_preview_quotes_and_the_pool_pays(life: Life) -> None:
    remove = life.seen["remove"]
    tao, alpha, weight = life.pools[remove["block"] - 1][NETUIDS[0]]
    assert remove["alpha"] == -UNSTAKE_ALPHA * RAO
    assert remove["tao"] == remove["quoted"]["tao"] - remove["fee"] - FORGOTTEN[life.client]
    expected = sold(without_fee(UNSTAKE_ALPHA * RAO), alpha, tao, 10**18 - weight)
    assert remove["quoted"]["tao"] == pytest.approx(expected, abs=2)


@pytest.mark.parametrize("trade", ["add", "remove"])
def test_prices_are_those_of_the_pools(life: Life, trade: str) -> None:
    tao, alpha, weight = life.pools[life.seen[trade]["block"] - 1][NETUIDS[0]]
    assert life.seen[trade]["price"] == pytest.approx(RAO * tao * (10**18 - weight) / (alpha * weight), rel=1e-9)


def test_a_trade_beyond_the_tolerance_is_refused(life: Life) -> None:
    assert_says(life.seen["refused"], REFUSED[life.client])


def test_stake_moves_whole_between_hotkeys_and_coldkeys(life: Life) -> None:
    assert life.seen["moved"] == [MOVED_ALPHA * RAO] * 2
    assert life.seen["transferred"] == [0, MOVED_ALPHA * RAO]


def test_stake_swapped_between_subnets_passes_both_pools(life: Life) -> None:
    (tao, alpha, weight), (other_tao, other_alpha, other_weight) = life.pools[life.seen["swap_block"] - 1].values()
    paid, received = life.seen["swapped"]
    assert paid == MOVED_ALPHA * RAO
    proceeds = sold(without_fee(paid), alpha, tao, 10**18 - weight)
    assert received == pytest.approx(sold(proceeds, other_tao, other_alpha, other_weight), rel=1e-9)


def test_a_delegate_has_its_take_its_child_and_its_nominators(life: Life) -> None:
    seen, child, parent = life.seen["delegation"], address("//Charlie//hot"), address("//Bob//hot")
    assert seen["take"] == pytest.approx(0.1, abs=1 / 65_535)
    assert seen["nominators"] == 2
    assert seen["children"] == [[2**62, child]]
    assert seen["parents"] == [[2**62, parent]]


def test_nominators_take_dividends(life: Life) -> None:
    assert life.seen["delegation"]["dividends"] > 0


def test_root_stake_claims_the_alpha_that_it_has_earned(life: Life) -> None:
    """It staked before the rate of its validator began to rise."""
    seen = life.seen["root"]
    assert (seen["type"], seen["root"]) == ("Keep", ROOT_TAO * RAO)
    assert seen["claimed"] == life.rates[seen["block"] - 1] * ROOT_TAO * RAO >> 32


def test_a_swapped_hotkey_takes_neuron_and_stake_along(life: Life) -> None:
    seen = life.seen["hotkeys"]
    assert (seen["owner"], seen["uid"]) == (address("//Bob"), 1)
    assert seen["after"] == [0, seen["before"]]


def test_an_announced_swap_moves_everything_to_the_new_coldkey(life: Life) -> None:
    seen = life.seen["coldkeys"]
    assert seen["new"] == address("//Charlie//new")
    assert seen["owner"] == seen["new"]
    assert seen["after"] == [0, seen["before"] - KEY_SWAP_COST - seen["fee"] - 2 * FORGOTTEN_IN_SWAPS[life.client]]


def test_a_disputed_swap_is_refused(life: Life) -> None:
    assert_says(life.seen["coldkeys"]["disputed"], DISPUTED[life.client])


def test_a_crowdloan_ends_in_a_leased_subnet(life: Life) -> None:
    seen = life.seen["lease"]
    assert (seen["beneficiary"], seen["netuid"], seen["share"]) == (address("//Dave"), LEASED, 30)
    assert seen["raised"] == 2 * seen["given"]
    assert seen["cost"] == life.locked + PROXY_DEPOSIT


def test_contributors_get_back_what_the_lease_does_not_cost(life: Life) -> None:
    seen = life.seen["lease"]
    share = (seen["given"] << 64) // seen["raised"]
    assert seen["refund"] == share * (seen["raised"] - seen["cost"]) >> 64
