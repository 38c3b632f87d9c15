"""Shielded transactions in a network: only the author whose key it was can open them, in its own block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pysubtensor.runtime.client.encryption import encrypt
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.frame.era import Era
from pysubtensor.runtime.pallets.mev_shield import NextKey, submit_encrypted

from tests.chain.network.fake_engine import FakeEngine
from tests.chain.network.test_application import heads, transfer
from tests.world import ALICE_KEY

if TYPE_CHECKING:
    from tests.chain.network.conftest import MakeNetwork


def submit_wrapped(engine: FakeEngine) -> tuple[bytes, bytes]:
    """Give all nodes a transfer that is encrypted for the author of the block after the next one."""
    chain = engine.nodes[0].chain
    public, hidden = NextKey.get(chain.context()), transfer(engine.nodes[0], 1)
    assert public is not None
    call = submit_encrypted.call(encrypt(public, hidden, bytes(range(32)), bytes(24)).ciphertext())
    era = Era.mortal(8, chain.head.number)
    wrapper = Signer(chain.genesis_hash).sign(call, ALICE_KEY, nonce=0, era=era, era_hash=chain.head.hash)
    for node in engine.nodes:
        assert node.call("check_tx", tx=wrapper).code == 0
    return wrapper, hidden


def test_the_expected_author_opens_what_is_encrypted_for_it(network: MakeNetwork) -> None:
    engine = network(4)
    for _ in range(6):
        engine.height()
    wrapper, hidden = submit_wrapped(engine)
    engine.height()
    assert wrapper not in engine.blocks[-1].transactions
    engine.height()
    assert engine.blocks[-1].transactions[3:] == (wrapper, hidden)
    assert len(heads(engine)) == 1


def test_another_author_leaves_it_to_the_expected_ones_next_turn(network: MakeNetwork) -> None:
    engine = network(4)
    for _ in range(6):
        engine.height()
    wrapper, hidden = submit_wrapped(engine)
    engine.height()
    public = engine.proposer(len(engine.blocks) + 1, 0)
    expected = engine.node_of(public)
    assert engine.height(down=[expected]) == 1
    engine.handshake(expected)
    for _ in range(8):
        engine.height()
    (included,) = (block for block in engine.blocks if wrapper in block.transactions)
    assert included.height > 8
    assert included.proposer == public
    assert included.transactions[3:] == (wrapper, hidden)
