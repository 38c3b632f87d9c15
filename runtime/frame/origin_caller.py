"""Origins as SCALE values: the argument of `Utility.dispatch_as`, and a field of Scheduler's agenda.

An `OriginCaller` (see `runtime_types`) is System's `RawOrigin`, or the origin of another pallet.
"""

from __future__ import annotations

from ..scale import AccountId, Sum
from .origin import NONE, ROOT_ORIGIN, Origin, signed


class RawOrigin(Sum, path="frame_support::dispatch::RawOrigin", params=[("AccountId", AccountId)], positional=True):
    """The origins that every runtime has. They belong to System, whose index is 0."""

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


def to_origin(caller: Sum) -> Origin:
    """Return the origin of an `OriginCaller`, without filters."""
    if isinstance(caller, Root):
        return ROOT_ORIGIN
    if isinstance(caller, Signed):
        return signed(caller.account)
    if isinstance(caller, NoSigner):
        return NONE
    return Origin(special=caller)


def to_origin_caller(origin: Origin) -> Sum:
    """Return the `OriginCaller` of an origin; its filters are dropped."""
    if origin.is_root:
        return Root()
    if origin.account is not None:
        return Signed(origin.account)
    return NoSigner() if origin.special is None else origin.special
