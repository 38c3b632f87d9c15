"""The environments of the real clients: one folder each under `.cache/clients`, with exactly pinned packages.

    python -m tests.clients.environments [NAME …]     prepare them, two at a time, with progress on stderr

An environment is created again when its pins, the interpreter or the dependencies of pysubtensor have changed. Several
processes may prepare it at once: one creates it, the others wait.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PINS = Path(__file__).parent / "requirements"
CACHE = ROOT / ".cache" / "clients"
#: The environments that hold pysubtensor too, as those of subnet developers do.
BESIDE = ("bittensor-11.3", "bittensor-11", "bittensor-10")
#: The clients of the Ethereum side.
WEB3_PY, ETHEREUM_JS, HARDHAT = "web3-py", "ethereum-js", "hardhat"
ETHEREUM = (WEB3_PY, ETHEREUM_JS, HARDHAT)
POLKADOT_JS, PAPI = "polkadot-js", ("papi-1", "papi-2")
#: Those that visit the chain as `visits` has it.
VISITORS = (*BESIDE, "btcli", "async-substrate-interface", "substrate-interface", POLKADOT_JS, *PAPI)
NODE = (POLKADOT_JS, *PAPI, ETHEREUM_JS, HARDHAT)
#: Drives the system's Chromium, which it does not bring.
BROWSER = "browser"
NAMES = (*VISITORS, *ETHEREUM, BROWSER)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
#: Makes a Chromium show a page, and print it.
SHOW = ("--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "data:text/html,<p>here</p>")
#: Longest time for one step, in seconds: a slow network is slow, a dead one must not hold us up.
PATIENCE_S = 300
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input")


class Unavailable(Exception):
    """An environment cannot be created; the message is the reason."""


def prepare(name: str) -> Path:
    """Return the program that runs scripts in this environment, which is created if necessary. Raises Unavailable."""
    home = CACHE / name
    stamp, wanted = home / "complete", fingerprint(name)
    with locked(name):
        if not stamp.is_file() or stamp.read_text() != wanted:
            say(f"preparing {name} ...")
            shutil.rmtree(home, ignore_errors=True)
            (make_node if name in NODE else make_python)(name, home)
            stamp.write_text(wanted)
            say(f"{name} is ready")
    return program("node") if name in NODE else home / "bin" / "python"


def fingerprint(name: str) -> str:
    """Return a hash of everything that an environment depends on."""
    made_of = [f"{sys.version} {sys.executable}".encode()]
    pins = [PINS / name / "package.json", PINS / name / "package-lock.json"] if name in NODE else [PINS / f"{name}.txt"]
    if name in BESIDE:
        pins.append(ROOT / "pyproject.toml")
    made_of += [path.read_bytes() for path in pins]
    return hashlib.sha256(b"\0".join(made_of)).hexdigest()


def make_python(name: str, home: Path) -> None:
    """Create a virtual environment with the pinned packages, and run `pip check` in it."""
    run(name, sys.executable, "-m", "venv", home)
    python = home / "bin" / "python"
    # No compiler is needed: a Python for which some package has no wheel is one that the client does not run on.
    run(name, python, *PIP, "install", "--only-binary=:all:", "--no-deps", "--requirement", PINS / f"{name}.txt")
    if name in BESIDE:
        run(name, python, *PIP, "install", "--constraint", PINS / f"{name}.txt", "--editable", ROOT)
    run(name, python, *PIP, "check")


def make_node(name: str, home: Path) -> None:
    """Create a folder with the packages of `package-lock.json`."""
    npm = program("npm")
    home.mkdir(parents=True)
    for file in ("package.json", "package-lock.json"):
        shutil.copy(PINS / name / file, home)
    run(name, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=home)


def program(name: str) -> Path:
    """Return the path of a program that must be installed already. Raises Unavailable."""
    found = shutil.which(name)
    if found is None:
        raise Unavailable(f"expected {name} (Node.js 18 or later) on the PATH, found none")
    return Path(found)


def chromium() -> str:
    """Return the path of a Chromium that shows a page. Raises Unavailable, also on CI, which may have none."""
    for name in CHROMIUM:
        found = shutil.which(name)
        if found is None:
            continue
        try:
            said = subprocess.run([found, *SHOW], capture_output=True, text=True, timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            continue
        if said.returncode == 0 and "<p>here</p>" in said.stdout:
            return found
    raise Unavailable(f"expected a Chromium on the PATH ({', '.join(CHROMIUM)}), found none that shows a page")


def run(name: str, *command: str | Path, cwd: Path = ROOT) -> None:
    """Run a step of creating an environment. Raises Unavailable with the output of a failure."""
    try:
        done = subprocess.run(
            command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_S
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"{name}: {' '.join(map(str, command))} took more than {PATIENCE_S} s") from None
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip()).splitlines()[-8:]
        raise Unavailable("\n".join([f"{name}: {' '.join(map(str, command))} failed", *words]))


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold the machine-wide lock of this name."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f"{name}.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201  # progress, for people


def main(names: Sequence[str]) -> int:
    """Prepare environments, all by default. With CI=true one that cannot be created is a failure."""
    problems = []

    def attempt(name: str) -> None:
        try:
            prepare(name)
        except Unavailable as why:
            problems.append(name)
            say(f"{name} is not available: {why}")

    with ThreadPoolExecutor(max_workers=2) as workers:
        list(workers.map(attempt, names or NAMES))
    return 1 if problems and on_ci() else 0


def on_ci() -> bool:
    """Return whether tests must not be skipped."""
    return os.environ.get("CI", "") not in ("", "0", "false")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
