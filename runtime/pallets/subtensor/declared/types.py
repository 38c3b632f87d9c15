"""SCALE types of the pallet: records of neurons, identities, locks and leases, choices, keys of rate limits."""

from __future__ import annotations

import enum
from typing import Annotated

from .....consensus.safe_float import SafeFloat as SafeFloat
from ....scale import (
    AccountId,
    MaxLen,
    Percent,
    SourceName,
    Struct,
    Sum,
    i64,
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

#: Maximum length of an encrypted weights commit, in bytes.
MAX_CRV3_COMMIT_SIZE_BYTES = 5_000
#: Maximum length of a neuron's TLS public key, in bytes.
MAX_CERTIFICATE_KEY_BYTES = 64

#: Identifier of a subnet lease, counted from 0.
LeaseId = Annotated[u32, SourceName("LeaseId")]
#: Number of a round of the drand beacon.
RoundNumber = u64
#: Weights that are encrypted until a drand round.
TimelockedCommit = Annotated[bytes, MaxLen(MAX_CRV3_COMMIT_SIZE_BYTES, bound="ConstU32<MAX_CRV3_COMMIT_SIZE_BYTES>")]
#: Children or parents of a hotkey: the proportion of stake, out of 2^64 - 1, and the other hotkey.
Children = list[tuple[u64, AccountId]]


# --- neurons ---------------------------------------------------------------------------------------------------


class AxonInfo(Struct, path="pallet_subtensor::pallet::AxonInfo"):
    """Endpoint of a neuron: block of publication, software version, IP address, port, IP type (4 or 6), protocol."""

    block: u64 = 0
    version: u32 = 0
    ip: u128 = 0
    port: u16 = 0
    ip_type: u8 = 0
    protocol: u8 = 0
    placeholder1: u8 = 0
    placeholder2: u8 = 0


class NeuronCertificate(Struct, path="pallet_subtensor::pallet::NeuronCertificate"):
    """TLS public key of a neuron, and the number of its algorithm."""

    public_key: Annotated[bytes, MaxLen(MAX_CERTIFICATE_KEY_BYTES)] = b""
    algorithm: u8 = 0


class PrometheusInfo(Struct, path="pallet_subtensor::pallet::PrometheusInfo"):
    """Endpoint of a neuron's metrics: block of publication, software version, IP address, port, IP type (4 or 6)."""

    block: u64 = 0
    version: u32 = 0
    ip: u128 = 0
    port: u16 = 0
    ip_type: u8 = 0


# --- identities ------------------------------------------------------------------------------------------------


class ChainIdentityV2(Struct, path="pallet_subtensor::pallet::ChainIdentityV2"):
    """Identity of a coldkey: texts in UTF-8."""

    name: bytes = b""
    url: bytes = b""
    github_repo: bytes = b""
    image: bytes = b""
    discord: bytes = b""
    description: bytes = b""
    additional: bytes = b""


#: The same type, as metadata names it in arrays of identities.
ChainIdentityOf = Annotated[ChainIdentityV2, SourceName("ChainIdentityOfV2")]


class SubnetIdentityV3(Struct, path="pallet_subtensor::pallet::SubnetIdentityV3"):
    """Identity of a subnet: texts in UTF-8."""

    subnet_name: bytes = b""
    github_repo: bytes = b""
    subnet_contact: bytes = b""
    subnet_url: bytes = b""
    discord: bytes = b""
    description: bytes = b""
    logo_url: bytes = b""
    additional: bytes = b""


#: The same type, as metadata names it in arguments of calls.
SubnetIdentityOf = Annotated[SubnetIdentityV3, SourceName("SubnetIdentityOfV3")]


# --- choices ---------------------------------------------------------------------------------------------------


@scale_enum("pallet_subtensor::pallet::RecycleOrBurnEnum")
class RecycleOrBurnEnum(enum.Enum):
    """Use of the miner emission of the subnet owner's hotkeys: burned, or recycled."""

    Burn = 0
    Recycle = 1


class RootClaimTypeEnum(Sum, path="pallet_subtensor::pallet::RootClaimTypeEnum"):
    """Payout of the alpha dividends of a coldkey's stake on root."""


class Swap(RootClaimTypeEnum, index=0):
    """The alpha is sold, and the TAO is staked on root."""


class Keep(RootClaimTypeEnum, index=1):
    """The alpha is staked on its subnet."""


class KeepSubnets(RootClaimTypeEnum, index=2):
    """The alpha of these subnets is staked, that of all others is sold."""

    subnets: frozenset[NetUid]


# --- stake -----------------------------------------------------------------------------------------------------


scale_record(SafeFloat, "share_pool::SafeFloat", mantissa=u128, exponent=i64)


class LockState(Struct, path="pallet_subtensor::staking::lock::LockState"):
    """Locked alpha (in billionths), the conviction grown from it, and the block for which both are computed."""

    locked_mass: AlphaBalance
    conviction: U64F64
    last_update: u64


class SubnetLease(
    Struct,
    path="pallet_subtensor::subnets::leasing::SubnetLease",
    params=[("AccountId", AccountId), ("BlockNumber", BlockNumber), ("Balance", Balance)],
):
    """Lease of a subnet whose registration was paid by a crowdloan.

    The accounts `coldkey` and `hotkey` own the subnet until `end_block` (None: perpetual), on behalf of `beneficiary`.
    `emissions_share` percent of the owner's cut go to the contributors; `cost` is the registration's price, in rao.
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
    """Parameters with a rate limit for changes by a subnet's owner."""

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
    """Key of a rate limit: an action, on a subnet or by an account."""


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
    """Actions with a rate limit: the third key of `TransactionKeyLastBlock`."""

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
