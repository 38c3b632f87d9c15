"""`Access`: what the frames of a transaction do to the chain, and what they must not use more of than there is."""

from __future__ import annotations

from collections.abc import Callable

from ....frame.context import Context
from ....frame.errors import DispatchFailed
from ...balances import fungible
from ...ethereum.block import Log
from .. import accounts
from ..addresses import account_of
from ..declared import AccountCodes, AccountStorages
from ..precompiles import precompile_at
from .environment import Environment
from .errors import MemoryLimitExceeded, TransferFailed
from .metering import WeightMeter
from .substate import Slot, Substate

#: The most bytes of memory of all frames together. Transactions of 75,000,000 gas stay below a quarter of it.
MEMORY_LIMIT = 256 * 1024 * 1024


class Access:
    """The state of one transaction. `estimates` charges as searches for a gas limit do (`Config::estimate`)."""

    def __init__(self, ctx: Context, origin: bytes, meter: WeightMeter | None = None, estimates: bool = False) -> None:
        self.ctx, self.meter, self.estimates = ctx, meter, estimates
        self.environment = Environment(ctx, origin)
        self.substate = Substate()
        #: The values of slots before the transaction, of those that it changed.
        self.original: dict[Slot, int] = {}
        #: Transient storage (EIP-1153). It is not undone with a frame, as in the genuine node.
        self.transient: dict[Slot, int] = {}
        #: Lets the thread do something else, between two operations. It may raise, which ends the execution.
        self.pause: Callable[[], object] = ctx.pause
        self._memory = 0

    # --- the chain -----------------------------------------------------------------------------------------

    def transfer(self, source: bytes, target: bytes, value: int) -> None:
        """Move a value in wei, rounded down to rao; raise TransferFailed. All of the free balance can be moved."""
        amount = accounts.to_rao(value)
        if amount is None:
            raise TransferFailed
        if amount == 0 or source == target:
            return
        try:
            fungible.transfer(
                self.ctx, account_of(source), account_of(target), amount, fungible.Preservation.Expendable
            )
        except DispatchFailed:
            raise TransferFailed from None

    def destroy(self, address: bytes, target: bytes) -> None:
        """Move the balance of a contract; delete it if it was created in this transaction (EIP-6780)."""
        balance = accounts.account_balance(self.ctx, address)
        self.transfer(address, target, balance)
        if address in self.substate.created:
            self.substate.delete(address)

    def is_cold(self, address: bytes) -> bool:
        """Return whether an address costs more because the transaction has not accessed it yet."""
        return address not in self.substate.addresses and precompile_at(address) is None

    def storage(self, slot: Slot) -> int:
        """Return the value of a slot."""
        return int.from_bytes(AccountStorages.get(self.ctx, slot[0], slot[1].to_bytes(32, "big")), "big")

    def set_storage(self, slot: Slot, value: int) -> None:
        """Write the value of a slot; zero removes it. The first write notes the value before the transaction."""
        ctx, (address, index) = self.ctx, slot
        key = index.to_bytes(32, "big")
        if slot not in self.original:
            before = int.from_bytes(AccountStorages.get(ctx, address, key), "big")
            if before != value:
                self.original[slot] = before
        if value:
            AccountStorages.put(ctx, address, key, value.to_bytes(32, "big"))
        else:
            AccountStorages.remove(ctx, address, key)

    def log(self, address: bytes, topics: list[bytes], data: bytes) -> None:
        """Emit a log; it becomes an event at the end of the transaction."""
        self.substate.logs.append(Log(address, topics, data))

    def extend_memory(self, size: int) -> None:
        """Count memory of a frame, in bytes, negative when it ends; raise MemoryLimitExceeded beyond a node's."""
        self._memory += size
        if self._memory > MEMORY_LIMIT:
            raise MemoryLimitExceeded(f"expected at most {MEMORY_LIMIT} bytes of memory, got {self._memory}")

    # --- weight --------------------------------------------------------------------------------------------

    def record_proof(self, amount: int) -> None:
        """Record bytes of the proof where they are metered; raise OutOfGas beyond the limit."""
        if self.meter is not None:
            self.meter.record_proof(amount)

    def read_code(self, address: bytes) -> None:
        """Record that the code of an address is read."""
        if self.meter is not None:
            self.meter.read_code(
                address, lambda: len(AccountCodes.get(self.ctx, address)), lambda: self.code_size(address)
            )

    def code_size(self, address: bytes) -> int:
        """Return the length of the code of an address, 1 for a precompile."""
        return accounts.code_metadata(self.ctx, address).size
