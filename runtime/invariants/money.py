"""Every rao is accounted for.

The balances of all accounts add up to the total issuance; the accounts of subnets own the TAO that is in their pools
and staked on root; `TotalStake` is at least that (it also counts fees of purchases, which are paid to authors).

Two amounts are not backed, as on the real chain. The TAO that block 0 puts into the pool of subnet 1: the subnet's
account lacks it as long as the subnet exists, `TotalStake` permanently. And up to one existential deposit for each
subnet: an account that registers one with its last rao keeps that amount, while the pool counts the whole price.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..frame.context import Context
from ..pallets.balances.declared import ExistentialDeposit, Holds, Locks, Reserves, TotalIssuance
from ..pallets.subtensor import storage
from ..pallets.subtensor.genesis import GENESIS_NETUID, POOL_TAO
from ..pallets.subtensor.ledger.subnet_accounts import get_subnet_account_id
from ..pallets.system import Account, AccountInfo
from .violation import Violation


def find_violations(ctx: Context) -> Iterator[Violation]:
    """Yield violations of balances, the issuance and the TAO of subnets."""
    total = 0
    for who, info in Account.items(ctx):
        total += info.data.total
        yield from _check_account(ctx, who, info)
    issuance = TotalIssuance.get(ctx)
    if total != issuance:
        message = f"accounts own {total} rao, but {issuance} rao are issued"
        yield Violation(("issuance",), total - issuance, message)
    yield from _check_pools(ctx)


def _check_account(ctx: Context, who: bytes, info: AccountInfo) -> Iterator[Violation]:
    """Yield violations of an account: funds need a provider, reserved or frozen funds a consumer and their entries."""
    name, data = f"account {who.hex()}", info.data
    if (data.total or info.consumers) and not info.providers:
        message = f"{name} owns {data.total} rao and has {info.consumers} consumers, but no provider"
        yield Violation(("provider", who), 1, message)
    if (data.reserved or data.frozen) and not info.consumers:
        message = f"{name} has {data.reserved} rao reserved, {data.frozen} frozen, but no consumer"
        yield Violation(("consumer", who), 1, message)
    held = sum(hold.amount for hold in Holds.get(ctx, who)) + sum(named.amount for named in Reserves.get(ctx, who))
    if held > data.reserved:
        message = f"{name} has {held} rao on hold, but only {data.reserved} reserved"
        yield Violation(("holds", who), held - data.reserved, message)
    frozen = max((lock.amount for lock in Locks.get(ctx, who)), default=0)
    if frozen != data.frozen:
        message = f"{name} has {data.frozen} rao frozen, but its largest lock is {frozen}"
        yield Violation(("locks", who), data.frozen - frozen, message)


def _check_pools(ctx: Context) -> Iterator[Violation]:
    """Yield violations of the TAO in pools and on root: the accounts of subnets own it, and `TotalStake` counts it."""
    pools = dict(storage.SubnetTAO.items(ctx))
    for netuid, tao in pools.items():
        account = get_subnet_account_id(ctx, netuid)
        owned = Account.get(ctx, account).data.total if account else 0
        unbacked = ExistentialDeposit.get(ctx)
        if netuid == GENESIS_NETUID and storage.NetworkRegisteredAt.get(ctx, netuid) == 0:
            unbacked += POOL_TAO
        if owned + unbacked < tao:
            message = f"subnet {netuid} counts {tao} rao, but its account owns {owned}"
            yield Violation(("pool", netuid), tao - owned - unbacked, message)
    counted, staked = storage.TotalStake.get(ctx), sum(pools.values())
    if counted + POOL_TAO < staked:
        message = f"{staked} rao are staked, but TotalStake counts {counted}"
        yield Violation(("total stake",), staked - counted - POOL_TAO, message)
