"""The namespaces of Ethereum's methods, and their errors."""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import INTERNAL_ERROR, RpcError
from ...namespace import Namespace

eth, net, web3, debug = Namespace(), Namespace(), Namespace(), Namespace()

#: The code for what is unknown, as Ethereum's nodes have it.
UNKNOWN = -32000


class DataError(RpcError):
    """An error with bytes, of which none may be missing: clients decode them."""

    def __init__(self, message: str, data: bytes) -> None:
        super().__init__(INTERNAL_ERROR.code, message)
        self.data = "0x" + data.hex()


def internal(message: str) -> RpcError:
    """Return the error that the genuine node has for nearly everything."""
    return RpcError(INTERNAL_ERROR.code, message)


def quantity(number: int) -> str:
    """Return a number in hex without leading zeros."""
    return hex(number)


def quantities(numbers: Sequence[int]) -> list[str]:
    return [hex(number) for number in numbers]
