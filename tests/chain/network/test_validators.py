"""Validators and their turns: as the engine computes them, from its own program (tests/vectors/network)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pysubtensor.chain.network.turns import KEPT_EVERY, Turns, TurnsError
from pysubtensor.chain.network.validators import ValidatorSet, powers_of

from tests.chain.network.fake_engine import address, voter
from tests.vectors import load

CHAINS: list[list[dict[str, Any]]] = load("network/engine")["chains"]


def read(updates: dict[str, int]) -> dict[bytes, int]:
    return {bytes.fromhex(key): power for key, power in updates.items()}


@pytest.mark.parametrize("steps", CHAINS)
def test_priorities_are_those_of_the_engine(steps: list[dict[str, Any]]) -> None:
    found = ValidatorSet.first(read(steps[0]["updates"]))
    for number, step in enumerate(steps):
        if number:
            found = found.changed(read(step["updates"])).next()
        members = {each.key.hex(): [each.power, each.priority] for each in found.members}
        assert (members, found.proposer.hex()) == (step["members"], step["proposer"])


def test_equal_powers_take_turns_by_address() -> None:
    keys = [voter(index).public for index in range(4)]
    found, turns = ValidatorSet.first(dict.fromkeys(keys, 1)), []
    for _ in range(8):
        turns.append(found.proposer)
        found = found.next()
    assert turns == sorted(keys, key=address) * 2


def test_powers_are_what_the_engine_accepts() -> None:
    a, b, c = (voter(index).public for index in range(3))
    assert powers_of([(a, 2), (b, 0), (a, 9), (c, 1 << 63)]) == {a: 2, c: 1 << 40}


def test_updates_are_the_differences() -> None:
    a, b, c = (voter(index).public for index in range(3))
    found = ValidatorSet.first({a: 1, b: 1})
    assert found.updates({a: 1, c: 5}) == {b: 0, c: 5}
    assert found.updates({}) == {}


def test_turns_go_on_where_they_were(tmp_path: Path) -> None:
    keys = [voter(index).public for index in range(3)]
    path, powers = tmp_path / "validators.json", dict.fromkeys(keys, 1)
    turns, always = Turns(path, 7, 7, powers), Turns(None, 7, 7, powers)
    for number in range(8, KEPT_EVERY + 10):
        changes = {keys[0]: 3} if number == 20 else {}
        for each in (turns, always):
            each.advance(number, each.prepare(number, changes))
        if number in (8, 20, 21, 500, KEPT_EVERY + 5):
            turns = Turns(path, 7, number, {})
        assert (turns.number, turns.following) == (always.number, always.following)
    with pytest.raises(TurnsError, match="expected the validators of block 6 or before"):
        Turns(path, 7, 6, {})


def test_a_record_of_a_block_that_was_not_stored_does_not_count(tmp_path: Path) -> None:
    keys = [voter(index).public for index in range(2)]
    path, powers = tmp_path / "validators.json", dict.fromkeys(keys, 1)
    turns = Turns(path, 0, 0, powers)
    turns.prepare(1, {keys[0]: 5})
    assert Turns(path, 0, 0, {}).following.powers == powers


@pytest.mark.parametrize("content", ["", "[{}]", '[{"number": 1, "members": [], "proposer": ""}]', "3"])
def test_a_file_without_records_is_an_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "validators.json"
    path.write_text(content)
    with pytest.raises(TurnsError, match="expected the records of validators"):
        Turns(path, 0, 0, {})
