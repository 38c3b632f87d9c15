"""The weight of an execution: reference time of dispatched calls, and bytes of the proof of what it reads.

The sizes are estimates by the kind of access (`fp_evm`), each account's code and each slot once in a transaction. They
are not undone with a frame. Beyond a limit the whole transaction is out of gas. The proof does not change gas here
(`GasLimitPovSizeRatio` is 0), it is part of the weight that the extrinsic reports.
"""

from __future__ import annotations

from collections.abc import Callable

from .....consensus.integers import U64_MAX
from ....frame.weight import Weight
from .errors import OutOfGas

#: Bytes of a read of an account, of a code's metadata, of a slot; of any write; of a check for emptiness.
BASIC, METADATA, STORAGE_SLOT, WRITE, EMPTY_CHECK = 108, 76, 116, 32, 93


class WeightMeter:
    """The weight that one transaction used, and its limits."""

    __slots__ = ("_codes", "_slots", "exceeded", "proof_limit", "proof_usage", "time_limit", "time_usage")

    def __init__(self, limit: Weight, base_cost: int | None) -> None:
        """Begin with the bytes of the transaction itself; without them the proof is not metered."""
        self.time_limit, self.time_usage = limit.ref_time, 0
        self.proof_limit: int | None = None if base_cost is None else limit.proof_size
        self.proof_usage = base_cost or 0
        #: Whether a limit was exceeded, so that the transaction ends with OutOfGas whatever its frames did.
        self.exceeded = False
        self._codes: set[bytes] = set()
        self._slots: set[tuple[bytes, int]] = set()

    def record_time(self, amount: int) -> None:
        """Record reference time; raise OutOfGas beyond the limit."""
        self.time_usage, fits = self._consume(self.time_usage, amount, self.time_limit)
        if not fits:
            raise OutOfGas

    def record_proof(self, amount: int) -> None:
        """Record bytes of the proof; raise OutOfGas beyond the limit."""
        if self.proof_limit is None:
            return
        self.proof_usage, fits = self._consume(self.proof_usage, amount, self.proof_limit)
        if not fits:
            raise OutOfGas

    def _consume(self, usage: int, amount: int, limit: int) -> tuple[int, bool]:
        """Return the new usage, and whether it is within the limit."""
        total = usage + amount
        if total <= limit:
            return total, True
        if total <= U64_MAX:
            self.exceeded = True
        return limit, False

    def refund(self, time: int, proof: int) -> None:
        """Return weight that was recorded but not used."""
        self.time_usage = max(0, self.time_usage - time)
        self.proof_usage = max(0, self.proof_usage - proof)

    # --- accesses ------------------------------------------------------------------------------------------

    def is_code_known(self, address: bytes) -> bool:
        """Return whether the code of an address is in the proof already."""
        return address in self._codes

    def read_code(self, address: bytes, code_length: Callable[[], int], size: Callable[[], int]) -> None:
        """Record the code of an address that is called or read.

        `code_length` returns the length of the stored code, `size` that of the metadata.
        """
        if address in self._codes:
            return
        self.record_proof(EMPTY_CHECK)
        if code_length() == 0:
            return
        self.record_proof(METADATA)
        self.record_proof(size())
        self._codes.add(address)

    def touch_code(self, address: bytes, size: Callable[[], int], checks_emptiness: bool) -> None:
        """Record the metadata of an address that an operation names, and its code."""
        if self.proof_limit is None or address in self._codes:
            return
        self.record_proof(METADATA + EMPTY_CHECK if checks_emptiness else METADATA)
        self.record_proof(size())
        self._codes.add(address)

    def touch_account(self, address: bytes, amount: int) -> None:
        """Record an access to an account whose code is not known."""
        if address not in self._codes:
            self.record_proof(amount)

    def touch_slot(self, slot: tuple[bytes, int], amount: int) -> None:
        """Record the first access to a slot."""
        if self.proof_limit is None or slot in self._slots:
            return
        self.record_proof(amount)
        self._slots.add(slot)
