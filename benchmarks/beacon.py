"""Pulses of the drand beacon: verifying one, and opening a timelocked commit with it, compiled and in plain Python.

The bound is that of a pulse by the compiled library, where there is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from pysubtensor.runtime.beacon import LOCAL_BEACON, local_pulse
from pysubtensor.runtime.crypto import bls, bls_pure, timelock
from pysubtensor.runtime.pallets.drand.pulses import round_message

from .harness import Figure, best

ROUND = 1000
#: The most milliseconds of a pulse by the compiled library.
NATIVE_MS = 5


def run(small: bool) -> Iterator[Figure]:
    """Yield the times of both implementations; those in plain Python have their ratio to the compiled ones."""
    public, message, pulse = LOCAL_BEACON.public_key, round_message(ROUND), local_pulse(ROUND)
    sealed = timelock.encrypt(public, message, bytes(600), b"s" * 32, b"k" * 32, b"n" * 12)
    work: dict[str, Any] = {
        "verify a pulse": lambda on: bls.verify(public, message, pulse.signature, on),
        "hash a round to the curve": lambda on: on.hash_to_g1(message, bls.DOMAIN),
        "open a timelocked commit": lambda on: timelock.decrypt(sealed, pulse.signature, on),
    }
    native = bls.curve() if bls.curve() is not bls_pure else None
    for name, measured in work.items():
        pure = best(partial(measured, bls_pure), rounds=1 if small else 5) * 1000
        if native is None:
            yield Figure(f"{name}, plain Python", pure, "ms")
            continue
        compiled = best(partial(measured, native), rounds=3 if small else 100) * 1000
        yield Figure(f"{name}, compiled", compiled, "ms", bound=NATIVE_MS if "pulse" in name else None)
        yield Figure(f"{name}, plain Python", pure, "ms", pure / compiled, "compiled")
