"""The command line: CPU time of help, completion and queries, beside that of a bare interpreter."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence

from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.server import running

from .harness import Figure

BARE = ("-c", "pass")
PROGRAM = ("-c", "from pysubtensor.cli import main; main(prog_name='pysubtensor')")
#: Most seconds of CPU for help, completion, and what the node does alone; for what needs the runtime; for a transaction
#: until it is in a block, which needs a WebSocket as well.
BOUND, RUNTIME_BOUND, WATCH_BOUND = 0.15, 0.45, 0.6
HELP = {
    "pysubtensor --help": ("--help",),
    "pysubtensor tx balances transfer-keep-alive --help": ("tx", "balances", "transfer-keep-alive", "--help"),
    "pysubtensor devnet --help": ("devnet", "--help"),
}
COMPLETED = ("pysubtensor tx bal", "pysubtensor tx balances transfer-all --dest //", "pysubtensor devnet --te")
ONLINE = {
    "snapshot list": BOUND,
    "status": RUNTIME_BOUND,
    "query system account //Alice": RUNTIME_BOUND,
    "tx system remark --remark x --from alice --wait none": RUNTIME_BOUND,
    "tx system remark --remark x --from alice": WATCH_BOUND,
}


def run(small: bool) -> Iterator[Figure]:
    rounds = 2 if small else 10
    bare = seconds(BARE, {}, rounds)
    yield Figure("bare interpreter", 1000 * bare, "ms")
    for name, words in HELP.items():
        yield figure(name, seconds((*PROGRAM, *words), {}, rounds), bare, BOUND)
    for line in COMPLETED:
        shell = {"_PYSUBTENSOR_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
        yield figure(f"completion of `{line}`", seconds(PROGRAM, shell, rounds), bare, BOUND)
    with Chain.dev() as chain, running(chain, engine=LocalEngine(chain, Sealing.INSTANT)) as server:
        for name, bound in ONLINE.items():
            words = (*PROGRAM, *name.split(), "--url", server.url)
            yield figure(name, seconds(words, {}, rounds), bare, bound)


def figure(name: str, value: float, bare: float, bound: float | None) -> Figure:
    """Return the figure of a command, bounded in seconds; its note has the ratio to a bare interpreter."""
    return Figure(name, value, "s", bound=bound, note=f"{value / bare:.1f} bare interpreters")


def seconds(words: Sequence[str], more: Mapping[str, str], rounds: int) -> float:
    """Return the least CPU seconds of a process of the interpreter, user and system."""
    times = []
    for _ in range(rounds):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *words], env={**os.environ, **more}, capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)
