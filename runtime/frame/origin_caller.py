"""Origins as values: what `Utility.dispatch_as` is given and what Scheduler keeps for later.

An `OriginCaller` is the value of a pallet that has origins: System's `RawOrigin`, or one that only its pallet knows.
"""

from __future__ import annotations

from ..scale import AccountId, Sum
from .origin import NONE, ROOT_ORIGIN, Origin, signed


class RawOrigin(Sum, path="frame_support::dispatch::RawOrigin", params=[("AccountId", AccountId)], positional=True):
    """The origins that every runtime has. They are System's, whose index is 0."""

    pallet_name, pallet_index = "system", 0
    type_name = "frame_system::Origin<Runtime>"


class Root(RawOrigin, index=0):
    pass


class Signed(RawOrigin, index=1):
    account: AccountId


class NoSigner(RawOrigin, index=2, name="None"):
    pass


class Authorized(RawOrigin, index=3):
    """Authorized by the runtime without a signature. No call of this chain takes it."""


def origin_of(caller: Sum) -> Origin:
    """Return the origin that a value stands for, with no filter but the chain's own."""
    if isinstance(caller, Root):
        return ROOT_ORIGIN
    if isinstance(caller, Signed):
        return signed(caller.account)
    if isinstance(caller, NoSigner):
        return NONE
    return Origin(special=caller)


def caller_of(origin: Origin) -> Sum:
    """Return the value that stands for an origin; its filters are forgotten."""
    if origin.is_root:
        return Root()
    if origin.account is not None:
        return Signed(origin.account)
    return NoSigner() if origin.special is None else origin.special
