"""The application of a node that does what files in its folder ask for, once:

    kill-at    STEP WHICH: kill processes of the node at a step of a block: `app`, `engine` or `both`
    forge      CHANGE: forge the next proposal (`tests.chain.network.forgeries`), and vote for it

python -m tests.network.app FOLDER
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path

from pysubtensor.chain.network import node
from pysubtensor.chain.network.application import ACCEPT, Application
from pysubtensor.chain.network.messages import Message, make
from pysubtensor.cli import main

from tests.chain.network.forgeries import CHANGES, Forger, forge_proposal

#: What `kill-at` can kill.
WHICH = ("app", "engine", "both")


def siblings() -> list[int]:
    """Return the other processes of this node's supervisor: its engine."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
                if int(parent) == os.getppid():
                    found.append(int(entry.name))
    return found


class Unruly(Application):
    """An application with the faults that are asked for; `folder` is that of the process's node."""

    folder: Path
    _forged: tuple[bytes, ...] | None = None

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]  # passed on as they are
        self.at = self.fail_at

    def fail_at(self, step: str) -> None:
        """Kill what `kill-at` names, if it names this step."""
        wanted = self.folder / "kill-at"
        if not wanted.exists():
            return
        at, which = wanted.read_text().split()
        if at == step:
            wanted.unlink()
            if which != "app":
                for process in siblings():
                    os.kill(process, signal.SIGKILL)
            if which != "engine":
                os.kill(os.getpid(), signal.SIGKILL)

    async def _prepare_proposal(self, request: Message) -> Message:
        answer, wanted = await super()._prepare_proposal(request), self.folder / "forge"
        if not wanted.exists() or self.author is None:
            return answer
        forger = Forger(self.author, self.chain.genesis_hash, self.chain.slot_ms)
        self._forged = tuple(forge_proposal(forger, CHANGES[wanted.read_text()], list(answer.txs)))
        wanted.write_text(str(request.height))
        wanted.rename(self.folder / "forged")
        return make("ResponsePrepareProposal", txs=self._forged)

    async def _process_proposal(self, request: Message) -> Message:
        if tuple(request.txs) == self._forged:
            return make("ResponseProcessProposal", status=ACCEPT)
        return await super()._process_proposal(request)


if __name__ == "__main__":
    Unruly.folder = Path(sys.argv[1])
    node.Application = Unruly  # type: ignore[misc]  # only in this process
    main(["network", "app", sys.argv[1]])
