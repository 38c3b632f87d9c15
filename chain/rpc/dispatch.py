"""Dispatching requests, single ones and batches: from the text of a request to the text of its response.

The rules are those of jsonrpsee, the genuine node's library: an object without a usable `id` but with a `method` is a
notification and has no response; one with an `id` that is no request is invalid; anything else is a parse error.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

import orjson

from ...consensus.integers import U64_MAX
from ...consensus.internal import InternalError
from .errors import (
    INTERNAL_ERROR,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    NO_SUBSCRIPTIONS,
    PARSE_ERROR,
    RpcError,
    too_big_batch,
    too_big_batch_response,
    too_big_response,
    too_many_subscriptions,
    too_many_values,
    translate,
    unsafe,
)
from .namespace import SHORT_REQUEST, Cost, Method
from .node import Node
from .params import read
from .slices import pause
from .subscriptions import Client, Subscription
from .table import methods_of
from .turns import Share

#: Bytes of the answers to a batch from which on it waits until few such batches are answered, and how many those are.
#: They count as unread only when they are complete.
LARGE_ANSWERS, MAX_LARGE_BATCHES = 256 * 1024, 2
#: Bytes of a request from which on reading it takes milliseconds.
LARGE = 64 * 1024
#: Bytes of an answer up to which it is copied (see `exact`).
SHORT_ANSWER = 4 * 1024

#: Finds an answer that takes long.
Pending = Coroutine[Any, Any, bytes | None]

log = logging.getLogger(__name__)


class Dispatcher:
    """Answers requests to one node."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self._methods = methods_of(node)
        #: The methods whose short requests may take long, too.
        self._costly = {name for name, each in self._methods.items() if each.cost not in (Cost.LIGHT, Cost.BY_SIZE)}
        self._slices = node.jobs.slices
        self._large_batches = asyncio.Semaphore(MAX_LARGE_BATCHES)
        node.chain.runtime.pause = pause

    async def answer(self, data: str | bytes, client: Client | None, share: Share | None = None) -> bytes | None:
        """Return the response to a request or a batch, None if there is none. Only a client can subscribe.

        `share` is the connection's share of the loop's time, by which batches are paced.
        """
        answer = self.begin(data, client, share)
        return answer if answer is None or isinstance(answer, bytes) else await answer

    def begin(self, data: str | bytes, client: Client | None, share: Share | None = None) -> bytes | Pending | None:
        """Return what `answer` does at once if the request is light, else the coroutine that finds it."""
        size = len(data)
        if size > LARGE:
            return self._large(data, client, share)
        try:
            request = orjson.loads(data)
        except orjson.JSONDecodeError:
            return failure(None, PARSE_ERROR)
        if type(request) is dict and self._is_light(request, size):
            return self.call(request, client, PARSE_ERROR)
        return self._whole(request, client, size, share)

    async def _large(self, data: str | bytes, client: Client | None, share: Share | None) -> bytes | None:
        try:
            request = await self._slices.long(True, self._read_large, data)
        except orjson.JSONDecodeError:
            return failure(None, PARSE_ERROR)
        except RpcError as error:
            return failure(None, error)
        return await self._whole(request, client, len(data), share)

    async def _whole(self, request: Any, client: Client | None, size: int, share: Share | None) -> bytes | None:
        """Return the response to the value of a text of `size` bytes."""
        if type(request) is dict:
            return await self._answer(request, client, PARSE_ERROR, size)
        if type(request) is list:
            return await self._batch(request, client, size, share)
        return failure(None, PARSE_ERROR)

    def _read_large(self, data: str | bytes) -> Any:
        """Return the JSON value of a long text; RpcError if it has too many values, which take memory."""
        count = 1
        for mark in ",[{":
            pause()
            count += data.count(mark) if isinstance(data, str) else data.count(mark.encode())
        if count > self.node.limits.values:
            raise too_many_values(self.node.limits.values)
        pause()
        return orjson.loads(data)

    async def _batch(self, requests: list[Any], client: Client | None, size: int, share: Share | None) -> bytes | None:
        limits = self.node.limits
        if limits.batch is not None and len(requests) > limits.batch:
            return failure(None, too_big_batch(limits.batch))
        if not requests:
            return failure(None, INVALID_REQUEST)
        answers: list[bytes] = []
        length = 1
        async with AsyncExitStack() as stack:
            for request in requests:
                start = 0.0 if share is None else share.time()
                answer = await self._answer_part(request, client, size)
                if answer is not None:
                    if length <= LARGE_ANSWERS < length + len(answer) + 1:
                        await stack.enter_async_context(self._large_batches)
                    length += len(answer) + 1
                    if length > limits.response_bytes:
                        return failure(None, too_big_batch_response(limits.response_bytes))
                    answers.append(answer)
                if share is not None and share.spend(start):
                    await share.turn()
            return b"[" + b",".join(answers) + b"]" if answers else None

    async def _answer_part(self, request: Any, client: Client | None, size: int) -> bytes | None:
        if type(request) is dict:
            return await self._answer(request, client, INVALID_REQUEST, size)
        return failure(None, INVALID_REQUEST)

    def _is_light(self, request: dict[str, Any], size: int) -> bool:
        """Return whether a request of a text of `size` bytes is certainly light."""
        name = request.get("method")
        return type(name) is not str or name not in (self._costly if size <= SHORT_REQUEST else self._methods)

    async def _answer(
        self, request: dict[str, Any], client: Client | None, otherwise: RpcError, size: int
    ) -> bytes | None:
        """Return the response to one request of a text of `size` bytes; long calls run in slices."""
        if self._is_light(request, size):
            return self.call(request, client, otherwise)
        method = self._methods[request["method"]]
        cost = method.cost_of(request.get("params"), size)
        if cost is Cost.LIGHT:
            return self.call(request, client, otherwise)
        if cost is Cost.SHORT:
            return await self._slices.short(self.call, request, client, otherwise)
        if cost is Cost.RUN:
            return await self._slices.run(self.call, request, client, otherwise)
        return await self._slices.long(size > SHORT_REQUEST, self.call, request, client, otherwise)

    def call(self, request: dict[str, Any], client: Client | None, otherwise: RpcError) -> bytes | None:
        """Return the response to a single request; `otherwise` is the error for an object without method and id."""
        request_id = request.get("id", otherwise)
        has_id = (
            request_id is None or type(request_id) is str or (type(request_id) is int and 0 <= request_id <= U64_MAX)
        )
        name = request.get("method")
        if request.get("jsonrpc") != "2.0" or type(name) is not str:
            return self._failure(request_id, INVALID_REQUEST) if has_id else failure(None, otherwise)
        if not has_id:
            return None
        try:
            result = self._result(name, request.get("params"), client)
            response = orjson.dumps({"jsonrpc": "2.0", "id": request_id, "result": result})
        except RpcError as error:
            error.__traceback__ = None  # some errors are constants, in which tracebacks would gather
            return self._failure(request_id, error)
        except Exception as error:  # no request may stop the server
            expected = translate(error)
            if expected is None:
                log.exception("%s failed", name)
            return self._failure(request_id, expected or INTERNAL_ERROR)
        if len(response) > self.node.limits.response_bytes:
            return self._failure(request_id, too_big_response(self.node.limits.response_bytes))
        return exact(response)

    def _failure(self, request_id: Any, error: RpcError) -> bytes:
        """Return an error response; without the id if that is too long for a response."""
        response = failure(request_id, error)
        return response if len(response) <= self.node.limits.response_bytes else failure(None, error)

    def _result(self, name: str, params: Any, client: Client | None) -> Any:
        method = self._methods.get(name)
        if method is None:
            raise METHOD_NOT_FOUND
        if method.unsafe and not self.node.unsafe:
            raise unsafe()
        if method.notification is None and not method.ends:
            arguments = [params] if method.dev else read(params, method.params, method.names)
            return method.handler(self.node, *([client] if method.for_client else []), *arguments)
        if client is None:
            raise NO_SUBSCRIPTIONS
        return unsubscribe(client, params) if method.ends else self._subscribe(method, params, client)

    def _subscribe(self, method: Method, params: Any, client: Client) -> str:
        limit = self.node.limits.subscriptions
        if len(client.subscriptions) >= limit:
            raise too_many_subscriptions(limit)
        if method.notification is None:
            raise InternalError(f"expected a subscription, got a method that answers {method.handler.__name__}")
        subscription = Subscription(method.notification, client)
        try:
            method.handler(self.node, subscription, *read(params, method.params, method.names))
        except BaseException:
            subscription.close()
            raise
        client.add_subscription(subscription)
        return subscription.id


def unsubscribe(client: Client, params: Any) -> bool:
    """End a subscription; return whether there was one with this id."""
    if type(params) is not list or len(params) != 1 or type(params[0]) is not str:
        return False
    subscription = client.subscriptions.get(params[0])
    if subscription is None:
        return False
    subscription.close()
    return True


def failure(request_id: Any, error: RpcError) -> bytes:
    """Return an error response."""
    return exact(orjson.dumps({"jsonrpc": "2.0", "id": request_id, "error": error.body}))


def exact(data: bytes) -> bytes:
    """Return the same bytes without the 4 KB that orjson keeps behind short ones, of which many may wait."""
    return data if len(data) > SHORT_ANSWER else memoryview(data).tobytes()
