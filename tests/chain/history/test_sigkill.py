"""A chain that is killed while it writes blocks reopens at its last whole block, many times over."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.history.stores import open_store
from pysubtensor.chain.history.stores.choose import available
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.state.build import root_of
from pysubtensor.runtime.version import STATE_VERSION

#: Makes blocks until it is killed: each with transfers, its number printed when `produce` has returned.
WRITER = """
import sys
from pathlib import Path
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.history.stores import open_store
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive

keys = [Keypair.from_uri(f"//{name}") for name in ("Alice", "Bob", "Charlie")]
chain = Chain(dev(), open_store(Path(sys.argv[1]), sys.argv[2]))
while True:
    for key, other in zip(keys, keys[1:]):
        chain.submit(chain.sign(transfer_keep_alive.call(Id(other.account), 1_000), key))
    print(chain.produce().number, flush=True)
"""


@pytest.mark.parametrize("engine", available())
def test_a_killed_chain_reopens_at_its_last_whole_block(engine: str, tmp_path: Path) -> None:
    last = 0
    for round_ in range(6):
        last = write_and_kill(tmp_path, engine, blocks=3 + 17 * round_ % 40)
        with Chain(dev(), open_store(tmp_path, engine)) as chain:
            assert chain.head.number >= last, "a reported block is stored"
            assert chain.header(chain.head.hash) == chain.head_header
            assert chain.head_header.state_root == root_of(chain.state.items(b""), STATE_VERSION)
            chain.produce(2)
    assert last > 40, "each round continues where the previous one was killed"


def write_and_kill(path: Path, engine: str, blocks: int) -> int:
    """Let the writer make some blocks, kill it at that moment, and return the last block that it printed."""
    command = [sys.executable, "-c", WRITER, str(path), engine]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stderr is not None
        last = 0
        for _ in range(blocks):
            line = writer.stdout.readline()
            assert line, writer.stderr.read()
            last = int(line)
        writer.send_signal(signal.SIGKILL)
    return last
