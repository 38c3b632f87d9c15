"""Fixed numbers of the rules, as they stand in the genuine sources."""

from __future__ import annotations

from pysubtensor.runtime.pallets.subtensor.declared import limits

#: By file below `pallets/subtensor/src`.
GENUINE = {
    "staking/lock.rs": {"ONE_YEAR": 7200 * 365 + 1800},
    "subnets/mechanism.rs": {"GLOBAL_MAX_SUBNET_COUNT": 4096, "MAX_MECHANISM_COUNT_PER_SUBNET": 16},
    "lib.rs": {
        "TOTAL_SUPPLY": 21_000_000_000_000_000,
        "NEURON_BURN_COST": 1_000_000_000,
        "MAX_BURN_HALF_LIFE": 36_100,
        "MIN_IMMUNE_OWNER_UIDS_LIMIT": 1,
        "MAX_IMMUNE_OWNER_UIDS_LIMIT": 10,
        "MIN_COMMIT_REVEAL_PERIODS": 1,
        "MAX_COMMIT_REVEAL_PERIODS": 100,
        "ALPHA_MAP_BATCH_SIZE": 30,
        "MAX_NUM_ROOT_CLAIMS": 50,
        "MAX_SUBNET_CLAIMS": 5,
        "MAX_ROOT_CLAIM_THRESHOLD": 10_000_000,
    },
    "utils/voting_power.rs": {
        "VOTING_POWER_DISABLE_GRACE_PERIOD_BLOCKS": 100_800,
        "MAX_VOTING_POWER_EMA_ALPHA": 1_000_000_000_000_000_000,
    },
    "a day of blocks of twelve seconds": {"BLOCKS_PER_DAY": 7200},
}


def test_limits_are_the_genuine_ones() -> None:
    declared = {name: value for name, value in vars(limits).items() if name.isupper() and name != "RAO_PER_TAO"}
    assert declared == {name: value for numbers in GENUINE.values() for name, value in numbers.items()}
