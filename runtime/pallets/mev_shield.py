"""MevShield (index 30): transactions that nobody but an author can read before they are in a block.

Each author announces an ML-KEM-768 key with its block. What a user encrypts with the next key is opened by the author
of the block after the next one: it puts the wrapper (`submit_encrypted`) into its block, and right behind it what was
inside. The chain itself only passes the keys on; sealing and opening are in `shielding`.

Beside it stands a queue of encrypted calls (`store_encrypted`), which the chain itself is to decrypt when it begins
a block. This runtime has nothing to decrypt them with: whatever is queued leaves the queue in the next block, failed.
"""

from __future__ import annotations

from typing import Annotated

from ...consensus.aura import author_of
from ...consensus.integers import saturate_u32, saturating_sub
from ..crypto import blake2_256
from ..frame.call import RuntimeCall
from ..frame.context import Context
from ..frame.digest import aura_slot
from ..frame.errors import DispatchError, DispatchFailed, PalletError, ensure
from ..frame.hashers import Identity, Twox64Concat
from ..frame.pallet import Pallet
from ..frame.weight import DB_READ, DB_WRITE, Weight, weight_of
from ..scale import AccountId, MaxLen, SourceName, Struct, Sum, codec_of, u32, u64
from . import aura
from .aura import AuraId
from .shared.types import BlockNumber, Hash

#: Length of an encapsulation key, in bytes.
KEY_LENGTH = 1184
#: For how many blocks, this one included, what was encrypted with the pending and with the next key can be opened.
PENDING_KEY_BLOCKS, NEXT_KEY_BLOCKS = 2, 3
#: Picoseconds: more than it takes, so that nobody floods the queue.
STORE_ENCRYPTED_WEIGHT = 20_000_000_000
#: Half a block, in picoseconds: the most that queued calls may be given.
MAX_ON_INITIALIZE_WEIGHT = 2_000_000_000_000

EncapsulationKey = Annotated[bytes, MaxLen(2048), SourceName("ShieldEncKey")]
Ciphertext = Annotated[bytes, MaxLen(8192)]
EncryptedCall = Annotated[bytes, MaxLen(8192, bound="MaxEncryptedCallSize")]


class PendingExtrinsic(Struct, path="pallet_shield::pallet::PendingExtrinsic", params=[("T", None)]):
    """An encrypted call in the queue."""

    who: AccountId
    encrypted_call: EncryptedCall
    #: A block's number.
    submitted_at: BlockNumber


class Event(Sum, params=[("T", None)]):
    pass


class EncryptedSubmitted(Event, index=0):
    """A shielded transaction is in the block; `id` is the hash of its sender and its ciphertext."""

    id: Hash
    who: AccountId


class ExtrinsicStored(Event, index=1):
    """An encrypted call joined the queue."""

    index: u32
    who: AccountId


class ExtrinsicDecodeFailed(Event, index=2):
    """A queued call could not be decrypted and is gone."""

    index: u32


class ExtrinsicDispatchFailed(Event, index=3):
    """A queued call ran and failed."""

    index: u32
    error: DispatchError


class ExtrinsicDispatched(Event, index=4):
    """A queued call ran."""

    index: u32


class ExtrinsicExpired(Event, index=5):
    """A queued call waited too long and is gone."""

    index: u32


class ExtrinsicPostponed(Event, index=6):
    """A queued call found no more room at the beginning of the block."""

    index: u32


class MaxPendingExtrinsicsNumberSet(Event, index=7):
    """How many encrypted calls may be queued has changed."""

    value: u32


class OnInitializeWeightSet(Event, index=8):
    """How much of a block queued calls may use has changed, in picoseconds."""

    value: u64


class ExtrinsicLifetimeSet(Event, index=9):
    """How long an encrypted call may be queued has changed, in blocks."""

    value: u32


class MaxExtrinsicWeightSet(Event, index=10):
    """How much a single queued call may use has changed, in picoseconds."""

    value: u64


class ExtrinsicWeightExceeded(Event, index=11):
    """A queued call weighs too much and is gone."""

    index: u32


class Error(PalletError):
    BadEncKeyLen = 0, "An announced key does not have the 1184 bytes of ML-KEM-768."
    Unreachable = 1, "The block has no author who could announce a key."
    TooManyPendingExtrinsics = 2, "The queue of encrypted calls is full."
    WeightExceedsAbsoluteMax = 3, "Queued calls cannot be given more than half a block."


pallet = Pallet("MevShield", 30, crate="pallet_shield", event=Event, error=Error)
pallet.associated_type("AuthorityId", AuraId, docs="The public key of an author.")
pallet.associated_type("RuntimeCall", RuntimeCall, docs="Any call of the runtime.")

CurrentKey = pallet.value(EncapsulationKey, docs="The key that this block's author opened transactions with.")
PendingKey = pallet.value(EncapsulationKey, docs="The key that the next block's author opens transactions with.")
NextKey = pallet.value(
    EncapsulationKey,
    docs="The key to encrypt with: the author of the block after the next one opens transactions with it.",
)
AuthorKeys = pallet.map(Twox64Concat, AuraId, EncapsulationKey, docs="The key that each author announced last.")
PendingKeyExpiresAt = pallet.value(u32, docs="The first block in which the pending key is of no use any more.")
NextKeyExpiresAt = pallet.value(u32, docs="The first block in which the next key is of no use any more.")
HasMigrationRun = pallet.map(
    Identity,
    Annotated[bytes, MaxLen(128)],
    bool,
    default=False,
    docs="Which migrations of this pallet have run, by their names.",
)
MaxPendingExtrinsicsLimit = pallet.value(u32, default=100, docs="How many encrypted calls may be queued.")
ExtrinsicLifetime = pallet.value(u32, default=10, docs="For how many blocks an encrypted call may be queued.")
OnInitializeWeight = pallet.value(
    u64,
    default=500_000_000_000,
    docs="How much reference time queued calls may use at the beginning of a block, in picoseconds.",
)
MaxExtrinsicWeight = pallet.value(
    u64,
    default=50_000_000_000,
    docs="How much reference time a single queued call may use, in picoseconds.",
)
PendingExtrinsics = pallet.counted_map(
    Identity, u32, PendingExtrinsic, docs="The queue of encrypted calls, by their running number."
)
NextPendingExtrinsicIndex = pallet.value(u32, default=0, docs="The number of the next encrypted call to be queued.")

