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

#: `ProxyType` as the pallet names it, through its configuration.
ProxyKind = Annotated[ProxyType, SourceName("ProxyType", "T::ProxyType")]
CallHashOf = Annotated[H256, SourceName("CallHashOf<T>")]


class ProxyDefinition(
    Struct,
    path="pallet_subtensor_proxy::ProxyDefinition",
    params=[("AccountId", AccountId), ("ProxyType", ProxyType), ("BlockNumber", BlockNumber)],
):
    """A delegate, what it may do, and how many blocks ahead it must announce its calls (0: it need not)."""

    delegate: AccountId
    proxy_type: ProxyType
    delay: BlockNumber

    @property
    def rank(self) -> tuple[bytes, int, int]:
        """The key by which the definitions of an account are sorted."""
        return self.delegate, self.proxy_type.value, self.delay


class Announcement(
    Struct,
    path="pallet_subtensor_proxy::Announcement",
    params=[("AccountId", AccountId), ("Hash", H256), ("BlockNumber", BlockNumber)],
):
    """The hash of a call that a delegate will make for `real`, and the block in which it was announced."""

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
    """A proxied call was dispatched, with this result."""

    result: DispatchResult


class PureCreated(Event, index=1):
    """A pure account was created, with `who` as its proxy."""

    pure: AccountId
    who: AccountId
    proxy_type: ProxyKind
    disambiguation_index: u16


class PureKilled(Event, index=2):
    """A pure account was removed, and is no longer accessible."""

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
    """A proxy was added."""

    delegator: AccountId
    delegatee: AccountId
    proxy_type: ProxyKind
    delay: BlockNumber


class ProxyRemoved(Event, index=5):
    """A proxy was removed."""

    delegator: AccountId
    delegatee: AccountId
    proxy_type: ProxyKind
    delay: BlockNumber


class DepositPoked(Event, index=6):
    """A deposit was adjusted to the current rates; both amounts in rao."""

    who: AccountId
    kind: DepositKind
    old_deposit: Balance
    new_deposit: Balance


class RealPaysFeeSet(Event, index=7):
    """An account set whether it pays the fees of a delegate's proxied calls."""

    real: AccountId
    delegate: AccountId
    pays_fee: bool


class Error(PalletError):
    # Clients compare the texts of 1, 2, 4, 6 and 7 with the genuine chain's, the SDK's end-to-end tests among them.
    TooMany = 0, "There are too many proxies registered, or too many announcements pending."
    NotFound = 1, "Proxy registration not found."
    NotProxy = 2, "Sender is not a proxy of the account to be proxied."
    Unproxyable = 3, "The call is unproxyable: the proxy's type does not allow it."
    Duplicate = 4, "Account is already a proxy."
    NoPermission = 5, "No permission: the call might give the proxy more rights than it has."
    Unannounced = 6, "Announcement, if made at all, was made too recently."
    NoSelfProxy = 7, "Cannot add self as proxy."
    AnnouncementDepositInvariantViolated = 8, "There are announcements, but no deposit for them."
    InvalidDerivedAccountId = 9, "A derived account id is invalid."


pallet = Pallet("Proxy", 16, crate="pallet_subtensor_proxy", imported_as="pallet_proxy", event=Event, error=Error)
pallet.associated_type("RuntimeCall", RuntimeCall, docs="Any call of the runtime.")
pallet.associated_type("ProxyType", ProxyType, docs="What a proxy may do.")

Proxies = pallet.map(
    Twox64Concat,
    AccountId,
    tuple[Annotated[list[ProxyDefinition], MaxLen(MAX_PROXIES)], u64],
    default=([], 0),
    docs="The proxies of an account, sorted, and the deposit that it paid for them, in rao.",
)
Announcements = pallet.map(
    Twox64Concat,
    AccountId,
    tuple[Annotated[list[Announcement], MaxLen(MAX_PENDING)], u64],
    default=([], 0),
    docs="The announcements of a delegate, and the deposit that it paid for them, in rao.",
)
LastCallResult = pallet.map(
    Twox64Concat,
    AccountId,
    DispatchResult,
    docs="The result of the last proxied call of an account, until the end of the block.",
)
RealPaysFee = pallet.double_map(
    (Twox64Concat, AccountId),
    (Twox64Concat, AccountId),
    None,
    docs="Present for an account and its delegate when the account pays the fees of the delegate's proxied calls.",
)

ProxyDepositBase = pallet.constant(u64, 60_000_000, docs="The deposit for an account with any proxies, in rao.")
ProxyDepositFactor = pallet.constant(u64, 33_000_000, docs="The deposit for each proxy, in rao.")
MaxProxies = pallet.constant(u32, MAX_PROXIES, docs="The largest number of proxies of one account.")
MaxPending = pallet.constant(u32, MAX_PENDING, docs="The largest number of pending announcements of one delegate.")
AnnouncementDepositBase = pallet.constant(
    u64, 36_000_000, docs="The deposit for a delegate with any announcements, in rao."
)
AnnouncementDepositFactor = pallet.constant(u64, 68_000_000, docs="The deposit for each announcement, in rao.")

pallet.name_declared(globals())
