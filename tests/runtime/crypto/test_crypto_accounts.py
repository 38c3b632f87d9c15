"""Accounts without keys, against what the chain and its clients derive."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from pysubtensor.consensus.internal import InternalError
from pysubtensor.runtime.crypto import (
    blake2_256,
    derivative_account,
    evm_account,
    multisig_account,
    pallet_account,
    pallet_sub_account,
    pure_proxy_account,
)

from tests.vectors import load
from tests.world import ALICE, BOB

SEQUENCE = bytes(range(32))


def test_a_multisig_does_not_depend_on_the_order_of_its_members() -> None:
    expected = "a2a159b1669b498f515b9ec280e06090d2c5d5db9978210e41d204c7248440a6"
    for members in permutations([ALICE, BOB, SEQUENCE]):
        assert multisig_account(members, 2).hex() == expected


def test_a_multisig_of_many_counts_them_in_two_bytes() -> None:
    members = [bytes([n]) * 32 for n in range(100)]
    preimage = b"modlpy/utilisuba" + bytes([0x91, 0x01]) + b"".join(members) + bytes([51, 0])
    assert multisig_account(members, 51) == blake2_256(preimage)


def test_known_accounts_without_keys() -> None:
    assert derivative_account(ALICE, 1).hex() == "f81356d1fe5954303680a6ef99d48f22bf3cd232274d7a471d3cf7c65f65f653"
    assert evm_account(b"\x11" * 20).hex() == "32f955c958e51189a4921aed41ef00818f7368dfaec8d9969f091006f8066228"
    assert (
        pure_proxy_account(ALICE, 1, 2, 0, 7).hex()
        == "51d317878cf17201f5fe439e5773b22c0e183647beeba363222891293a3f8d15"
    )
    assert pallet_account(b"subtensr") == b"modlsubtensr" + bytes(20)
    assert pallet_sub_account(b"subtensr", b"\xff\xff") == b"modlsubtensr\xff\xff" + bytes(18)
    assert pallet_sub_account(b"subtensr", SEQUENCE) == b"modlsubtensr" + SEQUENCE[:20]


@pytest.mark.parametrize("size", [7, 9])
def test_a_pallet_id_has_eight_bytes(size: int) -> None:
    with pytest.raises(InternalError, match=f"got {size}"):
        pallet_account(bytes(size))


def test_an_evm_address_has_twenty_bytes() -> None:
    with pytest.raises(InternalError, match="got 32"):
        evm_account(ALICE)


def derive(case: dict[str, Any]) -> bytes:
    def data(name: str) -> bytes:
        return bytes.fromhex(case[name][2:])

    match case["kind"]:
        case "pallet id":
            return pallet_account(case["id"].encode())
        case "pallet sub-account":
            width = {"u16": 2, "u32": 4}[case["sub_type"]]
            return pallet_sub_account(case["id"].encode(), case["sub"].to_bytes(width, "little"))
        case "evm address":
            return evm_account(data("address"))
        case "multisig":
            members = [bytes.fromhex(member[2:]) for member in case["signatories"]]
            return multisig_account(members, case["threshold"])
        case "utility derivative":
            return derivative_account(data("account_of"), case["index"])
        case "pure proxy":
            return pure_proxy_account(
                data("spawner"),
                case["block"],
                case["extrinsic_index"],
                case["proxy_type_index"],
                case["index"],
            )
    raise AssertionError(f"expected a kind of account that this test supports, got {case['kind']}")


def test_every_prepared_account() -> None:
    for case in load("formats/derived_accounts")["cases"]:
        assert "0x" + derive(case).hex() == case["account"], case
