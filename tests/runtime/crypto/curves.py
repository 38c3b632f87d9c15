"""The two implementations of BLS12-381, for tests that both have to pass."""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.runtime.crypto import bls, bls_pure

Curve = bls.Curve[Any, Any]
#: The compiled implementation is absent where its library has no wheel.
CURVES = [
    pytest.param(bls_pure, id="pure"),
    pytest.param(
        bls.curve(),
        id="native",
        marks=pytest.mark.skipif(bls.curve() is bls_pure, reason="py-arkworks-bls12381 has no wheel here"),
    ),
]
