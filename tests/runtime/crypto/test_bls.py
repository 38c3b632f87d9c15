"""BLS12-381 in both implementations: quicknet's signatures, hashes of RFC 9380, and bytes that are not points."""

from __future__ import annotations

from hashlib import sha256

import pytest
from pysubtensor.runtime.crypto import bls, bls_pure

from tests.vectors import load

from .curves import CURVES, Curve

QUICKNET = load("drand/quicknet")
PUBLIC = bytes.fromhex(QUICKNET["beacon"]["public_key"])
SIGNATURES = {pulse["round"]: bytes.fromhex(pulse["signature"]) for pulse in QUICKNET["pulses"]}
ROUNDS = {number: sha256(number.to_bytes(8, "big")).digest() for number in (1000, 1001, 2000)}
#: The generators as zcash writes them, which the drafts of the curve list.
G1 = bytes.fromhex("97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb")
G2 = bytes.fromhex(
    "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
    "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
)
INFINITY_1, INFINITY_2 = b"\xc0" + bytes(47), b"\xc0" + bytes(95)
#: RFC 9380, appendix J.9.1: the hash of a message, and the x and y of the point.
RFC_DOMAIN = b"QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_"
RFC_HASHES = {
    b"": (
        "052926add2207b76ca4fa57a8734416c8dc95e24501772c814278700eed6d1e4e8cf62d9c09db0fac349612b759e79a1",
        "08ba738453bfed09cb546dbb0783dbb3a5f1f566ed67bb6be0e8c67e2e81a4cc68ee29813bb7994998f3eae0c9c6a265",
    ),
    b"abc": (
        "03567bc5ef9c690c2ab2ecdf6a96ef1c139cc0b2f284dca0a9a7943388a49a3aee664ba5379a7655d3c68900be2f6903",
        "0b9c15f3fe6e5cf4211f346271d7b01c8f3b28be689c8429c85b67af215533311f0b8dfaaa154fa6b88176c229f2885d",
    ),
}

pytestmark = pytest.mark.parametrize("on", CURVES)


@pytest.mark.parametrize("number", SIGNATURES)
def test_signatures_of_quicknet_are_valid(on: Curve, number: int) -> None:
    assert bls.verify(PUBLIC, ROUNDS[number], SIGNATURES[number], on)


@pytest.mark.parametrize(
    ("number", "signature"), [(1000, SIGNATURES[2000]), (1001, SIGNATURES[1000]), (1000, G1), (1000, INFINITY_1)]
)
def test_signatures_of_other_rounds_and_other_points_are_not(on: Curve, number: int, signature: bytes) -> None:
    assert not bls.verify(PUBLIC, ROUNDS[number], signature, on)


def test_the_key_at_infinity_signs_nothing_but_infinity(on: Curve) -> None:
    assert bls.verify(INFINITY_2, ROUNDS[1000], INFINITY_1, on)
    assert not bls.verify(INFINITY_2, ROUNDS[1000], SIGNATURES[1000], on)


@pytest.mark.parametrize("message", RFC_HASHES)
def test_hashes_are_those_of_rfc_9380(on: Curve, message: bytes) -> None:
    x, y = RFC_HASHES[message]
    greater = int(y, 16) > (bls_pure.PRIME - 1) // 2
    encoded = bytes.fromhex(x)
    flags = 0x80 | (0x20 if greater else 0)
    assert on.encode_g1(on.hash_to_g1(message, RFC_DOMAIN)) == bytes((encoded[0] | flags,)) + encoded[1:]


def test_points_are_encoded_as_they_were_decoded(on: Curve) -> None:
    for point in (G1, SIGNATURES[1000], SIGNATURES[2000], INFINITY_1):
        assert on.encode_g1(bls.decode_g1(on, point)) == point
    for point in (G2, PUBLIC, INFINITY_2):
        assert on.encode_g2(bls.decode_g2(on, point)) == point


def test_the_generators_are_the_known_ones(on: Curve) -> None:
    assert on.encode_g2(on.multiply_generator_g2(1)) == G2 == bls.public_of_secret(1, on)
    assert on.encode_g1(on.multiply_g1(bls.decode_g1(on, G1), 1)) == G1
    assert on.encode_g1(on.multiply_g1(bls.decode_g1(on, G1), bls.ORDER - 1)) == bytes((G1[0] ^ 0x20,)) + G1[1:]


def test_a_signature_is_valid_for_its_key_alone(on: Curve) -> None:
    secret = 0x1234567890ABCDEF
    public, signature = bls.public_of_secret(secret, on), bls.sign(secret, b"message", on)
    assert bls.verify(public, b"message", signature, on)
    assert not bls.verify(public, b"massage", signature, on)
    assert not bls.verify(PUBLIC, b"message", signature, on)


@pytest.mark.parametrize(
    ("data", "meaning"),
    [
        (b"", "nothing"),
        (SIGNATURES[1000][:-1], "a byte is missing"),
        (bytes(48), "no flag of compression"),
        (bytes((SIGNATURES[1000][0] & 0x7F,)) + SIGNATURES[1000][1:], "no flag of compression"),
        (b"\x9a" + b"\xff" * 47, "x is not below the prime"),
        (b"\x80" + bytes(46) + b"\1", "no y for this x"),
        (b"\x80" + bytes(47), "on the curve, with x = 0, but not in the subgroup"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_other_bytes_are_no_points_of_g1(on: Curve, data: bytes, meaning: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        bls.decode_g1(on, data)


@pytest.mark.parametrize(
    ("data", "meaning"),
    [
        (PUBLIC[:-1], "a byte is missing"),
        (bytes(96), "no flag of compression"),
        (b"\x9a" + b"\xff" * 47 + bytes(48), "the first half is not below the prime"),
        (PUBLIC[:48] + b"\x1a" + b"\xff" * 47, "the second half is not below the prime"),
        (PUBLIC[:48] + b"\x9a" + PUBLIC[49:], "flags in the second half"),
        (b"\x80" + bytes(94) + b"\2", "on the curve, with x = 2, but not in the subgroup"),
        (b"\x80" + bytes(94) + b"\1", "no y for this x"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_other_bytes_are_no_points_of_g2(on: Curve, data: bytes, meaning: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        bls.decode_g2(on, data)


def test_what_the_chain_ignores_in_points_is_ignored(on: Curve) -> None:
    """Bytes after a point, and all but the flag in the point at infinity, as ark-bls12-381 0.4 does."""
    assert on.encode_g1(bls.decode_g1(on, SIGNATURES[1000] + b"more")) == SIGNATURES[1000]
    assert on.encode_g1(bls.decode_g1(on, b"\xe0" + b"\xff" * 47)) == INFINITY_1
    assert on.encode_g2(bls.decode_g2(on, b"\xff" * 96)) == INFINITY_2


def test_both_implementations_agree_on_pairings(on: Curve) -> None:
    ours = on.pairing(bls.decode_g1(on, SIGNATURES[1000]), bls.decode_g2(on, PUBLIC))
    assert ours == bls_pure.pairing(bls.decode_g1(bls_pure, SIGNATURES[1000]), bls.decode_g2(bls_pure, PUBLIC))
    one = on.pairing(bls.decode_g1(on, INFINITY_1), bls.decode_g2(on, PUBLIC))
    assert one == b"\1" + bytes(575)
