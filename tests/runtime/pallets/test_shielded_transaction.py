"""The format of shielded transactions, as the crate stp-shield has it: lengths, parts, and what opens them."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.client.encryption import encrypt
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.crypto import ml_kem, twox_128
from pysubtensor.runtime.frame.extrinsic import ExtrinsicCodec
from pysubtensor.runtime.pallets.shared.shielded_transaction import ShieldedTransaction, hash_key
from pysubtensor.runtime.pallets.system import remark
from pysubtensor.runtime.shielding import unshield

PUBLIC, SECRET = ml_kem.generate_key_pair(bytes(64))
INSIDE = ExtrinsicCodec.bare(remark.call(b"hello"))


@pytest.fixture
def sealed() -> ShieldedTransaction:
    return encrypt(PUBLIC, INSIDE, bytes(32), bytes(24))


def test_a_ciphertext_has_parts_of_fixed_lengths(sealed: ShieldedTransaction) -> None:
    """16 bytes of the key's hash, a u16 and 1088 bytes of ML-KEM-768, 24 of nonce, and a tag of 16 at the end."""
    raw = sealed.ciphertext()
    assert len(raw) == 16 + 2 + 1088 + 24 + len(INSIDE) + 16
    assert raw[:18] == twox_128(PUBLIC) + b"\x40\x04"
    assert hash_key(PUBLIC) == twox_128(PUBLIC)
    assert ShieldedTransaction.parse(raw) == sealed
    least = 16 + 2 + 1088 + 24
    assert ShieldedTransaction.parse(raw[:least]) is not None
    assert ShieldedTransaction.parse(raw[: least - 1]) is None


def test_it_is_opened_by_its_key_and_no_bit_of_it_may_change(sealed: ShieldedTransaction) -> None:
    runtime = spec_425()
    opened = unshield(runtime, SECRET, sealed)
    assert opened is not None
    assert opened.raw == INSIDE
    for at in (0, len(INSIDE) - 1, len(INSIDE), len(INSIDE) + 15):
        changed = bytearray(sealed.aead_ct)
        changed[at] ^= 1
        other = ShieldedTransaction(sealed.key_hash, sealed.kem_ct, bytes(changed), sealed.nonce)
        assert unshield(runtime, SECRET, other) is None
