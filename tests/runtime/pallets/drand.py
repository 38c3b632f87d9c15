"""Quicknet's pulses, and payloads with them, for tests of Drand."""

from __future__ import annotations

from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.extrinsic import Sr25519
from pysubtensor.runtime.pallets.drand.calls import write_pulse
from pysubtensor.runtime.pallets.drand.declared import (
    BeaconConfiguration,
    BeaconConfigurationPayload,
    Metadata,
    Pulse,
    PulsesPayload,
    Sr25519Signer,
)

from tests.vectors import load
from tests.world import ALICE_KEY

_QUICKNET = load("drand/quicknet")
_INFO = _QUICKNET["beacon"]
#: The beacon as its API describes it.
BEACON = BeaconConfiguration(
    *(bytes.fromhex(_INFO["public_key"]), _INFO["period"], _INFO["genesis_time"]),
    *(bytes.fromhex(_INFO[name]) for name in ("hash", "groupHash")),
    _INFO["schemeID"].encode(),
    Metadata(_INFO["metadata"]["beaconID"].encode()),
)
ROUND_1000, ROUND_2000 = (
    Pulse(pulse["round"], bytes.fromhex(pulse["randomness"]), bytes.fromhex(pulse["signature"]))
    for pulse in _QUICKNET["pulses"]
)
#: The messages and ciphertexts that both rounds open, as (round, ciphertext, message).
SEALED = [
    (each["round"], bytes.fromhex(each["ciphertext"]), bytes.fromhex(each["message"])) for each in _QUICKNET["sealed"]
]
ALICE_PUBLIC = Sr25519Signer(ALICE_KEY.public)


def pulses(*given: Pulse, block: int = 1, key: Keypair = ALICE_KEY) -> PulsesPayload:
    """Return a payload with these pulses, sent in a block by a key."""
    return PulsesPayload(block, list(given), Sr25519Signer(key.public))


def config(block: int = 1, beacon: BeaconConfiguration = BEACON) -> BeaconConfigurationPayload:
    """Return a payload with a beacon, sent in a block by Alice."""
    return BeaconConfigurationPayload(block, beacon, ALICE_PUBLIC)


def signed(payload: PulsesPayload | BeaconConfigurationPayload, key: Keypair = ALICE_KEY) -> Sr25519:
    """Return the signature of a payload."""
    return Sr25519(key.sign(type(payload).scale.encode(payload)))


def write(*given: Pulse, block: int = 1, key: Keypair = ALICE_KEY) -> Call:
    """Return the call that writes these pulses, signed."""
    payload = pulses(*given, block=block, key=key)
    return write_pulse.call(payload, signed(payload, key))
