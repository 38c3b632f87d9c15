"""The configuration of a fork of another chain, and the edits of its state that give the development accounts power."""

from __future__ import annotations

from typing import Any

from ..consensus.aura import slot_of
from ..runtime.composition import spec_425
from ..runtime.frame.constant import Constant
from ..runtime.frame.context import Context
from ..runtime.inherents import block_time
from ..runtime.metadata.layout import Layout
from ..runtime.pallets import aura, grandpa, sudo
from ..runtime.pallets.balances import fungible
from ..runtime.pallets.balances.accounts import account_data
from ..runtime.scale import ScaleError
from .accounts import ACCOUNTS, authority
from .build import VOTE_WEIGHT
from .config import ChainConfig
from .parameters import CONSTANTS
from .presets import funded

#: Constants that stay this runtime's: one that follows from the length of a slot, and its own version.
KEPT = ("Timestamp.MinimumPeriod", "System.Version")
#: The properties that wallets read (`system_properties`), and the parameters that hold them.
PROPERTIES = {"tokenSymbol": "token_symbol", "tokenDecimals": "token_decimals", "ss58Format": "ss58_format"}


def adopted_parameters(layout: Layout) -> dict[str, Any]:
    """Return the parameters of `ChainConfig` with which the runtime has the constants of another chain.

    Constants that are not in metadata are taken from the defaults of the storage items that follow them.
    """
    fields = {constant.id: name for name, constant in CONSTANTS.items()}
    fields[aura.SlotDuration.id] = "slot_duration_ms"
    parameters: dict[str, Any] = {}
    overrides: dict[str, Any] = {}
    for constant, encoded in _known_constants(layout):
        try:
            value = constant.codec.decode(encoded)
        except ScaleError:
            continue  # of another type: the runtime keeps its own value
        if constant.id in fields:
            parameters[fields[constant.id]] = value
        elif value != constant.default and constant.id not in KEPT:
            overrides[constant.id] = value
    return {**parameters, "overrides": overrides}


def _known_constants(layout: Layout) -> list[tuple[Constant[Any], bytes]]:
    found: list[tuple[Constant[Any], bytes]] = []
    for pallet in spec_425().pallets:
        found += [
            (each, layout.constants[each.id]) for each in pallet.constants.values() if each.id in layout.constants
        ]
        for item in pallet.storage.values():
            entry = layout.items.get(f"{item.pallet_prefix}.{item.name}")
            if entry is not None and item.default_constant is not None and not item.default_constant.in_metadata:
                found.append((item.default_constant, entry.default))
    return found


def fork_config(layout: Layout, name: str, properties: dict[str, Any], **parameters: Any) -> ChainConfig:
    """Return the configuration of a fork of a chain with these constants, name and properties.

    It is one for development, whatever the other chain is. `parameters` are other fields. Raises ConfigError.
    """
    adopted = adopted_parameters(layout)
    for property_name, parameter in PROPERTIES.items():
        # Chains with several tokens have lists.
        value = properties.get(property_name)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, type(getattr(ChainConfig, parameter))):
            adopted[parameter] = value
    return ChainConfig(name=name, id="fork", chain_type="Development", **{**adopted, **parameters})


def dev_powers() -> dict[str, Any]:
    """Return the parameters of a fork that development accounts take over: those of `presets.dev`."""
    return {"authorities": (authority("Alice"),), "sudo_key": ACCOUNTS["Alice"], "balances": funded("")}


def take_over(ctx: Context, config: ChainConfig) -> None:
    """Give the state to the accounts of a configuration: authorities, sudo key, and at least these free balances.

    The issuance of TAO grows by what is added. With longer slots than before, slots are counted anew.
    """
    slot = slot_of(block_time(ctx), config.slot_duration_ms)
    aura.CurrentSlot.put(ctx, min(aura.CurrentSlot.get(ctx), slot))
    aura.Authorities.put(ctx, [each.aura for each in config.authorities])
    grandpa.Authorities.put(ctx, [(each.grandpa, VOTE_WEIGHT) for each in config.authorities])
    if config.sudo_key is not None:
        sudo.Key.put(ctx, config.sudo_key)
    for account, rao in config.balances.items():
        missing = rao - account_data(ctx, account).free
        if missing > 0:
            fungible.mint_into(ctx, account, missing)
