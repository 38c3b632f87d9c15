"""The curve BLS12-381 in plain Python (py_ecc): the interface is `bls.Curve`. A pulse takes about 150 ms.

py_ecc is imported where it is used: it is slow to load.
"""

from __future__ import annotations

import hashlib
from typing import Any

HALF = 48
#: The order of both groups, and the prime of the field.
ORDER = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
PRIME = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB
#: A point in projective coordinates, as py_ecc represents it.
Point = Any


def identity_g1() -> Point:
    return _library().Z1


def identity_g2() -> Point:
    return _library().Z2


def decode_g1(data: bytes) -> Point:
    from py_ecc.bls.point_compression import decompress_G1
    from py_ecc.bls.typing import G1Compressed

    return _in_subgroup(decompress_G1(G1Compressed(int.from_bytes(data, "big"))))


def decode_g2(data: bytes) -> Point:
    from py_ecc.bls.point_compression import decompress_G2
    from py_ecc.bls.typing import G2Compressed

    halves = int.from_bytes(data[:HALF], "big"), int.from_bytes(data[HALF:], "big")
    return _in_subgroup(decompress_G2(G2Compressed(halves)))


def encode_g1(point: Point) -> bytes:
    from py_ecc.bls.point_compression import compress_G1

    return int(compress_G1(point)).to_bytes(HALF, "big")


def encode_g2(point: Point) -> bytes:
    from py_ecc.bls.point_compression import compress_G2

    return b"".join(int(half).to_bytes(HALF, "big") for half in compress_G2(point))


def hash_to_g1(message: bytes, domain: bytes) -> Point:
    from py_ecc.bls.hash_to_curve import hash_to_G1

    return hash_to_G1(message, domain, hashlib.sha256)  # type: ignore[arg-type]  # it asks for a hash, and calls it


def multiply_g1(point: Point, scalar: int) -> Point:
    return _library().multiply(point, scalar)


def multiply_generator_g2(scalar: int) -> Point:
    library = _library()
    return library.multiply(library.G2, scalar)


def verify(signature: Point, message: Point, public: Point) -> bool:
    library = _library()
    # One exponentiation for both pairings.
    product = library.pairing(library.G2, library.neg(signature), final_exponentiate=False)
    product *= library.pairing(public, message, final_exponentiate=False)
    return bool(library.final_exponentiate(product) == library.FQ12.one())


def pairing(point: Point, other: Point) -> bytes:
    """Return the pairing; arkworks' one is the inverse of the cube of py_ecc's, by another loop and another exponent.

    py_ecc has coefficients of the powers of w, with w^12 = 2 w^6 - 2; arkworks has pairs a + b u of the powers 0, 2, 4,
    1, 3, 5 of w, with u = w^6 - 1. The inverse of a pairing is its conjugate: odd powers change their sign.
    """
    cube = _library().pairing(other, point) ** 3
    c = [int(coefficient) * (-1) ** power for power, coefficient in enumerate(cube.coeffs)]
    pairs = ((c[power] + c[power + 6], c[power + 6]) for power in (0, 2, 4, 1, 3, 5))
    return b"".join((part % PRIME).to_bytes(HALF, "little") for pair in pairs for part in pair)


def _library() -> Any:
    """Return py_ecc's curve, the faster one of its two."""
    from py_ecc import optimized_bls12_381

    return optimized_bls12_381


def _in_subgroup(point: Point) -> Point:
    """Return the point; ValueError if its order is another one."""
    library = _library()
    if not library.is_inf(library.multiply(point, ORDER)):
        raise ValueError("expected a point of the subgroup, got another point of the curve")
    return point
