"""Origins of calls: root, a signed account, none (inherents) or an origin of a pallet; with filters on top."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .errors import BadOrigin, DispatchFailed

if TYPE_CHECKING:
    from ..scale import Sum
    from .call import Call

#: A function that returns whether a call may pass.
CallFilter = Callable[["Call"], bool]


@dataclass(slots=True, unsafe_hash=True)
class Origin:
    """The origin of a call. `filters` apply in addition to the runtime's rules (a proxy's type adds one); root passes
    all of them."""

    account: bytes | None = None
    is_root: bool = False
    filters: tuple[CallFilter, ...] = ()
    #: The value of an origin of another kind (`Authorized`, an Ethereum transaction), which no `ensure_*` accepts.
    special: Sum | None = None

    def restricted(self, allowed: CallFilter) -> Origin:
        """Return this origin with one more filter."""
        return replace(self, filters=(*self.filters, allowed))


ROOT_ORIGIN = Origin(is_root=True)
NONE = Origin()


def signed(account: bytes) -> Origin:
    """Return the origin of a transaction that `account` signed."""
    return Origin(account)


def ensure_signed(origin: Origin) -> bytes:
    """Return the account that signed; raise BadOrigin for any other origin."""
    if origin.account is None:
        raise DispatchFailed(BadOrigin())
    return origin.account


def ensure_root(origin: Origin) -> None:
    """Raise BadOrigin unless the origin is root."""
    if not origin.is_root:
        raise DispatchFailed(BadOrigin())


def is_none(origin: Origin) -> bool:
    """Return whether the origin is none: not root, not signed and of no pallet."""
    return not origin.is_root and origin.account is None and origin.special is None


def ensure_none(origin: Origin) -> None:
    """Raise BadOrigin unless the origin is none, as for inherents and unsigned transactions."""
    if not is_none(origin):
        raise DispatchFailed(BadOrigin())
