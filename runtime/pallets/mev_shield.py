"""MevShield (index 30): encrypted transactions, which only the author can read before they are in a block.

Each author announces an ML-KEM-768 key with its block. A transaction that a user encrypts with `NextKey` is decrypted
by the author of the block after the next one, which puts the wrapper (`submit_encrypted`) into its block and the inner
extrinsic directly after it. The chain only rotates the keys; encryption and decryption are in `runtime/shielding.py`.

There is also a queue of encrypted calls (`store_encrypted`), meant to be decrypted by the chain at the beginning of a
block. This runtime has no decryptor for them: a queued call fails and leaves the queue in the next block.
"""

from __future__ import annotations

from typing import Annotated

from ...consensus.integers import saturate_u32, saturating_sub
from ..crypto import blake2_256
from ..frame.call import RuntimeCall
from ..frame.context import Context
from ..frame.errors import DispatchError, DispatchFailed, PalletError, ensure
from ..frame.hashers import Identity, Twox64Concat
from ..frame.pallet import Pallet
from ..frame.weight import DB_READ, DB_WRITE, Weight, weight_of
from ..scale import AccountId, MaxLen, SourceName, Struct, Sum, codec_of, u32, u64
from . import aura
from .aura import AuraId
from .shared.types import BlockNumber, Hash

#: The length of an encapsulation key, in bytes.
KEY_LENGTH = 1184
#: The number of blocks, this one included, in which ciphertexts of the pending and of the next key can be decrypted.
PENDING_KEY_BLOCKS, NEXT_KEY_BLOCKS = 2, 3
#: In picoseconds; more than the call uses, so that flooding the queue is expensive.
STORE_ENCRYPTED_WEIGHT = 20_000_000_000
#: The largest weight of queued calls in a block: half a block, in picoseconds.
MAX_ON_INITIALIZE_WEIGHT = 2_000_000_000_000

EncapsulationKey = Annotated[bytes, MaxLen(2048), SourceName("ShieldEncKey")]
Ciphertext = Annotated[bytes, MaxLen(8192)]
EncryptedCall = Annotated[bytes, MaxLen(8192, bound="MaxEncryptedCallSize")]


class PendingExtrinsic(Struct, path="pallet_shield::pallet::PendingExtrinsic", params=[("T", None)]):
    """An encrypted call in the queue."""

    who: AccountId
    encrypted_call: EncryptedCall
    #: The number of the block in which it was queued.
    submitted_at: BlockNumber


class Event(Sum, params=[("T", None)]):
    pass


class EncryptedSubmitted(Event, index=0):
    """An encrypted transaction was included in the block; `id` is the hash of its sender and its ciphertext."""

    id: Hash
    who: AccountId


class ExtrinsicStored(Event, index=1):
    """An encrypted call was added to the queue."""

    index: u32
    who: AccountId


class ExtrinsicDecodeFailed(Event, index=2):
    """A queued call could not be decrypted and was removed."""

    index: u32


class ExtrinsicDispatchFailed(Event, index=3):
    """A queued call was dispatched and failed."""

    index: u32
    error: DispatchError


class ExtrinsicDispatched(Event, index=4):
    """A queued call was dispatched."""

    index: u32


class ExtrinsicExpired(Event, index=5):
    """A queued call exceeded its lifetime and was removed."""

    index: u32


class ExtrinsicPostponed(Event, index=6):
    """A queued call was postponed, because the weight for the beginning of the block was used up."""

    index: u32


class MaxPendingExtrinsicsNumberSet(Event, index=7):
    """The largest number of queued calls was set."""

    value: u32


class OnInitializeWeightSet(Event, index=8):
    """The weight of queued calls in a block was set, in picoseconds."""

    value: u64


class ExtrinsicLifetimeSet(Event, index=9):
    """The lifetime of a queued call was set, in blocks."""

    value: u32


class MaxExtrinsicWeightSet(Event, index=10):
    """The largest weight of one queued call was set, in picoseconds."""

    value: u64


class ExtrinsicWeightExceeded(Event, index=11):
    """A queued call exceeded the largest weight and was removed."""

    index: u32


class Error(PalletError):
    BadEncKeyLen = 0, "Bad length of the announced encapsulation key: ML-KEM-768 has 1184 bytes."
    Unreachable = 1, "Unreachable: the block has no author who could announce a key."
    TooManyPendingExtrinsics = 2, "Too many pending extrinsics: the queue of encrypted calls is full."
    WeightExceedsAbsoluteMax = 3, "The weight exceeds the absolute maximum, half a block."


