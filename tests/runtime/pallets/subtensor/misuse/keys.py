"""Misuse of SubtensorModule: swaps of hotkeys and coldkeys."""

from __future__ import annotations

from pysubtensor.runtime.crypto.hashing import blake2_256
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.origin import ROOT_ORIGIN as BY_ROOT
from pysubtensor.runtime.pallets.subtensor.declared.constants import KeySwapCost
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.keys.swap_coldkey import (
    announce_coldkey_swap,
    clear_coldkey_swap_announcement,
    dispute_coldkey_swap,
    swap_coldkey,
    swap_coldkey_announced,
)
from pysubtensor.runtime.pallets.subtensor.keys.swap_hotkey import swap_hotkey, swap_hotkey_v2
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import try_associate_hotkey
from pysubtensor.runtime.pallets.subtensor.ledger.subnet_accounts import get_subnet_account_id
from pysubtensor.runtime.pallets.subtensor.ledger.tao import get_coldkey_balance, transfer_tao
from pysubtensor.runtime.pallets.subtensor.storage.delegation import ChildKeys
from pysubtensor.runtime.pallets.subtensor.storage.rate_limits import TxRateLimit
from pysubtensor.runtime.pallets.subtensor.storage.root import RootClaimable

from tests.world import ALICE, BOB, CHARLIE, account

from .stake import HOTKEY, OWNERS_HOTKEY, UNOWNED_HOTKEY, pool, staked
from .table import NETUID, Attempt, Kind, Table, World

table = Table()

#: The new hotkey and coldkey, which have nothing.
NEW_HOTKEY, NEW_COLDKEY = account(50), account(51)
#: A block after the interval between two swaps on a subnet (15 blocks in these tests).
LATER_BLOCK = 20
#: Blocks from the announcement of a coldkey's swap to the swap, and until it may be announced again.
DELAY, AGAIN = 50, 10

HOTKEYS = ("swap_hotkey", "swap_hotkey_v2")


# --- hotkeys -------------------------------------------------------------------------------------------------------


def swapped(call: str, new: bytes = NEW_HOTKEY, netuid: int | None = NETUID, old: bytes = HOTKEY) -> Call:
    """Return the swap of a hotkey by either call."""
    if call == "swap_hotkey":
        return swap_hotkey.call(old, new, netuid)
    return swap_hotkey_v2.call(old, new, netuid, False)


def neuron(world: World) -> None:
    """Register Alice's hotkey, long after the last swap."""
    pool(world)
    world.neuron(HOTKEY, ALICE)
    world.go_to(LATER_BLOCK)


@table.misuse_of_each(HOTKEYS, Kind.EARLY, Error.NonAssociatedColdKey)
def before_it_has_an_owner(world: World, call: str) -> Attempt:
    neuron(world)
    return ALICE, swapped(call, old=UNOWNED_HOTKEY)


@table.misuse_of_each(HOTKEYS, Kind.FAST, Error.HotKeySwapOnSubnetIntervalNotPassed)
def within_the_interval_on_a_subnet(world: World, call: str) -> Attempt:
    neuron(world)
    world.do(ALICE, swapped(call))
    world.go_to(2 * LATER_BLOCK - 5)
    return ALICE, swapped(call, old=NEW_HOTKEY, new=account(52))


@table.misuse_of_each(HOTKEYS, Kind.FAST, Error.HotKeySetTxRateLimitExceeded)
def within_the_rate_limit_of_the_coldkey(world: World, call: str) -> Attempt:
    neuron(world)
    world.do(ALICE, swapped(call))
    TxRateLimit.put(world.ctx, 1_000)
    world.go_to(1_000)
    return ALICE, swapped(call, old=NEW_HOTKEY, new=account(52))


@table.misuse_of_each(HOTKEYS, Kind.MUCH, Error.NotEnoughBalanceToPaySwapHotKey)
def with_too_little_balance(world: World, call: str) -> Attempt:
    neuron(world)
    transfer_tao(world.ctx, ALICE, CHARLIE, get_coldkey_balance(world.ctx, ALICE) - 1_000)
    return ALICE, swapped(call)


