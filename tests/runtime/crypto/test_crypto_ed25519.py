"""ed25519 by the rules of ZIP-215, against a slow curve of our own in affine coordinates."""

from __future__ import annotations

from hashlib import sha512

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysubtensor.runtime.crypto import edwards
from pysubtensor.runtime.crypto.ed25519 import verify

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]
NEUTRAL: Point = (0, 1)
BASE: Point = (
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    46316835694926478169428394003475163141307993866256225615783033603165251855960,
)


def add(a: Point, b: Point) -> Point:
    product = D * a[0] * b[0] * a[1] * b[1]
    x = (a[0] * b[1] + a[1] * b[0]) * pow(1 + product, -1, P)
    y = (a[1] * b[1] + a[0] * b[0]) * pow(1 - product, -1, P)
    return x % P, y % P


def times(n: int, point: Point) -> Point:
    total = NEUTRAL
    for bit in bin(n)[2:]:
        total = add(total, total)
        total = add(total, point) if bit == "1" else total
    return total


def encode(point: Point) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def roots(square: int) -> set[int]:
    """The square roots modulo P, where P = 5 modulo 8."""
    root = pow(square, (P + 3) // 8, P)
    candidates = (root, root * pow(2, (P - 1) // 4, P) % P)
    return {x for c in candidates if c * c % P == square % P for x in (c, P - c if c else 0)}


def decode(encoded: bytes) -> Point | None:
    number = int.from_bytes(encoded, "little")
    y, sign = number % 2**255 % P, number >> 255
    found = roots((y * y - 1) * pow(D * y * y + 1, -1, P) % P)
    return next(((x, y) for x in found if x == 0 or x & 1 == sign), None)


def small_order_points() -> list[Point]:
    """The eight points whose order divides 8: multiples of one of order 8, found by clearing L."""
    for y in range(2, 100):
        point = decode(y.to_bytes(32, "little"))
        eighth = times(L, point) if point else NEUTRAL
        if times(4, eighth) != NEUTRAL:
            return [times(n, eighth) for n in range(8)]
    raise AssertionError("no point of order 8 below y = 100")


def encodings_of(point: Point) -> set[bytes]:
    """Every string of 32 bytes that ZIP-215 reads as the point."""
    ys = {y for y in (point[1], point[1] + P) if y < 2**255}
    signs = (0, 1) if point[0] == 0 else (point[0] & 1,)
    return {(y | sign << 255).to_bytes(32, "little") for y in ys for sign in signs}


SMALL = small_order_points()
SMALL_ENCODINGS = sorted(encoded for point in SMALL for encoded in encodings_of(point))


def test_small_order_keys_verify_in_every_encoding() -> None:
    """With s = 0 and both points of small order, the equation holds after the factor 8 for any message."""
    assert len(SMALL_ENCODINGS) == 14
    for public in SMALL_ENCODINGS:
        for r in SMALL_ENCODINGS:
            assert verify(r + bytes(32), b"Zcash", public)
            assert not verify(r + b"\1" + bytes(31), b"Zcash", public)
            assert not verify(r + L.to_bytes(32, "little"), b"Zcash", public)


@pytest.mark.parametrize("r", SMALL_ENCODINGS, ids=bytes.hex)
def test_an_honest_key_may_sign_with_a_point_of_small_order(r: bytes) -> None:
    secret, message = 0x123456789, b"no nonce"
    public = encode(times(secret, BASE))
    k = int.from_bytes(sha512(r + public + message).digest(), "little")
    assert verify(r + (k * secret % L).to_bytes(32, "little"), message, public)
    assert not verify(r + (k * secret % L).to_bytes(32, "little"), message + b"!", public)


@pytest.mark.parametrize("n", range(8))
def test_the_cofactor_clears_a_small_order_part(n: int) -> None:
    secret, nonce, message = 0x123456789, 0x987654321, b"mixed order"
    public = encode(add(times(secret, BASE), SMALL[n]))
    r = encode(add(times(nonce, BASE), SMALL[-n]))
    k = int.from_bytes(sha512(r + public + message).digest(), "little")
    s = (nonce + k * secret) % L
    assert verify(r + s.to_bytes(32, "little"), message, public)
    assert not verify(r + (s + L).to_bytes(32, "little"), message, public)
    assert not verify(r + ((s + 1) % L).to_bytes(32, "little"), message, public)


def unreduced(y: int, sign: int) -> bytes:
    return (y | sign << 255).to_bytes(32, "little")


@settings(max_examples=60)
@given(st.binary(min_size=32, max_size=32) | st.builds(unreduced, st.integers(P, 2**255 - 1), st.integers(0, 1)))
def test_points_are_decoded_as_by_the_slow_curve(encoded: bytes) -> None:
    fast, slow = edwards.decode(encoded), decode(encoded)
    assert (fast and fast[:2]) == slow
    assert fast is None or fast[2:] == (1, fast[0] * fast[1] % P)


@pytest.mark.parametrize("n", [0, 1, 2, L - 1, 2**256 - 1])
@pytest.mark.parametrize("m", [0, 1, 8, L, 2**64 + 1])
def test_points_are_added_as_by_the_slow_curve(m: int, n: int) -> None:
    mixed = add(BASE, SMALL[1])
    x, y, z, t = edwards.sum_of_products(m, edwards.BASE, n, (*mixed, 1, mixed[0] * mixed[1] % P))
    inverse = pow(z, -1, P)
    assert (x * inverse % P, y * inverse % P) == add(times(m, BASE), times(n, mixed))
    assert t * z % P == x * y % P
