"""Fixed numbers of the rules: no configuration changes them, and no client reads them."""

from __future__ import annotations

from ....units import RAO_PER_TAO

#: Rao that will ever exist.
TOTAL_SUPPLY = 21_000_000 * RAO_PER_TAO

# --- subnets and neurons ---
#: Where the storage indices of a mechanism begin: `mechanism * GLOBAL_MAX_SUBNET_COUNT + netuid`.
GLOBAL_MAX_SUBNET_COUNT = 4_096
#: So many mechanisms have room in a 16-bit storage index.
MAX_MECHANISM_COUNT_PER_SUBNET = 16
#: Price of a registration right after a subnet's own registration, in rao.
NEURON_BURN_COST = RAO_PER_TAO
#: Slowest decay of the price of a registration that may be set, in blocks.
MAX_BURN_HALF_LIFE = 36_100
MIN_IMMUNE_OWNER_UIDS_LIMIT, MAX_IMMUNE_OWNER_UIDS_LIMIT = 1, 10

# --- weights ---
#: Epochs from commit to reveal that may be set.
MIN_COMMIT_REVEAL_PERIODS, MAX_COMMIT_REVEAL_PERIODS = 1, 100

# --- stake and accounts ---
#: The flag of `AccountFlags` that lets an account receive locked alpha.
ACCEPT_LOCKED_ALPHA = 1 << 0
#: Locks below this (in alpha), with conviction below it too, count as none.
LOCK_STATE_ZERO_THRESHOLD = 100
#: Blocks of a year of 365.25 days.
ONE_YEAR = 7_200 * 365 + 1_800
#: Entries of the stake maps that one block looks at when it clears away stake too small to keep.
ALPHA_MAP_BATCH_SIZE = 30

# --- root claims ---
#: Most automatic claims in one block that may be set.
MAX_NUM_ROOT_CLAIMS = 50
#: Most subnets in one claim.
MAX_SUBNET_CLAIMS = 5
#: Greatest threshold of claims that may be set, in alpha.
MAX_ROOT_CLAIM_THRESHOLD = 10_000_000

# --- voting power ---
#: Blocks from switching the tracking off to its end.
VOTING_POWER_DISABLE_GRACE_PERIOD_BLOCKS = 14 * 7_200
#: One, as a smoothing factor.
MAX_VOTING_POWER_EMA_ALPHA = 10**18
