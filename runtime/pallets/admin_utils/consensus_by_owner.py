"""Calls by which a subnet's owner, or root, sets how consensus is found: weights, bonds, mechanisms, activity."""

from __future__ import annotations

from ...frame.context import Context
from ...frame.errors import ensure
from ...frame.weight import weight_of
from ...scale import VecU16, i16, u16, u64
from ..shared.types import MechId, NetUid
from ..subtensor import storage
from ..subtensor.coinbase.epoch import do_set_alpha_values
from ..subtensor.declared import errors as subtensor
from ..subtensor.declared.types import Hyperparameter, TransactionType
from ..subtensor.subnets import hyperparameters
from ..subtensor.subnets.mechanism import do_set_emission_split, do_set_mechanism_count
from ..subtensor.weights.commit_reveal import set_reveal_period
from .pallet import BondsResetToggled, Error, Yuma3EnableToggled, pallet
from .rules import ensure_subnet, owner_change

#: Most smoothing of bonds that an owner may set, in millionths.
MAX_BONDS_MOVING_AVERAGE = 975_000

# --- weights ---------------------------------------------------------------------------------------------------


@pallet.call(6, weight=weight_of(34_204_000, 4383, reads=5, writes=1))
def sudo_set_weights_version_key(ctx: Context, netuid: NetUid, weights_version_key: u64) -> None:
    """Set the least version key of weights: validators that run older software can set none."""
    with owner_change(ctx, netuid, TransactionType.SetWeightsVersionKey):
        ensure_subnet(ctx, netuid)
        hyperparameters.set_weights_version_key(ctx, netuid, weights_version_key)


@pallet.call(14, weight=weight_of(34_664_000, 4383, reads=5, writes=1))
def sudo_set_min_allowed_weights(ctx: Context, netuid: NetUid, min_allowed_weights: u16) -> None:
    """Set the least number of weights that a validator may set."""
    with owner_change(ctx, netuid, Hyperparameter.MinAllowedWeights):
        ensure_subnet(ctx, netuid)
        hyperparameters.set_min_allowed_weights(ctx, netuid, min_allowed_weights)


@pallet.call(49, weight=weight_of(34_544_000, 4383, reads=5, writes=1))
def sudo_set_commit_reveal_weights_enabled(ctx: Context, netuid: NetUid, enabled: bool) -> None:
    """Decide whether weights are committed first and revealed later."""
    with owner_change(ctx, netuid, Hyperparameter.CommitRevealEnabled):
        ensure_subnet(ctx, netuid)
        hyperparameters.set_commit_reveal_weights_enabled(ctx, netuid, enabled)


@pallet.call(57, weight=weight_of(34_654_000, 4383, reads=5, writes=1))
def sudo_set_commit_reveal_weights_interval(ctx: Context, netuid: NetUid, interval: u64) -> None:
    """Set the epochs from commit to reveal, from 1 to 100."""
    with owner_change(ctx, netuid, Hyperparameter.WeightCommitInterval):
        ensure_subnet(ctx, netuid)
        set_reveal_period(ctx, netuid, interval)


@pallet.call(18, weight=weight_of(35_165_000, 4383, reads=6, writes=1))
def sudo_set_activity_cutoff(ctx: Context, netuid: NetUid, activity_cutoff: u16) -> None:
    """Set the former activity cutoff, in blocks; `set_activity_cutoff_factor` sets the one that holds."""
    with owner_change(ctx, netuid, Hyperparameter.ActivityCutoff):
        ensure_subnet(ctx, netuid)
        ensure(activity_cutoff >= storage.MinActivityCutoff.get(ctx), subtensor.Error.ActivityCutoffTooLow)
        hyperparameters.set_activity_cutoff(ctx, netuid, activity_cutoff)


# --- trust and bonds -------------------------------------------------------------------------------------------


@pallet.call(17, weight=weight_of(31_268_000, 4383, reads=5, writes=1))
def sudo_set_rho(ctx: Context, netuid: NetUid, rho: u16) -> None:
    """Set the steepness of trust."""
    with owner_change(ctx, netuid, Hyperparameter.Rho):
        ensure_subnet(ctx, netuid)
        storage.Rho.put(ctx, netuid, rho)


