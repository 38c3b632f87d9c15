"""Leasing (2058): leases of subnets that crowdloans pay for."""

from __future__ import annotations

from .....consensus.fixed import U64F64
from ...admin_utils.pallet import PrecompileEnum
from ...crowdloan import calls as crowdloan
from ...subtensor import storage
from ...subtensor.lifecycle import leases
from .contract import Contract
from .dispatching import dispatch
from .errors import failed
from .handle import Handle

contract = Contract(2058, PrecompileEnum.Leasing)

contract.forward("terminateLease(uint32,bytes32)", leases.terminate_lease)

#: Beneficiary, coldkey, hotkey, share of the emission in percent, whether there is an end, end, subnet, cost in rao.
INFO = "(bytes32,bytes32,bytes32,uint8,bool,uint32,uint16,uint64)"
#: The bits of a U64F64 after the point.
FRACTION = U64F64.one - 1


@contract.view("getLease(uint32)", INFO)
def lease(handle: Handle, lease_id: int) -> tuple[bytes, bytes, bytes, int, bool, int, int, int]:
    """Return a lease (`INFO`)."""
    handle.charge_reads(1)
    found = storage.SubnetLeases.get(handle.ctx, lease_id)
    if found is None:
        raise failed("Lease not found")
    accounts = found.beneficiary, found.coldkey, found.hotkey
    return *accounts, found.emissions_share, found.end_block is not None, found.end_block or 0, found.netuid, found.cost


@contract.view("getContributorShare(uint32,bytes32)", "(uint128,uint128)")
def contributor_share(handle: Handle, lease_id: int, contributor: bytes) -> tuple[int, int]:
    """Return the share of a contributor (U64F64) as two of its kind: the integer, and the fraction."""
    handle.charge_reads(1)
    share = storage.SubnetLeaseShares.get(handle.ctx, lease_id, contributor)
    return share & ~FRACTION, share & FRACTION


@contract.view("getLeaseIdForSubnet(uint16)", "uint32")
def lease_id_for_subnet(handle: Handle, netuid: int) -> int:
    """Return the lease of a subnet."""
    handle.charge_reads(1)
    lease_id = storage.SubnetUidToLeaseId.get(handle.ctx, netuid)
    if lease_id is None:
        raise failed("Lease not found for netuid")
    return lease_id


@contract.call("createLeaseCrowdloan(uint64,uint64,uint64,uint32,uint8,bool,uint32)", payable=True)
def create_lease_crowdloan(
    handle: Handle,
    crowdloan_deposit: int,
    crowdloan_min_contribution: int,
    crowdloan_cap: int,
    crowdloan_end: int,
    leasing_emissions_share: int,
    has_leasing_end_block: bool,
    leasing_end_block: int,
) -> None:
    """Dispatch `Crowdloan.create` with the call `SubtensorModule.register_leased_network`; a share is at most 100 %."""
    end = leasing_end_block if has_leasing_end_block else None
    registration = leases.register_leased_network.call(min(leasing_emissions_share, 100), end)
    terms = crowdloan_deposit, crowdloan_min_contribution, crowdloan_cap, crowdloan_end
    dispatch(handle, crowdloan.create.call(*terms, registration, None))
