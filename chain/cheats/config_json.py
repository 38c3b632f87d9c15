"""The configuration of a chain as JSON: its fields that differ from the real chain's, bytes in hex."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from ...genesis.accounts import Authority
from ...genesis.config import ChainConfig
from ...runtime.composition import spec_425
from ...runtime.scale.codec import AnyCodec

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
