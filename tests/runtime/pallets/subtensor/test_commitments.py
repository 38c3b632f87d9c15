"""Commitments: their publication, space limits, deposits, and storage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pysubtensor.runtime.client.from_plain import from_plain
from pysubtensor.runtime.client.to_plain import to_plain
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.origin import ROOT_ORIGIN
from pysubtensor.runtime.frame.runtime import Runtime
from pysubtensor.runtime.frame.weight import Pays, Weight
from pysubtensor.runtime.pallets.balances.declared import Reserved, Unreserved
from pysubtensor.runtime.pallets.commitments.calls import reveal_timelocked_commitments, set_commitment, set_max_space
from pysubtensor.runtime.pallets.commitments.data import (
    BigRaw,
    BlakeTwo256,
    Data,
    Nothing,
    ResetBondsFlag,
    TimelockEncrypted,
    count_bytes,
    raw,
)
from pysubtensor.runtime.pallets.commitments.declared import (
    Commitment,
    CommitmentInfo,
    CommitmentOf,
    CommitmentRevealed,
    Error,
    FieldDeposit,
    InitialDeposit,
    LastBondsReset,
    LastCommitment,
    MaxFields,
    MaxSpace,
    Registration,
    RevealedCommitments,
    TimelockCommitment,
    TimelockedIndex,
    UsageTracker,
    UsedSpaceOf,
)
from pysubtensor.runtime.pallets.commitments.subnet import get_commitments, purge_netuid
from pysubtensor.runtime.pallets.drand.declared import Pulses
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import BondsResetOn
from pysubtensor.runtime.pallets.subtensor.storage.networks import MechanismCountCurrent
from pysubtensor.runtime.pallets.subtensor.storage.neurons import Bonds, Uids
from pysubtensor.runtime.pallets.subtensor.storage.tempo import SubnetEpochIndex
from pysubtensor.runtime.pallets.subtensor.subnets.mechanism import get_mechanism_storage_index
from pysubtensor.runtime.scale import ScaleError

from tests.costs import own_info
from tests.runtime.pallets.drand import ROUND_1000, ROUND_2000, SEALED
from tests.world import ALICE, BOB, Dispatch, Events, RefusedCall, SetConstant

READ, WRITE = 25_000_000, 100_000_000


@pytest.fixture
def commit(ctx: Context, dispatch: Dispatch) -> Callable[..., None]:
    """Commit fields on subnet 1 (or another) as Alice, who is registered there."""
    for netuid in (1, 2):
        for uid, who in enumerate((ALICE, BOB)):
            Uids.put(ctx, netuid, who, uid)

    def run(*fields: Data, netuid: int = 1, who: bytes = ALICE) -> None:
        dispatch(who, set_commitment.call(netuid, CommitmentInfo(list(fields))))

    return run


def call(*fields: Data, netuid: int = 1) -> Any:
    return set_commitment.call(netuid, CommitmentInfo(list(fields)))


# --- data ----------------------------------------------------------------------------------------------------


def test_data_are_encoded_as_on_the_chain() -> None:
    encoded = {
        Nothing(): "00",
        raw(b""): "01",
        raw(b"abc"): "04616263",
        raw(b"\7" * 128): "81" + "07" * 128,
        BlakeTwo256(b"\1" * 32): "82" + "01" * 32,
        TimelockEncrypted(b"xy", 1000): "86" + "08" + "7879" + "e803000000000000",
        ResetBondsFlag(): "87",
        BigRaw(b"z"): "8804" + "7a",
    }
    for value, expected in encoded.items():
        assert Data.scale.encode(value).hex() == expected
        assert Data.scale.decode(bytes.fromhex(expected)) == value


def test_invalid_data_is_refused() -> None:
    with pytest.raises(ScaleError, match="has no variant 137"):
        Data.scale.decode(b"\x89")
    with pytest.raises(ScaleError, match="Raw5"):
        Data.scale.decode(b"\6abc")
    with pytest.raises(ScaleError, match="at most 1024"):
        Data.scale.encode(TimelockEncrypted(bytes(1025), 1))
    with pytest.raises(ScaleError, match="at most 512"):
        Data.scale.encode(BigRaw(bytes(513)))
    with pytest.raises(ValueError, match="expected at most 128 bytes, got 129"):
        raw(bytes(129))
    with pytest.raises(ScaleError, match="at most 3"):
        CommitmentInfo.scale.encode(CommitmentInfo([Nothing()] * 4))


def test_metadata_shows_each_length_as_a_variant() -> None:
    variants = Data.scale.describe().shape.variants  # type: ignore[union-attr]
    names = ["None", *(f"Raw{length}" for length in range(129))]
    names += ["BlakeTwo256", "Sha256", "Keccak256", "ShaThree256", "TimelockEncrypted", "ResetBondsFlag", "BigRaw"]
    assert [(variant.index, variant.name) for variant in variants] == list(enumerate(names))
    assert [variant.fields[0].codec.name for variant in variants[1:130]] == [f"[u8; {n}]" for n in range(129)]


def test_data_have_a_plain_form() -> None:
    for value, plain in ((raw(b"hi"), {"Raw2": "0x6869"}), (Nothing(), "None"), (BigRaw(b"hi"), {"BigRaw": "0x6869"})):
        assert to_plain(Data.scale, value) == plain
        assert from_plain(Data.scale, plain) == value


def test_the_size_of_a_field() -> None:
    fields = [Nothing(), ResetBondsFlag(), raw(b"abc"), BlakeTwo256(bytes(32)), TimelockEncrypted(b"xy", 9)]
    assert [count_bytes(field) for field in [*fields, BigRaw(bytes(512))]] == [0, 0, 3, 32, 2, 512]


# --- commitments ---------------------------------------------------------------------------------------------


def test_a_commitment_replaces_the_former_one(ctx: Context, commit: Any, events: Events) -> None:
    commit(raw(b"one"))
    assert events() == [Commitment(1, ALICE)]
    ctx.block.number = 7
    commit(raw(b"two"), BigRaw(b"three"))
    assert CommitmentOf.get(ctx, 1, ALICE) == Registration(0, 7, CommitmentInfo([raw(b"two"), BigRaw(b"three")]))
    assert LastCommitment.get(ctx, 1, ALICE) == 7
    commit(raw(b"four"), who=BOB)
    encoded = bytes(8) + b"\7\0\0\0"
    assert dict(get_commitments(ctx, 1)) == {
        ALICE: encoded + b"\x08\4two\x88\x14three",
        BOB: encoded + b"\4\5four",
    }
    assert get_commitments(ctx, 2) == []


def test_only_registered_hotkeys_commit(commit: Any, refused: RefusedCall) -> None:
    refused(bytes(32), call(raw(b"one")), Error.AccountNotAllowedCommit)
    refused(ALICE, call(raw(b"one"), netuid=3), Error.AccountNotAllowedCommit)
    refused(ROOT_ORIGIN, call(raw(b"one")), BadOrigin())


def test_a_chain_may_allow_fewer_fields(set_constant: SetConstant, commit: Any, refused: RefusedCall) -> None:
    set_constant(MaxFields, 1)
    commit(raw(b"one"))
    refused(ALICE, call(raw(b"one"), raw(b"two")), Error.TooManyFieldsInCommitmentInfo)


def test_committing_is_free_and_weighs_its_reads_and_writes() -> None:
    info = own_info(call(Nothing()))
    assert (info.pays_fee, info.call_weight) == (Pays.No, Weight(33_480_000 + 5 * READ + 4 * WRITE))
    assert own_info(set_max_space.call(1)).call_weight == Weight(2_856_000 + WRITE)


# --- space ---------------------------------------------------------------------------------------------------


def test_a_commitment_counts_as_a_hundred_bytes_at_least(ctx: Context, commit: Any) -> None:
    commit(raw(b"x"))
    assert UsedSpaceOf.get(ctx, 1, ALICE) == UsageTracker(0, 100)
    commit(BigRaw(bytes(101)), raw(b"x"))
    assert UsedSpaceOf.get(ctx, 1, ALICE) == UsageTracker(0, 202)


def test_space_is_counted_in_each_epoch_of_each_subnet_for_each_hotkey(
    ctx: Context, commit: Any, refused: RefusedCall
) -> None:
    MaxSpace.put(ctx, 250)
    commit(raw(bytes(20)))
    commit(raw(bytes(20)))
    refused(ALICE, call(raw(bytes(20))), Error.SpaceLimitExceeded)
    commit(raw(bytes(20)), who=BOB)
    commit(raw(bytes(20)), netuid=2)
    for epoch in (4, 2):  # the index of a new subnet begins anew
        SubnetEpochIndex.put(ctx, 1, epoch)
        commit(raw(bytes(20)))
        assert UsedSpaceOf.get(ctx, 1, ALICE) == UsageTracker(epoch, 100)


def test_the_limit_itself_may_be_used_up(ctx: Context, commit: Any, refused: RefusedCall) -> None:
    assert MaxSpace.get(ctx) == 3100
    for _ in range(31):
        commit(raw(b""))
    refused(ALICE, call(raw(b"")), Error.SpaceLimitExceeded)


def test_root_sets_the_limit(ctx: Context, dispatch: Dispatch, refused: RefusedCall, events: Events) -> None:
    refused(ALICE, set_max_space.call(5), BadOrigin())
    dispatch(ROOT_ORIGIN, set_max_space.call(5))
    assert (MaxSpace.get(ctx), events()) == (5, [])


# --- deposits ------------------------------------------------------------------------------------------------


def test_a_deposit_follows_the_number_of_fields(
    set_constant: SetConstant, ctx: Context, dispatch: Dispatch, events: Events
) -> None:
    """The chain's deposit is zero; other configurations may have one."""

    who = BOB
    Uids.put(ctx, 1, who, 0)
    set_constant(InitialDeposit, 1000)
    set_constant(FieldDeposit, 100)
    for fields, deposit, event in ((2, 1200, Reserved(who, 1200)), (1, 1100, Unreserved(who, 100))):
        dispatch(who, call(*[Nothing()] * fields))
        kept = CommitmentOf.get(ctx, 1, who)
        assert kept is not None
        assert kept.deposit == deposit
        assert events() == [event, Commitment(1, who)]


