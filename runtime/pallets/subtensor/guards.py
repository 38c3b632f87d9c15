"""Guards: checks of a signed call before it is dispatched, whether alone, in a batch or for a proxied account.

Most of the guarded calls are free, so that they are refused before they enter a block: the transaction pool runs the
same guards and reports a failure as a number (`extensions.subtensor`). Calls by root pass all guards. The guard of a
single call may fail with another error than the call itself: an expired reveal fails here with RevealTooEarly.

The guard of coldkey swaps applies to every call of every pallet. An account that has announced its swap may only make
the calls that concern the swap; an account whose swap is disputed may make no call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ...frame.call import Call
from ...frame.context import Context
from ...frame.errors import DispatchFailed, ensure
from ...frame.weight import ZERO, Weight, weight_of
from ..drand.declared import LastStoredRound
from . import storage
from .declared.errors import Error
from .declared.pallet import pallet
from .declared.types import TransactionType
from .ledger.accounts import coldkey_owns_hotkey, hotkey_account_exists
from .neurons.evm import ensure_evm_key_associate_rate_limit
from .neurons.serving import validate_serve_axon, validate_serve_prometheus
from .neurons.uids import get_uid_for_net_and_hotkey
from .subnets.mechanism import get_mechanism_storage_index
from .subnets.rate_limits import passes_rate_limit
from .weights import commit_reveal, set_weights
from .weights.set_weights import U16s

#: `check(ctx, signer, *arguments of the call)` raises DispatchFailed when the call is refused.
Check = Callable[..., None]


class Guard(NamedTuple):
    """A guard of single calls: the weight that it adds to each of its calls, and their checks by name of the call."""

    weight: Weight
    checks: Mapping[str, tuple[Check, ...]]


# --- swaps of coldkeys ---------------------------------------------------------------------------------------------

CHECK_COLDKEY_SWAP_WEIGHT = weight_of(17_583_000, 4198, reads=2)
#: Calls that an account may make after it has announced its swap, by pallet.
ALLOWED_DURING_SWAP = {
    "SubtensorModule": {
        "announce_coldkey_swap",
        "swap_coldkey_announced",
        "dispute_coldkey_swap",
        "clear_coldkey_swap_announcement",
    },
    "MevShield": {"submit_encrypted"},
}


def check_coldkey_swap(ctx: Context, who: bytes, call: Call) -> None:
    """Refuse the call with ColdkeySwapDisputed or ColdkeySwapAnnounced if the signer's swap does not allow it."""
    # Usually no coldkey at all has announced a swap; the list of all keys is cached.
    if storage.ColdkeySwapAnnouncements.all_keys(ctx) and storage.ColdkeySwapAnnouncements.contains(ctx, who):
        ensure(not storage.ColdkeySwapDisputes.contains(ctx, who), Error.ColdkeySwapDisputed)
        ensure(call.name in ALLOWED_DURING_SWAP.get(call.pallet, ()), Error.ColdkeySwapAnnounced)


# --- weights -------------------------------------------------------------------------------------------------------


def _ensure_equal_commit_lengths(
    ctx: Context, who: bytes, netuids: Sequence[int], commit_hashes: Sequence[bytes]
) -> None:
    ensure(len(netuids) == len(commit_hashes), Error.InputLengthsUnequal)


def _ensure_equal_weights_lengths(
    ctx: Context, who: bytes, netuids: Sequence[int], weights: Sequence[Any], version_keys: Sequence[int]
) -> None:
    ensure(len(netuids) == len(weights) == len(version_keys), Error.InputLengthsUnequal)


def _ensure_equal_reveal_lengths(ctx: Context, who: bytes, netuid: int, *lists: Sequence[Any]) -> None:
    ensure(len({len(items) for items in lists}) == 1, Error.InputLengthsUnequal)


def _ensure_min_stake(ctx: Context, who: bytes, netuid: int, *_: Any) -> None:
    ensure(set_weights.check_weights_min_stake(ctx, who, netuid), Error.NotEnoughStakeToSetWeights)


def _ensure_min_stake_on_each(ctx: Context, who: bytes, netuids: Sequence[int], *_: Any) -> None:
    for netuid in dict.fromkeys(netuids):  # each once: a list may be long
        _ensure_min_stake(ctx, who, netuid)


def _get_commits(ctx: Context, index: int, who: bytes) -> commit_reveal.Commits:
    commits = storage.WeightCommits.get(ctx, index, who)
    if commits is None:
        raise DispatchFailed(Error.NoWeightsCommitFound)
    return commits


