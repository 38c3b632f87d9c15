"""Plans of `pysubtensor subnet`: calls with their previews."""

from __future__ import annotations

from ..runtime.pallets.subtensor.storage import Burn
from .amounts import Amount
from .markets import ask, find_subnet, most, subnets
from .proposals import Proposal, call_named, propose
from .remote import Remote
from .send_options import Sending


def create(how: Sending, yes: bool, hotkey: bytes) -> None:
    """Create a subnet of the signer."""

    def plan(remote: Remote, account: bytes) -> Proposal:
        price = ask(remote, "SubnetRegistrationRuntimeApi.get_network_registration_cost")
        return Proposal(call_named("register_network", hotkey=hotkey), {"pays": Amount(price, "tao")})

    propose(how, yes, plan)


def join(how: Sending, yes: bool, netuid: str, hotkey: bytes, tolerance: int | None) -> None:
    """Register a neuron of the signer."""

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

    propose(how, yes, plan)
