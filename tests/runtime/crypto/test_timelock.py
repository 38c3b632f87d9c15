"""Timelock encryption: ciphertexts that the genuine chain opened, and those that no signature opens."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from pysubtensor.runtime.crypto import bls
from pysubtensor.runtime.crypto.timelock import TimelockError, decrypt, encrypt

from tests.vectors import load

from .curves import CURVES, Curve

QUICKNET = load("drand/quicknet")
PUBLIC = bytes.fromhex(QUICKNET["beacon"]["public_key"])
SIGNATURES = {pulse["round"]: bytes.fromhex(pulse["signature"]) for pulse in QUICKNET["pulses"]}
SEALED: list[dict[str, Any]] = QUICKNET["sealed"]
SHORTEST = bytes.fromhex(SEALED[0]["ciphertext"])
#: Where the parts of the shortest ciphertext begin, with their lengths before them: U, V, W, body, cipher.
V, W, BODY = 96, 96 + 40, 96 + 80
NONCE_LENGTH = BODY + 8 + 8 + 17


@pytest.mark.parametrize("on", CURVES)
@pytest.mark.parametrize("sealed", SEALED, ids=lambda sealed: f"{sealed['round']}-{len(sealed['message']) // 2}")
def test_genuine_ciphertexts_are_opened_by_their_round(on: Curve, sealed: dict[str, Any]) -> None:
    message = decrypt(bytes.fromhex(sealed["ciphertext"]), SIGNATURES[sealed["round"]], on)
    assert message.hex() == sealed["message"]


@pytest.mark.parametrize("on", CURVES)
def test_the_signature_of_another_round_does_not_open_it(on: Curve) -> None:
    with pytest.raises(TimelockError, match="not that of the round"):
        decrypt(SHORTEST, SIGNATURES[2000], on)


def test_what_is_encrypted_is_opened_by_the_signature() -> None:
    identity = sha256((1000).to_bytes(8, "big")).digest()
    for message in (b"", b"weights", bytes(4_000)):
        sealed = encrypt(PUBLIC, identity, message, b"s" * 32, b"k" * 32, b"n" * 12)
        assert decrypt(sealed, SIGNATURES[1000]) == message
    assert len(encrypt(PUBLIC, identity, bytes(1), b"s" * 32, b"k" * 32, b"n" * 12)) == len(SHORTEST)


def changed(at: int, data: bytes, remove: int = 0) -> bytes:
    """Return the shortest ciphertext with other bytes at a position, of which some are removed before."""
    return SHORTEST[:at] + data + SHORTEST[at + (remove or len(data)) :]


@pytest.mark.parametrize("at", [0, 50, V + 8, W + 8, BODY + 16, BODY + 24])
def test_a_changed_byte_in_any_part_is_noticed(at: int) -> None:
    with pytest.raises(TimelockError):
        decrypt(changed(at, bytes((SHORTEST[at] ^ 1,))), SIGNATURES[1000])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        SHORTEST[:95],
        SHORTEST[:-1],
        SHORTEST[: BODY + 7],
        b"\xc0" + bytes(95) + SHORTEST[96:],  # U at infinity
        changed(V, (33).to_bytes(8, "little") + bytes(33), 40),  # the chain panics
        changed(V, (31).to_bytes(8, "little") + bytes(31), 40),  # the chain panics
        changed(W, (33).to_bytes(8, "little") + bytes(33), 40),
        changed(W, (31).to_bytes(8, "little") + bytes(31), 40),
        changed(V, b"\xff" * 8),  # a length beyond the end
        changed(BODY + 8, (15).to_bytes(8, "little")),
        changed(NONCE_LENGTH, (13).to_bytes(8, "little")),
    ],
)
def test_other_bytes_are_no_ciphertexts(data: bytes) -> None:
    with pytest.raises(TimelockError):
        decrypt(data, SIGNATURES[1000])


@pytest.mark.parametrize("length", [13, 11])
def test_a_nonce_has_12_bytes(length: int) -> None:
    body = SHORTEST[BODY + 8 : NONCE_LENGTH] + length.to_bytes(8, "little") + bytes(length)
    tail = (8).to_bytes(8, "little") + b"AES_GCM_"
    with pytest.raises(TimelockError, match="nonce of 12 bytes"):
        decrypt(SHORTEST[:BODY] + len(body).to_bytes(8, "little") + body + tail, SIGNATURES[1000])


def test_what_the_chain_ignores_is_ignored() -> None:
    """Bytes after the ciphertext and after the signature, and the name of the cipher."""
    message = bytes.fromhex(SEALED[0]["message"])
    assert decrypt(SHORTEST + b"more", SIGNATURES[1000] + b"more") == message
    assert decrypt(SHORTEST[:-8] + b"whatever", SIGNATURES[1000]) == message


@pytest.mark.parametrize("signature", [b"", bytes(48), SIGNATURES[1000][:47], b"\x80" + bytes(47)])
def test_bytes_that_are_no_signature_open_nothing(signature: bytes) -> None:
    with pytest.raises(TimelockError):
        decrypt(SHORTEST, signature)


def test_both_key_and_identity_matter() -> None:
    other = bls.public_of_secret(7)
    sealed = encrypt(other, b"identity", b"message", b"s" * 32, b"k" * 32, b"n" * 12)
    assert decrypt(sealed, bls.sign(7, b"identity")) == b"message"
    for signature in (bls.sign(8, b"identity"), bls.sign(7, b"other")):
        with pytest.raises(TimelockError):
            decrypt(sealed, signature)
