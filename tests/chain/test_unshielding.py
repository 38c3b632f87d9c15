"""Shielded transactions end to end: a client encrypts with the announced key, the author decrypts and includes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from pysubtensor.chain.clock import TimeLimit
from pysubtensor.chain.pool.rejections import Invalid
from pysubtensor.chain.unshielding import LOOKED_BACK, RandomShieldKeys, ShieldKeys
from pysubtensor.genesis.presets import dev, localnet
from pysubtensor.runtime.client.encryption import encrypt
from pysubtensor.runtime.crypto import ml_kem
from pysubtensor.runtime.frame.era import IMMORTAL, Era
from pysubtensor.runtime.frame.extrinsic import ExtrinsicCodec
from pysubtensor.runtime.frame.header import Header
from pysubtensor.runtime.frame.validity import Custom, Stale
from pysubtensor.runtime.pallets.mev_shield import announce_next_key, submit_encrypted
from pysubtensor.runtime.pallets.safe_mode import force_enter
from pysubtensor.runtime.pallets.sudo import sudo
from pysubtensor.runtime.pallets.system import ExtrinsicFailed, remark

from pysubtensor import Chain, Keypair, LogicalClock
from tests.world import ALICE_KEY as ALICE
from tests.world import BOB_KEY as BOB
from tests.world import KEYS, TAO

NONCE, MESSAGE = bytes(24), bytes(range(32))


@pytest.fixture
def chain() -> Iterator[Chain]:
    """A chain whose first key is pending, so that the next block decrypts transactions encrypted now."""
    with Chain.dev() as chain:
        chain.produce(3)
        yield chain


def transfer(chain: Chain, key: Keypair, nonce: int) -> bytes:
    return chain.sign(chain.call("Balances.transfer_keep_alive", dest="//Dave", value=TAO), key, nonce=nonce)


def dave(chain: Chain) -> int:
    balance: int = chain.query("System.Account", "//Dave").data.free
    return balance


def wrapper(chain: Chain, inside: bytes, key: Keypair = ALICE, nonce: int = 0, public: bytes | None = None) -> bytes:
    """Return an encoded `submit_encrypted` with these bytes as content, as clients build it."""
    encapsulation_key = public or chain.query("MevShield.NextKey")
    ciphertext = encrypt(encapsulation_key, inside, MESSAGE, NONCE).ciphertext()
    return chain.sign(submit_encrypted.call(ciphertext), key, nonce=nonce, era=Era.mortal(8, chain.head.number))


def body(chain: Chain) -> list[bytes]:
    """Return the transactions of the head, without its two inherents."""
    block = chain.block(chain.head.hash)
    assert block is not None
    return list(block.body)[2:]


def test_a_shielded_transaction_follows_its_wrapper(chain: Chain) -> None:
    before, hidden = dave(chain), transfer(chain, ALICE, nonce=1)
    wrapped, other = wrapper(chain, hidden), transfer(chain, BOB, nonce=0)
    chain.submit(wrapped)
    chain.submit(other)
    chain.produce()
    assert body(chain) == [wrapped, hidden, other]
    assert dave(chain) == before + 2 * TAO
    assert len(chain.pool) == 0


def test_another_node_runs_the_block_without_knowing_any_secret(chain: Chain) -> None:
    with Chain.dev() as other:
        chain.submit(wrapper(chain, transfer(chain, ALICE, nonce=1)))
        chain.produce()
        for number in range(1, 5):
            block = chain.block(chain.hash_at(number) or b"")
            assert block is not None
            other.import_block(Header.decode(block.header), list(block.body))
        assert other.head == chain.head


def test_later_transactions_of_the_sender_wait_for_the_wrapper(chain: Chain) -> None:
    """A wrapper for another author's block stays in the pool, and so does the sender's next transaction."""
    public, _ = ml_kem.generate_key_pair(bytes(64))
    wrapped, following = wrapper(chain, b"", public=public), transfer(chain, ALICE, nonce=1)
    other = transfer(chain, BOB, nonce=0)
    for raw in (wrapped, following, other):
        chain.submit(raw)
    chain.produce()
    assert body(chain) == [other]
    assert [waiting.raw for waiting in chain.pool.ready()] == [wrapped, following]
    chain.produce(8)
    assert len(chain.pool) == 0, "its era of eight blocks is over"


@pytest.mark.parametrize("inside", [b"", b"no extrinsic at all", ExtrinsicCodec.bare(announce_next_key.call(None))])
def test_a_wrapper_with_invalid_content_is_included_alone(chain: Chain, inside: bytes) -> None:
    wrapped = wrapper(chain, inside)
    chain.submit(wrapped)
    chain.produce()
    assert body(chain) == [wrapped]


@pytest.mark.parametrize(("depth", "included"), [(8, True), (9, False)])
def test_hidden_calls_are_nested_as_deep_as_the_pool_allows(chain: Chain, depth: int, included: bool) -> None:
    call = remark.call(b"deep")
    for _ in range(depth):
        call = sudo.call(call)
    hidden = chain.sign(call, ALICE, nonce=1)
    wrapped = wrapper(chain, hidden)
    chain.submit(wrapped)
    chain.produce()
    assert body(chain) == ([wrapped, hidden] if included else [wrapped])


def test_a_hidden_call_without_a_signature_is_no_transaction(chain: Chain) -> None:
    """A block with one would be valid, but the pool keeps such extrinsics out."""
    wrapped = wrapper(chain, ExtrinsicCodec.bare(chain.call("Balances.transfer_all", dest="//Bob", keep_alive=False)))
    chain.submit(wrapped)
    chain.produce()
    assert body(chain) == [wrapped]


def test_opening_wrappers_takes_from_the_authors_time(chain: Chain) -> None:
    """The clock reads 1, 2, … at the wrappers, of which the limit allows three."""
    clock = count()
    for key in KEYS[:5]:
        chain.submit(wrapper(chain, transfer(chain, key, nonce=1), key))
    block = chain.produce_block(limit=TimeLimit(4, lambda: float(next(clock))))
    assert len(block.extrinsics) == 2 + 2 * 3
    assert chain.pool.ready_count == 2


def test_a_modified_wrapper_is_included_alone(chain: Chain) -> None:
    sealed = encrypt(chain.query("MevShield.NextKey"), transfer(chain, ALICE, 1), MESSAGE, NONCE)
    ciphertext = bytearray(sealed.ciphertext())
    ciphertext[-1] ^= 1
    call = submit_encrypted.call(bytes(ciphertext))
    wrapped = chain.sign(call, ALICE, nonce=0, era=Era.mortal(8, chain.head.number))
    chain.submit(wrapped)
    chain.produce()
    assert body(chain) == [wrapped]


def test_an_inapplicable_shielded_transaction_is_dropped(chain: Chain) -> None:
    """The nonce must be the one after the wrapper's, which has been used when the content is applied."""
    wrapped = wrapper(chain, transfer(chain, ALICE, nonce=0))
    chain.submit(wrapped)
    chain.produce()
    assert body(chain) == [wrapped]
    assert chain.query("System.Account", "//Alice").nonce == 1


