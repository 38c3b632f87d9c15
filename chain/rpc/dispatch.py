"""Dispatching requests, single ones and batches: from the text of a request to the text of its response.

The rules are those of jsonrpsee, the genuine node's library: an object without a usable `id` but with a `method` is a
notification and has no response; one with an `id` that is no request is invalid; anything else is a parse error.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Protocol

import orjson

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
    translate,
    unsafe,
)
from .namespace import Method
from .node import Node
from .params import read
from .subscriptions import Sink, Subscription
from .table import methods_of

#: Requests of a batch that are answered before other connections have their turn.
BATCH_SLICE = 64
U64_MAX = (1 << 64) - 1

log = logging.getLogger(__name__)


class Client(Sink, Protocol):
    """A connection that can be notified. `subscriptions` has its open ones by id."""

    subscriptions: dict[str, Subscription]

    def add_subscription(self, subscription: Subscription) -> None:
        """Keep a new subscription, and start it after the answer that names it."""


class Dispatcher:
    """Answers requests to one node."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self._methods = methods_of(node)

    async def answer(self, data: str | bytes, client: Client | None) -> bytes | None:
        """Return the response to a request or a batch, None if there is none. Only a client can subscribe."""
        try:
            request = orjson.loads(data)
        except orjson.JSONDecodeError:
            return failure(None, PARSE_ERROR)
        if type(request) is dict:
            return self.call(request, client, PARSE_ERROR)
        if type(request) is list:
            return await self._batch(request, client)
        return failure(None, PARSE_ERROR)

    async def _batch(self, requests: list[Any], client: Client | None) -> bytes | None:
        limits = self.node.limits
        if limits.batch is not None and len(requests) > limits.batch:
            return failure(None, too_big_batch(limits.batch))
        if not requests:
            return failure(None, INVALID_REQUEST)
        answers: list[bytes] = []
        size = 1
        for position, request in enumerate(requests):
            if position % BATCH_SLICE == BATCH_SLICE - 1:
                await asyncio.sleep(0)
            answer = failure(None, INVALID_REQUEST)
            if type(request) is dict:
                found = self.call(request, client, INVALID_REQUEST)
                if found is None:
                    continue
                answer = found
            size += len(answer) + 1
            if size > limits.response_bytes:
                return failure(None, too_big_batch_response(limits.response_bytes))
            answers.append(answer)
        return b"[" + b",".join(answers) + b"]" if answers else None

    def call(self, request: dict[str, Any], client: Client | None, otherwise: RpcError) -> bytes | None:
        """Return the response to a single request; `otherwise` is the error for an object without method and id."""
        request_id = request.get("id", otherwise)
        has_id = (
            request_id is None or type(request_id) is str or (type(request_id) is int and 0 <= request_id <= U64_MAX)
        )
        name = request.get("method")
        if request.get("jsonrpc") != "2.0" or type(name) is not str:
            return failure(request_id, INVALID_REQUEST) if has_id else failure(None, otherwise)
        if not has_id:
            return None
        try:
            result = self._result(name, request.get("params"), client)
            response = orjson.dumps({"jsonrpc": "2.0", "id": request_id, "result": result})
        except RpcError as error:
            return failure(request_id, error)
        except Exception as error:  # no request may stop the server
            expected = translate(error)
            if expected is None:
                log.exception("%s failed", name)
            return failure(request_id, expected or INTERNAL_ERROR)
        if len(response) > self.node.limits.response_bytes:
            return failure(request_id, too_big_response(self.node.limits.response_bytes))
        return response

    def _result(self, name: str, params: Any, client: Client | None) -> Any:
        method = self._methods.get(name)
        if method is None:
            raise METHOD_NOT_FOUND
        if method.unsafe and not self.node.unsafe:
            raise unsafe()
        if method.notification is None and not method.ends:
            return method.handler(self.node, *read(params, method.params))
        if client is None:
            raise NO_SUBSCRIPTIONS
        return unsubscribe(client, params) if method.ends else self._subscribe(method, params, client)

    def _subscribe(self, method: Method, params: Any, client: Client) -> str:
        limit = self.node.limits.subscriptions
        if len(client.subscriptions) >= limit:
            raise too_many_subscriptions(limit)
        assert method.notification is not None
        subscription = Subscription(method.notification, client)
        try:
            method.handler(self.node, subscription, *read(params, method.params))
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
    return orjson.dumps({"jsonrpc": "2.0", "id": request_id, "error": error.body})
