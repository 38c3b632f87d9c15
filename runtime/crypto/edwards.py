"""The curve of ed25519 in plain Python, with points of small order and non-canonical encodings.

The curve is -x² + y² = 1 + D x² y² modulo P. It is for signatures that the library refuses and ZIP-215 may accept. It
is slow and not constant-time: pass no secrets to it.
"""

from __future__ import annotations

from ...consensus.internal import InternalError

#: The prime of the field and the order of the base point.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
_ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

#: Extended coordinates (X, Y, Z, T) of the point x = X / Z, y = Y / Z, with T = X Y / Z.
Point = tuple[int, int, int, int]
NEUTRAL: Point = (0, 1, 1, 0)


def decode(encoded: bytes) -> Point | None:
    """Return the point that 32 bytes encode under ZIP-215, None if there is no x.

    The bytes are y, little-endian, with the lowest bit of x in the highest bit. y may be P or more, and the bit may be
    set for x = 0.
    """
    number = int.from_bytes(encoded, "little")
    odd, y = number >> 255, number % (1 << 255) % P
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * _ROOT_OF_MINUS_ONE % P
    if x * x % P != square:
        return None
    if x & 1 != odd:
        x = -x % P
    return x, y, 1, x * y % P


def encode(x: int, y: int) -> bytes:
    """Return the canonical encoding of a point, 32 bytes."""
    return (y | (x & 1) << 255).to_bytes(32, "little")


def affine(point: Point) -> tuple[int, int]:
    """Return x and y of a point."""
    inverse = pow(point[2], -1, P)
    return point[0] * inverse % P, point[1] * inverse % P


def add(a: Point, b: Point) -> Point:
    """Return the sum of two points, which may be equal (Hisil, Wong, Carter, Dawson 2008, section 3.1)."""
    difference = (a[1] - a[0]) * (b[1] - b[0]) % P
    total = (a[1] + a[0]) * (b[1] + b[0]) % P
    twisted = 2 * D * a[3] * b[3] % P
    scaled = 2 * a[2] * b[2] % P
    e, f, g, h = total - difference, scaled - twisted, scaled + twisted, total + difference
    return e * f % P, g * h % P, f * g % P, e * h % P


def sum_of_products(m: int, a: Point, n: int, b: Point) -> Point:
    """Return m a + n b, in one pass over the bits of both."""
    table = (NEUTRAL, a, b, add(a, b))
    total = NEUTRAL
    for bit in range(max(m.bit_length(), n.bit_length()) - 1, -1, -1):
        total = add(total, total)
        total = add(total, table[(m >> bit & 1) | (n >> bit & 1) << 1])
    return total


def has_small_order(point: Point) -> bool:
    """Return whether eight times the point is the neutral point."""
    for _ in range(3):
        point = add(point, point)
    return point[0] == 0  # the other point with x = 0 is not a multiple of eight


_base = decode(bytes.fromhex("58" + "66" * 31))
if _base is None:
    raise InternalError("expected the encoding of the base point")
BASE: Point = _base