def test_the_pool_refuses_invalid_ciphertexts(chain: Chain) -> None:
    era = Era.mortal(8, chain.head.number)
    with pytest.raises(Invalid) as invalid:
        chain.submit(chain.sign(submit_encrypted.call(bytes(41)), ALICE, era=era))
    assert invalid.value.reason == Custom(23)
    chain.submit(chain.sign(submit_encrypted.call(bytes(42)), ALICE, era=era))


@pytest.mark.parametrize("period", [0, 16])
def test_the_pool_refuses_wrappers_that_live_longer_than_eight_blocks(chain: Chain, period: int) -> None:
    era = Era.mortal(period, chain.head.number) if period else IMMORTAL
    with pytest.raises(Invalid) as invalid:
        chain.submit(chain.sign(submit_encrypted.call(bytes(42)), ALICE, era=era))
    assert invalid.value.reason == Stale()


# --- keys ----------------------------------------------------------------------------------------------------


def test_blocks_made_on_demand_announce_one_key(chain: Chain) -> None:
    chain.produce()
    assert chain.query("MevShield.CurrentKey") == chain.query("MevShield.NextKey")
    announced = chain.query("MevShield.NextKey")
    chain.produce(5)
    assert chain.query("MevShield.NextKey") == announced


def test_sealed_blocks_announce_a_fresh_key_each(chain: Chain) -> None:
    chain.produce(5, sealed=True)
    seen = {chain.query(f"MevShield.{name}Key") for name in ("Current", "Pending", "Next")}
    chain.produce(3, sealed=True)
    seen |= {chain.query(f"MevShield.{name}Key") for name in ("Current", "Pending", "Next")}
    assert len(seen) == 6


