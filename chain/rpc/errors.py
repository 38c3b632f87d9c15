"""Errors of requests, with the codes and texts of the genuine node, because clients match on both."""

from __future__ import annotations

from typing import Any

from ...runtime.apis import ApiError, UnknownMethod
from ...runtime.frame.validity import UnknownTransaction, explain
from ...runtime.state.proof import ProofTooLarge
from ..errors import SourceFailed, StoreFailed
from ..history.blocks import NotProvable, StateDiscarded, UnknownBlock
from ..pool import rejections

#: Longest text that an error repeats of what a client sent, and longest message of an error, in characters.
ECHO_LIMIT, TEXT_LIMIT = 256, 2048


def clipped(text: str, limit: int = ECHO_LIMIT) -> str:
    """Return a text, or its beginning and three dots if it is longer than `limit`."""
    return text if len(text) <= limit else text[: limit - 3] + "..."


class RpcError(Exception):
    """An error object: a code, a message, and data if the genuine node sends some. Long texts are clipped."""

    def __init__(self, code: int, message: str, data: str | None = None) -> None:
        self.code = code
        self.message = clipped(message, TEXT_LIMIT)
        self.data = None if data is None else clipped(data, TEXT_LIMIT)
        super().__init__(self.message)

    @property
    def body(self) -> dict[str, Any]:
        """The error object as JSON."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.data is not None:
            body["data"] = self.data
        return body


# --- the protocol's ----------------------------------------------------------------------------------------------

PARSE_ERROR = RpcError(-32700, "Parse error")
INVALID_REQUEST = RpcError(-32600, "Invalid request")
METHOD_NOT_FOUND = RpcError(-32601, "Method not found")
INTERNAL_ERROR = RpcError(-32603, "Internal error")
#: The genuine node's code and message for subscriptions over HTTP; it sends no data.
NO_SUBSCRIPTIONS = RpcError(
    -32603, "Internal error", "Subscriptions need a WebSocket: connect to ws:// instead of http://"
)


def invalid_params(why: str) -> RpcError:
    return RpcError(-32602, "Invalid params", why)


def unsafe() -> RpcError:
    """Return the error for methods that only the operator of a node may call."""
    return RpcError(-32601, "RPC call is unsafe to be called externally")


def too_many_subscriptions(limit: int) -> RpcError:
    return RpcError(-32006, "Too many subscriptions on the connection", f"Exceeded max limit of {limit}")


def too_many_keys(limit: int) -> RpcError:
    """Return the error for a subscription whose keys this node would have to keep in memory."""
    return RpcError(-32006, "Too many subscriptions on the connection", f"Exceeded max limit of {limit} bytes of keys")


def too_big_request(limit: int) -> RpcError:
    return RpcError(-32007, "Request is too big", f"Exceeded max limit of {limit}")


def too_many_values(limit: int) -> RpcError:
    """Return the error for a request that this node does not read, because of the memory that it would take."""
    return RpcError(-32007, "Request is too big", f"Exceeded max limit of {limit} values")


def too_big_response(limit: int) -> RpcError:
    return RpcError(-32008, "Response is too big", f"Exceeded max limit of {limit}")


def too_big_batch(limit: int) -> RpcError:
    return RpcError(-32010, "The batch request was too large", f"Exceeded max limit of {limit}")


def too_big_batch_response(limit: int) -> RpcError:
    return RpcError(-32011, "The batch response was too large", f"Exceeded max limit of {limit}")


# --- the chain's -------------------------------------------------------------------------------------------------


def client_error(why: str) -> RpcError:
    """Return the error of `state_*` methods when the chain cannot answer."""
    return RpcError(4003, f"Client error: {why}")


#: Errors of the pool with fixed texts; `pool_error` makes the others.
POOL_ERRORS: dict[type[rejections.Rejected], tuple[int, str, str | None]] = {
    rejections.Banned: (1012, "Transaction is temporarily banned", None),
    rejections.PriorityTooLow: (
        1014,
        "{error}",
        "The transaction has too low priority to replace another transaction already in the pool.",
    ),
    rejections.CycleDetected: (1015, "Cycle Detected", None),
    rejections.ImmediatelyDropped: (
        1016,
        "Immediately Dropped",
        "The transaction couldn't enter the pool because of the limit",
    ),
    rejections.NoTags: (
        1019,
        "No tags provided",
        "Transaction does not provide any tags, so the pool can't identify it",
    ),
}


def pool_error(error: rejections.Rejected) -> RpcError:
    """Return the error for a transaction that the pool rejected."""
    if isinstance(error, rejections.Invalid):
        if isinstance(error.reason, UnknownTransaction):
            return RpcError(1011, "Unknown Transaction Validity", type(error.reason).__name__)
        return RpcError(1010, "Invalid Transaction", explain(error.reason))
    if isinstance(error, rejections.AlreadyImported):
        return RpcError(1013, "Transaction Already Imported", f'"0x{error.hash.hex()}"')
    if isinstance(error, rejections.Undecodable):
        why = f"Execution failed: Bad input data provided to validate_transaction: {error}"
        return RpcError(1002, f"Verification Error: Runtime error: {why}", f'RuntimeApi("{why}")')
    code, message, data = POOL_ERRORS[type(error)]
    return RpcError(code, message.format(error=error), data)


def header_not_found(error: UnknownBlock) -> str:
    """Return the text of the genuine node's database for an unknown block."""
    name = f"0x{error.block.hex()}" if isinstance(error.block, bytes) else str(error.block)
    return f"Header was not found in the database: {name}"


def translate(error: Exception) -> RpcError | None:
    """Return the error object for an expected failure of the chain; None for an unexpected one."""
    if isinstance(error, rejections.Rejected):
        return pool_error(error)
    if isinstance(error, StateDiscarded):
        return client_error(f"Api called for an unknown Block: {error}")
    if isinstance(error, UnknownBlock):
        return client_error(f"UnknownBlock: {header_not_found(error)}")
    if isinstance(error, UnknownMethod):
        return client_error(f"Execution failed: Other: {error}")
    if isinstance(error, SourceFailed | NotProvable):
        return client_error(str(error))
    if isinstance(error, ApiError):
        return client_error(f"Execution failed: {error}")
    if isinstance(error, StoreFailed):
        return INTERNAL_ERROR  # the node stops, with the reason
    return None


def reason_of(error: Exception) -> str:
    """Return the text of an expected failure of the chain, without the code; raise others again."""
    if isinstance(error, ProofTooLarge):
        return str(error)
    expected = translate(error)
    if expected is None:
        raise error
    return expected.message.removeprefix("Client error: ")
