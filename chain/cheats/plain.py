"""Plain arguments of cheats: accounts and amounts in the forms of `client.from_plain`."""

from __future__ import annotations

from typing import Any, TypeVar

from ...runtime.client.errors import PlainError
from ...runtime.client.from_plain import from_plain
from ...runtime.client.leaves import is_integer
from ...runtime.crypto import Keypair
from ...runtime.scale import AccountId, Codec, codec_of, u16, u64
from ...runtime.scale.codec import shown
from ..chain import Blockchain
from ..errors import ChainError
from ..history.blocks import UnknownBlock

#: What names an account: an address, `//Name`, `0x…`, 32 bytes, or a key.
AccountLike = str | bytes | Keypair
#: An amount: rao, or text such as "1.5tao".
Amount = int | str

#: Characters of an invalid value that a message shows.
SHOWN = 60
U32_MAX = (1 << 32) - 1

Value = TypeVar("Value")
_ACCOUNT: Codec[bytes] = codec_of(AccountId)
_RAO: Codec[int] = codec_of(u64)
_NETUID: Codec[int] = codec_of(u16)


def account_of(value: Any, what: str = "account") -> bytes:
    """Return the account that a plain value names; ChainError names the argument `what`."""
    return _read(_ACCOUNT, value, what)


def rao_of(value: Any, what: str = "amount") -> int:
    """Return an amount in rao; ChainError names the argument `what`."""
    return _read(_RAO, value, what)


def integer_of(value: Any, what: str, low: int, high: int) -> int:
    """Return an integer, Python's or NumPy's, from `low` to `high`; ChainError names the argument `what`."""
    if not is_integer(value) or not low <= value <= high:
        raise ChainError(f"expected {what} ({low} to {high}), got {shown(value, SHOWN)}")
    return int(value)


def netuid_of(value: Any) -> int:
    """Return the number of a subnet, also of an object with one."""
    return _read(_NETUID, getattr(value, "netuid", value), "netuid")


def block_of(chain: Blockchain, value: Any) -> bytes:
    """Return the hash of a block that is named by its hash or its number; UnknownBlock for a number without a block."""
    if isinstance(value, bytes) and len(value) == 32:
        return value
    if isinstance(value, str) and len(value) == 66 and value.startswith("0x"):
        try:
            return bytes.fromhex(value[2:])
        except ValueError:
            pass
    if not is_integer(value):
        raise ChainError(f"expected a block: its hash (0x and 64 digits) or its number, got {shown(value, SHOWN)}")
    number = integer_of(value, "a block number", 0, U32_MAX)
    found = chain.hash_at(number)
    if found is None:
        raise UnknownBlock(number)
    return found


def _read(codec: Codec[Value], value: Any, what: str) -> Value:
    try:
        read: Value = from_plain(codec, value, amounts=True)
        return read
    except PlainError as error:
        raise ChainError(f"{what}: {error}") from None
