"""Misuse of SubtensorModule: setting, committing and revealing weights.

`right` returns a valid call in a world with everything that it needs: reveals are made in the epoch after their
commit. A misuse differs from it in one respect, in the world or in the call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.errors import AnyError
from pysubtensor.runtime.pallets.shared.types import ROOT_NETUID
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.neurons.uids import set_element_at
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import (
    CommitRevealWeightsEnabled,
    MinAllowedWeights,
    WeightsVersionKey,
)
from pysubtensor.runtime.pallets.subtensor.storage.networks import MechanismCountCurrent
from pysubtensor.runtime.pallets.subtensor.storage.neurons import ValidatorPermit
from pysubtensor.runtime.pallets.subtensor.storage.rate_limits import WeightsSetRateLimit
from pysubtensor.runtime.pallets.subtensor.storage.tempo import SubnetEpochIndex
from pysubtensor.runtime.pallets.subtensor.storage.weights import CommitRevealWeightsVersion, StakeThreshold
from pysubtensor.runtime.pallets.subtensor.subnets.mechanism import get_mechanism_storage_index
from pysubtensor.runtime.pallets.subtensor.weights.commit_reveal import (
    batch_commit_weights,
    batch_reveal_weights,
    commit_mechanism_weights,
    commit_weights,
    get_commit_hash,
    reveal_mechanism_weights,
    reveal_weights,
)
from pysubtensor.runtime.pallets.subtensor.weights.set_weights import (
    batch_set_weights,
    set_mechanism_weights,
    set_weights,
)
from pysubtensor.runtime.pallets.subtensor.weights.timelocked import (
    commit_crv3_mechanism_weights,
    commit_timelocked_mechanism_weights,
    commit_timelocked_weights,
)

from tests.world import ALICE, CHARLIE, DAVE

from .table import NETUID, Attempt, Kind, Table, World

table = Table()

SETS = ("set_weights", "set_mechanism_weights")
COMMITS_OF_HASHES = ("commit_weights", "commit_mechanism_weights")
TIMELOCKED_COMMITS = (
    "commit_timelocked_weights",
    "commit_timelocked_mechanism_weights",
    "commit_crv3_mechanism_weights",
)
COMMITS = (*COMMITS_OF_HASHES, *TIMELOCKED_COMMITS)
SINGLE_REVEALS = ("reveal_weights", "reveal_mechanism_weights")
REVEALS = (*SINGLE_REVEALS, "batch_reveal_weights")
#: The calls that set weights; all of them check the weights in the same way.
SETS_AND_REVEALS = (*SETS, *REVEALS)
#: Batches whose items succeed or fail separately; batches of reveals do not.
BATCHES = ("batch_set_weights", "batch_commit_weights")
EVERY_CALL = (*SETS, *COMMITS, *REVEALS, *BATCHES)

VALIDATOR, MECHANISM, COMMIT_EPOCH, VERSION = ALICE, 1, 5, 4
CIPHERTEXT, ROUND = b"ciphertext", 1_000
MOST_COMMITS, RATE_LIMIT = 10, 10

U16s = NDArray[np.uint16]


def u16s(*values: int) -> U16s:
    return np.array(values, np.uint16)


SALT = u16s(7)


# --- as it is right ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """Weights of a validator on neurons of a subnet, by uid."""

    uids: tuple[int, ...] = (0, 1)
    weights: tuple[int, ...] = (1, 2)
    netuid: int = NETUID

    @property
    def arrays(self) -> tuple[U16s, U16s]:
        return u16s(*self.uids), u16s(*self.weights)

    def hash(self, mechanism: int = 0) -> bytes:
        """Return the hash of these weights that the validator commits."""
        index = get_mechanism_storage_index(self.netuid, mechanism)
        return get_commit_hash(VALIDATOR, index, *self.arrays, SALT, 0)


RIGHT = Given()

CALLS: dict[str, Callable[[Given], Call]] = {
    "set_weights": lambda given: set_weights.call(given.netuid, *given.arrays, 0),
    "set_mechanism_weights": lambda given: set_mechanism_weights.call(given.netuid, MECHANISM, *given.arrays, 0),
    "batch_set_weights": lambda given: batch_set_weights.call(
        [given.netuid], [list(zip(given.uids, given.weights, strict=True))], [0]
    ),
    "commit_weights": lambda given: commit_weights.call(given.netuid, given.hash()),
    "commit_mechanism_weights": lambda given: commit_mechanism_weights.call(
        given.netuid, MECHANISM, given.hash(MECHANISM)
    ),
    "batch_commit_weights": lambda given: batch_commit_weights.call([given.netuid], [given.hash()]),
    "commit_timelocked_weights": lambda given: commit_timelocked_weights.call(given.netuid, CIPHERTEXT, ROUND, VERSION),
    "commit_timelocked_mechanism_weights": lambda given: commit_timelocked_mechanism_weights.call(
        given.netuid, MECHANISM, CIPHERTEXT, ROUND, VERSION
    ),
    "commit_crv3_mechanism_weights": lambda given: commit_crv3_mechanism_weights.call(
        given.netuid, MECHANISM, CIPHERTEXT, ROUND
    ),
    "reveal_weights": lambda given: reveal_weights.call(given.netuid, *given.arrays, SALT, 0),
    "reveal_mechanism_weights": lambda given: reveal_mechanism_weights.call(
        given.netuid, MECHANISM, *given.arrays, SALT, 0
    ),
    "batch_reveal_weights": lambda given: batch_reveal_weights.call(
        given.netuid, *([array] for array in given.arrays), [SALT], [0]
    ),
}


def right(world: World, name: str, given: Given = RIGHT) -> Call:
    """Return the valid call, after its preconditions have been established."""
    ready(world, name, given.netuid)
    if name in REVEALS:
        commit = "commit_mechanism_weights" if name == "reveal_mechanism_weights" else "commit_weights"
        world.do(VALIDATOR, CALLS[commit](given))
        SubnetEpochIndex.put(world.ctx, given.netuid, COMMIT_EPOCH + 1)
    return CALLS[name](given)


def ready(world: World, name: str, netuid: int = NETUID) -> None:
    """Create a subnet of two mechanisms without rate limit, with three neurons, of which uid 0 is a validator."""
    ctx = world.ctx
    world.subnet(netuid, tempo=100)
    MechanismCountCurrent.put(ctx, netuid, 2)
    WeightsSetRateLimit.put(ctx, netuid, 0)
    CommitRevealWeightsEnabled.put(ctx, netuid, name not in (*SETS, "batch_set_weights"))
    SubnetEpochIndex.put(ctx, netuid, COMMIT_EPOCH)
    world.neuron(VALIDATOR, permit=True, netuid=netuid)
    for hotkey in (CHARLIE, DAVE):
        world.neuron(hotkey, netuid=netuid)


def changed(call: Call, **arguments: Any) -> Call:
    """Return the same call with other arguments."""
    names = (argument.name for argument in call.function.args)
    return call.function.call(**{**dict(zip(names, call.args, strict=True)), **arguments})


def misuse_of_weights(kind: Kind, error: AnyError) -> Callable[[Callable[[World], Given]], Callable[[World], Given]]:
    """Add misuses of sets and of reveals: with the weights that the decorated function returns.

    Committed weights are checked when they are revealed.
    """

    def add(wrong: Callable[[World], Given]) -> Callable[[World], Given]:
        def attempt(world: World, call: str) -> Attempt:
            return VALIDATOR, right(world, call, wrong(world))

        attempt.__name__ = wrong.__name__
        table.misuse_of_each(SETS_AND_REVEALS, kind, error)(attempt)
        return wrong

    return add


# --- too early, too late -------------------------------------------------------------------------------------------


@table.misuse_of_each(SETS, Kind.EARLY, Error.CommitRevealEnabled)
def where_weights_are_committed_first(world: World, call: str) -> Attempt:
    made = right(world, call)
    CommitRevealWeightsEnabled.put(world.ctx, NETUID, True)
    return VALIDATOR, made


@table.misuse_of_each((*COMMITS, *REVEALS), Kind.EARLY, Error.CommitRevealDisabled)
def where_weights_are_set_directly(world: World, call: str) -> Attempt:
    made = right(world, call)
    CommitRevealWeightsEnabled.put(world.ctx, NETUID, False)
    return VALIDATOR, made


@table.misuse_of_each(SETS_AND_REVEALS, Kind.EARLY, Error.NeuronNoValidatorPermit)
def before_an_epoch_has_given_a_permit(world: World, call: str) -> Attempt:
    made = right(world, call)
    set_element_at(world.ctx, ValidatorPermit, NETUID, 0, 0)
    return VALIDATOR, made


@table.misuse_of_each(REVEALS, Kind.EARLY, Error.NoWeightsCommitFound)
def without_a_commit(world: World, call: str) -> Attempt:
    ready(world, call)
    return VALIDATOR, CALLS[call](RIGHT)


@table.misuse_of_each(REVEALS, Kind.EARLY, Error.RevealTooEarly)
def in_the_epoch_of_the_commit(world: World, call: str) -> Attempt:
    made = right(world, call)
    SubnetEpochIndex.put(world.ctx, NETUID, COMMIT_EPOCH)
    return VALIDATOR, made


# The error of the call itself would be that the commit has expired; the guard has one error for both cases.
@table.misuse_of_each(REVEALS, Kind.EARLY, Error.RevealTooEarly)
def after_the_epoch_for_it(world: World, call: str) -> Attempt:
    made = right(world, call)
    SubnetEpochIndex.put(world.ctx, NETUID, COMMIT_EPOCH + 2)
    return VALIDATOR, made


# --- too fast ------------------------------------------------------------------------------------------------------


def again_within_the_limit(world: World, call: str) -> Attempt:
    made = right(world, call)
    world.do(VALIDATOR, made)
    WeightsSetRateLimit.put(world.ctx, NETUID, RATE_LIMIT)
    world.go_to(world.ctx.block.number + RATE_LIMIT - 1)
    return VALIDATOR, made


table.misuse_of_each(SETS, Kind.FAST, Error.SettingWeightsTooFast)(again_within_the_limit)
table.misuse_of_each(COMMITS, Kind.FAST, Error.CommittingWeightsTooFast)(again_within_the_limit)


# --- too much, too little ------------------------------------------------------------------------------------------


@table.misuse_of_each(EVERY_CALL, Kind.MUCH, Error.NotEnoughStakeToSetWeights)
def with_too_little_stake(world: World, call: str) -> Attempt:
    made = right(world, call)
    StakeThreshold.put(world.ctx, 1)
    return VALIDATOR, made


@table.misuse_of_each(SETS_AND_REVEALS, Kind.MUCH, Error.IncorrectWeightVersionKey)
def of_too_old_a_version(world: World, call: str) -> Attempt:
    made = right(world, call)
    WeightsVersionKey.put(world.ctx, NETUID, 1)
    return VALIDATOR, made


@misuse_of_weights(Kind.MUCH, Error.UidVecContainInvalidOne)
def with_a_uid_of_no_neuron(world: World) -> Given:
    return Given(uids=(0, 3))


@misuse_of_weights(Kind.MUCH, Error.CanNotSetRootNetworkWeights)
def on_root(world: World) -> Given:
    return Given(netuid=ROOT_NETUID)


def in_a_mechanism_that_there_is_not(world: World, call: str) -> Attempt:
    return VALIDATOR, changed(right(world, call), mecid=2)


# What limits the rate looks for the mechanism first, and lets nothing pass in one that it does not find. Reveals look
# for a commit in it.
for _name, _error in {
    "set_mechanism_weights": Error.SettingWeightsTooFast,
    "commit_mechanism_weights": Error.CommittingWeightsTooFast,
    "commit_timelocked_mechanism_weights": Error.MechanismDoesNotExist,
    "commit_crv3_mechanism_weights": Error.MechanismDoesNotExist,
    "reveal_mechanism_weights": Error.NoWeightsCommitFound,
}.items():
    table.misuse_of_each((_name,), Kind.MUCH, _error)(in_a_mechanism_that_there_is_not)


@table.misuse_of_each(COMMITS, Kind.MUCH, Error.TooManyUnrevealedCommits)
def with_ten_commits_that_wait(world: World, call: str) -> Attempt:
    made = right(world, call)
    for _ in range(MOST_COMMITS):
        world.do(VALIDATOR, made)
    return VALIDATOR, made


@table.misuse_of_each(TIMELOCKED_COMMITS, Kind.MUCH, Error.IncorrectCommitRevealVersion)
def of_a_version_that_is_not_the_chains(world: World, call: str) -> Attempt:
    made = right(world, call)
    CommitRevealWeightsVersion.put(world.ctx, VERSION + 1)
    return VALIDATOR, made


# Again the guard's error: that of the call itself would be that the hash does not match.
@table.misuse_of_each(REVEALS, Kind.MUCH, Error.NoWeightsCommitFound)
def other_weights_than_committed_to(world: World, call: str) -> Attempt:
    right(world, call)
    return VALIDATOR, CALLS[call](Given(weights=(1, 3)))


@table.misuse_of_each(SINGLE_REVEALS, Kind.MUCH, Error.NoWeightsCommitFound)
def another_salt_than_committed_to(world: World, call: str) -> Attempt:
    return VALIDATOR, changed(right(world, call), salt=u16s(8))


@table.misuse_of_each(SINGLE_REVEALS, Kind.MUCH, Error.NoWeightsCommitFound)
def another_version_key_than_committed_to(world: World, call: str) -> Attempt:
    return VALIDATOR, changed(right(world, call), version_key=1)


# --- wrong lengths -------------------------------------------------------------------------------------------------


@misuse_of_weights(Kind.LENGTHS, Error.WeightVecNotEqualSize)
def more_uids_than_weights(world: World) -> Given:
    return Given(uids=(0, 1, 2))


@misuse_of_weights(Kind.LENGTHS, Error.WeightVecNotEqualSize)
def fewer_uids_than_weights(world: World) -> Given:
    return Given(uids=(0,))


@misuse_of_weights(Kind.LENGTHS, Error.UidsLengthExceedUidsInSubNet)
def more_weights_than_neurons(world: World) -> Given:
    return Given(uids=(0, 1, 2, 3), weights=(1, 2, 3, 4))


@table.misuse_of_each(SETS_AND_REVEALS, Kind.LENGTHS, Error.WeightVecLengthIsLow)
def fewer_weights_than_the_subnet_asks_for(world: World, call: str) -> Attempt:
    made = right(world, call)
    MinAllowedWeights.put(world.ctx, NETUID, 3)
    return VALIDATOR, made


def misuse_of_lists(call: str, *names: str) -> None:
    """Add misuses of a batch: one of its lists, by the names of its arguments, is shorter than the others."""
    for name in names:

        def attempt(world: World, name: str = name) -> Attempt:
            return VALIDATOR, changed(right(world, call), **{name: []})

        attempt.__name__ = f"without_{name}"
        table.misuse(call, Kind.LENGTHS, Error.InputLengthsUnequal)(attempt)


misuse_of_lists("batch_set_weights", "netuids", "weights", "version_keys")
misuse_of_lists("batch_commit_weights", "netuids", "commit_hashes")
misuse_of_lists("batch_reveal_weights", "uids_list", "values_list", "salts_list", "version_keys")


# --- duplicates ----------------------------------------------------------------------------------------------------


@misuse_of_weights(Kind.TWICE, Error.DuplicateUids)
def with_a_uid_that_comes_twice(world: World) -> Given:
    return Given(uids=(1, 1))


@table.misuse_of_each(REVEALS, Kind.TWICE, Error.NoWeightsCommitFound)
def the_same_reveal_again(world: World, call: str) -> Attempt:
    made = right(world, call)
    world.do(VALIDATOR, made)
    return VALIDATOR, made


@table.misuse("batch_reveal_weights", Kind.TWICE, Error.InvalidRevealCommitHashNotMatch)
def one_commit_twice_in_a_batch(world: World) -> Attempt:
    made = right(world, "batch_reveal_weights")
    netuid, *lists = made.args
    return VALIDATOR, made.function.call(netuid, *(items * 2 for items in lists))


# --- what cannot be ------------------------------------------------------------------------------------------------

table.never(Kind.EARLY, "an item that is too early fails separately, with an event", *BATCHES)
table.never(Kind.FAST, "an item that comes too fast fails separately, with an event", *BATCHES)
table.never(Kind.TWICE, "a subnet may be named twice; an item that fails of it fails alone", *BATCHES)
table.never(Kind.FAST, "it is the commit that counts for the rate, not the reveal", *REVEALS)
table.never(Kind.LENGTHS, "all hashes have the same length", *COMMITS_OF_HASHES)
table.never(Kind.LENGTHS, "a ciphertext above the limit cannot even be decoded", *TIMELOCKED_COMMITS)
table.never(Kind.TWICE, "the same commit may be made again and waits twice", *COMMITS)
