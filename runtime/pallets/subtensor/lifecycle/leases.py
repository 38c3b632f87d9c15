"""Subnets that a crowdloan pays for: the contributors share in the owner's cut, the creator manages the subnet.

Two accounts without keys own a leased subnet; the creator of the crowdloan, the beneficiary, is a proxy of the coldkey.
A part of the owner's cut is saved up and paid to the contributors, in proportion to what they gave, every
`LeaseDividendsDistributionInterval` blocks. At the end of the lease the beneficiary may take the subnet over.
"""

from __future__ import annotations

from .....consensus.fixed import U64F64
from .....consensus.integers import saturating_add_u64, saturating_sub
from ....crypto.hashing import blake2_256
from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from ....frame.weight import PostInfo, Weight, weight_of
from ....scale import AccountId, Percent
from ....scale.codec import TEXT
from ... import system
from ...balances import fungible
from ...balances.accounts import account_data
from ...crowdloan import declared as crowdloans
from ...proxy.entries import add_proxy_delegate, remove_proxy_delegate
from ...proxy.proxy_type import ProxyType
from ...shared.types import BlockNumber
from ...swap import DYNAMIC
from .. import storage
from ..declared import constants, events
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..declared.types import LeaseId, SubnetLease
from ..ledger.accounts import coldkey_owns_hotkey
from ..staking.move import transfer_stake_within_subnet
from .network_registration import do_register_network, set_subnet_owner_hotkey

#: The contributors for which the declared weights are; `MaxContributors`.
MOST_CONTRIBUTORS = 500


def _declared_weight(ref_time: int, each: int, proof: tuple[int, int], reads: tuple[int, int], writes: int) -> Weight:
    """Return the weight of a call for as many contributors as a crowdloan may have."""
    k = MOST_CONTRIBUTORS
    return weight_of(
        ref_time + each * k, proof[0] + proof[1] * k, reads=reads[0] + reads[1] * k, writes=writes + reads[1] * k
    )


def _registration_weight(contributors: int) -> Weight:
    ref_time, proof_size = 301_560_714 + 26_884_006 * contributors, 10079 + 2579 * contributors
    return weight_of(ref_time, proof_size, reads=41 + 2 * contributors, writes=55 + 2 * contributors)


def _termination_weight(shares: int) -> Weight:
    ref_time, proof_size = 56_635_122 + 912_993 * shares, 6148 + 2529 * shares
    return weight_of(ref_time, proof_size, reads=4 + shares, writes=6 + shares)


def _transfer(ctx: Context, source: bytes, dest: bytes, amount: int) -> None:
    fungible.transfer(ctx, source, dest, amount, fungible.Preservation.Expendable)


def lease_account(kind: str, lease_id: int) -> bytes:
    """Return the account without a key that is the coldkey or hotkey of a lease; `kind` names which."""
    return blake2_256(TEXT.encode(f"leasing/{kind}") + lease_id.to_bytes(4, "little"))


# --- registration --------------------------------------------------------------------------------------------------


