"""Crowdloans have what they have raised, and leases are those of their subnets.

The contributions to a crowdloan add up to what it has raised, and its account owns that until it is finalized. A lease
is found by its subnet, its shares are at most the whole, and it has staked what it has saved up for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ...consensus.fixed import U64F64
from ..frame.context import Context
from ..pallets.crowdloan.declared import Contributions, Crowdloans, CurrentCrowdloanId, NextCrowdloanId
from ..pallets.subtensor import storage
from ..pallets.subtensor.ledger.share_pool import get_stake_for_hotkey_and_coldkey_on_subnet
from ..pallets.system import Account
from .violation import Violation


def find_violations(ctx: Context) -> Iterator[Violation]:
    """Yield all violations."""
    yield from _check_crowdloans(ctx)
    yield from _check_leases(ctx)


def _check_crowdloans(ctx: Context) -> Iterator[Violation]:
    given, givers = Counter[int](), Counter[int]()
    for (crowdloan_id, _), amount in Contributions.items(ctx):
        given[crowdloan_id] += amount
        givers[crowdloan_id] += 1
    for crowdloan_id, crowdloan in Crowdloans.items(ctx):
        name, raised = f"crowdloan {crowdloan_id}", crowdloan.raised
        if given[crowdloan_id] != raised:
            message = f"{name} has raised {raised} rao, but contributions are {given[crowdloan_id]}"
            yield Violation(("raised", crowdloan_id), given[crowdloan_id] - raised, message)
        if givers[crowdloan_id] != crowdloan.contributors_count:
            message = f"{name} counts {crowdloan.contributors_count} contributors of {givers[crowdloan_id]}"
            yield Violation(
                ("contributors", crowdloan_id), givers[crowdloan_id] - crowdloan.contributors_count, message
            )
        owned = Account.get(ctx, crowdloan.funds_account).data.free
        if not crowdloan.finalized and crowdloan_id != CurrentCrowdloanId.get(ctx) and owned < raised:
            message = f"{name} has raised {raised} rao, but its account owns {owned}"
            yield Violation(("funds", crowdloan_id), raised - owned, message)
        if crowdloan_id >= NextCrowdloanId.get(ctx):
            yield Violation(("crowdloan", crowdloan_id), 1, f"{name} exists, but is still to come")


def _check_leases(ctx: Context) -> Iterator[Violation]:
    shares: Counter[int] = Counter()
    for (lease_id, _), share in storage.SubnetLeaseShares.items(ctx):
        shares[lease_id] += share
    for lease_id, lease in storage.SubnetLeases.items(ctx):
        if storage.SubnetUidToLeaseId.get(ctx, lease.netuid) != lease_id:
            message = f"lease {lease_id} is of subnet {lease.netuid}, which has another one or none"
            yield Violation(("lease", lease_id), 1, message)
        if shares[lease_id] > U64F64.one:
            message = f"the shares of lease {lease_id} are {shares[lease_id]} parts of 2^64"
            yield Violation(("shares of lease", lease_id), shares[lease_id] - U64F64.one, message)
        saved = storage.AccumulatedLeaseDividends.get(ctx, lease_id)
        staked = get_stake_for_hotkey_and_coldkey_on_subnet(ctx, lease.hotkey, lease.coldkey, lease.netuid)
        if saved > staked:
            message = f"lease {lease_id} has saved up {saved} alpha, but staked {staked}"
            yield Violation(("saved by lease", lease_id), saved - staked, message)
