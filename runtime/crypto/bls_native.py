"""The curve BLS12-381 by arkworks, compiled (py_arkworks_bls12381): the interface is `bls.Curve`."""

from __future__ import annotations

from py_arkworks_bls12381 import GT, G1Point, G2Point, Scalar

_GENERATOR_G2 = G2Point()


def identity_g1() -> G1Point:
    return G1Point.identity()


def identity_g2() -> G2Point:
    return G2Point.identity()


def decode_g1(data: bytes) -> G1Point:
    return G1Point.from_compressed_bytes(data)


def decode_g2(data: bytes) -> G2Point:
    return G2Point.from_compressed_bytes(data)


def encode_g1(point: G1Point) -> bytes:
    return bytes(point.to_compressed_bytes())


def encode_g2(point: G2Point) -> bytes:
    return bytes(point.to_compressed_bytes())


def hash_to_g1(message: bytes, domain: bytes) -> G1Point:
    return G1Point.hash_to_curve(message, domain)


def multiply_g1(point: G1Point, scalar: int) -> G1Point:
    return point * Scalar(scalar)


def multiply_generator_g2(scalar: int) -> G2Point:
    return _GENERATOR_G2 * Scalar(scalar)


def verify(signature: G1Point, message: G1Point, public: G2Point) -> bool:
    return GT.pairing_check([-signature, message], [_GENERATOR_G2, public])


def pairing(point: G1Point, other: G2Point) -> bytes:
    return bytes.fromhex(str(GT.pairing(point, other)))  # the only form in which the library gives it
