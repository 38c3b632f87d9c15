"""Commit-reveal: commits, the time of their reveal, and their expiry."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from pysubtensor.runtime.crypto.hashing import blake2_256
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import DispatchFailed, as_dispatch_error
from pysubtensor.runtime.frame.weight import DispatchClass, Pays, Weight, weight_of
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.events import (
    BatchCompletedWithErrors,
    BatchWeightItemFailed,
    BatchWeightsCompleted,
    CommitRevealPeriodsSet,
    TimelockedWeightsCommitted,
    WeightsBatchRevealed,
    WeightsCommitted,
    WeightsRevealed,
    WeightsSet,
)
from pysubtensor.runtime.pallets.subtensor.neurons.uids import set_element_at
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import CommitRevealWeightsEnabled, RevealPeriodEpochs
from pysubtensor.runtime.pallets.subtensor.storage.networks import MechanismCountCurrent
from pysubtensor.runtime.pallets.subtensor.storage.neurons import ValidatorPermit
from pysubtensor.runtime.pallets.subtensor.storage.rate_limits import WeightsSetRateLimit
from pysubtensor.runtime.pallets.subtensor.storage.tempo import LastEpochBlock, SubnetEpochIndex, Tempo
from pysubtensor.runtime.pallets.subtensor.storage.weights import (
    CommitRevealWeightsVersion,
    TimelockedWeightCommits,
    WeightCommits,
    Weights,
)
from pysubtensor.runtime.pallets.subtensor.weights.commit_reveal import (
    batch_commit_weights,
    batch_reveal_weights,
    commit_mechanism_weights,
    commit_weights,
    current_epoch_with_lookahead,
    get_commit_hash,
    reveal_mechanism_weights,
    reveal_weights,
    set_reveal_period,
)
from pysubtensor.runtime.pallets.subtensor.weights.set_weights import get_last_update_for_uid, set_weights
from pysubtensor.runtime.pallets.subtensor.weights.timelocked import (
    commit_crv3_mechanism_weights,
    commit_timelocked_mechanism_weights,
    commit_timelocked_weights,
    reveal_crv3_commits_for_subnet,
)
from pysubtensor.runtime.scale import ScaleError

from tests.costs import own_info
from tests.world import ALICE, BOB, CHARLIE, DAVE, AddNetwork, AddNeuron, Events, GoTo, RefusedUnguarded, Unguarded

NETUID, MECHANISM_1, TEMPO = 1, 4096 + 1, 100
VALIDATOR, OTHER, STRANGER, COLDKEY = ALICE, BOB, CHARLIE, DAVE
VERSION = 4
#: Three different sets of weights: uids, values.
SETS = [((0, 1), (10, 20)), ((1, 0), (30, 40)), ((0, 1), (50, 60))]

NextEpoch = Callable[[], None]


def u16s(*values: int) -> NDArray[np.uint16]:
    return np.array(values, np.uint16)


def salt(number: int) -> NDArray[np.uint16]:
    return u16s(*[number] * 8)


def commit_hash(number: int, index: int = NETUID) -> bytes:
    """Return the hash of one of the sets, with a salt of the same number."""
    uids, values = SETS[number % 3]
    return get_commit_hash(VALIDATOR, index, u16s(*uids), u16s(*values), salt(number), 0)


def commit(number: int) -> Call:
    return commit_weights.call(NETUID, commit_hash(number))


def reveal(number: int) -> Call:
    uids, values = SETS[number % 3]
    return reveal_weights.call(NETUID, u16s(*uids), u16s(*values), salt(number), 0)


def reveal_batch(numbers: Sequence[int]) -> Call:
    uids, values = ([u16s(*SETS[number % 3][part]) for number in numbers] for part in (0, 1))
    salts = [salt(number) for number in numbers]
    return batch_reveal_weights.call(NETUID, uids, values, salts, [0] * len(numbers))


@pytest.fixture(autouse=True)
def subnet(ctx: Context, go_to: GoTo, add_network: AddNetwork, add_neuron: AddNeuron, events: Events) -> None:
    """A subnet with commit-reveal, without rate limit; uid 0 is a validator. It is block 1, and epoch 0 has begun."""
    add_network(NETUID, TEMPO)
    CommitRevealWeightsEnabled.put(ctx, NETUID, True)
    WeightsSetRateLimit.put(ctx, NETUID, 0)
    LastEpochBlock.put(ctx, NETUID, 1)
    for hotkey in (VALIDATOR, OTHER):
        add_neuron(NETUID, hotkey, COLDKEY)
    set_element_at(ctx, ValidatorPermit, NETUID, 0, 1)
    events()


@pytest.fixture
def next_epoch(ctx: Context, go_to: GoTo) -> NextEpoch:
    """Go to the block of the next epoch, as after that epoch."""

    def advance() -> None:
        go_to(LastEpochBlock.get(ctx, NETUID) + Tempo.get(ctx, NETUID))
        LastEpochBlock.put(ctx, NETUID, ctx.block.number)
        SubnetEpochIndex.mutate(ctx, NETUID, lambda index: index + 1)

    return advance


def waiting(ctx: Context, index: int = NETUID) -> list[bytes]:
    """Return the hashes of pending commits."""
    return [commit[0] for commit in WeightCommits.get(ctx, index, VALIDATOR) or []]


# --- the hash ------------------------------------------------------------------------------------------------------


def test_a_commit_is_the_hash_of_hotkey_subnet_uids_values_salt_and_version() -> None:
    encoded = (
        VALIDATOR
        + bytes((1, 0))
        + bytes((2 << 2, 0, 0, 1, 0))
        + bytes((2 << 2, 10, 0, 10, 0))
        + bytes((1 << 2, 7, 0))
        + (300).to_bytes(8, "little")
    )
    assert get_commit_hash(VALIDATOR, NETUID, u16s(0, 1), u16s(10, 10), u16s(7), 300) == blake2_256(encoded)


def test_revealed_weights_must_match_the_commit(
    unguarded: Unguarded, next_epoch: NextEpoch, refused_unguarded: RefusedUnguarded
) -> None:
    unguarded(VALIDATOR, commit(0))
    next_epoch()
    for uids, used in (((0, 2), salt(0)), ((0, 1), salt(1))):
        wrong = reveal_weights.call(NETUID, u16s(*uids), u16s(10, 20), used, 0)
        refused_unguarded(VALIDATOR, wrong, Error.InvalidRevealCommitHashNotMatch)
    unguarded(VALIDATOR, reveal(0))


# --- committing ----------------------------------------------------------------------------------------------------


def test_a_commit_is_stored_with_its_epoch_and_block(
    ctx: Context, go_to: GoTo, unguarded: Unguarded, events: Events
) -> None:
    SubnetEpochIndex.put(ctx, NETUID, 5)
    go_to(50)
    unguarded(VALIDATOR, commit(0))
    assert WeightCommits.get(ctx, NETUID, VALIDATOR) == [(commit_hash(0), 5, 50, 0)]
    assert get_last_update_for_uid(ctx, NETUID, 0) == 50
    assert events() == [WeightsCommitted(VALIDATOR, NETUID, commit_hash(0))]


def test_commits_in_the_block_of_a_due_epoch_belong_to_it(ctx: Context, go_to: GoTo) -> None:
    go_to(TEMPO)
    assert current_epoch_with_lookahead(ctx, NETUID) == 0
    go_to(TEMPO + 1)
    assert current_epoch_with_lookahead(ctx, NETUID) == 1


def test_commits_need_a_neuron_a_mechanism_and_commit_reveal(ctx: Context, refused_unguarded: RefusedUnguarded) -> None:
    refused_unguarded(STRANGER, commit(0), Error.HotKeyNotRegisteredInSubNet)
    beyond = commit_mechanism_weights.call(NETUID, 1, commit_hash(0))
    refused_unguarded(VALIDATOR, beyond, Error.MechanismDoesNotExist)
    CommitRevealWeightsEnabled.put(ctx, NETUID, False)
    refused_unguarded(VALIDATOR, commit(0), Error.CommitRevealDisabled)


def test_commits_and_weights_share_one_rate_limit(
    ctx: Context, go_to: GoTo, unguarded: Unguarded, refused_unguarded: RefusedUnguarded
) -> None:
    WeightsSetRateLimit.put(ctx, NETUID, 10)
    go_to(11)
    unguarded(VALIDATOR, commit(0))
    for block in (11, 16, 20):
        go_to(block)
        refused_unguarded(VALIDATOR, commit(1), Error.CommittingWeightsTooFast)
    go_to(21)
    unguarded(VALIDATOR, commit(1))
    CommitRevealWeightsEnabled.put(ctx, NETUID, False)
    weights = set_weights.call(NETUID, u16s(0), u16s(1), 0)
    refused_unguarded(VALIDATOR, weights, Error.SettingWeightsTooFast)
    go_to(31)
    unguarded(VALIDATOR, weights)


def test_ten_commits_may_be_pending_without_expired_ones(
    ctx: Context, unguarded: Unguarded, next_epoch: NextEpoch, refused_unguarded: RefusedUnguarded
) -> None:
    for number in range(5):
        unguarded(VALIDATOR, commit(number))
    next_epoch()
    for number in range(5, 10):
        unguarded(VALIDATOR, commit(number))
    refused_unguarded(VALIDATOR, commit(10), Error.TooManyUnrevealedCommits)
    next_epoch()
    unguarded(VALIDATOR, commit(10))
    assert waiting(ctx) == [commit_hash(number) for number in range(5, 11)]
    refused_unguarded(VALIDATOR, reveal(0), Error.InvalidRevealCommitHashNotMatch)
    for number in range(5, 10):
        unguarded(VALIDATOR, reveal(number))
    next_epoch()
    unguarded(VALIDATOR, reveal(10))
    assert not WeightCommits.contains(ctx, NETUID, VALIDATOR)
    refused_unguarded(VALIDATOR, reveal(10), Error.NoWeightsCommitFound)


# --- revealing -----------------------------------------------------------------------------------------------------


def test_revealing_sets_the_weights_and_not_the_last_update(
    ctx: Context, unguarded: Unguarded, next_epoch: NextEpoch, events: Events
) -> None:
    unguarded(VALIDATOR, commit(0))
    next_epoch()
    events()
    unguarded(VALIDATOR, reveal(0))
    assert Weights.get(ctx, NETUID, 0).tolist() == [[0, 32768], [1, 65535]]
    assert get_last_update_for_uid(ctx, NETUID, 0) == 1
    assert events() == [WeightsSet(NETUID, 0), WeightsRevealed(VALIDATOR, NETUID, commit_hash(0))]


def test_a_commit_can_be_revealed_in_the_next_epoch_only(
    unguarded: Unguarded, next_epoch: NextEpoch, refused_unguarded: RefusedUnguarded
) -> None:
    unguarded(VALIDATOR, commit(0))
    refused_unguarded(VALIDATOR, reveal(0), Error.RevealTooEarly)
    next_epoch()
    unguarded(VALIDATOR, reveal(0))
    refused_unguarded(VALIDATOR, reveal(0), Error.NoWeightsCommitFound)
    unguarded(VALIDATOR, commit(0))
    next_epoch()
    next_epoch()
    refused_unguarded(VALIDATOR, reveal(0), Error.ExpiredWeightCommit)


@pytest.mark.parametrize("period", [1, 2, 7])
def test_the_period_counts_epochs(
    ctx: Context, unguarded: Unguarded, next_epoch: NextEpoch, refused_unguarded: RefusedUnguarded, period: int
) -> None:
    set_reveal_period(ctx, NETUID, period)
    unguarded(VALIDATOR, commit(0))
    for _ in range(period):
        refused_unguarded(VALIDATOR, reveal(0), Error.RevealTooEarly)
        next_epoch()
    unguarded(VALIDATOR, reveal(0))


def test_a_change_of_tempo_keeps_the_epochs_of_commits(
    ctx: Context, go_to: GoTo, unguarded: Unguarded, next_epoch: NextEpoch, refused_unguarded: RefusedUnguarded
) -> None:
    unguarded(VALIDATOR, commit(0))
    Tempo.put(ctx, NETUID, 1_000)
    go_to(TEMPO + 1)
    refused_unguarded(VALIDATOR, reveal(0), Error.RevealTooEarly)
    next_epoch()
    unguarded(VALIDATOR, reveal(0))


def test_a_reveal_keeps_younger_commits_and_drops_older_ones(
    ctx: Context, unguarded: Unguarded, next_epoch: NextEpoch, refused_unguarded: RefusedUnguarded
) -> None:
    for number in range(3):
        unguarded(VALIDATOR, commit(number))
    next_epoch()
    unguarded(VALIDATOR, reveal(1))
    assert waiting(ctx) == [commit_hash(2)]
    refused_unguarded(VALIDATOR, reveal(0), Error.InvalidRevealCommitHashNotMatch)
    unguarded(VALIDATOR, reveal(2))
    refused_unguarded(VALIDATOR, reveal(0), Error.NoWeightsCommitFound)


def test_reveals_need_commit_reveal(
    ctx: Context, unguarded: Unguarded, next_epoch: NextEpoch, refused_unguarded: RefusedUnguarded
) -> None:
    unguarded(VALIDATOR, commit(0))
    next_epoch()
    CommitRevealWeightsEnabled.put(ctx, NETUID, False)
    refused_unguarded(VALIDATOR, reveal(0), Error.CommitRevealDisabled)
    refused_unguarded(VALIDATOR, reveal_batch([0]), Error.CommitRevealDisabled)


def test_a_refused_reveal_keeps_its_commit(
    ctx: Context, unguarded: Unguarded, next_epoch: NextEpoch, refused_unguarded: RefusedUnguarded
) -> None:
    unguarded(VALIDATOR, commit(0))
    next_epoch()
    set_element_at(ctx, ValidatorPermit, NETUID, 0, 0)
    refused_unguarded(VALIDATOR, reveal(0), Error.NeuronNoValidatorPermit)
    assert waiting(ctx) == [commit_hash(0)]


def test_commits_belong_to_a_mechanism(
    ctx: Context, unguarded: Unguarded, next_epoch: NextEpoch, refused_unguarded: RefusedUnguarded, events: Events
) -> None:
    MechanismCountCurrent.put(ctx, NETUID, 2)
    committed = commit_hash(0, MECHANISM_1)
    unguarded(VALIDATOR, commit_mechanism_weights.call(NETUID, 1, committed))
    assert (waiting(ctx), waiting(ctx, MECHANISM_1)) == ([], [committed])
    next_epoch()
    events()
    (uids, values) = (u16s(*part) for part in SETS[0])
    refused_unguarded(VALIDATOR, reveal(0), Error.NoWeightsCommitFound)
    unguarded(VALIDATOR, reveal_mechanism_weights.call(NETUID, 1, uids, values, salt(0), 0))
    assert events() == [WeightsSet(MECHANISM_1, 0), WeightsRevealed(VALIDATOR, MECHANISM_1, committed)]
    assert Weights.get(ctx, MECHANISM_1, 0).tolist() == [[0, 32768], [1, 65535]]


@pytest.mark.parametrize(("period", "error"), [(0, Error.RevealPeriodTooSmall), (101, Error.RevealPeriodTooLarge)])
def test_the_period_is_from_1_to_100(ctx: Context, events: Events, period: int, error: Error) -> None:
    with pytest.raises(DispatchFailed) as failure:
        set_reveal_period(ctx, NETUID, period)
    assert failure.value.reason is error
    for allowed in (1, 100):
        set_reveal_period(ctx, NETUID, allowed)
        assert RevealPeriodEpochs.get(ctx, NETUID) == allowed
    assert events() == [CommitRevealPeriodsSet(NETUID, 1), CommitRevealPeriodsSet(NETUID, 100)]


# --- batches -------------------------------------------------------------------------------------------------------


def test_a_batch_of_commits_reports_each_failure_with_its_subnet(
    ctx: Context, add_network: AddNetwork, unguarded: Unguarded, events: Events
) -> None:
    CommitRevealWeightsEnabled.put(ctx, add_network(2, TEMPO), False)
    events()
    hashes = [b"\xaa" * 32, commit_hash(0), b"\xbb" * 32]
    unguarded(VALIDATOR, batch_commit_weights.call([2, NETUID, 9], hashes))
    assert waiting(ctx) == [commit_hash(0)]
    assert events() == [
        WeightsCommitted(VALIDATOR, NETUID, commit_hash(0)),
        BatchCompletedWithErrors(),
        BatchWeightItemFailed(2, as_dispatch_error(Error.CommitRevealDisabled)),
        BatchWeightItemFailed(9, as_dispatch_error(Error.MechanismDoesNotExist)),
        BatchWeightsCompleted([2, NETUID, 9], VALIDATOR),
    ]


def test_a_batch_reveals_several_commits_in_any_order(
    ctx: Context, unguarded: Unguarded, next_epoch: NextEpoch, events: Events
) -> None:
    for number in range(3):
        unguarded(VALIDATOR, commit(number))
    next_epoch()
    events()
    unguarded(VALIDATOR, reveal_batch([2, 0]))
    revealed = WeightsBatchRevealed(VALIDATOR, NETUID, [commit_hash(2), commit_hash(0)])
    assert events() == [WeightsSet(NETUID, 0), WeightsSet(NETUID, 0), revealed]
    assert waiting(ctx) == [commit_hash(1)]
    assert Weights.get(ctx, NETUID, 0).tolist() == [[0, 32768], [1, 65535]]
    unguarded(VALIDATOR, reveal_batch([1]))
    assert not WeightCommits.contains(ctx, NETUID, VALIDATOR)


def test_a_batch_reveals_all_or_none(
    ctx: Context, unguarded: Unguarded, next_epoch: NextEpoch, refused_unguarded: RefusedUnguarded
) -> None:
    refused_unguarded(VALIDATOR, reveal_batch([0]), Error.NoWeightsCommitFound)
    unguarded(VALIDATOR, commit(0))
    refused_unguarded(VALIDATOR, reveal_batch([0]), Error.RevealTooEarly)
    next_epoch()
    for number in (1, 2):
        unguarded(VALIDATOR, commit(number))
    refused_unguarded(VALIDATOR, reveal_batch([0, 1]), Error.RevealTooEarly)
    next_epoch()
    refused_unguarded(VALIDATOR, reveal_batch([1, 2, 0]), Error.ExpiredWeightCommit)
    refused_unguarded(VALIDATOR, reveal_batch([1, 2, 3]), Error.InvalidRevealCommitHashNotMatch)
    refused_unguarded(VALIDATOR, reveal_batch([1, 1]), Error.InvalidRevealCommitHashNotMatch)
    assert len(waiting(ctx)) == 3
    unguarded(VALIDATOR, reveal_batch([1, 2]))
    assert waiting(ctx) == []


def test_the_lists_of_a_batch_are_equally_long(unguarded: Unguarded, refused_unguarded: RefusedUnguarded) -> None:
    for lengths in ((0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 0, 1), (1, 1, 1, 0)):
        lists = [[u16s(1)] * length for length in lengths[:3]]
        unequal = batch_reveal_weights.call(NETUID, *lists, [0] * lengths[3])
        refused_unguarded(VALIDATOR, unequal, Error.InputLengthsUnequal)
    refused_unguarded(VALIDATOR, batch_commit_weights.call([NETUID], []), Error.InputLengthsUnequal)


# --- timelocked commits --------------------------------------------------------------------------------------------


def timelocked(version: int = VERSION, ciphertext: bytes = b"\1\2\3\4\5") -> Call:
    return commit_timelocked_weights.call(NETUID, ciphertext, 1_000, version)


def test_a_timelocked_commit_is_stored_under_its_epoch(
    ctx: Context, go_to: GoTo, unguarded: Unguarded, events: Events
) -> None:
    SubnetEpochIndex.put(ctx, NETUID, 5)
    go_to(50)
    unguarded(VALIDATOR, timelocked())
    unguarded(OTHER, timelocked())
    stored = TimelockedWeightCommits.get(ctx, NETUID, 5)
    assert stored == [(who, 50, b"\1\2\3\4\5", 1_000) for who in (VALIDATOR, OTHER)]
    assert get_last_update_for_uid(ctx, NETUID, 0) == 50
    digest = blake2_256(b"\1\2\3\4\5")
    assert events() == [TimelockedWeightsCommitted(who, NETUID, digest, 1_000) for who in (VALIDATOR, OTHER)]


def test_a_ciphertext_has_at_most_5000_bytes() -> None:
    assert len(timelocked(ciphertext=bytes(5_000)).encode()) > 5_000
    with pytest.raises(ScaleError, match="5000"):
        timelocked(ciphertext=bytes(5_001)).encode()


def test_a_timelocked_commit_is_for_the_chains_version(
    ctx: Context, unguarded: Unguarded, refused_unguarded: RefusedUnguarded
) -> None:
    refused_unguarded(VALIDATOR, timelocked(3), Error.IncorrectCommitRevealVersion)
    without_version = commit_crv3_mechanism_weights.call(NETUID, 0, b"\1", 1_000)
    unguarded(VALIDATOR, without_version)
    CommitRevealWeightsVersion.put(ctx, 5)
    refused_unguarded(VALIDATOR, without_version, Error.IncorrectCommitRevealVersion)
    unguarded(VALIDATOR, timelocked(5))


def test_timelocked_commits_follow_the_rules_of_all_commits(
    ctx: Context, go_to: GoTo, unguarded: Unguarded, refused_unguarded: RefusedUnguarded
) -> None:
    refused_unguarded(STRANGER, timelocked(), Error.HotKeyNotRegisteredInSubNet)
    beyond = commit_timelocked_mechanism_weights.call(NETUID, 1, b"\1", 1_000, VERSION)
    refused_unguarded(VALIDATOR, beyond, Error.MechanismDoesNotExist)
    WeightsSetRateLimit.put(ctx, NETUID, 5)
    unguarded(VALIDATOR, timelocked())
    go_to(5)
    refused_unguarded(VALIDATOR, timelocked(), Error.CommittingWeightsTooFast)
    go_to(6)
    unguarded(VALIDATOR, timelocked())
    CommitRevealWeightsEnabled.put(ctx, NETUID, False)
    refused_unguarded(VALIDATOR, timelocked(), Error.CommitRevealDisabled)


def test_mechanisms_have_separate_rate_limits(
    ctx: Context, go_to: GoTo, unguarded: Unguarded, refused_unguarded: RefusedUnguarded
) -> None:
    MechanismCountCurrent.put(ctx, NETUID, 2)
    WeightsSetRateLimit.put(ctx, NETUID, 5)
    second = commit_timelocked_mechanism_weights.call(NETUID, 1, b"\1", 1_000, VERSION)
    unguarded(VALIDATOR, second)
    refused_unguarded(VALIDATOR, second, Error.CommittingWeightsTooFast)
    unguarded(VALIDATOR, timelocked())
    assert len(TimelockedWeightCommits.get(ctx, MECHANISM_1, 0)) == 1


def test_a_hotkey_has_ten_timelocked_commits_in_an_epoch(
    unguarded: Unguarded, next_epoch: NextEpoch, refused_unguarded: RefusedUnguarded
) -> None:
    for _ in range(10):
        unguarded(VALIDATOR, timelocked())
    refused_unguarded(VALIDATOR, timelocked(), Error.TooManyUnrevealedCommits)
    unguarded(OTHER, timelocked())
    next_epoch()
    unguarded(VALIDATOR, timelocked())


def test_timelocked_commits_wait_for_their_round_and_expire_after_their_epoch(ctx: Context, go_to: GoTo) -> None:
    MechanismCountCurrent.put(ctx, NETUID, 2)
    SubnetEpochIndex.put(ctx, NETUID, 10)
    LastEpochBlock.put(ctx, NETUID, ctx.block.number)
    for index in (NETUID, MECHANISM_1):
        for epoch in (8, 9, 10):
            TimelockedWeightCommits.put(ctx, index, epoch, [(VALIDATOR, 1, bytes(5), 1_000)])
    reveal_crv3_commits_for_subnet(ctx, NETUID)
    for index in (NETUID, MECHANISM_1):
        assert sorted(epoch for epoch, _ in TimelockedWeightCommits.under(ctx, index)) == [9, 10]


# --- what they cost ------------------------------------------------------------------------------------------------

COSTS: dict[str, tuple[Call, Weight]] = {
    "commit": (commit(0), weight_of(69_049_000, 4714, 13, 2)),
    "reveal": (reveal(0), weight_of(111_227_000, 7590, 19, 2)),
    "batch of commits": (batch_commit_weights.call([], []), weight_of(147_224_000, 4765, 15, 2)),
    "batch of reveals": (reveal_batch([]), weight_of(421_363_000, 8095, 19, 2)),
    "timelocked": (timelocked(), weight_of(86_951_000, 4713, 14, 2)),
    "commit to a mechanism": (commit_mechanism_weights.call(1, 0, bytes(32)), weight_of(55_130_000, 0, 7, 2)),
    "version 3": (commit_crv3_mechanism_weights.call(1, 0, b"", 0), weight_of(77_750_000, 0, 7, 2)),
    "timelocked mechanism": (
        commit_timelocked_mechanism_weights.call(1, 0, b"", 0, 4),
        weight_of(84_020_000, 0, 9, 2),
    ),
    "reveal of a mechanism": (
        reveal_mechanism_weights.call(1, 0, u16s(), u16s(), u16s(), 0),
        weight_of(122_000_000, 0, 16, 2),
    ),
}


@pytest.mark.parametrize("kind", COSTS)
def test_commits_and_reveals_are_free_and_weigh_as_on_the_chain(kind: str) -> None:
    call, weight = COSTS[kind]
    info = own_info(call)
    assert (info.call_weight, info.class_, info.pays_fee) == (weight, DispatchClass.Normal, Pays.No)
