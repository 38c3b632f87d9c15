"""Fees to the rao: base, length and weight; refunds; payers and receivers, and the order of events.

Weights are written out as in the benchmarked tables of the pallets: picoseconds, then reads and writes.
"""

from __future__ import annotations

import pytest
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.crypto import blake2_256
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.frame.validity import Payment, Refused
from pysubtensor.runtime.frame.weight import DispatchClass, DispatchEventInfo, Pays, Weight
from pysubtensor.runtime.pallets import preimage, sudo, system, utility
from pysubtensor.runtime.pallets.balances.accounts import account_data
from pysubtensor.runtime.pallets.balances.calls import transfer_all, transfer_allow_death, transfer_keep_alive
from pysubtensor.runtime.pallets.balances.declared import Deposit, Endowed, TotalIssuance, Transfer, Withdraw
from pysubtensor.runtime.pallets.proxy.calls import add_proxy, proxy, set_real_pays_fee
from pysubtensor.runtime.pallets.proxy.proxy_type import ProxyType
from pysubtensor.runtime.pallets.shared.account_data import AccountData
from pysubtensor.runtime.pallets.transaction_payment import NextFeeMultiplier, TransactionFeePaid, weight_to_fee
from pysubtensor.runtime.scale import Sum
from pysubtensor.runtime.validation import validate_transaction

from tests.costs import GUARD, IMMORTAL_EXTENSIONS
from tests.world import ALICE, ALICE_KEY, AUTHOR, BOB, CHARLIE, FUNDS, GENESIS_HASH, Blocks

READ, WRITE = 25_000_000, 100_000_000

#: 108 157 000 picoseconds at 0.0005 rao: 54 078.5, of which a half goes down.
BASE = 54_078
#: The weight of the extensions of an immortal transaction, in picoseconds.
EXTENSIONS = IMMORTAL_EXTENSIONS.ref_time
#: Length prefix, version, address, signature, era, nonce, tip, metadata mode.
ENVELOPE = 2 + 1 + 33 + 65 + 1 + 1 + 1 + 1
KEEP_ALIVE = 39_051_000 + READ + WRITE
#: A transfer inside another call includes its own guard.
NESTED = KEEP_ALIVE + GUARD.ref_time
TRANSFER = transfer_keep_alive.call(Id(BOB), 10**9)


def fee(picoseconds: int, call_bytes: int) -> int:
    """Return the fee in rao of a call with a weight and an encoded length."""
    whole, rest = divmod(picoseconds + GUARD.ref_time + EXTENSIONS, 2_000)
    return BASE + ENVELOPE + call_bytes + whole + (rest > 1_000)


def paid(events: list[Sum]) -> TransactionFeePaid:
    return next(event for event in events if isinstance(event, TransactionFeePaid))


def refund(events: list[Sum]) -> int:
    """Return the refund: the amount of the first deposit after the call."""
    return next(event.amount for event in events if isinstance(event, Deposit))


def test_the_fee_of_a_transfer_is_the_sum_of_its_parts(blocks: Blocks) -> None:
    """164 051 000 ps of the call, 67 583 000 of its guard, 394 205 000 of its extensions: 312 919 rao; 144 bytes."""
    blocks.begin()
    assert paid(blocks.send("Alice", TRANSFER)) == TransactionFeePaid(ALICE, 54_078 + 144 + 312_919, 0)
    assert fee(KEEP_ALIVE, 39) == 367_141


def test_events_of_a_paid_transaction_are_in_the_chains_order(blocks: Blocks) -> None:
    blocks.begin()
    proof = 3593 + 4198 + 3593 + 4198
    summary = DispatchEventInfo(Weight(NESTED + EXTENSIONS + 108_157_000, proof), DispatchClass.Normal, Pays.Yes)
    assert blocks.send("Alice", TRANSFER) == [
        Withdraw(ALICE, 367_141),
        Transfer(ALICE, BOB, 10**9),
        Deposit(ALICE, 0),
        system.NewAccount(AUTHOR),
        Endowed(AUTHOR, 367_141),
        Deposit(AUTHOR, 367_141),
        TransactionFeePaid(ALICE, 367_141, 0),
        system.ExtrinsicSuccess(summary),
    ]


REMARK = bytes(100)
#: The actual weight of a batch of two, without the guard of the batch itself.
BATCH_2 = 19_446_696 + 2 * 5_450_264 + 2 * READ - GUARD.ref_time


