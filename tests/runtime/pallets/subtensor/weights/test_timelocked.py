"""Timelocked weights: which commits a pulse reveals, which wait, and which are lost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from pysubtensor.runtime.crypto.timelock import encrypt
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.drand.declared import LastStoredRound, Pulse, Pulses
from pysubtensor.runtime.pallets.drand.pulses import round_message
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.events import TimelockedWeightsRevealed, WeightsSet
from pysubtensor.runtime.pallets.subtensor.neurons.uids import set_element_at
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import CommitRevealWeightsEnabled, WeightsVersionKey
from pysubtensor.runtime.pallets.subtensor.storage.networks import MechanismCountCurrent
from pysubtensor.runtime.pallets.subtensor.storage.neurons import ValidatorPermit
from pysubtensor.runtime.pallets.subtensor.storage.rate_limits import WeightsSetRateLimit
from pysubtensor.runtime.pallets.subtensor.storage.tempo import LastEpochBlock, SubnetEpochIndex
from pysubtensor.runtime.pallets.subtensor.storage.weights import TimelockedWeightCommits, Weights
from pysubtensor.runtime.pallets.subtensor.weights.timelocked import (
    commit_crv3_mechanism_weights,
    commit_timelocked_mechanism_weights,
    commit_timelocked_weights,
    reveal_crv3_commits_for_subnet,
)
from pysubtensor.runtime.scale import VecU16, codec_of, u64

from tests.runtime.pallets.drand import BEACON, ROUND_1000, ROUND_2000
from tests.world import ALICE, BOB, DAVE, AddNetwork, AddNeuron, Dispatch, Events, RefusedCall

NETUID, MECHANISM_1, VERSION = 1, 4096 + 1, 4
VALIDATOR, OTHER, COLDKEY = ALICE, BOB, DAVE
#: The epoch of the reveals, and that of the commits.
EPOCH, COMMITTED = 10, 9
PAYLOAD, LEGACY_PAYLOAD = codec_of(tuple[bytes, VecU16, VecU16, u64]), codec_of(tuple[VecU16, VecU16, u64])

Commit = tuple[bytes, int, bytes, int]


def sealed(message: bytes, number: int = 1000) -> bytes:
    return encrypt(BEACON.public_key, round_message(number), message, b"s" * 32, b"k" * 32, b"n" * 12)


def payload(who: bytes, *weights: int, version_key: int = 0) -> bytes:
    """Return the content of a commit: weights of the uids from 0 on."""
    uids = np.arange(len(weights), dtype=np.uint16)
    return PAYLOAD.encode((who, uids, np.array(weights, np.uint16), version_key))


def commit(who: bytes, *weights: int, number: int = 1000) -> Commit:
    return who, 1, sealed(payload(who, *weights), number), number


def put(ctx: Context, *commits: Commit, index: int = NETUID) -> None:
    TimelockedWeightCommits.put(ctx, index, COMMITTED, list(commits))


def store(ctx: Context, *pulses: Pulse) -> None:
    for pulse in pulses:
        Pulses.put(ctx, pulse.round, pulse)


def weights_of(ctx: Context, uid: int, index: int = NETUID) -> Sequence[Sequence[int]]:
    found: list[list[int]] = Weights.get(ctx, index, uid).tolist()
    return found


def waiting(ctx: Context, index: int = NETUID) -> list[Commit]:
    return TimelockedWeightCommits.get(ctx, index, COMMITTED)


@pytest.fixture(autouse=True)
def subnet(ctx: Context, add_network: AddNetwork, add_neuron: AddNeuron, events: Events) -> None:
    """A subnet with commit-reveal and two validators, uid 0 and 1, in epoch 10."""
    add_network(NETUID, 100)
    CommitRevealWeightsEnabled.put(ctx, NETUID, True)
    WeightsSetRateLimit.put(ctx, NETUID, 0)
    LastEpochBlock.put(ctx, NETUID, 1)
    SubnetEpochIndex.put(ctx, NETUID, EPOCH)
    for uid, hotkey in enumerate((VALIDATOR, OTHER)):
        add_neuron(NETUID, hotkey, COLDKEY)
        set_element_at(ctx, ValidatorPermit, NETUID, uid, 1)
    events()


def test_a_commit_whose_pulse_is_stored_sets_weights(ctx: Context, events: Events) -> None:
    put(ctx, commit(VALIDATOR, 1, 3), commit(OTHER, 5, 5, number=2000))
    store(ctx, ROUND_1000, ROUND_2000)
    reveal_crv3_commits_for_subnet(ctx, NETUID)
    assert (weights_of(ctx, 0), weights_of(ctx, 1)) == ([[0, 21845], [1, 65535]], [[0, 65535], [1, 65535]])
    assert events() == [
        WeightsSet(NETUID, 0),
        TimelockedWeightsRevealed(NETUID, VALIDATOR),
        WeightsSet(NETUID, 1),
        TimelockedWeightsRevealed(NETUID, OTHER),
    ]
    assert not TimelockedWeightCommits.contains(ctx, NETUID, COMMITTED)


def test_commits_without_their_pulse_wait_in_their_order(ctx: Context, events: Events) -> None:
    commits = [commit(who, 1, value, number=2000) for who, value in ((OTHER, 1), (VALIDATOR, 2))]
    put(ctx, commits[0], commit(VALIDATOR, 1, 3), commits[1])
    store(ctx, ROUND_1000)
    reveal_crv3_commits_for_subnet(ctx, NETUID)
    assert waiting(ctx) == commits
    assert events() == [WeightsSet(NETUID, 0), TimelockedWeightsRevealed(NETUID, VALIDATOR)]
    store(ctx, ROUND_2000)
    reveal_crv3_commits_for_subnet(ctx, NETUID)
    assert (weights_of(ctx, 0), waiting(ctx)) == ([[0, 32768], [1, 65535]], [])


def test_the_last_of_several_commits_of_a_hotkey_counts(ctx: Context) -> None:
    put(ctx, commit(VALIDATOR, 1, 0), commit(VALIDATOR, 0, 1))
    store(ctx, ROUND_1000)
    reveal_crv3_commits_for_subnet(ctx, NETUID)
    assert weights_of(ctx, 0) == [[0, 0], [1, 65535]]


def test_weights_without_a_hotkey_are_accepted(ctx: Context, events: Events) -> None:
    """The former payload, which older clients encrypt."""
    legacy = LEGACY_PAYLOAD.encode((np.array([0, 1], np.uint16), np.array([7, 7], np.uint16), 0))
    put(ctx, (VALIDATOR, 1, sealed(legacy), 1000))
    store(ctx, ROUND_1000)
    reveal_crv3_commits_for_subnet(ctx, NETUID)
    assert weights_of(ctx, 0) == [[0, 65535], [1, 65535]]
    assert TimelockedWeightsRevealed(NETUID, VALIDATOR) in events()


@pytest.mark.parametrize(
    "commit",
    [
        (VALIDATOR, 1, b"garbage", 1000),
        (VALIDATOR, 1, sealed(payload(VALIDATOR, 1, 1), 2000), 1000),
        (VALIDATOR, 1, sealed(payload(OTHER, 1, 1)), 1000),
        (VALIDATOR, 1, sealed(b""), 1000),
        (VALIDATOR, 1, sealed(b"\0"), 1000),
        (VALIDATOR, 1, sealed(payload(VALIDATOR, 1, 1)[:-1]), 1000),
        (VALIDATOR, 1, sealed(payload(VALIDATOR[:31], 1, 1)), 1000),
        (VALIDATOR, 1, sealed(payload(VALIDATOR, 1, 1, version_key=4)), 1000),
        (VALIDATOR, 1, sealed(payload(VALIDATOR, 1, 1, 1)), 1000),
    ],
    ids=["garbage", "other_round", "other_hotkey", "nothing", "one_byte", "cut_off", "short_hotkey", "version", "uids"],
)
def test_what_cannot_be_revealed_is_lost(ctx: Context, events: Events, commit: Commit) -> None:
    WeightsVersionKey.put(ctx, NETUID, 5)
    put(ctx, commit)
    store(ctx, ROUND_1000)
    reveal_crv3_commits_for_subnet(ctx, NETUID)
    assert (events(), waiting(ctx)) == ([], [])
    assert not Weights.contains(ctx, NETUID, 0)


@pytest.mark.parametrize("signature", [b"", b"0x", b"garbage", bytes(48)])
def test_a_stored_pulse_that_is_no_signature_reveals_nothing(ctx: Context, events: Events, signature: bytes) -> None:
    put(ctx, commit(VALIDATOR, 1, 1))
    store(ctx, Pulse(1000, b"", signature))
    reveal_crv3_commits_for_subnet(ctx, NETUID)
    assert (events(), waiting(ctx)) == ([], [])


def test_a_stored_signature_may_begin_with_0x(ctx: Context) -> None:
    put(ctx, commit(VALIDATOR, 1, 1))
    store(ctx, Pulse(1000, b"", b"0x" + ROUND_1000.signature))
    reveal_crv3_commits_for_subnet(ctx, NETUID)
    assert weights_of(ctx, 0) == [[0, 65535], [1, 65535]]


def test_each_mechanism_reveals_its_own_commits(ctx: Context, events: Events) -> None:
    MechanismCountCurrent.put(ctx, NETUID, 2)
    put(ctx, commit(VALIDATOR, 1, 0))
    put(ctx, commit(VALIDATOR, 0, 1), index=MECHANISM_1)
    store(ctx, ROUND_1000)
    reveal_crv3_commits_for_subnet(ctx, NETUID)
    assert weights_of(ctx, 0) == [[0, 65535], [1, 0]]
    assert weights_of(ctx, 0, MECHANISM_1) == [[0, 0], [1, 65535]]
    assert events()[-1] == TimelockedWeightsRevealed(MECHANISM_1, VALIDATOR)


@pytest.mark.parametrize(("epoch", "kept"), [(0, True), (COMMITTED, True), (EPOCH, False)])
def test_commits_are_revealed_one_period_later(ctx: Context, epoch: int, kept: bool) -> None:
    """In the first epochs, which are fewer than a period, none is."""
    SubnetEpochIndex.put(ctx, NETUID, epoch)
    committed = 0 if epoch == 0 else COMMITTED
    TimelockedWeightCommits.put(ctx, NETUID, committed, [commit(VALIDATOR, 1, 1)])
    store(ctx, ROUND_1000)
    reveal_crv3_commits_for_subnet(ctx, NETUID)
    assert TimelockedWeightCommits.contains(ctx, NETUID, committed) is kept
    assert Weights.contains(ctx, NETUID, 0) is not kept


def test_a_commit_to_a_round_before_the_last_stored_one_is_refused(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall
) -> None:
    LastStoredRound.put(ctx, 1001)
    for function, arguments, version in (
        (commit_timelocked_weights, (NETUID,), (VERSION,)),
        (commit_timelocked_mechanism_weights, (NETUID, 0), (VERSION,)),
        (commit_crv3_mechanism_weights, (NETUID, 0), ()),
    ):
        refused(VALIDATOR, function.call(*arguments, b"sealed", 1000, *version), Error.InvalidRevealRound)
        dispatch(VALIDATOR, function.call(*arguments, b"sealed", 1001, *version))
    assert len(TimelockedWeightCommits.get(ctx, NETUID, EPOCH)) == 3
