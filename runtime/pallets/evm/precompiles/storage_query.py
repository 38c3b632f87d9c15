"""StorageQuery (2055): the value under a raw storage key, in the storage of some pallets. It has no switch."""

from __future__ import annotations

from ....crypto.hashing import twox_128
from .errors import failed
from .handle import Handle

INDEX = 2055
PALLETS = (
    "SubtensorModule",
    "Swap",
    "Balances",
    "Proxy",
    "Scheduler",
    "Drand",
    "Crowdloan",
    "Sudo",
    "Multisig",
    "Timestamp",
)
PREFIXES = tuple(twox_128(name.encode()) for name in PALLETS)


def run(handle: Handle) -> bytes:
    """Return the value under the key that is the input, nothing when there is none."""
    if not handle.input.startswith(PREFIXES):
        raise failed("Invalid key")
    value = handle.ctx.state.peek(handle.input)
    handle.charge_reads(1)
    # A missing value counts as one byte of proof.
    handle.gas.record_weight(0, 1 if value is None else len(value))
    return value or b""
