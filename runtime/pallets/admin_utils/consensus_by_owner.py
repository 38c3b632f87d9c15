"""Calls by which a subnet's owner or root sets consensus: weights, bonds, mechanisms, activity."""

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

#: Maximum smoothing of bonds that an owner may set, in millionths.
MAX_BONDS_MOVING_AVERAGE = 975_000

# --- weights ---------------------------------------------------------------------------------------------------


@pallet.call(6, weight=weight_of(34_204_000, 4383, reads=5, writes=1))
def sudo_set_weights_version_key(ctx: Context, netuid: NetUid, weights_version_key: u64) -> None:
    """Set the minimum version key of weights; validators with older software cannot set weights.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    SubnetDoesNotExist.
    """
    with owner_change(ctx, netuid, TransactionType.SetWeightsVersionKey):
        ensure_subnet(ctx, netuid)
        hyperparameters.set_weights_version_key(ctx, netuid, weights_version_key)


@pallet.call(14, weight=weight_of(34_664_000, 4383, reads=5, writes=1))
def sudo_set_min_allowed_weights(ctx: Context, netuid: NetUid, min_allowed_weights: u16) -> None:
    """Set the minimum number of weights that a validator sets.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    SubnetDoesNotExist.
    """
    with owner_change(ctx, netuid, Hyperparameter.MinAllowedWeights):
        ensure_subnet(ctx, netuid)
        hyperparameters.set_min_allowed_weights(ctx, netuid, min_allowed_weights)


@pallet.call(49, weight=weight_of(34_544_000, 4383, reads=5, writes=1))
def sudo_set_commit_reveal_weights_enabled(ctx: Context, netuid: NetUid, enabled: bool) -> None:
    """Enable or disable commit-reveal: weights are committed first and revealed later.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    SubnetDoesNotExist.
    """
    with owner_change(ctx, netuid, Hyperparameter.CommitRevealEnabled):
        ensure_subnet(ctx, netuid)
        hyperparameters.set_commit_reveal_weights_enabled(ctx, netuid, enabled)


@pallet.call(57, weight=weight_of(34_654_000, 4383, reads=5, writes=1))
def sudo_set_commit_reveal_weights_interval(ctx: Context, netuid: NetUid, interval: u64) -> None:
    """Set the number of epochs from commit to reveal, from 1 to 100.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    SubnetDoesNotExist, RevealPeriodTooSmall or RevealPeriodTooLarge.
    """
    with owner_change(ctx, netuid, Hyperparameter.WeightCommitInterval):
        ensure_subnet(ctx, netuid)
        set_reveal_period(ctx, netuid, interval)


@pallet.call(18, weight=weight_of(35_165_000, 4383, reads=6, writes=1))
def sudo_set_activity_cutoff(ctx: Context, netuid: NetUid, activity_cutoff: u16) -> None:
    """Set the former activity cutoff, in blocks; `ActivityCutoffFactorMilli` is in effect.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    SubnetDoesNotExist, or with ActivityCutoffTooLow below `MinActivityCutoff`.
    """
    with owner_change(ctx, netuid, Hyperparameter.ActivityCutoff):
        ensure_subnet(ctx, netuid)
        ensure(activity_cutoff >= storage.MinActivityCutoff.get(ctx), subtensor.Error.ActivityCutoffTooLow)
        hyperparameters.set_activity_cutoff(ctx, netuid, activity_cutoff)


# --- trust and bonds -------------------------------------------------------------------------------------------


@pallet.call(17, weight=weight_of(31_268_000, 4383, reads=5, writes=1))
def sudo_set_rho(ctx: Context, netuid: NetUid, rho: u16) -> None:
    """Set rho, the steepness of the trust function.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    SubnetDoesNotExist.
    """
    with owner_change(ctx, netuid, Hyperparameter.Rho):
        ensure_subnet(ctx, netuid)
        storage.Rho.put(ctx, netuid, rho)


@pallet.call(26, weight=weight_of(34_495_000, 4383, reads=5, writes=1))
def sudo_set_bonds_moving_average(ctx: Context, netuid: NetUid, bonds_moving_average: u64) -> None:
    """Set the smoothing of bonds, in millionths.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    SubnetDoesNotExist, or with BondsMovingAverageMaxReached when the owner sets more than 975,000.
    """
    with owner_change(ctx, netuid, Hyperparameter.BondsMovingAverage) as owner:
        allowed = owner is None or bonds_moving_average <= MAX_BONDS_MOVING_AVERAGE
        ensure(allowed, Error.BondsMovingAverageMaxReached)
        ensure_subnet(ctx, netuid)
        hyperparameters.set_bonds_moving_average(ctx, netuid, bonds_moving_average)


