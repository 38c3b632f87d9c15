"""The drand beacon from a node's side: the rounds that a chain wants, and the extrinsics that bring their pulses.

A pulse is put into an extrinsic without the signature of an account. Its payload is signed all the same, by any key,
which proves nothing: the beacon's own signature does. Here the key is sr25519's neutral element, for which one
signature is valid for all messages. Other signatures contain random numbers, and equal chains must make equal blocks.

The local beacon is for development. Its secret is public, so that a chain can make its own pulses without the network.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from ..consensus.integers import saturating_sub
from .crypto import bls
from .crypto.timelock import encrypt
from .frame.context import Context
from .frame.extrinsic import ExtrinsicCodec, Sr25519
from .pallets.drand.calls import write_pulse
from .pallets.drand.declared import (
    QUICKNET,
    BeaconConfig,
    BeaconConfiguration,
    HttpFetchTimeout,
    LastStoredRound,
    Metadata,
    NextUnsignedAt,
    PulsesPayload,
    Sr25519Signer,
)
from .pallets.drand.declared import Pulse as Pulse
from .pallets.drand.pulses import round_message, verify

#: The most pulses that a node fetches, or puts into a block, at a time.
MAX_PULSES = 50
_NEUTRAL_KEY = Sr25519Signer(bytes(32))
_NEUTRAL_SIGNATURE = Sr25519(bytes(63) + b"\x80")

_LOCAL_SECRET = int.from_bytes(sha256(b"pysubtensor local drand").digest(), "big") % bls.ORDER
_LOCAL_KEY = bytes.fromhex(
    "a0303ef5d38eea7399371906e924058e3fbc51c23336dc49b234fa13ce55ce08f1a99a511f23fa0a00408972671be774"
    "04c758f590144faa4b60d2c9e1cc2a150cdac6f9c8b8c1d0109f8a4adbd4089b7dc44584a65bb25609c217d0a7011112"
)
#: Quicknet with another key and another name: rounds have the same times.
LOCAL_BEACON = replace(
    QUICKNET,
    public_key=_LOCAL_KEY,
    hash=sha256(_LOCAL_KEY).digest(),
    group_hash=sha256(_LOCAL_KEY).digest(),
    metadata=Metadata(b"pysubtensor-local"),
)


def beacon_of(ctx: Context) -> BeaconConfiguration:
    """Return the beacon of a chain."""
    return BeaconConfig.get(ctx)


def is_local(ctx: Context) -> bool:
    """Return whether the beacon of a chain is the local one."""
    return beacon_of(ctx).public_key == LOCAL_BEACON.public_key


def set_local_beacon(ctx: Context) -> None:
    """Let the local beacon be that of a chain, instead of the real one."""
    BeaconConfig.put(ctx, LOCAL_BEACON)


def fetch_timeout_ms(ctx: Context) -> int:
    """Return the time limit of a request to the beacon, in milliseconds."""
    return HttpFetchTimeout.get(ctx)


def last_stored_round(ctx: Context) -> int:
    """Return the last round of which the chain has the pulse, 0 for none."""
    return LastStoredRound.get(ctx)


def accepts_pulses(ctx: Context) -> bool:
    """Return whether the block of `ctx` takes pulses; it does not right after another beacon was set."""
    return NextUnsignedAt.get(ctx) <= ctx.block.number


def round_at(beacon: BeaconConfiguration, time_ms: int) -> int:
    """Return the last round that a beacon has published at a time, in milliseconds since 1970; 0 before the first."""
    passed = time_ms // 1000 - beacon.genesis_time
    return passed // beacon.period + 1 if passed >= 0 and beacon.period else 0


def wanted_rounds(ctx: Context, current: int) -> range:
    """Return the rounds that the chain wants next, when `current` is the last published one.

    They follow the last stored round, 50 at most. A chain without pulses begins with the current round.
    """
    last = last_stored_round(ctx) or saturating_sub(current, 1)
    return range(last + 1, min(current, last + MAX_PULSES) + 1)


def is_valid(beacon: BeaconConfiguration, pulse: Pulse) -> bool:
    """Return whether a pulse is the beacon's, with its randomness, which the chain does not check."""
    try:
        return sha256(pulse.signature).digest() == pulse.randomness and verify(beacon, pulse)
    except ValueError:  # the signature or the key is not a point
        return False


def pulse_of(number: int, signature: bytes) -> Pulse:
    """Return the pulse of a round with this signature."""
    return Pulse(number, sha256(signature).digest(), signature)


def local_pulse(number: int) -> Pulse:
    """Return the pulse of a round of the local beacon."""
    return pulse_of(number, bls.sign(_LOCAL_SECRET, round_message(number)))


def encrypt_until(ctx: Context, number: int, message: bytes) -> bytes:
    """Return a message encrypted until a round of the chain's beacon, with keys that follow from round and message."""
    seed = number.to_bytes(8, "little") + message
    sigma, key, nonce = (sha256(name + seed).digest() for name in (b"sigma", b"key", b"nonce"))
    return encrypt(beacon_of(ctx).public_key, round_message(number), message, sigma, key, nonce[:12])


def pulse_extrinsic(ctx: Context, pulse: Pulse) -> bytes:
    """Return the encoded extrinsic that brings a pulse into the block of `ctx` or a later one."""
    return ExtrinsicCodec.bare(
        write_pulse.call(PulsesPayload(ctx.block.number, [pulse], _NEUTRAL_KEY), _NEUTRAL_SIGNATURE)
    )
