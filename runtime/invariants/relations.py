"""What is stored twice agrees: locks and their list, parents and children, the list of stakers on root, leases.

A coldkey has one lock on a subnet, on no more alpha than it has there. The stored sums of perpetual locks are those of
the locks, but for locks that were so small that they count as none. Those of decaying locks are not, as on the real
chain: it rounds each on its own, and advances some sums later than their locks. And where a hotkey to which there are
locks is swapped for another to which there are some, or for the owner's, its sums replace those of the other, instead
of being added (`swap_hotkey_locks_for_netuids` in the chain's `lock.rs`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ...consensus.integers import U64_MAX
from ..frame.context import Context
from ..pallets.subtensor import storage
from ..pallets.subtensor.ledger.share_pool import total_coldkey_alpha_on_subnet
from ..pallets.subtensor.staking import conviction
from .violation import Violation

#: What small locks that were dropped may have had together, in billionths of an alpha; one has less than 100.
SMALL_LOCKS = 1_000


def find_violations(ctx: Context) -> Iterator[Violation]:
    """Yield all violations."""
    yield from _check_locks(ctx)
    yield from _check_sums_of_locks(ctx)
    yield from _check_children(ctx)
    yield from _check_root_stakers(ctx)


# --- locks ---------------------------------------------------------------------------------------------------------


def _check_locks(ctx: Context) -> Iterator[Violation]:
    """Yield violations of the list of locks, and of what each coldkey has locked."""
    locks = {key for key, _ in storage.Lock.items(ctx)}
    listed = {(coldkey, netuid, hotkey) for (netuid, hotkey, coldkey), _ in storage.LockingColdkeys.items(ctx)}
    for coldkey, netuid, hotkey in sorted(locks ^ listed):
        message = f"the lock of {coldkey.hex()} to {hotkey.hex()} on subnet {netuid} is not both stored and listed"
        yield Violation(("lock", coldkey, netuid, hotkey), 1, message)
    for (coldkey, netuid), count in Counter(key[:2] for key in locks).items():
        if count > 1:
            message = f"{coldkey.hex()} has {count} locks on subnet {netuid}"
            yield Violation(("number of locks", coldkey, netuid), count - 1, message)
        locked = conviction.get_current_locked(ctx, coldkey, netuid)
        staked = total_coldkey_alpha_on_subnet(ctx, coldkey, netuid) + len(storage.StakingHotkeys.get(ctx, coldkey))
        if locked > staked:
            message = f"{coldkey.hex()} has locked {locked} alpha of the {staked} that it has on subnet {netuid}"
            yield Violation(("locked", coldkey, netuid), locked - staked, message)


def _check_sums_of_locks(ctx: Context) -> Iterator[Violation]:
    """Yield violations of the alpha that perpetual locks have on each subnet."""
    locked, counted = Counter[int](), Counter[int]()
    for (coldkey, netuid, _), lock in storage.Lock.items(ctx):
        if storage.DecayingLock.get(ctx, coldkey, netuid) is False:
            locked[netuid] += lock.locked_mass
    for (netuid, _), total in storage.HotkeyLock.items(ctx):
        counted[netuid] += total.locked_mass
    for netuid, total in storage.OwnerLock.items(ctx):
        counted[netuid] += total.locked_mass
    for netuid in sorted(locked.keys() | counted.keys()):
        difference = counted[netuid] - locked[netuid]
        if abs(difference) > SMALL_LOCKS:
            message = f"perpetual locks on subnet {netuid} have {locked[netuid]} alpha, their sums {counted[netuid]}"
            yield Violation(("perpetual locks", netuid), difference, message)


# --- children ------------------------------------------------------------------------------------------------------


def _check_children(ctx: Context) -> Iterator[Violation]:
    """Yield violations of children: each relation is stored with both, and a parent gives at most all of its stake."""
    down, up = {}, {}
    for (parent, netuid), edges in storage.ChildKeys.items(ctx):
        down.update({(netuid, parent, child): part for part, child in edges})
        given = sum(part for part, _ in edges)
        if given > U64_MAX:
            message = f"{parent.hex()} gives {given} of its stake on subnet {netuid} to children, of 2^64 - 1"
            yield Violation(("given", netuid, parent), given - U64_MAX, message)
    for (child, netuid), edges in storage.ParentKeys.items(ctx):
        up.update({(netuid, parent, child): part for part, parent in edges})
    for edge in sorted(down.keys() | up.keys()):
        if down.get(edge) != up.get(edge):
            netuid, parent, child = edge
            message = (
                f"{parent.hex()} gives {down.get(edge)} of its stake on subnet {netuid} to {child.hex()}, "
                f"which receives {up.get(edge)}"
            )
            yield Violation(("child", *edge), 1, message)


# --- stakers on root -----------------------------------------------------------------------------------------------


def _check_root_stakers(ctx: Context) -> Iterator[Violation]:
    """Yield violations of the list for automatic claims: its indices are those below its length, each used once."""
    by_index, count = dict(storage.StakingColdkeysByIndex.items(ctx)), storage.NumStakingColdkeys.get(ctx)
    by_coldkey = {index: coldkey for coldkey, index in storage.StakingColdkeys.items(ctx)}
    if by_index != by_coldkey or by_index.keys() != set(range(count)):
        message = f"the list of stakers on root has {len(by_index)} entries and {len(by_coldkey)} indices of {count}"
        yield Violation(("stakers on root",), 1, message)
