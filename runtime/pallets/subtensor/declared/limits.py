"""Fixed numbers of the rules. They are neither configurable nor part of metadata."""

from __future__ import annotations

from ....units import RAO_PER_TAO

#: Blocks per day, at twelve seconds per block.
BLOCKS_PER_DAY = 7_200
#: Blocks per year of 365.25 days.
ONE_YEAR = 365 * BLOCKS_PER_DAY + BLOCKS_PER_DAY // 4
#: Maximum issuance of TAO, in rao.
TOTAL_SUPPLY = 21_000_000 * RAO_PER_TAO

# --- subnets and neurons ---
#: Stride of the storage indices of mechanisms: `mechanism * GLOBAL_MAX_SUBNET_COUNT + netuid`.
GLOBAL_MAX_SUBNET_COUNT = 4_096
#: Number of mechanisms for which a 16-bit storage index has room.
MAX_MECHANISM_COUNT_PER_SUBNET = 16
#: Price of a registration right after the registration of the subnet itself, in rao.
NEURON_BURN_COST = RAO_PER_TAO
#: Maximum half-life of the registration price that can be set, in blocks.
MAX_BURN_HALF_LIFE = 36_100
#: Range of the number of immune neurons of a subnet's owner that can be set.
MIN_IMMUNE_OWNER_UIDS_LIMIT, MAX_IMMUNE_OWNER_UIDS_LIMIT = 1, 10

# --- weights ---
#: Range of the epochs from commit to reveal that can be set.
MIN_COMMIT_REVEAL_PERIODS, MAX_COMMIT_REVEAL_PERIODS = 1, 100

# --- stake ---
#: Entries of the stake maps that one block examines in order to remove those that are too small.
ALPHA_MAP_BATCH_SIZE = 30

# --- voting power ---
#: Blocks from the request to disable voting power tracking until it ends.
VOTING_POWER_DISABLE_GRACE_PERIOD_BLOCKS = 14 * BLOCKS_PER_DAY
#: Maximum smoothing factor of voting power, which stands for one.
MAX_VOTING_POWER_EMA_ALPHA = 10**18

#: Subnets on which one call may claim dividends of stake on root.
MAX_SUBNET_CLAIMS = 5
#: Coldkeys for which the chain may claim in one block.
MAX_NUM_ROOT_CLAIMS = 50
#: Greatest `RootClaimableThreshold`, in billionths of alpha.
MAX_ROOT_CLAIM_THRESHOLD = 10_000_000
