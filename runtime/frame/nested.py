"""Calls within calls: running one, keeping its error, and knowing what it really cost."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from ..scale import Err, Ok, Result, SourceName
from .call import Call
from .context import Context
from .errors import DispatchError, DispatchFailed
from .origin import Origin
from .weight import AS_DECLARED, DispatchInfo, PostInfo, Weight

#: What events and storage tell of a nested call.
DispatchResult = Annotated[Result[None, DispatchError], SourceName("DispatchResult")]


class Outcome(NamedTuple):
    """How a nested call ended: what it says of its cost, and its error if it failed."""

    post: PostInfo
    error: DispatchError | None

    @property
    def result(self) -> DispatchResult:
        return Ok(None) if self.error is None else Err(self.error)

    def weight(self, info: DispatchInfo) -> Weight:
        """What the call really cost: never more than declared, and that much when it does not say."""
        actual = self.post.actual_weight
        return info.total_weight if actual is None else actual.smaller(info.total_weight)


def attempt(ctx: Context, origin: Origin, call: Call) -> Outcome:
    """Run a call as `origin`, whole or not at all, and keep its error. Root passes all filters."""
    try:
        return Outcome(ctx.runtime.dispatch(ctx.with_origin(origin), call), None)
    except DispatchFailed as failure:
        return _failed(failure)


def attempt_unfiltered(ctx: Context, origin: Origin, call: Call) -> Outcome:
    """The same, whatever the filters say of this call; calls within it are filtered."""
    try:
        return Outcome(ctx.runtime.dispatch_bypass_filter(ctx.with_origin(origin), call), None)
    except DispatchFailed as failure:
        return _failed(failure)


def _failed(failure: DispatchFailed) -> Outcome:
    return Outcome(failure.post if isinstance(failure.post, PostInfo) else AS_DECLARED, failure.error)
