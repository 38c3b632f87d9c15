"""Misuse of AdminUtils: parameters of a subnet that only root sets."""

from __future__ import annotations

from pysubtensor.runtime.frame.origin import ROOT_ORIGIN
from pysubtensor.runtime.pallets.admin_utils.pallet import Error
from pysubtensor.runtime.pallets.admin_utils.subnet_by_root import (
    sudo_set_difficulty,
    sudo_set_max_allowed_validators,
    sudo_set_max_registrations_per_block,
    sudo_set_min_allowed_uids,
    sudo_set_min_difficulty,
    sudo_set_subtoken_enabled,
    sudo_set_target_registrations_per_interval,
    sudo_set_tempo,
)
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import MaxAllowedUids

from .admin_utils_owner import a_subnet, frozen
from .table import NETUID, Attempt, Kind, Table, World

table = Table()

#: A valid change of each parameter that can be frozen.
CHANGES = [
    sudo_set_tempo.call(NETUID, 20),
    sudo_set_min_difficulty.call(NETUID, 10),
    sudo_set_difficulty.call(NETUID, 10),
    sudo_set_target_registrations_per_interval.call(NETUID, 10),
    sudo_set_max_registrations_per_block.call(NETUID, 10),
    sudo_set_max_allowed_validators.call(NETUID, 64),
    sudo_set_min_allowed_uids.call(NETUID, 2),
    sudo_set_subtoken_enabled.call(NETUID, False),
]
NAMES = [change.name for change in CHANGES]

frozen(table, CHANGES, {"root": ROOT_ORIGIN})


@table.misuse("sudo_set_max_allowed_validators", Kind.MUCH, Error.MaxValidatorsLargerThanMaxUIds)
def more_validators_than_neurons(world: World) -> Attempt:
    a_subnet(world)
    return ROOT_ORIGIN, sudo_set_max_allowed_validators.call(NETUID, 65)


@table.misuse("sudo_set_min_allowed_uids", Kind.MUCH, Error.MinAllowedUidsGreaterThanCurrentUids)
def as_many_neurons_as_there_are(world: World) -> Attempt:
    a_subnet(world)
    return ROOT_ORIGIN, sudo_set_min_allowed_uids.call(NETUID, 3)


@table.misuse("sudo_set_min_allowed_uids", Kind.MUCH, Error.MinAllowedUidsGreaterThanMaxAllowedUids)
def as_many_neurons_as_there_may_be(world: World) -> Attempt:
    a_subnet(world)
    MaxAllowedUids.put(world.ctx, NETUID, 3)
    return ROOT_ORIGIN, sudo_set_min_allowed_uids.call(NETUID, 3)


table.never(
    Kind.MUCH,
    "root sets any value of its type",
    "sudo_set_tempo",
    "sudo_set_min_difficulty",
    "sudo_set_difficulty",
    "sudo_set_target_registrations_per_interval",
    "sudo_set_max_registrations_per_block",
    "sudo_set_subtoken_enabled",
)
table.never(Kind.FAST, "root sets it as often as it likes", *NAMES)
table.never(Kind.LENGTHS, "it takes no list", *NAMES)
table.never(Kind.TWICE, "it may be set to the value that it has", *NAMES)

table.open_to_root(
    "sudo_set_weights_set_rate_limit",
    "sudo_set_adjustment_interval",
    "sudo_set_kappa",
    "sudo_set_rao_recycled",
    "sudo_set_subnet_emission_enabled",
    "sudo_set_network_registration_allowed",
    "sudo_set_ema_price_halving_period",
    "sudo_set_min_non_immune_uids",
)

for kind in Kind:
    table.never(
        kind,
        "it is deprecated, and fails whatever is right or wrong with it",
        "sudo_set_network_pow_registration_allowed",
    )
