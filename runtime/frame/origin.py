"""Who calls: root, a signed account, or nobody (inherents); and what the caller may not do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .errors import BadOrigin, DispatchFailed

if TYPE_CHECKING:
    from .call import Call

#: Whether a call may pass.
CallFilter = Callable[["Call"], bool]


@dataclass(frozen=True)
class Origin:
    """The origin of a call. `filters` are laid on top of the chain's own call filter (a proxy's type does that);
    root passes all of them."""

    account: bytes | None = None
    is_root: bool = False
    filters: tuple[CallFilter, ...] = ()

    def restricted(self, allowed: CallFilter) -> Origin:
        """The same origin with one more filter."""
        return replace(self, filters=(*self.filters, allowed))


ROOT = Origin(is_root=True)
NONE = Origin()


def signed(account: bytes) -> Origin:
    """The origin of a transaction that `account` signed."""
    return Origin(account)


def ensure_signed(origin: Origin) -> bytes:
    """The signing account; BadOrigin when nobody signed."""
    if origin.account is None:
        raise DispatchFailed(BadOrigin())
    return origin.account


def ensure_root(origin: Origin) -> None:
    """BadOrigin unless the caller is root."""
    if not origin.is_root:
        raise DispatchFailed(BadOrigin())


def ensure_none(origin: Origin) -> None:
    """BadOrigin unless nobody signed: inherents and unsigned transactions."""
    if origin.is_root or origin.account is not None:
        raise DispatchFailed(BadOrigin())
