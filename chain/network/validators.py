"""The engine's validators: their powers by Grandpa's authorities, and the order in which they propose blocks.

The order is CometBFT's weighted round robin (`types/validator_set.go` of v0.38). Each validator has a priority. For
each height all priorities grow by the powers; the validator with the highest one, of equal ones that with the lowest
address, proposes the block, and pays the sum of all powers. With equal powers and the same validators they take turns
by address. A change that a block returns is in force two blocks later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

#: The largest power of a validator: even 32 of them stay below what the engine can add.
MAX_POWER = 1 << 40
#: Priorities differ at most by this number times the sum of powers.
WINDOW = 2


def address_of(public: bytes) -> bytes:
    """Return the engine's address of an ed25519 key: the first 20 bytes of its SHA-256."""
    return hashlib.sha256(public).digest()[:20]


def powers_of(voters: Iterable[tuple[bytes, int]]) -> dict[bytes, int]:
    """Return the power of each validator by its key, for Grandpa's voters and weights.

    The engine stops at a list that it does not accept, so the first weight of a key counts, voters without weight are
    left out, and weights are at most `MAX_POWER`.
    """
    powers: dict[bytes, int] = {}
    for key, weight in voters:
        if weight:
            powers.setdefault(key, min(weight, MAX_POWER))
    return powers


@dataclass(frozen=True, slots=True)
class Member:
    """A validator: its ed25519 key (32 bytes), power and priority."""

    key: bytes
    power: int
    priority: int = 0


@dataclass(frozen=True, slots=True)
class ValidatorSet:
    """The validators of one height, ordered by their addresses, and the key of the one that proposes first."""

    members: tuple[Member, ...]
    proposer: bytes

    @classmethod
    def first(cls, powers: Mapping[bytes, int]) -> ValidatorSet:
        """Return the validators of the engine's first height; there is at least one."""
        return ValidatorSet((), b"").changed(powers).next()

    @property
    def powers(self) -> dict[bytes, int]:
        """The power of each validator by its key."""
        return {each.key: each.power for each in self.members}

    @property
    def total(self) -> int:
        """The sum of all powers."""
        return sum(each.power for each in self.members)

    def updates(self, powers: Mapping[bytes, int]) -> dict[bytes, int]:
        """Return what changes when these are the validators: new powers by key, 0 for those that leave.

        The engine cannot go on without validators, so an empty list changes nothing.
        """
        if not powers:
            return {}
        before = self.powers
        changed = {key: power for key, power in powers.items() if before.get(key) != power}
        return dict(sorted((changed | {key: 0 for key in before if key not in powers}).items()))

    def changed(self, updates: Mapping[bytes, int]) -> ValidatorSet:
        """Return the set after changes of powers. A new validator begins behind all others."""
        if not updates:
            return self
        before = {each.key: each for each in self.members}
        grown = sum((self.powers | {key: power for key, power in updates.items() if power}).values())
        newcomer = -(grown + (grown >> 3))
        for key, power in updates.items():
            if power:
                before[key] = replace(before[key], power=power) if key in before else Member(key, power, newcomer)
            else:
                before.pop(key, None)
        members = tuple(sorted(before.values(), key=lambda each: address_of(each.key)))
        return ValidatorSet(_centred(_rescaled(members)), self.proposer)

    def next(self) -> ValidatorSet:
        """Return the set of the next height."""
        centred = _centred(_rescaled(self.members))
        grown = [replace(each, priority=each.priority + each.power) for each in centred]
        chosen = max(range(len(grown)), key=lambda index: (grown[index].priority, -index))
        grown[chosen] = replace(grown[chosen], priority=grown[chosen].priority - self.total)
        return ValidatorSet(tuple(grown), grown[chosen].key)


def _rescaled(members: tuple[Member, ...]) -> tuple[Member, ...]:
    """Return the members with priorities that differ at most by the window, divided by one number towards zero."""
    priorities = [each.priority for each in members]
    widest = WINDOW * sum(each.power for each in members)
    difference = max(priorities) - min(priorities)
    if difference <= widest:
        return members
    ratio = -(-difference // widest)
    return tuple(replace(each, priority=_towards_zero(each.priority, ratio)) for each in members)


def _centred(members: tuple[Member, ...]) -> tuple[Member, ...]:
    """Return the members with priorities around zero."""
    average = sum(each.priority for each in members) // len(members)
    return tuple(replace(each, priority=each.priority - average) for each in members)


def _towards_zero(number: int, divisor: int) -> int:
    return number // divisor if number >= 0 else -(-number // divisor)
