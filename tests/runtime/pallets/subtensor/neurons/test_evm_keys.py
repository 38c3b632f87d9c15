"""EVM keys: the association of an Ethereum account with a neuron, and its signature."""

from __future__ import annotations

import pytest
from py_ecc.secp256k1.secp256k1 import ecdsa_raw_sign, privtopub
from pysubtensor.runtime.crypto import blake2_256
from pysubtensor.runtime.crypto.ecdsa import N
from pysubtensor.runtime.crypto.hashing import keccak_256
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.origin import NONE
from pysubtensor.runtime.frame.weight import Pays, weight_of
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.events import EvmKeyAssociated
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import create_account_if_non_existent
from pysubtensor.runtime.pallets.subtensor.neurons.evm import associate_evm_key, hash_message_eip191
from pysubtensor.runtime.pallets.subtensor.neurons.uids import append_neuron
from pysubtensor.runtime.pallets.subtensor.storage.serving import AssociatedEvmAddress

from tests.costs import own_info
from tests.world import ALICE, BOB, CHARLIE, AddNetwork, Dispatch, Events, GoTo, RefusedCall

NETUID, RATE_LIMIT = 1, 10
COLDKEY, HOTKEY, OTHER = ALICE, BOB, CHARLIE
#: Hardhat's first two well-known accounts, as published with their addresses.
SECRET = bytes.fromhex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")
ADDRESS = bytes.fromhex("f39fd6e51aad88f6f4ce6ab8827279cfffb92266")
OTHER_SECRET = bytes.fromhex("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d")
OTHER_ADDRESS = bytes.fromhex("70997970c51812dc3a010c7d01b50e0d17dc79c8")


@pytest.fixture(autouse=True)
def neuron(ctx: Context, add_network: AddNetwork, go_to: GoTo) -> None:
    """Make `HOTKEY` uid 0 of the subnet, in a block from which on it may associate an EVM key."""
    create_account_if_non_existent(ctx, COLDKEY, HOTKEY)
    append_neuron(ctx, add_network(NETUID, 2), HOTKEY, 1)
    go_to(RATE_LIMIT)


def message(hotkey: bytes = HOTKEY, block_number: int = RATE_LIMIT) -> bytes:
    return hotkey + keccak_256(block_number.to_bytes(8, "little"))


def signature(digest: bytes, secret: bytes = SECRET, ethereum: bool = True) -> bytes:
    v, r, s = ecdsa_raw_sign(digest, secret)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes([v if ethereum else v - 27])


def associate(
    address: bytes = ADDRESS, block_number: int = RATE_LIMIT, signed: bytes | None = None, netuid: int = NETUID
) -> Call:
    given = signature(hash_message_eip191(message(block_number=block_number))) if signed is None else signed
    return associate_evm_key.call(netuid, address, block_number, given)


def test_a_personal_message_is_hashed_with_its_length() -> None:
    # keccak-256 of "\x19Ethereum Signed Message:\n5hello", known from the wallets' documentation.
    expected = "50b2c43fd39106bafbba0da34fc430e1f91e3c96ea2acee2bc34119f92b37750"
    assert hash_message_eip191(b"hello").hex() == expected


def test_the_keys_of_this_test_are_the_published_ones() -> None:
    for secret, address in ((SECRET, ADDRESS), (OTHER_SECRET, OTHER_ADDRESS)):
        x, y = privtopub(secret)
        assert keccak_256(x.to_bytes(32, "big") + y.to_bytes(32, "big"))[12:] == address


@pytest.mark.parametrize("ethereum", [True, False])
def test_a_signature_associates_the_key(ctx: Context, dispatch: Dispatch, events: Events, ethereum: bool) -> None:
    signed = signature(hash_message_eip191(message()), ethereum=ethereum)
    dispatch(HOTKEY, associate(signed=signed))
    assert AssociatedEvmAddress.get(ctx, NETUID, 0) == (ADDRESS, RATE_LIMIT)
    assert events()[-1] == EvmKeyAssociated(NETUID, HOTKEY, ADDRESS, RATE_LIMIT)


def test_the_block_that_is_signed_may_be_any(ctx: Context, dispatch: Dispatch) -> None:
    dispatch(HOTKEY, associate(block_number=99))
    assert AssociatedEvmAddress.get(ctx, NETUID, 0) == (ADDRESS, RATE_LIMIT)


def test_the_hotkey_must_have_a_uid_and_a_coldkey(ctx: Context, refused: RefusedCall) -> None:
    refused(OTHER, associate(), Error.HotKeyNotRegisteredInSubNet)
    append_neuron(ctx, NETUID, OTHER, 1)
    refused(OTHER, associate(), Error.NonAssociatedColdKey)
    refused(HOTKEY, associate(netuid=2), Error.HotKeyNotRegisteredInSubNet)
    refused(NONE, associate(), BadOrigin())


def test_another_key_another_hotkey_or_another_hash_is_refused(refused: RefusedCall) -> None:
    digest = hash_message_eip191(message())
    for forged in (
        associate(signed=signature(digest, OTHER_SECRET)),
        associate(address=OTHER_ADDRESS, signed=signature(digest)),
        associate(signed=signature(hash_message_eip191(message(OTHER)))),
        associate(signed=signature(hash_message_eip191(message(block_number=11)))),
        associate(signed=signature(blake2_256(message()), ethereum=False)),
    ):
        refused(HOTKEY, forged, Error.InvalidRecoveredPublicKey)


def test_invalid_signatures_are_refused(refused: RefusedCall) -> None:
    good = signature(hash_message_eip191(message()), ethereum=False)
    high_s = (N - int.from_bytes(good[32:64], "big")).to_bytes(32, "big")
    for forged in (
        bytes(65),
        good[:64] + bytes([4]),
        good[:64] + bytes([27 + 27 + good[64]]),
        good[:32] + high_s + bytes([good[64] ^ 1]),
    ):
        refused(HOTKEY, associate(signed=forged), Error.InvalidIdentity)


def test_associations_are_rate_limited(ctx: Context, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo) -> None:
    dispatch(HOTKEY, associate())
    go_to(2 * RATE_LIMIT - 1)
    refused(HOTKEY, associate(), Error.EvmKeyAssociateRateLimitExceeded)
    go_to(2 * RATE_LIMIT)
    dispatch(HOTKEY, associate())
    assert AssociatedEvmAddress.get(ctx, NETUID, 0) == (ADDRESS, 2 * RATE_LIMIT)


def test_the_first_association_is_rate_limited_from_block_0(refused: RefusedCall, go_to: GoTo) -> None:
    go_to(RATE_LIMIT - 1)
    refused(HOTKEY, associate(), Error.EvmKeyAssociateRateLimitExceeded)


def test_associations_are_free() -> None:
    info = own_info(associate())
    assert (info.call_weight, info.pays_fee) == (weight_of(684_242_000, 4415, 3, 1), Pays.No)