def test_an_unavailable_deposit_is_an_error(runtime: Runtime, ctx: Context, commit: Any, refused: RefusedCall) -> None:
    CommitmentOf.put(ctx, 1, ALICE, Registration(500, 1, CommitmentInfo([])))
    refused(ALICE, call(Nothing()), Error.UnexpectedUnreserveLeftover)


# --- bonds ---------------------------------------------------------------------------------------------------


def test_the_flag_resets_bonds_in_all_mechanisms(ctx: Context, commit: Any) -> None:
    MechanismCountCurrent.put(ctx, 1, 2)
    BondsResetOn.put(ctx, 1, True)
    held = np.array([[0, 5], [1, 6]], dtype=np.uint16)
    indices = [get_mechanism_storage_index(1, mechanism) for mechanism in (0, 1, 2)]
    for index in indices:
        Bonds.put(ctx, index, 1, held)
    ctx.block.number = 9
    commit(raw(b"new model"), ResetBondsFlag())
    assert [Bonds.get(ctx, index, 1).tolist() for index in indices] == [[[1, 6]], [[1, 6]], [[0, 5], [1, 6]]]
    assert LastBondsReset.get(ctx, 1, ALICE) == 9


def test_without_the_flag_bonds_stay(ctx: Context, commit: Any) -> None:
    commit(raw(b"new model"))
    assert LastBondsReset.get(ctx, 1, ALICE) is None


