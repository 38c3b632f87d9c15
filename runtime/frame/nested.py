"""Dispatch of nested calls: run a call inside a call and keep its error and its actual weight."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from ..scale import Err, Ok, Result, SourceName
from .call import Call
from .context import Context
from .errors import DispatchError, DispatchFailed
from .origin import Origin
from .weight import AS_DECLARED, DispatchInfo, PostInfo, Weight

#: The result of a nested call in events and storage.
DispatchResult = Annotated[Result[None, DispatchError], SourceName("DispatchResult")]


class NestedResult(NamedTuple):
    """The result of a nested call: its reported cost, and its error if it failed."""

    post: PostInfo
    error: DispatchError | None

    @property
    def result(self) -> DispatchResult:
        return Ok(None) if self.error is None else Err(self.error)

    def weight(self, info: DispatchInfo) -> Weight:
        """Return the reported weight, at most the declared one; without a report the declared one."""
        actual = self.post.actual_weight
        return info.total_weight if actual is None else actual.smaller(info.total_weight)


def attempt(ctx: Context, origin: Origin, call: Call) -> NestedResult:
    """Run a call as `origin` in its own transaction and return its result. Root passes all filters."""
    try:
        return NestedResult(ctx.runtime.dispatch(ctx.with_origin(origin), call), None)
    except DispatchFailed as failure:
        return _failed(failure)


def attempt_unfiltered(ctx: Context, origin: Origin, call: Call) -> NestedResult:
    """Run a call like `attempt`, but without filters and guards for the call itself; calls inside it are filtered."""
    try:
        return NestedResult(ctx.runtime.dispatch_bypass_filter(ctx.with_origin(origin), call), None)
    except DispatchFailed as failure:
        return _failed(failure)


def _failed(failure: DispatchFailed) -> NestedResult:
    return NestedResult(failure.post if isinstance(failure.post, PostInfo) else AS_DECLARED, failure.error)
