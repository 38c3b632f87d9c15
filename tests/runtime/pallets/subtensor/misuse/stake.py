"""Misuse of SubtensorModule: stake and the faucet."""

from __future__ import annotations

from pysubtensor.consensus.safe_float import SafeFloat
from pysubtensor.runtime.pallets.subtensor.declared.constants import InitialMinStake
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import try_associate_hotkey
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import get_stake_for_hotkey_and_coldkey_on_subnet
from pysubtensor.runtime.pallets.subtensor.ledger.tao import get_coldkey_balance
from pysubtensor.runtime.pallets.subtensor.neurons.faucet import create_seal_hash, faucet
from pysubtensor.runtime.pallets.subtensor.staking.add import add_stake
from pysubtensor.runtime.pallets.subtensor.staking.conviction import do_lock_stake
from pysubtensor.runtime.pallets.subtensor.staking.remove import remove_stake
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubtokenEnabled
from pysubtensor.runtime.pallets.subtensor.storage.pools import SubnetAlphaIn, SubnetTAO
from pysubtensor.runtime.pallets.subtensor.storage.staking import TotalHotkeySharesV2
from pysubtensor.runtime.pallets.system import BlockHash

from tests.world import ALICE, TAO, account

from .table import NETUID, OWNER, STRANGER, Attempt, Kind, Table, World

table = Table()

HOTKEY, OWNERS_HOTKEY, UNOWNED_HOTKEY = (account(number) for number in (7, 8, 9))
#: The least reserve of the coin that a pool pays out, and the greatest input in multiples of the reserve.
LEAST_RESERVE, MOST_PAID_IN = 10**6, 1_000
#: The price at which trades are refused, in TAO for one alpha.
DEAREST = 10**6


def pool(world: World) -> None:
    """Create a started subnet with a pool of 100 TAO, and a hotkey of Alice."""
    assert world.add_dynamic_network(OWNERS_HOTKEY, OWNER) == NETUID
    world.do(ALICE, try_associate_hotkey.call(HOTKEY))


def staked(world: World) -> int:
    """Add stake of ten TAO to Alice's hotkey; return it in alpha."""
    pool(world)
    world.do(ALICE, add_stake.call(HOTKEY, NETUID, 10 * TAO))
    return get_stake_for_hotkey_and_coldkey_on_subnet(world.ctx, HOTKEY, ALICE, NETUID)


ADD, REMOVE = "add_stake", "remove_stake"


# --- staking -------------------------------------------------------------------------------------------------------


@table.misuse(ADD, Kind.EARLY, Error.SubtokenDisabled)
def before_the_subnet_is_started(world: World) -> Attempt:
    pool(world)
    SubtokenEnabled.put(world.ctx, NETUID, False)
    return ALICE, add_stake.call(HOTKEY, NETUID, TAO)


@table.misuse(ADD, Kind.EARLY, Error.HotKeyAccountNotExists)
def before_the_hotkey_has_an_owner(world: World) -> Attempt:
    pool(world)
    return ALICE, add_stake.call(UNOWNED_HOTKEY, NETUID, TAO)


@table.misuse(ADD, Kind.MUCH, Error.AmountTooLow)
def nothing(world: World) -> Attempt:
    pool(world)
    return ALICE, add_stake.call(HOTKEY, NETUID, 0)


@table.misuse(ADD, Kind.MUCH, Error.AmountTooLow)
def the_least_stake_without_the_fee_on_it(world: World) -> Attempt:
    pool(world)
    return ALICE, add_stake.call(HOTKEY, NETUID, InitialMinStake.get(world.ctx))


@table.misuse(ADD, Kind.MUCH, Error.NotEnoughBalanceToStake)
def more_than_the_balance(world: World) -> Attempt:
    pool(world)
    return ALICE, add_stake.call(HOTKEY, NETUID, get_coldkey_balance(world.ctx, ALICE) + 1)


