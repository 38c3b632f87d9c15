"""Proxy: types, storage, events, errors and constants."""

from __future__ import annotations

import enum
from typing import Annotated

from ...frame.call import RuntimeCall
from ...frame.errors import PalletError
from ...frame.hashers import Twox64Concat
from ...frame.nested import DispatchResult
from ...frame.pallet import Pallet
from ...scale import H256, AccountId, MaxLen, SourceName, Struct, Sum, scale_enum, u16, u32, u64
from ..shared.types import Balance, BlockNumber
from .proxy_type import ProxyType

MAX_PROXIES, MAX_PENDING = 20, 75

#: The type of a proxy in the configuration of the pallet.
ProxyKind = Annotated[ProxyType, SourceName("ProxyType", "T::ProxyType")]
CallHashOf = Annotated[H256, SourceName("CallHashOf<T>")]


class ProxyDefinition(
    Struct,
    path="pallet_subtensor_proxy::ProxyDefinition",
    params=[("AccountId", AccountId), ("ProxyType", ProxyType), ("BlockNumber", BlockNumber)],
):
    """A delegate, what it may do, and how many blocks ahead it must announce it (0: not at all)."""

    delegate: AccountId
    proxy_type: ProxyType
    delay: BlockNumber

    @property
    def rank(self) -> tuple[bytes, int, int]:
        """Definitions of an account are kept in this order."""
        return self.delegate, self.proxy_type.value, self.delay


class Announcement(
    Struct,
    path="pallet_subtensor_proxy::Announcement",
    params=[("AccountId", AccountId), ("Hash", H256), ("BlockNumber", BlockNumber)],
):
    """A call that a delegate means to make for `real`, by its hash, and the block in which it said so."""

    real: AccountId
    call_hash: H256
    height: BlockNumber


@scale_enum("pallet_subtensor_proxy::DepositKind")
class DepositKind(enum.Enum):
    """What a deposit is for."""

    Proxies = 0
    Announcements = 1


class Event(Sum, params=[("T", None)]):
    pass


class ProxyExecuted(Event, index=0):
    """A proxied call was made; this is how it ended."""

    result: DispatchResult


class PureCreated(Event, index=1):
    """A pure account was created, with `who` as its proxy."""

    pure: AccountId
    who: AccountId
    proxy_type: ProxyKind
    disambiguation_index: u16


class PureKilled(Event, index=2):
    """A pure account gave up its proxies: nobody can use it any more."""

    pure: AccountId
    spawner: AccountId
    proxy_type: ProxyKind
    disambiguation_index: u16


class Announced(Event, index=3):
    """A delegate announced a call."""

    real: AccountId
    proxy: AccountId
    call_hash: CallHashOf


class ProxyAdded(Event, index=4):
    """A delegate was appointed."""

    delegator: AccountId
    delegatee: AccountId
    proxy_type: ProxyKind
    delay: BlockNumber


class ProxyRemoved(Event, index=5):
    """A delegate was dismissed."""

    delegator: AccountId
    delegatee: AccountId
    proxy_type: ProxyKind
    delay: BlockNumber


class DepositPoked(Event, index=6):
    """A deposit was brought to what the current rules ask, in rao."""

    who: AccountId
    kind: DepositKind
    old_deposit: Balance
    new_deposit: Balance


class RealPaysFeeSet(Event, index=7):
    """An account said whether it pays the fees of a delegate's proxied calls."""

    real: AccountId
    delegate: AccountId
    pays_fee: bool


class Error(PalletError):
    TooMany = 0, "There are too many proxies, or too many announcements pending."
    NotFound = 1, "There is no such proxy or announcement."
    NotProxy = 2, "The sender is not a proxy of the account."
    Unproxyable = 3, "The proxy's type does not allow this call."
    Duplicate = 4, "The account is a proxy already."
    NoPermission = 5, "The call might give the proxy more rights than it has."
    Unannounced = 6, "The call was not announced, or too recently."
    NoSelfProxy = 7, "An account cannot be its own proxy."
    AnnouncementDepositInvariantViolated = 8, "There are announcements, but no deposit for them."
    InvalidDerivedAccountId = 9, "No valid account id can be derived."


pallet = Pallet("Proxy", 16, crate="pallet_subtensor_proxy", imported_as="pallet_proxy", event=Event, error=Error)
pallet.associated_type("RuntimeCall", RuntimeCall, docs="Any call of the runtime.")
pallet.associated_type("ProxyType", ProxyType, docs="What a proxy may do.")

Proxies = pallet.map(
    Twox64Concat,
    AccountId,
    tuple[Annotated[list[ProxyDefinition], MaxLen(MAX_PROXIES)], u64],
    default=([], 0),
    docs="The delegates of an account, sorted, and the deposit that it paid for them, in rao.",
)
Announcements = pallet.map(
    Twox64Concat,
    AccountId,
    tuple[Annotated[list[Announcement], MaxLen(MAX_PENDING)], u64],
    default=([], 0),
    docs="What a delegate announced, and the deposit that it paid for it, in rao.",
)
LastCallResult = pallet.map(
    Twox64Concat,
    AccountId,
    DispatchResult,
    docs="How the last proxied call of an account ended, until the end of the block.",
)
RealPaysFee = pallet.double_map(
    (Twox64Concat, AccountId),
    (Twox64Concat, AccountId),
    None,
    docs="Present for an account and its delegate when the account pays the fees of the delegate's proxied calls.",
)

ProxyDepositBase = pallet.constant(u64, 60_000_000, docs="The deposit for having proxies at all, in rao.")
ProxyDepositFactor = pallet.constant(u64, 33_000_000, docs="The deposit for each proxy, in rao.")
MaxProxies = pallet.constant(u32, MAX_PROXIES, docs="The most proxies of one account.")
MaxPending = pallet.constant(u32, MAX_PENDING, docs="The most announcements of one delegate.")
AnnouncementDepositBase = pallet.constant(u64, 36_000_000, docs="The deposit for having announcements at all, in rao.")
AnnouncementDepositFactor = pallet.constant(u64, 68_000_000, docs="The deposit for each announcement, in rao.")

pallet.name_declared(globals())
