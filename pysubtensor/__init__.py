"""pysubtensor: Bittensor's chain in Python. This file defines the public names of the package.

    from pysubtensor import Chain

    with Chain.dev() as chain:
        chain.execute("Balances.transfer_keep_alive", "//Alice", dest="//Bob", value=10**9)
        print(chain.query("System.Account", "//Bob").data.free)

Names are imported on first access, so that a program that needs one of them does not wait for the others.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

    from .chain.blocks import Head, ImportedBlock
    from .chain.clock import LogicalClock, SystemClock
    from .chain.embed.chain import Chain
    from .chain.errors import ChainError
    from .chain.pool.rejections import Rejected
    from .genesis.config import ChainConfig
    from .runtime.client.amounts import tao
    from .runtime.client.metagraph import Metagraph
    from .runtime.client.receipt import Receipt, TransactionFailed
    from .runtime.crypto import Keypair, Scheme, ss58_decode, ss58_encode
    from .runtime.frame.runtime import Runtime

if sys.flags.optimize > 1:
    raise ImportError("expected an interpreter without -OO: docstrings are part of the metadata and of errors")

_HERE = os.path.dirname(__file__)
if not os.path.isdir(os.path.join(_HERE, "chain")):
    # In a checkout the subpackages are beside this folder; in a wheel they are inside of it.
    __path__.append(os.path.dirname(_HERE))

# NumPy's library for matrices, which are not multiplied here, starts a thread on each core that spins for 2^26 cycles
# before it sleeps: as much work of the processor as half of a chain's start. With 2^20 it sleeps at once.
os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "20")

#: A program with fewer objects (of those that the garbage collector sees) has hardly begun: it imported little else.
BEGINNING = 50_000
#: The module that defines each public name.
_HOMES = {
    "Chain": "chain.embed.chain",
    "ChainConfig": "genesis.config",
    "ChainError": "chain.errors",
    "Head": "chain.blocks",
    "ImportedBlock": "chain.blocks",
    "Keypair": "runtime.crypto",
    "LogicalClock": "chain.clock",
    "Metagraph": "runtime.client.metagraph",
    "Receipt": "runtime.client.receipt",
    "Rejected": "chain.pool.rejections",
    "Runtime": "runtime.frame.runtime",
    "Scheme": "runtime.crypto",
    "SystemClock": "chain.clock",
    "TransactionFailed": "runtime.client.receipt",
    "ss58_decode": "runtime.crypto",
    "ss58_encode": "runtime.crypto",
    "tao": "runtime.client.amounts",
}

__all__ = [
    "Chain",
    "ChainConfig",
    "ChainError",
    "Head",
    "ImportedBlock",
    "Keypair",
    "LogicalClock",
    "Metagraph",
    "Receipt",
    "Rejected",
    "Runtime",
    "Scheme",
    "SystemClock",
    "TransactionFailed",
    "ss58_decode",
    "ss58_encode",
    "tao",
]


#: The version of the installed package; looked up on first access, which takes some milliseconds.
__version__: str


def __getattr__(name: str) -> Any:
    if name == "__version__":
        globals()[name] = import_module("importlib.metadata").version("pysubtensor")
        return globals()[name]
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(_load(_HOMES[name]), name)
    return value


def _load(home: str) -> ModuleType:
    """Import a module of the package without searching for garbage, of which an import creates none.

    Its objects stay as long as the process. In a program that has hardly begun they are excluded from later searches,
    which would take a tenth of the time from here to the first block; a program with objects of its own is left alone.
    """
    collects, begins = gc.isenabled(), len(gc.get_objects()) < BEGINNING
    gc.disable()
    try:
        module = import_module(f".{home}", __name__)
        if begins:
            gc.freeze()
    finally:
        if collects:
            gc.enable()
    return module


def __dir__() -> list[str]:
    return sorted(__all__)
