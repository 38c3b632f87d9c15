"""Drand: its calls, and which of them are accepted without the signature of an account.

A pulse needs no account: the beacon has signed it. Who submits one signs its payload with any sr25519 key, which says
nothing of the pulse; that signature, the block and the round decide whether the pool and a block accept it. The
signature of the beacon is verified when the call is applied.
"""

from __future__ import annotations

from ....consensus.integers import U64_MAX, saturate_u32, saturate_u64
from ...crypto import Scheme, blake2_256
from ...crypto import verify as verify_signature
from ...frame.call import Call
from ...frame.context import Context
from ...frame.errors import DispatchFailed, ensure
from ...frame.extrinsic import MultiSignature, Sr25519
from ...frame.validity import BadProof, BadSigner, Future, Refused, Stale, TransactionSource, ValidTransaction
from ...frame.validity import Call as UnexpectedCall
from ...frame.weight import weight_of
from ...scale import codec_of, u32, u64
from .declared import (
    BeaconConfig,
    BeaconConfigChanged,
    BeaconConfigurationPayload,
    BeaconConfigurationPayloadOf,
    Error,
    LastStoredRound,
    MultiSigner,
    NewPulse,
    NextUnsignedAt,
    OldestStoredRound,
    Pulses,
    PulsesPayload,
    PulsesPayloadOf,
    SetOldestStoredRound,
    Signature,
    Sr25519Signer,
    UnsignedPriority,
)
from .declared import pallet as pallet
from .pulses import prune_old_pulses, verify

#: Blocks for which a pulse, and another beacon, stays in the pool.
PULSE_LONGEVITY, CONFIG_LONGEVITY = 3, 1

_TAG_PREFIX = codec_of(str).encode("DrandOffchainWorker")
_CONFIG_TAG = codec_of(tuple[u32, bytes])


# --- calls ---------------------------------------------------------------------------------------------------


@pallet.call(0, weight=weight_of(4_294_000_000, reads=3, writes=4))
def write_pulse(ctx: Context, pulses_payload: PulsesPayloadOf, signature: Signature) -> None:
    """Store pulses of the beacon, in an extrinsic without a signature that holds one pulse.

    `signature` is that of the payload by its key `public` (sr25519). Pulses that the beacon did not sign are left out.
    Fails with InvalidRoundNumber unless rounds increase, and with PulseVerificationError for a signature that is not a
    point of the curve.
    """
    ctx.ensure_none()
    beacon, last, rounds = BeaconConfig.get(ctx), LastStoredRound.get(ctx), list[int]()
    is_first = last == 0 and OldestStoredRound.get(ctx) == 0
    for pulse in pulses_payload.pulses:
        try:
            valid = verify(beacon, pulse)
        except ValueError:
            raise DispatchFailed(Error.PulseVerificationError) from None
        if valid:
            ensure(pulse.round > last, Error.InvalidRoundNumber)
            Pulses.put(ctx, pulse.round, pulse)
            last = pulse.round
            rounds.append(last)

    LastStoredRound.put(ctx, last)
    if is_first and rounds:
        OldestStoredRound.put(ctx, rounds[0])
    prune_old_pulses(ctx, last)
    NextUnsignedAt.put(ctx, ctx.block.number)
    if rounds:
        ctx.deposit(NewPulse(rounds))


@pallet.call(1, weight=weight_of(8_766_000, writes=2))
def set_beacon_config(ctx: Context, config_payload: BeaconConfigurationPayloadOf, signature: Signature) -> None:
    """Set the beacon. Only root may; nothing of it is verified, and the signature is not needed."""
    ctx.ensure_root()
    BeaconConfig.put(ctx, config_payload.config)
    NextUnsignedAt.put(ctx, saturate_u32(ctx.block.number + 1))
    ctx.deposit(BeaconConfigChanged())


@pallet.call(2, weight=weight_of(5_370_000, writes=1))
def set_oldest_stored_round(ctx: Context, oldest_round: u64) -> None:
    """Set the oldest stored round, from which old pulses are removed. Only root may."""
    ctx.ensure_root()
    OldestStoredRound.put(ctx, oldest_round)
    ctx.deposit(SetOldestStoredRound(oldest_round))


# --- extrinsics without a signature ----------------------------------------------------------------------------


@pallet.on_validate_unsigned
def validate_unsigned(ctx: Context, source: TransactionSource, call: Call) -> ValidTransaction:
    """Accept one pulse with a new round, whose payload is signed; or another beacon, which no block applies.

    BadSigner without a signature, BadProof for a wrong one, Future for a later block than this one, Stale for an old
    round or too early, Call for another call and unless there is exactly one pulse.
    """
    if call.function is set_oldest_stored_round:
        raise Refused(UnexpectedCall())
    payload, signature = call.args
    if signature is None:
        raise Refused(BadSigner())
    if not _is_signed(payload, signature):
        raise Refused(BadProof())
    if ctx.block.number < payload.block_number:
        raise Refused(Future())
    return _validate_config(ctx, payload) if call.function is set_beacon_config else _validate_pulse(ctx, payload)


def _is_signed(payload: PulsesPayload | BeaconConfigurationPayload, signature: MultiSignature) -> bool:
    """Return whether a payload is signed by its key; only sr25519 is accepted."""
    public = payload.public
    if not isinstance(public, Sr25519Signer) or not isinstance(signature, Sr25519):
        return False
    return verify_signature(Scheme.SR25519, signature.signature, type(payload).scale.encode(payload), public.public)


def _validate_pulse(ctx: Context, payload: PulsesPayload) -> ValidTransaction:
    """Return the validity of a pulse: lower rounds first."""
    if len(payload.pulses) != 1:
        raise Refused(UnexpectedCall())
    number = payload.pulses[0].round
    if NextUnsignedAt.get(ctx) > ctx.block.number or number <= LastStoredRound.get(ctx):
        raise Refused(Stale())
    priority = saturate_u64(UnsignedPriority.get(ctx) + U64_MAX - number)
    tag = blake2_256(b"drand" + number.to_bytes(8, "little"))
    return ValidTransaction(priority, [], [_TAG_PREFIX + tag], PULSE_LONGEVITY, False)


def _validate_config(ctx: Context, payload: BeaconConfigurationPayload) -> ValidTransaction:
    """Return the validity of another beacon."""
    next_at = NextUnsignedAt.get(ctx)
    if next_at > payload.block_number:
        raise Refused(Stale())
    tag = blake2_256(_CONFIG_TAG.encode((next_at, MultiSigner.scale.encode(payload.public))))
    return ValidTransaction(UnsignedPriority.get(ctx), [], [_TAG_PREFIX + tag], CONFIG_LONGEVITY, True)
