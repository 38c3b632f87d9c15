"""Commitments (index 18): public data of hotkeys on a subnet, such as the location of a model or a hash.

There is one commitment for each hotkey and subnet; a new one replaces it. The number of bytes that a hotkey may commit
in an epoch is limited. A field may be encrypted for a drand round, until the chain stores the signature of that round.
`reveals` decrypts it then.
"""

from __future__ import annotations

from dataclasses import replace

from ....consensus.integers import saturating_add_u64
from ...frame.context import Context
from ...frame.errors import DispatchFailed, ensure
from ...frame.weight import Pays, weight_of
from ...scale import Box, u32
from ..balances.reserves import reserve, unreserve
from ..shared.types import NetUid
from ..subtensor.coinbase.epoch import do_reset_bonds
from ..subtensor.neurons.uids import is_hotkey_registered_on_network
from ..subtensor.storage.tempo import SubnetEpochIndex
from ..subtensor.subnets.mechanism import storage_indices
from .data import ResetBondsFlag, TimelockEncrypted, count_bytes
from .declared import (
    Commitment,
    CommitmentInfo,
    CommitmentInfoOf,
    CommitmentOf,
    Error,
    FieldDeposit,
    InitialDeposit,
    LastBondsReset,
    LastCommitment,
    MaxFields,
    MaxSpace,
    Registration,
    TimelockCommitment,
    TimelockedIndex,
    UsageTracker,
    UsedSpaceOf,
)
from .declared import pallet as pallet
from .reveals import reveal_timelocked_commitments as reveal_timelocked_commitments  # its hook

#: The smallest number of bytes that a commitment counts as.
MIN_SPACE = 100


@pallet.call(0, weight=weight_of(33_480_000, reads=5, writes=4), pays=Pays.No)
def set_commitment(ctx: Context, netuid: NetUid, info: Box[CommitmentInfoOf]) -> None:
    """Publish a commitment of the signer, a hotkey that is registered on the subnet. It replaces the previous one.

    Fails with AccountNotAllowedCommit, TooManyFieldsInCommitmentInfo, or SpaceLimitExceeded (a rate limit in bytes for
    each epoch). A field `ResetBondsFlag` resets the bonds that validators hold in the hotkey's neuron.
    """
    who = ctx.ensure_signed()
    ensure(is_hotkey_registered_on_network(ctx, netuid, who), Error.AccountNotAllowedCommit)
    ensure(len(info.fields) <= MaxFields.get(ctx), Error.TooManyFieldsInCommitmentInfo)
    usage = _charge_space(ctx, netuid, who, info)
    if any(isinstance(field, ResetBondsFlag) for field in info.fields):
        _reset_bonds(ctx, netuid, who)
    UsedSpaceOf.put(ctx, netuid, who, usage)
    deposit = _adjust_deposit(ctx, netuid, who, info)
    CommitmentOf.put(ctx, netuid, who, Registration(deposit, ctx.block.number, info))
    LastCommitment.put(ctx, netuid, who, ctx.block.number)
    _update_index(ctx, netuid, who, info)


def _charge_space(ctx: Context, netuid: int, who: bytes, info: CommitmentInfo) -> UsageTracker:
    """Return the hotkey's usage in this epoch with this commitment added; SpaceLimitExceeded above the limit."""
    usage, epoch = UsedSpaceOf.get(ctx, netuid, who) or UsageTracker(), SubnetEpochIndex.get(ctx, netuid)
    if usage.last_epoch != epoch:
        usage = UsageTracker(epoch, 0)
    used = saturating_add_u64(usage.used_space, max(sum(map(count_bytes, info.fields)), MIN_SPACE))
    ensure(used <= MaxSpace.get(ctx), Error.SpaceLimitExceeded)
    return replace(usage, used_space=used)


def _reset_bonds(ctx: Context, netuid: int, who: bytes) -> None:
    """Reset the bonds in this neuron in all mechanisms of the subnet, if the subnet allows it."""
    LastBondsReset.put(ctx, netuid, who, ctx.block.number)
    for netuid_index in storage_indices(ctx, netuid):
        do_reset_bonds(ctx, netuid_index, who)


def _adjust_deposit(ctx: Context, netuid: int, who: bytes, info: CommitmentInfo) -> int:
    """Reserve or unreserve the difference to the previous commitment's deposit; return the new deposit in rao."""
    previous = CommitmentOf.get(ctx, netuid, who)
    old = previous.deposit if previous else 0
    deposit = saturating_add_u64(InitialDeposit.get(ctx), len(info.fields) * FieldDeposit.get(ctx))
    if deposit > old:
        reserve(ctx, who, deposit - old)
    elif old > deposit and unreserve(ctx, who, old - deposit):
        raise DispatchFailed(Error.UnexpectedUnreserveLeftover)
    return deposit


def _update_index(ctx: Context, netuid: int, who: bytes, info: CommitmentInfo) -> None:
    """Emit the event of the commitment, and update the index of encrypted ones. The index is written in any case."""
    entry = frozenset({(netuid, who)})
    first = next((field for field in info.fields if isinstance(field, TimelockEncrypted)), None)
    if first is None:
        ctx.deposit(Commitment(netuid, who))
        TimelockedIndex.mutate(ctx, lambda index: index - entry)
    else:
        ctx.deposit(TimelockCommitment(netuid, who, first.reveal_round))
        TimelockedIndex.mutate(ctx, lambda index: index | entry)


@pallet.call(2, weight=weight_of(2_856_000, writes=1))
def set_max_space(ctx: Context, new_limit: u32) -> None:
    """Set the number of bytes that a hotkey may commit on a subnet in an epoch. Only root may."""
    ctx.ensure_root()
    MaxSpace.put(ctx, new_limit)
