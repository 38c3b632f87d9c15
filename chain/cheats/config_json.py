"""The configuration of a chain as JSON: its fields that differ from the real chain's, bytes in hex."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from ...genesis.accounts import Authority
from ...genesis.config import ChainConfig
from ...runtime.composition import spec_425
from ...runtime.scale.codec import AnyCodec
from ..arguments import account_of, rao_of
from ..errors import ChainError

BYTES = ("sudo_key", "root_owner", "root_owner_hotkey")


def config_to_json(config: ChainConfig) -> dict[str, Any]:
    """Return the fields that differ from those of the real chain."""
    usual = ChainConfig()
    return {
        each.name: _to_json(each.name, getattr(config, each.name))
        for each in fields(ChainConfig)
        if getattr(config, each.name) != getattr(usual, each.name)
    }


def config_from_json(values: dict[str, Any]) -> ChainConfig:
    """Return the inverse of `config_to_json`; raises ValueError, TypeError or LookupError for anything else."""
    return ChainConfig(**{name: _from_json(name, value) for name, value in values.items()})


def changed_config(config: ChainConfig, values: Mapping[str, Any]) -> ChainConfig:
    """Return a configuration with other values of some fields, accounts in any plain form; raises ChainError."""
    known = {each.name for each in fields(ChainConfig)}
    try:
        if unknown := values.keys() - known:
            raise ChainError(f"there is no parameter of a chain {min(unknown)!r}")
        read: dict[str, Any] = dict(values)
        read |= {name: account_of(value, name) for name, value in values.items() if name in BYTES}
        if "balances" in read:
            read["balances"] = {account_of(who): rao_of(amount) for who, amount in read["balances"].items()}
        changed = replace(config, **read)
        spec_425(changed.constants)  # refuses names and values of constants
        return changed
    except (TypeError, AttributeError, ValueError) as error:
        raise ChainError(str(error)) from None


def _to_json(name: str, value: Any) -> Any:
    if name == "authorities":
        return [[authority.aura.hex(), authority.grandpa.hex()] for authority in value]
    if name == "balances":
        return {account.hex(): rao for account, rao in value.items()}
    if name == "overrides":
        return {constant: _codecs()[constant].encode(part).hex() for constant, part in value.items()}
    return value.hex() if name in BYTES and value is not None else value


def _from_json(name: str, value: Any) -> Any:
    if name == "authorities":
        return tuple(Authority(bytes.fromhex(aura), bytes.fromhex(grandpa)) for aura, grandpa in value)
    if name == "balances":
        return {bytes.fromhex(account): rao for account, rao in value.items()}
    if name == "overrides":
        return {constant: _codecs()[constant].decode(bytes.fromhex(part)) for constant, part in value.items()}
    return bytes.fromhex(value) if name in BYTES and value is not None else value


def _codecs() -> dict[str, AnyCodec]:
    """Return the types of all constants by their names, `Pallet.Constant`."""
    return {str(constant.id): constant.codec for pallet in spec_425().pallets for constant in pallet.constants.values()}
