"""Commit-reveal: validators commit to weights that no other account can read until an epoch later.

A hotkey commits to the hash of its weights and a salt, and reveals both `RevealPeriodEpochs` epochs later, within
that epoch. Commits that a drand round reveals are in `timelocked`.

A commit belongs to an epoch by the subnet's count of epochs; in the block in which an epoch is due, to that epoch.
"""

from __future__ import annotations

from ....crypto.hashing import blake2_256
from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from ....frame.weight import Pays, weight_of
from ....scale import H256, AccountId, Compact, VecU16, codec_of, u64
from ...shared.types import MechId, NetUid, NetUidStorageIndex
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..declared.limits import MAX_COMMIT_REVEAL_PERIODS, MIN_COMMIT_REVEAL_PERIODS
from ..declared.pallet import pallet
from ..neurons.uids import get_uid_for_net_and_hotkey, set_last_update_for_uid
from ..subnets.mechanism import ensure_mechanism_exists, get_mechanism_storage_index
from ..subnets.tempo import should_run_epoch
from . import set_weights
from .set_weights import U16s

#: Greatest number of unrevealed commits of a hotkey in a mechanism; of timelocked ones in one epoch.
MAX_UNREVEALED_COMMITS = 10

#: A commit as stored: hash, epoch, block, and a number that is no longer used.
Commit = tuple[bytes, int, int, int]
Commits = list[Commit]

_COMMITTED = codec_of(tuple[AccountId, NetUidStorageIndex, VecU16, VecU16, VecU16, u64])


# --- reveal periods ------------------------------------------------------------------------------------------------


def current_epoch_with_lookahead(ctx: Context, netuid: int) -> int:
    """Return the epoch to which a commit or a reveal in this block belongs; an epoch that is due counts already."""
    return storage.SubnetEpochIndex.get(ctx, netuid) + should_run_epoch(ctx, netuid, ctx.block.number)


def is_reveal_block_range(ctx: Context, netuid: int, commit_epoch: int) -> bool:
    """Return whether this is the epoch in which a commit must be revealed."""
    return current_epoch_with_lookahead(ctx, netuid) == commit_epoch + storage.RevealPeriodEpochs.get(ctx, netuid)


def is_commit_expired(ctx: Context, netuid: int, commit_epoch: int) -> bool:
    """Return whether the epoch in which a commit had to be revealed is over."""
    return current_epoch_with_lookahead(ctx, netuid) > commit_epoch + storage.RevealPeriodEpochs.get(ctx, netuid)


def set_reveal_period(ctx: Context, netuid: int, reveal_period: int) -> None:
    """Set the epochs from commit to reveal, from 1 to 100. Fails with RevealPeriodTooLarge or RevealPeriodTooSmall."""
    ensure(reveal_period <= MAX_COMMIT_REVEAL_PERIODS, Error.RevealPeriodTooLarge)
    ensure(reveal_period >= MIN_COMMIT_REVEAL_PERIODS, Error.RevealPeriodTooSmall)
    storage.RevealPeriodEpochs.put(ctx, netuid, reveal_period)
    ctx.deposit(events.CommitRevealPeriodsSet(netuid, reveal_period))


# --- commits to hashes ---------------------------------------------------------------------------------------------


def get_commit_hash(
    who: bytes,
    netuid_index: int,
    uids: U16s,
    values: U16s,
    salt: U16s,
    version_key: int,
) -> bytes:
    """Return the hash that a hotkey commits to: BLAKE2b-256 of all that it will reveal, SCALE-encoded as a tuple."""
    return blake2_256(_COMMITTED.encode((who, netuid_index, uids, values, salt, version_key)))


def find_commit_epoch(commits: Commits, commit_hash: bytes) -> int | None:
    """Return the epoch of the first commit to this hash, None when there is none."""
    return next((epoch for stored, epoch, _, _ in commits if stored == commit_hash), None)


def _drop_expired(ctx: Context, netuid: int, commits: Commits) -> tuple[Commits, set[bytes]]:
    """Return the commits without the expired ones at their front, and the hashes of those."""
    expired = 0
    while expired < len(commits) and is_commit_expired(ctx, netuid, commits[expired][1]):
        expired += 1
    return commits[expired:], {commit[0] for commit in commits[:expired]}


