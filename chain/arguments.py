"""Plain arguments of programs and clients: blocks, integers, accounts, amounts, keys; ChainError for what is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from ..consensus.integers import U32_MAX
from ..runtime.client.errors import PlainError
from ..runtime.client.from_plain import from_plain
from ..runtime.client.leaves import is_integer
from ..runtime.client.text import short_name
from ..runtime.crypto import Keypair
from ..runtime.frame.runtime import Runtime
from ..runtime.frame.storage import StorageItem
from ..runtime.scale import AccountId, Codec, codec_of, u16, u64
from ..runtime.scale.codec import shown
from .chain import Blockchain
from .errors import ChainError
from .history.blocks import UnknownBlock

#: What names an account: an address, `//Name`, `0x…`, 32 bytes, or a key.
AccountLike = str | bytes | Keypair
#: An amount: rao, or text such as "1.5tao".
Amount = int | str

HASH_LENGTH = 32
#: Characters of an invalid value that a message shows.
SHOWN = 60

Value = TypeVar("Value")
_ACCOUNT: Codec[bytes] = codec_of(AccountId)
_RAO: Codec[int] = codec_of(u64)
_NETUID: Codec[int] = codec_of(u16)
_HASH = re.compile(r"0x[0-9a-fA-F]{64}")


def argument_error(wanted: str, came: object, advice: str = "") -> ChainError:
    """Return the error for an argument: what was expected, what came, and what to do."""
    return ChainError(f"expected {wanted}, got {shown(came, SHOWN)}{advice and f': {advice}'}")


def require_integer(what: str, value: Any, low: int = 0, high: int = U32_MAX) -> int:
    """Return an integer, Python's or NumPy's, from `low` to `high`."""
    if not is_integer(value) or not low <= value <= high:
        raise argument_error(f"{what} ({low} to {high})", value)
    return int(value)


def require_block_number(value: Any) -> int:
    """Return `value`, which must be a block number."""
    return require_integer("a block number", value)


def block_id(at: Any) -> bytes | int:
    """Return the hash or the number by which `at` names a block."""
    if isinstance(at, bytes) and len(at) == HASH_LENGTH:
        return at
    if isinstance(at, str) and _HASH.fullmatch(at):
        return bytes.fromhex(at[2:])
    if not is_integer(at):
        raise argument_error("a block: its hash (32 bytes, or 0x and 64 digits) or its number", at)
    return require_block_number(at)


def resolve_block(chain: Blockchain, at: Any) -> bytes:
    """Return the hash of the block that `at` names; UnknownBlock for a number that no kept block has."""
    number = block_id(at)
    if isinstance(number, bytes):
        return number
    found = chain.hash_at(number)
    if found is None:
        raise UnknownBlock(number)
    return found


def account_of(value: Any, what: str = "account") -> bytes:
    """Return the account that a plain value names; ChainError names the argument `what`."""
    return _read(_ACCOUNT, value, what)


def rao_of(value: Any, what: str = "amount") -> int:
    """Return an amount in rao; ChainError names the argument `what`."""
    return _read(_RAO, value, what)


def netuid_of(value: Any) -> int:
    """Return the number of a subnet, also of an object with one."""
    return _read(_NETUID, getattr(value, "netuid", value), "netuid")


def _read(codec: Codec[Value], value: Any, what: str) -> Value:
    try:
        read: Value = from_plain(codec, value, amounts=True)
        return read
    except PlainError as error:
        raise ChainError(f"{what}: {error}") from None


def split_name(what: str, name: Any) -> tuple[str, str]:
    """Return both parts of a name, before and after its first dot."""
    before, dot, after = name.partition(".") if isinstance(name, str) else ("", "", "")
    if not (before and dot and after):
        raise argument_error(f"the name of {what}", name)
    return before, after


def typed_keys(
    runtime: Runtime, item: StorageItem[Any, Any], keys: Sequence[Any], count: int | None = None
) -> list[Any]:
    """Return the typed form of plain keys of a storage item, of all its keys or of the first `count`.

    Raises ChainError for another number of keys, and PlainError for a key of another type.
    """
    codecs = item.keys_codec[:count]
    if len(keys) != len(codecs):
        wanted = count_text("key", [short_name(codec) for codec in codecs])
        raise ChainError(f"expected {wanted} for {item.pallet_prefix}.{item.name}, got {len(keys)}")
    return [from_plain(codec, key, runtime, amounts=True) for codec, key in zip(codecs, keys, strict=True)]


def count_text(what: str, wanted: list[str]) -> str:
    """Return a count and the names of what is counted, such as "1 key (u16)"."""
    names = f" ({', '.join(wanted)})" if wanted else ""
    return f"{len(wanted)} {what}{'' if len(wanted) == 1 else 's'}{names}"
