"""What holds after every block, whatever the calls in it: tests check it, and so may anybody who doubts a state.

Every rao is accounted for: accounts own all that is issued, the accounts of subnets what is in their pools and staked
on root, and `TotalStake` counts no less (it keeps counting fees of purchases, which went to authors). Every alpha that
is staked is outstanding, and what coldkeys own of a hotkey's stake is no more than that.

One thing is not paid for by anybody: what block 0 puts into the pool of subnet 1. It stays missing.
"""

from __future__ import annotations

from collections import Counter

from .frame.context import Context
from .pallets.balances.pallet import Holds, Locks, Reserves, TotalIssuance
from .pallets.subtensor.genesis import FIRST, POOL_TAO
from .pallets.subtensor.share_pool import get_alpha_share_pool
from .pallets.subtensor.staking_helpers import alpha_iter
from .pallets.subtensor.storage.pools import SubnetAlphaOut, SubnetTAO
from .pallets.subtensor.storage.staking import TotalHotkeyAlpha, TotalStake
from .pallets.subtensor.subnet_accounts import get_subnet_account_id
from .pallets.system import Account, AccountInfo

#: Rao in pools of block 0 that no account has, by netuid.
UNPAID = {FIRST: POOL_TAO}


def check(ctx: Context) -> None:
    """Raises AssertionError, which says what does not hold. Reads all accounts."""
    total = 0
    for who, info in Account.items(ctx):
        total += info.data.total
        _check_account(ctx, who, info)
    issuance = TotalIssuance.get(ctx)
    assert total == issuance, f"accounts own {total} rao, but {issuance} rao are issued"
    _check_pools(ctx)
    _check_stakes(ctx)


def _check_account(ctx: Context, who: bytes, info: AccountInfo) -> None:
    """What an account owns is kept alive by a provider, and what is set aside is relied upon by a consumer."""
    name, data = f"account {who.hex()}", info.data
    if data.total or info.consumers:
        assert info.providers, f"{name} owns {data.total} rao and has {info.consumers} consumers, but no provider"
    if data.reserved or data.frozen:
        assert info.consumers, f"{name} has {data.reserved} rao reserved, {data.frozen} frozen, but no consumer"
    held = sum(hold.amount for hold in Holds.get(ctx, who)) + sum(named.amount for named in Reserves.get(ctx, who))
    assert held <= data.reserved, f"{name} has {held} rao on hold, but only {data.reserved} reserved"
    frozen = max((lock.amount for lock in Locks.get(ctx, who)), default=0)
    assert frozen == data.frozen, f"{name} has {data.frozen} rao frozen, but its largest lock is {frozen}"


def _check_pools(ctx: Context) -> None:
    """The TAO that pools and root reckon with lies in the accounts of subnets, and is counted as staked."""
    pools = dict(SubnetTAO.items(ctx))
    for netuid, tao in pools.items():
        account = get_subnet_account_id(ctx, netuid)
        owned = Account.get(ctx, account).data.total if account else 0
        assert owned + UNPAID.get(netuid, 0) >= tao, (
            f"subnet {netuid} reckons with {tao} rao, but its account owns {owned}"
        )
    counted, staked = TotalStake.get(ctx), sum(pools.values())
    assert counted + sum(UNPAID.values()) >= staked, f"{staked} rao are staked, but TotalStake counts {counted}"


def _check_stakes(ctx: Context) -> None:
    """Stakers' parts make up no more than a hotkey's stake, and stakes no more than the alpha outside of pools."""
    staked: Counter[int] = Counter()
    for (_, netuid), alpha in TotalHotkeyAlpha.items(ctx):
        staked[netuid] += alpha
    for netuid, alpha in staked.items():
        outstanding = SubnetAlphaOut.get(ctx, netuid)
        assert alpha <= outstanding, f"{alpha} alpha of subnet {netuid} are staked, but {outstanding} are outstanding"
    owned: Counter[tuple[bytes, int]] = Counter()
    stakers: Counter[tuple[bytes, int]] = Counter()
    for (hotkey, _, netuid), share in alpha_iter(ctx):
        owned[hotkey, netuid] += get_alpha_share_pool(ctx, hotkey, netuid).value_of(share)
        stakers[hotkey, netuid] += 1
    for (hotkey, netuid), alpha in owned.items():
        # The shares' last digits, cut off, let each staker's part be one off.
        most = TotalHotkeyAlpha.get(ctx, hotkey, netuid) + stakers[hotkey, netuid]
        assert alpha <= most, f"stakers own {alpha} of the {most} alpha on hotkey {hotkey.hex()} of subnet {netuid}"
