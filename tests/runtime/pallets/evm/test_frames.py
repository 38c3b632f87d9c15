"""Frames: depth, gas, errors, undoing; and code that tries to use more than a node has."""

from __future__ import annotations

import sys

import pytest
from pysubtensor.runtime.pallets.evm import accounts, declared, requests
from pysubtensor.runtime.pallets.evm.addresses import account_of, created_address
from pysubtensor.runtime.pallets.evm.calls import call as evm_call
from pysubtensor.runtime.pallets.evm.declared import AccountCodes, AccountStorages, LogEmitted
from pysubtensor.runtime.pallets.evm.engine.errors import MemoryLimitExceeded
from pysubtensor.runtime.pallets.evm.exits import (
    REVERTED,
    STOPPED,
    CreateContractLimit,
    ExitError,
    InvalidCode,
    InvalidJump,
    Opcode,
    Other,
    OutOfGas,
    OutOfOffset,
    StackOverflow,
    StackUnderflow,
)
from pysubtensor.runtime.pallets.evm.exits import Error as Failed

from .conftest import (
    ALICE_ADDRESS,
    CONTRACT,
    OTHER,
    RETURN_TOP,
    REVERT,
    TRANSACTION,
    World,
    call_op,
    deploy,
    op,
    push,
    static_call,
)

ADD, POP, JUMP, JUMPDEST, GAS, SSTORE, SLOAD = 0x01, 0x50, 0x56, 0x5B, 0x5A, 0x55, 0x54
JUMPS_FOREVER = op(JUMPDEST) + push(0) + op(JUMP)
#: More than pytest's own, and less than one for each frame of the EVM.
FEW_FRAMES = 500
DISPATCH = (6).to_bytes(20, "big")


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (op(ADD), StackUnderflow()),
        (push(0) * 1_025, StackOverflow()),
        (push(3) + op(JUMP), InvalidJump()),
        (push(2**200) + op(JUMP), InvalidJump()),
        (push(4) + op(JUMP, 0x60, JUMPDEST), InvalidJump()),
        (op(0xFE), InvalidCode(Opcode(0xFE))),
        (op(0x0C), InvalidCode(Opcode(0x0C))),
        (push(1) + push(0) + push(0) + op(0x3E), OutOfOffset()),
        (push(0) + push(2**255) + op(0x52), OutOfGas()),
        (push(2**64) + push(0) + op(0x20), OutOfGas()),
        (JUMPS_FOREVER, OutOfGas()),
    ],
)
def test_code_that_fails_ends_in_its_error_and_uses_all_gas(world: World, code: bytes, error: ExitError) -> None:
    info = world.run(code, gas_limit=200_000)
    assert (info.exit_reason, info.used_gas.standard) == (Failed(error), 200_000)


@pytest.mark.parametrize(
    ("code", "operation"),
    [
        (push(1) + push(1) + op(SSTORE), SSTORE),
        (push(1) + push(1) + op(0x5D), 0x5D),
        (push(0) * 3 + op(0xA0), 0xA0),
        (push(0) * 3 + op(0xF0), 0xF0),
        (push(0) + op(0xFF), 0xFF),
        (call_op(OTHER, value=1), 0xF1),
    ],
)
def test_a_static_call_may_change_nothing(world: World, code: bytes, operation: int) -> None:
    """The error is that of an operation that does not exist, which a transaction shows by its gas."""
    world.place(code, OTHER)
    assert world.word(static_call(OTHER, 100_000)) == 0
    assert world.ctx.block.events == []
    assert operation in code


def test_calls_nest_1024_deep_without_recursion(world: World) -> None:
    """Each frame adds one to what the frame below returns; the call of frame 1,024 fails and gives its gas back."""
    recurse = push(32) + push(0) * 4 + op(0x30, GAS, 0xF1, POP) + push(0) + op(0x51) + push(1) + op(ADD) + RETURN_TOP
    world.run(op(0))  # loads py-evm, which sets a limit of its own
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(FEW_FRAMES)
    try:
        info = world.run(recurse, gas_limit=2**63)
    finally:
        sys.setrecursionlimit(limit)
    assert int.from_bytes(info.value, "big") == 1_025


def test_code_of_pushes_alone_is_searched_without_recursion(world: World) -> None:
    """The destination lies in the data of a push or not by what all bytes before it are."""
    pushes = op(0x60) * 24_000
    assert world.run(push(len(pushes) + 4) + op(JUMP) + pushes + op(JUMPDEST)).exit_reason == STOPPED
    assert world.run(push(len(pushes) + 5) + op(JUMP) + pushes + op(0x60, JUMPDEST)).exit_reason == Failed(
        InvalidJump()
    )


def test_memory_beyond_a_nodes_ends_the_question(world: World) -> None:
    """Only questions with more gas than any block reach the limit. Nothing is under way afterwards."""
    with pytest.raises(MemoryLimitExceeded, match="268435456 bytes"):
        world.run(push(0) + push(2**29) + op(0x52), gas_limit=2**63)
    assert not world.ctx.block.running
    assert world.run(op(0)).exit_reason == STOPPED


