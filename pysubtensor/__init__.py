"""pysubtensor: Bittensor's chain in Python. This is the front door: what `import pysubtensor` gives.

    from pysubtensor import Chain

    with Chain.dev() as chain:
        chain.execute("Balances.transfer_keep_alive", "//Alice", dest="//Bob", value=10**9)
        print(chain.query("System.Account", "//Bob").data.free)

Names are loaded when they are asked for, so that a program that needs one of them does not wait for the others.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .chain.chain import Chain, ChainError, Head, Imported
    from .chain.clock import LogicalClock, SystemClock
    from .chain.pool import Rejected
    from .chain.receipt import Receipt, TransactionFailed
    from .genesis.config import ChainConfig
    from .runtime.crypto import Keypair, Scheme, ss58_decode, ss58_encode
    from .runtime.frame.runtime import Runtime

#: Where each name of the public interface comes from.
_HOMES = {
    "Chain": "chain.chain",
    "ChainConfig": "genesis.config",
    "ChainError": "chain.chain",
    "Head": "chain.chain",
    "Imported": "chain.chain",
    "Keypair": "runtime.crypto",
    "LogicalClock": "chain.clock",
    "Receipt": "chain.receipt",
    "Rejected": "chain.pool",
    "Runtime": "runtime.frame.runtime",
    "Scheme": "runtime.crypto",
    "SystemClock": "chain.clock",
    "TransactionFailed": "chain.receipt",
    "ss58_decode": "runtime.crypto",
    "ss58_encode": "runtime.crypto",
}

__all__ = [
    "Chain",
    "ChainConfig",
    "ChainError",
    "Head",
    "Imported",
    "Keypair",
    "LogicalClock",
    "Receipt",
    "Rejected",
    "Runtime",
    "Scheme",
    "SystemClock",
    "TransactionFailed",
    "ss58_decode",
    "ss58_encode",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
