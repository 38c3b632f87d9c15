"""The engine's program: which version, where it is looked for, how it is built."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from ..errors import ChainError

#: The version that is built, and the versions that speak the same protocol with the same messages.
VERSION = "v0.38.25"
SERIES = "0.38."
PACKAGE = f"github.com/cometbft/cometbft/cmd/cometbft@{VERSION}"
#: The environment variable with the path of the program.
VARIABLE = "PYSUBTENSOR_COMETBFT"
BUILD_TIMEOUT_S = 1800


class EngineMissing(ChainError):
    """There is no program of the engine, or not the right one."""


def own_folder() -> Path:
    """Return where the program is installed: below XDG_DATA_HOME, by default ~/.local/share."""
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local/share") / "pysubtensor" / "bin"


def find_engine() -> Path:
    """Return the path of the engine's program; raises EngineMissing, which says how to get it."""
    named = os.environ.get(VARIABLE)
    candidates = [Path(named)] if named else [own_folder() / "cometbft", Path.home() / "go/bin/cometbft"]
    if not named and (on_path := shutil.which("cometbft")):
        candidates.append(Path(on_path))
    for path in candidates:
        if path.is_file():
            require_version(path)
            return path
    where = ", ".join(map(str, candidates))
    raise EngineMissing(
        f"expected the engine, cometbft {VERSION}, at {where}: `pysubtensor network install` builds it with Go"
    )


def require_version(path: Path) -> str:
    """Return the version of a program; raises EngineMissing unless it is of the series 0.38."""
    found = subprocess.run([path, "version"], capture_output=True, text=True, check=False, timeout=60).stdout.strip()
    version = found.removeprefix("v")
    if not version.startswith(SERIES):
        raise EngineMissing(f"expected cometbft {SERIES}x at {path}, got {version or 'no version'}")
    return version


def build_engine(target: Path, go: str) -> str:
    """Build the engine with Go into a folder and return its version; raises EngineMissing if that fails."""
    target.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"GOBIN": str(target), "CGO_ENABLED": "0"}
    done = subprocess.run(
        [go, "install", PACKAGE], env=environment, capture_output=True, text=True, check=False, timeout=BUILD_TIMEOUT_S
    )
    if done.returncode:
        raise EngineMissing(f"`go install {PACKAGE}` failed: {done.stderr.strip()[-1000:]}")
    return require_version(target / "cometbft")