def test_in_safe_mode_blocks_continue_and_keys_stay(chain: Chain) -> None:
    """The chain's filter refuses the inherent, which is not mandatory."""
    chain.produce(2, sealed=True)
    chain.execute(sudo.call(force_enter.call()), ALICE)
    keys = chain.query("MevShield.NextKey")
    chain.produce(2, sealed=True)
    assert chain.query("MevShield.NextKey") == keys
    failed = [event for event in chain.query("System.Events") if isinstance(event.event, ExtrinsicFailed)]
    assert [event.phase.extrinsic_index for event in failed] == [1]


def test_a_chain_without_authorities_announces_nothing() -> None:
    with Chain.dev(authorities=()) as chain:
        chain.produce()
        block = chain.block(chain.head.hash)
        assert block is not None
        assert len(block.body) == 1


@pytest.mark.parametrize("single_authority", [True, False])
def test_a_fresh_key_opens_in_the_block_after_the_next(single_authority: bool) -> None:
    config = localnet(single_authority=single_authority, wallet="")
    with Chain(config, clock=LogicalClock(config.slot_duration_ms)) as chain:
        chain.produce(6, sealed=True)
        hidden = transfer(chain, ALICE, nonce=1)
        wrapped = wrapper(chain, hidden)
        chain.submit(wrapped)
        chain.produce(sealed=True)
        assert body(chain) == []
        chain.produce(sealed=True)
        assert body(chain) == [wrapped, hidden]


def test_a_reopened_chain_decrypts_earlier_transactions(tmp_path: Path) -> None:
    with Chain(dev(), tmp_path) as chain:
        chain.produce(6, sealed=True)
        hidden = transfer(chain, ALICE, nonce=1)
        wrapped = wrapper(chain, hidden)
    with Chain(dev(), tmp_path) as chain:
        chain.submit(wrapped)
        chain.produce(2, sealed=True)
        assert body(chain) == [wrapped, hidden]


def test_the_same_block_is_the_same_bytes() -> None:
    with Chain.dev() as one, Chain.dev() as other:
        assert one.produce(3) == other.produce(3)
        public = [ShieldKeys(chain.genesis_hash).announced(7, fresh=True) for chain in (one, other)]
        assert public[0] == public[1]


def test_an_old_key_is_not_searched_for() -> None:
    keys = ShieldKeys(bytes(32))
    public = keys.announced(5, fresh=True)
    assert keys.secret_of(public, 6) == keys.secret_of(public, 36) is not None
    assert keys.secret_of(public, 38) is None
    assert keys.secret_of(public, 5) is None


# --- random keys ---------------------------------------------------------------------------------------------


def test_random_keys_open_what_they_announced(chain: Chain) -> None:
    chain.shield_keys = RandomShieldKeys()
    chain.produce(6, sealed=True)
    hidden = transfer(chain, ALICE, nonce=1)
    wrapped = wrapper(chain, hidden)
    chain.submit(wrapped)
    chain.produce(2, sealed=True)
    assert body(chain) == [wrapped, hidden]


def test_blocks_made_on_demand_announce_one_random_key(chain: Chain) -> None:
    chain.shield_keys = RandomShieldKeys()
    chain.produce(2 * LOOKED_BACK + 2)
    hidden = transfer(chain, ALICE, nonce=1)
    wrapped = wrapper(chain, hidden)
    chain.submit(wrapped)
    chain.produce()
    assert body(chain) == [wrapped, hidden]


def test_random_keys_follow_from_nothing_that_is_known() -> None:
    seen = {RandomShieldKeys().announced(7, fresh=True) for _ in range(3)} | {ShieldKeys(b"").announced(7, fresh=True)}
    assert len(seen) == 4
    keys = RandomShieldKeys()
    again = [keys.announced(7, fresh=True) for _ in range(2)]
    assert again[0] != again[1], "a block that is made again announces another key"
    assert [keys.secret_of(public, 8) is None for public in again] == [True, False]


def test_random_keys_are_forgotten() -> None:
    keys = RandomShieldKeys()
    public = keys.announced(5, fresh=True)
    keys.announced(5 + LOOKED_BACK, fresh=True)
    assert keys.secret_of(public, 6 + LOOKED_BACK) is not None
    keys.announced(6 + LOOKED_BACK, fresh=True)
    assert keys.secret_of(public, 7 + LOOKED_BACK) is None
    assert "secret" not in repr(keys._pairs[6 + LOOKED_BACK])