@pallet.call(26, weight=weight_of(34_495_000, 4383, reads=5, writes=1))
def sudo_set_bonds_moving_average(ctx: Context, netuid: NetUid, bonds_moving_average: u64) -> None:
    """Set the smoothing of bonds, in millionths; owners may set it to 975,000 at most."""
    with owner_change(ctx, netuid, Hyperparameter.BondsMovingAverage) as owner:
        within = owner is None or bonds_moving_average <= MAX_BONDS_MOVING_AVERAGE
        ensure(within, Error.BondsMovingAverageMaxReached)
        ensure_subnet(ctx, netuid)
        hyperparameters.set_bonds_moving_average(ctx, netuid, bonds_moving_average)


@pallet.call(60, weight=weight_of(34_354_000, 4383, reads=5, writes=1))
def sudo_set_bonds_penalty(ctx: Context, netuid: NetUid, bonds_penalty: u16) -> None:
    """Set the penalty on bonds out of consensus, a u16 proportion."""
    with owner_change(ctx, netuid, Hyperparameter.BondsPenalty):
        ensure_subnet(ctx, netuid)
        hyperparameters.set_bonds_penalty(ctx, netuid, bonds_penalty)


@pallet.call(70, weight=weight_of(30_507_000, 4280, reads=4, writes=1))
def sudo_set_bonds_reset_enabled(ctx: Context, netuid: NetUid, enabled: bool) -> None:
    """Decide whether miners can have the bonds on them reset."""
    with owner_change(ctx, netuid, Hyperparameter.BondsResetEnabled):
        hyperparameters.set_bonds_reset(ctx, netuid, enabled)
        ctx.deposit(BondsResetToggled(netuid, enabled))


@pallet.call(69, weight=weight_of(28_583_000, 4280, reads=4, writes=1))
def sudo_set_yuma3_enabled(ctx: Context, netuid: NetUid, enabled: bool) -> None:
    """Switch the bonds of Yuma 3 on or off."""
    with owner_change(ctx, netuid, Hyperparameter.Yuma3Enabled):
        storage.Yuma3On.put(ctx, netuid, enabled)
        ctx.deposit(Yuma3EnableToggled(netuid, enabled))


@pallet.call(50, weight=weight_of(25_538_000, 4280, reads=4, writes=1))
def sudo_set_liquid_alpha_enabled(ctx: Context, netuid: NetUid, enabled: bool) -> None:
    """Decide whether bonds move by liquid alpha."""
    with owner_change(ctx, netuid, Hyperparameter.LiquidAlphaEnabled):
        storage.LiquidAlphaOn.put(ctx, netuid, enabled)


@pallet.call(51, weight=weight_of(34_224_000, 4427, reads=5, writes=1))
def sudo_set_alpha_values(ctx: Context, netuid: NetUid, alpha_low: u16, alpha_high: u16) -> None:
    """Set the lower and upper end of liquid alpha, u16 proportions of at least a fortieth."""
    with owner_change(ctx, netuid, Hyperparameter.AlphaValues):
        do_set_alpha_values(ctx, netuid, alpha_low, alpha_high)


@pallet.call(68, weight=weight_of(31_438_000, 4383, reads=5, writes=1))
def sudo_set_alpha_sigmoid_steepness(ctx: Context, netuid: NetUid, steepness: i16) -> None:
    """Set the steepness of liquid alpha, in thousandths; only root may set a negative one."""
    with owner_change(ctx, netuid, Hyperparameter.AlphaSigmoidSteepness) as owner:
        ensure_subnet(ctx, netuid)
        ensure(owner is None or steepness >= 0, Error.NegativeSigmoidSteepness)
        storage.AlphaSigmoidSteepness.put(ctx, netuid, steepness)


# --- mechanisms ------------------------------------------------------------------------------------------------


@pallet.call(76, weight=weight_of(15_000_000, reads=1, writes=1))
def sudo_set_mechanism_count(ctx: Context, netuid: NetUid, mechanism_count: MechId) -> None:
    """Set the number of incentive mechanisms; what those beyond it have is dropped."""
    with owner_change(ctx, netuid, TransactionType.MechanismCountUpdate):
        do_set_mechanism_count(ctx, netuid, mechanism_count)


@pallet.call(77, weight=weight_of(15_000_000, reads=1, writes=1))
def sudo_set_mechanism_emission_split(ctx: Context, netuid: NetUid, maybe_split: VecU16 | None) -> None:
    """Set the shares of mechanisms in the emission, u16 proportions that add up to 65535, or let them share evenly."""
    with owner_change(ctx, netuid, TransactionType.MechanismEmission):
        do_set_emission_split(ctx, netuid, maybe_split)
