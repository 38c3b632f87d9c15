"""Acting as any account without its key."""

from __future__ import annotations

import pytest
from pysubtensor.chain.cheats.impersonation import (
    MAGIC_SIGNATURE,
    impersonate,
    impersonate_everyone,
    stop_impersonating,
)
from pysubtensor.chain.clock import LogicalClock
from pysubtensor.chain.pool.rejections import Invalid
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.crypto import ss58_encode

from pysubtensor import Chain, ChainError, Keypair

TAO = 10**9
#: An account for which no key is known.
STRANGER = bytes(range(32))
BOB = Keypair.from_uri("//Bob")


def free(chain: Chain, who: bytes) -> int:
    data = chain.query("System.Account", who).data
    assert isinstance(data.free, int)
    return data.free


def test_an_account_without_a_key_signs_transactions() -> None:
    with Chain.dev() as chain:
        chain.fund(STRANGER, TAO)
        with chain.as_account(ss58_encode(STRANGER)) as key:
            receipt = chain.execute("Balances.transfer_keep_alive", key, dest=BOB, value=1000)
            assert receipt.fee is not None
            assert (free(chain, STRANGER), chain.nonce(STRANGER)) == (TAO - 1000 - receipt.fee, 1)
            assert free(chain, BOB.account) == 1_000_000 * TAO + 1000
        block = chain.block(receipt.block_hash)
        assert block is not None
        assert MAGIC_SIGNATURE in block.body[receipt.index]
        with pytest.raises(Invalid, match="bad signature"):
            chain.execute("Balances.transfer_keep_alive", key, dest=BOB, value=1000)


def test_a_long_transaction_needs_no_signature_either() -> None:
    with Chain.dev() as chain:
        key = chain.as_account("//Alice")
        receipt = chain.execute("System.remark_with_event", key, remark=bytes(20_000))
        assert receipt.error is None


def test_an_anchor_ends_what_began_inside() -> None:
    with Chain.dev() as chain:
        with chain.anchor():
            key = chain.as_account("//Alice")
        with pytest.raises(Invalid, match="bad signature"):
            chain.execute("System.remark", key, remark=b"")


def test_the_signer_stands_in_for_the_account_that_it_impersonates() -> None:
    """What a client signs with its own key and its own nonce acts as the other account, which pays."""
    with Chain.dev() as chain:
        chain.fund(STRANGER, TAO)
        chain.execute("System.remark", "//Bob", remark=b"")
        impersonate(chain, STRANGER, signer=BOB)
        assert chain.pool.next_nonce(BOB.account) == 0
        before = free(chain, BOB.account)
        receipt = chain.execute("Balances.transfer_keep_alive", BOB, dest="//Dave", value=1000)
        assert receipt.fee is not None
        assert (free(chain, STRANGER), chain.nonce(STRANGER)) == (TAO - 1000 - receipt.fee, 1)
        assert (free(chain, BOB.account), chain.nonce(BOB)) == (before, 1)
        wrong = bytearray(chain.sign(chain.call("System.remark", remark=b""), BOB))
        wrong[50] ^= 1
        with pytest.raises(Invalid, match="bad signature"):
            chain.submit(bytes(wrong))
        stop_impersonating(chain, STRANGER)
        chain.execute("System.remark", BOB, remark=b"")
        assert (chain.nonce(STRANGER), chain.nonce(BOB)) == (1, 2)


def test_all_accounts_need_no_signature_if_one_wants_so() -> None:
    with Chain.dev() as chain:
        key = chain.as_account("//Alice")
        stop_impersonating(chain, "//Alice")
        impersonate_everyone(chain, True)
        chain.execute("System.remark", key, remark=b"")
        impersonate_everyone(chain, False)
        with pytest.raises(Invalid, match="bad signature"):
            chain.execute("System.remark", key, remark=b"")


def test_another_chain_refuses_the_blocks_of_impersonated_accounts() -> None:
    with Chain.dev() as chain, Chain.dev() as other:
        chain.submit(chain.sign(chain.call("System.remark", remark=b""), chain.as_account("//Alice")))
        block = chain.produce_block()
        with pytest.raises(ValueError, match="bad signature"):
            other.import_block(block.header, list(block.extrinsics))
        assert other.head.number == 0


def test_a_chain_of_type_live_knows_no_such_thing() -> None:
    config = dev(chain_type="Live")
    with (
        Chain(config, clock=LogicalClock(config.start_ms or 0)) as chain,
        pytest.raises(ChainError, match="of type Live: its accounts act by their keys alone"),
    ):
        chain.as_account("//Alice")
