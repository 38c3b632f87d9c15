"""Answers of a node by JSON-RPC, and what is said when there is none."""

from __future__ import annotations

from typing import Any

import orjson

from .errors import Failed

#: Most bytes of a message; metadata and pages of storage are far shorter.
MAX_MESSAGE = 64 * 1024 * 1024


class NodeError(Failed):
    """The node cannot be reached, does not answer, or answers with an error."""


class RpcFailed(NodeError):
    """The node's error object: `code`, and a message with the data that explains it."""

    def __init__(self, method: str, error: Any) -> None:
        found = error if isinstance(error, dict) else {}
        self.code = found.get("code")
        self.data = found.get("data")
        detail = f": {self.data}" if self.data is not None else ""
        super().__init__(f"{method}: {found.get('message')}{detail} (code {self.code})")


class NotJsonRpc(ValueError):
    """A message is no JSON object."""


def parsed(message: str | bytes) -> dict[str, Any]:
    """Return a message as the JSON object that it is; raises NotJsonRpc."""
    try:
        body = orjson.loads(message)
    except orjson.JSONDecodeError:
        raise NotJsonRpc from None
    if not isinstance(body, dict):
        raise NotJsonRpc
    return body


def late(url: str, timeout: float) -> NodeError:
    """Return the error of a node that takes too long."""
    return NodeError(f"{url} did not answer within {timeout:g} s")


def cannot_talk(url: str, error: Exception) -> NodeError:
    """Return the error of a connection that failed."""
    return NodeError(f"cannot talk to {url}: {error}. `pysubtensor devnet` starts a node there.")
