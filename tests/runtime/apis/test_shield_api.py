"""ShieldApi, called as a node's author calls it."""

from __future__ import annotations

from pysubtensor.chain.embed.chain import Chain
from pysubtensor.runtime.client.encryption import encrypt
from pysubtensor.runtime.crypto import ml_kem, twox_128
from pysubtensor.runtime.frame.block_types import UncheckedExtrinsic
from pysubtensor.runtime.frame.era import Era
from pysubtensor.runtime.frame.extrinsic import ExtrinsicCodec
from pysubtensor.runtime.pallets.mev_shield import submit_encrypted
from pysubtensor.runtime.pallets.shared.shielded_transaction import ShieldedTransaction
from pysubtensor.runtime.pallets.system import remark
from pysubtensor.runtime.scale import codec_of, encode_compact

from tests.world import ALICE_KEY

OPTIONAL_TRANSACTION = codec_of(ShieldedTransaction | None)
OPTIONAL_EXTRINSIC = codec_of(UncheckedExtrinsic | None)
PUBLIC, SECRET = ml_kem.generate_key_pair(bytes(64))
#: Key hash, length 2, a secret of 2 bytes, a nonce, 3 bytes more.
CIPHERTEXT = b"K" * 16 + b"\2\0" + b"ss" + b"N" * 24 + b"aed"


def decoded(chain: Chain, raw: bytes) -> ShieldedTransaction | None:
    return OPTIONAL_TRANSACTION.decode(chain.call_api("ShieldApi_try_decode_shielded_tx", raw))


def test_a_shielded_transaction_is_parsed() -> None:
    with Chain.dev() as chain:
        chain.produce(2)
        parts = ShieldedTransaction(b"K" * 16, b"ss", b"aed", b"N" * 24)
        signed = chain.sign(submit_encrypted.call(CIPHERTEXT), ALICE_KEY, era=Era.mortal(8, 1))
        assert decoded(chain, signed) == parts
        assert decoded(chain, ExtrinsicCodec.bare(submit_encrypted.call(CIPHERTEXT))) == parts
        assert parts.ciphertext() == CIPHERTEXT
        assert decoded(chain, chain.sign(remark.call(CIPHERTEXT), ALICE_KEY)) is None
        assert decoded(chain, signed[:-1] + bytes([signed[-1] ^ 1])) is None, "the signature is checked"
        assert decoded(chain, chain.sign(submit_encrypted.call(CIPHERTEXT[:42]), ALICE_KEY)) is None


def test_the_pending_key_is_the_one_in_use() -> None:
    with Chain.dev() as chain:
        chain.produce(2)
        name = twox_128(chain.query("MevShield.NextKey"))
        assert chain.call_api("ShieldApi_is_shielded_using_current_key", name) == b"\0"
        chain.produce()
        assert chain.call_api("ShieldApi_is_shielded_using_current_key", name) == b"\1"
        assert chain.call_api("ShieldApi_is_shielded_using_current_key", bytes(16)) == b"\0"


def test_a_transaction_is_decrypted_with_its_own_key() -> None:
    inside = ExtrinsicCodec.bare(remark.call(b"hello"))
    sealed = encrypt(PUBLIC, inside + b"what follows is passed over", bytes(32), bytes(24))
    with Chain.dev() as chain:

        def opened(secret: bytes, transaction: ShieldedTransaction) -> bytes | None:
            arguments = codec_of(bytes).encode(secret) + ShieldedTransaction.scale.encode(transaction)
            answer = OPTIONAL_EXTRINSIC.decode(chain.call_api("ShieldApi_try_unshield_tx", arguments), chain.runtime)
            return None if answer is None else answer.raw

        assert opened(SECRET, sealed) == inside
        assert opened(ml_kem.generate_key_pair(bytes(63) + b"\1")[1], sealed) == inside, "z is for refusals alone"
        assert opened(ml_kem.generate_key_pair(b"\1" + bytes(63))[1], sealed) is None
        assert opened(SECRET[:-1], sealed) is None
        assert opened(SECRET, ShieldedTransaction(bytes(16), sealed.kem_ct[1:], sealed.aead_ct, bytes(24))) is None
        assert opened(SECRET, ShieldedTransaction(bytes(16), sealed.kem_ct, sealed.aead_ct, b"1" * 24)) is None
        assert opened(SECRET, ShieldedTransaction(bytes(16), sealed.kem_ct, b"short", bytes(24))) is None
        assert opened(SECRET, encrypt(PUBLIC, b"", bytes(32), bytes(24))) is None
        assert opened(SECRET, encrypt(PUBLIC, encode_compact(1) + b"\4", bytes(32), bytes(24))) is None
