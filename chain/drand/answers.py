"""Answers of drand's HTTP API: a JSON object with `round`, `randomness` and `signature`, the latter two hexadecimal."""

from __future__ import annotations

from pathlib import Path

import orjson

from ...consensus.integers import U64_MAX
from ...runtime.beacon import Pulse
from ..errors import ChainError

#: The most bytes of an answer; genuine ones have about 240. And of a file with answers.
MAX_ANSWER, MAX_FILE = 4096, 64 * 1024 * 1024
RANDOMNESS_LENGTH, SIGNATURE_LENGTH = 32, 48


class DrandError(ChainError):
    """What came is not a pulse of the beacon, or did not come."""


def read_answer(data: bytes) -> Pulse:
    """Return the pulse in an answer, whose signature is not verified here; DrandError for anything else."""
    if len(data) > MAX_ANSWER:
        raise DrandError(f"expected an answer of at most {MAX_ANSWER} bytes, got more")
    try:
        answer = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise DrandError(f"expected JSON, {error}") from None
    if not isinstance(answer, dict):
        raise DrandError(f"expected a JSON object, got {type(answer).__name__}")
    number = answer.get("round")
    if type(number) is not int or not 0 < number <= U64_MAX:
        raise DrandError(f"expected a round from 1 to {U64_MAX}, got {number!r:.40}")
    return Pulse(
        number,
        _read_hex(answer, "randomness", RANDOMNESS_LENGTH),
        _read_hex(answer, "signature", SIGNATURE_LENGTH),
    )


def _read_hex(answer: dict[str, object], name: str, length: int) -> bytes:
    text = answer.get(name)
    if not isinstance(text, str) or len(text) != 2 * length:
        raise DrandError(f"expected {2 * length} hexadecimal digits for {name}, got {text!r:.40}")
    try:
        data = bytes.fromhex(text)
    except ValueError:
        data = b""
    if len(data) != length:  # also where blanks stand for digits
        raise DrandError(f"expected hexadecimal digits for {name}, got {text!r:.40}")
    return data


def read_file(path: Path) -> list[Pulse]:
    """Return the pulses in a file with an answer per line; DrandError names the line that has none."""
    try:
        if path.stat().st_size > MAX_FILE:
            raise DrandError(f"{path}: expected at most {MAX_FILE} bytes")
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise DrandError(f"{path}: {error.strerror}") from None
    pulses = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                pulses.append(read_answer(line))
            except DrandError as error:
                raise DrandError(f"{path}, line {number}: {error}") from None
    return pulses
