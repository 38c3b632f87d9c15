"""Reads script files: gzip JSON in the formats 1 and evm-1, described in `scripts/README.md`."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

PALLETS, EVM = 1, "evm-1"
#: By format, the keys that identify the kind of a step, each with the other keys that this kind requires.
STEP_KEYS: dict[int | str, dict[str, tuple[str, ...]]] = {
    PALLETS: {
        "block": ("blocks", "diff"),
        "call": ("origin", "result"),
        "xt": ("result", "validity", "events", "diff"),
        "api": ("args", "value"),
        "set": ("diff",),
    },
    EVM: {
        "block": ("blocks", "diff"),
        "eth": ("result",),
        "run": ("answer",),
        "account": ("answer",),
        "call": ("origin", "result"),
        "set": ("diff",),
    },
}

#: The parts of steps and blocks by their form.
INTEGERS = {"block", "number"}
HEX = {"call", "xt", "args", "eth", "account"}
LISTS_OF_HEX = {"events", "initialize_events", "inherent_events", "finalize_events"}
MAPS = {"diff", "set"}
HEXADECIMAL = re.compile("(?:[0-9a-f]{2})*")

#: One step as the file holds it; hexadecimal strings without 0x.
Step = Mapping[str, Any]


class UnreadableScript(ValueError):
    """A file that is no script of this format."""


@dataclass(frozen=True)
class Script:
    """A script: the chain that it starts from, its steps and the digest of the state after the last one."""

    name: str
    #: `PALLETS` or `EVM`.
    format: int | str
    #: Milliseconds from block to block.
    slot_duration: int
    #: Blocks between the epochs of a new subnet.
    tempo: int
    #: Whether the constants are those of `fast-runtime`.
    fast: bool
    #: Number of the genesis block; 0 but for chains that begin late.
    start: int
    genesis: dict[bytes, bytes]
    steps: list[Step]
    #: blake2-256 of all compared keys and values, 32 bytes.
    digest: bytes


def kind_of(step: Step, script_format: int | str) -> str:
    """Return the kind of a step, the first key of the format that it has."""
    return next((key for key in STEP_KEYS[script_format] if key in step), "")


def read_script(path: Path) -> Script:
    """Read a script file. Raises UnreadableScript when it is none."""
    try:
        document = orjson.loads(gzip.decompress(path.read_bytes()))
    except (OSError, EOFError, zlib.error, orjson.JSONDecodeError) as error:
        raise UnreadableScript(f"{path}: {error}") from error
    try:
        return _parse(path.name, document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableScript(f"{path}: {type(error).__name__}: {error}") from error


def _parse(name: str, document: dict[str, Any]) -> Script:
    if document["format"] not in STEP_KEYS:
        raise ValueError(f"expected one of the formats {list(STEP_KEYS)}, got {document['format']}")
    for index, step in enumerate(document["steps"]):
        _check_step(index, step, document["format"])
    constants = document["constants"]
    return Script(
        name,
        document["format"],
        constants["slot_duration"],
        constants["tempo"],
        constants["fast"],
        document.get("start", 0),
        {bytes.fromhex(key): bytes.fromhex(value) for key, value in document["genesis"].items()},
        document["steps"],
        bytes.fromhex(document["digest"]),
    )


def _check_step(index: int, step: Step, script_format: int | str) -> None:
    kind = kind_of(step, script_format)
    if not kind:
        raise ValueError(f"step {index} is of no known kind: {sorted(step)}")
    if missing := [key for key in STEP_KEYS[script_format][kind] if key not in step]:
        raise ValueError(f"step {index} ({kind}) lacks {', '.join(missing)}")
    _check_types(f"step {index} ({kind})", step)
    for number, block in enumerate(step.get("blocks", ())):
        _check_types(f"step {index}, blocks[{number}]", block)


def _check_types(where: str, record: Mapping[str, Any]) -> None:
    """Raise ValueError for a part that has another type, or is other text than hexadecimal."""
    if not isinstance(record, dict):
        raise ValueError(f"{where}: expected an object, got {record!r:.60}")
    for name, value in record.items():
        if name in INTEGERS:
            fits = type(value) is int
        elif name in MAPS:
            fits = isinstance(value, dict) and all(map(_is_hex, value)) and all(map(_is_hex_or_null, value.values()))
        elif name in LISTS_OF_HEX:
            fits = isinstance(value, list) and all(map(_is_hex, value))
        else:
            fits = _is_hex(value) if name in HEX else _is_free(name, value)
        if not fits:
            raise ValueError(f"{where}: {name} is of the wrong form: {value!r:.60}")


def _is_free(name: str, value: Any) -> bool:
    """Return whether a part that is compared as it is has a form that can be: most have."""
    types = {"api": str, "panic": int | None, "result": str | dict}
    return isinstance(value, types.get(name, object))


def _is_hex(value: Any) -> bool:
    return isinstance(value, str) and HEXADECIMAL.fullmatch(value) is not None


def _is_hex_or_null(value: Any) -> bool:
    return value is None or _is_hex(value)