@pallet.call(110, weight=_declared_weight(309_598_986, 46_027_026, (10256, 2579), (49, 2), 53))
def register_leased_network(ctx: Context, emissions_share: Percent, end_block: BlockNumber | None) -> PostInfo | None:
    """Register a subnet, paid by the crowdloan that is being finalized, and lease it to the crowdloan's creator.

    For the call of a crowdloan only. `emissions_share` percent of the owner's cut go to the contributors, until
    `end_block` if there is one. What the subnet does not cost is refunded. Fails with the pallet Crowdloan's
    InvalidCrowdloanId, InvalidLeaseBeneficiary, LeaseCannotEndInThePast, and as `register_network` does.
    """
    who = ctx.ensure_signed()
    crowdloan_id, crowdloan = _crowdloan_being_finalized(ctx)
    ensure(who == crowdloan.creator, Error.InvalidLeaseBeneficiary)
    ensure(end_block is None or end_block > ctx.block.number, Error.LeaseCannotEndInThePast)
    lease_id = storage.NextSubnetLeaseId.get(ctx)
    ensure(lease_id < (1 << 32) - 1, Error.Overflow)
    storage.NextSubnetLeaseId.put(ctx, lease_id + 1)
    coldkey, hotkey = lease_account("coldkey", lease_id), lease_account("hotkey", lease_id)
    for account in (coldkey, hotkey):
        system.inc_providers(ctx, account)
    _transfer(ctx, crowdloan.funds_account, coldkey, crowdloan.raised)
    do_register_network(ctx, coldkey, hotkey, DYNAMIC, None)
    netuid = next((netuid for netuid, owner in storage.SubnetOwner.items(ctx) if owner == coldkey), None)
    if netuid is None:
        raise DispatchFailed(Error.LeaseNetuidNotFound)
    add_proxy_delegate(ctx, coldkey, who, ProxyType.SubnetLeaseBeneficiary, 0)
    leftover = account_data(ctx, coldkey).free
    cost = saturating_sub(crowdloan.raised, leftover)
    lease = SubnetLease(who, coldkey, hotkey, emissions_share, end_block, netuid, cost)
    storage.SubnetLeases.put(ctx, lease_id, lease)
    storage.SubnetUidToLeaseId.put(ctx, netuid, lease_id)
    storage.Delegates.put(ctx, hotkey, 0)
    refunded = _share_out(ctx, lease_id, crowdloan_id, crowdloan, coldkey, leftover)
    _transfer(ctx, coldkey, who, saturating_sub(leftover, refunded))
    ctx.deposit(events.SubnetLeaseCreated(who, lease_id, netuid, end_block))
    if crowdloan.contributors_count < crowdloans.MaxContributors.get(ctx):
        return PostInfo(_registration_weight(crowdloan.contributors_count))
    return None


def _crowdloan_being_finalized(ctx: Context) -> tuple[int, crowdloans.CrowdloanInfo]:
    """Return the crowdloan whose call is being dispatched; InvalidCrowdloanId."""
    crowdloan_id = crowdloans.CurrentCrowdloanId.get(ctx)
    crowdloan = None if crowdloan_id is None else crowdloans.Crowdloans.get(ctx, crowdloan_id)
    if crowdloan_id is None or crowdloan is None:
        raise DispatchFailed(crowdloans.Error.InvalidCrowdloanId)
    return crowdloan_id, crowdloan


def _share_out(
    ctx: Context, lease_id: int, crowdloan_id: int, crowdloan: crowdloans.CrowdloanInfo, coldkey: bytes, leftover: int
) -> int:
    """Store the share of each contributor but the creator, and refund its part of the rest; return the rao refunded."""
    refunded = 0
    for contributor, amount in list(crowdloans.Contributions.under(ctx, crowdloan_id)):
        if contributor == crowdloan.creator:
            continue
        share = U64F64.saturating_div(U64F64.from_int(amount), U64F64.from_int(crowdloan.raised))
        storage.SubnetLeaseShares.put(ctx, lease_id, contributor, share)
        refund = U64F64.to_int(U64F64.saturating_mul(share, U64F64.from_int(leftover)), 64)
        _transfer(ctx, coldkey, contributor, refund)
        refunded = saturating_add_u64(refunded, refund)
    return refunded


# --- dividends -----------------------------------------------------------------------------------------------------


