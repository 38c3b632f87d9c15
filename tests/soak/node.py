"""A devnet in a process of its own, with the rules of the subnets' simulation, and the memory that it takes."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from pysubtensor.genesis.presets import dev

from tests.simulation.players import RULES, hotkeys
from tests.world import TAO

COMMAND = [sys.executable, "-m", "pysubtensor", "devnet", "--port", "0", "--seal", "manual"]
KIBIBYTE = 1024


def write_chain_file(path: Path) -> None:
    """Write the chain's parameters: those of the development preset, with the simulation's rules and accounts."""
    config = dev()
    (authority,) = config.authorities
    balances = {**config.balances, **{key.account: 100 * TAO for key in hotkeys()}}
    assert config.sudo_key is not None
    lines = [
        'chain_type = "Development"',
        f"start_ms = {config.start_ms}",
        f"evm_chain_id = {config.evm_chain_id}",
        f'sudo_key = "0x{config.sudo_key.hex()}"',
        f'authorities = [{{ aura = "0x{authority.aura.hex()}", grandpa = "0x{authority.grandpa.hex()}" }}]',
        *[f"{name} = {value}" for name, value in RULES.items()],
        "[balances]",
        *[f'"0x{account.hex()}" = {rao}' for account, rao in balances.items()],
    ]
    path.write_text("\n".join(lines) + "\n")


class NodeProcess:
    """A running node with its data in `folder`, and its address. It drops its lines about blocks."""

    def __init__(self, chain_file: Path, folder: Path) -> None:
        self._log = (folder.parent / "node.log").open("a")
        options = ["--chain", str(chain_file), "--data-dir", str(folder)]
        self._process = subprocess.Popen(
            [*COMMAND, *options], stdout=subprocess.PIPE, stderr=self._log, text=True, start_new_session=True
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        self._output = self._process.stdout
        assert self.url.startswith("ws://"), f"expected the address of a node, see {self._log.name}"

    def memory(self) -> int:
        """Return the bytes of memory that only this process has: without mapped files, which are the system's cache."""
        for line in Path(f"/proc/{self._process.pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * KIBIBYTE
        raise AssertionError("expected RssAnon in the status of a process: the soak needs Linux")

    def stop(self) -> None:
        """End it as Ctrl-C does; raise AssertionError unless it ends well and has logged no error."""
        self._process.send_signal(signal.SIGINT)
        self._process.stdout = None
        self._output.close()
        code = self._process.wait(timeout=120)
        self._log.close()
        log = Path(self._log.name).read_text()
        assert code == 0, log[-2000:]
        assert "Traceback" not in log, log[-2000:]

    def kill(self) -> None:
        """End it at once, if it still runs."""
        self._process.kill()
        self._process.wait()