def _ensure_reveal_epoch(ctx: Context, netuid: int, commits: commit_reveal.Commits, commit_hash: bytes) -> None:
    epoch = commit_reveal.find_commit_epoch(commits, commit_hash)
    if epoch is None:
        raise DispatchFailed(Error.NoWeightsCommitFound)
    ensure(commit_reveal.is_reveal_block_range(ctx, netuid, epoch), Error.RevealTooEarly)


def _ensure_reveal(ctx: Context, who: bytes, netuid: int, *reveal: Any) -> None:
    _ensure_mechanism_reveal(ctx, who, netuid, set_weights.MAIN, *reveal)


def _ensure_mechanism_reveal(
    ctx: Context,
    who: bytes,
    netuid: int,
    mecid: int,
    uids: U16s,
    values: U16s,
    salt: U16s,
    version_key: int,
) -> None:
    index = get_mechanism_storage_index(netuid, mecid)
    commits = _get_commits(ctx, index, who)
    _ensure_reveal_epoch(
        ctx, netuid, commits, commit_reveal.get_commit_hash(who, index, uids, values, salt, version_key)
    )


def _ensure_batch_reveal(ctx: Context, who: bytes, netuid: int, *lists: Sequence[Any]) -> None:
    commits = _get_commits(ctx, netuid, who)
    for reveal in zip(*lists, strict=True):
        _ensure_reveal_epoch(ctx, netuid, commits, commit_reveal.get_commit_hash(who, netuid, *reveal))


def _ensure_future_round(ctx: Context, who: bytes, netuid: int, commit: bytes, reveal_round: int, *_: Any) -> None:
    """Refuse a timelocked commit to a round of the beacon before the last stored one."""
    ensure(reveal_round >= LastStoredRound.get(ctx), Error.InvalidRevealRound)


def _ensure_future_mechanism_round(
    ctx: Context, who: bytes, netuid: int, mecid: int, commit: bytes, reveal_round: int, *_: Any
) -> None:
    _ensure_future_round(ctx, who, netuid, commit, reveal_round)


CHECK_WEIGHTS = Guard(
    weight_of(52_958_000, 7671, reads=11),
    {
        "set_weights": (_ensure_min_stake,),
        "set_mechanism_weights": (_ensure_min_stake,),
        "batch_set_weights": (_ensure_equal_weights_lengths, _ensure_min_stake_on_each),
        "commit_weights": (_ensure_min_stake,),
        "commit_mechanism_weights": (_ensure_min_stake,),
        "batch_commit_weights": (_ensure_equal_commit_lengths, _ensure_min_stake_on_each),
        "reveal_weights": (_ensure_min_stake, _ensure_reveal),
        "reveal_mechanism_weights": (_ensure_min_stake, _ensure_mechanism_reveal),
        "batch_reveal_weights": (_ensure_equal_reveal_lengths, _ensure_min_stake, _ensure_batch_reveal),
        "commit_timelocked_weights": (_ensure_min_stake, _ensure_future_round),
        "commit_timelocked_mechanism_weights": (_ensure_min_stake, _ensure_future_mechanism_round),
        "commit_crv3_mechanism_weights": (_ensure_min_stake, _ensure_future_mechanism_round),
    },
)


# --- rate limits ---------------------------------------------------------------------------------------------------


def _ensure_weights_rate_limit(ctx: Context, who: bytes, netuid: int, mecid: int, error: Error) -> None:
    """Refuse with `error` when the neuron set or committed weights too recently; a signer without a uid passes."""
    uid = storage.Uids.get(ctx, netuid, who)
    if uid is not None:
        ensure(
            set_weights.check_rate_limit(ctx, get_mechanism_storage_index(netuid, mecid), uid, ctx.block.number), error
        )


def _ensure_commit_rate(ctx: Context, who: bytes, netuid: int, *_: Any) -> None:
    _ensure_mechanism_commit_rate(ctx, who, netuid, set_weights.MAIN)


def _ensure_mechanism_commit_rate(ctx: Context, who: bytes, netuid: int, mecid: int, *_: Any) -> None:
    _ensure_weights_rate_limit(ctx, who, netuid, mecid, Error.CommittingWeightsTooFast)


def _ensure_set_rate(ctx: Context, who: bytes, netuid: int, *_: Any) -> None:
    _ensure_mechanism_set_rate(ctx, who, netuid, set_weights.MAIN)


def _ensure_mechanism_set_rate(ctx: Context, who: bytes, netuid: int, mecid: int, *_: Any) -> None:
    if not storage.CommitRevealWeightsEnabled.get(ctx, netuid):
        _ensure_weights_rate_limit(ctx, who, netuid, mecid, Error.SettingWeightsTooFast)


