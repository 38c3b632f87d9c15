"""Crowdloan: types, storage, events, errors and constants."""

from __future__ import annotations

from typing import Annotated

from ...frame.call import RuntimeCall
from ...frame.errors import PalletError
from ...frame.hashers import Identity, Twox64Concat
from ...frame.pallet import Pallet
from ...scale import AccountId, MaxLen, SourceName, Struct, Sum, u32
from ..bounded_calls import BoundedCall
from ..shared.types import Balance, BlockNumber
from ..shared.types import PalletId as PalletIdBytes

CrowdloanId = Annotated[u32, SourceName("CrowdloanId")]
MigrationKey = Annotated[bytes, MaxLen(128)]


class CrowdloanInfo(
    Struct,
    path="pallet_crowdloan::CrowdloanInfo",
    params=[("AccountId", AccountId), ("Balance", Balance), ("BlockNumber", BlockNumber), ("Call", BoundedCall)],
):
    """A crowdloan. Amounts are in rao.

    The creator's `deposit` is its first contribution. Contributions are taken before block `end`, until `raised` is
    `cap`. Then the creator may finalize it: `funds_account` pays `target_address`, or `call` is dispatched.
    """

    creator: AccountId
    deposit: Balance
    min_contribution: Balance
    end: BlockNumber
    cap: Balance
    funds_account: AccountId
    raised: Balance
    target_address: AccountId | None
    call: BoundedCall | None
    finalized: bool
    contributors_count: u32


class Event(Sum, params=[("T", None)]):
    pass


class Created(Event, index=0):
    """A crowdloan was created; the cap is in rao."""

    crowdloan_id: CrowdloanId
    creator: AccountId
    end: BlockNumber
    cap: Balance


class Contributed(Event, index=1):
    """A contribution was made, in rao."""

    crowdloan_id: CrowdloanId
    contributor: AccountId
    amount: Balance


class Withdrew(Event, index=2):
    """A contribution was withdrawn, in rao."""

    crowdloan_id: CrowdloanId
    contributor: AccountId
    amount: Balance


class PartiallyRefunded(Event, index=3):
    """Some contributors were refunded; the call has to be repeated for the others."""

    crowdloan_id: CrowdloanId


class AllRefunded(Event, index=4):
    """All contributors but the creator were refunded."""

    crowdloan_id: CrowdloanId


class Finalized(Event, index=5):
    """The crowdloan was finalized: the funds were transferred or the call was dispatched."""

    crowdloan_id: CrowdloanId


class Dissolved(Event, index=6):
    """The crowdloan was dissolved."""

    crowdloan_id: CrowdloanId


class MinContributionUpdated(Event, index=7):
    """The minimum contribution was changed, in rao."""

    crowdloan_id: CrowdloanId
    new_min_contribution: Balance


class EndUpdated(Event, index=8):
    """The end was changed."""

    crowdloan_id: CrowdloanId
    new_end: BlockNumber


class CapUpdated(Event, index=9):
    """The cap was changed, in rao."""

    crowdloan_id: CrowdloanId
    new_cap: Balance


class MaxContributionUpdated(Event, index=10):
    """The maximum of an account's contributions was changed, in rao, or removed."""

    crowdloan_id: CrowdloanId
    new_max_contribution: Balance | None


class Error(PalletError):
    DepositTooLow = 0, "The deposit is below the minimum."
    CapTooLow = 1, "The cap is not above the deposit, or below what was raised."
    MinimumContributionTooLow = 2, "The minimum contribution is below the minimum of all crowdloans."
    CannotEndInPast = 3, "The end has passed."
    BlockDurationTooShort = 4, "The end is too few blocks ahead."
    BlockDurationTooLong = 5, "The end is too many blocks ahead."
    InsufficientBalance = 6, "Insufficient balance."
    Overflow = 7, "An arithmetic overflow."
    InvalidCrowdloanId = 8, "There is no crowdloan with this id, or none is being finalized."
    CapRaised = 9, "The cap has been raised."
    ContributionPeriodEnded = 10, "The crowdloan has ended."
    ContributionTooLow = 11, "The contribution is below the minimum of the crowdloan."
    InvalidOrigin = 12, "Only the creator may do this."
    AlreadyFinalized = 13, "The crowdloan has been finalized."
    ContributionPeriodNotEnded = 14, "The crowdloan has not ended yet."
    NoContribution = 15, "The account has contributed nothing."
    CapNotRaised = 16, "The cap has not been raised."
    Underflow = 17, "An arithmetic underflow."
    CallUnavailable = 18, "The call is not available: its preimage is missing."
    NotReadyToDissolve = 19, "Contributors have to be refunded before the crowdloan can be dissolved."
    DepositCannotBeWithdrawn = 20, "The creator cannot withdraw the deposit."
    MaxContributorsReached = 21, "The crowdloan has as many contributors as it may have."
    InvalidFinalizationConfig = 22, "Expected either a call or a target address."
    MaxContributionReached = 23, "The account has contributed as much as it may."
    MaximumContributionTooLow = 24, "The maximum contribution is below the minimum, or what the creator contributed."
    MinimumContributionTooHigh = 25, "The minimum contribution is above the maximum."


pallet = Pallet("Crowdloan", 27, crate="pallet_crowdloan", event=Event, error=Error)

pallet.associated_type("RuntimeCall", RuntimeCall, docs="Any call of the runtime.")

PalletId = pallet.constant(PalletIdBytes, b"bt/cloan", docs="The id from which the accounts of crowdloans are derived.")
MinimumDeposit = pallet.constant(Balance, 10_000_000_000, docs="The minimum deposit of a creator, in rao.")
AbsoluteMinimumContribution = pallet.constant(
    Balance, 100_000_000, docs="The smallest minimum contribution that a crowdloan may have, in rao."
)
#: With fast blocks: 50.
MinimumBlockDuration = pallet.constant(BlockNumber, 50_400, docs="The least number of blocks until the end.")
#: With fast blocks: 20,000.
MaximumBlockDuration = pallet.constant(BlockNumber, 432_000, docs="The greatest number of blocks until the end.")
RefundContributorsLimit = pallet.constant(u32, 50, docs="The number of contributors that one call refunds.")
MaxContributors = pallet.constant(u32, 500, docs="The greatest number of contributors, the creator included.")

Crowdloans = pallet.map(Twox64Concat, CrowdloanId, CrowdloanInfo, docs="Crowdloans by their id.")
NextCrowdloanId = pallet.value(CrowdloanId, default=0, docs="The id of the next crowdloan.")
Contributions = pallet.double_map(
    (Twox64Concat, CrowdloanId),
    (Identity, AccountId),
    Balance,
    docs="What an account has contributed to a crowdloan, in rao.",
)
MaxContributions = pallet.map(
    Twox64Concat, CrowdloanId, Balance, docs="The most that an account may contribute to a crowdloan, in rao."
)
CurrentCrowdloanId = pallet.value(
    CrowdloanId, docs="The id of the crowdloan that is being finalized, for the call that it dispatches."
)
HasMigrationRun = pallet.map(
    Identity, MigrationKey, bool, default=False, docs="Whether a migration of this pallet has run, by its name."
)

pallet.name_declared(globals())
