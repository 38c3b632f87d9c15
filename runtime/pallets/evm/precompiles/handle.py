"""`Handle`: what a precompile sees of the call that runs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ....crypto import evm_account
from ....frame.context import Context
from ....frame.weight import DB_READ, DB_WRITE

#: Picoseconds of reference time that one unit of gas pays for: 3/4 of a block's 4 s for 75,000,000 gas.
WEIGHT_PER_GAS = 40_000
#: Gas for one read and one write of the database.
READ_GAS, WRITE_GAS = DB_READ // WEIGHT_PER_GAS, DB_WRITE // WEIGHT_PER_GAS


ADDRESS_LENGTH = 20


def address_of(index: int) -> bytes:
    """Return the address of the precompile with this index."""
    return index.to_bytes(ADDRESS_LENGTH, "big")


class Gas(Protocol):
    """The gas of a frame, and the weight that its transaction may use. Methods raise `PrecompileFailed` (OutOfGas)."""

    @property
    def limit(self) -> int:
        """The gas that the frame began with, stipend included."""

    @property
    def remaining(self) -> int:
        """The gas that is left in the frame."""

    def charge(self, amount: int) -> None:
        """Use gas of the frame."""

    def record_weight(self, ref_time: int, proof_size: int) -> None:
        """Use weight of the transaction where it is metered; beyond the limit the whole transaction is out of gas."""

    def refund_weight(self, ref_time: int, proof_size: int) -> None:
        """Return weight to the transaction that a dispatched call did not need."""


@dataclass(frozen=True, slots=True)
class Handle:
    """One call of a precompile."""

    #: State and block; changes are in the overlay of the frame. Calls are dispatched through `ctx.runtime`.
    ctx: Context
    #: 20 bytes: the precompile.
    code_address: bytes
    #: 20 bytes: the account that the code runs as, another than `code_address` in DELEGATECALL and CALLCODE.
    address: bytes
    #: 20 bytes.
    caller: bytes
    #: Wei that the call says it moves (in DELEGATECALL those of the parent frame).
    value: int
    input: bytes
    is_static: bool
    gas: Gas

    @property
    def caller_account(self) -> bytes:
        """The account of the caller on this chain, 32 bytes."""
        return evm_account(self.caller)

    def charge_reads(self, reads: int) -> None:
        """Charge the gas of reads of the database."""
        self.gas.charge(READ_GAS * reads)

    def charge_writes(self, writes: int) -> None:
        """Charge the gas of writes of the database."""
        self.gas.charge(WRITE_GAS * writes)