def distribute_leased_network_dividends(ctx: Context, lease_id: int, owner_cut: int) -> None:
    """Save up the contributors' part of an owner's cut in alpha, and pay it out in some blocks.

    A payment that fails, for example because a part is below the minimum stake, is tried again the next time.
    """
    lease = storage.SubnetLeases.get(ctx, lease_id)
    if lease is None or (lease.end_block is not None and lease.end_block <= ctx.block.number):
        return
    part = -(-owner_cut * lease.emissions_share // 100)
    total = saturating_add_u64(storage.AccumulatedLeaseDividends.get(ctx, lease_id), part)
    interval = constants.LeaseDividendsDistributionInterval.get(ctx)
    if interval == 0 or ctx.block.number % interval:
        storage.AccumulatedLeaseDividends.put(ctx, lease_id, total)
        return
    mark = ctx.block.mark()
    try:
        with ctx.state.transaction():
            _pay_dividends(ctx, lease_id, lease, total)
    except DispatchFailed:
        ctx.block.rewind(mark)
        storage.AccumulatedLeaseDividends.put(ctx, lease_id, total)


def _pay_dividends(ctx: Context, lease_id: int, lease: SubnetLease, total: int) -> None:
    """Move alpha of the lease to the contributors, by their shares, and the rest to the beneficiary."""
    distributed = 0
    for contributor, share in list(storage.SubnetLeaseShares.under(ctx, lease_id)):
        exact = U64F64.saturating_mul(share, U64F64.from_int(total))
        alpha = U64F64.to_int(exact + U64F64.one - 1, 64)  # rounded up
        _pay_alpha(ctx, lease_id, lease, contributor, alpha)
        distributed = saturating_add_u64(distributed, alpha)
    _pay_alpha(ctx, lease_id, lease, lease.beneficiary, saturating_sub(total, distributed))
    storage.AccumulatedLeaseDividends.put(ctx, lease_id, 0)


def _pay_alpha(ctx: Context, lease_id: int, lease: SubnetLease, contributor: bytes, alpha: int) -> None:
    origin, destination = (lease.coldkey, lease.hotkey, lease.netuid), (contributor, lease.hotkey, lease.netuid)
    transfer_stake_within_subnet(ctx, origin, destination, alpha)
    ctx.deposit(events.SubnetLeaseDividendsDistributed(lease_id, contributor, alpha))


# --- the end -------------------------------------------------------------------------------------------------------


@pallet.call(111, weight=_declared_weight(146_402_779, 1_566_532, (6148, 2529), (4, 1), 7))
def terminate_lease(ctx: Context, lease_id: LeaseId, hotkey: AccountId) -> PostInfo | None:
    """Take over a leased subnet after the end of the lease, with one of the signer's hotkeys. Its beneficiary may.

    Fails with LeaseDoesNotExist, ExpectedBeneficiaryOrigin, LeaseHasNoEndBlock, LeaseHasNotEnded,
    BeneficiaryDoesNotOwnHotkey and CannotUseSystemAccount.
    """
    who = ctx.ensure_signed()
    lease = storage.SubnetLeases.get(ctx, lease_id)
    if lease is None:
        raise DispatchFailed(Error.LeaseDoesNotExist)
    ensure(lease.beneficiary == who, Error.ExpectedBeneficiaryOrigin)
    if lease.end_block is None:
        raise DispatchFailed(Error.LeaseHasNoEndBlock)
    ensure(ctx.block.number >= lease.end_block, Error.LeaseHasNotEnded)
    ensure(coldkey_owns_hotkey(ctx, lease.beneficiary, hotkey), Error.BeneficiaryDoesNotOwnHotkey)
    storage.SubnetOwner.put(ctx, lease.netuid, lease.beneficiary)
    set_subnet_owner_hotkey(ctx, lease.netuid, hotkey)
    for account in (lease.coldkey, lease.hotkey):
        system.try_dec_providers(ctx, account)
    shares = storage.SubnetLeaseShares.clear_under(ctx, lease_id)
    storage.AccumulatedLeaseDividends.remove(ctx, lease_id)
    storage.SubnetLeases.remove(ctx, lease_id)
    remove_proxy_delegate(ctx, lease.coldkey, lease.beneficiary, ProxyType.SubnetLeaseBeneficiary, 0)
    ctx.deposit(events.SubnetLeaseTerminated(lease.beneficiary, lease.netuid))
    return PostInfo(_termination_weight(shares)) if shares < crowdloans.MaxContributors.get(ctx) else None
