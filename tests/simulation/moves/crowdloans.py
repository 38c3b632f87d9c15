"""Moves about crowdloans, and the leases in which some of them end."""

from __future__ import annotations

from typing import Any

from pysubtensor.runtime.pallets.crowdloan.declared import Contributions, CrowdloanInfo, Crowdloans
from pysubtensor.runtime.pallets.subtensor.declared.types import SubnetLease
from pysubtensor.runtime.pallets.subtensor.storage.leases import SubnetLeases
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubtokenEnabled

from tests.world import TAO

from ..players import Move, Players, move


@move(3)
def create_crowdloan(players: Players) -> Move:
    number, chance = players.ctx.block.number, players.random
    arguments: dict[str, Any] = {"deposit": 10 * TAO + chance.randrange(TAO), "min_contribution": TAO // 10}
    arguments |= {"cap": chance.randint(60, 400) * TAO, "end": number + chance.randint(15, 60)}
    call, target = None, None
    if chance.random() < 0.7:
        end_block = chance.choice([None, number + chance.randint(20, 60)])
        share = {"emissions_share": chance.randrange(101), "end_block": end_block}
        call = players.chain.call("SubtensorModule.register_leased_network", **share)
    else:
        target = players.coldkey().account
    return players.coldkey(), "Crowdloan.create", arguments | {"call": call, "target_address": target}


def crowdloan(players: Players) -> tuple[int, CrowdloanInfo] | None:
    """Return one of the crowdloans that are not finalized."""
    found = [(number, each) for number, each in Crowdloans.items(players.ctx) if not each.finalized]
    return players.random.choice(found) if found else None


def by_creator(players: Players, name: str, **arguments: Any) -> Move:
    """Return a call of a crowdloan's creator, sometimes of another account."""
    if (found := crowdloan(players)) is None:
        return None
    creator = players.keys[found[1].creator] if players.random.random() < 0.95 else players.coldkey()
    return creator, f"Crowdloan.{name}", {"crowdloan_id": found[0], **arguments}


@move(16)
def contribute(players: Players) -> Move:
    if (found := crowdloan(players)) is None:
        return None
    arguments = {"crowdloan_id": found[0], "amount": players.random.randrange(TAO // 20, 200 * TAO)}
    return players.coldkey(), "Crowdloan.contribute", arguments


@move(3)
def withdraw(players: Players) -> Move:
    found = [(key, who) for key, _ in Contributions.items(players.ctx) if (who := players.keys.get(key[1]))]
    if not found:
        return None
    (number, _), who = players.random.choice(found)
    return who, "Crowdloan.withdraw", {"crowdloan_id": number}


@move(8)
def finalize(players: Players) -> Move:
    due = [(number, each) for number, each in Crowdloans.items(players.ctx) if each.raised == each.cap]
    open_ones = [(number, each) for number, each in due if not each.finalized]
    if not open_ones:
        return None
    number, each = players.random.choice(open_ones)
    return players.keys[each.creator], "Crowdloan.finalize", {"crowdloan_id": number}


@move(2)
def refund(players: Players) -> Move:
    return by_creator(players, "refund")


@move(4)
def dissolve(players: Players) -> Move:
    return by_creator(players, "dissolve")


@move(2)
def update_min_contribution(players: Players) -> Move:
    return by_creator(players, "update_min_contribution", new_min_contribution=players.random.randrange(TAO))


@move(1)
def update_end(players: Players) -> Move:
    end = players.ctx.block.number + players.random.randint(5, 40)
    return by_creator(players, "update_end", new_end=end)


@move(1)
def update_cap(players: Players) -> Move:
    return by_creator(players, "update_cap", new_cap=players.random.randint(50, 300) * TAO)


@move(2)
def set_max_contribution(players: Players) -> Move:
    most = players.random.choice([None, players.random.randint(20, 200) * TAO])
    return by_creator(players, "set_max_contribution", new_max_contribution=most)


# --- leases --------------------------------------------------------------------------------------------------------


def leases(players: Players) -> list[tuple[int, SubnetLease]]:
    """Return the leases whose beneficiary has a key, and their ids."""
    return [(number, each) for number, each in SubnetLeases.items(players.ctx) if each.beneficiary in players.keys]


@move(6)
def start_leased_subnet(players: Players) -> Move:
    """The beneficiary of a lease starts the subnet, as a proxy of the coldkey that owns it."""
    waiting = [each for _, each in leases(players) if not SubtokenEnabled.get(players.ctx, each.netuid)]
    if not waiting:
        return None
    each = players.random.choice(waiting)
    call = players.chain.call("SubtensorModule.start_call", netuid=each.netuid)
    arguments = {"real": each.coldkey, "force_proxy_type": None, "call": call}
    return players.keys[each.beneficiary], "Proxy.proxy", arguments


@move(6)
def terminate_lease(players: Players) -> Move:
    """A beneficiary takes over its subnet, sometimes too early."""
    found = leases(players)
    ended = [entry for entry in found if (entry[1].end_block or 1 << 32) <= players.ctx.block.number]
    if not found:
        return None
    number, each = players.random.choice(ended or found)
    beneficiary = players.keys[each.beneficiary]
    hotkeys = players.owned(beneficiary) or players.hotkeys
    arguments = {"lease_id": number, "hotkey": players.random.choice(hotkeys).account}
    return beneficiary, "SubtensorModule.terminate_lease", arguments
