"""Raw chain specs: reading those of any Substrate chain, and writing those of pysubtensor's chains.

A raw spec is a JSON file with the storage of block 0 under `genesis.raw`: `top` and, by child id, `childrenDefault`,
both from 0x-keys to 0x-values. State root and genesis hash are computed from it without running code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from ..runtime.client.errors import PlainError, expected
from ..runtime.client.text import parse_hex
from ..runtime.pallets.system import CODE
from ..runtime.state.build import root_of, with_children
from ..runtime.state.nodes import HashedValue
from .build import genesis_header, genesis_state
from .config import ChainConfig
from .wasm import WasmError, state_version

#: The largest accepted file. Specs with the state of a whole chain have a few hundred megabytes.
MAX_BYTES = 1 << 30
Storage = dict[bytes, bytes]


class SpecError(ValueError):
    """The file is not a raw chain spec."""


@dataclass(frozen=True)
class ChainSpec:
    """The contents of a raw spec. A value of which only the hash is published is a `HashedValue`."""

    name: str
    id: str
    top: Mapping[bytes, bytes]
    children: Mapping[bytes, Mapping[bytes, bytes]] = field(default_factory=dict)
    #: The state version, if the file contains it.
    version: int | None = None


@dataclass(frozen=True)
class Genesis:
    """The state root and the hash of block 0. `note` is the reason for an assumed state version."""

    state_version: int
    state_root: bytes
    hash: bytes
    note: str | None = None


def load(path: Path) -> ChainSpec:
    """Return the spec in a file. Raises SpecError if it is invalid, OSError if it cannot be read."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise SpecError(f"{path}: expected at most {MAX_BYTES} bytes, got {size}")
    try:
        return parse(path.read_bytes())
    except SpecError as error:
        raise SpecError(f"{path}: {error}") from None


def parse(data: bytes) -> ChainSpec:
    """Return the spec in bytes of JSON. Raises SpecError if it is invalid.

    Also accepts a genesis that is published without its code: `top`, `children_default`, and `hashed` with the hashes
    of omitted values.
    """
    try:
        spec = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise SpecError(f"expected JSON: {error}") from None
    if not isinstance(spec, dict):
        raise SpecError(f"expected a JSON object, got {type(spec).__name__}")
    if "top" in spec and "genesis" not in spec:
        return _published(spec)
    raw = _raw_part(spec)
    return ChainSpec(
        str(spec.get("name", "")),
        str(spec.get("id", "")),
        _storage(raw.get("top"), "genesis.raw.top"),
        _children(raw.get("childrenDefault"), "genesis.raw.childrenDefault"),
    )


def _raw_part(spec: dict[str, Any]) -> dict[str, Any]:
    genesis = spec.get("genesis")
    if not isinstance(genesis, dict):
        raise SpecError('expected "genesis" with the storage of block 0, got none')
    if not isinstance(genesis.get("raw"), dict):
        found = ", ".join(genesis) or "nothing"
        raise SpecError(f"expected a raw spec with genesis.raw, got {found}; `build-spec --raw` makes a raw one")
    raw: dict[str, Any] = genesis["raw"]
    return raw


def _published(spec: dict[str, Any]) -> ChainSpec:
    hashed = {key: HashedValue(value) for key, value in _storage(spec.get("hashed", {}), "hashed").items()}
    for key, value in hashed.items():
        if len(value) != 32:
            raise SpecError(f"expected hashes of 32 bytes in hashed, got {len(value)} under 0x{key.hex()}")
    version = spec.get("state_version")
    if version not in (None, 0, 1):
        raise SpecError(f"expected a state_version of 0 or 1, got {version!r:.20}")
    top = _storage(spec["top"], "top") | hashed
    children = _children(spec.get("children_default"), "children_default")
    return ChainSpec(str(spec.get("name", "")), str(spec.get("id", "")), top, children, version)


def _storage(entries: object, where: str) -> Storage:
    return {key: _bytes(value, where) for key, value in _keyed(entries, where)}


def _children(children: object, where: str) -> dict[bytes, Storage]:
    by_id = _keyed({} if children is None else children, where)
    return {name: _storage(entries, f"{where}.0x{name.hex()}") for name, entries in by_id}


def _keyed(entries: object, where: str) -> list[tuple[bytes, Any]]:
    if not isinstance(entries, dict):
        raise SpecError(f"expected an object of 0x-keys in {where}, got {type(entries).__name__}")
    return [(_bytes(key, where), value) for key, value in entries.items()]


def _bytes(text: object, where: str) -> bytes:
    try:
        if isinstance(text, str):
            return parse_hex(text)
        raise expected("0x and hexadecimal digits", text)
    except PlainError as error:
        raise SpecError(f"{where}: {error}") from None


def genesis_of(spec: ChainSpec, version: int | None = None) -> Genesis:
    """Return state root and genesis hash, computed with a state version, by default that of the spec's code."""
    note = None
    if version is None:
        version, note = _version_of(spec)
    root = root_of(with_children(spec.top, spec.children, version), version)
    return Genesis(version, root, genesis_header(root).hash, note)


def _version_of(spec: ChainSpec) -> tuple[int, str | None]:
    if spec.version is not None:
        return spec.version, None
    code = spec.top.get(CODE)
    if code is None or isinstance(code, HashedValue):
        return 1, "state version 1 is assumed: the spec has no code that contains it"
    try:
        return state_version(code), None
    except WasmError as error:
        return 1, f"state version 1 is assumed, that of current chains: {error}"


def export(config: ChainConfig) -> dict[str, Any]:
    """Return the raw spec of a chain, ready to be written as JSON."""
    top = {f"0x{key.hex()}": f"0x{value.hex()}" for key, value in sorted(genesis_state(config).items())}
    return {
        "name": config.name,
        "id": config.id,
        "chainType": config.chain_type,
        "bootNodes": [],
        "telemetryEndpoints": None,
        "protocolId": config.protocol_id,
        "properties": config.properties,
        "codeSubstitutes": {},
        "genesis": {"raw": {"top": top, "childrenDefault": {}}},
    }
