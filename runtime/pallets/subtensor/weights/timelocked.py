"""Commits to encrypted weights, which a pulse of the drand beacon reveals without another call of the hotkey.

A hotkey commits to a ciphertext (`runtime.crypto.timelock`) for a future round of the beacon. `RevealPeriodEpochs`
epochs later, from the first block of that epoch until its end, the chain decrypts the commits whose pulse is stored and
sets the weights. Commits whose pulse is missing wait; those that cannot be decrypted, or whose weights are refused, are
lost, and so are all that are still waiting when the epoch is over.
"""

from __future__ import annotations

from .....consensus.integers import saturating_sub
from ....crypto.hashing import blake2_256
from ....crypto.timelock import TimelockError, decrypt
from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from ....frame.origin import signed
from ....frame.weight import Pays, weight_of
from ....scale import Reader, ScaleError, VecU16, codec_of, u16, u64
from ...drand.pulses import opening_signature
from ...shared.types import MechId, NetUid
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..declared.types import TimelockedCommit
from ..neurons.uids import set_last_update_for_uid
from ..subnets.mechanism import storage_indices
from .commit_reveal import MAX_UNREVEALED_COMMITS, current_epoch_with_lookahead, ensure_may_commit
from .set_weights import MAIN, U16s, do_set_mechanism_weights

#: The version of commit-reveal of calls without a version.
CRV3_VERSION = 4
ACCOUNT_LENGTH = 32

#: What a ciphertext holds: hotkey, uids, weights and version key; formerly without the hotkey.
_PAYLOAD = codec_of(tuple[bytes, VecU16, VecU16, u64])
_LEGACY_PAYLOAD = codec_of(tuple[VecU16, VecU16, u64])


def do_commit_timelocked_mechanism_weights(
    ctx: Context, netuid: int, mecid: int, commit: bytes, reveal_round: int, version: int
) -> None:
    """Store encrypted weights of the signer, decrypted by a drand round, with the commits of other hotkeys by epoch."""
    who, index, uid = ensure_may_commit(ctx, netuid, mecid, version)
    epoch, block = current_epoch_with_lookahead(ctx, netuid), ctx.block.number
    commits = storage.TimelockedWeightCommits.get(ctx, index, epoch)
    own = sum(hotkey == who for hotkey, _, _, _ in commits)
    ensure(own < MAX_UNREVEALED_COMMITS, Error.TooManyUnrevealedCommits)

    storage.TimelockedWeightCommits.put(ctx, index, epoch, [*commits, (who, block, commit, reveal_round)])
    ctx.deposit(events.TimelockedWeightsCommitted(who, index, blake2_256(commit), reveal_round))
    set_last_update_for_uid(ctx, index, uid, block)


# --- reveals -------------------------------------------------------------------------------------------------------


def reveal_crv3_commits_for_subnet(ctx: Context, netuid: int) -> None:
    """Reveal the commits that are due in this epoch, and remove those that were due in earlier ones."""
    epoch, period = current_epoch_with_lookahead(ctx, netuid), storage.RevealPeriodEpochs.get(ctx, netuid)
    due = saturating_sub(epoch, period)
    for mecid, index in enumerate(storage_indices(ctx, netuid)):
        for committed, _ in list(storage.TimelockedWeightCommits.under(ctx, index)):
            if committed < due:
                storage.TimelockedWeightCommits.remove(ctx, index, committed)
        if epoch >= period:
            _reveal_commits(ctx, netuid, mecid, index, due)


def _reveal_commits(ctx: Context, netuid: int, mecid: int, index: int, epoch: int) -> None:
    """Reveal the commits of an epoch in a mechanism in their order, and keep those whose pulse is missing."""
    commits = storage.TimelockedWeightCommits.take(ctx, index, epoch)
    waiting = []
    for commit in commits:
        who, _, ciphertext, reveal_round = commit
        signature = opening_signature(ctx, reveal_round)
        if signature is None:
            waiting.append(commit)
            continue
        try:
            uids, values, version_key = _read_weights(who, decrypt(ciphertext, signature))
            do_set_mechanism_weights(ctx.with_origin(signed(who)), netuid, mecid, uids, values, version_key)
        except (TimelockError, ScaleError, DispatchFailed):
            continue
        ctx.deposit(events.TimelockedWeightsRevealed(index, who))
    if waiting:
        storage.TimelockedWeightCommits.put(ctx, index, epoch, waiting)


def _read_weights(who: bytes, payload: bytes) -> tuple[U16s, U16s, int]:
    """Return uids, weights and version key of a decrypted commit by `who`; bytes after them are ignored.

    ScaleError for something else, and for the weights of another hotkey. Payloads without a hotkey are accepted.
    """
    try:
        hotkey, uids, values, version_key = _PAYLOAD.read(Reader(payload))
    except ScaleError:
        return _LEGACY_PAYLOAD.read(Reader(payload))
    if len(hotkey) < ACCOUNT_LENGTH:
        return _LEGACY_PAYLOAD.read(Reader(payload))
    if hotkey[:ACCOUNT_LENGTH] != who:
        raise ScaleError("expected the weights of the hotkey that made the commit, got those of another one")
    return uids, values, version_key


# --- calls ---------------------------------------------------------------------------------------------------------


@pallet.call(113, weight=weight_of(86_951_000, 4713, reads=14, writes=2), pays=Pays.No)
def commit_timelocked_weights(
    ctx: Context, netuid: NetUid, commit: TimelockedCommit, reveal_round: u64, commit_reveal_version: u16
) -> None:
    """Commit the signer to encrypted weights that a drand round decrypts.

    `commit` is the ciphertext, `reveal_round` the drand round, `commit_reveal_version` the chain's version of
    commit-reveal. Fails with InvalidRevealRound for a round before the last stored one, IncorrectCommitRevealVersion,
    and as `commit_weights`.
    """
    do_commit_timelocked_mechanism_weights(ctx, netuid, MAIN, commit, reveal_round, commit_reveal_version)


@pallet.call(117, weight=weight_of(77_750_000, reads=7, writes=2), pays=Pays.No)
def commit_crv3_mechanism_weights(
    ctx: Context, netuid: NetUid, mecid: MechId, commit: TimelockedCommit, reveal_round: u64
) -> None:
    """Commit the signer to encrypted weights in mechanism `mecid`, by version 4 of commit-reveal.

    The other arguments and the errors are those of `commit_timelocked_weights`.
    """
    do_commit_timelocked_mechanism_weights(ctx, netuid, mecid, commit, reveal_round, CRV3_VERSION)


@pallet.call(118, weight=weight_of(84_020_000, reads=9, writes=2), pays=Pays.No)
def commit_timelocked_mechanism_weights(
    ctx: Context,
    netuid: NetUid,
    mecid: MechId,
    commit: TimelockedCommit,
    reveal_round: u64,
    commit_reveal_version: u16,
) -> None:
    """Commit the signer to encrypted weights in mechanism `mecid` of a subnet.

    The other arguments and the errors are those of `commit_timelocked_weights`.
    """
    do_commit_timelocked_mechanism_weights(ctx, netuid, mecid, commit, reveal_round, commit_reveal_version)
