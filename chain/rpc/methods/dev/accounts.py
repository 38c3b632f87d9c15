"""Balances, stake, subnets and neurons from nothing, parameters and limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from .....runtime.edits.limits import RATE_LIMITS
from ....cheats import accounts, subnets
from ....cheats.hyperparameters import set_hyperparameters
from ....cheats.storage import set_values
from ....cheats.waiving import Waivers
from ...node import Node
from .declare import Account, NetUid, Object, Rao, dev


@dev
def dev_setBalance(node: Node, account: Account, rao: Rao) -> int:
    """Let an account's free balance be `rao`, and return it; the issuance follows."""
    return accounts.set_balance(node.chain, account, rao)


@dev
def dev_addBalance(node: Node, account: Account, rao: Rao) -> int:
    """Add `rao` to an account's free balance, and return it; the issuance follows."""
    return accounts.fund(node.chain, account, rao)


@dev
def dev_setStake(node: Node, hotkey: Account, coldkey: Account, netuid: NetUid, alpha_rao: Rao) -> int:
    """Let a coldkey have this stake on a hotkey, and return what it has; share pools and issued alpha follow."""
    return subnets.set_stake(node.chain, netuid, hotkey, coldkey, alpha_rao)


@dev
def dev_registerSubnet(node: Node, owner: Account, hotkey: Account, others: Object | None) -> int:
    """Register and start a subnet without price and limits, set parameters by their names, and return its netuid."""
    return subnets.register_subnet(node.chain, owner, hotkey, **(others or {}))


@dev
def dev_registerNeuron(node: Node, netuid: NetUid, hotkey: Account, coldkey: Account) -> int:
    """Register a hotkey on a subnet without its price, and return its uid."""
    return subnets.register_neuron(node.chain, netuid, hotkey, coldkey)


@dev
def dev_setHyperparameters(node: Node, netuid: NetUid, values: Object) -> dict[str, Any]:
    """Set parameters of a subnet by name, as root and at any time, and return the former values."""
    return _object(set_hyperparameters(node.chain, netuid, values))


def to_limits(value: Any) -> str | dict[str, Any]:
    """Return "on", "off", or numbers of blocks by the names of limits."""
    if value in ("on", "off"):
        return str(value)
    if isinstance(value, dict) and all(type(number) is int and number >= 0 for number in value.values()):
        return value
    raise ValueError(f'expected "on", "off", or blocks by the names of limits, got {value!r:.60}')


Limits = Annotated[str | dict[str, Any], to_limits]


@dev
def dev_setRateLimits(node: Node, limits: Limits) -> dict[str, Any]:
    """Turn rate limits off, on again, or set some of them by their names; return the former ones."""
    waivers = Waivers.of(node.chain)
    former = waivers.values(RATE_LIMITS)
    if limits == "off":
        waivers.waive(RATE_LIMITS)
    elif limits == "on":
        waivers.end(RATE_LIMITS)
    elif isinstance(limits, dict):
        set_values(node.chain, {"SubtensorModule": dict(limits)})
    return _object(former)


def _object(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _json(value) for name, value in values.items()}


def _json(value: Any) -> Any:
    """Return values as JSON has them: bytes in hex, keys as text."""
    if isinstance(value, dict):
        return {str(key): _json(part) for key, part in value.items()}
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, list | tuple):
        return [_json(part) for part in value]
    return getattr(value, "name", value) if not isinstance(value, int | str | bool | None) else value
