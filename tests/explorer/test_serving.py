"""The server as users start it: beside a devnet, with which it ends, and for its own name alone."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

PROGRAM = (sys.executable, "-c", "from pysubtensor.cli import main; main()")
DEVNET = (
    "devnet",
    "--port",
    "0",
    "--preset",
    "dev",
    "--seal",
    "manual",
    "--quiet",
    "--explorer",
    "--explorer-port",
    "0",
)


@contextmanager
def devnet() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A devnet with an explorer beside it; yield its process and the explorer's address."""
    process = subprocess.Popen(
        [*PROGRAM, *DEVNET], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        assert process.stdout.readline().startswith("ws://"), "the node's address comes first"
        yield process, next(line for line in process.stderr if "Explorer" in line).split()[1]
    finally:
        process.kill()
        process.communicate()


def ask(address: str, path: str, **headers: str) -> tuple[int, str, str]:
    """Return status, text and Content-Security-Policy of an answer."""
    parts = urlsplit(address)
    with closing(HTTPConnection(parts.hostname or "", parts.port, timeout=60)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers.get("content-security-policy", "")


def test_a_devnet_has_an_explorer_that_ends_with_it() -> None:
    with devnet() as (process, address):
        status, text, policy = ask(address, "/storage/System")
        assert status == 200
        assert "Storage of System" in text
        assert "default-src 'self'" in policy
        assert "https://" not in text.replace("https://nicegui.io", ""), "no page names another host"
        # Standard error ends when all that write to it have: the explorer, too.
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)


def test_foreign_names_and_foreign_pages_are_refused() -> None:
    with devnet() as (process, address):
        assert ask(address, "/", Host="evil.example")[0] == 403
        assert ask(address, "/", Origin="http://evil.example")[0] == 403
        assert ask(address, "/docs")[0] == 404
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert "Traceback" not in said


def test_help_does_not_wait_for_the_library_of_pages() -> None:
    code = "import sys; from pysubtensor.cli import explorer, devnet; print([n for n in sys.modules if 'nicegui' in n])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
