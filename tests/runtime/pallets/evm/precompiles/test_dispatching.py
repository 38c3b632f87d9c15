"""Gas and weight of dispatched calls, the precompile Dispatch (6), and raw storage (2055)."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.crypto import twox_128
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import (
    Arithmetic,
    ArithmeticFault,
    BadOrigin,
    DispatchError,
    Module,
    ModuleError,
    Other,
    Token,
    TokenError,
    Transactional,
    TransactionalError,
    Trie,
    TrieError,
)
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.frame.runtime import runtime_of
from pysubtensor.runtime.pallets.balances.accounts import account_data
from pysubtensor.runtime.pallets.balances.calls import force_transfer, transfer_allow_death, transfer_keep_alive
from pysubtensor.runtime.pallets.evm.precompiles.error_texts import debug_text, error_text
from pysubtensor.runtime.pallets.subtensor import storage
from pysubtensor.runtime.pallets.subtensor.neurons.evm import associate_evm_key
from pysubtensor.runtime.pallets.subtensor.staking.add import add_stake
from pysubtensor.runtime.pallets.system import remark, set_code
from pysubtensor.runtime.pallets.timestamp import Now
from pysubtensor.runtime.pallets.utility import batch, batch_all

from tests.runtime.pallets.evm.precompiles.frame import ENOUGH, Frame, Outcome, call, call_function
from tests.runtime.pallets.evm.precompiles.world import HOT, NETUID, OTHER, OWNER
from tests.world import TAO, account

PER_GAS = 40_000
STAKE = "addStake(bytes32,uint256,uint256)"
TARGET = account(77)
TOO_LITTLE = "Account cannot exist with the funds that would be given"


def declared(ctx: Context, of: Call) -> int:
    """Return the picoseconds that a call declares, those of the guards included."""
    return ctx.runtime.info(of).total_weight.ref_time


# --- the weight of a call as gas ---------------------------------------------------------------------------------


def test_the_guards_are_part_of_the_weight(ctx: Context) -> None:
    # 664,064,000 and 32 reads and 16 writes, then 17,583,000 and 2 reads: the gas of the genuine precompile less 21,000
    # and the input of its transaction is 79,791.
    outcome = call_function(ctx, 2053, STAKE, HOT, TAO, NETUID)
    assert (outcome.exit, outcome.gas) == (
        "Returned",
        (664_064_000 + 34 * 25_000_000 + 16 * 10**8 + 17_583_000) // PER_GAS,
    )


def test_the_frames_gas_covers_the_declared_weight(ctx: Context) -> None:
    least = -(-declared(ctx, add_stake.call(HOT, NETUID, TAO)) // PER_GAS)
    before = ctx.state.changes()
    short = call_function(ctx, 2053, STAKE, HOT, TAO, NETUID, gas=least - 1)
    assert (short.exit, short.gas, ctx.state.changes()) == ("OutOfGas", least - 1, before)
    assert call_function(ctx, 2053, STAKE, HOT, TAO, NETUID, gas=least).exit == "Returned"


def test_the_transactions_weight_covers_the_declared_weight(ctx: Context) -> None:
    weight = ctx.runtime.info(add_stake.call(HOT, NETUID, TAO)).total_weight
    for limit in ((weight.ref_time - 1, 10**9), (10**12, weight.proof_size - 1)):
        frame = Frame(weight_limit=limit)
        assert call_function(ctx, 2053, STAKE, HOT, TAO, NETUID, frame=frame).exit == "OutOfGas"
    exact = Frame(weight_limit=(weight.ref_time, weight.proof_size))
    assert call_function(ctx, 2053, STAKE, HOT, TAO, NETUID, frame=exact).weight == [weight.ref_time, weight.proof_size]


def test_unused_weight_is_returned(ctx: Context) -> None:
    # A refund of one contributor reports less than for fifty.
    outcome = call_function(ctx, 2057, "refund(uint32)", 0)
    assert outcome.weight[0] // PER_GAS == outcome.gas


def test_free_calls_cost_no_gas_but_weight(ctx: Context) -> None:
    storage.CommitRevealWeightsEnabled.put(ctx, NETUID, True)
    outcome = call_function(ctx, 2052, "commitWeights(uint16,bytes32)", NETUID, bytes(32))
    assert (outcome.exit, outcome.gas) == ("Returned", 0)
    assert outcome.weight[0] > 605_917_000


def test_a_failed_call_burns_the_gas_and_leaves_nothing(ctx: Context) -> None:
    before, events = ctx.state.changes(), list(ctx.block.events)
    outcome = call_function(ctx, 2053, STAKE, HOT, 2 * 10**6 * TAO, NETUID)
    assert (outcome.exit, outcome.gas) == ("dispatch execution failed: NotEnoughBalanceToStake", ENOUGH)
    assert (ctx.state.changes(), ctx.block.events) == (before, events)


# --- 6 -----------------------------------------------------------------------------------------------------------


def run(ctx: Context, of: Call, rest: bytes = b"", gas: int = ENOUGH) -> Outcome:
    return call(ctx, 6, of.encode() + rest, gas=gas)


def test_a_call_is_dispatched_as_the_caller(ctx: Context) -> None:
    of = transfer_keep_alive.call(Id(TARGET), TAO)
    outcome = run(ctx, of, b"ignored")
    assert (outcome.exit, outcome.output, outcome.gas) == ("Stopped", b"", declared(ctx, of) // PER_GAS)
    assert account_data(ctx, TARGET).free == TAO


def test_batches_report_their_weight(ctx: Context) -> None:
    of = batch.call([remark.call(b""), force_transfer.call(Id(OTHER), Id(OWNER), 1), remark.call(b"")])
    outcome = run(ctx, of)
    # The batch was interrupted at the second call, and the third did not run.
    assert outcome.exit == "Stopped"
    assert declared(ctx, of) - declared(ctx, remark.call(b"")) >= outcome.gas * PER_GAS


@pytest.mark.parametrize(
    ("of", "text"),
    [
        (set_code.call(b""), "invalid call"),
        (batch.call([]), "invalid call"),
        (associate_evm_key.call(NETUID, bytes(20), 0, bytes(65)), "invalid call"),
        (force_transfer.call(Id(OTHER), Id(OWNER), 1), "dispatch execution failed: Bad origin"),
        (batch_all.call([batch.call([remark.call(b"")])]), "dispatch execution failed: CallFiltered"),
        (transfer_allow_death.call(Id(TARGET), 1), f"dispatch execution failed: {TOO_LITTLE}"),
    ],
)
def test_calls_that_are_not_dispatched(ctx: Context, of: Call, text: str) -> None:
    before = ctx.state.changes()
    outcome = run(ctx, of)
    assert (outcome.exit, outcome.gas, ctx.state.changes()) == (text, ENOUGH, before)


def nested(depth: int) -> Call:
    """Return a call inside batches, `depth` of them."""
    return batch_all.call([nested(depth - 1)]) if depth else remark.call(b"")


def test_calls_nest_at_most_eight_deep(ctx: Context) -> None:
    assert run(ctx, nested(8)).exit == "dispatch execution failed: CallFiltered"
    assert run(ctx, nested(9)).exit == "decode failed"
    assert call(ctx, 6, b"").exit == "decode failed"


def test_gas_is_checked_before_the_kind_of_the_call(ctx: Context) -> None:
    assert run(ctx, set_code.call(b""), gas=1).exit == "OutOfGas"


# --- texts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "text", "debug"),
    [
        (BadOrigin(), "Bad origin", "BadOrigin"),
        (Other(), "", 'Other("")'),
        (Token(TokenError.Frozen), "Funds exist but are frozen", "Token(Frozen)"),
        (Arithmetic(ArithmeticFault.Overflow), "An overflow would occur", "Arithmetic(Overflow)"),
        (
            Transactional(TransactionalError.LimitReached),
            "Too many transactional layers have been spawned",
            "Transactional(LimitReached)",
        ),
        (Trie(TrieError.DecodeError), "DecodeError", "Trie(DecodeError)"),
        (
            Module(ModuleError(7, bytes([76, 0, 0, 0]))),
            "SubnetNotExists",
            "Module(ModuleError { index: 7, error: [76, 0, 0, 0], message: None })",
        ),
        (
            Module(ModuleError(99, bytes([1, 2, 3, 4]))),
            "Unknown module error",
            "Module(ModuleError { index: 99, error: [1, 2, 3, 4], message: None })",
        ),
    ],
)
def test_texts_of_errors(ctx: Context, error: DispatchError, text: str, debug: str) -> None:
    assert (error_text(runtime_of(ctx), error), debug_text(error)) == (text, debug)


# --- 2055 --------------------------------------------------------------------------------------------------------


def test_raw_storage_is_read(ctx: Context) -> None:
    key = storage.SubnetOwner.key(NETUID)
    outcome = call(ctx, 2055, key, is_static=True, value=5)
    assert (outcome.output, outcome.gas, outcome.weight) == (OWNER, 625, [0, 32])
    missing = call(ctx, 2055, key + b"\0")
    assert (missing.exit, missing.output, missing.gas, missing.weight) == ("Returned", b"", 625, [0, 1])
    Now.put(ctx, 77)
    assert call(ctx, 2055, Now.key_of(())).output == (77).to_bytes(8, "little")


@pytest.mark.parametrize("name", ["System", "EVM", "Aura", "EvmPrecompileStaking"])
def test_other_storage_is_not_read(ctx: Context, name: str) -> None:
    outcome = call(ctx, 2055, twox_128(name.encode()) + bytes(16))
    assert (outcome.exit, outcome.gas) == ("Invalid key", ENOUGH)
    assert call(ctx, 2055, twox_128(b"Balances")[:15]).exit == "Invalid key"
