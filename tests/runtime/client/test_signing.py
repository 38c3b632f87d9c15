"""Signing: whole extrinsics against known ones, and what a mortal transaction needs."""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.crypto import Keypair, Scheme
from pysubtensor.runtime.frame.call import RUNTIME_CALL, Call
from pysubtensor.runtime.frame.era import IMMORTAL, Era, EraCodec
from pysubtensor.runtime.pallets.system import remark

from tests.vectors import load
from tests.world import ALICE_KEY

RUNTIME = spec_425()
VECTORS = load("formats/extrinsics")
GENESIS = bytes.fromhex(VECTORS["genesis_hash"][2:])
DECLARED = {f"{pallet.name}.{call.name}" for pallet in RUNTIME.pallets for call in pallet.calls.values()}
CASES = [case for case in VECTORS["cases"] if f"{case['pallet']}.{case['call']}" in DECLARED]
#: Ed25519 signatures are the same each time.
ALICE_ED25519 = Keypair.from_uri("//Alice", Scheme.ED25519)


def unhex(text: str) -> bytes:
    return bytes.fromhex(text[2:])


def call_of(case: dict[str, Any]) -> Call:
    return RUNTIME_CALL.decode(unhex(case["call_hex"]), RUNTIME)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_signed_extrinsic_is_the_known_one(case: dict[str, Any]) -> None:
    metadata_hash = unhex(case["metadata_hash"]) if "metadata_hash" in case else None
    raw = Signer(GENESIS, VECTORS["spec_version"], VECTORS["transaction_version"], metadata_hash).sign(
        call_of(case),
        ALICE_ED25519,
        nonce=case["nonce"],
        tip=case["tip"],
        era=EraCodec().decode(unhex(case["era_hex"])),
        era_hash=unhex(case["era_block_hash"]),
    )
    assert raw == unhex(case["ed25519"]["extrinsic"])


def test_an_immortal_transaction_signs_the_genesis_hash() -> None:
    case = CASES[0]
    assert case["era"] == "00"
    raw = Signer(GENESIS, VECTORS["spec_version"]).sign(call_of(case), ALICE_ED25519, nonce=0, era=IMMORTAL)
    assert raw == unhex(case["ed25519"]["extrinsic"])


def test_a_mortal_transaction_needs_the_hash_of_its_first_block() -> None:
    with pytest.raises(ValueError, match=r"^a mortal era needs the hash of the block at which it began$"):
        Signer(GENESIS).sign(remark.call(b""), ALICE_KEY, nonce=0, era=Era.mortal(64, 1))
