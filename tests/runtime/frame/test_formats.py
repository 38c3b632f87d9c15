"""Eras, storage keys, headers, extrinsics and real blocks against known answers."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from pysubtensor.runtime.client.from_plain import from_plain
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.crypto import Keypair, Scheme, blake2_256, verify
from pysubtensor.runtime.frame import hashers
from pysubtensor.runtime.frame.block_types import Block
from pysubtensor.runtime.frame.call import RUNTIME_CALL, UnknownCall
from pysubtensor.runtime.frame.digest import Digest, DigestItem
from pysubtensor.runtime.frame.era import IMMORTAL, Era, EraCodec
from pysubtensor.runtime.frame.extrinsic import ExtrinsicCodec, Kind, signing_payload
from pysubtensor.runtime.frame.header import Header
from pysubtensor.runtime.scale import Codec, Compact, Reader, ScaleError, codec_of, u32, u64
from pysubtensor.runtime.state.build import ordered_root

from tests.vectors import load

RUNTIME = spec_425()


def unhex(text: str) -> bytes:
    return bytes.fromhex(text[2:])


@pytest.mark.parametrize(
    "era", [Era(63, 0), Era(2, 0), Era(1 << 17, 0), Era(4, 4), Era(64, -1), Era(1 << 16, 3), Era(0, 1)]
)
def test_an_era_that_no_two_bytes_hold_is_not_encoded(era: Era) -> None:
    with pytest.raises(ScaleError, match="expected a period that is a power of two from 4 to 65536, and a phase in it"):
        EraCodec().encode(era)


def test_eras() -> None:
    codec, cases = EraCodec(), load("formats/eras")["cases"]
    assert len(cases) > 100
    for case in cases:
        era = Era.mortal(case["period"], case["current"])
        assert codec.encode(era) == unhex(case["hex"]), case
        assert codec.decode(unhex(case["hex"])) == era
        assert era.birth(case["current"]) == case["birth"], case
    assert codec.encode(IMMORTAL) == unhex(load("formats/eras")["immortal"])


@pytest.mark.parametrize("data", ["01", "00ff", "0000", "f10f00", ""])
def test_invalid_eras_are_refused(data: str) -> None:
    with pytest.raises(ScaleError):
        EraCodec().decode(bytes.fromhex(data))


def test_storage_keys() -> None:
    """The keys of real items, hashed by hand; and by our own items where the runtime has them."""
    by_name = {pallet.name: pallet for pallet in RUNTIME.by_index.values()}
    for case in load("formats/storage_keys")["cases"]:
        prefix = hashers.Twox128.hash(case["pallet"].encode()) + hashers.Twox128.hash(case["item"].encode())
        assert prefix == unhex(case["prefix"])
        parts = [unhex(part) for part in case["encoded_args"]]
        hashed = [getattr(hashers, name).hash(part) for name, part in zip(case["hashers"], parts, strict=True)]
        assert prefix + b"".join(hashed) == unhex(case["key"]), case
        pallet = by_name.get(case["pallet"])
        item = pallet.storage.get(case["item"]) if pallet else None
        if item is not None:
            typed = [codec.decode(part) for codec, part in zip(item.keys_codec, parts, strict=True)]
            assert item.key_of(typed) == unhex(case["key"]), case


def test_headers() -> None:
    """Live headers of the real chain among them, with their published hashes."""
    vectors = load("formats/headers")
    for case in [*vectors["live_headers"], *vectors["synthetic"]]:
        logs = [DigestItem.scale.decode(unhex(log)) for log in case["logs"]]
        roots = (unhex(case["stateRoot"]), unhex(case["extrinsicsRoot"]))
        header = Header(unhex(case["parentHash"]), int(case["number"]), *roots, Digest(logs))
        assert header.encode() == unhex(case["encoded"])
        assert header.hash == unhex(case["hash"])
        assert Header.decode(header.encode()) == header
    for case in vectors["other"]:
        header = Header.decode(unhex(case["encoded"]))
        assert (header.number, header.hash) == (case["number"], unhex(case["hash"])), case["name"]


CASES = load("formats/extrinsics")["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_signed_extrinsics(case: dict[str, Any]) -> None:
    call, explicit, implicit = (unhex(case[name]) for name in ("call_hex", "explicit", "implicit"))
    payload = signing_payload(call, explicit, implicit)
    assert payload == unhex(case["signed_bytes"])
    assert blake2_256(call) == unhex(case["call_hash"])
    for name, scheme in (("sr25519", Scheme.SR25519), ("ed25519", Scheme.ED25519)):
        known = case[name]
        assert verify(scheme, unhex(known["signature"]), payload, unhex(known["public"]))
    era = EraCodec().decode(unhex(case["era_hex"]))
    metadata_hash = implicit[-32:] if explicit[-1] else None
    signer = Signer(unhex(load("formats/extrinsics")["genesis_hash"]), spec_version=393, metadata_hash=metadata_hash)
    assert signer.explicit(case["nonce"], case["tip"], era) == explicit
    assert signer.implicit(unhex(case["era_block_hash"])) == implicit


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_extrinsics_with_declared_calls_decode_and_encode(case: dict[str, Any]) -> None:
    call = RUNTIME_CALL.decode(unhex(case["call_hex"]), RUNTIME)
    assert call.encode() == unhex(case["call_hex"])
    if not any("Call" in field.codec.name for field in call.function.args):  # nested calls have other plain forms
        assert from_plain(RUNTIME_CALL, {case["pallet"]: {case["call"]: case["params"]}}, RUNTIME) == call
    for name in ("sr25519", "ed25519"):
        raw = unhex(case[name]["extrinsic"])
        extrinsic = RUNTIME.decode(raw)
        assert extrinsic.kind is Kind.SIGNED
        assert extrinsic.signer == unhex(case[name]["public"])
        assert extrinsic.hash == unhex(case[name]["hash"])
        assert (extrinsic.call_bytes, extrinsic.explicit_bytes) == (unhex(case["call_hex"]), unhex(case["explicit"]))


@pytest.mark.parametrize("around", ["", "0b0004"], ids=["alone", "in Utility.batch"])
def test_a_call_that_the_runtime_does_not_have_is_named_by_its_indices(around: str) -> None:
    with pytest.raises(UnknownCall) as unknown:
        RUNTIME_CALL.decode(bytes.fromhex(f"{around}05c8"), RUNTIME)
    assert (unknown.value.pallet, unknown.value.call) == (5, 200)
    assert unknown.value.at == len(around) // 2


def test_bare_extrinsics_of_both_versions() -> None:
    for case in load("formats/extrinsics")["bare"]:
        extrinsic = RUNTIME.decode(unhex(case["extrinsic"]))
        assert (extrinsic.kind, str(extrinsic.call)) == (Kind.BARE, "Timestamp.set")
    assert ExtrinsicCodec.bare(extrinsic.call) == unhex(case["extrinsic"]), "ours are of version 5"


def test_general_extrinsics_decode() -> None:
    signed = RUNTIME.decode(unhex(CASES[0]["sr25519"]["extrinsic"]))
    body = b"\x45\x00" + signed.explicit_bytes + signed.call_bytes
    general = RUNTIME.decode(codec_of(Compact[u32]).encode(len(body)) + body)
    assert (general.kind, general.call, general.explicit) == (Kind.GENERAL, signed.call, signed.explicit)


def test_extrinsics_in_a_block_stand_behind_each_other() -> None:
    """A block is its header, the number of its extrinsics, and each of them behind its own length."""
    header = Header(bytes(32), 5, b"\1" * 32, b"\2" * 32, Digest([]))
    raws = [unhex(case["sr25519"]["extrinsic"]) for case in CASES[:3]]
    encoded = header.encode() + b"\x0c" + b"".join(raws)
    codec = codec_of(Block)
    block = codec.decode(encoded, RUNTIME)
    assert (block.header, [extrinsic.raw for extrinsic in block.extrinsics]) == (header, raws)
    assert codec.encode(block) == encoded
    with pytest.raises(ScaleError):
        codec.decode(encoded[:-1], RUNTIME)


def test_mutated_extrinsics_never_crash_the_decoder() -> None:
    dice = Random(7)
    for case in CASES:
        original = unhex(case["sr25519"]["extrinsic"])
        for _ in range(200):
            data = bytearray(original)
            for _ in range(dice.randint(1, 3)):
                data[dice.randrange(len(data))] = dice.randrange(256)
            try:
                decoded = RUNTIME.decode(bytes(data))
            except ScaleError:
                continue
            assert decoded.raw == bytes(data)


def test_real_blocks_have_the_roots_of_their_headers() -> None:
    """Blocks that the genuine runtime of spec 218 made: hashes, extrinsics roots, and what of them is as at 425."""
    blocks = load("formats/blocks_218")["blocks"]
    assert len(blocks) == 9
    for block in blocks:
        header = Header.decode(unhex(block["header"]))
        assert (header.number, header.hash) == (block["number"], unhex(block["hash"]))
        assert header.state_root == unhex(block["state_root"])
        assert ordered_root([unhex(raw) for raw in block["extrinsics"]]) == header.extrinsics_root
        first = RUNTIME.decode(unhex(block["extrinsics"][0]))
        assert str(first.call) == "Timestamp.set"
        for raw, expected in zip(block["extrinsics"][1:], block["calls"], strict=False):
            check_signed_at_218(unhex(raw), expected["signer"])


def check_signed_at_218(raw: bytes, signer: str) -> None:
    """Check the signer: at 218 extrinsics had the same fields in the same order, but other calls."""
    body = Reader(raw)
    body.compact()
    assert body.byte() == 0x84
    assert body.byte() == 0x00
    assert body.take(32) == Keypair.from_uri(signer).account


def test_compact_amounts_decode_and_encode() -> None:
    codec: Codec[int] = codec_of(Compact[u64])
    for value in (0, 63, 64, 16383, 16384, 2**30 - 1, 2**30, 2**64 - 1):
        assert codec.decode(codec.encode(value)) == value
