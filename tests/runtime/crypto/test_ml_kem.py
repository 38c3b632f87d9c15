"""ML-KEM-768 against two other implementations of FIPS 203 (pycryptodome 4.4 and cryptography 50), which agree."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysubtensor.runtime.crypto.ml_kem import decapsulate, encapsulate, generate_key_pair

SEED, MESSAGE = bytes(range(64)), bytes(range(32))


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def test_keys_are_derived_from_their_seed() -> None:
    public, secret = generate_key_pair(SEED)
    assert (len(public), len(secret)) == (1184, 2400)
    assert digest(public) == "0b7934c83125c788995e2ba6bd761e33046b3e40571be53e023309a29f398cc9"
    assert digest(secret) == "dac268bde6a8dd238e9887117d6b664e7a7a9350ad6b7c08a948e504809572a5"


def test_a_secret_is_encapsulated() -> None:
    public, secret = generate_key_pair(SEED)
    shared, ciphertext = encapsulate(public, MESSAGE)
    assert shared.hex() == "42f558b0bc5d700a911b0fc67f62376f7aee4667f1969e03f18bdfdf3c59fbdc"
    assert digest(ciphertext) == "39826fe40dc54a3fef68b7c228ed8fb22931012b6fa3bd3e7f204d54db0ac1e1"
    assert decapsulate(secret, ciphertext) == shared


def test_a_changed_ciphertext_decapsulates_to_another_secret() -> None:
    """Implicit rejection: who sends garbage must not learn that it was noticed."""
    public, secret = generate_key_pair(SEED)
    _, ciphertext = encapsulate(public, MESSAGE)
    changed = bytes([ciphertext[0] ^ 1]) + ciphertext[1:]
    assert decapsulate(secret, changed).hex() == "9e51562e9a581c5c19710dd3157c0582ede68ffbf0769ec53ad7e439d1a9beec"


@settings(max_examples=20)
@given(st.binary(min_size=64, max_size=64), st.binary(min_size=32, max_size=32))
def test_encapsulated_secrets_are_decapsulated(seed: bytes, message: bytes) -> None:
    public, secret = generate_key_pair(seed)
    shared, ciphertext = encapsulate(public, message)
    assert decapsulate(secret, ciphertext) == shared


def test_wrong_lengths_are_refused() -> None:
    public, secret = generate_key_pair(SEED)
    with pytest.raises(ValueError, match="expected a seed of 64 bytes, got 63"):
        generate_key_pair(SEED[1:])
    with pytest.raises(ValueError, match="expected a key of 1184 bytes and 32 random ones, got 1183 and 32"):
        encapsulate(public[1:], MESSAGE)
    with pytest.raises(ValueError, match="expected a key of 2400 and a ciphertext of 1088 bytes, got 2400 and 4"):
        decapsulate(secret, bytes(4))
