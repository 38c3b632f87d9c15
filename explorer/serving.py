"""The web server of an explorer, until it is stopped."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from fastapi import FastAPI
from nicegui import app as nicegui_app
from nicegui import ui

from ..chain.rpc.listen import is_local
from ..chain.rpc.pages import LOCAL_HOSTS, WILDCARDS
from .guard import Guard
from .node.node import Node
from .pages import register
from .state import Explorer

#: Seconds that open connections have when the server stops.
CLOSE_S = 1
#: Seconds that a browser may be away before its page is forgotten.
AWAY_S = 20.0


def listening(host: str, port: int) -> list[socket.socket]:
    """Return sockets that listen on a host; localhost is 127.0.0.1, and ::1 where there is IPv6. Raises OSError."""
    if host != "localhost":
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return [socket.create_server((host, port), family=family)]
    first = socket.create_server(("127.0.0.1", port))
    try:
        second = socket.create_server(("::1", first.getsockname()[1]), family=socket.AF_INET6)
    except OSError:
        return [first]
    return [first, second]


def serve(
    url: str, sockets: list[socket.socket], host: str, announce: Callable[[str], None], *, until_input_ends: bool
) -> None:
    """Serve the pages about a node on listening sockets until SIGINT or SIGTERM, or until standard input ends."""
    is_own = is_local(host)
    explorer = Explorer(Node(url), acts=is_own)
    hosts = None if host in WILDCARDS else (*LOCAL_HOSTS, host.lower())
    server = uvicorn.Server(
        uvicorn.Config(
            Guard(application(explorer), hosts),
            log_level="warning",
            lifespan="on",
            timeout_graceful_shutdown=CLOSE_S,
        )
    )
    if until_input_ends:
        threading.Thread(target=end_with_input, args=(server,), daemon=True).start()
    name = f"[{host}]" if ":" in host else host
    announce(f"http://{name}:{sockets[0].getsockname()[1]}")
    with suppress(KeyboardInterrupt):  # Ctrl-C, which the server repeats once it has stopped
        asyncio.run(server.serve(sockets))


def application(explorer: Explorer) -> FastAPI:
    """Return the application: all pages, and what follows the chain while they are served."""
    web = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    register(explorer)
    nicegui_app.on_startup(explorer.live.start)
    nicegui_app.on_shutdown(explorer.live.stop)
    ui.run_with(
        web,
        title="pysubtensor explorer",
        dark=None,  # as the system is
        tailwind=False,  # it would compile styles in the browser
        binding_refresh_interval=None,
        reconnect_timeout=AWAY_S,
        show_welcome_message=False,
    )
    return web


def end_with_input(server: uvicorn.Server) -> None:
    """Stop the server when standard input ends: the process that started it has ended."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    server.should_exit = True
