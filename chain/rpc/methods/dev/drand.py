"""Pulses of the drand beacon."""

from __future__ import annotations

from typing import Annotated, Any

from .....runtime import beacon
from ....cheats.pulses import MODES, set_pulses
from ...node import Node
from ...shapes import to_hex
from .declare import Count, Octets, dev


def to_mode(value: Any) -> str:
    """Return where pulses come from."""
    if value in MODES:
        return str(value)
    raise ValueError(f"expected one of {', '.join(MODES)}, got {value!r:.60}")


PulsesFrom = Annotated[str, to_mode]


@dev
def dev_addDrandPulse(node: Node, round: Count, signature: Octets, randomness: Octets | None) -> str:
    """Submit the pulse of a round, signed by the chain's beacon, and return the hash of the extrinsic.

    The randomness follows from the signature.
    """
    ctx = node.chain.pending_context()
    return to_hex(node.engine.submit(beacon.pulse_extrinsic(ctx, beacon.pulse_of(round, signature))))


@dev
def dev_setDrand(node: Node, source: PulsesFrom) -> None:
    """Let blocks have the pulses of the local beacon ("mock"), none ("offline"), or those of the real one ("live").

    What clients encrypt for the real beacon is opened by its pulses alone.
    """
    set_pulses(node.chain, source)
