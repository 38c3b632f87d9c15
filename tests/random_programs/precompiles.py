"""Ethereum's precompiles that the chain has not, or has in another way: py-evm's, as precompiles of the chain."""

from __future__ import annotations

from typing import Any

from eth.exceptions import VMError
from eth.vm.forks.prague.computation import PRAGUE_PRECOMPILES
from pysubtensor.runtime.pallets.evm.precompiles.errors import failed, out_of_gas
from pysubtensor.runtime.pallets.evm.precompiles.handle import Handle
from pysubtensor.runtime.pallets.evm.precompiles.table import Precompile


class _Message:
    def __init__(self, data: bytes) -> None:
        self.data = memoryview(data)
        self.data_as_bytes = data


class _Computation:
    """What py-evm's precompiles use of a computation."""

    def __init__(self, handle: Handle) -> None:
        self._handle, self.msg, self.output = handle, _Message(handle.input), b""

    def consume_gas(self, amount: int, reason: str) -> None:
        """Use gas; raise PrecompileFailed when there is too little."""
        if amount > self._handle.gas.remaining:
            raise out_of_gas()
        self._handle.gas.charge(amount)


def ethereum_precompile(index: int) -> Precompile:
    """Return a precompile of Ethereum's Prague by its number."""
    function: Any = PRAGUE_PRECOMPILES[index.to_bytes(20, "big")]

    def run(handle: Handle) -> bytes:
        computation = _Computation(handle)
        try:
            function(computation)
        except VMError as error:
            raise failed(str(error)) from None
        return bytes(computation.output)

    return Precompile(run)
