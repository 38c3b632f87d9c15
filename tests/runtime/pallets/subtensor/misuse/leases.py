"""Misuse of SubtensorModule: subnets that a crowdloan pays for."""

from __future__ import annotations

from pysubtensor.runtime.pallets.crowdloan import declared as crowdloan
from pysubtensor.runtime.pallets.crowdloan.calls import contribute, create, finalize
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import try_associate_hotkey
from pysubtensor.runtime.pallets.subtensor.lifecycle.leases import register_leased_network, terminate_lease
from pysubtensor.runtime.pallets.subtensor.subnets.networks import get_network_lock_cost

from tests.world import ALICE, CHARLIE, TAO, account

from .table import Attempt, Kind, Table, World

table = Table()

REGISTER, TERMINATE = "register_leased_network", "terminate_lease"
HOTKEY, ANOTHERS_HOTKEY = account(60), account(61)
#: The block in which a lease ends, and the blocks until a crowdloan does.
END, DURATION = 500, 60_000


def raised(world: World, end_block: int | None) -> int:
    """Raise the price of a subnet for Alice; the crowdloan's call registers it. Return the crowdloan's id."""
    cost = get_network_lock_cost(world.ctx) + TAO
    call = register_leased_network.call(30, end_block)
    deposit, end = 10 * TAO, world.ctx.block.number + DURATION
    world.do(ALICE, create.call(deposit, TAO, cost, end, call, None))
    world.do(CHARLIE, contribute.call(0, cost))
    return 0


def leased(world: World, end_block: int | None = END) -> int:
    """Lease a subnet to Alice, who has a hotkey; return the id of the lease."""
    world.subnet(0)
    world.do(ALICE, finalize.call(raised(world, end_block)))
    world.do(ALICE, try_associate_hotkey.call(HOTKEY))
    world.do(CHARLIE, try_associate_hotkey.call(ANOTHERS_HOTKEY))
    return 0


@table.misuse(REGISTER, Kind.EARLY, crowdloan.Error.InvalidCrowdloanId)
def outside_of_a_crowdloan(world: World) -> Attempt:
    raised(world, END)
    return ALICE, register_leased_network.call(30, END)


@table.misuse(REGISTER, Kind.EARLY, Error.LeaseCannotEndInThePast)
def with_an_end_that_has_come(world: World) -> Attempt:
    crowdloan.CurrentCrowdloanId.put(world.ctx, raised(world, END))
    world.go_to(END)
    return ALICE, register_leased_network.call(30, END)


@table.misuse(REGISTER, Kind.MUCH, Error.CannotAffordLockCost)
def for_less_than_the_price(world: World) -> Attempt:
    world.subnet(0)
    end = world.ctx.block.number + DURATION
    world.do(ALICE, create.call(10 * TAO, TAO, 20 * TAO, end, register_leased_network.call(30, None), None))
    world.do(CHARLIE, contribute.call(0, 10 * TAO))
    crowdloan.CurrentCrowdloanId.put(world.ctx, 0)
    return ALICE, register_leased_network.call(30, None)


@table.misuse(TERMINATE, Kind.EARLY, Error.LeaseHasNotEnded)
def before_the_end_of_the_lease(world: World) -> Attempt:
    lease = leased(world)
    world.go_to(END - 1)
    return ALICE, terminate_lease.call(lease, HOTKEY)


@table.misuse(TERMINATE, Kind.EARLY, Error.LeaseHasNoEndBlock)
def of_a_lease_without_end(world: World) -> Attempt:
    return ALICE, terminate_lease.call(leased(world, None), HOTKEY)


@table.misuse(TERMINATE, Kind.EARLY, Error.LeaseDoesNotExist)
def of_no_lease(world: World) -> Attempt:
    return ALICE, terminate_lease.call(leased(world) + 1, HOTKEY)


@table.misuse(TERMINATE, Kind.MUCH, Error.ExpectedBeneficiaryOrigin)
def of_the_lease_of_another(world: World) -> Attempt:
    lease = leased(world)
    world.go_to(END)
    return CHARLIE, terminate_lease.call(lease, ANOTHERS_HOTKEY)


@table.misuse(TERMINATE, Kind.MUCH, Error.BeneficiaryDoesNotOwnHotkey)
def with_the_hotkey_of_another(world: World) -> Attempt:
    lease = leased(world)
    world.go_to(END)
    return ALICE, terminate_lease.call(lease, ANOTHERS_HOTKEY)


@table.misuse(TERMINATE, Kind.TWICE, Error.LeaseDoesNotExist)
def twice(world: World) -> Attempt:
    lease = leased(world)
    world.go_to(END)
    world.do(ALICE, terminate_lease.call(lease, HOTKEY))
    return ALICE, terminate_lease.call(lease, HOTKEY)


table.never(Kind.FAST, "a crowdloan is finalized once", REGISTER)
table.never(Kind.FAST, "a lease ends once", TERMINATE)
table.never(Kind.LENGTHS, "they take no list", REGISTER, TERMINATE)
table.never(Kind.TWICE, "a crowdloan is finalized once", REGISTER)
