"""Playing a scenario on a chain for tests: subnets, neurons, weights, stakes and children, through the real calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ...genesis.scenarios import Child, Scenario, ScenarioSubnet, Stake, Weights
from ...runtime.client.from_plain import Options, call_from_plain
from ...runtime.client.names import find_call, find_item
from ...runtime.edits import subnets as edits
from ...runtime.frame.context import Context
from ..chain import Blockchain
from ..errors import ChainError
from .editing import editing
from .keys import keypair
from .subnets import Subnet, make_subnet

ROOT = 0
#: Proportions of children are of this.
WHOLE, PERCENT = (1 << 64) - 1, 100


def play(chain: Blockchain, scenario: Scenario) -> tuple[Subnet, ...]:
    """Write a scenario into the state, which belongs to the next block, and return its subnets.

    The parameters of the chain (`scenario.chain`) are no part of it: they belong to block 0. Raises ChainError, which
    names the table that failed; what stood before that table stays written.
    """
    made: list[Subnet] = []
    for place, subnet in enumerate(scenario.subnets):
        with _inside(f"subnets[{place}]"):
            made.append(_make(chain, subnet))
        for entry, weights in enumerate(subnet.weights):
            with _inside(f"subnets[{place}].weights[{entry}]"):
                _weigh(chain, made[-1], weights)
    for place, stake in enumerate(scenario.stakes):
        with _inside(f"stakes[{place}]"):
            _stake(chain, made, stake)
    for place, child in enumerate(scenario.children):
        with _inside(f"children[{place}]"):
            _set_children(chain, made, child)
    return tuple(made)


@contextmanager
def _inside(table: str) -> Iterator[None]:
    """Add the name of a table to errors."""
    try:
        yield
    except ValueError as error:
        raise ChainError(f"{table}: {error}") from error


def _make(chain: Blockchain, subnet: ScenarioSubnet) -> Subnet:
    validators, miners = (
        found if isinstance(found, int) else list(found) for found in (subnet.validators, subnet.miners)
    )
    return make_subnet(chain, subnet.owner, validators, miners, subnet.stake, **subnet.parameters)


def _weigh(chain: Blockchain, made: Subnet, weights: Weights) -> None:
    """Set the weights of a validator on the miners."""
    uids = [neuron.uid for neuron in made.miners]
    hotkey = made.validators[weights.validator - 1].hotkey.account
    arguments = {"netuid": made.netuid, "dests": uids, "weights": list(weights.miners), "version_key": 0}
    with editing(chain) as ctx:
        _dispatch(chain, ctx, hotkey, "SubtensorModule.set_weights", arguments)


def _stake(chain: Blockchain, made: Sequence[Subnet], stake: Stake) -> None:
    """Let a coldkey stake; stake on root needs no registration, but root has to be started."""
    netuid = made[stake.subnet - 1].netuid if stake.subnet else ROOT
    hotkey, coldkey = keypair(stake.hotkey).account, keypair(stake.coldkey).account
    with editing(chain) as ctx:
        if netuid == ROOT:
            _dispatch(
                chain, ctx, None, "AdminUtils.sudo_set_subtoken_enabled", {"netuid": ROOT, "subtoken_enabled": True}
            )
        edits.buy_stake(ctx, netuid, hotkey, coldkey, stake.amount)


def _set_children(chain: Blockchain, made: Sequence[Subnet], child: Child) -> None:
    """Set the children of a hotkey, as its coldkey; they take effect after the chain's cooldown."""
    parts = [[part * WHOLE // PERCENT, keypair(uri).account] for uri, part in child.hotkeys.items()]
    netuid, hotkey = made[child.subnet - 1].netuid, keypair(child.parent).account
    with editing(chain) as ctx:
        owner = find_item(chain.runtime.pallets, "SubtensorModule", "Owner").read(ctx, [hotkey])
        _dispatch(
            chain, ctx, owner, "SubtensorModule.set_children", {"hotkey": hotkey, "netuid": netuid, "children": parts}
        )


def _dispatch(chain: Blockchain, ctx: Context, who: bytes | None, name: str, arguments: dict[str, Any]) -> None:
    """Run a call as an account, or as root for None, without a fee."""
    function = find_call(chain.runtime.pallets, *name.split("."))
    edits.dispatch_as(ctx, who, call_from_plain(function, arguments, Options(chain.runtime)))
