"""Write the stubs: `python -m pysubtensor.chain.embed.typed.stubs [FOLDER]`; needs ruff, which formats them."""

from __future__ import annotations

import sys
from pathlib import Path

from .generate import DECLARED, write_stubs

if __name__ == "__main__":
    write_stubs(Path(sys.argv[1]) if len(sys.argv) > 1 else DECLARED)
