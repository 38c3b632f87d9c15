"""Subnets whose registration was paid by a crowdloan."""

from __future__ import annotations

from ....frame.hashers import Identity, Twox64Concat
from ....scale import AccountId
from ....scale.fixed_types import U64F64
from ...shared.types import AlphaBalance, NetUid
from ..declared.pallet import pallet
from ..declared.types import LeaseId, SubnetLease

SubnetLeases = pallet.map(Twox64Concat, LeaseId, SubnetLease, docs="Subnet leases.")
SubnetLeaseShares = pallet.double_map(
    (Twox64Concat, LeaseId),
    (Identity, AccountId),
    U64F64,
    default=0,
    docs="Share of a contributor in the dividends of a lease, U64F64.",
)
SubnetUidToLeaseId = pallet.map(Twox64Concat, NetUid, LeaseId, docs="Identifier of the lease of a subnet.")
NextSubnetLeaseId = pallet.value(LeaseId, default=0, docs="Identifier of the next lease.")
AccumulatedLeaseDividends = pallet.map(
    Twox64Concat,
    LeaseId,
    AlphaBalance,
    default=0,
    docs="Alpha that the next distribution pays to the contributors of a lease, in billionths.",
)

pallet.name_declared(globals())
