"""The parameters of `Chain.dev`: their checks, and accounts in any plain form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from ...genesis.accounts import Authority
from ...genesis.config import ChainConfig
from ...runtime.client.errors import PlainError
from ...runtime.client.from_plain import from_plain
from ...runtime.client.leaves import is_integer
from ...runtime.client.names import unknown
from ...runtime.scale import codec_of, u64
from ...runtime.scale.codec import AnyCodec, shown
from ..arguments import SHOWN, argument_error
from ..errors import ChainError
from .checks import ACCOUNT

RAO = codec_of(u64)
#: Parameters of a chain that are accounts.
ACCOUNTS = ("sudo_key", "root_owner", "root_owner_hotkey")
#: Parameters of a chain that are amounts in rao.
AMOUNTS = ("network_min_lock_cost", "min_stake", "min_burn", "max_burn", "balances_issuance")
_NUMBER, _TEXT = ("a number", int), ("text", str)
#: Parameters without a type of the runtime: what is expected, in words and as Python types.
TYPES: dict[str, tuple[str, Any]] = {
    **dict.fromkeys(("slot_duration_ms", "token_decimals", "ss58_format"), _NUMBER),
    "start_ms": ("a number, or None", int | None),
    **dict.fromkeys(("name", "id", "protocol_id", "chain_type", "token_symbol", "beacon", "authoring"), _TEXT),
    "authorities": ("a tuple of Authority", tuple | list),
    "overrides": ("a map from constants to values", Mapping),
    "balances": ("a map from accounts to rao", Mapping),
}


def read_parameters(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a chain, with their accounts in the form that `ChainConfig` holds."""
    known = [field.name for field in fields(ChainConfig)]
    for name in parameters:
        if name not in known:
            raise ChainError(str(unknown("parameter of a chain", name, known)))
    read: dict[str, Any] = {name: int(value) if is_integer(value) else value for name, value in parameters.items()}
    for name, (wanted, types) in TYPES.items():
        if name in read and (isinstance(read[name], bool) or not isinstance(read[name], types)):
            raise argument_error(f"{name} to be {wanted}", parameters[name])
    for each in read.get("authorities", ()):
        if not isinstance(each, Authority):
            raise argument_error(
                "authorities as a tuple of Authority", each, 'genesis.accounts.authority("Alice") makes one'
            )
    try:
        for name in ACCOUNTS:
            if read.get(name) is not None:
                read[name] = _in_parameter(name, ACCOUNT, read[name])
        for name in AMOUNTS:
            if isinstance(read.get(name), str):
                read[name] = _in_parameter(name, RAO, read[name])
        if "balances" in read:
            read["balances"] = _read_balances(read["balances"])
    except PlainError as error:
        raise ChainError(str(error)) from None
    return read


def _read_balances(balances: Mapping[Any, Any]) -> dict[bytes, int]:
    read: dict[bytes, int] = {}
    for who, rao in balances.items():
        try:
            read[from_plain(ACCOUNT, who)] = from_plain(RAO, rao, amounts=True)
        except PlainError as error:
            raise error.inside(f"balances[{shown(who, SHOWN)}]") from None
    return read


def _in_parameter(name: str, codec: AnyCodec, value: Any) -> Any:
    """Return the typed value of a parameter; PlainError with its name."""
    try:
        return from_plain(codec, value, amounts=True)
    except PlainError as error:
        raise error.inside(name) from None