@pytest.mark.parametrize(
    ("call", "picoseconds", "call_bytes"),
    [
        # 1 586 000 ps and 10 920 for each byte; two indices, the length in two bytes, the remark.
        (system.remark.call(REMARK), 1_586_000 + 100 * 10_920, 2 + 2 + 100),
        (system.remark_with_event.call(b""), 4_725_000, 2 + 1),
        (transfer_allow_death.call(Id(BOB), 10**9), 48_834_000 + READ + WRITE, 39),
        (transfer_all.call(Id(BOB), True), 48_209_000 + READ + WRITE, 2 + 33 + 1),
        # Two transfers within the batch: two indices, one byte for their number, 39 bytes each.
        (utility.batch.call([TRANSFER, TRANSFER]), BATCH_2 + 2 * NESTED, 2 + 1 + 2 * 39),
    ],
    ids=["remark", "remark with event", "transfer allow death", "transfer all", "batch"],
)
def test_each_call_costs_its_weight_and_length(blocks: Blocks, call: Call, picoseconds: int, call_bytes: int) -> None:
    blocks.begin()
    assert paid(blocks.send("Alice", call)).actual_fee == fee(picoseconds, call_bytes)
    blocks.end()


def test_a_block_is_charged_with_each_transaction_and_gets_back_what_it_did_not_use(blocks: Blocks) -> None:
    """Base weight of an extrinsic, call, guards, extensions; and its length, which counts as proof size too."""
    block = blocks.begin().block
    normal, length = block.weight.normal, block.length
    blocks.send("Alice", TRANSFER)
    cost = Weight(NESTED + EXTENSIONS + 108_157_000, 3593 + 4198 + 3593 + 4198 + ENVELOPE + 39)
    assert block.weight.normal == normal + cost
    assert block.length == length + ENVELOPE + 39
    before = block.weight
    call = utility.batch.call([TRANSFER, transfer_keep_alive.call(Id(BOB), 2 * FUNDS), TRANSFER])
    blocks.send("Alice", call)
    used = BATCH_2 + 2 * NESTED + GUARD.ref_time + EXTENSIONS + 108_157_000
    assert block.weight.normal.ref_time == before.normal.ref_time + used
    assert (block.weight.operational, block.weight.mandatory) == (before.operational, before.mandatory)
    blocks.end()


def test_a_refused_transaction_costs_the_block_nothing(blocks: Blocks) -> None:
    block = blocks.begin().block
    before = (block.weight, block.length, len(block.extrinsics), len(block.events))
    with pytest.raises(Refused):
        blocks.apply(Signer(GENESIS_HASH).sign(TRANSFER, ALICE_KEY, nonce=5))
    assert (block.weight, block.length, len(block.extrinsics), len(block.events)) == before


def test_an_interrupted_batch_pays_for_the_calls_it_tried(blocks: Blocks) -> None:
    """Of three transfers the second fails: two of them and a batch of two are paid, the rest is refunded."""
    blocks.begin()
    call = utility.batch.call([TRANSFER, transfer_keep_alive.call(Id(BOB), 2 * FUNDS), TRANSFER])
    events, length = blocks.send("Alice", call), len(call.encode())
    batch_3 = 19_446_696 + 3 * 5_450_264 + 2 * READ
    declared, real = fee(batch_3 + 3 * NESTED, length), fee(BATCH_2 + 2 * NESTED, length)
    assert events[0] == Withdraw(ALICE, declared)
    assert refund(events) == declared - real
    assert paid(events).actual_fee == real
    assert account_data(blocks.ctx, AUTHOR).free == real
    blocks.end()


def test_a_failing_batch_all_pays_for_the_calls_it_tried(blocks: Blocks) -> None:
    blocks.begin()
    call = utility.batch_all.call([transfer_keep_alive.call(Id(BOB), 2 * FUNDS), TRANSFER])
    events = blocks.send("Alice", call)
    batch_all_1 = 13_428_230 + 5_663_250 + 2 * READ - GUARD.ref_time
    assert paid(events).actual_fee == fee(batch_all_1 + NESTED, len(call.encode()))
    assert isinstance(events[-1], system.ExtrinsicFailed)
    blocks.end()


def test_the_sudo_key_gets_its_fee_back(blocks: Blocks) -> None:
    """A sudo call is declared at 7 939 000 ps, one read and its inner call; `Pays::No` returns all of it."""
    blocks.begin()
    call = sudo.sudo.call(system.remark.call(b""))
    events = blocks.send("Alice", call)
    declared = fee(7_939_000 + READ + 1_586_000 + GUARD.ref_time, 2 + 2 + 1)
    assert events[0] == Withdraw(ALICE, declared)
    assert refund(events) == declared
    assert paid(events) == TransactionFeePaid(ALICE, 0, 0)
    assert account_data(blocks.ctx, ALICE).free == FUNDS
    assert account_data(blocks.ctx, AUTHOR).free == 0
    blocks.end()


def test_noting_a_requested_preimage_is_free(blocks: Blocks) -> None:
    ctx = blocks.begin()
    blocks.send("Alice", sudo.sudo.call(preimage.request_preimage.call(blake2_256(b"wanted"))))
    assert paid(blocks.send("Bob", preimage.note_preimage.call(b"wanted"))).actual_fee == 0
    assert account_data(ctx, BOB).free == FUNDS
    blocks.end()


