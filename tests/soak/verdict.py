"""What must hold of a node after a soak: its memory, its disk, its reopening, and its state."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, process_time

from pysubtensor.chain.blocks import Head
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.history.layout import BLOCK, CHANGED
from pysubtensor.chain.history.stores import open_store
from pysubtensor.genesis.config import ChainConfig
from pysubtensor.runtime.state.build import root_of
from pysubtensor.runtime.version import STATE_VERSION

#: The largest memory of a tenth, as a part of that of the first one.
MOST_GROWTH = 1.3
KEPT_STATES = 4096
#: Blocks from which on memory is compared: the first tenth has as many as a node keeps states of.
WARM_BLOCKS = 10 * KEPT_STATES
#: Seconds of the processor for reopening; the rest is waiting for a busy machine.
MOST_SECONDS = 2.0
#: The folder may be larger than what is in it: by what LevelDB has not merged yet, and by its log and buffers.
MOST_OVERHEAD, BUFFERS = 1.5, 128 << 20


@dataclass(slots=True)
class Verdict:
    """Measured figures as lines, and which bounds they break."""

    lines: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def expect(self, holds: bool, line: str) -> None:
        """Add a figure, and a failure if it breaks its bound."""
        self.lines.append(line)
        if not holds:
            self.failures.append(line)


def judge(config: ChainConfig, data: Path, head: Head, memory: list[int]) -> Verdict:
    """Check the folder of a node that has ended with this head; `memory` has the largest of each tenth, in bytes."""
    verdict = Verdict()
    growth = max(memory) / memory[0]
    tenths = " ".join(str(each >> 20) for each in memory)
    warm = head.number < WARM_BLOCKS or growth <= MOST_GROWTH
    verdict.expect(warm, f"memory of each tenth {tenths} MiB, at most {growth:.2f} of the first")
    start, work = perf_counter(), process_time()
    with Chain(config, data) as chain:
        seconds, worked = perf_counter() - start, process_time() - work
        verdict.expect(worked <= MOST_SECONDS, f"reopened in {seconds:.2f} s, {worked:.2f} s of them at work")
        verdict.expect(chain.head == head, f"head {chain.head.number} of {head.number}")
        root = root_of(chain.state.items(b""), STATE_VERSION)
        verdict.expect(root == chain.head_header.state_root, f"state root of all keys 0x{root.hex()}")
        oldest = chain.history.head.first_state
    judge_disk(verdict, data, head.number, oldest)
    return verdict


def judge_disk(verdict: Verdict, data: Path, blocks: int, oldest: int) -> None:
    """Check that the store keeps all blocks, and changes of the last ones, and that its folder is not much larger."""
    verdict.expect(oldest == max(blocks - KEPT_STATES + 1, 0), f"states from block {oldest} on")
    store = open_store(data)
    stored = sum(1 for _ in store.items(BLOCK))
    verdict.expect(stored == blocks + 1, f"{stored} blocks stored")
    changes = sum(1 for _ in store.items(CHANGED))
    verdict.expect(changes <= KEPT_STATES, f"changes of {changes} blocks stored")
    content = sum(len(key) + len(value) for key, value in store.items(b""))
    store.close()
    size = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())
    line = f"folder {size >> 20} MiB with {content >> 20} MiB of records"
    verdict.expect(size <= content * MOST_OVERHEAD + BUFFERS, line)
