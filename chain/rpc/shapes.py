"""Blocks, headers, versions and statuses as JSON: bytes in hex, block numbers in hex without leading zeros."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...runtime.frame.digest import DigestItem
from ...runtime.frame.header import Header
from ...runtime.version import RuntimeVersion
from ..pool.status import Status


def to_hex(data: bytes) -> str:
    """Return `0x` and two digits per byte."""
    return "0x" + data.hex()


def to_hex_or_null(data: bytes | None) -> str | None:
    return None if data is None else "0x" + data.hex()


def header_json(header: Header) -> dict[str, Any]:
    encode = DigestItem.scale.encode
    return {
        "parentHash": to_hex(header.parent_hash),
        "number": hex(header.number),
        "stateRoot": to_hex(header.state_root),
        "extrinsicsRoot": to_hex(header.extrinsics_root),
        "digest": {"logs": [to_hex(encode(item)) for item in header.digest.logs]},
    }


def block_json(header: Header, extrinsics: Iterable[bytes]) -> dict[str, Any]:
    block = {"header": header_json(header), "extrinsics": [to_hex(raw) for raw in extrinsics]}
    return {"block": block, "justifications": None}


def version_json(version: RuntimeVersion) -> dict[str, Any]:
    return {
        "specName": version.spec_name,
        "implName": version.impl_name,
        "authoringVersion": version.authoring_version,
        "specVersion": version.spec_version,
        "implVersion": version.impl_version,
        "apis": [[to_hex(name), number] for name, number in version.apis],
        "transactionVersion": version.transaction_version,
        "systemVersion": version.system_version,
    }


def status_json(status: Status) -> Any:
    return status.kind if status.hash is None else {status.kind: to_hex(status.hash)}
