"""The work of `explorer` and of `devnet --explorer`: serving the pages, here or in a process of their own."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from .errors import Failed, Misused
from .explorer import MISSING
from .node_output import print_line

#: The command line in a process of its own.
PROGRAM = (sys.executable, "-c", "from pysubtensor.cli import main; main(prog_name='pysubtensor')")
#: Seconds that an explorer has to end, and how much less of a busy machine it gets than the node.
END_S, NICE = 3.0, 5


def serve_pages(url: str, host: str, port: int, *, until_input_ends: bool = False) -> None:
    """Serve the pages about a node until they are stopped; print their URL."""
    if not url.startswith(("ws://", "wss://")):
        raise Misused(f"expected a URL that begins with ws:// or wss://, got {url!r:.100}")
    try:
        from ..explorer.serving import listening, serve
    except ImportError as error:
        raise Failed(f"{MISSING} ({error})") from None
    try:
        sockets = listening(host, port)
    except (OSError, UnicodeError) as error:  # UnicodeError: no name of a host
        why = error.strerror if isinstance(error, OSError) else "no host's name"
        raise Failed(f"cannot show the chain on {host}:{port}: {why}; port 0 picks a free one") from error
    if until_input_ends:
        os.nice(NICE)

    def announce(address: str) -> None:
        print_line(f"  Explorer   {address}\n" if until_input_ends else address, error=until_input_ends)

    serve(url, sockets, host, announce, until_input_ends=until_input_ends)


@asynccontextmanager
async def beside(url: str, port: int) -> AsyncIterator[None]:
    """Have an explorer of a node in a process of its own, which ends when this one does, however it ends."""
    command = [*PROGRAM, "explorer", "--url", url, "--port", str(port), "--until-input-ends"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        if child.stdin is not None:
            child.stdin.close()
        try:
            await asyncio.to_thread(child.wait, END_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