@table.misuse_of_each(HOTKEYS, Kind.TWICE, Error.NewHotKeyIsSameWithOld)
def for_itself(world: World, call: str) -> Attempt:
    neuron(world)
    return ALICE, swapped(call, new=HOTKEY)


@table.misuse_of_each(HOTKEYS, Kind.TWICE, Error.NonAssociatedColdKey)
def for_the_hotkey_of_another(world: World, call: str) -> Attempt:
    neuron(world)
    return ALICE, swapped(call, new=OWNERS_HOTKEY)


@table.misuse_of_each(HOTKEYS, Kind.TWICE, Error.HotKeyAlreadyRegisteredInSubNet)
def for_a_neuron_of_the_subnet(world: World, call: str) -> Attempt:
    neuron(world)
    world.do(ALICE, try_associate_hotkey.call(NEW_HOTKEY))
    world.neuron(NEW_HOTKEY, ALICE)
    return ALICE, swapped(call)


@table.misuse_of_each(HOTKEYS, Kind.TWICE, Error.HotKeyAlreadyRegisteredInSubNet)
def everywhere_for_a_neuron(world: World, call: str) -> Attempt:
    neuron(world)
    world.do(ALICE, try_associate_hotkey.call(NEW_HOTKEY))
    world.neuron(NEW_HOTKEY, ALICE)
    return ALICE, swapped(call, netuid=None)


@table.misuse_of_each(HOTKEYS, Kind.TWICE, Error.NewHotKeyNotCleanForRootSwap)
def everywhere_for_one_with_dividends_of_root(world: World, call: str) -> Attempt:
    neuron(world)
    RootClaimable.put(world.ctx, NEW_HOTKEY, {NETUID: 1})
    return ALICE, swapped(call, netuid=None)


@table.misuse_of_each(HOTKEYS, Kind.TWICE, Error.InvalidChild)
def for_its_own_child(world: World, call: str) -> Attempt:
    neuron(world)
    ChildKeys.put(world.ctx, HOTKEY, NETUID, [(1, NEW_HOTKEY)])
    return ALICE, swapped(call)


@table.misuse_of_each(HOTKEYS, Kind.TWICE, Error.CannotUseSystemAccount)
def for_the_account_of_a_subnet(world: World, call: str) -> Attempt:
    neuron(world)
    subnets = get_subnet_account_id(world.ctx, NETUID)
    assert subnets is not None
    return ALICE, swapped(call, new=subnets)


table.never(Kind.LENGTHS, "they take no list", *HOTKEYS)


# --- coldkeys ------------------------------------------------------------------------------------------------------

ANNOUNCE, EXECUTE, DISPUTE = "announce_coldkey_swap", "swap_coldkey_announced", "dispute_coldkey_swap"
CLEAR, FORCE = "clear_coldkey_swap_announcement", "swap_coldkey"
ANNOUNCEMENT = announce_coldkey_swap.call(blake2_256(NEW_COLDKEY))


def announced(world: World, blocks: int = 0) -> None:
    """Announce the swap of Alice's coldkey, a number of blocks ago."""
    pool(world)
    world.do(ALICE, ANNOUNCEMENT)
    world.go_to(world.ctx.block.number + blocks)


@table.misuse(ANNOUNCE, Kind.FAST, Error.ColdkeySwapReannouncedTooEarly)
def announced_again_too_early(world: World) -> Attempt:
    announced(world, DELAY + AGAIN - 1)
    return ALICE, ANNOUNCEMENT


@table.misuse(ANNOUNCE, Kind.MUCH, Error.NotEnoughBalanceToPaySwapColdKey)
def announced_with_too_little_balance(world: World) -> Attempt:
    pool(world)
    cost = KeySwapCost.get(world.ctx)
    transfer_tao(world.ctx, ALICE, CHARLIE, get_coldkey_balance(world.ctx, ALICE) - cost)
    return ALICE, ANNOUNCEMENT  # the existential deposit must be left


