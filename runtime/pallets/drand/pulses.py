"""The rules of pulses: verification, and how many are kept."""

from __future__ import annotations

from hashlib import sha256

from ....consensus.integers import saturating_sub
from ...crypto import bls
from ...frame.context import Context
from .declared import BeaconConfiguration, OldestStoredRound, Pulse, Pulses

#: Pulses that are kept, and those that one call removes at most. Quicknet has 201,600 rounds a week.
MAX_KEPT_PULSES, MAX_REMOVED_PULSES = 216_000, 100
RANDOMNESS_LENGTH = 32


def round_message(number: int) -> bytes:
    """Return what a beacon signs in a round of the scheme "unchained": the hash of its number."""
    return sha256(number.to_bytes(8, "big")).digest()


def verify(beacon: BeaconConfiguration, pulse: Pulse) -> bool:
    """Return whether the signature is the beacon's of this round; ValueError if signature or key is not a point.

    The randomness is not checked.
    """
    return bls.verify(beacon.public_key, round_message(pulse.round), pulse.signature)


def prune_old_pulses(ctx: Context, last: int) -> None:
    """Remove up to 100 of the oldest pulses while more than `MAX_KEPT_PULSES` rounds are stored."""
    oldest = OldestStoredRound.get(ctx)
    if oldest == 0:
        return
    excess = saturating_sub(last, oldest) + 1 - MAX_KEPT_PULSES
    removed = max(0, min(excess, MAX_REMOVED_PULSES))
    for number in range(oldest, oldest + removed):
        Pulses.remove(ctx, number)
    OldestStoredRound.put(ctx, oldest + removed)


def random_at(ctx: Context, number: int) -> bytes:
    """Return the randomness of a round (32 bytes); zeros if it is not stored."""
    pulse = Pulses.get(ctx, number)
    return pulse.randomness if pulse and len(pulse.randomness) == RANDOMNESS_LENGTH else bytes(RANDOMNESS_LENGTH)


def opening_signature(ctx: Context, number: int) -> bytes | None:
    """Return the signature that opens what was encrypted for a round; None while its pulse is not stored."""
    pulse = Pulses.get(ctx, number)
    return None if pulse is None else pulse.signature.removeprefix(b"0x")
