"""Epochs: from storage to `consensus.yuma` and back.

The inputs of an epoch are read into the arrays of an `EpochInput`, one for each mechanism. The results are written
back: incentive and bonds for each mechanism, the rest merged once for the subnet. Rows of weights and bonds go from
stored bytes to sparse matrices and back without a loop over entries.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .....consensus import yuma
from .....consensus.integers import saturating_mul_u64
from .....consensus.yuma import EpochInput, EpochOutput, MergedEpoch, SparseRows
from ....frame.context import Context
from ....frame.errors import ensure
from ....frame.storage import StorageDoubleMap
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..neurons.uids import get_last_update, get_subnetwork_n
from ..staking.stake_weights import get_stake_weights_for_network
from ..staking.voting_power import update_voting_power_for_subnet
from ..storage import neurons
from ..subnets.mechanism import get_mechanism_storage_index, get_netuid, split_emissions
from ..subnets.networks import get_owner_uid
from ..subnets.owner_rules import ensure_subnet_owner_or_root
from ..subnets.tempo import get_activity_cutoff_blocks
from ..weights.commit_reveal import is_commit_expired

NO_ROW = np.empty((0, 2), np.uint16)
#: Minimum of the bounds of liquid alpha, one fortieth as a u16 proportion.
MIN_ALPHA = 65535 // 40

Rows = StorageDoubleMap[int, int, NDArray[np.uint16], NDArray[np.uint16]]


class HotkeyEmission(NamedTuple):
    """The earnings of a hotkey from an epoch, in rao of alpha."""

    hotkey: bytes
    incentive: int
    dividend: int


# --- inputs --------------------------------------------------------------------------------------------------------


def get_block_at_registration(ctx: Context, netuid: int) -> NDArray[np.uint64]:
    """Return the block in which each uid was assigned to its hotkey."""
    return np.array(storage.BlockAtRegistration.row(ctx, netuid, range(get_subnetwork_n(ctx, netuid))), np.uint64)


def get_rows(ctx: Context, item: Rows, netuid_index: int, n: int) -> SparseRows:
    """Return the rows of weights or bonds of `n` uids; uids without a row have an empty one."""
    return SparseRows.from_rows(item.row(ctx, netuid_index, range(n)))


def get_commit_blocks(ctx: Context, netuid_index: int, uids: dict[bytes, int]) -> NDArray[np.uint64]:
    """Return the block of the oldest commit of each uid that may still be revealed, `NO_COMMIT` where there is none."""
    netuid, blocks = get_netuid(netuid_index), np.full(len(uids), yuma.NO_COMMIT, np.uint64)

    def note(hotkey: bytes, block: int) -> None:
        if (uid := uids.get(hotkey)) is not None:
            blocks[uid] = min(int(blocks[uid]), block)

    for hotkey, commits in storage.WeightCommits.under(ctx, netuid_index):
        for _, epoch, block, _ in commits:
            if not is_commit_expired(ctx, netuid, epoch):
                note(hotkey, block)
                break
    for epoch, timelocked in storage.TimelockedWeightCommits.under(ctx, netuid_index):
        if not is_commit_expired(ctx, netuid, epoch):
            for hotkey, block, _, _ in timelocked:
                note(hotkey, block)
    return blocks


class Subnet(NamedTuple):
    """Inputs that the epochs of all mechanisms of a subnet share."""

    netuid: int
    #: By uid.
    hotkeys: list[bytes]
    #: Stake weight by uid, I64F64 rao.
    total_stake: list[int]
    block_at_registration: NDArray[np.uint64]

    @classmethod
    def read(cls, ctx: Context, netuid: int) -> Subnet:
        """Read the inputs of a subnet."""
        hotkeys = storage.Keys.row(ctx, netuid, range(get_subnetwork_n(ctx, netuid)))
        stake, _, _ = get_stake_weights_for_network(ctx, netuid)
        return cls(netuid, hotkeys, stake, get_block_at_registration(ctx, netuid))


def epoch_input(ctx: Context, subnet: Subnet, mechanism: int, rao_emission: int) -> EpochInput:
    """Return the inputs of the epoch of one mechanism; `rao_emission` is its part of the subnet's alpha."""
    netuid, n = subnet.netuid, len(subnet.hotkeys)
    index = get_mechanism_storage_index(netuid, mechanism)
    commit_reveal = storage.CommitRevealWeightsEnabled.get(ctx, netuid)
    uids = {hotkey: uid for uid, hotkey in enumerate(subnet.hotkeys)} if commit_reveal else {}
    alpha_low, alpha_high = storage.AlphaValues.get(ctx, netuid)
    return EpochInput(
        n=n,
        current_block=ctx.block.number,
        tempo=storage.Tempo.get(ctx, netuid),
        activity_cutoff=get_activity_cutoff_blocks(ctx, netuid),
        last_update=get_last_update(ctx, index)[:n],
        block_at_registration=subnet.block_at_registration,
        total_stake=subnet.total_stake,
        min_stake=storage.StakeThreshold.get(ctx),
        owner_uid=get_owner_uid(ctx, netuid),
        validator_permits=storage.ValidatorPermit.get(ctx, netuid)[:n],
        max_allowed_validators=storage.MaxAllowedValidators.get(ctx, netuid),
        weights=get_rows(ctx, storage.Weights, index, n),
        bonds=get_rows(ctx, storage.Bonds, index, n),
        kappa=storage.Kappa.get(ctx, netuid),
        bonds_penalty=storage.BondsPenalty.get(ctx, netuid),
        alpha_low=alpha_low,
        alpha_high=alpha_high,
        bonds_moving_average=storage.BondsMovingAverage.get(ctx, netuid),
        yuma3_on=storage.Yuma3On.get(ctx, netuid),
        liquid_alpha_on=storage.LiquidAlphaOn.get(ctx, netuid),
        alpha_sigmoid_steepness=storage.AlphaSigmoidSteepness.get(ctx, netuid),
        last_mechanism_step_block=storage.LastMechansimStepBlock.get(ctx, netuid),
        commit_reveal_enabled=commit_reveal,
        commit_blocks=get_commit_blocks(ctx, index, uids) if commit_reveal else np.full(n, yuma.NO_COMMIT, np.uint64),
        rao_emission=rao_emission,
    )


