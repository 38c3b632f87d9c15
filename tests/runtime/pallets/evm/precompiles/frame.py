"""Calls of precompiles as an engine makes them: a frame with its gas, whose changes are undone when it fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pysubtensor.runtime.crypto.hashing import keccak_256
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.evm import exits
from pysubtensor.runtime.pallets.evm.precompiles import precompile_at
from pysubtensor.runtime.pallets.evm.precompiles.abi import (
    Reader,
    encode_sequence,
    parse_type,
    split_types,
)
from pysubtensor.runtime.pallets.evm.precompiles.errors import PrecompileFailed, Reverted, out_of_gas
from pysubtensor.runtime.pallets.evm.precompiles.handle import Handle, address_of

from tests.runtime.pallets.evm.precompiles.world import CALLER

ENOUGH = 10_000_000
#: Opcodes of the kinds of calls.
CALL, CALLCODE, DELEGATECALL, STATICCALL = 0xF1, 0xF2, 0xF4, 0xFA


@dataclass
class Frame:
    """The gas of a frame that is its whole transaction, and the weight that this one used."""

    limit: int = ENOUGH
    used: int = 0
    #: Most picoseconds and bytes of proof.
    weight_limit: tuple[int, int] = (ENOUGH * 40_000, 2**64 - 1)
    weight: list[int] = field(default_factory=lambda: [0, 0])

    @property
    def remaining(self) -> int:
        return self.limit - self.used

    def charge(self, amount: int) -> None:
        if amount > self.remaining:
            raise out_of_gas()
        self.used += amount

    def record_weight(self, ref_time: int, proof_size: int) -> None:
        self.weight = [self.weight[0] + ref_time, self.weight[1] + proof_size]
        if self.weight[0] > self.weight_limit[0] or self.weight[1] > self.weight_limit[1]:
            raise out_of_gas()

    def refund_weight(self, ref_time: int, proof_size: int) -> None:
        self.weight = [self.weight[0] - ref_time, self.weight[1] - proof_size]


@dataclass(frozen=True)
class Outcome:
    """How a call ended: its output, or the data or text of its failure, and the gas and weight that it used."""

    exit: str
    output: bytes
    gas: int
    weight: list[int]

    def values(self, returns: str) -> Any:
        """Return the decoded output of a function."""
        return parse_type(returns).read(Reader(self.output, 0))

    @property
    def revert_text(self) -> str:
        """The text of a revert by `Error(string)`."""
        assert self.output[:4].hex() == "08c379a0"
        text: bytes = parse_type("string").read(Reader(self.output, 4))
        return text.decode()


def encoded(signature: str, *arguments: Any) -> bytes:
    """Return the input of a call of a Solidity function."""
    types = [parse_type(text) for text in split_types(signature[signature.index("(") :])]
    return keccak_256(signature.encode())[:4] + encode_sequence(types, arguments)


def call(
    ctx: Context,
    index: int,
    data: bytes,
    *,
    caller: bytes = CALLER,
    value: int = 0,
    is_static: bool = False,
    gas: int = ENOUGH,
    frame: Frame | None = None,
) -> Outcome:
    """Call a precompile. `value` is not moved before."""
    address, frame = address_of(index), frame or Frame(gas)
    precompile = precompile_at(address)
    assert precompile is not None
    mark = ctx.block.mark()
    exit_, output = precompile.exit.name, b""
    try:
        with ctx.state.transaction():
            output = precompile(Handle(ctx, address, address, caller, value, data, is_static, frame))
    except Reverted as revert:
        ctx.block.rewind(mark)
        exit_, output = "Reverted", revert.data
    except PrecompileFailed as failure:
        ctx.block.rewind(mark)
        frame.used = frame.limit
        error = failure.error
        exit_ = error.text if isinstance(error, exits.Other) else type(error).__name__
    return Outcome(exit_, output, frame.used, frame.weight)


def call_function(ctx: Context, index: int, signature: str, *arguments: Any, **options: Any) -> Outcome:
    """Call a Solidity function of a precompile."""
    return call(ctx, index, encoded(signature, *arguments), **options)


def forwarder(kind: int) -> bytes:
    """Return code that calls the address in the first word of its input with the rest, and returns what it answers.

    It reverts, with the answer, when the call fails.
    """
    # CALLDATACOPY(0, 32, CALLDATASIZE - 32)
    copy = "6020360360205f37"
    # kind(GAS, CALLDATALOAD(0), CALLVALUE where there is one, 0, CALLDATASIZE - 32, 0, 0)
    value = "34" if kind in (CALL, CALLCODE) else ""
    forward = "5f5f602036035f" + value + "5f355a" + f"{kind:02x}"
    # RETURNDATACOPY(0, 0, RETURNDATASIZE), then RETURN or REVERT of it
    head = bytes.fromhex(copy + forward + "3d5f5f3e")
    tail = len(head) + 6
    return head + bytes((0x60, tail, 0x57)) + bytes.fromhex("3d5ffd5b3d5ff3")
