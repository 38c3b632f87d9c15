"""Misuse of AdminUtils: parameters that the owner of a subnet and root may set.

Nearly all of these calls share two rules: parameters are frozen before an epoch, for root too, and an owner waits
before it sets the same parameter again. `CHANGES` has a valid change of each, in the subnet of `a_subnet`.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
from pysubtensor.runtime.frame.call import Call, CallDef
from pysubtensor.runtime.frame.errors import AnyError
from pysubtensor.runtime.frame.origin import ROOT_ORIGIN, Origin
from pysubtensor.runtime.pallets.admin_utils.consensus_by_owner import (
    sudo_set_activity_cutoff,
    sudo_set_alpha_sigmoid_steepness,
    sudo_set_alpha_values,
    sudo_set_bonds_moving_average,
    sudo_set_bonds_penalty,
    sudo_set_bonds_reset_enabled,
    sudo_set_commit_reveal_weights_enabled,
    sudo_set_commit_reveal_weights_interval,
    sudo_set_liquid_alpha_enabled,
    sudo_set_mechanism_count,
    sudo_set_mechanism_emission_split,
    sudo_set_min_allowed_weights,
    sudo_set_rho,
    sudo_set_weights_version_key,
    sudo_set_yuma3_enabled,
)
from pysubtensor.runtime.pallets.admin_utils.pallet import Error
from pysubtensor.runtime.pallets.admin_utils.subnet_by_owner import (
    sudo_set_adjustment_alpha,
    sudo_set_burn_half_life,
    sudo_set_burn_increase_mult,
    sudo_set_immunity_period,
    sudo_set_max_allowed_uids,
    sudo_set_max_burn,
    sudo_set_max_difficulty,
    sudo_set_min_burn,
    sudo_set_min_childkey_take_per_subnet,
    sudo_set_owner_cut_auto_lock_enabled,
    sudo_set_owner_cut_enabled,
    sudo_set_owner_immune_neuron_limit,
    sudo_set_recycle_or_burn,
    sudo_set_serving_rate_limit,
    sudo_set_sn_owner_hotkey,
    sudo_set_subnet_owner_hotkey,
    sudo_set_toggle_transfer,
    sudo_trim_to_max_allowed_uids,
)
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error as SubtensorError
from pysubtensor.runtime.pallets.subtensor.declared.types import RecycleOrBurnEnum
from pysubtensor.runtime.pallets.subtensor.ledger.subnet_accounts import get_subnet_account_id
from pysubtensor.runtime.pallets.subtensor.storage.delegation import MaxChildkeyTake, MinChildkeyTake
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import (
    CommitRevealWeightsEnabled,
    ImmunityPeriod,
    LiquidAlphaOn,
    MaxAllowedUids,
    MinAllowedUids,
)
from pysubtensor.runtime.pallets.subtensor.storage.networks import MaxMechanismCount, MechanismCountCurrent
from pysubtensor.runtime.pallets.subtensor.storage.neurons import BlockAtRegistration
from pysubtensor.runtime.pallets.subtensor.storage.registration import MaxBurn, MinBurn
from pysubtensor.runtime.pallets.subtensor.storage.tempo import LastEpochBlock
from pysubtensor.runtime.pallets.subtensor.subnets.tempo import trigger_epoch

from tests.world import ALICE, CHARLIE, DAVE, ONE, TAO, account

from .table import NETUID, OWNER, Attempt, Kind, Table, World

table = Table()

DAY = 7_200
#: The epoch comes in block 360, and parameters are frozen in the ten blocks before it.
TEMPO, FIRST_FROZEN = 360, 351
#: The least bound of liquid alpha: a fortieth, as a u16 proportion.
LEAST_ALPHA = 1_638
WHOLE = 65_535

Prepare = Callable[[World], object]


def shares(*values: int) -> np.ndarray:
    """Return a split of the emission among mechanisms."""
    return np.array(values, np.uint16)


def a_subnet(world: World) -> None:
    """Create a subnet with three of 64 neurons, one of two mechanisms, liquid alpha, and a distant epoch."""
    world.subnet(tempo=TEMPO)
    for hotkey in (ALICE, CHARLIE, DAVE):
        world.neuron(hotkey)
    MaxAllowedUids.put(world.ctx, NETUID, 64)
    LiquidAlphaOn.put(world.ctx, NETUID, True)


#: A valid change of each parameter.
CHANGES = [
    sudo_set_weights_version_key.call(NETUID, 10),
    sudo_set_min_allowed_weights.call(NETUID, 10),
    sudo_set_commit_reveal_weights_enabled.call(NETUID, False),
    sudo_set_commit_reveal_weights_interval.call(NETUID, 100),
    sudo_set_activity_cutoff.call(NETUID, 360),
    sudo_set_rho.call(NETUID, 10),
    sudo_set_bonds_moving_average.call(NETUID, 975_000),
    sudo_set_bonds_penalty.call(NETUID, 10),
    sudo_set_bonds_reset_enabled.call(NETUID, True),
    sudo_set_yuma3_enabled.call(NETUID, False),
    sudo_set_liquid_alpha_enabled.call(NETUID, False),
    sudo_set_alpha_values.call(NETUID, LEAST_ALPHA, WHOLE),
    sudo_set_alpha_sigmoid_steepness.call(NETUID, 0),
    sudo_set_mechanism_count.call(NETUID, 2),
    sudo_set_mechanism_emission_split.call(NETUID, shares(WHOLE)),
    sudo_set_max_allowed_uids.call(NETUID, 256),
    sudo_trim_to_max_allowed_uids.call(NETUID, 32),
    sudo_set_immunity_period.call(NETUID, 10),
    sudo_set_owner_immune_neuron_limit.call(NETUID, 10),
    sudo_set_min_burn.call(NETUID, TAO - 1),
    sudo_set_max_burn.call(NETUID, TAO // 10 + 1),
    sudo_set_burn_half_life.call(NETUID, 36_100),
    sudo_set_burn_increase_mult.call(NETUID, 3 * ONE),
    sudo_set_max_difficulty.call(NETUID, 10),
    sudo_set_adjustment_alpha.call(NETUID, 10),
    sudo_set_toggle_transfer.call(NETUID, False),
    sudo_set_min_childkey_take_per_subnet.call(NETUID, 10),
    sudo_set_recycle_or_burn.call(NETUID, RecycleOrBurnEnum.Recycle),
    sudo_set_owner_cut_enabled.call(NETUID, False),
    sudo_set_owner_cut_auto_lock_enabled.call(NETUID, True),
    sudo_set_serving_rate_limit.call(NETUID, 10),
]
NAMES = [change.name for change in CHANGES]


def attempt(name: str, prepare: Prepare, who: bytes | Origin, call: Call) -> Callable[[World], Attempt]:
    """Return the attempt of this name: `who` makes the call in the prepared world."""

    def make(world: World) -> Attempt:
        prepare(world)
        return who, call

    make.__name__ = name
    return make


# --- while parameters are frozen -----------------------------------------------------------------------------------


def before_an_epoch(world: World) -> None:
    a_subnet(world)
    world.go_to(FIRST_FROZEN)


def before_an_epoch_that_the_owner_asked_for(world: World) -> None:
    """Trigger an epoch in block 1, which runs in block 11, after the freeze window of ten blocks."""
    a_subnet(world)
    CommitRevealWeightsEnabled.put(world.ctx, NETUID, False)
    world.do(OWNER, trigger_epoch.call(NETUID))
    world.go_to(10)


FROZEN = (before_an_epoch, before_an_epoch_that_the_owner_asked_for)


def frozen(into: Table, changes: list[Call], callers: dict[str, bytes | Origin]) -> None:
    """Add misuses to a table: each change by each caller while parameters are frozen."""
    error = SubtensorError.AdminActionProhibitedDuringWeightsWindow
    for change, (caller, who), prepare in product(changes, callers.items(), FROZEN):
        into.misuse(change.name, Kind.EARLY, error)(attempt(f"{caller}_{prepare.__name__}", prepare, who, change))


frozen(table, CHANGES, {"the_owner": OWNER, "root": ROOT_ORIGIN})


@table.misuse("sudo_set_alpha_values", Kind.EARLY, SubtensorError.LiquidAlphaDisabled)
def before_liquid_alpha_is_switched_on(world: World) -> Attempt:
    a_subnet(world)
    LiquidAlphaOn.put(world.ctx, NETUID, False)
    return OWNER, sudo_set_alpha_values.call(NETUID, LEAST_ALPHA, WHOLE)


# --- once more, too soon -------------------------------------------------------------------------------------------

UNLIMITED = ("sudo_set_owner_cut_enabled", "sudo_set_owner_cut_auto_lock_enabled")
#: Blocks that an owner waits, by call; two tempos for the others.
WAITS = {
    "sudo_set_weights_version_key": 5 * TEMPO,
    "sudo_set_mechanism_count": DAY,
    "sudo_set_mechanism_emission_split": DAY,
    "sudo_trim_to_max_allowed_uids": 30 * DAY,
}


def a_block_before_the_wait_is_over(change: Call) -> Prepare:
    """Make the change in block 1 and again one block before the rate limit has passed."""

    def prepare(world: World) -> None:
        a_subnet(world)
        world.do(OWNER, change)
        now = WAITS.get(change.name, 2 * TEMPO)
        world.go_to(now)
        # Epochs have run, so that parameters are not frozen now.
        LastEpochBlock.put(world.ctx, NETUID, now)

    return prepare


for change in CHANGES:
    if change.name not in UNLIMITED:
        table.misuse(change.name, Kind.FAST, SubtensorError.TxRateLimitExceeded)(
            attempt("a_block_too_soon", a_block_before_the_wait_is_over(change), OWNER, change)
        )

table.never(Kind.FAST, "owners set it as often as they like", *UNLIMITED)


# --- values out of bounds ------------------------------------------------------------------------------------------

#: Changes by owners, each just outside of its bounds.
OUT_OF_BOUNDS: dict[str, tuple[Call, AnyError]] = {
    "less_than_an_epoch": (
        sudo_set_commit_reveal_weights_interval.call(NETUID, 0),
        SubtensorError.RevealPeriodTooSmall,
    ),
    "more_than_a_hundred_epochs": (
        sudo_set_commit_reveal_weights_interval.call(NETUID, 101),
        SubtensorError.RevealPeriodTooLarge,
    ),
    "less_than_360_blocks": (sudo_set_activity_cutoff.call(NETUID, 359), SubtensorError.ActivityCutoffTooLow),
    "more_than_root_alone_may_set": (
        sudo_set_bonds_moving_average.call(NETUID, 975_001),
        Error.BondsMovingAverageMaxReached,
    ),
    "less_than_root_alone_may_set": (
        sudo_set_alpha_sigmoid_steepness.call(NETUID, -1),
        Error.NegativeSigmoidSteepness,
    ),
    "a_high_end_below_a_fortieth": (
        sudo_set_alpha_values.call(NETUID, LEAST_ALPHA, LEAST_ALPHA - 1),
        SubtensorError.AlphaHighTooLow,
    ),
    "a_low_end_below_a_fortieth": (
        sudo_set_alpha_values.call(NETUID, LEAST_ALPHA - 1, WHOLE),
        SubtensorError.AlphaLowOutOfRange,
    ),
    "a_low_end_above_the_high_one": (
        sudo_set_alpha_values.call(NETUID, 2_001, 2_000),
        SubtensorError.AlphaLowOutOfRange,
    ),
    "no_mechanism_at_all": (sudo_set_mechanism_count.call(NETUID, 0), SubtensorError.InvalidValue),
    "more_mechanisms_than_a_subnet_may_have": (sudo_set_mechanism_count.call(NETUID, 3), SubtensorError.InvalidValue),
    "shares_below_the_whole": (
        sudo_set_mechanism_emission_split.call(NETUID, shares(WHOLE - 1)),
        SubtensorError.InvalidValue,
    ),
    "fewer_neurons_than_there_are": (
        sudo_set_max_allowed_uids.call(NETUID, 2),
        Error.MaxAllowedUIdsLessThanCurrentUIds,
    ),
    "more_neurons_than_any_subnet_has": (
        sudo_set_max_allowed_uids.call(NETUID, 257),
        Error.MaxAllowedUidsGreaterThanDefaultMaxAllowedUids,
    ),
    "fewer_neurons_than_must_stay": (sudo_trim_to_max_allowed_uids.call(NETUID, 1), SubtensorError.InvalidValue),
    "more_neurons_than_there_may_be": (sudo_trim_to_max_allowed_uids.call(NETUID, 65), SubtensorError.InvalidValue),
    "no_neuron_at_all": (sudo_set_owner_immune_neuron_limit.call(NETUID, 0), SubtensorError.InvalidValue),
    "more_than_ten_neurons": (sudo_set_owner_immune_neuron_limit.call(NETUID, 11), SubtensorError.InvalidValue),
    "a_tenth_of_a_tao": (sudo_set_max_burn.call(NETUID, TAO // 10), Error.ValueNotInBounds),
    "no_block_at_all": (sudo_set_burn_half_life.call(NETUID, 0), Error.InvalidValue),
    "more_than_36100_blocks": (sudo_set_burn_half_life.call(NETUID, 36_101), Error.InvalidValue),
    "a_factor_just_below_one": (sudo_set_burn_increase_mult.call(NETUID, ONE - 1), Error.InvalidValue),
    "a_factor_just_above_three": (sudo_set_burn_increase_mult.call(NETUID, 3 * ONE + 1), Error.InvalidValue),
}

for name, (call, error) in OUT_OF_BOUNDS.items():
    table.misuse(call.name, Kind.MUCH, error)(attempt(name, a_subnet, OWNER, call))


@table.misuse("sudo_set_max_allowed_uids", Kind.MUCH, Error.MaxAllowedUidsLessThanMinAllowedUids)
def fewer_neurons_than_there_must_be(world: World) -> Attempt:
    a_subnet(world)
    MinAllowedUids.put(world.ctx, NETUID, 9)
    return OWNER, sudo_set_max_allowed_uids.call(NETUID, 8)


@table.misuse("sudo_set_max_allowed_uids", Kind.MUCH, SubtensorError.TooManyUIDsPerMechanism)
def more_neurons_than_two_mechanisms_have(world: World) -> Attempt:
    a_subnet(world)
    MechanismCountCurrent.put(world.ctx, NETUID, 2)
    return OWNER, sudo_set_max_allowed_uids.call(NETUID, 129)


@table.misuse("sudo_set_mechanism_count", Kind.MUCH, SubtensorError.TooManyUIDsPerMechanism)
def two_mechanisms_of_more_neurons_than_they_may_have(world: World) -> Attempt:
    a_subnet(world)
    MaxAllowedUids.put(world.ctx, NETUID, 129)
    return OWNER, sudo_set_mechanism_count.call(NETUID, 2)


@table.misuse("sudo_set_mechanism_count", Kind.MUCH, SubtensorError.InvalidValue)
def more_mechanisms_than_storage_has_room_for(world: World) -> Attempt:
    a_subnet(world)
    MaxAllowedUids.put(world.ctx, NETUID, 8)
    MaxMechanismCount.put(world.ctx, 17)
    return OWNER, sudo_set_mechanism_count.call(NETUID, 17)


@table.misuse("sudo_set_mechanism_emission_split", Kind.MUCH, SubtensorError.InvalidValue)
def shares_above_the_whole(world: World) -> Attempt:
    a_subnet(world)
    MechanismCountCurrent.put(world.ctx, NETUID, 2)
    return OWNER, sudo_set_mechanism_emission_split.call(NETUID, shares(WHOLE, 1))


@table.misuse("sudo_trim_to_max_allowed_uids", Kind.MUCH, SubtensorError.TrimmingWouldExceedMaxImmunePercentage)
def so_few_neurons_that_four_of_five_would_be_immune(world: World) -> Attempt:
    a_subnet(world)
    for number in range(3):
        world.neuron(account(number))
    ImmunityPeriod.put(world.ctx, NETUID, 5)
    world.go_to(10)
    for uid in range(4):
        BlockAtRegistration.put(world.ctx, NETUID, uid, 10)
    return OWNER, sudo_trim_to_max_allowed_uids.call(NETUID, 5)


@table.misuse("sudo_set_min_burn", Kind.MUCH, Error.ValueNotInBounds)
def a_least_price_of_a_whole_tao(world: World) -> Attempt:
    a_subnet(world)
    MaxBurn.put(world.ctx, NETUID, 2 * TAO)
    return OWNER, sudo_set_min_burn.call(NETUID, TAO)


@table.misuse("sudo_set_min_burn", Kind.MUCH, Error.ValueNotInBounds)
def a_least_price_that_is_the_greatest(world: World) -> Attempt:
    a_subnet(world)
    MaxBurn.put(world.ctx, NETUID, TAO // 2)
    return OWNER, sudo_set_min_burn.call(NETUID, TAO // 2)


@table.misuse("sudo_set_max_burn", Kind.MUCH, Error.ValueNotInBounds)
def a_greatest_price_that_is_the_least(world: World) -> Attempt:
    a_subnet(world)
    MinBurn.put(world.ctx, NETUID, TAO // 2)
    return OWNER, sudo_set_max_burn.call(NETUID, TAO // 2)


@table.misuse("sudo_set_min_childkey_take_per_subnet", Kind.MUCH, Error.InvalidValue)
def less_than_the_chains_least(world: World) -> Attempt:
    a_subnet(world)
    MinChildkeyTake.put(world.ctx, 100)
    return OWNER, sudo_set_min_childkey_take_per_subnet.call(NETUID, 99)


@table.misuse("sudo_set_min_childkey_take_per_subnet", Kind.MUCH, Error.InvalidValue)
def more_than_the_chains_greatest(world: World) -> Attempt:
    a_subnet(world)
    return OWNER, sudo_set_min_childkey_take_per_subnet.call(NETUID, MaxChildkeyTake.get(world.ctx) + 1)


table.never(
    Kind.MUCH,
    "any value of its type is allowed",
    "sudo_set_weights_version_key",
    "sudo_set_min_allowed_weights",
    "sudo_set_commit_reveal_weights_enabled",
    "sudo_set_rho",
    "sudo_set_bonds_penalty",
    "sudo_set_bonds_reset_enabled",
    "sudo_set_yuma3_enabled",
    "sudo_set_liquid_alpha_enabled",
    "sudo_set_immunity_period",
    "sudo_set_max_difficulty",
    "sudo_set_adjustment_alpha",
    "sudo_set_toggle_transfer",
    "sudo_set_recycle_or_burn",
    "sudo_set_owner_cut_enabled",
    "sudo_set_owner_cut_auto_lock_enabled",
    "sudo_set_serving_rate_limit",
)


# --- lists and duplicates ------------------------------------------------------------------------------------------

SPLIT = "sudo_set_mechanism_emission_split"


@table.misuse(SPLIT, Kind.LENGTHS, SubtensorError.InvalidValue)
def no_shares(world: World) -> Attempt:
    a_subnet(world)
    return OWNER, sudo_set_mechanism_emission_split.call(NETUID, shares())


@table.misuse(SPLIT, Kind.LENGTHS, SubtensorError.InvalidValue)
def more_shares_than_mechanisms(world: World) -> Attempt:
    a_subnet(world)
    return OWNER, sudo_set_mechanism_emission_split.call(NETUID, shares(WHOLE, 0))


table.never(Kind.LENGTHS, "it takes no list", *(name for name in NAMES if name != SPLIT))
table.never(Kind.TWICE, "it may be set to the value that it has", *NAMES)


# --- the owner's hotkey --------------------------------------------------------------------------------------------

HOTKEY_SETTERS = (sudo_set_subnet_owner_hotkey, sudo_set_sn_owner_hotkey)


def set_a_week_less_a_block_ago(setter: CallDef[[int, bytes]]) -> Prepare:
    def prepare(world: World) -> None:
        a_subnet(world)
        world.do(OWNER, setter.call(NETUID, CHARLIE))
        world.go_to(7 * DAY)

    return prepare


for setter, other in (HOTKEY_SETTERS, HOTKEY_SETTERS[::-1]):
    change = setter.call(NETUID, ALICE)
    for name, used, who in (
        ("the_owner_a_block_before_the_week_is_over", setter, OWNER),
        ("root_a_block_before_the_week_is_over", setter, ROOT_ORIGIN),
        ("the_owner_who_has_used_the_other_call", other, OWNER),
    ):
        table.misuse(setter.name, Kind.FAST, SubtensorError.TxRateLimitExceeded)(
            attempt(name, set_a_week_less_a_block_ago(used), who, change)
        )


def to_the_account_of_the_subnet(setter: CallDef[[int, bytes]]) -> Callable[[World], Attempt]:
    def the_account_of_the_subnet(world: World) -> Attempt:
        a_subnet(world)
        return OWNER, setter.call(NETUID, get_subnet_account_id(world.ctx, NETUID))

    return the_account_of_the_subnet


for setter in HOTKEY_SETTERS:
    table.misuse(setter.name, Kind.MUCH, SubtensorError.CannotUseSystemAccount)(to_the_account_of_the_subnet(setter))

SETTER_NAMES = [setter.name for setter in HOTKEY_SETTERS]
table.never(Kind.EARLY, "it is never frozen", *SETTER_NAMES)
table.never(Kind.LENGTHS, "it takes no list", *SETTER_NAMES)
table.never(Kind.TWICE, "it may be set to the hotkey that it is, or to one of another subnet", *SETTER_NAMES)
