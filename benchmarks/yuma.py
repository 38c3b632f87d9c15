"""One epoch of Yuma Consensus, beside the native Rust implementation.

The yardstick Y is the NumPy expression `((a >> 16) * (a >> 16)).sum()` on 64 x 4096 uint64. It is dominated by page
faults of its two 2 MiB temporaries, which no longer occur once a process has freed something larger (the allocator
then keeps the memory). So Y is measured in a fresh process before and after each row. The native figures were measured
in Y on another machine.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from statistics import median
from time import perf_counter
from typing import NamedTuple

import numpy as np
from pysubtensor.consensus.yuma import fast, reference
from pysubtensor.consensus.yuma.case import epoch_output
from pysubtensor.consensus.yuma.types import EpochInput, SparseRows

from .harness import Figure


class Row(NamedTuple):
    """A size, the median of native Rust in Y, and the bound of pysubtensor's median in Y."""

    n: int
    validators: int
    variant: str
    penalty: int
    native: float
    limit: float


ROWS = [
    Row(256, 64, "yuma2", 65535, 0.96, 0.9),
    Row(256, 64, "yuma3", 65535, 0.83, 0.9),
    Row(256, 64, "liquid", 65535, 9.05, 3),
    Row(1024, 64, "yuma2", 65535, 3.79, 1.6),
    Row(1024, 64, "yuma3", 65535, 3.82, 1.6),
    Row(1024, 64, "liquid", 65535, 111.8, 8),
    Row(4096, 64, "yuma2", 65535, 18.82, 6),
    Row(4096, 64, "yuma3", 65535, 16.35, 6),
    Row(4096, 64, "liquid", 65535, 2004.4, 30),
    Row(4096, 64, "yuma2", 32767, 53.48, 10),
    Row(4096, 64, "yuma3", 32767, 49.6, 10),
    Row(4096, 64, "liquid", 32767, 2013.24, 30),
    Row(4096, 256, "yuma2", 65535, 64.65, 24),
    Row(4096, 256, "yuma3", 65535, 53.48, 24),
    Row(4096, 256, "liquid", 65535, 1805.2, 120),
]
GROWTH = [1024, 4096, 16384]
WEIGHTS_PER_NEURON = 32

YARDSTICK = """
import numpy, statistics, time
a = numpy.random.default_rng(1).integers(0, 1 << 32, (64, 4096), dtype=numpy.uint64)
times = []
for _ in range(101):
    start = time.perf_counter()
    ((a >> 16) * (a >> 16)).sum()
    times.append(time.perf_counter() - start)
print(statistics.median(times))
"""
MEMORY = """
from benchmarks.harness import peak_megabytes
from benchmarks.yuma import dense
from pysubtensor.consensus.yuma import fast
fast.epoch(dense(4096, 256, "yuma2", 65535))
print(peak_megabytes())
"""


def dense(n: int, validators: int, variant: str, penalty: int) -> EpochInput:
    """Return an input in which the first uids are validators with n random weights each; bonds of one earlier epoch."""
    rng = np.random.default_rng(1)
    uids = np.arange(n)
    rows = [np.stack([uids, rng.integers(0, 65536, n)], axis=1) for _ in range(validators)]
    return second_epoch(
        replace(
            blank(n, variant, penalty),
            weights=SparseRows.from_rows([*rows, *([] for _ in range(n - validators))]),
            total_stake=[int(rao) << 64 for rao in rng.integers(10**12, 10**15, validators)] + [0] * (n - validators),
            validator_permits=uids < validators,
            max_allowed_validators=validators,
        )
    )


def sparse(n: int, variant: str) -> EpochInput:
    """Return an input in which every uid is a validator with WEIGHTS_PER_NEURON weights."""
    rng = np.random.default_rng(1)
    rows = [
        np.stack(
            [np.sort(rng.choice(n, WEIGHTS_PER_NEURON, replace=False)), rng.integers(0, 65536, WEIGHTS_PER_NEURON)],
            axis=1,
        )
        for _ in range(n)
    ]
    return second_epoch(
        replace(
            blank(n, variant, 65535),
            weights=SparseRows.from_rows(rows),
            total_stake=[int(rao) << 64 for rao in rng.integers(10**12, 10**15, n)],
            validator_permits=np.ones(n, bool),
            max_allowed_validators=n,
        )
    )


def blank(n: int, variant: str, penalty: int) -> EpochInput:
    return replace(
        EpochInput.blank(n),
        yuma3_on=variant != "yuma2",
        liquid_alpha_on=variant == "liquid",
        bonds_penalty=penalty,
        rao_emission=10**12,
    )


def second_epoch(inputs: EpochInput) -> EpochInput:
    """Return the same input with the bonds of one epoch."""
    return replace(inputs, bonds=fast.epoch(inputs).bonds)


def milliseconds(work: Callable[[], object], budget: float = 0.5) -> float:
    """Return the median of as many rounds as fit the budget of seconds (5 to 201)."""
    times: list[float] = []
    while len(times) < 5 or (sum(times) < budget and len(times) < 201):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return 1000 * median(times)


def in_fresh_process(program: str) -> float:
    return float(subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout)


def row_of(row: Row) -> Figure:
    """Return one row of the table: the median over Y, with the native figure as a note."""
    inputs = dense(row.n, row.validators, row.variant, row.penalty)
    before = in_fresh_process(YARDSTICK)
    time = milliseconds(lambda: fast.epoch(inputs))
    yardstick = 1000 * (before + in_fresh_process(YARDSTICK)) / 2
    name = f"n {row.n}, validators {row.validators}, {row.variant}, penalty {row.penalty}"
    return Figure(name, time, "ms", time / yardstick, "Y", row.limit, note=f"native {row.native:g}")


def growth_of(n: int, variant: str) -> Figure:
    """Return the cost of a weight in a sparse subnet: constant when time is proportional to the number of weights."""
    time = milliseconds(partial(fast.epoch, sparse(n, variant)))
    return Figure(
        f"n {n}, {WEIGHTS_PER_NEURON} weights each, {variant}", 1e6 * time / (n * WEIGHTS_PER_NEURON), "ns/weight"
    )


def run(small: bool) -> Iterator[Figure]:
    """Yield every row, or small ones with results checked against the reference."""
    if small:
        for variant in ("yuma2", "yuma3", "liquid"):
            for inputs in (dense(24, 6, variant, 32767), sparse(40, variant)):
                assert epoch_output(fast.epoch(inputs)) == epoch_output(reference.epoch(inputs)), variant
                yield Figure(f"n {inputs.n}, {variant}", milliseconds(partial(fast.epoch, inputs), budget=0), "ms")
        return
    for row in ROWS:
        yield row_of(row)
    for variant in ("yuma2", "yuma3", "liquid"):
        for n in GROWTH:
            yield growth_of(n, variant)
    peak = in_fresh_process(MEMORY)
    yield Figure("peak memory of a process with one epoch of 4096/256", peak, "MB", bound=300)