@pallet.call(60, weight=weight_of(34_354_000, 4383, reads=5, writes=1))
def sudo_set_bonds_penalty(ctx: Context, netuid: NetUid, bonds_penalty: u16) -> None:
    """Set the penalty on bonds out of consensus, a u16 proportion.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    SubnetDoesNotExist.
    """
    with owner_change(ctx, netuid, Hyperparameter.BondsPenalty):
        ensure_subnet(ctx, netuid)
        hyperparameters.set_bonds_penalty(ctx, netuid, bonds_penalty)


@pallet.call(70, weight=weight_of(30_507_000, 4280, reads=4, writes=1))
def sudo_set_bonds_reset_enabled(ctx: Context, netuid: NetUid, enabled: bool) -> None:
    """Enable or disable the reset of bonds by miners.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window.
    """
    with owner_change(ctx, netuid, Hyperparameter.BondsResetEnabled):
        hyperparameters.set_bonds_reset(ctx, netuid, enabled)
        ctx.deposit(BondsResetToggled(netuid, enabled))


@pallet.call(69, weight=weight_of(28_583_000, 4280, reads=4, writes=1))
def sudo_set_yuma3_enabled(ctx: Context, netuid: NetUid, enabled: bool) -> None:
    """Enable or disable Yuma 3 for bonds.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window.
    """
    with owner_change(ctx, netuid, Hyperparameter.Yuma3Enabled):
        storage.Yuma3On.put(ctx, netuid, enabled)
        ctx.deposit(Yuma3EnableToggled(netuid, enabled))


@pallet.call(50, weight=weight_of(25_538_000, 4280, reads=4, writes=1))
def sudo_set_liquid_alpha_enabled(ctx: Context, netuid: NetUid, enabled: bool) -> None:
    """Enable or disable liquid alpha for bonds.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window.
    """
    with owner_change(ctx, netuid, Hyperparameter.LiquidAlphaEnabled):
        storage.LiquidAlphaOn.put(ctx, netuid, enabled)


@pallet.call(51, weight=weight_of(34_224_000, 4427, reads=5, writes=1))
def sudo_set_alpha_values(ctx: Context, netuid: NetUid, alpha_low: u16, alpha_high: u16) -> None:
    """Set the lower and upper bound of liquid alpha, u16 proportions of at least 2.5 percent.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    LiquidAlphaDisabled, AlphaHighTooLow or AlphaLowOutOfRange.
    """
    with owner_change(ctx, netuid, Hyperparameter.AlphaValues):
        do_set_alpha_values(ctx, netuid, alpha_low, alpha_high)


@pallet.call(68, weight=weight_of(31_438_000, 4383, reads=5, writes=1))
def sudo_set_alpha_sigmoid_steepness(ctx: Context, netuid: NetUid, steepness: i16) -> None:
    """Set the steepness of the sigmoid of liquid alpha, in thousandths.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    SubnetDoesNotExist, or with NegativeSigmoidSteepness when the owner sets a negative value.
    """
    with owner_change(ctx, netuid, Hyperparameter.AlphaSigmoidSteepness) as owner:
        ensure_subnet(ctx, netuid)
        ensure(owner is None or steepness >= 0, Error.NegativeSigmoidSteepness)
        storage.AlphaSigmoidSteepness.put(ctx, netuid, steepness)


# --- mechanisms ------------------------------------------------------------------------------------------------


@pallet.call(76, weight=weight_of(15_000_000, reads=1, writes=1))
def sudo_set_mechanism_count(ctx: Context, netuid: NetUid, mechanism_count: MechId) -> None:
    """Set the number of incentive mechanisms; data of mechanisms beyond it is removed.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    MechanismDoesNotExist, InvalidValue or TooManyUIDsPerMechanism.
    """
    with owner_change(ctx, netuid, TransactionType.MechanismCountUpdate):
        do_set_mechanism_count(ctx, netuid, mechanism_count)


@pallet.call(77, weight=weight_of(15_000_000, reads=1, writes=1))
def sudo_set_mechanism_emission_split(ctx: Context, netuid: NetUid, maybe_split: VecU16 | None) -> None:
    """Set the split of emission among mechanisms, u16 proportions with the sum 65535; none: even.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    MechanismDoesNotExist or InvalidValue.
    """
    with owner_change(ctx, netuid, TransactionType.MechanismEmission):
        do_set_emission_split(ctx, netuid, maybe_split)
