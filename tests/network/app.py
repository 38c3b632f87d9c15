"""The application of a node that kills itself at a step, which the file `kill-at` in its folder names.

python -m tests.network.app FOLDER
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from pysubtensor.chain.network.application import Application
from pysubtensor.cli import main


def arm(folder: Path) -> None:
    """Let the application look for the file at each step."""
    wanted = folder / "kill-at"

    def at(step: str) -> None:
        if wanted.exists() and wanted.read_text() == step:
            wanted.unlink()
            os.kill(os.getpid(), signal.SIGKILL)

    begin = Application.__init__

    def armed(self: Application, *arguments: object) -> None:
        begin(self, *arguments)  # type: ignore[arg-type]  # passed on as they are
        self.at = at

    Application.__init__ = armed  # type: ignore[method-assign,assignment]  # only in this process


if __name__ == "__main__":
    arm(Path(sys.argv[1]))
    main(["network", "app", sys.argv[1]])
