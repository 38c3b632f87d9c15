"""Misuse of AdminUtils: parameters of the whole chain, which only root sets."""

from __future__ import annotations

from pysubtensor.runtime.frame.origin import ROOT_ORIGIN
from pysubtensor.runtime.pallets import grandpa
from pysubtensor.runtime.pallets.admin_utils.chain_by_root import schedule_grandpa_change
from pysubtensor.runtime.pallets.admin_utils.pallet import Error
from pysubtensor.runtime.pallets.admin_utils.parameters import (
    sudo_set_max_epochs_per_block,
    sudo_set_max_mechanism_count,
    sudo_set_tao_flow_normalization_exponent,
)
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error as SubtensorError

from tests.world import ONE

from .table import Attempt, Kind, Table, World

table = Table()

VOTERS = [(bytes(range(32)), 1)]


# --- parameters with bounds ------------------------------------------------------------------------------------


@table.misuse("sudo_set_max_mechanism_count", Kind.MUCH, SubtensorError.InvalidValue)
def no_mechanism_at_all(world: World) -> Attempt:
    return ROOT_ORIGIN, sudo_set_max_mechanism_count.call(0)


@table.misuse("sudo_set_max_mechanism_count", Kind.MUCH, SubtensorError.InvalidValue)
def more_mechanisms_than_storage_has_room_for(world: World) -> Attempt:
    return ROOT_ORIGIN, sudo_set_max_mechanism_count.call(17)


@table.misuse("sudo_set_max_epochs_per_block", Kind.MUCH, Error.ValueNotInBounds)
def no_epoch_at_all(world: World) -> Attempt:
    return ROOT_ORIGIN, sudo_set_max_epochs_per_block.call(0)


@table.misuse("sudo_set_tao_flow_normalization_exponent", Kind.MUCH, Error.InvalidValue)
def an_exponent_just_below_one(world: World) -> Attempt:
    return ROOT_ORIGIN, sudo_set_tao_flow_normalization_exponent.call(ONE - 1)


@table.misuse("sudo_set_tao_flow_normalization_exponent", Kind.MUCH, Error.InvalidValue)
def an_exponent_just_above_two(world: World) -> Attempt:
    return ROOT_ORIGIN, sudo_set_tao_flow_normalization_exponent.call(2 * ONE + 1)


BOUNDED = (
    "sudo_set_max_mechanism_count",
    "sudo_set_max_epochs_per_block",
    "sudo_set_tao_flow_normalization_exponent",
)
table.never(Kind.EARLY, "root sets it at any time", *BOUNDED)
table.never(Kind.FAST, "root sets it as often as it likes", *BOUNDED)
table.never(Kind.LENGTHS, "it takes no list", *BOUNDED)
table.never(Kind.TWICE, "it may be set to the value that it has", *BOUNDED)


# --- authors and voters ----------------------------------------------------------------------------------------


@table.misuse("schedule_grandpa_change", Kind.TWICE, grandpa.Error.ChangePending)
def a_change_while_another_is_pending(world: World) -> Attempt:
    world.do(ROOT_ORIGIN, schedule_grandpa_change.call(VOTERS, 41, None))
    return ROOT_ORIGIN, schedule_grandpa_change.call(VOTERS, 0, None)


@table.misuse("schedule_grandpa_change", Kind.FAST, grandpa.Error.TooSoon)
def a_forced_change_before_twice_the_delay_of_the_last_is_over(world: World) -> Attempt:
    world.do(ROOT_ORIGIN, schedule_grandpa_change.call(VOTERS, 5, 0))
    world.go_to(6)
    grandpa.enact_changes(world.ctx)
    world.go_to(10)
    return ROOT_ORIGIN, schedule_grandpa_change.call(VOTERS, 5, 0)


table.never(Kind.EARLY, "its delay counts from now on, so that it never lies in the past", "schedule_grandpa_change")
table.never(Kind.MUCH, "any delay is allowed, and any block is believed to be final", "schedule_grandpa_change")
table.never(Kind.LENGTHS, "there may be more voters than the usual 32, and none", "schedule_grandpa_change")

table.never(Kind.EARLY, "root changes authors at any time, at once", "swap_authorities")
table.never(Kind.FAST, "root swaps authors as often as it likes", "swap_authorities")
table.never(Kind.MUCH, "it takes no amount", "swap_authorities")
table.never(Kind.LENGTHS, "more than 32 authors do not decode, and none change nothing", "swap_authorities")
table.never(Kind.TWICE, "an author that is named twice has two turns", "swap_authorities")


# --- what root sets as it likes --------------------------------------------------------------------------------

table.open_to_root(
    "sudo_set_evm_chain_id",
    "sudo_toggle_evm_precompile",
    "sudo_set_default_take",
    "sudo_set_min_delegate_take",
    "sudo_set_stake_threshold",
    "sudo_set_nominator_min_required_stake",
    "sudo_set_ck_burn",
    "sudo_set_tx_rate_limit",
    "sudo_set_tx_delegate_take_rate_limit",
    "sudo_set_admin_freeze_window",
    "sudo_set_owner_hparam_rate_limit",
    "sudo_set_coldkey_swap_announcement_delay",
    "sudo_set_coldkey_swap_reannouncement_delay",
    "sudo_set_dissolve_network_schedule_duration",
    "sudo_set_subnet_owner_cut",
    "sudo_set_network_rate_limit",
    "sudo_set_network_immunity_period",
    "sudo_set_network_min_lock_cost",
    "sudo_set_subnet_limit",
    "sudo_set_lock_reduction_interval",
    "sudo_set_start_call_delay",
    "sudo_set_commit_reveal_version",
    "sudo_set_subnet_moving_alpha",
    "sudo_set_tao_flow_cutoff",
    "sudo_set_tao_flow_smoothing_factor",
    "sudo_set_net_tao_flow_enabled",
)

for kind in Kind:
    table.never(kind, "it is deprecated, and fails whatever is right or wrong with it", "sudo_set_total_issuance")
