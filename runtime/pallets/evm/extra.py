"""The extra `pysubtensor[evm]`: what a node without it says about contracts."""

from __future__ import annotations

from importlib.util import find_spec

from ...frame.block_validity import InvalidBlock
from ...frame.context import Context
from ...frame.validity import CannotLookup, Refused
from .declared import AccountCodes

#: The first names of the modules that the extra installs.
LIBRARIES = ("eth", "eth_utils", "eth_typing", "eth_hash", "eth_keys", "rlp", "trie")
#: What to do about it.
INSTALL = 'contracts run with the extra: pip install "pysubtensor[evm]"'


class CannotRun(Refused):
    """A transaction that would run code of a contract, in the pool of a node without the library that runs it."""

    def __init__(self) -> None:
        super().__init__(CannotLookup())
        self.args = (f"{MissingExtra.text}: {INSTALL}",)


class MissingExtra(InvalidBlock):
    """Code of a contract would have to run, and the library that runs it is not installed."""

    text = "The EVM is not installed"

    def __init__(self) -> None:
        super().__init__(INSTALL)


def require_runnable(ctx: Context, target: bytes | None, data: bytes) -> None:
    """Raise Refused for a call of a contract, or without `target` a creation, where the library is not installed."""
    if (data if target is None else AccountCodes.get(ctx, target)) and find_spec(LIBRARIES[0]) is None:
        raise CannotRun
