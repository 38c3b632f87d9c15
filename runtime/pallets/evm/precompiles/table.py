"""The precompiles by their addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..exits import ExitSucceed
from . import staking_v2
from .handle import Handle

ADDRESS_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Precompile:
    """The function of a precompile, and how it ends when it succeeds."""

    run: Callable[[Handle], bytes]
    exit: ExitSucceed = ExitSucceed.Returned

    def __call__(self, handle: Handle) -> bytes:
        """Answer a call: return its output, raise Reverted or PrecompileFailed."""
        return self.run(handle)


CONTRACTS = (staking_v2.contract,)


def address_of(index: int) -> bytes:
    """Return the address of a precompile."""
    return index.to_bytes(ADDRESS_LENGTH, "big")


PRECOMPILES = {address_of(contract.index): Precompile(contract.run) for contract in CONTRACTS}


def precompile_at(address: bytes) -> Precompile | None:
    """Return the precompile at an address, whether it is enabled or not; None where there is none."""
    return PRECOMPILES.get(address)