# --- encrypted fields ----------------------------------------------------------------------------------------


def test_encrypted_fields_are_stored_until_their_round_is_known(ctx: Context, commit: Any, events: Events) -> None:
    fields = [raw(b"open"), TimelockEncrypted(b"secret", 1000), TimelockEncrypted(b"later", 2000)]
    commit(*fields)
    assert events() == [TimelockCommitment(1, ALICE, 1000)]
    assert TimelockedIndex.get(ctx) == {(1, ALICE)}
    before = ctx.state.changes()
    assert reveal_timelocked_commitments(ctx) == Weight((1 + 1 + 2) * READ)
    assert ctx.state.changes() == before
    assert RevealedCommitments.get(ctx, 1, ALICE) is None


def test_the_pulse_reveals_encrypted_fields(ctx: Context, commit: Any, events: Events) -> None:
    (number, ciphertext, message), (later, other, other_message) = SEALED[1], SEALED[4]
    commit(raw(b"open"), TimelockEncrypted(ciphertext, number), TimelockEncrypted(other, later))
    events()
    Pulses.put(ctx, number, ROUND_1000)
    ctx.block.number = 7
    assert reveal_timelocked_commitments(ctx) == Weight((1 + 1 + 2 + 1) * READ + 2 * WRITE)
    assert events() == [CommitmentRevealed(1, ALICE)]
    assert RevealedCommitments.get(ctx, 1, ALICE) == [(message, 7)]
    stored = CommitmentOf.get(ctx, 1, ALICE)
    assert stored is not None
    assert stored.info.fields == [raw(b"open"), TimelockEncrypted(other, later)]
    assert TimelockedIndex.get(ctx) == {(1, ALICE)}
    Pulses.put(ctx, later, ROUND_2000)
    ctx.block.number = 8
    assert reveal_timelocked_commitments(ctx) == Weight((1 + 1 + 1 + 1 + 1) * READ + 3 * WRITE)
    assert RevealedCommitments.get(ctx, 1, ALICE) == [(message, 7), (other_message, 8)]
    assert TimelockedIndex.get(ctx) == frozenset()


