"""Invariants of the state after every block, independent of the calls in it. Tests check them.

Every rao is accounted for: the balances of all accounts add up to the total issuance; the accounts of subnets own the
TAO that is in their pools and staked on root; `TotalStake` is at least that (it also counts fees of purchases, which
are paid to authors). All staked alpha is outstanding, and the shares of coldkeys in a hotkey's stake are worth no more
than that stake.

Two amounts are not backed, as on the real chain. The TAO that block 0 puts into the pool of subnet 1: the subnet's
account lacks it as long as the subnet exists, `TotalStake` permanently. And up to one existential deposit for each
subnet: an account that registers one with its last rao keeps that amount, while the pool counts the whole price.

One parameter breaks the count of alpha, as on the real chain: where children burn a part of their earnings for parents
of another coldkey (`AdminUtils.sudo_set_ck_burn`, 0 by default), that part is subtracted from the alpha outside of
pools, but distributed all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from .frame.context import Context
from .pallets.balances.declared import ExistentialDeposit, Holds, Locks, Reserves, TotalIssuance
from .pallets.subtensor import storage
from .pallets.subtensor.genesis import GENESIS_NETUID, POOL_TAO
from .pallets.subtensor.ledger.share_pool import get_alpha_share_pool
from .pallets.subtensor.ledger.subnet_accounts import get_subnet_account_id
from .pallets.subtensor.staking.helpers import alpha_iter
from .pallets.system import Account, AccountInfo


class Violation(NamedTuple):
    """A violated invariant: its subject, the difference (rao, alpha, or 1), and a message."""

    subject: tuple[object, ...]
    difference: int
    message: str


def check(ctx: Context) -> None:
    """Raise AssertionError with the first violated invariant. Reads all accounts."""
    for violation in find_violations(ctx):
        raise AssertionError(violation.message)


def find_violations(ctx: Context) -> Iterator[Violation]:
    """Yield all violated invariants."""
    total = 0
    for who, info in Account.items(ctx):
        total += info.data.total
        yield from _check_account(ctx, who, info)
    issuance = TotalIssuance.get(ctx)
    if total != issuance:
        message = f"accounts own {total} rao, but {issuance} rao are issued"
        yield Violation(("issuance",), total - issuance, message)
    yield from _check_pools(ctx)
    yield from _check_stakes(ctx)


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


def _check_stakes(ctx: Context) -> Iterator[Violation]:
    """Yield violations of stake: shares are worth at most the hotkey's stake, stakes at most the outstanding alpha."""
    staked: Counter[int] = Counter()
    for (_, netuid), alpha in storage.TotalHotkeyAlpha.items(ctx):
        staked[netuid] += alpha
    for netuid, alpha in staked.items():
        outstanding = storage.SubnetAlphaOut.get(ctx, netuid)
        if alpha > outstanding:
            message = f"{alpha} alpha of subnet {netuid} are staked, but {outstanding} are outstanding"
            yield Violation(("stake", netuid), alpha - outstanding, message)
    owned: Counter[tuple[bytes, int]] = Counter()
    stakers: Counter[tuple[bytes, int]] = Counter()
    for (hotkey, _, netuid), share in alpha_iter(ctx):
        owned[hotkey, netuid] += get_alpha_share_pool(ctx, hotkey, netuid).value_of(share)
        stakers[hotkey, netuid] += 1
    for (hotkey, netuid), alpha in owned.items():
        # Truncated shares let the part of each staker be off by one.
        limit = storage.TotalHotkeyAlpha.get(ctx, hotkey, netuid) + stakers[hotkey, netuid]
        if alpha > limit:
            message = f"stakers own {alpha} of the {limit} alpha on hotkey {hotkey.hex()} of subnet {netuid}"
            yield Violation(("shares", hotkey, netuid), alpha - limit, message)
