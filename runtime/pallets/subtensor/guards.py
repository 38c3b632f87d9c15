"""Guards: what is asked of a call before it runs, wherever it is dispatched: alone, in a batch, for a proxied account.

Many calls here are free, so they are refused before they enter a block rather than in it: the same guards stand before
the pool, where they tell of a number (`extensions.subtensor`). They concern signers alone; root passes them all. Those
of single calls may be stricter than the call itself: a reveal that comes too late is told here that it is too early.

The guard of coldkeys being swapped is for every call of every pallet. An account that has announced its swap can do
nothing but go on with it; one whose swap is disputed can do nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ...frame.call import Call
from ...frame.context import Context
from ...frame.errors import DispatchFailed, ensure
from ...frame.weight import ZERO, Weight, weight_of
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

#: `check(ctx, signer, *arguments of the call)` raises DispatchFailed.
Check = Callable[..., None]


class Guard(NamedTuple):
    """What its calls cost, and the checks of each, by the call's name."""

    weight: Weight
    checks: Mapping[str, tuple[Check, ...]]


# --- coldkeys being swapped ----------------------------------------------------------------------------------------

CHECK_COLDKEY_SWAP_WEIGHT = weight_of(17_583_000, 4198, reads=2)
#: What an account may still call after it has announced its swap, by pallet.
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
    """ColdkeySwapDisputed, ColdkeySwapAnnounced."""
    # Mostly there is no announcement at all, which is remembered.
    if storage.ColdkeySwapAnnouncements.all_keys(ctx) and storage.ColdkeySwapAnnouncements.contains(ctx, who):
        ensure(not storage.ColdkeySwapDisputes.contains(ctx, who), Error.ColdkeySwapDisputed)
        ensure(call.name in ALLOWED_DURING_SWAP.get(call.pallet, ()), Error.ColdkeySwapAnnounced)


# --- weights -------------------------------------------------------------------------------------------------------


def _commits_match(ctx: Context, who: bytes, netuids: Sequence[int], commit_hashes: Sequence[bytes]) -> None:
    ensure(len(netuids) == len(commit_hashes), Error.InputLengthsUnequal)


def _weights_match(
    ctx: Context, who: bytes, netuids: Sequence[int], weights: Sequence[Any], version_keys: Sequence[int]
) -> None:
    ensure(len(netuids) == len(weights) == len(version_keys), Error.InputLengthsUnequal)


def _reveals_match(ctx: Context, who: bytes, netuid: int, *lists: Sequence[Any]) -> None:
    ensure(len({len(items) for items in lists}) == 1, Error.InputLengthsUnequal)


def _least_stake(ctx: Context, who: bytes, netuid: int, *_: Any) -> None:
    ensure(set_weights.check_weights_min_stake(ctx, who, netuid), Error.NotEnoughStakeToSetWeights)


def _least_stake_on_each(ctx: Context, who: bytes, netuids: Sequence[int], *_: Any) -> None:
    for netuid in netuids:
        _least_stake(ctx, who, netuid)


def _commits(ctx: Context, index: int, who: bytes) -> commit_reveal.Commits:
    commits = storage.WeightCommits.get(ctx, index, who)
    if commits is None:
        raise DispatchFailed(Error.NoWeightsCommitFound)
    return commits


def _in_time(ctx: Context, netuid: int, commits: commit_reveal.Commits, commit_hash: bytes) -> None:
    epoch = commit_reveal.find_commit_epoch(commits, commit_hash)
    if epoch is None:
        raise DispatchFailed(Error.NoWeightsCommitFound)
    ensure(commit_reveal.is_reveal_block_range(ctx, netuid, epoch), Error.RevealTooEarly)


def _may_reveal(ctx: Context, who: bytes, netuid: int, *reveal: Any) -> None:
    _may_reveal_mechanism(ctx, who, netuid, set_weights.MAIN, *reveal)


