"""The two steps that all staking calls share: TAO into alpha on a hotkey, and alpha on a hotkey into TAO.

`ledger.trading` books the trade, `ledger.share_pool` the stake; checks of the calls are in `add` and `remove`.
"""

from __future__ import annotations

from contextlib import suppress

from .....consensus.integers import saturating_sub
from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from ...shared.types import ROOT_NETUID
from ...swap import MIN_PRICE
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..ledger import share_pool
from ..ledger.alpha import burn_subnet_alpha
from ..ledger.subnet_accounts import get_subnet_account_id
from ..ledger.subnet_emissions import record_tao_inflow, record_tao_outflow
from ..ledger.tao import burn_tao, transfer_tao_from_subnet, transfer_tao_to_subnet
from ..ledger.trading import swap_alpha_for_tao, swap_tao_for_alpha
from . import claims
from .conviction import cleanup_lock_if_zero


def stake_into_subnet(
    ctx: Context, hotkey: bytes, coldkey: bytes, netuid: int, tao: int, price_limit: int, *, drop_fees: bool = False
) -> int:
    """Stake up to `tao` rao of a coldkey on a hotkey, while alpha costs at most `price_limit` rao; return the alpha.

    The coldkey keeps its existential deposit. Fails with AmountTooLow when the trade pays no alpha,
    InsufficientLiquidity when the alpha would be worth no share, InsufficientBalance, SubnetNotExists, and as `swap`
    does.
    """
    staked = transfer_tao_to_subnet(ctx, netuid, coldkey, tao)
    trade = swap_tao_for_alpha(ctx, netuid, staked, price_limit, drop_fees=drop_fees)
    alpha = trade.amount_paid_out
    ensure(alpha > 0, Error.AmountTooLow)
    fits = share_pool.try_increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, netuid, alpha)
    ensure(fits, Error.InsufficientLiquidity)
    share_pool.increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid, alpha)
    _pay_author_tao(ctx, netuid, trade.fee_to_block_author)
    record_tao_inflow(ctx, netuid, trade.amount_paid_in)
    cleanup_lock_if_zero(ctx, coldkey, netuid)
    storage.LastColdkeyHotkeyStakeBlock.put(ctx, coldkey, hotkey, ctx.block.number)
    if netuid == ROOT_NETUID:
        claims.add_stake_adjust_root_claimed_for_hotkey_and_coldkey(ctx, hotkey, coldkey, alpha)
        claims.maybe_add_coldkey_index(ctx, coldkey)
    ctx.deposit(events.StakeAdded(coldkey, hotkey, staked, alpha, netuid, trade.fee_paid))
    return alpha


def _pay_author_tao(ctx: Context, netuid: int, fee: int) -> None:
    """Pay the fee of a purchase from the subnet's account to the author of the block.

    In a block without author the fee is burned.
    """
    if ctx.block.author is not None:
        transfer_tao_from_subnet(ctx, netuid, ctx.block.author, fee)
    elif account := get_subnet_account_id(ctx, netuid):
        with suppress(DispatchFailed):
            burn_tao(ctx, account, fee)


def unstake_from_subnet(
    ctx: Context,
    hotkey: bytes,
    coldkey: bytes,
    beneficiary: bytes,
    netuid: int,
    alpha: int,
    price_limit: int,
    *,
    drop_fees: bool = False,
) -> int:
    """Sell `alpha` of a coldkey on a hotkey while its price is at least `price_limit` rao, and return the rao.

    The beneficiary gets the TAO. Alpha that the limit leaves unsold stays staked. Fails with InsufficientBalance,
    SubnetNotExists, and as `swap` does.
    """
    share_pool.decrease_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid, alpha)
    trade = swap_alpha_for_tao(ctx, netuid, alpha, price_limit, drop_fees=drop_fees)
    if unsold := saturating_sub(alpha - trade.amount_paid_in, trade.fee_paid):
        share_pool.increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid, unsold)
    transfer_tao_from_subnet(ctx, netuid, beneficiary, trade.amount_paid_out)
    outflow = trade.amount_paid_out + _pay_author_alpha(ctx, netuid, trade.fee_to_block_author)
    if netuid == ROOT_NETUID:
        claims.remove_stake_adjust_root_claimed_for_hotkey_and_coldkey(ctx, hotkey, coldkey, alpha)
        if not claims.coldkey_has_root_stake(ctx, coldkey):
            claims.maybe_remove_coldkey_index(ctx, coldkey)
    record_tao_outflow(ctx, netuid, outflow)
    cleanup_lock_if_zero(ctx, coldkey, netuid)
    storage.LastColdkeyHotkeyStakeBlock.put(ctx, coldkey, hotkey, ctx.block.number)
    tao = trade.amount_paid_out
    ctx.deposit(events.StakeRemoved(coldkey, hotkey, tao, trade.amount_paid_in, netuid, trade.fee_paid))
    return tao


def _pay_author_alpha(ctx: Context, netuid: int, fee: int) -> int:
    """Sell the fee of a sale, without a fee on it, for the author of the block, and return the rao.

    In a block without author the alpha is burned and 0 returned.
    """
    if ctx.block.author is None:
        burn_subnet_alpha(ctx, netuid, fee)
        return 0
    tao = swap_alpha_for_tao(ctx, netuid, fee, MIN_PRICE, drop_fees=True).amount_paid_out
    transfer_tao_from_subnet(ctx, netuid, ctx.block.author, tao)
    return tao