pallet = Pallet("MevShield", 30, crate="pallet_shield", event=Event, error=Error)
pallet.associated_type("AuthorityId", AuraId, docs="The public key of an author.")
pallet.associated_type("RuntimeCall", RuntimeCall, docs="Any call of the runtime.")

CurrentKey = pallet.value(EncapsulationKey, docs="The key with which the author of this block decrypts transactions.")
PendingKey = pallet.value(
    EncapsulationKey, docs="The key with which the author of the next block decrypts transactions."
)
NextKey = pallet.value(
    EncapsulationKey,
    docs="The key to encrypt with: the author of the block after the next one decrypts transactions with it.",
)
AuthorKeys = pallet.map(Twox64Concat, AuraId, EncapsulationKey, docs="The key that each author last announced.")
PendingKeyExpiresAt = pallet.value(u32, docs="The first block in which the pending key is expired.")
NextKeyExpiresAt = pallet.value(u32, docs="The first block in which the next key is expired.")
HasMigrationRun = pallet.map(
    Identity,
    Annotated[bytes, MaxLen(128)],
    bool,
    default=False,
    docs="Whether a migration of this pallet has run, by its name.",
)
MaxPendingExtrinsicsLimit = pallet.value(u32, default=100, docs="The largest number of encrypted calls in the queue.")
ExtrinsicLifetime = pallet.value(
    u32, default=10, docs="The number of blocks that an encrypted call may stay in the queue."
)
OnInitializeWeight = pallet.value(
    u64,
    default=500_000_000_000,
    docs="The reference time that queued calls may use at the beginning of a block, in picoseconds.",
)
MaxExtrinsicWeight = pallet.value(
    u64,
    default=50_000_000_000,
    docs="The reference time that one queued call may use, in picoseconds.",
)
PendingExtrinsics = pallet.counted_map(Identity, u32, PendingExtrinsic, docs="The queue of encrypted calls, by index.")
NextPendingExtrinsicIndex = pallet.value(u32, default=0, docs="The index of the next encrypted call to be queued.")

pallet.name_declared(globals())


# --- keys and encrypted transactions -------------------------------------------------------------------------


@pallet.call(0, weight=weight_of(33_661_000, 5555, reads=4, writes=6), inherent=True)
def announce_next_key(ctx: Context, enc_key: EncapsulationKey | None) -> None:
    """Rotate the keys by one block, and store the author's new key.

    An inherent: once in a block, from its author. An author that announces no key (None) receives no encrypted
    transactions. Fails with BadEncKeyLen or Unreachable.
    """
    ctx.ensure_none()
    author = _require(aura.author(ctx))
    ensure(enc_key is None or len(enc_key) == KEY_LENGTH, Error.BadEncKeyLen)
    following = AuthorKeys.get(ctx, _require(aura.following_author(ctx)))
    _rotate_keys(ctx, PendingKey.get(ctx), NextKey.get(ctx), following)
    if enc_key is None:
        AuthorKeys.remove(ctx, author)
    else:
        AuthorKeys.put(ctx, author, enc_key)


def _require(author: bytes | None) -> bytes:
    """Return an author; Unreachable without one: the block has no slot, or the chain no authorities."""
    if author is None:
        raise DispatchFailed(Error.Unreachable)
    return author


def _rotate_keys(ctx: Context, current: bytes | None, pending: bytes | None, following: bytes | None) -> None:
    """Write the three keys, and the expiry blocks of the pending and the next one."""
    now = ctx.block.number
    for item, key in ((CurrentKey, current), (PendingKey, pending), (NextKey, following)):
        if key is None:
            item.kill(ctx)
        else:
            item.put(ctx, key)
    for expiry, key, blocks in (
        (PendingKeyExpiresAt, pending, PENDING_KEY_BLOCKS),
        (NextKeyExpiresAt, following, NEXT_KEY_BLOCKS),
    ):
        if key is None:
            expiry.kill(ctx)
        else:
            expiry.put(ctx, now + blocks)


