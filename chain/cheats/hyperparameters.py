"""Parameters of a subnet by name, through root's calls, at any time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...runtime.client.from_plain import Options, call_from_plain
from ...runtime.client.names import find_item, find_name, unknown
from ...runtime.edits import limits
from ...runtime.edits.subnets import dispatch_as
from ...runtime.frame.call import CallDef
from ...runtime.frame.context import Context
from ..arguments import netuid_of
from ..chain import Blockchain
from ..errors import ChainError
from .editing import editing

PALLET, PREFIX = "AdminUtils", "sudo_set_"
#: The storage items of parameters that have another name there.
ITEMS = {
    "bonds_reset_enabled": "BondsResetOn",
    "commit_reveal_weights_interval": "RevealPeriodEpochs",
    "ema_price_halving_period": "EMAPriceHalvingBlocks",
    "liquid_alpha_enabled": "LiquidAlphaOn",
    "mechanism_count": "MechanismCountCurrent",
    "owner_immune_neuron_limit": "ImmuneOwnerUidsLimit",
    "rao_recycled": "RAORecycledForRegistration",
    "sn_owner_hotkey": "SubnetOwnerHotkey",
    "toggle_transfer": "TransferToggle",
    "yuma3_enabled": "Yuma3On",
}


def names(chain: Blockchain) -> dict[str, CallDef[Any]]:
    """Return the call of each parameter, by its name: `tempo`, `kappa`, `weights_set_rate_limit` and so on."""
    pallet = next(pallet for pallet in chain.runtime.pallets if pallet.name == PALLET)
    return {
        function.name.removeprefix(PREFIX): function
        for function in pallet.calls.values()
        if function.name.startswith(PREFIX) and function.args and function.args[0].name == "netuid"
    }


def set_hyperparameters(chain: Blockchain, netuid: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Set parameters of a subnet at once, by root's calls and also in the freeze window; return the former values.

    ChainError for an unknown name, and for a value that root's call refuses.
    """
    with editing(chain) as ctx:
        return set_parameters(chain, ctx, netuid_of(netuid), values)


def set_parameters(chain: Blockchain, ctx: Context, netuid: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Do as `set_hyperparameters` within an edit."""
    known, former = names(chain), dict[str, Any]()
    restore = limits.saved(ctx, "freeze window")
    limits.lift(ctx, "freeze window")
    for given, value in values.items():
        try:
            name = find_name("parameter of a subnet", given, known)
        except ValueError:
            raise ChainError(str(unknown("parameter of a subnet", given, known))) from None
        function = known[name]
        former[name] = value_of(chain, ctx, netuid, name)
        parts = [value] if len(function.args) == 2 else list(value)
        arguments = {str(field.name): part for field, part in zip(function.args, [netuid, *parts], strict=True)}
        dispatch_as(ctx, None, call_from_plain(function, arguments, Options(chain.runtime, amounts=True)))
    restore(ctx)
    return former


def value_of(chain: Blockchain, ctx: Context, netuid: int, name: str) -> Any:
    """Return the present value of a parameter."""
    return find_item(chain.runtime.pallets, "SubtensorModule", ITEMS.get(name, name)).read(ctx, [netuid])
