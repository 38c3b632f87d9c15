"""TAO in the pallet's hands: moving it, minting and recycling it, in step with the pallet's own count of the issuance.

The pallet counts the rao that exist for itself (`TotalIssuance`), because the size of a block's emission follows from
it. Whatever TAO is created or destroyed here changes both counts. All amounts are in rao.

TAO that is minted belongs to nobody yet: it is a credit, a plain number here, of which `spend_tao` gives parts to
accounts and `recycle_credit` takes back the rest.
"""

from __future__ import annotations

from .....consensus.integers import U64_MAX, saturate_u64, saturating_sub
from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from ...balances import fungible
from ...balances.accounts import change_free
from ...balances.declared import Deposit, ExistentialDeposit, Issued, Withdraw
from ...balances.declared import TotalIssuance as BalancesTotalIssuance
from ...system import Account
from .. import storage
from ..declared import constants
from ..declared.errors import Error
from ..declared.limits import TOTAL_SUPPLY
from .subnet_accounts import get_subnet_account_id, pallet_account


def get_subnet_tao(ctx: Context, netuid: int) -> int:
    """The TAO in a subnet's pool. Its account may own more: what owners locked, too."""
    return storage.SubnetTAO.get(ctx, netuid)


def get_total_issuance(ctx: Context) -> int:
    return storage.TotalIssuance.get(ctx)


def _change_issuance(ctx: Context, amount: int) -> None:
    """Let the pallet's count follow, within 64 bits."""
    storage.TotalIssuance.put(ctx, saturate_u64(max(storage.TotalIssuance.get(ctx) + amount, 0)))


# --- what an account can spare -------------------------------------------------------------------------------------


def get_coldkey_balance(ctx: Context, coldkey: bytes) -> int:
    """All that the account can spend, even if it dies of it."""
    return fungible.reducible_balance(ctx, coldkey, fungible.Preservation.Expendable)


def get_keep_alive_balance(ctx: Context, coldkey: bytes) -> int:
    """What the account can spend and live on."""
    return fungible.reducible_balance(ctx, coldkey, fungible.Preservation.Preserve)


def can_remove_balance_from_coldkey_account(ctx: Context, coldkey: bytes, amount: int) -> bool:
    return amount <= get_coldkey_balance(ctx, coldkey)


# --- from account to account ---------------------------------------------------------------------------------------


def _transfer_allow_death_update_ti(ctx: Context, origin_coldkey: bytes, destination: bytes, amount: int) -> None:
    """A transfer that may leave dust behind, which then exists no more for the pallet either."""
    before = BalancesTotalIssuance.get(ctx)
    fungible.transfer(ctx, origin_coldkey, destination, amount, fungible.Preservation.Expendable)
    if burned := saturating_sub(before, BalancesTotalIssuance.get(ctx)):
        _change_issuance(ctx, -burned)


def transfer_tao(ctx: Context, origin_coldkey: bytes, destination_coldkey: bytes, amount: int) -> None:
    """Move `amount`; the sender may die of it. InsufficientBalance when it cannot spare that."""
    ensure(amount <= get_coldkey_balance(ctx, origin_coldkey), Error.InsufficientBalance)
    _transfer_allow_death_update_ti(ctx, origin_coldkey, destination_coldkey, amount)


def transfer_all_tao_and_kill(ctx: Context, origin_coldkey: bytes, destination_coldkey: bytes) -> None:
    """Move all that can be moved; an account without any is left alone."""
    if amount := get_coldkey_balance(ctx, origin_coldkey):
        _transfer_allow_death_update_ti(ctx, origin_coldkey, destination_coldkey, amount)


def transfer_tao_to_subnet(ctx: Context, netuid: int, origin_coldkey: bytes, amount: int) -> int:
    """Move up to `amount` to a subnet's account; the sender keeps its existential deposit. Gives what was moved.

    SubnetNotExists; InsufficientBalance when the sender can spare nothing.
    """
    if amount == 0:
        return 0
    account = get_subnet_account_id(ctx, netuid)
    if account is None:
        raise DispatchFailed(Error.SubnetNotExists)
    moved = min(amount, get_keep_alive_balance(ctx, origin_coldkey))
    ensure(moved > 0, Error.InsufficientBalance)
    fungible.transfer(ctx, origin_coldkey, account, moved, fungible.Preservation.Preserve)
    return moved


def transfer_tao_from_subnet(ctx: Context, netuid: int, coldkey: bytes, amount: int) -> None:
    """Move `amount` from a subnet's account. SubnetNotExists; InsufficientBalance."""
    account = get_subnet_account_id(ctx, netuid)
    if account is None:
        raise DispatchFailed(Error.SubnetNotExists)
    transfer_tao(ctx, account, coldkey, amount)


# --- out of circulation --------------------------------------------------------------------------------------------


def burn_tao(ctx: Context, coldkey: bytes, amount: int) -> None:
    """Move `amount` to an account of which nobody has the key. It still counts as issued."""
    transfer_tao(ctx, coldkey, pallet_account(constants.BurnAccountId.get(ctx)), amount)


def recycle_tao(ctx: Context, coldkey: bytes, amount: int) -> None:
    """Destroy `amount` of an account, to be emitted again some day. InsufficientBalance: it must survive that."""
    ensure(amount <= get_keep_alive_balance(ctx, coldkey), Error.InsufficientBalance)
    _change_issuance(ctx, -amount)
    fungible.decrease(ctx, coldkey, amount, fungible.Preservation.Expendable, fungible.Fortitude.Force)
    ctx.deposit(Withdraw(coldkey, amount))
    fungible.rescind(ctx, amount)


# --- newly minted --------------------------------------------------------------------------------------------------


def mint_tao(ctx: Context, amount: int) -> int:
    """Create up to `amount`, but no more than may ever exist. Gives the credit."""
    issued = BalancesTotalIssuance.get(ctx)
    credit = min(amount, saturating_sub(TOTAL_SUPPLY, issued))
    _change_issuance(ctx, credit)
    if credit:
        BalancesTotalIssuance.put(ctx, issued + credit)
        ctx.deposit(Issued(credit))
    return credit


def spend_tao(ctx: Context, coldkey: bytes, credit: int, part: int) -> int | None:
    """Give a part of the credit to an account. Returns what is left of the credit.

    None, and the whole credit is left, when there is not so much of it or the account cannot take it: an account
    that would stay below the existential deposit takes nothing.
    """
    info = Account.get(ctx, coldkey)
    if part > credit or not ExistentialDeposit.get(ctx) <= info.data.free + part <= U64_MAX:
        return None
    if part:
        change_free(ctx, coldkey, info, part)
    ctx.deposit(Deposit(coldkey, part))
    return credit - part


def recycle_credit(ctx: Context, credit: int) -> None:
    """Take back what is left of a credit."""
    if credit:
        _change_issuance(ctx, -credit)
        fungible.rescind(ctx, credit)
