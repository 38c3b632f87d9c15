"""`eth_call` and `eth_estimateGas`: calls that are executed on a state of their own, within a time limit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .....runtime.apis import ethereum as api
from .....runtime.client.ethereum import (
    CallInfo,
    CreateInfo,
    ExitReason,
    dispatch_error_text,
    is_fatal,
    is_invalid_code,
    is_out_of_gas,
    is_revert,
    is_success,
    reason_text,
    revert_text,
)
from .....runtime.edits.ethereum import override
from .....runtime.frame.block_validity import Panic
from .....runtime.frame.context import Context
from .....runtime.frame.errors import DispatchError
from .....runtime.scale.types import Err, Ok
from ....history.blocks import StateDiscarded, UnknownBlock
from ...errors import RpcError
from ...namespace import Cost
from ...node import Node
from ...shapes import to_hex
from ...slices import TimeIsUp, limited
from .declare import UNKNOWN, DataError, eth, internal, quantity
from .params import Block, BlockRef, Tag
from .pending import pending_context
from .reading import find
from .requests import Fees, Overrides, Request, TransactionRequest

#: Seconds that one request may compute.
TIME_LIMIT_S = 10
#: Calls may have this many times the gas of a block.
GAS_MULTIPLIER = 10
#: The least gas of a transaction, and the step of a search from which on it is good enough, in tenths.
LEAST_GAS, GOOD_ENOUGH = 21_000, 10
NO_ADDRESS = bytes(20)


@dataclass(frozen=True, slots=True)
class Executed:
    """How a call or creation ended: its output, or the address of the new contract, and the gas that counts."""

    reason: ExitReason
    output: bytes
    used_gas: int


class Runner:
    """Executes requests on one state, each on the same one."""

    def __init__(self, ctx: Context, fees: Fees) -> None:
        self._ctx, self._fees = ctx, fees
        block = api.current_block(ctx)
        if block is None:
            raise internal("block unavailable, cannot query gas limit")
        self.most_gas = block.header.gas_limit * GAS_MULTIPLIER

    def gas_of(self, request: TransactionRequest) -> int:
        """Return the gas that a request may use; RpcError if it wants more than any may."""
        if request.gas is not None and request.gas > self.most_gas:
            raise internal(f"provided gas limit is too high (can be up to {GAS_MULTIPLIER}x the block gas limit)")
        return self.most_gas if request.gas is None else request.gas

    def run(self, request: TransactionRequest, gas: int, nonce: int | None = None) -> Executed:
        """Execute a request. RpcError if it could not begin."""
        with self._ctx.state.anchor():
            return self.run_and_keep(request, gas, nonce)

    def run_and_keep(self, request: TransactionRequest, gas: int, nonce: int | None = None) -> Executed:
        """Execute a request, and keep its changes."""
        sender, data, value = request.sender or NO_ADDRESS, request.data or b"", request.value or 0
        fees = (self._fees.max_fee, self._fees.max_priority_fee)
        lists = (request.access_list or [], request.authorization_list or [])
        try:
            if request.to is not None:
                call = api.call(self._ctx, sender, request.to, data, value, gas, *fees, nonce, False, *lists)
                return self._ended(call)
            return self._ended(api.create(self._ctx, sender, data, value, gas, *fees, nonce, False, *lists))
        except Panic as error:
            raise internal(f"runtime error: {error}") from error

    @staticmethod
    def _ended(result: Ok[CallInfo] | Ok[CreateInfo] | Err[DispatchError]) -> Executed:
        if isinstance(result, Err):
            raise internal(f"execution fatal: {dispatch_error_text(result.error)}")
        info = result.value
        return Executed(info.exit_reason, info.value, info.used_gas.effective)


def require_success(ended: Executed, output: bytes) -> None:
    """Raise RpcError unless an execution succeeded: with the output if it was reverted."""
    reason = ended.reason
    if is_success(reason):
        return
    if is_out_of_gas(reason):
        raise internal("out of gas")
    if not is_revert(reason):
        raise DataError(f"evm {'fatal' if is_fatal(reason) else 'error'}: {reason_text(reason)}", b"")
    text = revert_text(output)
    message = "VM Exception while processing transaction: revert"
    raise DataError(message if text is None else f"{message} {text}", output)


def state_for(node: Node, block: BlockRef | None) -> Context:
    """Return the state on which to execute; an unknown hash counts as the pending block, as on the genuine node."""
    if isinstance(block, int) and node.chain.hash_at(block) is None:
        raise RpcError(UNKNOWN, "header not found")
    found = find(node, Tag.LATEST if block is None else block)
    try:
        return pending_context(node) if found is None else node.separate_context(found)
    except (StateDiscarded, UnknownBlock) as error:
        raise internal(f"runtime error: Api called for an unknown Block: {error}") from error


@contextmanager
def in_time() -> Iterator[None]:
    """Limit the time of an execution; RpcError when it is over."""
    try:
        with limited(TIME_LIMIT_S):
            yield
    except TimeIsUp:
        raise internal(f"execution aborted (timeout = {TIME_LIMIT_S}s)") from None


@eth.method(cost=Cost.RUN)
def eth_call(
    node: Node, request: Request, number_or_hash: Block | None = None, state_overrides: Overrides | None = None
) -> str:
    """Return the output of a call, or the code that a creation makes, without a transaction.

    Overrides replace code and storage for calls. Those of balance and nonce have no effect, as on the genuine node.
    """
    fees = request.fees()
    with in_time():
        ctx = state_for(node, number_or_hash)
        runner = Runner(ctx, fees)
        gas = runner.gas_of(request)
        for each in (state_overrides or ()) if request.to is not None else ():
            override(ctx, each)
        ended = runner.run_and_keep(request, gas, request.nonce)
        if request.to is not None:
            require_success(ended, ended.output)
            return to_hex(ended.output)
        require_success(ended, b"")
        return to_hex(api.account_code_at(ctx, ended.output))


@eth.method(cost=Cost.RUN)
def eth_estimateGas(node: Node, request: Request, number_or_hash: Block | None = None) -> str:
    """Return a gas limit with which a transaction succeeds, at most 10 % above the least one."""
    return quantity(estimate(node, request, number_or_hash))


def estimate(node: Node, request: TransactionRequest, block: BlockRef | None) -> int:
    """Return a gas limit with which a transaction succeeds; RpcError if there is none."""
    with in_time():
        ctx = state_for(node, block)
        if not request.data and request.to is not None and not api.account_code_at(ctx, request.to):
            return LEAST_GAS
        return Search(ctx, request).found()


class Search:
    """The search for a gas limit, by the genuine node's steps."""

    def __init__(self, ctx: Context, request: TransactionRequest) -> None:
        fees = request.fees()
        self._request, self._runner = request, Runner(ctx, fees)
        self._highest = self._affordable(ctx, self._runner.gas_of(request), fees.cap)

    def _affordable(self, ctx: Context, gas: int, price: int) -> int:
        """Return the gas that the sender can pay at this price, at most `gas`."""
        request = self._request
        if request.sender is None or not price:
            return gas
        available = api.account_basic(ctx, request.sender).balance - (request.value or 0)
        if available < 0:
            raise internal("insufficient funds for transfer")
        return min(gas, available // price)

    def _run(self, gas: int) -> Executed:
        return self._runner.run(self._request, gas if self._request.gas is None else min(self._request.gas, gas))

    def found(self) -> int:
        """Return the gas limit; RpcError if none is enough."""
        ended = self._run(self._highest)
        self._require_possible(ended)
        lowest, highest, previous = LEAST_GAS, self._highest, self._highest
        middle = min(ended.used_gas * 3, (highest + lowest) // 2)
        while highest - lowest > 1:
            ended = self._run(middle)
            if is_success(ended.reason):
                highest = middle
                if (previous - highest) * GOOD_ENOUGH // previous < 1:
                    return highest
                previous = highest
            elif is_revert(ended.reason) or is_out_of_gas(ended.reason) or is_invalid_code(ended.reason):
                lowest = middle
            else:
                require_success(ended, self._output(ended))
            middle = (highest + lowest) // 2
        return highest

    def _require_possible(self, ended: Executed) -> None:
        """Raise RpcError unless the execution with the most gas succeeded: because of that gas, or whatever the gas."""
        reason = ended.reason
        if is_out_of_gas(reason):
            raise internal(f"gas required exceeds allowance {self._highest}")
        if is_revert(reason) and (self._request.gas is not None or self._request.gas_price is not None):
            ended = self._run(self._runner.most_gas)
            if is_success(ended.reason):
                raise internal(f"gas required exceeds allowance {self._highest}")
        require_success(ended, self._output(ended))

    def _output(self, ended: Executed) -> bytes:
        """Return the output of a call; what a creation was reverted with is not shown."""
        return b"" if self._request.to is None else ended.output