# --- running and writing back --------------------------------------------------------------------------------------


def epoch_with_mechanisms(ctx: Context, netuid: int, rao_emission: int) -> list[HotkeyEmission]:
    """Run the epochs of all mechanisms, which share `rao_emission` of alpha, and store their results.

    Returns the earnings of each hotkey, in the order of hotkeys.
    """
    subnet, emissions = Subnet.read(ctx, netuid), split_emissions(ctx, netuid, rao_emission)
    outputs = []
    for mechanism, part in enumerate(emissions):
        outputs.append(yuma.epoch(epoch_input(ctx, subnet, mechanism, part)))
        persist_mechanism_epoch_terms(ctx, get_mechanism_storage_index(netuid, mechanism), outputs[-1])
    merged = yuma.merge(outputs, emissions, rao_emission)
    persist_netuid_epoch_terms(ctx, netuid, merged)
    stakes = [saturating_mul_u64(stake >> 64, len(outputs)) for stake in subnet.total_stake]
    update_voting_power_for_subnet(ctx, netuid, subnet.hotkeys, merged.new_validator_permits.tolist(), stakes)
    earned = zip(subnet.hotkeys, merged.server_emission.tolist(), merged.validator_emission.tolist(), strict=True)
    return [HotkeyEmission._make(each) for each in sorted(earned)]


def persist_mechanism_epoch_terms(ctx: Context, netuid_index: int, output: EpochOutput) -> None:
    """Store incentive and bonds of a mechanism; neurons without a permit get an empty row of bonds."""
    storage.Incentive.put(ctx, netuid_index, output.incentive)
    ctx.deposit(events.IncentiveAlphaEmittedToMiners(netuid_index, output.server_emission))
    permits = output.new_validator_permits.tolist()
    rows = [output.bonds.row(uid) if permitted else NO_ROW for uid, permitted in enumerate(permits)]
    storage.Bonds.put_row(ctx, netuid_index, range(len(rows)), rows)


def persist_netuid_epoch_terms(ctx: Context, netuid: int, merged: MergedEpoch) -> None:
    """Store the results that the mechanisms of a subnet have in common."""
    neurons.Active.put(ctx, netuid, merged.active)
    neurons.Emission.put(ctx, netuid, merged.combined_emission)
    neurons.Consensus.put(ctx, netuid, merged.consensus)
    neurons.Dividends.put(ctx, netuid, merged.dividends)
    neurons.ValidatorTrust.put(ctx, netuid, merged.validator_trust)
    neurons.ValidatorPermit.put(ctx, netuid, merged.new_validator_permits)
    neurons.StakeWeight.put(ctx, netuid, merged.stake_weight)


# --- changes by owners and commitments -----------------------------------------------------------------------------


def do_set_alpha_values(ctx: Context, netuid: int, alpha_low: int, alpha_high: int) -> None:
    """Set the bounds of liquid alpha, u16 proportions.

    Fails with LiquidAlphaDisabled; AlphaHighTooLow or AlphaLowOutOfRange below 2.5 %, the latter also when the low
    bound is above the high one.
    """
    ensure_subnet_owner_or_root(ctx, netuid)
    ensure(storage.LiquidAlphaOn.get(ctx, netuid), Error.LiquidAlphaDisabled)
    ensure(alpha_high >= MIN_ALPHA, Error.AlphaHighTooLow)
    ensure(MIN_ALPHA <= alpha_low <= alpha_high, Error.AlphaLowOutOfRange)
    storage.AlphaValues.put(ctx, netuid, (alpha_low, alpha_high))


def do_reset_bonds(ctx: Context, netuid_index: int, hotkey: bytes) -> None:
    """Remove the bonds of all validators in a neuron, where the subnet has enabled that; other bonds stay."""
    netuid = get_netuid(netuid_index)
    uid = storage.Uids.get(ctx, netuid, hotkey) if storage.BondsResetOn.get(ctx, netuid) else None
    if uid is not None:
        for holder, bonds in list(storage.Bonds.under(ctx, netuid_index)):
            storage.Bonds.put(ctx, netuid_index, holder, bonds[bonds[:, 0] != uid])