def ensure_may_commit(ctx: Context, netuid: int, mecid: int, version: int | None = None) -> tuple[bytes, int, int]:
    """Return the signer, the storage index of the mechanism, and the uid of the signer.

    Fails when the signer may not commit in this block, or when `version` is not the chain's version of commit-
    reveal.
    """
    ensure_mechanism_exists(ctx, netuid, mecid)
    index = get_mechanism_storage_index(netuid, mecid)
    who = ctx.ensure_signed()
    ensure(storage.CommitRevealWeightsEnabled.get(ctx, netuid), Error.CommitRevealDisabled)
    ensure(version in (None, storage.CommitRevealWeightsVersion.get(ctx)), Error.IncorrectCommitRevealVersion)
    uid = get_uid_for_net_and_hotkey(ctx, netuid, who)
    ensure(set_weights.check_rate_limit(ctx, index, uid, ctx.block.number), Error.CommittingWeightsTooFast)
    return who, index, uid


def do_commit_mechanism_weights(ctx: Context, netuid: int, mecid: int, commit_hash: bytes) -> None:
    """Store the commit of the signer to a hash, and remove its expired commits."""
    who, index, uid = ensure_may_commit(ctx, netuid, mecid)
    commits, _ = _drop_expired(ctx, netuid, storage.WeightCommits.get(ctx, index, who) or [])
    ensure(len(commits) < MAX_UNREVEALED_COMMITS, Error.TooManyUnrevealedCommits)

    block = ctx.block.number
    storage.WeightCommits.put(
        ctx, index, who, [*commits, (commit_hash, current_epoch_with_lookahead(ctx, netuid), block, 0)]
    )
    ctx.deposit(events.WeightsCommitted(who, index, commit_hash))
    set_last_update_for_uid(ctx, index, uid, block)


def do_commit_weights(ctx: Context, netuid: int, commit_hash: bytes) -> None:
    """Store the commit of the signer to a hash for mechanism 0."""
    do_commit_mechanism_weights(ctx, netuid, set_weights.MAIN, commit_hash)


def _put_commits(ctx: Context, index: int, who: bytes, commits: Commits) -> None:
    """Store the commits of a hotkey, or remove the entry when there are none."""
    if commits:
        storage.WeightCommits.put(ctx, index, who, commits)
    else:
        storage.WeightCommits.remove(ctx, index, who)


def _commits_to_reveal(ctx: Context, netuid: int, index: int, who: bytes) -> tuple[Commits, set[bytes]]:
    """Return a hotkey's commits and the hashes of expired ones.

    Fails with CommitRevealDisabled and NoWeightsCommitFound.
    """
    ensure(storage.CommitRevealWeightsEnabled.get(ctx, netuid), Error.CommitRevealDisabled)
    commits = storage.WeightCommits.get(ctx, index, who)
    if commits is None:
        raise DispatchFailed(Error.NoWeightsCommitFound)
    return _drop_expired(ctx, netuid, commits)


def _find_commit(commits: Commits, expired: set[bytes], commit_hash: bytes, unknown: Error) -> int:
    """Return the position of the commit to this hash.

    Fails with ExpiredWeightCommit, or with `unknown` when there was none.
    """
    for position, commit in enumerate(commits):
        if commit[0] == commit_hash:
            return position
    raise DispatchFailed(Error.ExpiredWeightCommit if commit_hash in expired else unknown)


def do_reveal_mechanism_weights(
    ctx: Context,
    netuid: int,
    mecid: int,
    uids: U16s,
    values: U16s,
    salt: U16s,
    version_key: int,
) -> None:
    """Set the weights that the signer committed to, and remove that commit and all older ones."""
    index = get_mechanism_storage_index(netuid, mecid)
    who = ctx.ensure_signed()
    commits, expired = _commits_to_reveal(ctx, netuid, index, who)
    commit_hash = get_commit_hash(who, index, uids, values, salt, version_key)
    unknown = Error.InvalidRevealCommitHashNotMatch if commits else Error.NoWeightsCommitFound
    position = _find_commit(commits, expired, commit_hash, unknown)
    ensure(is_reveal_block_range(ctx, netuid, commits[position][1]), Error.RevealTooEarly)

    _put_commits(ctx, index, who, commits[position + 1 :])
    set_weights.do_set_mechanism_weights(ctx, netuid, mecid, uids, values, version_key)
    ctx.deposit(events.WeightsRevealed(who, index, commit_hash))


# --- calls ---------------------------------------------------------------------------------------------------------