def test_a_commitment_of_which_nothing_remains_is_removed(ctx: Context, commit: Any) -> None:
    number, ciphertext, message = SEALED[0]
    commit(TimelockEncrypted(ciphertext, number))
    Pulses.put(ctx, number, ROUND_1000)
    assert reveal_timelocked_commitments(ctx) == Weight((1 + 1 + 1 + 1 + 1) * READ + 3 * WRITE)
    assert RevealedCommitments.get(ctx, 1, ALICE) == [(message, 1)]
    assert CommitmentOf.get(ctx, 1, ALICE) is None
    assert TimelockedIndex.get(ctx) == frozenset()


@pytest.mark.parametrize("at", [0, 100, 200])
def test_a_field_that_cannot_be_decrypted_is_removed(ctx: Context, commit: Any, events: Events, at: int) -> None:
    number, ciphertext, _ = SEALED[1]
    commit(TimelockEncrypted(ciphertext[:at] + b"\xff" + ciphertext[at + 1 :], number), raw(b"open"))
    events()
    Pulses.put(ctx, number, ROUND_1000)
    assert reveal_timelocked_commitments(ctx) == Weight((1 + 1 + 1 + 1) * READ + 2 * WRITE)
    assert (events(), RevealedCommitments.get(ctx, 1, ALICE)) == ([], None)
    stored = CommitmentOf.get(ctx, 1, ALICE)
    assert stored is not None
    assert stored.info.fields == [raw(b"open")]


def test_the_last_ten_revealed_fields_are_kept(ctx: Context, commit: Any) -> None:
    number, ciphertext, message = SEALED[0]
    RevealedCommitments.put(ctx, 1, ALICE, [(bytes((old,)), old) for old in range(10)])
    commit(*[TimelockEncrypted(ciphertext, number)] * 2)
    Pulses.put(ctx, number, ROUND_1000)
    reveal_timelocked_commitments(ctx)
    kept = [(bytes((old,)), old) for old in range(2, 10)]
    assert RevealedCommitments.get(ctx, 1, ALICE) == [*kept, (message, 1), (message, 1)]


def test_a_commitment_without_timelocked_fields_is_not_in_the_index(ctx: Context, commit: Any) -> None:
    commit(TimelockEncrypted(b"secret", 1000), who=BOB)
    commit(TimelockEncrypted(b"secret", 1000))
    commit(raw(b"open"))
    assert TimelockedIndex.get(ctx) == {(1, BOB)}


def test_the_index_is_written_even_when_it_is_empty(ctx: Context, commit: Any) -> None:
    """The state root depends on it."""
    commit(raw(b"open"))
    assert ctx.state.get(TimelockedIndex.prefix) == b"\0"


def test_removed_commitments_are_removed_from_the_index(ctx: Context, commit: Any) -> None:
    commit(TimelockEncrypted(b"secret", 1000), who=BOB)
    CommitmentOf.put(ctx, 2, ALICE, Registration(0, 1, CommitmentInfo([raw(b"open")])))
    TimelockedIndex.put(ctx, frozenset({(1, ALICE), (1, BOB), (2, ALICE)}))
    assert reveal_timelocked_commitments(ctx) == Weight(READ + 3 * READ + READ + 2 * (READ + WRITE))
    assert TimelockedIndex.get(ctx) == {(1, BOB)}


def test_the_commitments_of_a_dissolved_subnet_are_removed(ctx: Context, commit: Any) -> None:
    for netuid in (1, 2):
        commit(TimelockEncrypted(b"secret", 1000), netuid=netuid)
        LastBondsReset.put(ctx, netuid, ALICE, 1)
        RevealedCommitments.put(ctx, netuid, ALICE, [(b"old", 1)])
    purge_netuid(ctx, 1)
    maps = (CommitmentOf, LastCommitment, LastBondsReset, RevealedCommitments, UsedSpaceOf)
    for item in maps:
        assert [keys for keys, _ in item.items(ctx)] == [(2, ALICE)], item.name  # type: ignore[attr-defined]
    assert TimelockedIndex.get(ctx) == {(2, ALICE)}
