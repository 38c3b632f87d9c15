"""The swap of a coldkey: announced, made, disputed and cleared; rules and numbers of the chain's `swap_coldkey.rs`."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.crypto.hashing import blake2_256
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN
from pysubtensor.runtime.pallets.subtensor.declared import events
from pysubtensor.runtime.pallets.subtensor.declared.constants import KeySwapCost
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.types import ChainIdentityV2, LastTxBlock
from pysubtensor.runtime.pallets.subtensor.keys.locks import swap_coldkey_locks
from pysubtensor.runtime.pallets.subtensor.keys.swap_coldkey import (
    announce_coldkey_swap,
    clear_coldkey_swap_announcement,
    dispute_coldkey_swap,
    do_swap_coldkey,
    reset_coldkey_swap,
    schedule_swap_coldkey,
    swap_coldkey,
    swap_coldkey_announced,
)
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import create_account_if_non_existent
from pysubtensor.runtime.pallets.subtensor.staking.add import add_stake
from pysubtensor.runtime.pallets.subtensor.staking.claims import (
    get_root_owed_for_hotkey_coldkey_float,
    maybe_add_coldkey_index,
)
from pysubtensor.runtime.pallets.subtensor.staking.conviction import do_lock_stake
from pysubtensor.runtime.pallets.subtensor.storage.locks import Lock
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubnetOwner
from pysubtensor.runtime.pallets.subtensor.storage.rate_limits import LastRateLimitedBlock
from pysubtensor.runtime.pallets.subtensor.storage.root import (
    RootClaimable,
    RootClaimed,
    StakingColdkeys,
    StakingColdkeysByIndex,
)
from pysubtensor.runtime.pallets.subtensor.storage.serving import IdentitiesV2
from pysubtensor.runtime.pallets.subtensor.storage.staking import (
    AutoStakeDestination,
    AutoStakeDestinationColdkeys,
    OwnedHotkeys,
    Owner,
    StakingHotkeys,
)
from pysubtensor.runtime.pallets.subtensor.storage.swaps import ColdkeySwapAnnouncements, ColdkeySwapDisputes

from tests.runtime.pallets.subtensor.pools import free, give_stake, set_reserves, stake_of
from tests.world import ALICE, BOB, TAO, AddDynamicNetwork, AddNetwork, Dispatch, GoTo, RefusedCall, account, unchanged

HOT, OWNER_HOT, OWNER_COLD, SECOND_HOT, NEW, NEW_2 = (account(number) for number in range(1, 7))
#: The delays of the genuine tests: from the announcement to the swap, and on to another announcement.
DELAY, AGAIN = 50, 10


@pytest.fixture
def netuid(ctx: Context, add_dynamic_network: AddDynamicNetwork) -> int:
    """A started subnet with a deep pool."""
    netuid = add_dynamic_network(OWNER_HOT, OWNER_COLD)
    set_reserves(ctx, netuid, 1_000_000 * TAO, 1_000_000 * TAO)
    return netuid


@pytest.fixture
def announced(dispatch: Dispatch) -> None:
    """Alice has announced in block 1 that NEW replaces her coldkey."""
    dispatch(ALICE, announce_coldkey_swap.call(blake2_256(NEW)))


# --- announcements -------------------------------------------------------------------------------------------------


def test_an_announcement_costs_the_price_of_a_swap(ctx: Context, dispatch: Dispatch) -> None:
    before = free(ctx, ALICE)
    dispatch(ALICE, announce_coldkey_swap.call(blake2_256(NEW)))
    assert list(ColdkeySwapAnnouncements.items(ctx)) == [(ALICE, (1 + DELAY, blake2_256(NEW)))]
    assert before - free(ctx, ALICE) == KeySwapCost.get(ctx) == TAO
    assert ctx.block.events[-1] == events.ColdkeySwapAnnounced(ALICE, blake2_256(NEW))


def test_an_announcement_needs_the_price(ctx: Context, refused: RefusedCall) -> None:
    refused(account(99), announce_coldkey_swap.call(blake2_256(NEW)), Error.NotEnoughBalanceToPaySwapColdKey)


def test_another_announcement_comes_later_and_is_free(
    ctx: Context, announced: None, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo
) -> None:
    paid = free(ctx, ALICE)
    refused(ALICE, announce_coldkey_swap.call(blake2_256(NEW_2)), Error.ColdkeySwapReannouncedTooEarly)
    go_to(1 + DELAY + AGAIN - 1)
    refused(ALICE, announce_coldkey_swap.call(blake2_256(NEW_2)), Error.ColdkeySwapReannouncedTooEarly)
    go_to(1 + DELAY + AGAIN)
    dispatch(ALICE, announce_coldkey_swap.call(blake2_256(NEW_2)))
    assert ColdkeySwapAnnouncements.get(ctx, ALICE) == (1 + DELAY + AGAIN + DELAY, blake2_256(NEW_2))
    assert free(ctx, ALICE) == paid


def test_an_announcement_is_cleared_after_both_delays(
    ctx: Context, announced: None, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo
) -> None:
    refused(BOB, clear_coldkey_swap_announcement.call(), Error.ColdkeySwapAnnouncementNotFound)
    go_to(1 + DELAY + AGAIN - 1)
    refused(ALICE, clear_coldkey_swap_announcement.call(), Error.ColdkeySwapClearTooEarly)
    go_to(1 + DELAY + AGAIN)
    dispatch(ALICE, clear_coldkey_swap_announcement.call())
    assert not ColdkeySwapAnnouncements.contains(ctx, ALICE)
    assert ctx.block.events[-1] == events.ColdkeySwapCleared(ALICE)


def test_a_swap_is_disputed_once(ctx: Context, announced: None, dispatch: Dispatch, refused: RefusedCall) -> None:
    """After that the guard of coldkey swaps refuses every call of the coldkey."""
    refused(BOB, dispute_coldkey_swap.call(), Error.ColdkeySwapAnnouncementNotFound)
    dispatch(ALICE, dispute_coldkey_swap.call())
    assert ColdkeySwapDisputes.get(ctx, ALICE) == 1
    assert ctx.block.events[-1] == events.ColdkeySwapDisputed(ALICE)
    refused(ALICE, dispute_coldkey_swap.call(), Error.ColdkeySwapDisputed)
    refused(ALICE, swap_coldkey_announced.call(NEW), Error.ColdkeySwapDisputed)


def test_root_resets_announcement_and_dispute(
    ctx: Context, announced: None, dispatch: Dispatch, refused: RefusedCall
) -> None:
    dispatch(ALICE, dispute_coldkey_swap.call())
    refused(BOB, reset_coldkey_swap.call(ALICE), BadOrigin())
    refused(NONE, reset_coldkey_swap.call(ALICE), BadOrigin())
    dispatch(ROOT_ORIGIN, reset_coldkey_swap.call(ALICE))
    assert not ColdkeySwapAnnouncements.contains(ctx, ALICE)
    assert not ColdkeySwapDisputes.contains(ctx, ALICE)
    assert ctx.block.events[-1] == events.ColdkeySwapReset(ALICE)


@pytest.mark.parametrize(
    "call",
    [
        announce_coldkey_swap.call(bytes(32)),
        swap_coldkey_announced.call(NEW),
        dispute_coldkey_swap.call(),
        clear_coldkey_swap_announcement.call(),
    ],
    ids=lambda call: call.name,
)
@pytest.mark.parametrize("origin", [NONE, ROOT_ORIGIN], ids=["unsigned", "root"])
def test_only_the_coldkey_itself_announces_and_swaps(refused: RefusedCall, call: Call, origin: object) -> None:
    refused(origin, call, BadOrigin())  # type: ignore[arg-type]  # an origin of the two


def test_the_former_call_is_deprecated(refused: RefusedCall) -> None:
    refused(ROOT_ORIGIN, schedule_swap_coldkey.call(NEW), Error.Deprecated)


# --- the swap ------------------------------------------------------------------------------------------------------


def test_a_swap_is_made_after_the_delay_and_not_before(
    ctx: Context, announced: None, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo
) -> None:
    refused(ALICE, swap_coldkey_announced.call(NEW), Error.ColdkeySwapTooEarly)
    go_to(DELAY)
    refused(ALICE, swap_coldkey_announced.call(NEW), Error.ColdkeySwapTooEarly)
    go_to(1 + DELAY)
    dispatch(ALICE, swap_coldkey_announced.call(NEW))
    assert not ColdkeySwapAnnouncements.contains(ctx, ALICE)
    assert events.ColdkeySwapped(ALICE, NEW) in ctx.block.events


def test_a_swap_needs_an_announcement_of_this_coldkey(announced: None, refused: RefusedCall, go_to: GoTo) -> None:
    go_to(1 + DELAY)
    refused(BOB, swap_coldkey_announced.call(NEW), Error.ColdkeySwapAnnouncementNotFound)
    refused(ALICE, swap_coldkey_announced.call(NEW_2), Error.AnnouncedColdkeyHashDoesNotMatch)


def test_the_new_coldkey_neither_stakes_nor_is_a_hotkey(
    ctx: Context, netuid: int, announced: None, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo
) -> None:
    go_to(1 + DELAY)
    create_account_if_non_existent(ctx, BOB, NEW)
    refused(ALICE, swap_coldkey_announced.call(NEW), Error.NewColdKeyIsHotkey)
    StakingHotkeys.put(ctx, NEW, [HOT])
    refused(ALICE, swap_coldkey_announced.call(NEW), Error.ColdKeyAlreadyAssociated)


def test_everything_goes_over_to_the_new_coldkey(
    ctx: Context, netuid: int, announced: None, dispatch: Dispatch, go_to: GoTo
) -> None:
    """Stake of 10, 20 and 30 times the minimum on three hotkeys, of which one is foreign; subnet, identity, balance."""
    identity = ChainIdentityV2(*([b"of Alice"] * 7))
    IdentitiesV2.put(ctx, ALICE, identity)
    SubnetOwner.put(ctx, netuid, ALICE)
    create_account_if_non_existent(ctx, BOB, OWNER_HOT)
    hotkeys = {HOT: 20_000_000, SECOND_HOT: 40_000_000, OWNER_HOT: 60_000_000}
    for hotkey, alpha in hotkeys.items():
        give_stake(ctx, hotkey, ALICE, netuid, alpha)
    AutoStakeDestination.put(ctx, ALICE, netuid, HOT)
    AutoStakeDestinationColdkeys.put(ctx, HOT, netuid, [ALICE, BOB])
    balance = free(ctx, ALICE)
    go_to(1 + DELAY)
    dispatch(ALICE, swap_coldkey_announced.call(NEW))
    for hotkey, alpha in hotkeys.items():
        assert (stake_of(ctx, hotkey, ALICE, netuid), stake_of(ctx, hotkey, NEW, netuid)) == (0, alpha)
    assert (free(ctx, ALICE), free(ctx, NEW)) == (0, balance)
    assert (StakingHotkeys.get(ctx, ALICE), StakingHotkeys.get(ctx, NEW)) == ([], list(hotkeys))
    assert (OwnedHotkeys.get(ctx, ALICE), OwnedHotkeys.get(ctx, NEW)) == ([], [HOT, SECOND_HOT])
    assert Owner.get(ctx, HOT) == Owner.get(ctx, SECOND_HOT) == SubnetOwner.get(ctx, netuid) == NEW
    assert (IdentitiesV2.get(ctx, ALICE), IdentitiesV2.get(ctx, NEW)) == (None, identity)
    assert AutoStakeDestination.get(ctx, NEW, netuid) == HOT
    assert AutoStakeDestinationColdkeys.get(ctx, HOT, netuid) == [BOB, NEW]
    assert LastRateLimitedBlock.get(ctx, LastTxBlock(NEW)) == 1 + DELAY


def test_an_identity_of_the_new_coldkey_is_kept(ctx: Context, netuid: int) -> None:
    old, new = (ChainIdentityV2(*([name] * 7)) for name in (b"old", b"new"))
    IdentitiesV2.put(ctx, ALICE, old)
    IdentitiesV2.put(ctx, NEW, new)
    do_swap_coldkey(ctx, ALICE, NEW)
    assert (IdentitiesV2.get(ctx, ALICE), IdentitiesV2.get(ctx, NEW)) == (old, new)


def test_the_stake_of_nominators_stays(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    create_account_if_non_existent(ctx, ALICE, HOT)
    for who in (ALICE, BOB):
        dispatch(who, add_stake.call(HOT, netuid, 100 * TAO))
    owner, nominator = stake_of(ctx, HOT, ALICE, netuid), stake_of(ctx, HOT, BOB, netuid)
    do_swap_coldkey(ctx, ALICE, NEW)
    assert stake_of(ctx, HOT, NEW, netuid) == pytest.approx(owner, abs=500)
    assert stake_of(ctx, HOT, BOB, netuid) == pytest.approx(nominator, abs=500)
    assert stake_of(ctx, HOT, ALICE, netuid) == 0


def test_half_of_all_tao_that_can_exist_goes_over(ctx: Context, netuid: int) -> None:
    most = (21_000_000 * TAO - 2 * 500 - 100) // 2
    give_stake(ctx, HOT, ALICE, netuid, most)
    do_swap_coldkey(ctx, ALICE, NEW)
    assert (stake_of(ctx, HOT, ALICE, netuid), stake_of(ctx, HOT, NEW, netuid)) == (0, most)


def test_locked_alpha_goes_over_with_its_lock(ctx: Context, netuid: int) -> None:
    give_stake(ctx, HOT, ALICE, netuid, 20_000_000)
    do_lock_stake(ctx, ALICE, netuid, HOT, 10_000_000)
    lock = Lock.get(ctx, (ALICE, netuid, HOT))
    do_swap_coldkey(ctx, ALICE, NEW)
    assert Lock.get(ctx, (ALICE, netuid, HOT)) is None
    assert Lock.get(ctx, (NEW, netuid, HOT)) == lock


def test_a_new_coldkey_with_locked_alpha_is_refused(
    ctx: Context, netuid: int, announced: None, refused: RefusedCall, go_to: GoTo
) -> None:
    give_stake(ctx, OWNER_HOT, NEW, netuid, 20_000_000)
    do_lock_stake(ctx, NEW, netuid, OWNER_HOT, 10_000_000)
    StakingHotkeys.put(ctx, NEW, [])
    go_to(1 + DELAY)
    refused(ALICE, swap_coldkey_announced.call(NEW), Error.ActiveLockExists)


def test_locks_do_not_go_over_to_a_coldkey_that_rejects_them(ctx: Context, netuid: int) -> None:
    give_stake(ctx, HOT, ALICE, netuid, 20_000_000)
    do_lock_stake(ctx, ALICE, netuid, HOT, 10_000_000)
    with unchanged(ctx) as raised:  # a swap lets the new coldkey accept them first
        swap_coldkey_locks(ctx, ALICE, NEW)
    assert str(raised.value) == "Error.AccountRejectsLockedAlpha"


# --- root ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("price", [0, 5 * TAO])
def test_root_swaps_at_once_for_any_price(ctx: Context, announced: None, dispatch: Dispatch, price: int) -> None:
    """It ends the announcement and a dispute."""
    balance = free(ctx, ALICE)
    ColdkeySwapDisputes.put(ctx, ALICE, 1)
    dispatch(ROOT_ORIGIN, swap_coldkey.call(ALICE, NEW, price))
    assert (free(ctx, ALICE), free(ctx, NEW)) == (0, balance - price)
    assert not ColdkeySwapAnnouncements.contains(ctx, ALICE)
    assert not ColdkeySwapDisputes.contains(ctx, ALICE)


def test_a_swap_by_root_needs_root_and_the_price(refused: RefusedCall) -> None:
    refused(ALICE, swap_coldkey.call(ALICE, NEW, 0), BadOrigin())
    refused(ROOT_ORIGIN, swap_coldkey.call(ALICE, NEW, 1_001 * TAO), Error.NotEnoughBalanceToPaySwapColdKey)


# --- dividends of root ---------------------------------------------------------------------------------------------


@pytest.fixture
def root_stake(ctx: Context, netuid: int, add_network: AddNetwork) -> None:
    """Alice's stake of 2,000,000 rao on root has earned 1,000,000 alpha, and claimed them."""
    add_network(0, 0)
    give_stake(ctx, HOT, ALICE, 0, 2_000_000)
    maybe_add_coldkey_index(ctx, ALICE)
    RootClaimable.put(ctx, HOT, {netuid: 1 << 31})
    RootClaimed.put(ctx, (netuid, HOT, ALICE), 1_000_000)


def test_claims_and_the_place_among_stakers_go_over(ctx: Context, netuid: int, root_stake: None) -> None:
    give_stake(ctx, HOT, ALICE, netuid, 1_000)
    do_swap_coldkey(ctx, ALICE, NEW)
    assert RootClaimed.get(ctx, (netuid, HOT, ALICE)) == 0
    assert RootClaimed.get(ctx, (netuid, HOT, NEW)) == 1_000_000
    assert not StakingColdkeys.contains(ctx, ALICE)
    assert StakingColdkeysByIndex.get(ctx, StakingColdkeys.get(ctx, NEW)) == NEW


def test_claims_on_a_subnet_without_stake_stay_behind_and_can_be_claimed_again(
    ctx: Context, netuid: int, root_stake: None
) -> None:
    """As on the chain: `transfer_coldkey_stake` moves a claim only with stake on the claim's own subnet."""
    do_swap_coldkey(ctx, ALICE, NEW)
    assert RootClaimed.get(ctx, (netuid, HOT, ALICE)) == 1_000_000
    assert RootClaimed.get(ctx, (netuid, HOT, NEW)) == 0
    assert get_root_owed_for_hotkey_coldkey_float(ctx, HOT, NEW, netuid) == 1_000_000 << 32
