"""Output of a node that runs for long: a pipe or disk that is full, or closed, must not stop its blocks."""

from __future__ import annotations

import logging
import os
import select
import sys

#: Bytes that a pipe takes without blocking when it takes any.
PIPE_BYTES = 4096


def print_line(line: str, error: bool = False) -> None:
    """Print a line to standard output or standard error, or discard it when it cannot be written at once."""
    stream = sys.stderr if error else sys.stdout
    try:
        write(stream.fileno(), (line + "\n").encode())
    except (OSError, ValueError, AttributeError):  # full, closed, or none
        return


def write(descriptor: int, data: bytes) -> None:
    """Write as much as is taken at once; raises OSError."""
    for start in range(0, len(data), PIPE_BYTES):
        _, writable, _ = select.select([], [descriptor], [], 0)
        if not writable:
            return
        os.write(descriptor, data[start : start + PIPE_BYTES])


class LineHandler(logging.Handler):
    """Writes messages to standard error, as `print_line` does."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a message."""
        print_line(self.format(record), error=True)


class Repeats(logging.Filter):
    """Passes the first messages of each place in the source per period, counts the others, and says their number.

    A hostile client can cause the same message as often as it likes.
    """

    def __init__(self, most: int = 10, period_s: float = 60) -> None:
        super().__init__()
        self._most = most
        self._period_s = period_s
        #: Beginning of the period and number of messages, by logger and line.
        self._seen: dict[tuple[str, int], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a message is passed; add the number of those that were not."""
        place = record.name, record.lineno
        start, count = self._seen.get(place, (record.created, 0))
        if record.created - start >= self._period_s:
            if count > self._most:
                record.msg = f"{record.msg} ({count - self._most} more like it were not shown)"
            start, count = record.created, 0
        self._seen[place] = start, count + 1
        return count < self._most


def set_up_logging() -> None:
    """Write warnings and errors to standard error, each kind a few times per minute."""
    handler = LineHandler()
    handler.addFilter(Repeats())
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
