"""What the pallet stores and shows: records of neurons, identities, locks and leases, keys of rate limits."""

from __future__ import annotations

import enum
from typing import Annotated

from .....consensus.safe_float import SafeFloat as SafeFloat
from ....scale import (
    AccountId,
    Bytes8,
    MaxLen,
    Percent,
    SourceName,
    Struct,
    Sum,
    codec_of,
    i64,
    newtype,
    scale_enum,
    scale_record,
    u8,
    u16,
    u32,
    u64,
    u128,
)
from ....scale.fixed_types import U64F64
from ...shared.types import AlphaBalance, Balance, BlockNumber, NetUid

#: Longest encrypted weight commit, in bytes.
MAX_CRV3_COMMIT_SIZE_BYTES = 5_000
#: Longest TLS public key of a neuron, in bytes.
MAX_CERTIFICATE_KEY_BYTES = 64

#: A lease of a subnet, numbered from 0.
LeaseId = Annotated[u32, SourceName("LeaseId")]
#: A round of the drand beacon.
RoundNumber = u64
#: An account that belongs to a pallet, named by eight letters.
PalletId = Annotated[bytes, newtype(codec_of(Bytes8), "frame_support::PalletId")]
#: Weights encrypted until a drand round.
TimelockedCommit = Annotated[bytes, MaxLen(MAX_CRV3_COMMIT_SIZE_BYTES, bound="ConstU32<MAX_CRV3_COMMIT_SIZE_BYTES>")]
#: Shares of a hotkey's stake given to other hotkeys: the share out of 2^64 - 1, and to whom.
Children = list[tuple[u64, AccountId]]


# --- neurons ---------------------------------------------------------------------------------------------------


class AxonInfo(Struct, path="pallet_subtensor::pallet::AxonInfo"):
    """Where a neuron serves: set in which block, version, address, port, and what it speaks."""

    block: u64 = 0
    version: u32 = 0
    ip: u128 = 0
    port: u16 = 0
    ip_type: u8 = 0
    protocol: u8 = 0
    placeholder1: u8 = 0
    placeholder2: u8 = 0


class NeuronCertificate(Struct, path="pallet_subtensor::pallet::NeuronCertificate"):
    """A neuron's TLS public key, and the algorithm that it is for."""

    public_key: Annotated[bytes, MaxLen(MAX_CERTIFICATE_KEY_BYTES)] = b""
    algorithm: u8 = 0


class PrometheusInfo(Struct, path="pallet_subtensor::pallet::PrometheusInfo"):
    """Where a neuron serves its metrics, and in which block it said so."""

    block: u64 = 0
    version: u32 = 0
    ip: u128 = 0
    port: u16 = 0
    ip_type: u8 = 0


# --- identities ------------------------------------------------------------------------------------------------


class ChainIdentityV2(Struct, path="pallet_subtensor::pallet::ChainIdentityV2"):
    """What a coldkey says about itself, in UTF-8."""

    name: bytes = b""
    url: bytes = b""
    github_repo: bytes = b""
    image: bytes = b""
    discord: bytes = b""
    description: bytes = b""
    additional: bytes = b""


#: The same in arrays of identities.
ChainIdentityOf = Annotated[ChainIdentityV2, SourceName("ChainIdentityOfV2")]


class SubnetIdentityV3(Struct, path="pallet_subtensor::pallet::SubnetIdentityV3"):
    """What a subnet's owner says about it, in UTF-8."""

    subnet_name: bytes = b""
    github_repo: bytes = b""
    subnet_contact: bytes = b""
    subnet_url: bytes = b""
    discord: bytes = b""
    description: bytes = b""
    logo_url: bytes = b""
    additional: bytes = b""


#: The same in the arguments of calls.
SubnetIdentityOf = Annotated[SubnetIdentityV3, SourceName("SubnetIdentityOfV3")]


# --- choices ---------------------------------------------------------------------------------------------------


@scale_enum("pallet_subtensor::pallet::RecycleOrBurnEnum")
class RecycleOrBurnEnum(enum.Enum):
    """What becomes of the miner emission that falls to the owner's uids."""

    Burn = 0
    Recycle = 1


class RootClaimTypeEnum(Sum, path="pallet_subtensor::pallet::RootClaimTypeEnum"):
    """What a coldkey wants for the alpha that its stake on root earns."""