def test_a_failed_call_pays_as_declared(blocks: Blocks) -> None:
    blocks.begin()
    call = transfer_keep_alive.call(Id(BOB), 2 * FUNDS)
    events = blocks.send("Alice", call)
    assert isinstance(events[-1], system.ExtrinsicFailed)
    assert paid(events).actual_fee == fee(KEEP_ALIVE, len(call.encode()))
    blocks.end()


def test_a_tip_goes_to_the_author_and_is_never_refunded(blocks: Blocks) -> None:
    ctx = blocks.begin()
    tip = 10**6
    events = blocks.send("Alice", sudo.sudo.call(system.remark.call(b"")), tip)
    assert paid(events) == TransactionFeePaid(ALICE, tip, tip)
    assert account_data(ctx, AUTHOR).free == tip
    blocks.end()


PROXIED = 28_026_265 + 20 * 53_205 + 3 * READ + WRITE + (READ + WRITE)


def test_the_delegate_pays_unless_the_real_account_opted_to(blocks: Blocks) -> None:
    """A proxied call costs the lookup of 20 proxies, the real account's data, and the call itself."""
    ctx = blocks.begin()
    blocks.send("Alice", add_proxy.call(Id(BOB), ProxyType.Any, 0))
    call = proxy.call(Id(ALICE), None, TRANSFER)
    amount = fee(PROXIED + NESTED, 2 + 33 + 1 + 39)
    assert paid(blocks.send("Bob", call)) == TransactionFeePaid(BOB, amount, 0)
    blocks.send("Alice", set_real_pays_fee.call(Id(BOB), True))
    before = account_data(ctx, BOB).free
    assert paid(blocks.send("Bob", call)) == TransactionFeePaid(ALICE, amount, 0)
    assert account_data(ctx, BOB).free == before + 10**9  # Bob is whom Alice pays in the proxied call
    blocks.end()


def test_without_an_author_fees_are_burned(blocks: Blocks) -> None:
    ctx = blocks.begin(digest=[], time=6_000)
    issued = TotalIssuance.get(ctx)
    blocks.send("Alice", TRANSFER)
    assert TotalIssuance.get(ctx) == issued - 367_141
    blocks.end()


def test_a_fee_below_the_existential_deposit_of_a_new_author_is_burned(blocks: Blocks) -> None:
    """The existential deposit is 500 rao; a smaller balance cannot exist, so it is burned."""
    ctx = blocks.begin()
    issued = TotalIssuance.get(ctx)
    blocks.send("Alice", sudo.sudo.call(system.remark.call(b"")), tip=499)
    assert TotalIssuance.get(ctx) == issued - 499
    assert not system.Account.contains(ctx, AUTHOR)
    blocks.end()


def test_a_fee_that_would_reap_the_payer_is_refused(blocks: Blocks) -> None:
    ctx: Context = blocks.begin()
    data = AccountData(free=367_141 + 499)
    system.Account.put(ctx, CHARLIE, system.AccountInfo(providers=1, data=data))
    before, events = ctx.state.changes(), len(ctx.block.events)
    with pytest.raises(Refused) as refusal:
        blocks.send("Charlie", TRANSFER)
    assert refusal.value.reason == Payment()
    assert (ctx.state.changes(), len(ctx.block.events)) == (before, events)
    system.Account.put(ctx, CHARLIE, system.AccountInfo(providers=1, data=AccountData(free=367_141 + 500)))
    blocks.send("Charlie", TRANSFER)
    assert account_data(ctx, CHARLIE).free == 500


def test_priority_depends_on_class_and_not_on_tip(blocks: Blocks) -> None:
    ctx = blocks.begin()
    signer = Signer(GENESIS_HASH)
    for call, priority in ((TRANSFER, 1), (system.set_heap_pages.call(1), 10_000_000_000)):
        extrinsic = blocks.runtime.decode(signer.sign(call, ALICE_KEY, nonce=0, tip=10**9))
        assert validate_transaction(ctx, extrinsic).priority == priority


@pytest.mark.parametrize(
    ("picoseconds", "rao"),
    [
        (0, 0),
        (1_000, 0),  # half a rao goes down
        (1_001, 1),
        (2_999, 1),
        (3_000, 1),
        (3_001, 2),
        (999_999_999, 500_000),
        (1_000_000_001, 500_000),
        (4_000_000_000_000, 2_000_000_000),
        (9_000_000_000_000, 2_000_000_000),  # no more than a block holds
    ],
)
def test_weight_costs_half_a_rao_for_a_thousand_picoseconds(picoseconds: int, rao: int) -> None:
    assert weight_to_fee(Weight(picoseconds, 10**9)) == rao


def test_the_multiplier_is_one_after_every_block(blocks: Blocks) -> None:
    ctx = blocks.begin()
    NextFeeMultiplier.put(ctx, 2 * 10**18)
    assert paid(blocks.send("Alice", TRANSFER)).actual_fee == 54_078 + 144 + 2 * 312_919
    blocks.end()
    assert NextFeeMultiplier.get(ctx) == 10**18