@table.misuse(EXECUTE, Kind.EARLY, Error.ColdkeySwapTooEarly)
def made_before_the_delay(world: World) -> Attempt:
    announced(world, DELAY - 1)
    return ALICE, swap_coldkey_announced.call(NEW_COLDKEY)


@table.misuse(EXECUTE, Kind.EARLY, Error.ColdkeySwapAnnouncementNotFound)
def made_without_announcement(world: World) -> Attempt:
    pool(world)
    return ALICE, swap_coldkey_announced.call(NEW_COLDKEY)


@table.misuse(EXECUTE, Kind.MUCH, Error.AnnouncedColdkeyHashDoesNotMatch)
def made_to_another_coldkey(world: World) -> Attempt:
    announced(world, DELAY)
    return ALICE, swap_coldkey_announced.call(BOB)


@table.misuse(EXECUTE, Kind.TWICE, Error.NewColdKeyIsHotkey)
def made_to_a_hotkey(world: World) -> Attempt:
    announced(world, DELAY)
    world.do(CHARLIE, try_associate_hotkey.call(NEW_COLDKEY))
    return ALICE, swap_coldkey_announced.call(NEW_COLDKEY)


@table.misuse(DISPUTE, Kind.EARLY, Error.ColdkeySwapAnnouncementNotFound)
def disputed_without_announcement(world: World) -> Attempt:
    pool(world)
    return ALICE, dispute_coldkey_swap.call()


@table.misuse(DISPUTE, Kind.TWICE, Error.ColdkeySwapDisputed)
def disputed_twice(world: World) -> Attempt:
    announced(world)
    world.do(ALICE, dispute_coldkey_swap.call())
    return ALICE, dispute_coldkey_swap.call()  # the guard refuses every call of the account


@table.misuse(CLEAR, Kind.EARLY, Error.ColdkeySwapClearTooEarly)
def cleared_too_early(world: World) -> Attempt:
    announced(world, DELAY + AGAIN - 1)
    return ALICE, clear_coldkey_swap_announcement.call()


@table.misuse(CLEAR, Kind.EARLY, Error.ColdkeySwapAnnouncementNotFound)
def cleared_without_announcement(world: World) -> Attempt:
    pool(world)
    return ALICE, clear_coldkey_swap_announcement.call()


@table.misuse(FORCE, Kind.MUCH, Error.NotEnoughBalanceToPaySwapColdKey)
def forced_for_more_than_the_balance(world: World) -> Attempt:
    pool(world)
    return BY_ROOT, swap_coldkey.call(ALICE, NEW_COLDKEY, get_coldkey_balance(world.ctx, ALICE) + 1)


@table.misuse(FORCE, Kind.TWICE, Error.ColdKeyAlreadyAssociated)
def forced_to_a_coldkey_that_stakes(world: World) -> Attempt:
    staked(world)
    return BY_ROOT, swap_coldkey.call(CHARLIE, ALICE, 0)


table.never(Kind.EARLY, "a swap may be announced at any time", ANNOUNCE)
table.never(Kind.EARLY, "root decides when", FORCE)
table.never(Kind.FAST, "the delay after the announcement is its limit", EXECUTE, DISPUTE, CLEAR)
table.never(Kind.FAST, "root decides how often", FORCE)
table.never(Kind.MUCH, "they take no amount", DISPUTE, CLEAR)
table.never(Kind.LENGTHS, "they take no list", ANNOUNCE, EXECUTE, DISPUTE, CLEAR, FORCE)
table.never(Kind.TWICE, "the same coldkey may be announced again", ANNOUNCE)
table.never(Kind.TWICE, "after it was cleared there is none", CLEAR)
table.open_to_root("reset_coldkey_swap")
for kind in Kind:
    table.never(kind, "it always fails", "schedule_swap_coldkey")
