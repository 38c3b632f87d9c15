"""Precompiles: addresses whose calls run functions of the chain instead of bytecode.

* `handle`: what a precompile sees of its call. `errors`: how it fails. `abi`: Solidity's encoding of arguments and
  results. `contract`: declares functions by their Solidity signatures. `dispatching`: dispatches calls of pallets.
* One module for each contract (2048 to 2061), `standard` (Ethereum's 1 to 5 and two like them), `bn128` (7 to 9),
  `verification` (signatures of the chain's own schemes) and `runtime_calls` (6: an encoded call of the runtime).
* `table`: all of them by address; `precompile_at` looks into it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .table import Precompile

#: The beginning of all addresses of precompiles; their index follows, in two bytes.
PREFIX = bytes(18)


def precompile_at(address: bytes) -> Precompile | None:
    """Return the precompile at an address, whether it is enabled or not; None where there is none."""
    if not address.startswith(PREFIX):
        return None
    # Imported here: few transactions come near a precompile, and all of them take a tenth of a chain's start.
    from .table import PRECOMPILES

    return PRECOMPILES.get(address)
