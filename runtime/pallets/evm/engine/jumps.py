"""The destinations of jumps in code, which are found once for each code and kept."""

from __future__ import annotations

import re

JUMPDEST, PUSH1 = 0x5B, 0x60
#: An operation PUSH1 to PUSH32 with its data, in which no destination is.
_PUSHES = re.compile(
    b"|".join(re.escape(bytes((PUSH1 + size - 1,))) + b".{0,%d}" % size for size in range(1, 33)), re.DOTALL
)
#: Bytes of code whose destinations are kept. It limits memory and does not change results.
CACHE_BYTES = 4 * 1024 * 1024


class JumpCache:
    """Code without the data of its pushes: a destination is where a JUMPDEST is left."""

    def __init__(self) -> None:
        self._masks: dict[bytes, bytes] = {}
        self._size = 0

    def mask(self, code: bytes) -> bytes:
        """Return the code with zeros instead of data."""
        mask = self._masks.get(code)
        if mask is None:
            mask = _PUSHES.sub(lambda push: bytes(len(push[0])), code)
            if self._size + len(code) > CACHE_BYTES:
                self._masks.clear()
                self._size = 0
            self._masks[code] = mask
            self._size += len(code)
        return mask


#: The cache of the process: destinations depend on the code alone.
JUMPS = JumpCache()
