"""Pools and stakes that tests set directly, with the TAO and the alpha that belong to them."""

from __future__ import annotations

from fractions import Fraction

from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.balances.accounts import account_data
from pysubtensor.runtime.pallets.balances.fungible import mint_into
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import create_account_if_non_existent
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import (
    get_stake_for_hotkey_and_coldkey_on_subnet,
    increase_stake_for_hotkey_and_coldkey_on_subnet,
)
from pysubtensor.runtime.pallets.subtensor.ledger.subnet_accounts import get_subnet_account_id
from pysubtensor.runtime.pallets.subtensor.storage.pools import SubnetAlphaIn, SubnetAlphaOut, SubnetTAO
from pysubtensor.runtime.pallets.subtensor.storage.staking import TotalStake
from pysubtensor.runtime.pallets.swap import current_price

#: The fee of trades: 33 parts of 65535.
FEE = Fraction(33, 65535)

stake_of = get_stake_for_hotkey_and_coldkey_on_subnet


def set_reserves(ctx: Context, netuid: int, tao: int, alpha: int) -> None:
    """Fill a pool, and its account with TAO to pay from."""
    account = get_subnet_account_id(ctx, netuid)
    assert account is not None
    if missing := max(tao - account_data(ctx, account).free, 0):
        mint_into(ctx, account, missing)
    TotalStake.mutate(ctx, lambda total: total + max(tao - SubnetTAO.get(ctx, netuid), 0))
    SubnetTAO.put(ctx, netuid, tao)
    SubnetAlphaIn.put(ctx, netuid, alpha)


def give_stake(ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int, alpha: int) -> None:
    """Give a coldkey alpha on a hotkey, which belongs to it unless it has an owner; it counts as outstanding."""
    create_account_if_non_existent(ctx, coldkey, hotkey)
    increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid, alpha)
    SubnetAlphaOut.mutate(ctx, netuid, lambda outstanding: outstanding + alpha)
    if netuid == 0:  # on root alpha is TAO
        account = get_subnet_account_id(ctx, netuid)
        assert account is not None
        mint_into(ctx, account, alpha)
        SubnetTAO.mutate(ctx, netuid, lambda tao: tao + alpha)
        TotalStake.mutate(ctx, lambda total: total + alpha)


def free(ctx: Context, who: bytes) -> int:
    """Return the free balance of an account, in rao."""
    return account_data(ctx, who).free


def price_of(ctx: Context, netuid: int) -> Fraction:
    """Return the price of a subnet's alpha in TAO."""
    return Fraction(current_price(ctx, netuid), 1 << 64)


def bought(tao: int, alpha: int, paid: int) -> int:
    """Return the alpha that `paid` rao, fee included, buy from these reserves by the constant product."""
    paid -= int(paid * FEE)
    return int(Fraction(alpha * paid, tao + paid))


def sold(tao: int, alpha: int, paid: int) -> int:
    """Return the rao for which `paid` alpha, fee included, are sold to these reserves by the constant product."""
    return bought(alpha, tao, paid)