pallet.name_declared(globals())


# --- keys and shielded transactions --------------------------------------------------------------------------


@pallet.call(0, weight=weight_of(33_661_000, 5555, reads=4, writes=6), inherent=True)
def announce_next_key(ctx: Context, enc_key: EncapsulationKey | None) -> None:
    """Pass the keys on by one block, and note the author's new one.

    It comes once a block, from its author. An author without a key gets no shielded transactions to open.
    """
    ctx.ensure_none()
    author = _author(ctx, slots_ahead=0)
    ensure(enc_key is None or len(enc_key) == KEY_LENGTH, Error.BadEncKeyLen)
    later = AuthorKeys.get(ctx, _author(ctx, slots_ahead=2))
    _pass_on(ctx, PendingKey.get(ctx), NextKey.get(ctx), later)
    if enc_key is None:
        AuthorKeys.remove(ctx, author)
    else:
        AuthorKeys.put(ctx, author, enc_key)


def _author(ctx: Context, slots_ahead: int) -> bytes:
    """Whose turn it is in the slot that lies so far ahead of this block's; Unreachable when nobody takes turns."""
    slot, authorities = aura_slot(ctx.block.digest), aura.Authorities.get(ctx)
    if slot is None or not authorities:
        raise DispatchFailed(Error.Unreachable)
    return author_of(slot + slots_ahead, authorities)


def _pass_on(ctx: Context, current: bytes | None, pending: bytes | None, following: bytes | None) -> None:
    """Write the three keys, and until when the two that are still to be used are good."""
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
    """Have a transaction carried out that nobody but the block's author could read before.

    Encrypt a whole signed extrinsic with NextKey, its nonce one higher than this call's when the sender is the same:
    twox-128 of the key (16 bytes), length of the encapsulated secret (u16), encapsulated secret, nonce (24 bytes),
    XChaCha20-Poly1305 ciphertext.
    """
    who = ctx.ensure_signed()
    ctx.deposit(EncryptedSubmitted(blake2_256(_submission.encode((who, ciphertext))), who))


_submission = codec_of(tuple[AccountId, Ciphertext])


# --- the queue -----------------------------------------------------------------------------------------------


@pallet.call(2, weight=Weight(STORE_ENCRYPTED_WEIGHT))
def store_encrypted(ctx: Context, encrypted_call: EncryptedCall) -> None:
    """Queue an encrypted call to be run at the beginning of a later block."""
    who = ctx.ensure_signed()
    ensure(PendingExtrinsics.count(ctx) < MaxPendingExtrinsicsLimit.get(ctx), Error.TooManyPendingExtrinsics)
    index = NextPendingExtrinsicIndex.get(ctx)
    PendingExtrinsics.put(ctx, index, PendingExtrinsic(who, encrypted_call, ctx.block.number))
    NextPendingExtrinsicIndex.put(ctx, saturate_u32(index + 1))
    ctx.deposit(ExtrinsicStored(index, who))


@pallet.on_initialize
def process_pending_extrinsics(ctx: Context) -> Weight:
    """Take the queued calls out. None of them runs: without a decryptor each fails, or has expired before."""
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


# --- what root decides ---------------------------------------------------------------------------------------


@pallet.call(3, weight=weight_of(4_206_000, writes=1))
def set_max_pending_extrinsics_number(ctx: Context, value: u32) -> None:
    """Set how many encrypted calls may be queued, as root."""
    ctx.ensure_root()
    MaxPendingExtrinsicsLimit.put(ctx, value)
    ctx.deposit(MaxPendingExtrinsicsNumberSet(value))


@pallet.call(4, weight=weight_of(4_327_000, writes=1))
def set_on_initialize_weight(ctx: Context, value: u64) -> None:
    """Set how much of a block queued calls may use, in picoseconds, as root."""
    ctx.ensure_root()
    ensure(value <= MAX_ON_INITIALIZE_WEIGHT, Error.WeightExceedsAbsoluteMax)
    OnInitializeWeight.put(ctx, value)
    ctx.deposit(OnInitializeWeightSet(value))


@pallet.call(5, weight=weight_of(4_116_000, writes=1))
def set_stored_extrinsic_lifetime(ctx: Context, value: u32) -> None:
    """Set for how many blocks an encrypted call may be queued, as root."""
    ctx.ensure_root()
    ExtrinsicLifetime.put(ctx, value)
    ctx.deposit(ExtrinsicLifetimeSet(value))


@pallet.call(6, weight=weight_of(4_227_000, writes=1))
def set_max_extrinsic_weight(ctx: Context, value: u64) -> None:
    """Set how much a single queued call may use, in picoseconds, as root."""
    ctx.ensure_root()
    ensure(value <= MAX_ON_INITIALIZE_WEIGHT, Error.WeightExceedsAbsoluteMax)
    MaxExtrinsicWeight.put(ctx, value)
    ctx.deposit(MaxExtrinsicWeightSet(value))
