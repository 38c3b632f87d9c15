"""Epochs as JSON: reading and checking inputs, writing outputs.

A case is {"name", "inputs", "outputs"}. Raw bits that do not fit 64 bits are decimal strings.
"""

from __future__ import annotations

from dataclasses import fields
from itertools import chain
from typing import Any

import numpy as np

from .types import MAX_NEURONS, EpochInput, EpochOutput, InvalidInput, SparseRows

U16, U64 = (1 << 16) - 1, (1 << 64) - 1
#: Scalars and the range of each.
RANGES = {
    "current_block": (0, U64),
    "tempo": (0, U16),
    "activity_cutoff": (0, U64),
    "min_stake": (0, U64),
    "max_allowed_validators": (0, U16),
    "kappa": (0, U16),
    "bonds_penalty": (0, U16),
    "alpha_low": (0, U16),
    "alpha_high": (0, U16),
    "bonds_moving_average": (0, U64),
    "alpha_sigmoid_steepness": (-(1 << 15), (1 << 15) - 1),
    "last_mechanism_step_block": (0, U64),
    "rao_emission": (0, U64),
}
BLOCKS = ("last_update", "block_at_registration", "commit_blocks")
FLAGS = ("yuma3_on", "liquid_alpha_on", "commit_reveal_enabled")
#: Outputs of more neurons than this omit the raw bits of bonds.
BONDS_BITS_LIMIT = 128


def epoch_input(case: object) -> EpochInput:
    """Return the input of a case, or of its "inputs" alone. Raises InvalidInput with the path of an invalid value."""
    inputs = expect_mapping("the case", case)
    inputs = expect_mapping("inputs", inputs["inputs"]) if "inputs" in inputs else inputs
    n = expect_integer("n", require_field(inputs, "n"), 0, MAX_NEURONS)
    # Any: the values of the three tables below have different types.
    checked: dict[str, Any] = {
        name: expect_integer(name, require_field(inputs, name), *bounds) for name, bounds in RANGES.items()
    }
    checked |= {name: expect_boolean(name, require_field(inputs, name)) for name in FLAGS}
    checked |= {
        name: np.array(expect_integers(name, require_field(inputs, name), n, U64), np.uint64) for name in BLOCKS
    }
    owner = require_field(inputs, "owner_uid")
    permits = expect_list("validator_permits", require_field(inputs, "validator_permits"), n)
    return EpochInput(
        n=n,
        total_stake=expect_stakes("total_stake_bits", require_field(inputs, "total_stake_bits"), n),
        owner_uid=None if owner is None else expect_integer("owner_uid", owner, 0, max(0, n - 1)),
        validator_permits=np.array(
            [expect_boolean(f"validator_permits[{i}]", permit) for i, permit in enumerate(permits)], bool
        ),
        weights=expect_sparse_rows("weights", require_field(inputs, "weights"), n),
        bonds=expect_sparse_rows("bonds", require_field(inputs, "bonds"), n),
        **checked,
    )


def epoch_output(output: EpochOutput) -> dict[str, Any]:
    """Return the "outputs" of a case."""
    result: dict[str, Any] = {}
    for name in sorted(field.name for field in fields(output)):
        value = getattr(output, name)
        if not isinstance(value, SparseRows):
            result[name] = value.tolist()
        elif name != "ema_bonds_bits" or len(value) <= BONDS_BITS_LIMIT:
            result[name] = [[list(entry) for entry in row] for row in value.to_lists()]
    return result


# Checks: each returns its argument, typed, or raises InvalidInput with its path, what was expected and what came.


def abbreviate(value: object) -> str:
    """Return the representation of a value for a message, at most 40 characters."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def require_field(values: dict[str, Any], name: str, prefix: str = "") -> Any:
    if name not in values:
        raise InvalidInput(f"{prefix}{name}: missing")
    return values[name]


def expect_mapping(path: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInput(f"{path}: expected an object, got {abbreviate(value)}")
    return value


def expect_integer(path: str, value: object, low: int, high: int) -> int:
    if type(value) is not int:
        raise InvalidInput(f"{path}: expected an integer, got {abbreviate(value)}")
    if not low <= value <= high:
        raise InvalidInput(f"{path}: expected {low} to {high}, got {abbreviate(value)}")
    return value


def expect_boolean(path: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput(f"{path}: expected true or false, got {abbreviate(value)}")
    return value


def expect_list(path: str, value: object, n: int | None = None) -> list[Any]:
    """Check a list, of length `n` if that is not None."""
    if not isinstance(value, list):
        raise InvalidInput(f"{path}: expected a list, got {abbreviate(value)}")
    if n is not None and len(value) != n:
        raise InvalidInput(f"{path}: expected length {n}, got {len(value)}")
    return value


def expect_integers(path: str, value: object, n: int, high: int) -> list[int]:
    return [expect_integer(f"{path}[{i}]", item, 0, high) for i, item in enumerate(expect_list(path, value, n))]


def expect_stakes(path: str, value: object, n: int) -> list[int]:
    """Check I64F64 raw bits, as decimal strings or integers."""
    return [expect_stake(f"{path}[{i}]", item) for i, item in enumerate(expect_list(path, value, n))]


def expect_stake(path: str, value: object) -> int:
    if isinstance(value, str):
        digits = value.strip()
        if not (digits.lstrip("-").isascii() and digits.lstrip("-").isdigit()) or len(digits) > 40:
            raise InvalidInput(f"{path}: expected a decimal number, got {abbreviate(value)}")
        value = int(digits)
    return expect_integer(path, value, 0, (1 << 127) - 1)


def expect_sparse_rows(path: str, value: object, n: int) -> SparseRows:
    """Check one row of [target, u16] pairs for each uid."""
    rows = expect_list(path, value, n)
    for i, row in enumerate(rows):
        if not isinstance(row, list):
            raise InvalidInput(f"{path}[{i}]: expected a list of pairs, got {abbreviate(row)}")
        if not are_pairs(row):
            for k, entry in enumerate(row):
                expect_pair(f"{path}[{i}][{k}]", entry)
        if len({entry[0] for entry in row}) != len(row):
            raise InvalidInput(f"{path}[{i}]: expected each target once, got a duplicate")
    return SparseRows.from_rows(rows)


def are_pairs(row: list[Any]) -> bool:
    """Return whether `expect_pair` accepts every entry, by few passes over all: a large case has a million entries."""
    if not all(type(entry) is list for entry in row) or any(len(entry) != 2 for entry in row):
        return False
    numbers = list(chain.from_iterable(row))
    if not all(type(number) is int for number in numbers):
        return False
    return min(numbers, default=0) >= 0 and max(numbers, default=0) <= U16


def expect_pair(path: str, entry: object) -> None:
    if not isinstance(entry, list) or len(entry) != 2:
        raise InvalidInput(f"{path}: expected [uid, value], got {abbreviate(entry)}")
    expect_integer(f"{path} (uid)", entry[0], 0, U16)
    expect_integer(f"{path} (value)", entry[1], 0, U16)