@pallet.call(1, weight=weight_of(207_223_000))
def submit_encrypted(ctx: Context, ciphertext: Ciphertext) -> None:
    """Submit an encrypted transaction, which only the author of its block can read before it is in the block.

    `ciphertext` is a whole signed extrinsic encrypted with NextKey: twox-128 of the key (16 bytes), length of the
    encapsulated secret (u16), encapsulated secret, nonce (24 bytes), XChaCha20-Poly1305 ciphertext. With the same
    sender, the nonce of the inner extrinsic is one higher than this call's.
    """
    who = ctx.ensure_signed()
    ctx.deposit(EncryptedSubmitted(blake2_256(_submission.encode((who, ciphertext))), who))


_submission = codec_of(tuple[AccountId, Ciphertext])


# --- the queue -----------------------------------------------------------------------------------------------


@pallet.call(2, weight=Weight(STORE_ENCRYPTED_WEIGHT))
def store_encrypted(ctx: Context, encrypted_call: EncryptedCall) -> None:
    """Add an encrypted call to the queue, for dispatch at the beginning of a later block.

    This runtime has no decryptor, so the call fails in the next block. TooManyPendingExtrinsics when the queue is full.
    """
    who = ctx.ensure_signed()
    ensure(PendingExtrinsics.count(ctx) < MaxPendingExtrinsicsLimit.get(ctx), Error.TooManyPendingExtrinsics)
    index = NextPendingExtrinsicIndex.get(ctx)
    PendingExtrinsics.put(ctx, index, PendingExtrinsic(who, encrypted_call, ctx.block.number))
    NextPendingExtrinsicIndex.put(ctx, saturate_u32(index + 1))
    ctx.deposit(ExtrinsicStored(index, who))


@pallet.on_initialize
def process_pending_extrinsics(ctx: Context) -> Weight:
    """Remove the queued calls; return the weight. Without a decryptor, each one fails to decode or has expired."""
    weight = Weight(2 * DB_READ)
    count = PendingExtrinsics.count(ctx)
    if not count:
        return weight
    end = NextPendingExtrinsicIndex.get(ctx)
    for index in range(saturating_sub(end, count), end):
        pending = PendingExtrinsics.take(ctx, index)
        if pending is None:
            weight += Weight(DB_READ)
            continue
        weight += Weight(DB_READ + 2 * DB_WRITE)
        expired = ctx.block.number - pending.submitted_at > ExtrinsicLifetime.get(ctx)
        ctx.deposit(ExtrinsicExpired(index) if expired else ExtrinsicDecodeFailed(index))
    return weight


# --- parameters, set by root ----------------------------------------------------------------------------------


@pallet.call(3, weight=weight_of(4_206_000, writes=1))
def set_max_pending_extrinsics_number(ctx: Context, value: u32) -> None:
    """Set the largest number of encrypted calls in the queue. Only root may."""
    ctx.ensure_root()
    MaxPendingExtrinsicsLimit.put(ctx, value)
    ctx.deposit(MaxPendingExtrinsicsNumberSet(value))


@pallet.call(4, weight=weight_of(4_327_000, writes=1))
def set_on_initialize_weight(ctx: Context, value: u64) -> None:
    """Set the weight that queued calls may use in a block, in picoseconds. Only root may.

    WeightExceedsAbsoluteMax above half a block.
    """
    ctx.ensure_root()
    ensure(value <= MAX_ON_INITIALIZE_WEIGHT, Error.WeightExceedsAbsoluteMax)
    OnInitializeWeight.put(ctx, value)
    ctx.deposit(OnInitializeWeightSet(value))


@pallet.call(5, weight=weight_of(4_116_000, writes=1))
def set_stored_extrinsic_lifetime(ctx: Context, value: u32) -> None:
    """Set the number of blocks that an encrypted call may stay in the queue. Only root may."""
    ctx.ensure_root()
    ExtrinsicLifetime.put(ctx, value)
    ctx.deposit(ExtrinsicLifetimeSet(value))


@pallet.call(6, weight=weight_of(4_227_000, writes=1))
def set_max_extrinsic_weight(ctx: Context, value: u64) -> None:
    """Set the weight that one queued call may use, in picoseconds. Only root may.

    WeightExceedsAbsoluteMax above half a block.
    """
    ctx.ensure_root()
    ensure(value <= MAX_ON_INITIALIZE_WEIGHT, Error.WeightExceedsAbsoluteMax)
    MaxExtrinsicWeight.put(ctx, value)
    ctx.deposit(MaxExtrinsicWeightSet(value))
