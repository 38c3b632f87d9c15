"""The work of `explorer` and of `devnet --explorer`: serving the pages, here or in a process of their own."""

from __future__ import annotations

from .errors import Failed
from .node_output import print_line

MISSING = "the explorer needs its extra ({error}): pip install 'pysubtensor[explorer]'"


def serve_pages(url: str, host: str, port: int, *, until_input_ends: bool = False) -> None:
    """Serve the pages about a node until they are stopped; print their URL."""
    try:
        from ..explorer.serving import listening, serve
    except ImportError as error:
        raise Failed(MISSING.format(error=error)) from None
    try:
        sockets = listening(host, port)
    except (OSError, UnicodeError) as error:  # UnicodeError: no name of a host
        why = error.strerror if isinstance(error, OSError) else "no host's name"
        raise Failed(f"cannot listen on {host}:{port}: {why}; --port 0 picks a free port") from error
    serve(url, sockets, host, print_line, until_input_ends=until_input_ends)