def _may_reveal_mechanism(
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
    commits = _commits(ctx, index, who)
    _in_time(ctx, netuid, commits, commit_reveal.get_commit_hash(who, index, uids, values, salt, version_key))


def _may_reveal_batch(ctx: Context, who: bytes, netuid: int, *lists: Sequence[Any]) -> None:
    commits = _commits(ctx, netuid, who)
    for reveal in zip(*lists, strict=True):
        _in_time(ctx, netuid, commits, commit_reveal.get_commit_hash(who, netuid, *reveal))


#: A timelocked commit must also be for a drand round yet to come: all are, as no pulse has come in.
CHECK_WEIGHTS = Guard(
    weight_of(52_958_000, 7671, reads=11),
    {
        "set_weights": (_least_stake,),
        "set_mechanism_weights": (_least_stake,),
        "batch_set_weights": (_weights_match, _least_stake_on_each),
        "commit_weights": (_least_stake,),
        "commit_mechanism_weights": (_least_stake,),
        "batch_commit_weights": (_commits_match, _least_stake_on_each),
        "reveal_weights": (_least_stake, _may_reveal),
        "reveal_mechanism_weights": (_least_stake, _may_reveal_mechanism),
        "batch_reveal_weights": (_reveals_match, _least_stake, _may_reveal_batch),
        "commit_timelocked_weights": (_least_stake,),
        "commit_timelocked_mechanism_weights": (_least_stake,),
        "commit_crv3_mechanism_weights": (_least_stake,),
    },
)


# --- rate limits ---------------------------------------------------------------------------------------------------


def _ensure_rate_limit(ctx: Context, who: bytes, netuid: int, mecid: int, error: Error) -> None:
    """Fail with `error` when the neuron set or committed weights too recently; who is no neuron fails later."""
    uid = storage.Uids.get(ctx, netuid, who)
    if uid is not None:
        ensure(
            set_weights.check_rate_limit(ctx, get_mechanism_storage_index(netuid, mecid), uid, ctx.block.number), error
        )


def _may_commit(ctx: Context, who: bytes, netuid: int, *_: Any) -> None:
    _may_commit_mechanism(ctx, who, netuid, set_weights.MAIN)


def _may_commit_mechanism(ctx: Context, who: bytes, netuid: int, mecid: int, *_: Any) -> None:
    _ensure_rate_limit(ctx, who, netuid, mecid, Error.CommittingWeightsTooFast)


def _may_set(ctx: Context, who: bytes, netuid: int, *_: Any) -> None:
    _may_set_mechanism(ctx, who, netuid, set_weights.MAIN)


def _may_set_mechanism(ctx: Context, who: bytes, netuid: int, mecid: int, *_: Any) -> None:
    if not storage.CommitRevealWeightsEnabled.get(ctx, netuid):
        _ensure_rate_limit(ctx, who, netuid, mecid, Error.SettingWeightsTooFast)


def _may_register_network(ctx: Context, who: bytes, *_: Any) -> None:
    passes = passes_rate_limit(ctx, TransactionType.RegisterNetwork, who)
    ensure(passes, Error.NetworkTxRateLimitExceeded)


CHECK_RATE_LIMITS = Guard(
    weight_of(35_376_000, 4484, reads=7),
    {
        "set_weights": (_may_set,),
        "set_mechanism_weights": (_may_set_mechanism,),
        "commit_weights": (_may_commit,),
        "commit_mechanism_weights": (_may_commit_mechanism,),
        "register_network": (_may_register_network,),
    },
)


# --- takes, endpoints, EVM keys ------------------------------------------------------------------------------------


def do_take_checks(ctx: Context, coldkey: bytes, hotkey: bytes) -> None:
    """HotKeyAccountNotExists, NonAssociatedColdKey: a take is set by the coldkey that owns the hotkey."""
    ensure(hotkey_account_exists(ctx, hotkey), Error.HotKeyAccountNotExists)
    ensure(coldkey_owns_hotkey(ctx, coldkey, hotkey), Error.NonAssociatedColdKey)


def _may_set_take(ctx: Context, who: bytes, hotkey: bytes, take: int) -> None:
    ensure(take >= storage.MinDelegateTake.get(ctx), Error.DelegateTakeTooLow)
    ensure(take <= storage.MaxDelegateTake.get(ctx), Error.DelegateTakeTooHigh)
    do_take_checks(ctx, who, hotkey)


def _may_serve_axon(ctx: Context, who: bytes, netuid: int, *axon: Any) -> None:
    validate_serve_axon(ctx, who, netuid, *axon[:7])


def _may_serve_prometheus(ctx: Context, who: bytes, netuid: int, *endpoint: Any) -> None:
    validate_serve_prometheus(ctx, who, netuid, *endpoint)


def _may_associate(ctx: Context, who: bytes, netuid: int, *_: Any) -> None:
    ensure_evm_key_associate_rate_limit(ctx, netuid, get_uid_for_net_and_hotkey(ctx, netuid, who))


CHECK_DELEGATE_TAKE = Guard(
    weight_of(15_378_000, 4186, reads=3), {"increase_take": (_may_set_take,), "decrease_take": (_may_set_take,)}
)
CHECK_SERVING_ENDPOINTS = Guard(
    weight_of(19_035_000, 4112, reads=3),
    {
        "serve_axon": (_may_serve_axon,),
        "serve_axon_tls": (_may_serve_axon,),
        "serve_prometheus": (_may_serve_prometheus,),
    },
)
CHECK_EVM_KEY_ASSOCIATION = Guard(weight_of(15_448_000, 4117, reads=2), {"associate_evm_key": (_may_associate,)})


# --- all of them ---------------------------------------------------------------------------------------------------

#: The guards of single calls, in the order in which they are asked.
GUARDS = (CHECK_WEIGHTS, CHECK_RATE_LIMITS, CHECK_DELEGATE_TAKE, CHECK_SERVING_ENDPOINTS, CHECK_EVM_KEY_ASSOCIATION)


def _of_call(name: str) -> Guard:
    """All guards of one call as one."""
    mine = [guard for guard in GUARDS if name in guard.checks]
    checks = tuple(check for guard in mine for check in guard.checks[name])
    return Guard(sum((guard.weight for guard in mine), ZERO), {name: checks})


_GUARDED = {name: _of_call(name) for guard in GUARDS for name in guard.checks}
_CHECKS = {name: guard.checks[name] for name, guard in _GUARDED.items()}


def single_call_weight(call: Call) -> Weight:
    """Return what the guards of single calls cost this call."""
    guard = _GUARDED.get(call.name) if call.function.pallet is pallet else None
    return guard.weight if guard else ZERO


def weight(call: Call) -> Weight:
    """Return what all guards cost this call, which is part of its declared weight, of nested calls too."""
    guard = _GUARDED.get(call.name) if call.function.pallet is pallet else None
    return CHECK_COLDKEY_SWAP_WEIGHT + guard.weight if guard else CHECK_COLDKEY_SWAP_WEIGHT


def check(ctx: Context, call: Call) -> None:
    """Fail as the first guard does that does not let the signer make this call."""
    who = ctx.origin.account
    if who is None:
        return
    check_coldkey_swap(ctx, who, call)
    if call.function.pallet is pallet:
        for asked in _CHECKS.get(call.function.name, ()):
            asked(ctx, who, *call.args)
