"""Who calls: root, a signed account, nobody (inherents), or what a pallet invented; and what the caller may not do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .errors import BadOrigin, DispatchFailed

if TYPE_CHECKING:
    from ..scale import Sum
    from .call import Call

#: Whether a call may pass.
CallFilter = Callable[["Call"], bool]


@dataclass(slots=True, unsafe_hash=True)
class Origin:
    """The origin of a call. `filters` are laid on top of the chain's own call filter (a proxy's type does that);
    root passes all of them."""

    account: bytes | None = None
    is_root: bool = False
    filters: tuple[CallFilter, ...] = ()
    #: An origin of another sort (authorized by its call's own rules, an Ethereum transaction): no `ensure_*` takes it.
    special: Sum | None = None

    def restricted(self, allowed: CallFilter) -> Origin:
        """The same origin with one more filter."""
        return replace(self, filters=(*self.filters, allowed))


ROOT_ORIGIN = Origin(is_root=True)
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


def is_none(origin: Origin) -> bool:
    """Whether nobody at all calls."""
    return not origin.is_root and origin.account is None and origin.special is None


def ensure_none(origin: Origin) -> None:
    """BadOrigin unless nobody signed: inherents and unsigned transactions."""
    if not is_none(origin):
        raise DispatchFailed(BadOrigin())