def _ensure_register_network_rate(ctx: Context, who: bytes, *_: Any) -> None:
    passes = passes_rate_limit(ctx, TransactionType.RegisterNetwork, who)
    ensure(passes, Error.NetworkTxRateLimitExceeded)


CHECK_RATE_LIMITS = Guard(
    weight_of(35_376_000, 4484, reads=7),
    {
        "set_weights": (_ensure_set_rate,),
        "set_mechanism_weights": (_ensure_mechanism_set_rate,),
        "commit_weights": (_ensure_commit_rate,),
        "commit_mechanism_weights": (_ensure_mechanism_commit_rate,),
        "register_network": (_ensure_register_network_rate,),
    },
)


# --- takes, endpoints, EVM keys ------------------------------------------------------------------------------------


def _ensure_take(ctx: Context, who: bytes, hotkey: bytes, take: int) -> None:
    ensure(take >= storage.MinDelegateTake.get(ctx), Error.DelegateTakeTooLow)
    ensure(take <= storage.MaxDelegateTake.get(ctx), Error.DelegateTakeTooHigh)
    ensure(hotkey_account_exists(ctx, hotkey), Error.HotKeyAccountNotExists)
    ensure(coldkey_owns_hotkey(ctx, who, hotkey), Error.NonAssociatedColdKey)


def _ensure_axon(ctx: Context, who: bytes, netuid: int, *axon: Any) -> None:
    validate_serve_axon(ctx, who, netuid, *axon[:7])


def _ensure_prometheus(ctx: Context, who: bytes, netuid: int, *endpoint: Any) -> None:
    validate_serve_prometheus(ctx, who, netuid, *endpoint)


def _ensure_associate_rate(ctx: Context, who: bytes, netuid: int, *_: Any) -> None:
    ensure_evm_key_associate_rate_limit(ctx, netuid, get_uid_for_net_and_hotkey(ctx, netuid, who))


CHECK_DELEGATE_TAKE = Guard(
    weight_of(15_378_000, 4186, reads=3), {"increase_take": (_ensure_take,), "decrease_take": (_ensure_take,)}
)
CHECK_SERVING_ENDPOINTS = Guard(
    weight_of(19_035_000, 4112, reads=3),
    {
        "serve_axon": (_ensure_axon,),
        "serve_axon_tls": (_ensure_axon,),
        "serve_prometheus": (_ensure_prometheus,),
    },
)
CHECK_EVM_KEY_ASSOCIATION = Guard(
    weight_of(15_448_000, 4117, reads=2), {"associate_evm_key": (_ensure_associate_rate,)}
)


# --- all guards ----------------------------------------------------------------------------------------------------

#: The guards of single calls, in the order in which they run.
GUARDS = (CHECK_WEIGHTS, CHECK_RATE_LIMITS, CHECK_DELEGATE_TAKE, CHECK_SERVING_ENDPOINTS, CHECK_EVM_KEY_ASSOCIATION)


class CallGuards(NamedTuple):
    """All guards of one call: the sum of their weights, and their checks in order."""

    weight: Weight
    checks: tuple[Check, ...]


def _guards_of(name: str) -> CallGuards:
    guards = [guard for guard in GUARDS if name in guard.checks]
    checks = tuple(check for guard in guards for check in guard.checks[name])
    return CallGuards(sum((guard.weight for guard in guards), ZERO), checks)


_GUARDS_BY_CALL = {name: _guards_of(name) for guard in GUARDS for name in guard.checks}
_UNGUARDED = CallGuards(ZERO, ())


def _find_guards(call: Call) -> CallGuards:
    return _GUARDS_BY_CALL.get(call.name, _UNGUARDED) if call.function.pallet is pallet else _UNGUARDED


def single_call_weight(call: Call) -> Weight:
    """Return the weight that the guards of single calls add to this call."""
    return _find_guards(call).weight


def weight(call: Call) -> Weight:
    """Return the weight that all guards add to this call, nested calls included; it is part of the declared weight."""
    return CHECK_COLDKEY_SWAP_WEIGHT + _find_guards(call).weight


def check(ctx: Context, call: Call) -> None:
    """Raise DispatchFailed with the error of the first guard that refuses the signer's call."""
    who = ctx.origin.account
    if who is None:
        return
    check_coldkey_swap(ctx, who, call)
    for check_call in _find_guards(call).checks:
        check_call(ctx, who, *call.args)
