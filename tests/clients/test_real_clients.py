"""Each real client reads, transfers, and receives errors; every number was computed by hand.

The client runs in a separate process (`drivers/`) and reports; nothing of the client or the node is replaced.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from pysubtensor.runtime.frame.weight import Weight, weight_of

from tests.clients.environments import PAPI
from tests.clients.visits import AMOUNT, PATIENCE_S, Visit
from tests.costs import GUARD, MORTAL_EXTENSIONS

# The driver has its own limit, which says what the client printed.
pytestmark = [pytest.mark.clients, pytest.mark.timeout(2 * PATIENCE_S)]

RAO_PER_TAO = 10**9
RICH, FUNDED = 1_000_000 * RAO_PER_TAO, 2_000 * RAO_PER_TAO
ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
BOB = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty"
ONE = "5Fxune7f71ZbpP2FoY3mhYcmM596Erhv1gRue4nsPwkxMR4n"
BALANCES = {
    ALICE: RICH,
    BOB: RICH,
    "5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y": RICH,  # //Charlie
    "5DAAnrj7VHTznn2AWBemMuyBwZWs6FNFjdyVXUeYum3PTXFy": FUNDED,  # //Dave
    "5HGjWAeFDfFCWPsjFQdVV2Msvz2XtMktvgocEZcCj68kUMaw": FUNDED,  # //Eve
    "5CiPPseXPECbkjWCa6MnjNokrgYjMqmKndv2rSnekmSK2DjL": FUNDED,  # //Ferdie
    ONE: FUNDED,
    "5CUjxa4wVKMj3FqKdqAUf7zcEMr4MYAjXeWmUf44B41neLmJ": FUNDED,  # //Two
    "5FKiDJ3T1c59m3QwQVgXyk2QmibqBaYSzk2X5eiPjLR438pk": FUNDED,  # //Three
    "5GeqNhKWj1KG78VHzbmo3ZjZgUTrCuWeamdgiA114XHGdaEr": FUNDED,  # the two accounts of the EVM
    "5Fghzk1AJt88PeFEzuRfXzbPchiBbsVGTTXcdx599VdZzkTA": FUNDED,
}

#: Weights in picoseconds, of which a rao buys 2 000, and in bytes of proof. Every call includes its guard.
KEEP_ALIVE = weight_of(39_051_000, 3593, reads=1, writes=1) + GUARD
#: `proxy` is declared with twenty proxies, a read of the real account's data, and the call inside it.
PROXY = weight_of(28_026_265 + 20 * 53_205, reads=4, writes=2) + GUARD + KEEP_ALIVE
#: Of every transaction; and its bytes besides the call: length, version, sender, signature, era, nonce, tip, mode.
BASE_WEIGHT, BASE, ENVELOPE = 108_157_000, 54_078, 2 + 1 + 33 + 65 + 2 + 1 + 1 + 1


def fee(call: Weight, call_bytes: int) -> int:
    """Return the fee in rao of a mortal transaction, from the declared weight and the length of its call."""
    whole, rest = divmod((call + MORTAL_EXTENSIONS).ref_time, 2_000)
    return BASE + ENVELOPE + call_bytes + whole + (rest > 1_000)


#: A call is two indices, the address, and the amount: five bytes for 1.5 TAO, eight for two million.
TRANSFER_FEE = fee(KEEP_ALIVE, 2 + 33 + 5)
TOO_MUCH_FEE = fee(KEEP_ALIVE, 2 + 33 + 8)
PROXY_FEE = fee(PROXY, 2 + 33 + 1 + 2 + 33 + 5)
ALL_FEES = TRANSFER_FEE + TOO_MUCH_FEE + PROXY_FEE

NO_FUNDS = "Inability to pay some fees (e.g. account balance too low)"
STALE = "Transaction is outdated"
NOT_PROXY = "The sender is not a proxy of the account."

#: Each client's messages for: more than the balance; a foreign balance; no balance for the fee; an old nonce.
WORDS: dict[str, tuple[Any, Any, Any, Any]] = {
    # It has its own messages for known errors.
    "bittensor-11.3": (
        re.compile(r"The account's spendable balance cannot cover the amount being moved plus fees; .*"),
        ["NotProxy", NOT_PROXY],
        re.compile(r"The signing account cannot cover the transaction fee .*"),
        re.compile(r"The extrinsic nonce is below the account's on-chain nonce .*"),
    ),
    "bittensor-11": (
        "FundsUnavailable",
        ["NotProxy", NOT_PROXY],
        f"Invalid Transaction: {NO_FUNDS}",
        f"Invalid Transaction: {STALE}",
    ),
    "bittensor-10": (
        {"type": "System", "name": "Token", "docs": "FundsUnavailable"},
        {"type": "Module", "name": "NotProxy", "docs": [NOT_PROXY]},
        f"Subtensor returned `SubstrateRequestException(Invalid Transaction)` error. This means: `{NO_FUNDS}`.",
        f"Subtensor returned `SubstrateRequestException(Invalid Transaction)` error. This means: `{STALE}`.",
    ),
    "btcli": (
        re.compile(r"Subtensor returned `Token\(System\)` error. This means: `FundsUnavailable \| .*"),
        re.compile(
            rf".* Failed: Subtensor returned `NotProxy\(Module\)` error. This means: `{re.escape(NOT_PROXY)} .*"
        ),
        f"Subtensor returned `SubstrateRequestException(Invalid Transaction)` error. This means: `{NO_FUNDS}`.",
        f"Subtensor returned `SubstrateRequestException(Invalid Transaction)` error. This means: `{STALE}`.",
    ),
    "async-substrate-interface": (
        ["ExtrinsicFailed", {"Token": "FundsUnavailable"}],
        {"type": "Module", "name": "NotProxy", "docs": [NOT_PROXY]},
        re.compile(rf".*'code': 1010, 'message': 'Invalid Transaction', 'data': '{re.escape(NO_FUNDS)}'\W*"),
        re.compile(rf".*'code': 1010, 'message': 'Invalid Transaction', 'data': '{re.escape(STALE)}'\W*"),
    ),
    "substrate-interface": (
        ["ExtrinsicFailed", {"Token": "FundsUnavailable"}],
        {"type": "Module", "name": "NotProxy", "docs": [NOT_PROXY]},
        {"code": 1010, "message": "Invalid Transaction", "data": NO_FUNDS},
        {"code": 1010, "message": "Invalid Transaction", "data": STALE},
    ),
    # This one makes a comma of the text's parenthesis.
    "polkadot-js": (
        {"Token": "FundsUnavailable"},
        ["proxy", "NotProxy", NOT_PROXY],
        [1010, "1010: Invalid Transaction: Inability to pay some fees , e.g. account balance too low"],
        [1010, f"1010: Invalid Transaction: {STALE}"],
    ),
    # It asks the runtime before it sends, and decodes the runtime's errors.
    **dict.fromkeys(
        PAPI,
        (
            {"type": "Token", "value": {"type": "FundsUnavailable"}},
            {"type": "Module", "value": {"type": "Proxy", "value": {"type": "NotProxy"}}},
            {"type": "Invalid", "value": {"type": "Payment"}},
            {"type": "Invalid", "value": {"type": "Stale"}},
        ),
    ),
}
VERSIONS = {
    "bittensor-11.3": "11.3.0",
    "bittensor-11": "11.0.0",
    "bittensor-10": "10.5.0",
    "btcli": "9.23.2",
    "async-substrate-interface": "2.2.1",
    "substrate-interface": "1.8.1",
    "polkadot-js": "16.5.6",
    "papi-1": "1.23.3",
    "papi-2": "2.2.2",
}


def test_the_client_has_the_pinned_version(visit: Visit) -> None:
    assert visit.seen["version"] == VERSIONS[visit.client]


def test_it_reads_an_account_and_a_map(visit: Visit) -> None:
    assert visit.seen["before"]["nonce"] == 0
    assert visit.seen["before"]["data"]["free"] == RICH
    assert visit.seen["map"] == BALANCES


def test_its_transfer_is_in_a_final_block(visit: Visit) -> None:
    """The first of three transactions, each in its own block."""
    assert visit.transfer_block == 1
    assert visit.head == 3


def test_it_finds_the_events_of_its_transfer(visit: Visit) -> None:
    events = [
        (f"{pallet[0].upper()}{pallet[1:]}.{event}", fields)
        for pallet, event, fields in visit.seen["transfer"]["events"]
    ]
    assert [name for name, _ in events] == [
        "Balances.Withdraw",
        "Balances.Transfer",
        "Balances.Deposit",
        "Balances.Deposit",
        "TransactionPayment.TransactionFeePaid",
        "System.ExtrinsicSuccess",
    ]
    assert events[1][1] == {"from": ALICE, "to": BOB, "amount": AMOUNT}
    assert events[3][1] == {"who": ONE, "amount": TRANSFER_FEE}
    assert list(events[4][1].values()) == [ALICE, TRANSFER_FEE, 0]
    (summary,) = events[5][1].values()
    assert Weight(*summary["weight"].values()) == KEEP_ALIVE + MORTAL_EXTENSIONS + Weight(BASE_WEIGHT)


def test_it_reads_the_balances_exact_to_the_rao(visit: Visit) -> None:
    assert visit.seen["transfer"]["fee"] == TRANSFER_FEE
    assert visit.seen["after"] == [RICH - AMOUNT - TRANSFER_FEE, RICH + AMOUNT]


def test_it_reports_the_errors_of_failing_transfers(visit: Visit) -> None:
    too_much, not_proxy, _, _ = WORDS[visit.client]
    assert_says(visit.seen["too_much"], too_much)
    assert_says(visit.seen["not_proxy"], not_proxy)


def test_it_reports_why_the_node_refuses_a_transaction(visit: Visit) -> None:
    _, _, unfunded, stale = WORDS[visit.client]
    assert_says(visit.seen["unfunded"], unfunded)
    assert_says(visit.seen["stale"], stale)


def test_failures_cost_a_fee_and_refusals_are_free(visit: Visit) -> None:
    assert visit.seen["end"] == visit.free["Alice"] == RICH - AMOUNT - ALL_FEES
    assert visit.free["Bob"] == RICH + AMOUNT
    assert visit.free["One"] == FUNDED + ALL_FEES
    assert visit.issuance_grew == 0


def assert_says(said: Any, expected: Any) -> None:
    """Assert that a client's message is this text, or matches this form if it contains more than the node's text."""
    if isinstance(expected, re.Pattern):
        assert expected.fullmatch(said), f"expected {expected.pattern}, got {said}"
    else:
        assert said == expected
