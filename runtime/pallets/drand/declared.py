"""Drand: types, storage, events, errors and constants. The beacon is quicknet, unless root sets another one."""

from __future__ import annotations

from typing import Annotated

from ...frame.errors import PalletError
from ...frame.extrinsic import MultiSignature
from ...frame.hashers import Blake2_128Concat, Identity
from ...frame.pallet import Pallet
from ...scale import MaxLen, SourceName, Struct, Sum, u32, u64
from ...scale.codec import FixedBytes
from ..shared.types import BlockNumber

PATH = "pallet_drand::types"

OpaquePublicKey = Annotated[bytes, MaxLen(96), SourceName("OpaquePublicKey")]
BoundedHash = Annotated[bytes, MaxLen(32), SourceName("BoundedHash")]
RoundNumber = Annotated[u64, SourceName("RoundNumber")]


class MultiSigner(Sum, path="sp_runtime::MultiSigner", positional=True):
    """A public key of any of the three signature schemes."""

    public: bytes


class Ed25519Signer(MultiSigner, index=0, name="Ed25519"):
    public: Annotated[bytes, FixedBytes(32), SourceName("ed25519::Public")]


class Sr25519Signer(MultiSigner, index=1, name="Sr25519"):
    public: Annotated[bytes, FixedBytes(32), SourceName("sr25519::Public")]


class EcdsaSigner(MultiSigner, index=2, name="Ecdsa"):
    public: Annotated[bytes, FixedBytes(33), SourceName("ecdsa::Public")]


class Metadata(Struct, path=f"{PATH}::Metadata"):
    """What a beacon says of itself beyond its configuration."""

    #: The name of the beacon.
    beacon_id: BoundedHash


class BeaconConfiguration(Struct, path=f"{PATH}::BeaconConfiguration"):
    """A beacon. Round n is published `(n - 1) * period` seconds after `genesis_time`, in seconds since 1970."""

    #: The key of its signatures, a point of G2.
    public_key: OpaquePublicKey
    period: u32
    genesis_time: u32
    #: What names the beacon in drand's API.
    hash: BoundedHash
    group_hash: BoundedHash
    scheme_id: BoundedHash
    metadata: Metadata


class Pulse(Struct, path=f"{PATH}::Pulse"):
    """The output of a round: its signature, a point of G1, and SHA-256 of the signature, the randomness."""

    round: RoundNumber
    randomness: Annotated[bytes, MaxLen(32), SourceName("BoundedVec<u8, ConstU32<32>>")]
    signature: Annotated[bytes, MaxLen(144), SourceName("BoundedVec<u8, ConstU32<144>>")]


_PARAMS = [("Public", MultiSigner), ("BlockNumber", BlockNumber)]
Public = Annotated[MultiSigner, SourceName("Public")]


class BeaconConfigurationPayload(Struct, path=f"{PATH}::BeaconConfigurationPayload", params=_PARAMS):
    """A beacon, the block in which it was sent, and the key of its sender."""

    block_number: BlockNumber
    config: BeaconConfiguration
    public: Public


class PulsesPayload(Struct, path=f"{PATH}::PulsesPayload", params=_PARAMS):
    """Pulses, the block in which they were sent, and the key of their sender."""

    block_number: BlockNumber
    pulses: list[Pulse]
    public: Public


BeaconConfigurationPayloadOf = Annotated[
    BeaconConfigurationPayload, SourceName("BeaconConfigurationPayload<T::Public, BlockNumberFor<T>>")
]
PulsesPayloadOf = Annotated[PulsesPayload, SourceName("PulsesPayload<T::Public, BlockNumberFor<T>>")]
Signature = Annotated[MultiSignature | None, SourceName("Option<T::Signature>")]

#: The beacon of the League of Entropy for timelock encryption, as its API describes it.
QUICKNET = BeaconConfiguration(
    public_key=bytes.fromhex(
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
        "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
    ),
    period=3,
    genesis_time=1_692_803_367,
    hash=bytes.fromhex("52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"),
    group_hash=bytes.fromhex("f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e"),
    scheme_id=b"bls-unchained-g1-rfc9380",
    metadata=Metadata(b"quicknet"),
)


class Event(Sum, params=[("T", None)]):
    pass


class BeaconConfigChanged(Event, index=0):
    """Another beacon was set."""


class NewPulse(Event, index=1):
    """Pulses were stored."""

    rounds: list[RoundNumber]


class SetOldestStoredRound(Event, index=2, positional=True):
    """The oldest stored round was set."""

    round: u64


class Error(PalletError):
    NoneValue = 0, "None: no value was set."
    StorageOverflow = 1, "Storage overflow: a stored number would exceed its maximum."
    DrandConnectionFailure = 2, "The connection to drand failed."
    UnverifiedPulse = 3, "The pulse is unverified: it is invalid."
    InvalidRoundNumber = 4, "Invalid round number: it is not greater than the last stored round."
    PulseVerificationError = (
        5,
        "Pulse verification error: the signature or the beacon's key is not a point of its curve.",
    )


pallet = Pallet("Drand", 26, crate="pallet_drand", event=Event, error=Error)

BeaconConfig = pallet.value(BeaconConfiguration, default=QUICKNET, docs="The beacon.")
HasMigrationRun = pallet.map(
    Identity,
    Annotated[bytes, MaxLen(128)],
    bool,
    default=False,
    docs="Whether a migration of this pallet has run, by its name.",
)
Pulses = pallet.map(Blake2_128Concat, RoundNumber, Pulse, docs="The pulses by round.")
LastStoredRound = pallet.value(RoundNumber, default=0, docs="The last stored round.")
OldestStoredRound = pallet.value(RoundNumber, default=0, docs="The oldest stored round.")
NextUnsignedAt = pallet.value(
    BlockNumber, default=0, docs="The block from which the next transaction without a signature is accepted."
)

UnsignedPriority = pallet.constant(
    Annotated[u64, SourceName("TransactionPriority")],
    1 << 20,
    docs="The base priority of transactions without a signature.",
)
HttpFetchTimeout = pallet.constant(u64, 1_000, docs="The time limit of a request to the beacon, in milliseconds.")

pallet.name_declared(globals())
