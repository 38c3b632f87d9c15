"""Reusable large arrays: allocating an array costs more in page faults than the arithmetic on it."""

from __future__ import annotations

from math import prod
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..fixed.arrays import U64

#: Idle arrays by length, a power of two, with undefined content. `pop` and `append` are atomic, so that epochs in
#: different threads never share an array.
_idle: dict[int, list[U64]] = {}


class Scratch:
    """Arrays for one computation, reusable after its `with` block. Results that leave the block must not be views."""

    def __init__(self) -> None:
        self._taken: list[U64] = []

    def __enter__(self) -> Scratch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for array in self._taken:
            _idle.setdefault(len(array), []).append(array)
        self._taken.clear()

    def empty(self, shape: tuple[int, ...], dtype: type = np.uint64) -> NDArray[Any]:
        """Return an array of undefined content."""
        size = prod(shape)
        words = -(-size * np.dtype(dtype).itemsize // 8)
        length = 1 << max(0, words - 1).bit_length()
        idle = _idle.get(length)
        array = idle.pop() if idle else np.empty(length, np.uint64)
        self._taken.append(array)
        return array.view(dtype)[:size].reshape(shape)
