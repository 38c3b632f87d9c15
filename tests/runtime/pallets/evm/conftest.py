"""Fixtures of the EVM's tests: a world with a funded address, in which code is placed, called and created."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances.declared import TotalIssuance
from pysubtensor.runtime.pallets.evm import accounts, runner
from pysubtensor.runtime.pallets.evm.addresses import account_of
from pysubtensor.runtime.pallets.evm.execution_info import CallInfo, CreateInfo
from pysubtensor.runtime.pallets.evm.exits import Succeed
from pysubtensor.runtime.pallets.evm.requests import Options, Request
from pysubtensor.runtime.pallets.shared.account_data import NEW_LOGIC, AccountData

TAO, WEI = 10**9, 10**9
#: The address that sends transactions, with 1,000 TAO.
ALICE_ADDRESS = bytes.fromhex("a11ce0" + "00" * 16 + "01")
CONTRACT = bytes.fromhex("c0de" + "00" * 17 + "01")
OTHER = bytes.fromhex("07" + "00" * 18 + "02")
#: What transactions offer for gas: the base fee of a new chain.
OFFER = 20 * 10**9
#: Neither pays nor counts a fee, as questions of clients.
QUESTION = Options(is_transactional=False)
#: As transactions of Ethereum, which are validated before.
TRANSACTION = Options(validates=False)


@dataclass
class World:
    """The state in which a test's code runs."""

    ctx: Context

    def fund(self, address: bytes, rao: int) -> None:
        """Give an address free balance."""
        account = account_of(address)
        info = system.Account.get(self.ctx, account)
        data = AccountData(free=info.data.free + rao, flags=NEW_LOGIC)
        system.Account.put(self.ctx, account, replace(info, providers=1, data=data))
        TotalIssuance.put(self.ctx, TotalIssuance.get(self.ctx) + rao)

    def place(self, code: bytes, address: bytes = CONTRACT) -> bytes:
        """Place code at an address, without events, and return the address."""
        mark = self.ctx.block.mark()
        accounts.set_code(self.ctx, address, code)
        self.ctx.block.rewind(mark)
        return address

    def call(
        self, target: bytes = CONTRACT, data: bytes = b"", *, options: Options = QUESTION, **parts: Any
    ) -> CallInfo:
        """Call an address, by default as a question."""
        parts.setdefault("max_fee", None if options is QUESTION else OFFER)
        return runner.call(self.ctx, _request(data, parts), target, options)

    def create(self, code: bytes, *, options: Options = TRANSACTION, **parts: Any) -> CreateInfo:
        """Create a contract by a transaction."""
        return runner.create(self.ctx, _request(code, parts), options)

    def run(self, code: bytes, **parts: Any) -> CallInfo:
        """Place code and call it by a question."""
        self.place(code)
        return self.call(**parts)

    def word(self, code: bytes, **parts: Any) -> int:
        """Return the word that code leaves on top of the stack."""
        info = self.run(code + RETURN_TOP, **parts)
        assert isinstance(info.exit_reason, Succeed), info.exit_reason
        return int.from_bytes(info.value, "big")

    def rao(self, address: bytes) -> int:
        """Return the free balance of an address."""
        return system.Account.get(self.ctx, account_of(address)).data.free


def _request(data: bytes, parts: dict[str, Any]) -> Request:
    known: dict[str, Any] = {"source": ALICE_ADDRESS, "value": 0, "gas_limit": 1_000_000, "max_fee": OFFER, **parts}
    return Request(data=data, **known)


@pytest.fixture
def world(ctx: Context) -> World:
    """A world in which one address has 1,000 TAO."""
    made = World(ctx)
    made.fund(ALICE_ADDRESS, 1_000 * TAO)
    return made


# --- code ------------------------------------------------------------------------------------------------------


def push(value: int | bytes) -> bytes:
    """Return the operation that pushes a value: PUSH1 to PUSH32."""
    data = value if isinstance(value, bytes) else value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big")
    return bytes((0x5F + len(data),)) + data


def op(*codes: int) -> bytes:
    """Return operations by their codes."""
    return bytes(codes)


#: Return the word on top of the stack.
RETURN_TOP = push(0) + op(0x52) + push(32) + push(0) + op(0xF3)
REVERT = push(0) + push(0) + op(0xFD)


def deploy(code: bytes) -> bytes:
    """Return initialization code that deploys a code."""
    head = push(len(code)) + push(13) + push(0) + op(0x39) + push(len(code)) + push(0) + op(0xF3)
    return head.ljust(13, b"\0") + code if len(head) <= 13 else _long(code)


def _long(code: bytes) -> bytes:
    size = len(code).to_bytes(3, "big")
    head = op(0x62) + size + op(0x60, 17, 0x60, 0, 0x39, 0x62) + size + op(0x60, 0, 0xF3)
    return head.ljust(17, b"\0") + code


def call_op(target: bytes, gas: int = 0xFFFFFF, value: int = 0, data_size: int = 0, out_size: int = 0) -> bytes:
    """Return code that calls an address, with input and output at the beginning of the memory."""
    return push(out_size) + push(0) + push(data_size) + push(0) + push(value) + push(target) + push(gas) + op(0xF1)


def static_call(target: bytes, gas: int = 0xFFFFFF) -> bytes:
    """Return code that calls an address, which must change nothing."""
    return push(0) * 4 + push(target) + push(gas) + op(0xFA)
