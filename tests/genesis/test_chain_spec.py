"""Raw chain specs: real genesis hashes, exported specs, and invalid files."""

from __future__ import annotations

import importlib.util
from typing import Any

import orjson
import pytest
from pysubtensor.genesis.build import genesis_hash, genesis_state
from pysubtensor.genesis.chain_spec import ChainSpec, SpecError, export, genesis_of, load, parse
from pysubtensor.genesis.presets import dev, fast, localnet
from pysubtensor.genesis.wasm import COMPRESSED, MAGIC, WasmError, state_version

from tests import vectors


def from_hex(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def test_the_published_testnet_genesis_gives_its_published_hash() -> None:
    genesis = genesis_of(load(vectors.FOLDER / "genesis" / "testnet.json"))
    assert (genesis.state_version, genesis.note) == (1, None)
    assert genesis.state_root.hex() == "c15439f31626cd90c778831721bb9d0166da302321918887d381829d8c13763f"
    assert genesis.hash.hex() == "8f9cf856bf558a14440e75569c9e58594757048d7b3a84b5d25f6bd978263105"


@pytest.mark.parametrize(
    "config", [dev(), localnet(wallet=""), fast(localnet(wallet=""))], ids=["dev", "local", "fast"]
)
def test_exported_specs_load_with_the_same_genesis_hash(config: Any) -> None:
    spec = parse(orjson.dumps(export(config)))
    assert (spec.name, spec.id) == ("Bittensor", "bittensor")
    assert spec.top == genesis_state(config)
    assert genesis_of(spec, 1).hash == genesis_hash(config)


def test_exported_specs_contain_the_properties_for_wallets() -> None:
    spec = export(localnet(wallet=""))
    assert spec["properties"] == {"ss58Format": 42, "tokenDecimals": 9, "tokenSymbol": "TAO"}
    assert (spec["chainType"], spec["protocolId"]) == ("Local", "bittensor")


def test_child_tries_enter_the_root_by_their_own_roots() -> None:
    for case in vectors.load("formats/child_tries")["roots"]:
        raw = {"top": {}, "childrenDefault": {case["child_id"]: dict(case["pairs"])}}
        with_child = parse(orjson.dumps({"genesis": {"raw": raw}}))
        for version in (0, 1):
            top = {from_hex(case["main_trie_key"]): from_hex(case[f"root_v{version}"])}
            assert genesis_of(with_child, version) == genesis_of(ChainSpec("", "", top), version)


def test_an_empty_child_trie_leaves_no_entry() -> None:
    spec = parse(b'{"genesis": {"raw": {"top": {"0x01": "0x02"}, "childrenDefault": {"0xaa": {}}}}}')
    assert genesis_of(spec, 0) == genesis_of(ChainSpec("", "", {b"\1": b"\2"}), 0)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "expected JSON: "),
        (b"[" * 5000, "expected JSON: "),
        (b"[]", "expected a JSON object, got list"),
        (b"{}", 'expected "genesis" with the storage of block 0, got none'),
        (b'{"genesis": {"runtimeGenesis": {}}}', "expected a raw spec with genesis.raw, got runtimeGenesis; `build-sp"),
        (b'{"genesis": {"raw": {}}}', "expected an object of 0x-keys in genesis.raw.top, got NoneType"),
        (b'{"genesis": {"raw": {"top": {"0x0": "0x"}}}}', "genesis.raw.top: expected 0x and pairs of hexadecimal"),
        (b'{"genesis": {"raw": {"top": {"0x00": 5}}}}', "genesis.raw.top: expected 0x and hexadecimal digits, got 5"),
        (
            b'{"genesis": {"raw": {"top": {}, "childrenDefault": {"0xaa": {"0x": "xy"}}}}}',
            "genesis.raw.childrenDefault.0xaa: expected 0x and pairs of hexadecimal digits, got 'xy'",
        ),
        (b'{"top": {}, "hashed": {"0x00": "0x00"}}', "expected hashes of 32 bytes in hashed, got 1 under 0x00"),
        (b'{"top": {}, "state_version": 7}', "expected a state_version of 0 or 1, got 7"),
    ],
)
def test_files_that_are_not_raw_specs_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse(data)
    assert str(caught.value).startswith(message)


# --- the state version in the code -------------------------------------------------------------------------------


def section(name: bytes, content: bytes) -> bytes:
    body = bytes([len(name)]) + name + content
    return b"\0" + bytes([len(body)]) + body


#: RuntimeVersion of "a" by "b": three numbers, one API, transaction version 1.
VERSION = b"\x04a\x04b" + bytes(12) + b"\x04" + bytes(12) + b"\1\0\0\0"


@pytest.mark.parametrize(
    ("tail", "expected"), [(VERSION, 0), (VERSION + b"\0", 0), (VERSION + b"\1", 1), (VERSION + b"\2", 1)]
)
def test_the_state_version_is_read_from_the_code(tail: bytes, expected: int) -> None:
    code = MAGIC + b"\1\1\0" + section(b"name", b"xyz") + section(b"runtime_version", tail)
    assert state_version(code) == expected
    values = {b":code": code, b"long": bytes(40)}
    genesis = genesis_of(ChainSpec("", "", values))
    assert (genesis.state_version, genesis.note) == (expected, None)
    assert genesis == genesis_of(ChainSpec("", "", values), expected)


def test_code_without_the_version_section_has_version_zero() -> None:
    assert state_version(MAGIC + section(b"name", b"")) == 0


@pytest.mark.parametrize(
    "code",
    [
        b"",
        b"text",
        MAGIC + b"\0\xff\xff\xff\xff\xff\xff",
        MAGIC + b"\0\x05\x01",
        MAGIC + section(b"runtime_version", b"\xff"),
        COMPRESSED + b"no frame",
    ],
)
def test_code_without_a_readable_version_is_an_error_and_a_note(code: bytes) -> None:
    with pytest.raises(WasmError):
        state_version(code)
    genesis = genesis_of(ChainSpec("", "", {b":code": code}))
    assert genesis.state_version == 1
    assert genesis.note is not None


@pytest.mark.skipif(
    any(importlib.util.find_spec(name) for name in ("compression", "zstandard")), reason="zstd can be read here"
)
def test_compressed_code_without_a_decompressor_is_an_error() -> None:
    with pytest.raises(WasmError, match=r"needs Python 3\.14 or the package zstandard"):
        state_version(COMPRESSED)
