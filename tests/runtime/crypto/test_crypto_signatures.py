"""Signatures: known answers, the rules of each scheme, and hostile bytes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py_ecc.secp256k1 import secp256k1 as curve
from pysubtensor.runtime.crypto import Keypair, Scheme, blake2_256, verify, verify_account
from pysubtensor.runtime.crypto.ecdsa import N, P, recover

from tests.vectors import load

SCHEMES = list(Scheme)
ALICE = {scheme: Keypair.from_uri("//Alice", scheme) for scheme in SCHEMES}
MESSAGE = b"known answer"
SIGNATURES = {scheme: pair.sign(MESSAGE) for scheme, pair in ALICE.items()}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_signatures_verify_for_the_keys_account(scheme: Scheme) -> None:
    pair, signature = ALICE[scheme], SIGNATURES[scheme]
    assert len(signature) == (65 if scheme == Scheme.ECDSA else 64)
    assert pair.verify(signature, MESSAGE)
    assert verify(scheme, signature, MESSAGE, pair.public)
    assert verify_account(scheme, signature, MESSAGE, pair.account)
    assert not pair.verify(signature, MESSAGE + b"!")
    assert not verify_account(scheme, signature, MESSAGE, Keypair.from_uri("//Bob", scheme).account)
    assert not verify_account(scheme, signature, MESSAGE + b"!", pair.account)


def test_every_prepared_signature() -> None:
    answers = load("formats/signatures")
    for case in answers["cases"] + answers["edge_cases"]:
        scheme = Scheme[case["scheme"].upper()]
        message, public, signature = (bytes.fromhex(case[key][2:]) for key in ("message", "public", "signature"))
        account = blake2_256(public) if scheme == Scheme.ECDSA else public
        assert verify(scheme, signature, message, public) is case["valid"], case
        assert verify_account(scheme, signature, message, account) is case["valid"], case
        assert "0x" + account.hex() == case.get("account", "0x" + account.hex())


@pytest.mark.parametrize(
    ("seed", "message", "public", "signature"),
    [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "72",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ],
)
def test_ed25519_signs_as_in_rfc_8032(seed: str, message: str, public: str, signature: str) -> None:
    pair = Keypair.from_seed(bytes.fromhex(seed), Scheme.ED25519)
    assert pair.public.hex() == public
    assert pair.sign(bytes.fromhex(message)).hex() == signature
    assert pair.verify(bytes.fromhex(signature), bytes.fromhex(message))


def test_sr25519_requires_the_schnorrkel_marker() -> None:
    signature = SIGNATURES[Scheme.SR25519]
    assert signature[63] & 0x80
    unmarked = signature[:63] + bytes([signature[63] & 0x7F])
    assert not ALICE[Scheme.SR25519].verify(unmarked, MESSAGE)


def test_sr25519_accepts_the_neutral_key() -> None:
    assert verify(Scheme.SR25519, bytes(63) + b"\x80", b"anything", bytes(32))


def test_ecdsa_accepts_ethereums_v_and_a_high_s() -> None:
    pair, signature = ALICE[Scheme.ECDSA], SIGNATURES[Scheme.ECDSA]
    r, s, v = signature[:32], int.from_bytes(signature[32:64], "big"), signature[64]
    assert signature == pair.sign(MESSAGE)
    assert v in (0, 1)
    assert s * 2 < N
    assert pair.verify(signature[:64] + bytes([v + 27]), MESSAGE)
    assert pair.verify(r + (N - s).to_bytes(32, "big") + bytes([v ^ 1]), MESSAGE)
    for wrong in {*range(256)} - {v, v + 27}:
        assert not pair.verify(signature[:64] + bytes([wrong]), MESSAGE)


def test_ecdsa_recovers_keys_of_points_beyond_the_order() -> None:
    """x = r + N fits the field for small r; the key has to pass the textbook's verification."""
    r = next(r for r in range(1, 100) if pow((r + N) ** 3 + 7, (P - 1) // 2, P) == 1)
    s, z = 12345, int.from_bytes(blake2_256(MESSAGE), "big")
    start = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    for v in (2, 3, 29, 30):
        public = recover(start + bytes([v]), MESSAGE)
        assert public is not None
        x = int.from_bytes(public[1:], "big")
        y = pow(x**3 + 7, (P + 1) // 4, P)
        key = (x, y if y & 1 == public[0] & 1 else P - y)
        inverse = pow(s, -1, N)
        point = curve.add(curve.multiply(curve.G, z * inverse % N), curve.multiply(key, r * inverse % N))
        assert point[0] == r + N
        assert point[1] & 1 == (v - 27 if v > 26 else v) & 1
        assert recover(start + bytes([v ^ 2 if v < 4 else v - 2]), MESSAGE) != public


def test_ecdsa_recovers_no_key_where_none_can_be() -> None:
    good = SIGNATURES[Scheme.ECDSA]
    z = blake2_256(MESSAGE)
    neutral = curve.G[0].to_bytes(32, "big") + z + b"\0"
    off_curve = next(x for x in range(1, 100) if pow(x**3 + 7, (P - 1) // 2, P) == P - 1)
    for hostile in (
        bytes(32) + good[32:],
        good[:32] + bytes(32) + good[64:],
        N.to_bytes(32, "big") + good[32:],
        good[:32] + N.to_bytes(32, "big") + good[64:],
        off_curve.to_bytes(32, "big") + good[32:],
        good[:64] + bytes([good[64] + 2]),
        neutral,
        b"\xff" * 65,
    ):
        assert recover(hostile, MESSAGE) is None


@settings(max_examples=60)
@given(scheme=st.sampled_from(SCHEMES), bit=st.integers(0, 511))
def test_every_bit_of_a_signature_matters(scheme: Scheme, bit: int) -> None:
    flipped = int.from_bytes(SIGNATURES[scheme], "little") ^ 1 << bit
    signature = flipped.to_bytes(len(SIGNATURES[scheme]), "little")
    assert not verify_account(scheme, signature, MESSAGE, ALICE[scheme].account)


@settings(max_examples=100)
@given(scheme=st.sampled_from(SCHEMES), signature=st.binary(max_size=100), public=st.binary(max_size=40))
def test_bytes_of_any_length_verify_as_true_or_false(scheme: Scheme, signature: bytes, public: bytes) -> None:
    assert verify(scheme, signature, MESSAGE, public) is False
    assert verify_account(scheme, signature, MESSAGE, public) is False
    assert verify(scheme, SIGNATURES[scheme], MESSAGE, public) is False
    assert verify(scheme, signature, MESSAGE, ALICE[scheme].public) is False


@settings(max_examples=100)
@given(
    scheme=st.sampled_from(SCHEMES),
    signature=st.binary(min_size=65, max_size=65),
    public=st.binary(min_size=32, max_size=32),
)
def test_bytes_of_the_right_length_verify_as_true_or_false(scheme: Scheme, signature: bytes, public: bytes) -> None:
    signature = signature if scheme == Scheme.ECDSA else signature[:64]
    assert verify(scheme, signature, MESSAGE, public) in (True, False)
    assert verify_account(scheme, signature, MESSAGE, ALICE[scheme].account) is False
