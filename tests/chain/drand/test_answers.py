"""Answers of drand's API, and files of them: genuine ones, and everything else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pysubtensor.chain.drand.answers import DrandError, read_answer, read_file

from tests.runtime.pallets.drand import ROUND_1000, ROUND_2000
from tests.vectors import load

ANSWERS: list[dict[str, Any]] = load("drand/quicknet")["pulses"]
FIRST = ANSWERS[0]


def changed(**parts: Any) -> bytes:
    """Return a genuine answer with other parts."""
    return json.dumps({**FIRST, **parts}).encode()


def test_genuine_answers_are_read() -> None:
    assert [read_answer(json.dumps(answer).encode()) for answer in ANSWERS] == [ROUND_1000, ROUND_2000]
    assert read_answer(changed(previous_signature="", other=[1])) == ROUND_1000


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "expected JSON"),
        (b"{", "expected JSON"),
        (b"<html>", "expected JSON"),
        (b'{"round":1000,"randomness":"not base64??","signature":}', "expected JSON"),
        (b"[]", "expected a JSON object, got list"),
        (b"null", "expected a JSON object, got NoneType"),
        (b"[" * 3000, "expected JSON"),
        (b" " * 4097, "at most 4096 bytes"),
        (changed(round=None), "expected a round from 1"),
        (changed(round=True), "expected a round from 1"),
        (changed(round="1000"), "expected a round from 1"),
        (changed(round=1000.0), "expected a round from 1"),
        (changed(round=0), "expected a round from 1"),
        (changed(round=-1), "expected a round from 1"),
        (changed(round=2**64), "expected JSON|expected a round from 1"),
        (changed(signature=None), "96 hexadecimal digits for signature"),
        (changed(signature=""), "96 hexadecimal digits for signature"),
        (changed(signature=FIRST["signature"] + "00"), "96 hexadecimal digits for signature"),
        (changed(signature="x" * 96), "expected hexadecimal digits for signature"),
        (changed(signature="é" * 96), "expected hexadecimal digits for signature"),
        (changed(signature=" " * 96), "expected hexadecimal digits for signature"),
        (changed(randomness="00"), "64 hexadecimal digits for randomness"),
        (changed(randomness=["a"] * 64), "64 hexadecimal digits for randomness"),
    ],
)
def test_other_answers_are_refused(data: bytes, expected: str) -> None:
    with pytest.raises(DrandError, match=expected):
        read_answer(data)


def test_a_file_has_an_answer_in_each_line(tmp_path: Path) -> None:
    path = tmp_path / "pulses.jsonl"
    path.write_text("\n".join(["", *map(json.dumps, ANSWERS), "", ""]))
    assert read_file(path) == [ROUND_1000, ROUND_2000]
    path.write_text(f"{json.dumps(FIRST)}\n{{}}\n")
    with pytest.raises(DrandError, match=r"pulses.jsonl, line 2: expected a round"):
        read_file(path)
    with pytest.raises(DrandError, match="No such file"):
        read_file(tmp_path / "missing")