class Swap(RootClaimTypeEnum, index=0):
    """TAO: the alpha is sold."""


class Keep(RootClaimTypeEnum, index=1):
    """The alpha itself, staked."""


class KeepSubnets(RootClaimTypeEnum, index=2):
    """The alpha of these subnets, TAO for that of all others."""

    subnets: frozenset[NetUid]


# --- stake -----------------------------------------------------------------------------------------------------


scale_record(SafeFloat, "share_pool::SafeFloat", mantissa=u128, exponent=i64)


class LockState(Struct, path="pallet_subtensor::staking::lock::LockState"):
    """Locked alpha, the conviction grown from it, and the block up to which both are reckoned."""

    locked_mass: AlphaBalance
    conviction: U64F64
    last_update: u64


class SubnetLease(
    Struct,
    path="pallet_subtensor::subnets::leasing::SubnetLease",
    params=[("AccountId", AccountId), ("BlockNumber", BlockNumber), ("Balance", Balance)],
):
    """A subnet paid for by a crowd: who runs it, in whose name, and until when (None: for ever).

    `coldkey` and `hotkey` own the subnet during the lease; `emissions_share` of the owner's cut goes to the crowd;
    `cost` is what the registration took, in rao.
    """

    beneficiary: AccountId
    coldkey: AccountId
    hotkey: AccountId
    emissions_share: Percent
    end_block: BlockNumber | None
    netuid: NetUid
    cost: Balance


# --- rate limits -----------------------------------------------------------------------------------------------


@scale_enum("pallet_subtensor::utils::rate_limiting::Hyperparameter")
class Hyperparameter(enum.Enum):
    """A parameter that a subnet's owner may change only so often."""

    Unknown = 0
    ServingRateLimit = 1
    MaxDifficulty = 2
    AdjustmentAlpha = 3
    MaxWeightLimit = 4
    ImmunityPeriod = 5
    MinAllowedWeights = 6
    Kappa = 7
    Rho = 8
    ActivityCutoff = 9
    PowRegistrationAllowed = 10
    MinBurn = 11
    MaxBurn = 12
    BondsMovingAverage = 13
    BondsPenalty = 14
    CommitRevealEnabled = 15
    LiquidAlphaEnabled = 16
    AlphaValues = 17
    WeightCommitInterval = 18
    TransferEnabled = 19
    AlphaSigmoidSteepness = 20
    Yuma3Enabled = 21
    BondsResetEnabled = 22
    ImmuneNeuronLimit = 23
    RecycleOrBurn = 24
    MaxAllowedUids = 25
    BurnHalfLife = 26
    BurnIncreaseMult = 27
    SubnetEmissionEnabled = 28
    MinChildkeyTake = 29
    ActivityCutoffFactorMilli = 30
    TriggerEpoch = 31


class RateLimitKey(Sum, path="pallet_subtensor::RateLimitKey", params=[("AccountId", AccountId)], positional=True):
    """What is limited: an act, on a subnet or by an account."""


class SetSNOwnerHotkey(RateLimitKey, index=0):
    netuid: NetUid


class OwnerHyperparamUpdate(RateLimitKey, index=1):
    netuid: NetUid
    hyperparameter: Hyperparameter


class NetworkLastRegistered(RateLimitKey, index=2):
    pass


class LastTxBlock(RateLimitKey, index=3):
    account: AccountId


class LastTxBlockChildKeyTake(RateLimitKey, index=4):
    account: AccountId


class LastTxBlockDelegateTake(RateLimitKey, index=5):
    account: AccountId


class AddStakeBurn(RateLimitKey, index=6):
    netuid: NetUid


class TransactionType(enum.IntEnum):
    """The third key of `TransactionKeyLastBlock`: which act of a hotkey on a subnet."""

    SetChildren = 0
    SetChildkeyTake = 1
    Unknown = 2
    RegisterNetwork = 3
    SetWeightsVersionKey = 4
    SetSNOwnerHotkey = 5
    OwnerHyperparamUpdate = 6
    MechanismCountUpdate = 7
    MechanismEmission = 8
    MaxUidsTrimming = 9
    AddStakeBurn = 10
    TempoUpdate = 11
