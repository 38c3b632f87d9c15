"""Whose turn it is to propose: the engine's validators two heights ahead, followed block by block, kept in a file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .validators import Member, ValidatorSet

#: Blocks after which the file is written again, so that few are counted when a node starts.
KEPT_EVERY = 1024
#: Records in the file: the last one may be of a block that was not stored.
KEPT = 3


class TurnsError(ValueError):
    """A file of turns that cannot be used."""


class Turns:
    """The validators of the height after the next one, for the block after the head."""

    def __init__(self, path: Path | None, base: int, head: int, powers: Mapping[bytes, int]) -> None:
        """Continue at a head with the records in `path`, or begin at `base`, the block before the engine's first one.

        `powers` are those of the validators at the head. Raises TurnsError if records are missing.
        """
        self._path, self.base = path, base
        self._records: list[tuple[int, ValidatorSet]] = []
        if path is not None and path.exists():
            self._records = _read(path)
        elif head == base and powers:
            self._keep(base, ValidatorSet.first(powers).next())
        found = [record for record in self._records if record[0] <= head]
        if not found:
            raise TurnsError(
                f"expected the validators of block {head} or before in {path}: the file is lost, or the chain has no "
                "voters; let the node begin anew, from its peers"
            )
        self.number, self.following = max(found, key=lambda record: record[0])
        while self.number < head:
            self.number, self.following = self.number + 1, self.following.next()

    def expected(self) -> bytes:
        """Return the key of the validator that proposes two blocks after the next one, if no proposal fails."""
        return self.following.next().proposer

    def prepare(self, number: int, updates: Mapping[bytes, int]) -> ValidatorSet:
        """Return the validators after a block, which are kept before the block is stored, for `advance`."""
        following = self.following.changed(updates).next()
        if updates or number % KEPT_EVERY == 0:
            self._keep(number, following)
        return following

    def advance(self, number: int, following: ValidatorSet) -> None:
        """Note that a block was stored."""
        self.number, self.following = number, following

    def restored(self, number: int, following: ValidatorSet) -> Turns:
        """Begin anew after a block that a snapshot has brought, with its validators, and return this object."""
        self._records = []
        self._keep(number, following)
        self.advance(number, following)
        return self

    def record(self) -> dict[str, Any]:
        """Return the record of the head, for a snapshot."""
        return _to_json(self.number, self.following)

    def _keep(self, number: int, following: ValidatorSet) -> None:
        self._records = [record for record in self._records if record[0] < number][1 - KEPT :]
        self._records.append((number, following))
        if self._path is not None:
            write_whole(self._path, json.dumps([_to_json(*record) for record in self._records]).encode())


def write_whole(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file so that after a crash it has its new content or its old one."""
    temporary = path.with_name(f".{path.name}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def _to_json(number: int, following: ValidatorSet) -> dict[str, Any]:
    members = [[each.key.hex(), each.power, each.priority] for each in following.members]
    return {"number": number, "members": members, "proposer": following.proposer.hex()}


def from_json(record: dict[str, Any]) -> tuple[int, ValidatorSet]:
    """Return the number of a block and the validators of a record; raises ValueError, TypeError or KeyError."""
    members = tuple(Member(bytes.fromhex(key), int(power), int(rank)) for key, power, rank in record["members"])
    if not members:
        raise ValueError("expected validators")
    return int(record["number"]), ValidatorSet(members, bytes.fromhex(record["proposer"]))


def _read(path: Path) -> list[tuple[int, ValidatorSet]]:
    try:
        return [from_json(record) for record in json.loads(path.read_bytes())]
    except (ValueError, TypeError, KeyError) as error:
        raise TurnsError(f"expected the records of validators in {path}, got something else: {error}") from error