@pallet.call(96, weight=weight_of(69_049_000, 4714, reads=13, writes=2), pays=Pays.No)
def commit_weights(ctx: Context, netuid: NetUid, commit_hash: H256) -> None:
    """Commit the signer, a validator's hotkey, to weights by their hash, to be revealed in a later epoch.

    `commit_hash` is BLAKE2b-256 of the SCALE-encoded tuple (hotkey, netuid, uids, values, salt, version key). Fails
    with CommitRevealDisabled, HotKeyNotRegisteredInSubNet, CommittingWeightsTooFast, TooManyUnrevealedCommits at 10
    commits, and MechanismDoesNotExist where there is no subnet.
    """
    do_commit_weights(ctx, netuid, commit_hash)


@pallet.call(97, weight=weight_of(111_227_000, 7590, reads=19, writes=2), pays=Pays.No)
def reveal_weights(ctx: Context, netuid: NetUid, uids: VecU16, values: VecU16, salt: VecU16, version_key: u64) -> None:
    """Set the weights that the signer committed to, in the one epoch in which they may be revealed.

    The arguments are those that the commit has hashed. Fails with CommitRevealDisabled, NoWeightsCommitFound,
    InvalidRevealCommitHashNotMatch, ExpiredWeightCommit, RevealTooEarly, and as `set_weights`.
    """
    do_reveal_mechanism_weights(ctx, netuid, set_weights.MAIN, uids, values, salt, version_key)


@pallet.call(98, weight=weight_of(421_363_000, 8095, reads=19, writes=2), pays=Pays.No)
def batch_reveal_weights(
    ctx: Context,
    netuid: NetUid,
    uids_list: list[VecU16],
    values_list: list[VecU16],
    salts_list: list[VecU16],
    version_keys: list[u64],
) -> None:
    """Set the weights of several commits of the signer, in the given order: all are revealed, or none.

    Other commits remain, older ones too. Fails with InputLengthsUnequal, and as `reveal_weights`.
    """
    ensure(len(uids_list) == len(values_list) == len(salts_list) == len(version_keys), Error.InputLengthsUnequal)
    who, unknown = ctx.ensure_signed(), Error.InvalidRevealCommitHashNotMatch
    commits, expired = _commits_to_reveal(ctx, netuid, netuid, who)
    reveals = list(zip(uids_list, values_list, salts_list, version_keys, strict=True))
    hashes = [get_commit_hash(who, netuid, *reveal) for reveal in reveals]
    for commit_hash in hashes:
        position = _find_commit(commits, expired, commit_hash, unknown)
        ensure(is_reveal_block_range(ctx, netuid, commits[position][1]), Error.RevealTooEarly)

    for (uids, values, _, version_key), commit_hash in zip(reveals, hashes, strict=True):
        commits.pop(_find_commit(commits, expired, commit_hash, unknown))
        set_weights.do_set_weights(ctx, netuid, uids, values, version_key)
    _put_commits(ctx, netuid, who, commits)
    ctx.deposit(events.WeightsBatchRevealed(who, netuid, hashes))


@pallet.call(100, weight=weight_of(147_224_000, 4765, reads=15, writes=2), pays=Pays.No)
def batch_commit_weights(ctx: Context, netuids: list[Compact[NetUid]], commit_hashes: list[H256]) -> None:
    """Commit the signer to weights on several subnets, by a hash for each, as `commit_weights` does.

    A subnet on which it fails does not stop the others; the event BatchWeightItemFailed names its error. Fails as a
    whole only with InputLengthsUnequal.
    """
    hotkey = ctx.ensure_signed()
    ensure(len(netuids) == len(commit_hashes), Error.InputLengthsUnequal)
    set_weights.run_batch(ctx, netuids, hotkey, do_commit_weights, [(commit_hash,) for commit_hash in commit_hashes])


@pallet.call(115, weight=weight_of(55_130_000, reads=7, writes=2), pays=Pays.No)
def commit_mechanism_weights(ctx: Context, netuid: NetUid, mecid: MechId, commit_hash: H256) -> None:
    """Commit the signer to weights in mechanism `mecid` of a subnet, by their hash.

    The hash is that of `commit_weights`, with `mecid * 4096 + netuid` in place of the netuid. Fails as
    `commit_weights`.
    """
    do_commit_mechanism_weights(ctx, netuid, mecid, commit_hash)


@pallet.call(116, weight=weight_of(122_000_000, reads=16, writes=2), pays=Pays.No)
def reveal_mechanism_weights(
    ctx: Context, netuid: NetUid, mecid: MechId, uids: VecU16, values: VecU16, salt: VecU16, version_key: u64
) -> None:
    """Set the weights that the signer committed to in mechanism `mecid` of a subnet, as `reveal_weights` does."""
    do_reveal_mechanism_weights(ctx, netuid, mecid, uids, values, salt, version_key)
