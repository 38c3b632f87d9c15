"""TAO of the pallet: transfers, minting and recycling, together with the count of the issuance that the pallet keeps.

The pallet has its own count of the rao that exist (`TotalIssuance`), because the emission of a block follows from
it. All functions here that create or destroy TAO change this count and that of the pallet Balances. Amounts are in
rao.

Minted TAO has no owner at first: it is a credit, here a plain number. `spend_tao` pays a part of it into an account,
`recycle_credit` destroys the rest.
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
    """Return the TAO in the pool of a subnet, whose account may hold more (such as the price of its registration)."""
    return storage.SubnetTAO.get(ctx, netuid)


def _change_issuance(ctx: Context, amount: int) -> None:
    """Add `amount` to the pallet's count of the issuance, within the range of u64."""
    storage.TotalIssuance.put(ctx, saturate_u64(max(storage.TotalIssuance.get(ctx) + amount, 0)))


# --- spendable balances ----------------------------------------------------------------------------------------------


def get_coldkey_balance(ctx: Context, coldkey: bytes) -> int:
    """Return all that the account can spend, even if it is reaped."""
    return fungible.reducible_balance(ctx, coldkey, fungible.Preservation.Expendable)


def get_keep_alive_balance(ctx: Context, coldkey: bytes) -> int:
    """Return what the account can spend without being reaped."""
    return fungible.reducible_balance(ctx, coldkey, fungible.Preservation.Preserve)


def can_remove_balance_from_coldkey_account(ctx: Context, coldkey: bytes, amount: int) -> bool:
    """Return whether the account can spend `amount`, even if it is reaped."""
    return amount <= get_coldkey_balance(ctx, coldkey)


# --- transfers -------------------------------------------------------------------------------------------------------


def _transfer_allow_death_update_ti(ctx: Context, origin_coldkey: bytes, destination: bytes, amount: int) -> None:
    """Transfer `amount`; dust that is lost when the sender is reaped leaves the pallet's count too."""
    before = BalancesTotalIssuance.get(ctx)
    fungible.transfer(ctx, origin_coldkey, destination, amount, fungible.Preservation.Expendable)
    if burned := saturating_sub(before, BalancesTotalIssuance.get(ctx)):
        _change_issuance(ctx, -burned)


def transfer_tao(ctx: Context, origin_coldkey: bytes, destination_coldkey: bytes, amount: int) -> None:
    """Move `amount`; the sender may be reaped. Fails with InsufficientBalance when it can spend less."""
    ensure(amount <= get_coldkey_balance(ctx, origin_coldkey), Error.InsufficientBalance)
    _transfer_allow_death_update_ti(ctx, origin_coldkey, destination_coldkey, amount)


def transfer_tao_to_subnet(ctx: Context, netuid: int, origin_coldkey: bytes, amount: int) -> int:
    """Move up to `amount` to the account of a subnet, without reaping the sender, and return what was moved.

    Fails with SubnetNotExists, and with InsufficientBalance when the sender can spare nothing.
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
    """Move `amount` from the account of a subnet. Fails with SubnetNotExists and InsufficientBalance."""
    account = get_subnet_account_id(ctx, netuid)
    if account is None:
        raise DispatchFailed(Error.SubnetNotExists)
    transfer_tao(ctx, account, coldkey, amount)


# --- burning and recycling -------------------------------------------------------------------------------------------


def burn_tao(ctx: Context, coldkey: bytes, amount: int) -> None:
    """Move `amount` to the burn account, for which no key can sign. It still counts as issued."""
    transfer_tao(ctx, coldkey, pallet_account(constants.BurnAccountId.get(ctx)), amount)


def recycle_tao(ctx: Context, coldkey: bytes, amount: int) -> None:
    """Destroy `amount` of an account, so that it can be emitted again.

    Fails with InsufficientBalance when the account would be reaped.
    """
    ensure(amount <= get_keep_alive_balance(ctx, coldkey), Error.InsufficientBalance)
    _change_issuance(ctx, -amount)
    fungible.decrease(ctx, coldkey, amount, fungible.Preservation.Expendable, fungible.Fortitude.Force)
    ctx.deposit(Withdraw(coldkey, amount))
    fungible.rescind(ctx, amount)


# --- minting ---------------------------------------------------------------------------------------------------------


def mint_tao(ctx: Context, amount: int) -> int:
    """Create up to `amount`, never beyond the total supply, and return it as a credit."""
    issued = BalancesTotalIssuance.get(ctx)
    credit = min(amount, saturating_sub(TOTAL_SUPPLY, issued))
    _change_issuance(ctx, credit)
    if credit:
        BalancesTotalIssuance.put(ctx, issued + credit)
        ctx.deposit(Issued(credit))
    return credit


def spend_tao(ctx: Context, coldkey: bytes, credit: int, part: int) -> int | None:
    """Pay `part` of a credit into an account and return the rest of the credit.

    Returns None, with the credit untouched, when the credit is smaller than `part` or the account cannot take it: an
    account that would stay below the existential deposit takes nothing.
    """
    info = Account.get(ctx, coldkey)
    if part > credit or not ExistentialDeposit.get(ctx) <= info.data.free + part <= U64_MAX:
        return None
    if part:
        change_free(ctx, coldkey, info, part)
    ctx.deposit(Deposit(coldkey, part))
    return credit - part


def recycle_credit(ctx: Context, credit: int) -> None:
    """Destroy what is left of a credit."""
    if credit:
        _change_issuance(ctx, -credit)
        fungible.rescind(ctx, credit)
