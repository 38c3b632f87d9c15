"""The output of a node: what is full or closed is skipped, and repeated messages are counted."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator

import pytest
from pysubtensor.cli.node_output import PIPE_BYTES, Repeats, print_line, write


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """The two ends of a pipe."""
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def test_a_text_is_written_whole(pipe: tuple[int, int]) -> None:
    text = bytes(range(250)) * 40
    assert len(text) > 2 * PIPE_BYTES
    write(pipe[1], text)
    assert os.read(pipe[0], 20_000) == text


def test_a_pipe_that_is_full_is_not_waited_for(pipe: tuple[int, int]) -> None:
    for _ in range(100):
        write(pipe[1], b"x" * PIPE_BYTES)
    assert len(os.read(pipe[0], 1 << 20)) < 100 * PIPE_BYTES


def test_a_line_without_an_output_is_discarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    print_line("a")
    print_line("🏆", error=True)  # captured: it has no descriptor


def record(created: float, line: int = 1) -> logging.LogRecord:
    made = logging.LogRecord("rpc", logging.WARNING, "file", line, "message", (), None)
    made.created = created
    return made


def test_repeated_messages_are_counted() -> None:
    repeats = Repeats(most=2, period_s=60)
    assert [repeats.filter(record(second)) for second in (100, 101, 102, 159)] == [True, True, False, False]
    assert repeats.filter(record(159, line=2)), "another place"
    later = record(160)
    assert repeats.filter(later)
    assert later.getMessage() == "message (2 more like it were not shown)"
    last = record(220)
    assert repeats.filter(last)
    assert last.getMessage() == "message"
