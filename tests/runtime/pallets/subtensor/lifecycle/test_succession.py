"""The change of a subnet's owner by conviction. Scenarios and numbers are those of the real pallet's tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.subtensor.coinbase.run_coinbase import drain_pending
from pysubtensor.runtime.pallets.subtensor.declared.events import SubnetOwnerChanged
from pysubtensor.runtime.pallets.subtensor.declared.limits import ONE_YEAR
from pysubtensor.runtime.pallets.subtensor.declared.types import LockState
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import create_account_if_non_existent
from pysubtensor.runtime.pallets.subtensor.lifecycle.succession import change_subnet_owner_if_needed, subnet_king
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import MaxAllowedUids
from pysubtensor.runtime.pallets.subtensor.storage.locks import (
    DecayingHotkeyLock,
    DecayingOwnerLock,
    HotkeyLock,
    OwnerLock,
)
from pysubtensor.runtime.pallets.subtensor.storage.networks import NetworkRegisteredAt, SubnetOwner, SubnetOwnerHotkey
from pysubtensor.runtime.pallets.subtensor.storage.neurons import Keys
from pysubtensor.runtime.pallets.subtensor.storage.pools import SubnetAlphaOut
from pysubtensor.runtime.pallets.subtensor.storage.tempo import LastEpochBlock, Tempo

from tests.world import ONE, AddNetwork, AddNeuron, GoTo, account

NETUID = 1
OWNER, OWNER_HOT, OTHER, KING = (account(number) for number in range(1, 5))
NOW = ONE_YEAR + 1


def locked(mass: int, conviction: int) -> LockState:
    return LockState(mass, conviction * ONE, NOW)


@pytest.fixture(autouse=True)
def old_subnet(ctx: Context, add_network: AddNetwork, add_neuron: AddNeuron, go_to: GoTo) -> None:
    """A subnet of exactly one year in which conviction for the king is a tenth of all alpha, which is just enough."""
    add_network(NETUID, 10, OWNER)
    add_neuron(NETUID, OWNER_HOT, OWNER)
    SubnetOwnerHotkey.put(ctx, NETUID, OWNER_HOT)
    create_account_if_non_existent(ctx, OTHER, KING)
    NetworkRegisteredAt.put(ctx, NETUID, 1)
    SubnetAlphaOut.put(ctx, NETUID, 10_000)
    HotkeyLock.put(ctx, NETUID, KING, locked(1_000, 1_000))
    go_to(NOW)
    ctx.block.events.clear()


def owners(ctx: Context) -> tuple[bytes, bytes]:
    return SubnetOwner.get(ctx, NETUID), SubnetOwnerHotkey.get(ctx, NETUID)


def test_the_king_becomes_a_neuron_and_its_coldkey_the_owner(ctx: Context) -> None:
    change_subnet_owner_if_needed(ctx, NETUID)
    assert owners(ctx) == (OTHER, KING)
    assert Keys.get(ctx, NETUID, 1) == KING
    assert OwnerLock.get(ctx, NETUID) == locked(1_000, 1_000)
    assert not HotkeyLock.contains(ctx, NETUID, KING)
    assert ctx.block.events == [SubnetOwnerChanged(NETUID, OWNER, OTHER)]


def test_the_new_owners_conviction_matures_at_once(ctx: Context) -> None:
    HotkeyLock.remove(ctx, NETUID, KING)
    DecayingHotkeyLock.put(ctx, NETUID, KING, locked(5_000, 1_000))
    change_subnet_owner_if_needed(ctx, NETUID)
    assert DecayingOwnerLock.get(ctx, NETUID) == locked(5_000, 5_000)


def test_locks_to_the_former_owner_become_those_to_any_hotkey(ctx: Context) -> None:
    OwnerLock.put(ctx, NETUID, locked(400, 400))
    DecayingOwnerLock.put(ctx, NETUID, locked(300, 300))
    change_subnet_owner_if_needed(ctx, NETUID)
    assert HotkeyLock.get(ctx, NETUID, OWNER_HOT) == locked(400, 400)
    assert DecayingHotkeyLock.get(ctx, NETUID, OWNER_HOT) == locked(300, 300)
    assert OwnerLock.get(ctx, NETUID) == locked(1_000, 1_000)
    assert DecayingOwnerLock.get(ctx, NETUID) is None


def test_the_owners_hotkey_of_another_coldkey_can_make_it_the_owner(ctx: Context) -> None:
    """Owners may choose any hotkey for their subnet; conviction for it counts for its coldkey."""
    HotkeyLock.remove(ctx, NETUID, KING)
    SubnetOwnerHotkey.put(ctx, NETUID, KING)
    DecayingOwnerLock.put(ctx, NETUID, locked(2_000, 2_000))
    change_subnet_owner_if_needed(ctx, NETUID)
    assert owners(ctx) == (OTHER, KING)
    assert DecayingOwnerLock.get(ctx, NETUID) == locked(2_000, 2_000)
    assert not DecayingHotkeyLock.contains(ctx, NETUID, KING)


def test_the_greatest_account_is_king_among_equal_convictions(ctx: Context) -> None:
    HotkeyLock.put(ctx, NETUID, OWNER_HOT, locked(1_000, 1_000))
    assert subnet_king(ctx, NETUID) == max(OWNER_HOT, KING)


def too_little_conviction(ctx: Context) -> None:
    SubnetAlphaOut.put(ctx, NETUID, 10_001)


def too_young(ctx: Context) -> None:
    NetworkRegisteredAt.put(ctx, NETUID, 2)


def no_alpha_outside_of_the_pool(ctx: Context) -> None:
    SubnetAlphaOut.put(ctx, NETUID, 0)


def more_conviction_for_the_owners_own_hotkey(ctx: Context) -> None:
    HotkeyLock.put(ctx, NETUID, OWNER_HOT, locked(1_001, 1_001))


def a_king_without_an_owner(ctx: Context) -> None:
    HotkeyLock.put(ctx, NETUID, account(9), locked(1_001, 1_001))


def no_room_for_the_king(ctx: Context) -> None:
    MaxAllowedUids.put(ctx, NETUID, 1)


@pytest.mark.parametrize(
    "prevented",
    [
        too_little_conviction,
        too_young,
        no_alpha_outside_of_the_pool,
        more_conviction_for_the_owners_own_hotkey,
        a_king_without_an_owner,
        no_room_for_the_king,
    ],
)
def test_without_enough_conviction_the_owner_stays(ctx: Context, prevented: Callable[[Context], None]) -> None:
    prevented(ctx)
    before = ctx.state.changes()
    change_subnet_owner_if_needed(ctx, NETUID)
    assert owners(ctx) == (OWNER, OWNER_HOT)
    assert ctx.state.changes() == before
    assert ctx.block.events == []


def test_the_owner_changes_when_an_epoch_is_due_before_it_runs(ctx: Context) -> None:
    Tempo.put(ctx, NETUID, 1)
    LastEpochBlock.put(ctx, NETUID, NOW - 1)
    assert set(drain_pending(ctx, [NETUID], NOW)) == {NETUID}
    assert owners(ctx) == (OTHER, KING)
    assert LastEpochBlock.get(ctx, NETUID) == NOW