def test_a_pause_can_end_an_execution(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client's question is stopped after its time; the state is as before, and the next question runs."""
    pauses = []

    def pause() -> None:
        pauses.append(len(pauses))
        if len(pauses) == 5:
            raise TimeoutError

    monkeypatch.setattr(world.ctx.runtime, "pause", pause)
    world.place(push(1) + push(1) + op(SSTORE) + JUMPS_FOREVER.replace(push(0), push(5)))
    before = world.ctx.state.changes()
    with pytest.raises(TimeoutError):
        world.call(gas_limit=75_000_000)
    assert world.ctx.state.changes() == before
    assert world.call(gas_limit=60_000).exit_reason == Failed(OutOfGas())


def test_endless_calls_pause_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Short frames, each of which runs few operations."""
    pauses: list[None] = []
    monkeypatch.setattr(world.ctx.runtime, "pause", lambda: pauses.append(None))
    world.place(op(0), OTHER)
    world.run(op(JUMPDEST) + call_op(OTHER) + op(POP) + push(0) + op(JUMP), gas_limit=1_000_000)
    assert len(pauses) > 100


def test_what_a_reverted_frame_did_is_undone(world: World) -> None:
    """Storage, logs, value and events; the output is kept."""
    world.fund(CONTRACT, 100_000)
    inner = push(7) + push(1) + op(SSTORE) + push(0) * 2 + op(0xA0) + push(9) + push(0) + op(0x52)
    world.place(inner + push(32) + push(0) + op(0xFD), OTHER)
    before = world.rao(CONTRACT)
    info = world.run(call_op(OTHER, value=5_000 * 10**9, out_size=32) + push(0) + op(0x51) + RETURN_TOP)
    assert int.from_bytes(info.value, "big") == 9
    assert (world.rao(CONTRACT), world.rao(OTHER), info.logs, world.ctx.block.events) == (before, 0, [], [])
    assert AccountStorages.get(world.ctx, OTHER, (1).to_bytes(32, "big")) == bytes(32)


def test_logs_become_events_after_the_fee(world: World) -> None:
    topics = push(3) + push(2) + push(0) * 2 + op(0xA2)
    info = world.run(topics, options=TRANSACTION)
    assert [log.topics for log in info.logs] == [[(2).to_bytes(32, "big"), (3).to_bytes(32, "big")]]
    assert world.ctx.block.events[-1] == LogEmitted(info.logs[0])


def test_accesses_of_a_reverted_frame_are_cold_again(world: World) -> None:
    world.place(push(OTHER) + op(0x31, POP) + REVERT, b"\5" * 20)
    measure = op(GAS) + push(OTHER) + op(0x31, POP, GAS, 0x90, 0x03)
    assert world.word(call_op(b"\5" * 20) + op(POP) + measure) == 2 + 3 + 2_600 + 2


def test_a_contract_too_long_is_not_created(world: World) -> None:
    info = world.create(deploy(bytes(0x6001)), gas_limit=10_000_000)
    assert info.exit_reason == Failed(CreateContractLimit())
    assert info.used_gas.standard == 10_000_000
    assert AccountCodes.get(world.ctx, info.value) == b""
    assert world.create(bytes(0xC001), gas_limit=10_000_000).exit_reason == Failed(CreateContractLimit())


def test_a_creation_with_init_code_too_long_leaves_the_creator_without_gas(world: World) -> None:
    """The next operation is out of gas; the end of the code is none, so the frame still succeeds."""
    create = push(0xC001) + push(0) * 2 + op(0xF0)
    assert world.run(create, gas_limit=300_000).exit_reason == STOPPED
    assert world.run(create + op(0), gas_limit=300_000).exit_reason == Failed(OutOfGas())


def test_code_with_the_reserved_first_byte_is_not_created(world: World) -> None:
    assert world.create(deploy(b"\xef\0")).exit_reason == Failed(InvalidCode(Opcode(0xEF)))


def test_a_contract_exists_by_its_code(world: World) -> None:
    info = world.create(deploy(op(0)))
    assert info.value == created_address(ALICE_ADDRESS, 0)
    assert accounts.account_nonce(world.ctx, info.value) == 1
    account = accounts.system.Account.get(world.ctx, account_of(info.value))
    assert (account.providers, account.sufficients) == (0, 1)


def test_an_execution_inside_an_execution_is_refused(world: World) -> None:
    """The precompile Dispatch with `EVM.call`, which fails."""
    source = account_of(CONTRACT)[:20]
    inner = evm_call.call(source, OTHER, b"", 0, 50_000, 20 * 10**9, None, None, [], []).encode()
    world.fund(source, 10**9)
    info = world.call(DISPATCH, inner, source=CONTRACT, gas_limit=5_000_000)
    assert info.exit_reason == Failed(Other("dispatch execution failed: Reentrancy"))
    assert not world.ctx.block.running


def test_a_creator_that_is_not_listed_is_refused_only_where_it_is_validated(world: World) -> None:
    code = deploy(op(0))
    with pytest.raises(requests.RunnerError) as failure:
        world.create(code, options=requests.CALL)
    assert failure.value.error is declared.Error.NotAllowed
    declared.WhitelistedCreators.put(world.ctx, [ALICE_ADDRESS])
    assert world.create(code, options=requests.CALL).exit_reason != REVERTED
    declared.WhitelistedCreators.put(world.ctx, [])
    declared.DisableWhitelistCheck.put(world.ctx, True)
    assert world.create(code, options=requests.CALL).exit_reason != REVERTED
