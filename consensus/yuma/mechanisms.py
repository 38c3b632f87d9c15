"""The mechanisms of a subnet: their shares of the emission, and the merge of their epochs.

Each mechanism has its own epoch (`EpochOutput`) with its own incentive and bonds. The chain stores for the whole
subnet the sum of their emission, and averages of the other values, weighted by emission.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..fixed.arrays import LOW_BITS, U64
from ..integers import saturating_sub
from .types import EpochOutput

U16_MAX = 65535
U64_MAX = np.uint64((1 << 64) - 1)
_32 = np.uint64(32)
#: Weights of mechanisms have 64 fraction bits.
WEIGHT_ONE = 1 << 64


@dataclass(frozen=True, slots=True, eq=False)
class MergedEpoch:
    """The values that the chain stores for all mechanisms of a subnet together, by uid. Units as in EpochOutput."""

    active: NDArray[np.bool_]
    new_validator_permits: NDArray[np.bool_]
    stake_weight: NDArray[np.uint16]
    consensus: NDArray[np.uint16]
    dividends: NDArray[np.uint16]
    validator_trust: NDArray[np.uint16]
    server_emission: NDArray[np.uint64]
    validator_emission: NDArray[np.uint64]
    combined_emission: NDArray[np.uint64]


def split_emission(rao: int, count: int, shares: Sequence[int] | None = None) -> list[int]:
    """Return the emission in rao of each of `count` mechanisms: by u16 shares of 65535, or evenly.

    Mechanisms without a share receive nothing, shares without a mechanism are ignored. Mechanism 0 also receives the
    remainder of the rounding and of ignored shares.
    """
    if shares is None:
        parts = [rao // count] * count
    else:
        parts = [rao * share // U16_MAX for share in shares][:count]
        parts += [0] * (count - len(parts))
    parts[0] += saturating_sub(rao, sum(parts))
    return parts


def merge(outputs: Sequence[EpochOutput], emissions: Sequence[int], rao: int) -> MergedEpoch:
    """Merge the epochs of all mechanisms. `emissions` are their parts of `rao`, from split_emission.

    Averages are summed mechanism by mechanism, each product floored. A single mechanism is unchanged.
    """
    weights = [emission_weight(index, part, rao) for index, part in enumerate(emissions)]

    def average(name: str) -> U64:
        total = np.zeros(len(outputs[0].active), np.uint64)
        for output, weight in zip(outputs, weights, strict=True):
            total = saturating_add(total, multiply_by_weight(getattr(output, name).astype(np.uint64), weight))
        return total

    def average_u16(name: str) -> NDArray[np.uint16]:
        return np.minimum(average(name), np.uint64(U16_MAX)).astype(np.uint16)

    def total(name: str) -> U64:
        rewards: U64 = getattr(outputs[0], name)
        for output in outputs[1:]:
            rewards = saturating_add(rewards, getattr(output, name))
        return rewards

    return MergedEpoch(
        active=np.logical_or.reduce([output.active for output in outputs]),
        new_validator_permits=np.logical_or.reduce([output.new_validator_permits for output in outputs]),
        stake_weight=average_u16("stake_weight"),
        consensus=average_u16("consensus"),
        dividends=average_u16("dividends"),
        validator_trust=average_u16("validator_trust"),
        server_emission=total("server_emission"),
        validator_emission=total("validator_emission"),
        combined_emission=average("combined_emission"),
    )


def emission_weight(index: int, part: int, rao: int) -> int:
    """Return part / rao with 64 fraction bits; without emission mechanism 0 has the whole weight."""
    if rao == 0:
        return WEIGHT_ONE if index == 0 else 0
    return (part << 64) // rao


def multiply_by_weight(values: U64, weight: int) -> U64:
    """Return floor(values · weight) for a weight of at most one: the high half of a 64-by-64-bit product."""
    if weight == WEIGHT_ONE:
        return values
    high, low = np.uint64(weight >> 32), np.uint64(weight & 0xFFFFFFFF)
    values_high, values_low = values >> _32, values & LOW_BITS
    first = values_high * low + (values_low * low >> _32)
    second = values_low * high + (first & LOW_BITS)
    product: U64 = values_high * high + (first >> _32) + (second >> _32)
    return product


def saturating_add(a: U64, b: U64) -> U64:
    total: U64 = a + b
    total[total < a] = U64_MAX
    return total
