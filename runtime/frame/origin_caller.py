"""Origins as values: what `Utility.dispatch_as` is given and what Scheduler keeps for later."""

from __future__ import annotations

from ..scale import H160, AccountId, Sum
from .origin import NONE, ROOT, Origin, signed


class RawOrigin(Sum, path="frame_support::dispatch::RawOrigin", params=[("AccountId", AccountId)]):
    """The origins that every runtime has."""


class Root(RawOrigin, index=0):
    pass


class Signed(RawOrigin, index=1, positional=True):
    account: AccountId


class Nobody(RawOrigin, index=2, name="None"):
    pass


class Authorized(RawOrigin, index=3):
    """Signed by nobody, authorized by the runtime. No call of this chain takes it."""


class EthereumOrigin(Sum, path="pallet_ethereum::RawOrigin"):
    """The origins of the Ethereum pallet."""


class EthereumTransaction(EthereumOrigin, index=0, positional=True):
    """A transaction signed by an Ethereum key."""

    source: H160


class OriginCaller(Sum, path="node_subtensor_runtime::OriginCaller"):
    """Any origin of this runtime."""


class SystemOrigin(OriginCaller, index=0, name="system", positional=True):
    origin: RawOrigin


class Ethereum(OriginCaller, index=21, positional=True):
    origin: EthereumOrigin


def origin_of(caller: OriginCaller) -> Origin:
    """The origin that a value stands for, with no filter but the chain's own."""
    if isinstance(caller, SystemOrigin):
        raw = caller.origin
        if isinstance(raw, Root):
            return ROOT
        if isinstance(raw, Signed):
            return signed(raw.account)
        if isinstance(raw, Nobody):
            return NONE
    return Origin(special=caller)


def caller_of(origin: Origin) -> OriginCaller:
    """The value that stands for an origin; its filters are forgotten."""
    if origin.is_root:
        return SystemOrigin(Root())
    if origin.account is not None:
        return SystemOrigin(Signed(origin.account))
    if isinstance(origin.special, OriginCaller):
        return origin.special
    return SystemOrigin(Nobody())