@table.misuse(ADD, Kind.MUCH, Error.InsufficientLiquidity)
def more_than_a_thousand_times_the_pools_tao(world: World) -> Attempt:
    pool(world)
    SubnetTAO.put(world.ctx, NETUID, TAO // MOST_PAID_IN - 1)
    return ALICE, add_stake.call(HOTKEY, NETUID, TAO)


@table.misuse(ADD, Kind.MUCH, Error.InsufficientLiquidity)
def of_a_pool_with_too_little_alpha(world: World) -> Attempt:
    pool(world)
    SubnetAlphaIn.put(world.ctx, NETUID, LEAST_RESERVE - 1)
    return ALICE, add_stake.call(HOTKEY, NETUID, TAO)


@table.misuse(ADD, Kind.MUCH, Error.InsufficientLiquidity)
def of_a_pool_whose_alpha_costs_more_than_any_may(world: World) -> Attempt:
    pool(world)
    SubnetTAO.put(world.ctx, NETUID, DEAREST * LEAST_RESERVE)
    SubnetAlphaIn.put(world.ctx, NETUID, LEAST_RESERVE)
    return ALICE, add_stake.call(HOTKEY, NETUID, TAO)


@table.misuse(ADD, Kind.MUCH, Error.InsufficientLiquidity)
def where_shares_have_lost_their_alpha(world: World) -> Attempt:
    pool(world)
    TotalHotkeySharesV2.put(world.ctx, HOTKEY, NETUID, SafeFloat.from_u64(1))
    return ALICE, add_stake.call(HOTKEY, NETUID, TAO)


table.never(Kind.FAST, "stake is added as often as one pays for it", ADD)
table.never(Kind.LENGTHS, "it takes no list", ADD)
table.never(Kind.TWICE, "new stake comes on top of what is there", ADD)


# --- unstaking -----------------------------------------------------------------------------------------------------


@table.misuse(REMOVE, Kind.EARLY, Error.SubtokenDisabled)
def while_alpha_is_not_traded(world: World) -> Attempt:
    alpha = staked(world)
    SubtokenEnabled.put(world.ctx, NETUID, False)
    return ALICE, remove_stake.call(HOTKEY, NETUID, alpha)


@table.misuse(REMOVE, Kind.MUCH, Error.AmountTooLow)
def no_alpha(world: World) -> Attempt:
    staked(world)
    return ALICE, remove_stake.call(HOTKEY, NETUID, 0)


@table.misuse(REMOVE, Kind.MUCH, Error.AmountTooLow)
def some_of_no_stake(world: World) -> Attempt:
    alpha = staked(world)
    return STRANGER, remove_stake.call(HOTKEY, NETUID, alpha)


@table.misuse(REMOVE, Kind.MUCH, Error.AmountTooLow)
def a_part_that_brings_less_than_the_least_stake(world: World) -> Attempt:
    alpha = staked(world)
    return ALICE, remove_stake.call(HOTKEY, NETUID, alpha // 10_000)


@table.misuse(REMOVE, Kind.MUCH, Error.InsufficientLiquidity)
def more_than_a_thousand_times_the_pools_alpha(world: World) -> Attempt:
    alpha = staked(world)
    SubnetAlphaIn.put(world.ctx, NETUID, alpha // MOST_PAID_IN - 1)
    return ALICE, remove_stake.call(HOTKEY, NETUID, alpha)


@table.misuse(REMOVE, Kind.MUCH, Error.InsufficientLiquidity)
def of_a_pool_with_too_little_tao(world: World) -> Attempt:
    alpha = staked(world)
    SubnetTAO.put(world.ctx, NETUID, LEAST_RESERVE - 1)
    return ALICE, remove_stake.call(HOTKEY, NETUID, alpha)


@table.misuse(REMOVE, Kind.MUCH, Error.StakeUnavailable)
def more_than_is_not_locked(world: World) -> Attempt:
    alpha = staked(world)
    do_lock_stake(world.ctx, ALICE, NETUID, HOTKEY, alpha // 2)
    return ALICE, remove_stake.call(HOTKEY, NETUID, alpha - alpha // 2 + 1)


table.never(Kind.FAST, "stake is removed as often as one pays for it", REMOVE)
table.never(Kind.LENGTHS, "it takes no list", REMOVE)
table.never(Kind.TWICE, "parts are removed one after the other; more than is left takes all", REMOVE)


# --- the faucet ----------------------------------------------------------------------------------------------------

BLOCK, BLOCK_HASH = 7, bytes(range(32))
#: The least nonce that satisfies the difficulty for Alice and this block, and its work.
NONCE = 943_018
WORK = bytes.fromhex("b1f59df7ebc9f1ad9b9af13ae037cbd16376adeb67fb02a946e198739e010000")
#: Blocks for which work is valid.
LIFETIME = 3


def sealed_block(world: World, now: int = BLOCK) -> None:
    """Store the hash of the block that Alice's work is for, and go to block `now`."""
    BlockHash.put(world.ctx, BLOCK, BLOCK_HASH)
    world.go_to(now)


@table.misuse("faucet", Kind.EARLY, Error.InvalidWorkBlock)
def for_a_block_to_come(world: World) -> Attempt:
    sealed_block(world, now=BLOCK - 1)
    return ALICE, faucet.call(BLOCK, NONCE, WORK)


@table.misuse("faucet", Kind.EARLY, Error.InvalidWorkBlock)
def for_a_block_of_long_ago(world: World) -> Attempt:
    sealed_block(world, now=BLOCK + LIFETIME)
    return ALICE, faucet.call(BLOCK, NONCE, WORK)


@table.misuse("faucet", Kind.MUCH, Error.InvalidDifficulty)
def too_little_work(world: World) -> Attempt:
    sealed_block(world)
    return ALICE, faucet.call(BLOCK, 0, create_seal_hash(world.ctx, BLOCK, 0, ALICE))


@table.misuse("faucet", Kind.MUCH, Error.InvalidSeal)
def work_of_another_nonce(world: World) -> Attempt:
    sealed_block(world)
    return ALICE, faucet.call(BLOCK, NONCE + 1, WORK)


@table.misuse("faucet", Kind.MUCH, Error.InvalidSeal)
def work_of_another_account(world: World) -> Attempt:
    sealed_block(world)
    return STRANGER, faucet.call(BLOCK, NONCE, WORK)


# The chain's own runtime panics at such work, so that no block includes it; here it fails like other invalid work.
@table.misuse("faucet", Kind.LENGTHS, Error.InvalidDifficulty)
def work_that_is_no_hash(world: World) -> Attempt:
    sealed_block(world)
    return ALICE, faucet.call(BLOCK, NONCE, WORK[:-1])


table.never(Kind.FAST, "the faucet pays for any new work", "faucet")
table.never(Kind.TWICE, "the same work is paid again: it is recorded as used, but the record is not read", "faucet")
