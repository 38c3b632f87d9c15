"""What methods that call a runtime API share: their parameters, and the call.

Most of them return the encoded answer of the API as a JSON array of bytes, a few return a number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from ...runtime.apis import ApiError
from ...runtime.crypto import Ss58Error, ss58_decode
from ...runtime.scale import codec_of, u16
from ..history.blocks import StateDiscarded, UnknownBlock
from .errors import RpcError, header_not_found, too_big_response
from .node import Node
from .params import invalid_type, invalid_value, to_list, to_text

ACCOUNT_LENGTH = 32


# --- parameters ----------------------------------------------------------------------------------------------------


def to_unsigned(bits: int) -> Callable[[Any], int]:
    """Return the conversion of unsigned integers of this many bits."""

    def convert(value: Any) -> int:
        if type(value) is not int:
            raise invalid_type(value, f"u{bits}")
        if not 0 <= value < 1 << bits:
            raise invalid_value(value, f"invalid value: integer `{value}`, expected u{bits}")
        return value

    return convert


to_u8, to_u16 = to_unsigned(8), to_unsigned(16)
to_u8s, to_u16s = to_list(to_u8), to_list(to_u16)


def to_account(value: Any) -> bytes:
    """Return the account of an SS58 address."""
    address = to_text(value)
    try:
        account = ss58_decode(address)
    except Ss58Error as error:
        raise invalid_value(value, str(error)) from error
    if len(account) != ACCOUNT_LENGTH:
        raise invalid_value(value, f"expected an account of {ACCOUNT_LENGTH} bytes, got {len(account)} in {address!r}")
    return account


def to_vec_u8(value: Any) -> bytes:
    """Return bytes from a list of numbers."""
    return bytes(to_u8s(value))


def to_vec_u16(value: Any) -> bytes:
    """Return a list of u16, encoded for an API."""
    return codec_of(list[u16]).encode(to_u16s(value))


NetUid = Annotated[int, to_u16]
Uid = Annotated[int, to_u16]
MechId = Annotated[int, to_u8]
Account = Annotated[bytes, to_account]
AccountBytes = Annotated[bytes, to_vec_u8]
Indexes = Annotated[bytes, to_vec_u16]


# --- answers -------------------------------------------------------------------------------------------------------


def encode_u16(number: int) -> bytes:
    """Return an encoded u16, such as a netuid or uid."""
    return number.to_bytes(2, "little")


def call_runtime_api(node: Node, api: str, arguments: bytes, at: bytes | None, failure: str) -> bytes:
    """Return the encoded answer of a runtime API; RpcError 1, which begins with `failure`, if there is none."""
    try:
        return node.call_api(api, arguments, at)
    except (ApiError, StateDiscarded, UnknownBlock) as error:
        raise RpcError(1, f"{failure}: {error_text(error)}") from error


def byte_list(node: Node, data: bytes) -> list[int]:
    """Return bytes as a JSON array; RpcError if that exceeds the size of a response."""
    limit = node.limits.response_bytes
    if 2 * len(data) > limit:
        raise too_big_response(limit)
    return list(data)


def error_text(error: Exception) -> str:
    """Return the genuine node's text for an error."""
    if isinstance(error, UnknownBlock):
        return f'UnknownBlock("{header_not_found(error)}")'
    return f'UnknownBlock("{error}")' if isinstance(error, StateDiscarded) else str(error)
