"""`pysubtensor subnet`: a subnet of one's own, or a neuron on one, with a preview."""

from __future__ import annotations

from typing import Any

import click

from .amounts import ToleranceType
from .groups import Commands
from .secret import SecretCommand
from .send_options import Sending, proposal_options
from .stake import hotkey_option, netuid_option


class SubnetCommands(Commands):
    """The group, which knows where the list of subnets is."""

    def elsewhere(self, name: str) -> list[str]:
        return ["pysubtensor subnets"] if name in ("list", "ls", "show") else []


@click.group(cls=SubnetCommands)
def subnet() -> None:
    """Create a subnet, or join one with a neuron; transactions are shown before they are signed.

    \b
    pysubtensor subnet create --hotkey //Alice//hot --from //Alice
    pysubtensor subnet join --netuid 2 --hotkey //Bob//hot --from //Bob

    `pysubtensor subnets` lists all subnets. Everything else that can be done with them is in `pysubtensor tx
    subtensor-module` and `pysubtensor tx admin-utils`.
    """


@subnet.command("create", cls=SecretCommand)
@hotkey_option("of the owner, which becomes the first neuron")
@proposal_options
def create_(hotkey: bytes, yes: bool, **sending: Any) -> None:
    """Create a subnet that the signer owns, for the present price."""
    from .subnet_plans import create

    create(Sending(**sending), yes, hotkey)


@subnet.command("join", cls=SecretCommand)
@netuid_option
@hotkey_option("of the neuron")
@click.option(
    "--tolerance",
    type=ToleranceType(),
    default="5%",
    show_default=True,
    help="By how much the price may rise before the registration fails; any: without a bound.",
)
@proposal_options
def join_(netuid: str, hotkey: bytes, tolerance: int | None, yes: bool, **sending: Any) -> None:
    """Register a neuron on a subnet, for the present price."""
    from .subnet_plans import join

    join(Sending(**sending), yes, netuid, hotkey, tolerance)
