"""What holds after every block, whatever the calls in it: tests check it, and so may anybody who doubts a state.

Every rao is accounted for: accounts own all that is issued, the accounts of subnets what is in their pools and staked
on root, and `TotalStake` counts no less (it keeps counting fees of purchases, which went to authors). Every alpha that
is staked is outstanding, and what coldkeys own of a hotkey's stake is no more than that.

Two things are not paid for by anybody, as on the real chain. What block 0 puts into the pool of subnet 1: its account
lacks that as long as the subnet lives, `TotalStake` for ever. And up to one existential deposit for each subnet: who
registers one with its last rao keeps that much, and the pool counts the whole price.

One parameter breaks the count of alpha, as on the real chain: where children burn a part of what they earn for parents
of another coldkey (`AdminUtils.sudo_set_ck_burn`, none at first), that part leaves the alpha outside of pools and is
given out all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from .frame.context import Context
from .pallets.balances.pallet import ExistentialDeposit, Holds, Locks, Reserves, TotalIssuance
from .pallets.subtensor import storage
from .pallets.subtensor.genesis import GENESIS_NETUID, POOL_TAO
from .pallets.subtensor.ledger.share_pool import get_alpha_share_pool
from .pallets.subtensor.ledger.subnet_accounts import get_subnet_account_id
from .pallets.subtensor.staking.helpers import alpha_iter
from .pallets.system import Account, AccountInfo


class Violation(NamedTuple):
    """Something that does not hold: what it is about, by how much it is off (rao, alpha, or 1), and in words."""

    about: tuple[object, ...]
    off: int
    words: str


def check(ctx: Context) -> None:
    """Raises AssertionError, which says what does not hold. Reads all accounts."""
    for violation in violations(ctx):
        raise AssertionError(violation.words)


def violations(ctx: Context) -> Iterator[Violation]:
    """All that does not hold, one after the other."""
    total = 0
    for who, info in Account.items(ctx):
        total += info.data.total
        yield from _of_account(ctx, who, info)
    issuance = TotalIssuance.get(ctx)
    if total != issuance:
        words = f"accounts own {total} rao, but {issuance} rao are issued"
        yield Violation(("issuance",), total - issuance, words)
    yield from _of_pools(ctx)
    yield from _of_stakes(ctx)


def _of_account(ctx: Context, who: bytes, info: AccountInfo) -> Iterator[Violation]:
    """What an account owns is kept alive by a provider, and what is set aside is relied upon by a consumer."""
    name, data = f"account {who.hex()}", info.data
    if (data.total or info.consumers) and not info.providers:
        words = f"{name} owns {data.total} rao and has {info.consumers} consumers, but no provider"
        yield Violation(("provider", who), 1, words)
    if (data.reserved or data.frozen) and not info.consumers:
        words = f"{name} has {data.reserved} rao reserved, {data.frozen} frozen, but no consumer"
        yield Violation(("consumer", who), 1, words)
    held = sum(hold.amount for hold in Holds.get(ctx, who)) + sum(named.amount for named in Reserves.get(ctx, who))
    if held > data.reserved:
        words = f"{name} has {held} rao on hold, but only {data.reserved} reserved"
        yield Violation(("holds", who), held - data.reserved, words)
    frozen = max((lock.amount for lock in Locks.get(ctx, who)), default=0)
    if frozen != data.frozen:
        words = f"{name} has {data.frozen} rao frozen, but its largest lock is {frozen}"
        yield Violation(("locks", who), data.frozen - frozen, words)


def _of_pools(ctx: Context) -> Iterator[Violation]:
    """The TAO that pools and root reckon with lies in the accounts of subnets, and is counted as staked."""
    pools = dict(storage.SubnetTAO.items(ctx))
    for netuid, tao in pools.items():
        account = get_subnet_account_id(ctx, netuid)
        owned = Account.get(ctx, account).data.total if account else 0
        unpaid = ExistentialDeposit.get(ctx)
        if netuid == GENESIS_NETUID and storage.NetworkRegisteredAt.get(ctx, netuid) == 0:
            unpaid += POOL_TAO
        if owned + unpaid < tao:
            words = f"subnet {netuid} reckons with {tao} rao, but its account owns {owned}"
            yield Violation(("pool", netuid), tao - owned - unpaid, words)
    counted, staked = storage.TotalStake.get(ctx), sum(pools.values())
    if counted + POOL_TAO < staked:
        words = f"{staked} rao are staked, but TotalStake counts {counted}"
        yield Violation(("total stake",), staked - counted - POOL_TAO, words)


def _of_stakes(ctx: Context) -> Iterator[Violation]:
    """Stakers' parts make up no more than a hotkey's stake, and stakes no more than the alpha outside of pools."""
    staked: Counter[int] = Counter()
    for (_, netuid), alpha in storage.TotalHotkeyAlpha.items(ctx):
        staked[netuid] += alpha
    for netuid, alpha in staked.items():
        outstanding = storage.SubnetAlphaOut.get(ctx, netuid)
        if alpha > outstanding:
            words = f"{alpha} alpha of subnet {netuid} are staked, but {outstanding} are outstanding"
            yield Violation(("stake", netuid), alpha - outstanding, words)
    owned: Counter[tuple[bytes, int]] = Counter()
    stakers: Counter[tuple[bytes, int]] = Counter()
    for (hotkey, _, netuid), share in alpha_iter(ctx):
        owned[hotkey, netuid] += get_alpha_share_pool(ctx, hotkey, netuid).value_of(share)
        stakers[hotkey, netuid] += 1
    for (hotkey, netuid), alpha in owned.items():
        # The shares' last digits, cut off, let each staker's part be one off.
        most = storage.TotalHotkeyAlpha.get(ctx, hotkey, netuid) + stakers[hotkey, netuid]
        if alpha > most:
            words = f"stakers own {alpha} of the {most} alpha on hotkey {hotkey.hex()} of subnet {netuid}"
            yield Violation(("shares", hotkey, netuid), alpha - most, words)
