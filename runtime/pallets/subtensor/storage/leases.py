"""Subnets that a crowd paid for."""

from __future__ import annotations

from ....frame.hashers import Identity, Twox64Concat
from ....scale import AccountId
from ....scale.fixed_types import U64F64
from ...shared.types import AlphaBalance, NetUid
from ..declared.pallet import pallet
from ..declared.types import LeaseId, SubnetLease

SubnetLeases = pallet.map(Twox64Concat, LeaseId, SubnetLease, docs="The leases.")
SubnetLeaseShares = pallet.double_map(
    (Twox64Concat, LeaseId),
    (Identity, AccountId),
    U64F64,
    default=0,
    docs="Part of a contributor in a lease's dividends, U64F64.",
)
SubnetUidToLeaseId = pallet.map(Twox64Concat, NetUid, LeaseId, docs="Lease of a subnet.")
NextSubnetLeaseId = pallet.value(LeaseId, default=0, docs="Number of the next lease.")
AccumulatedLeaseDividends = pallet.map(
    Twox64Concat,
    LeaseId,
    AlphaBalance,
    default=0,
    docs="Alpha that waits for a lease's contributors.",
)

pallet.name_declared(globals())
