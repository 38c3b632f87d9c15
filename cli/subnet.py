"""`pysubtensor subnet`: list subnets with their prices; create a subnet, or join one with a neuron, with a preview."""

from __future__ import annotations

from typing import Any

import click

from ..runtime.pallets.subtensor.storage import Burn
from .amounts import Amount, ToleranceType, emit_amount_rows
from .client import Client
from .markets import ask, find_subnet, most, subnets
from .options import url_option
from .output import json_option
from .proposals import Proposal, call_named, propose
from .remote import Remote
from .secret import SecretCommand
from .sending import Sending
from .stake import hotkey_option, netuid_option, proposal_options


@click.group()
def subnet() -> None:
    """List subnets, create one, or join one with a neuron; transactions are shown before they are signed.

    \b
    pysubtensor subnet list
    pysubtensor subnet create --hotkey //Alice//hot --from //Alice
    pysubtensor subnet join --netuid 2 --hotkey //Bob//hot --from //Bob

    Everything else that can be done with subnets is in `pysubtensor tx subtensor-module` and `pysubtensor tx
    admin-utils`.
    """


@subnet.command("list")
@url_option
@json_option
def list_subnets(url: str) -> None:
    """List all subnets, with the prices of their alpha and the contents of their pools."""
    with Client(url) as client:
        remote = Remote(client)
        remote.check()
        found = subnets(remote)
        infos = {info.netuid: info for info in ask(remote, "SubnetInfoRuntimeApi.get_all_dynamic_info") if info}
    rows = [
        {
            "netuid": each.netuid,
            "name": each.name,
            "symbol": each.symbol,
            "price": Amount(each.price, "tao"),
            "tao_in_pool": Amount(infos[each.netuid].tao_in, "tao"),
            "alpha_in_pool": Amount(infos[each.netuid].alpha_in, each.unit),
            "tempo": infos[each.netuid].tempo,
        }
        for each in found
    ]
    emit_amount_rows(rows)


@subnet.command(cls=SecretCommand)
@hotkey_option("of the owner, which becomes the first neuron")
@proposal_options
def create(hotkey: bytes, yes: bool, **sending: Any) -> None:
    """Create a subnet that the signer owns, for the present price."""

    def plan(remote: Remote, account: bytes) -> Proposal:
        price = ask(remote, "SubnetRegistrationRuntimeApi.get_network_registration_cost")
        return Proposal(call_named("register_network", hotkey=hotkey), {"pays": Amount(price, "tao")})

    propose(Sending(**sending), yes, plan)


@subnet.command(cls=SecretCommand)
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
def join(netuid: str, hotkey: bytes, tolerance: int | None, yes: bool, **sending: Any) -> None:
    """Register a neuron on a subnet, for the present price."""

    def plan(remote: Remote, account: bytes) -> Proposal:
        chosen = find_subnet(subnets(remote), netuid)
        price = remote.storage(Burn, (chosen.netuid,))
        terms = {"netuid": chosen.netuid, "hotkey": hotkey}
        preview = {"subnet": str(chosen), "pays": Amount(price, "tao"), "price limit": None}
        if tolerance is None:
            return Proposal(call_named("burned_register", **terms), preview)
        limit = most(price, tolerance)
        preview["price limit"] = Amount(limit, "tao")
        return Proposal(call_named("register_limit", **terms, limit_price=limit), preview)

    propose(Sending(**sending), yes, plan)
