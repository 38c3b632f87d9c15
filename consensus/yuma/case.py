"""Epochs as JSON: the format of the known answers, checked on the way in, written on the way out.

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
#: From this many neurons on the bonds' raw bits are left out of the output.
BONDS_BITS_LIMIT = 128


def epoch_input(case: object) -> EpochInput:
    """The input of a case, or of the bare "inputs" object. Raises InvalidInput with the path of what is wrong."""
    inputs = mapping("the case", case)
    inputs = mapping("inputs", inputs["inputs"]) if "inputs" in inputs else inputs
    n = integer("n", required(inputs, "n"), 0, MAX_NEURONS)
    # Any: the three tables below give the fields they are named after, each of one type.
    checked: dict[str, Any] = {name: integer(name, required(inputs, name), *bounds) for name, bounds in RANGES.items()}
    checked |= {name: boolean(name, required(inputs, name)) for name in FLAGS}
    checked |= {name: np.array(integers(name, required(inputs, name), n, U64), np.uint64) for name in BLOCKS}
    owner = required(inputs, "owner_uid")
    permits = sized("validator_permits", required(inputs, "validator_permits"), n)
    return EpochInput(
        n=n,
        total_stake=stakes("total_stake_bits", required(inputs, "total_stake_bits"), n),
        owner_uid=None if owner is None else integer("owner_uid", owner, 0, max(0, n - 1)),
        validator_permits=np.array(
            [boolean(f"validator_permits[{i}]", permit) for i, permit in enumerate(permits)], bool
        ),
        weights=sparse_rows("weights", required(inputs, "weights"), n),
        bonds=sparse_rows("bonds", required(inputs, "bonds"), n),
        **checked,
    )


def epoch_output(output: EpochOutput) -> dict[str, Any]:
    """The "outputs" of a case."""
    result: dict[str, Any] = {}
    for name in sorted(field.name for field in fields(output)):
        value = getattr(output, name)
        if not isinstance(value, SparseRows):
            result[name] = value.tolist()
        elif name != "ema_bonds_bits" or len(value) <= BONDS_BITS_LIMIT:
            result[name] = [[list(entry) for entry in row] for row in value.to_lists()]
    return result


# Checks: each returns what it was given, typed, or says where and what is wrong.


def shown(value: object) -> str:
    """A value as it may appear in a message."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def required(values: dict[str, Any], name: str) -> Any:
    if name not in values:
        raise InvalidInput(f"{name}: missing")
    return values[name]


def mapping(path: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInput(f"{path}: expected an object, got {shown(value)}")
    return value


def integer(path: str, value: object, low: int, high: int) -> int:
    if type(value) is not int:
        raise InvalidInput(f"{path}: expected an integer, got {shown(value)}")
    if not low <= value <= high:
        raise InvalidInput(f"{path}: expected {low} to {high}, got {shown(value)}")
    return value


def boolean(path: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput(f"{path}: expected true or false, got {shown(value)}")
    return value


def sized(path: str, value: object, n: int) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidInput(f"{path}: expected a list, got {shown(value)}")
    if len(value) != n:
        raise InvalidInput(f"{path}: expected length {n}, got {len(value)}")
    return value


def integers(path: str, value: object, n: int, high: int) -> list[int]:
    return [integer(f"{path}[{i}]", item, 0, high) for i, item in enumerate(sized(path, value, n))]


def stakes(path: str, value: object, n: int) -> list[int]:
    """I64F64 raw bits, as decimal strings or integers."""
    return [stake(f"{path}[{i}]", item) for i, item in enumerate(sized(path, value, n))]


def stake(path: str, value: object) -> int:
    if isinstance(value, str):
        digits = value.strip()
        if not (digits.lstrip("-").isascii() and digits.lstrip("-").isdigit()) or len(digits) > 40:
            raise InvalidInput(f"{path}: expected a decimal number, got {shown(value)}")
        value = int(digits)
    return integer(path, value, 0, (1 << 127) - 1)


def sparse_rows(path: str, value: object, n: int) -> SparseRows:
    """One row of [target, u16] pairs for each uid."""
    rows = sized(path, value, n)
    for i, row in enumerate(rows):
        if not isinstance(row, list):
            raise InvalidInput(f"{path}[{i}]: expected a list of pairs, got {shown(row)}")
        if not are_pairs(row):
            for k, entry in enumerate(row):
                pair(f"{path}[{i}][{k}]", entry)
        if len({entry[0] for entry in row}) != len(row):
            raise InvalidInput(f"{path}[{i}]: expected each target once, got one twice")
    return SparseRows.from_rows(rows)


def are_pairs(row: list[Any]) -> bool:
    """Whether `pair` would accept every entry, found out for all at once: a large case has a million."""
    if not all(type(entry) is list for entry in row) or any(len(entry) != 2 for entry in row):
        return False
    numbers = list(chain.from_iterable(row))
    if not all(type(number) is int for number in numbers):
        return False
    return min(numbers, default=0) >= 0 and max(numbers, default=0) <= U16


def pair(path: str, entry: object) -> None:
    if not isinstance(entry, list) or len(entry) != 2:
        raise InvalidInput(f"{path}: expected [uid, value], got {shown(entry)}")
    integer(f"{path} (uid)", entry[0], 0, U16)
    integer(f"{path} (value)", entry[1], 0, U16)
