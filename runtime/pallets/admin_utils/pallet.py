"""The pallet object of AdminUtils, its events and errors, and its storage: the enabled precompiles of the EVM."""

from __future__ import annotations

import enum

from ...frame.errors import PalletError
from ...frame.hashers import Blake2_128Concat
from ...frame.pallet import Pallet
from ...scale import Sum, scale_enum, u16
from ...scale.fixed_types import U64F64
from ..aura import AuraId
from ..shared.types import NetUid


@scale_enum("pallet_admin_utils::pallet::PrecompileEnum")
class PrecompileEnum(enum.Enum):
    """Precompiles of the EVM: functions of the chain that contracts can call."""

    BalanceTransfer = 0
    Staking = 1
    Subnet = 2
    Metagraph = 3
    Neuron = 4
    UidLookup = 5
    Alpha = 6
    Crowdloan = 7
    Proxy = 8
    Leasing = 9
    AddressMapping = 10
    VotingPower = 11


class Event(Sum, params=[("T", None)]):
    """Events of parameters for which SubtensorModule has no event, or has one of its own besides."""


class PrecompileUpdated(Event, index=0):
    """A precompile was enabled or disabled."""

    precompile_id: PrecompileEnum
    enabled: bool


class Yuma3EnableToggled(Event, index=1):
    """Yuma 3 was enabled or disabled for the bonds of a subnet."""

    netuid: NetUid
    enabled: bool


class BondsResetToggled(Event, index=2):
    """The reset of bonds by miners was enabled or disabled on a subnet."""

    netuid: NetUid
    enabled: bool


class BurnHalfLifeSet(Event, index=3):
    """The half-life of the registration price was set for a subnet, in blocks."""

    netuid: NetUid
    burn_half_life: u16


class BurnIncreaseMultSet(Event, index=4):
    """The factor by which a registration increases the price was set for a subnet."""

    netuid: NetUid
    burn_increase_mult: U64F64


class SubnetEmissionEnabledSet(Event, index=5):
    """Emission into the pool of a subnet was enabled or disabled."""

    netuid: NetUid
    enabled: bool


class Error(PalletError):
    """Errors of AdminUtils: each with its index on the chain and its documentation."""

    SubnetDoesNotExist = 0, "The subnet does not exist."
    MaxValidatorsLargerThanMaxUIds = 1, "The maximum number of validators is larger than the maximum number of uids."
    MaxAllowedUIdsLessThanCurrentUIds = 2, "The maximum number of uids is less than the current number of neurons."
    BondsMovingAverageMaxReached = (
        3,
        "The bonds moving average is above 975000, the maximum that a subnet's owner may set.",
    )
    NegativeSigmoidSteepness = 4, "The sigmoid steepness is negative, which only root may set."
    ValueNotInBounds = 5, "The value is not within its bounds."
    MinAllowedUidsGreaterThanCurrentUids = 6, "The minimum number of uids must be below the current number of neurons."
    MinAllowedUidsGreaterThanMaxAllowedUids = 7, "The minimum number of uids must be below the maximum."
    MaxAllowedUidsLessThanMinAllowedUids = 8, "The maximum number of uids must not be below the minimum."
    MaxAllowedUidsGreaterThanDefaultMaxAllowedUids = (
        9,
        "The maximum number of uids is above the default, which is the limit for all subnets.",
    )
    InvalidValue = 10, "The value is invalid or out of range."
    NotPermittedOnRootSubnet = 11, "This is not permitted on the root subnet."
    POWRegistrationDisabled = 12, "Registration by proof of work is disabled and cannot be enabled."
    Deprecated = 13, "This call is deprecated and has no effect."


pallet = Pallet("AdminUtils", 19, crate="pallet_admin_utils", event=Event, error=Error)
pallet.associated_type("AuthorityId", AuraId, docs="Public key of a block author.")

PrecompileEnable = pallet.map(
    Blake2_128Concat, PrecompileEnum, bool, default=True, docs="Whether contracts may call a precompile."
)

pallet.name_declared(globals())
