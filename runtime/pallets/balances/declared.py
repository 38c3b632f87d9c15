"""Balances: types, storage, events, errors and constants."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from ...frame.errors import PalletError
from ...frame.hashers import Blake2_128Concat
from ...frame.pallet import Pallet
from ...frame.runtime_types import RuntimeFreezeReason, RuntimeHoldReason
from ...scale import AccountId, Bytes8, MaxLen, SourceName, Struct, Sum, scale_enum, u32, u64
from ..shared.account_data import AccountData, Balance

MAX_LOCKS = MAX_RESERVES = MAX_FREEZES = 50
#: The number of variants of all pallets' HoldReason in the runtime.
MAX_HOLDS = 5


@scale_enum("pallet_balances::types::Reasons")
class Reasons(Enum):
    """The kinds of payment that a lock forbids."""

    Fee = 0
    Misc = 1
    All = 2


@scale_enum("pallet_balances::types::AdjustmentDirection")
class AdjustmentDirection(Enum):
    """The direction of a change of the issuance."""

    Increase = 0
    Decrease = 1


@scale_enum("frame_support::traits::tokens::misc::BalanceStatus")
class BalanceStatus(Enum):
    """Whether moved funds become free or reserved."""

    Free = 0
    Reserved = 1


class BalanceLock(Struct, path="pallet_balances::types::BalanceLock", params=[("Balance", Balance)]):
    """An amount that must not be spent. Locks overlap: the largest one counts."""

    id: Annotated[Bytes8, SourceName("LockIdentifier")]
    amount: Balance
    reasons: Reasons


class ReserveData(
    Struct,
    path="pallet_balances::types::ReserveData",
    params=[("ReserveIdentifier", Bytes8), ("Balance", Balance)],
):
    """An amount reserved under a name."""

    id: Bytes8
    amount: Balance


class HoldAmount(
    Struct,
    path="frame_support::traits::tokens::misc::IdAmount",
    params=[("Id", RuntimeHoldReason), ("Balance", Balance)],
):
    """An amount held for a reason."""

    id: RuntimeHoldReason
    amount: Balance


class FreezeAmount(
    Struct,
    path="frame_support::traits::tokens::misc::IdAmount",
    params=[("Id", RuntimeFreezeReason), ("Balance", Balance)],
):
    """An amount frozen for a reason."""

    id: RuntimeFreezeReason
    amount: Balance


class Event(Sum, params=[("T", None), ("I", None)]):
    pass


class Endowed(Event, index=0):
    """An account was created with some free balance."""

    account: AccountId
    free_balance: Balance


class DustLost(Event, index=1):
    """An account fell below the existential deposit; its remaining balance was lost."""

    account: AccountId
    amount: Balance


class Transfer(Event, index=2):
    """A transfer succeeded."""

    from_: AccountId
    to: AccountId
    amount: Balance


class BalanceSet(Event, index=3):
    """The free balance of an account was set by root."""

    who: AccountId
    free: Balance


class Reserved(Event, index=4):
    """Some balance was reserved."""

    who: AccountId
    amount: Balance


class Unreserved(Event, index=5):
    """Some balance was unreserved."""

    who: AccountId
    amount: Balance


class ReserveRepatriated(Event, index=6):
    """Reserved balance was moved from one account to another."""

    from_: AccountId
    to: AccountId
    amount: Balance
    destination_status: Annotated[BalanceStatus, SourceName("Status")]


class Deposit(Event, index=7):
    """Some amount was deposited (a fee refund, a reward)."""

    who: AccountId
    amount: Balance


class Withdraw(Event, index=8):
    """Some amount was withdrawn (a fee)."""

    who: AccountId
    amount: Balance


class Slashed(Event, index=9):
    """Some amount was removed from an account for misbehaviour (a slash)."""

    who: AccountId
    amount: Balance


class Minted(Event, index=10):
    """Some amount was minted into an account."""

    who: AccountId
    amount: Balance


class Burned(Event, index=11):
    """Some amount was burned from an account."""

    who: AccountId
    amount: Balance


class Suspended(Event, index=12):
    """Some amount was suspended from an account; it can be restored later."""

    who: AccountId
    amount: Balance


class Restored(Event, index=13):
    """Some amount was restored into an account."""

    who: AccountId
    amount: Balance


class Upgraded(Event, index=14):
    """An account was upgraded to the current rules."""

    who: AccountId


class Issued(Event, index=15):
    """Total issuance increased by an amount, before an account owns it."""

    amount: Balance


class Rescinded(Event, index=16):
    """Total issuance decreased by an amount that no account owned."""

    amount: Balance


class Locked(Event, index=17):
    """Some balance was locked."""

    who: AccountId
    amount: Balance


class Unlocked(Event, index=18):
    """Some balance was unlocked."""

    who: AccountId
    amount: Balance


class Frozen(Event, index=19):
    """Some balance was frozen."""

    who: AccountId
    amount: Balance


class Thawed(Event, index=20):
    """Some balance was thawed."""

    who: AccountId
    amount: Balance


class TotalIssuanceForced(Event, index=21):
    """Total issuance was set by root."""

    old: Balance
    new: Balance


class Error(PalletError):
    VestingBalance = 0, "Vesting balance too high to send value."
    LiquidityRestrictions = 1, "Locks or freezes (liquidity restrictions) of the account prevent withdrawal."
    InsufficientBalance = 2, "Balance too low to send value."
    ExistentialDeposit = 3, "Value too low to create an account, which needs the existential deposit."
    Expendability = 4, "The transfer or payment would reap the account."
    ExistingVestingSchedule = 5, "A vesting schedule already exists for this account."
    DeadAccount = 6, "The beneficiary account must already exist."
    TooManyReserves = 7, "The number of named reserves exceeds `MaxReserves`."
    TooManyHolds = 8, "The number of holds exceeds the number of reasons for holds."
    TooManyFreezes = 9, "The number of freezes exceeds `MaxFreezes`."
    IssuanceDeactivated = 10, "The issuance cannot fall below what is already deactivated."
    DeltaZero = 11, "The delta cannot be zero."


pallet = Pallet(
    "Balances", 5, crate="pallet_balances", event=Event, error=Error, generics=("T", "I"), storage_version=1
)
pallet.associated_type("RuntimeHoldReason", RuntimeHoldReason, docs="The reason of a hold.")
pallet.associated_type("Balance", u64, docs="An amount of money, in rao.")
pallet.associated_type("ReserveIdentifier", Bytes8, docs="The identifier of a named reserve.")
pallet.associated_type("FreezeIdentifier", RuntimeFreezeReason, docs="The reason of a freeze.")

TotalIssuance = pallet.value(u64, default=0, docs="The total units issued in the system, in rao.")
InactiveIssuance = pallet.value(u64, default=0, docs="The units of outstanding deactivated balance, in rao.")
Account = pallet.map(
    Blake2_128Concat,
    AccountId,
    AccountData,
    default=AccountData(),
    docs="Balances of accounts. Unused on this chain: System keeps them with the account.",
)
Locks = pallet.map(
    Blake2_128Concat,
    AccountId,
    Annotated[list[BalanceLock], MaxLen(MAX_LOCKS, weak=True)],
    default=[],
    docs="Liquidity locks on accounts.",
)
Reserves = pallet.map(
    Blake2_128Concat,
    AccountId,
    Annotated[list[ReserveData], MaxLen(MAX_RESERVES)],
    default=[],
    docs="Named reserves of accounts.",
)
Holds = pallet.map(
    Blake2_128Concat,
    AccountId,
    Annotated[list[HoldAmount], MaxLen(MAX_HOLDS)],
    default=[],
    docs="Holds on account balances.",
)
Freezes = pallet.map(
    Blake2_128Concat,
    AccountId,
    Annotated[list[FreezeAmount], MaxLen(MAX_FREEZES)],
    default=[],
    docs="Freezes on account balances.",
)

ExistentialDeposit = pallet.constant(u64, 500, docs="The smallest balance with which an account exists, in rao.")
MaxLocks = pallet.constant(u32, MAX_LOCKS, docs="The largest number of locks on an account.")
MaxReserves = pallet.constant(u32, MAX_RESERVES, docs="The largest number of named reserves of an account.")
MaxFreezes = pallet.constant(u32, MAX_FREEZES, docs="The largest number of freezes on an account.")

pallet.name_declared(globals())
