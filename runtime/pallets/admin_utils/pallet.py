"""The pallet object, its events and errors, and what it stores: which precompiles of the EVM are on."""

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
    """A part of the chain that contracts can call."""

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
    """What was set, where SubtensorModule has no event for it."""


class PrecompileUpdated(Event, index=0):
    """A precompile was switched on or off."""

    precompile_id: PrecompileEnum
    enabled: bool


class Yuma3EnableToggled(Event, index=1):
    """A subnet switched the bonds of Yuma 3 on or off."""

    netuid: NetUid
    enabled: bool


class BondsResetToggled(Event, index=2):
    """A subnet decided whether its bonds can be reset."""

    netuid: NetUid
    enabled: bool


class BurnHalfLifeSet(Event, index=3):
    """The blocks in which a subnet's price of registration halves were set."""

    netuid: NetUid
    burn_half_life: u16


class BurnIncreaseMultSet(Event, index=4):
    """The factor by which registrations raise a subnet's price was set."""

    netuid: NetUid
    burn_increase_mult: U64F64


class SubnetEmissionEnabledSet(Event, index=5):
    """Emission into a subnet's pool was switched on or off."""

    netuid: NetUid
    enabled: bool


class Error(PalletError):
    SubnetDoesNotExist = 0, "There is no such subnet."
    MaxValidatorsLargerThanMaxUIds = 1, "A subnet cannot have more validators than neurons."
    MaxAllowedUIdsLessThanCurrentUIds = 2, "The subnet has more neurons than that already."
    BondsMovingAverageMaxReached = 3, "Subnet owners may set the smoothing of bonds to 975000 at most."
    NegativeSigmoidSteepness = 4, "Only root may set a negative steepness."
    ValueNotInBounds = 5, "The value is out of bounds."
    MinAllowedUidsGreaterThanCurrentUids = 6, "The least number of neurons must be below the number that there are."
    MinAllowedUidsGreaterThanMaxAllowedUids = 7, "The least number of neurons must be below the greatest."
    MaxAllowedUidsLessThanMinAllowedUids = 8, "The greatest number of neurons must not be below the least."
    MaxAllowedUidsGreaterThanDefaultMaxAllowedUids = 9, "No subnet may have so many neurons."
    InvalidValue = 10, "The value is invalid."
    NotPermittedOnRootSubnet = 11, "The root network has no such parameter."
    POWRegistrationDisabled = 12, "Registration by proof of work cannot be allowed any more."
    Deprecated = 13, "This call does nothing any more."


pallet = Pallet("AdminUtils", 19, crate="pallet_admin_utils", event=Event, error=Error)
pallet.associated_type("AuthorityId", AuraId, docs="The public key of an author.")

PrecompileEnable = pallet.map(
    Blake2_128Concat, PrecompileEnum, bool, default=True, docs="Whether contracts may call it."
)

pallet.name_declared(globals())
