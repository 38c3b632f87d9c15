"""Ethereum transactions: RLP, SCALE, hashes and senders, as the genuine chain has them."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import rlp
from pysubtensor.runtime.client.from_plain import from_plain
from pysubtensor.runtime.client.to_plain import to_plain
from pysubtensor.runtime.crypto import ecdsa
from pysubtensor.runtime.pallets.ethereum import envelope
from pysubtensor.runtime.pallets.ethereum.envelope import Undecodable, decoded, encoded, hash_of, sender_of
from pysubtensor.runtime.pallets.ethereum.rlp import RlpError, View, encode
from pysubtensor.runtime.pallets.ethereum.transaction import (
    EIP1559,
    AuthorizationListItem,
    LegacySignature,
    MalleableSignature,
    Transaction,
    data_of,
)
from pysubtensor.runtime.scale import ScaleError

from tests.vectors import load

#: The account of authorizations in the tests of the crate `ethereum`: its secret is the bytes 1 to 32.
AUTHORITY = bytes.fromhex("6370ef2f4db3611d657b90667de398a2cc2a370c")
SECRET = bytes(range(1, 33))


@cache
def vectors() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = load("ethereum/ethereum")["transactions"]
    return found


def decodable() -> list[dict[str, Any]]:
    return [vector for vector in vectors() if "call" in vector]


def test_transactions_decode_to_what_the_chain_has_in_its_calls() -> None:
    for vector in decodable():
        transaction = decoded(bytes.fromhex(vector["raw"]))
        call = bytes.fromhex(vector["call"])
        assert Transaction.scale.encode(transaction) == call, vector["note"]
        assert Transaction.scale.decode(call) == transaction, vector["note"]
        assert encoded(transaction).hex() == vector["raw"], vector["note"]


def test_senders_and_hashes_are_those_of_the_chain() -> None:
    included = [vector for vector in decodable() if "from" in vector]
    assert len(included) > 100
    for vector in included:
        transaction = decoded(bytes.fromhex(vector["raw"]))
        assert sender_of(transaction) == bytes.fromhex(vector["from"]), vector["note"]
        assert hash_of(transaction).hex() == vector["hash"], vector["note"]


def test_what_the_genuine_decoder_refuses_is_no_transaction() -> None:
    refused = [vector for vector in vectors() if "undecodable" in vector]
    assert len(refused) == 14
    for vector in refused:
        with pytest.raises(Undecodable):
            decoded(bytes.fromhex(vector["raw"]))


def test_senders_without_the_native_library_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ecdsa, "_native_recovery", lambda: None)
    envelope._recover.cache_clear()
    for vector in [vector for vector in decodable() if "from" in vector][:5]:
        assert sender_of(decoded(bytes.fromhex(vector["raw"]))) == bytes.fromhex(vector["from"])


@pytest.mark.parametrize("native", [True, False])
def test_invalid_signatures_have_no_sender(native: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """An x that no point has, and a parity of neither sort."""
    if not native:
        monkeypatch.setattr(ecdsa, "_native_recovery", lambda: None)
    one, five = bytes(31) + b"\1", bytes(31) + b"\5"
    assert ecdsa.recover_point(five + one + b"\0", bytes(32)) is None
    assert ecdsa.recover_point(one + one + b"\4", bytes(32)) is None
    assert ecdsa.recover_point(one + one, bytes(32)) is None
    assert ecdsa.recover_point(one + one + b"\1", one) == ecdsa.recover_point(one + one + b"\x1c", one) is not None


def test_signatures_outside_of_the_group_are_refused_in_scale() -> None:
    transaction = decoded(bytes.fromhex(decodable()[2]["raw"]))
    assert isinstance(transaction, EIP1559)
    encoding = Transaction.scale.encode(transaction)
    order = ecdsa.N.to_bytes(32, "big")
    for wrong in (encoding[:-64] + bytes(32) + encoding[-32:], encoding[:-32] + order):
        with pytest.raises(ScaleError, match="Invalid signature"):
            Transaction.scale.decode(wrong)
    assert Transaction.scale.decode(encoding[:-32] + (ecdsa.N - 1).to_bytes(32, "big"))


@pytest.mark.parametrize(
    ("v", "parity", "chain_id"),
    [
        (27, 0, None),
        (28, 1, None),
        (26, 4, None),
        (36, 4, None),
        (37, 0, 1),
        (38, 1, 1),
        (119, 0, 42),
        (2**64 - 1, 0, 2**63 - 18),
    ],
)
def test_v_has_the_parity_and_the_chain_id(v: int, parity: int, chain_id: int | None) -> None:
    signature = LegacySignature(v, bytes(32), bytes(32))
    assert (signature.parity, signature.chain_id) == (parity, chain_id)


def test_authorizations_name_the_account_that_signed_them() -> None:
    from coincurve import PrivateKey

    item = AuthorizationListItem(1, b"\x42" * 20, 0, MalleableSignature(False, bytes(32), bytes(32)))
    digest = envelope.keccak_256(b"\5" + rlp.encode([1, b"\x42" * 20, 0]))
    signature = PrivateKey(SECRET).sign_recoverable(digest, None)
    r, s, parity = signature[:32], signature[32:64], bool(signature[64])
    signed = AuthorizationListItem(1, b"\x42" * 20, 0, MalleableSignature(parity, r, s))
    assert envelope.authority_of(signed) == AUTHORITY
    assert envelope.authority_of(item) is None


def test_the_call_itself_counts_towards_the_proof() -> None:
    """A transfer: action 21, no input 1, five numbers of 32 bytes, of which two are options, ids and lists."""
    data = data_of(decoded(bytes.fromhex(decodable()[0]["raw"])))
    assert data.proof_size_base_cost == 21 + 1 + 32 + 32 + 33 + 1 + 1 + 32 + 9 + 1 + 1 + 67


def test_plain_values_of_transactions_are_read_again() -> None:
    for vector in decodable()[:8]:
        transaction = decoded(bytes.fromhex(vector["raw"]))
        assert from_plain(Transaction.scale, to_plain(Transaction.scale, transaction), None) == transaction


# --- RLP -----------------------------------------------------------------------------------------------------

ITEMS: list[Any] = [
    b"",
    b"\0",
    b"\x7f",
    b"\x80",
    b"x" * 55,
    b"x" * 56,
    b"x" * 300,
    [],
    [[]],
    [b"a", [b"b" * 60, []]],
    [b"c"] * 99,
]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: repr(item)[:20])
def test_rlp_is_that_of_the_library(item: Any) -> None:
    assert encode(item) == rlp.encode(item)
    assert plain(View(encode(item))) == item


@pytest.mark.parametrize("number", [0, 1, 127, 128, 2**64, 2**256 - 1])
def test_integers_are_those_of_the_library(number: int) -> None:
    assert encode(number) == rlp.encode(number)
    assert View(encode(number)).integer(32) == number


def plain(view: View) -> Any:
    return [plain(item) for item in view] if view.is_list else view.content()


@pytest.mark.parametrize(
    "data",
    [
        "",
        "8100",
        "817f",
        "8200",
        "b800",
        "b837" + "00" * 55,
        "b90038" + "00" * 56,
        "b8ff00",
        "bfffffffffffffffff00",
        "c0",
    ],
)
def test_other_encodings_of_strings_are_refused(data: str) -> None:
    with pytest.raises(RlpError):
        View(bytes.fromhex(data)).content()


def test_bytes_behind_a_list_are_read_as_its_items_as_long_as_they_are_items() -> None:
    """So the genuine decoder refuses a transaction with one more item behind it, and takes one with half an item."""
    raw = bytes.fromhex(decodable()[0]["raw"])
    with pytest.raises(Undecodable, match="expected a list of 9 items, got 10"):
        decoded(raw + b"\0")
    assert encoded(decoded(raw + b"\x82\1")) == raw


def test_an_access_list_that_is_none_is_empty() -> None:
    """As the genuine decoder, which reads the items of a list as far as there are any."""
    fields = rlp.decode(bytes.fromhex(decodable()[1]["raw"])[1:])
    fields[7] = b""
    assert encoded(decoded(b"\1" + rlp.encode(fields))).hex() == decodable()[1]["raw"]
