"""The supervisor of a node whose application can be killed at a step: `python -m tests.network.node FOLDER`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from pysubtensor.chain.network import guard, supervisor
from pysubtensor.chain.network.binary import find_engine
from pysubtensor.chain.network.home import Home
from pysubtensor.chain.network.supervisor import children_of, sole, supervise

if __name__ == "__main__":
    # Kills come one after another: each shall find all nodes up, so a process starts again at once.
    supervisor.MOST_S = 0.5
    home = Home(Path(sys.argv[1]).absolute())
    engine = [str(find_engine()), "start", "--home", str(home.engine)]
    with sole(home):
        guard.check(home)
        app = [sys.executable, "-m", "tests.network.app", str(home.folder)]
        asyncio.run(supervise(home, children_of(home, app, engine), print))
